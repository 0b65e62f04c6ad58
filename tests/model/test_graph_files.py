"""Graphs from files: every format gives the society of the graph that it holds, and names are decided once a file."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import io as scipy_io

import glasshouse as gh
from glasshouse.model.graph_files import MOST_UNPACKED, read_graph

FILE = {"population.network": "file"}


def society_of(path: Path, scenario: str = "baseline", **changes: Any) -> gh.Society:
    return gh.Society(scenario, rng=1, changes={**FILE, "population.file": str(path), **changes})


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def write_matrix(graph: nx.Graph, path: Path) -> None:
    scipy_io.mmwrite(path, nx.to_scipy_sparse_array(graph, dtype=int), symmetry="symmetric")


def write_gephi(graph: nx.Graph, path: Path) -> None:
    rows = [f"{u};{v};Undirected;1.0" for u, v in graph.edges]
    path.write_text("\n".join(["\ufeffSource;Target;Type;Weight", *rows]), "utf-8")


def write_lines(graph: nx.Graph, path: Path, separator: str = ",", heading: str = "") -> None:
    path.write_text("\n".join(([heading] if heading else []) + [f"{u}{separator}{v}" for u, v in graph.edges]))


LISTING = {
    ".graphml": nx.write_graphml,
    ".gexf": nx.write_gexf,
    ".gml": nx.write_gml,
    ".net": nx.write_pajek,
    ".mtx": write_matrix,
}
"""Formats that list their nodes."""

TABLES = {
    ".txt": lambda graph, path: nx.write_edgelist(graph, path, data=False),
    ".edges": lambda graph, path: write_lines(graph, path, "  "),
    ".tsv": lambda graph, path: nx.write_edgelist(graph, path, data=False, delimiter="\t"),
    ".edgelist": lambda graph, path: write_lines(graph, path, ", "),
    ".csv": write_lines,
    "-gephi.csv": write_gephi,
    "-headed.csv": lambda graph, path: write_lines(graph, path, ",", "id_1,id_2"),
}


@st.composite
def small_graphs(draw: st.DrawFn, isolated: bool) -> nx.Graph:
    """Small graphs of numbered nodes, in any order where isolated ones are allowed."""
    size = draw(st.integers(2, 12))
    pairs = [(u, v) for u in range(size) for v in range(u)]
    edges = draw(st.lists(st.sampled_from(pairs), min_size=1, unique=True))
    nodes = draw(st.permutations(range(size))) if isolated else sorted({node for edge in edges for node in edge})
    graph = nx.Graph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(edges)
    return graph


def same_society(one: gh.Society, other: gh.Society) -> bool:
    return (
        list(map(str, one.labels)) == list(map(str, other.labels))
        and np.array_equal(one.ties.neighbours, other.ties.neighbours)
        and np.array_equal(one.ties.trust, other.ties.trust)
        and all(
            np.array_equal(getattr(one.citizens, name), getattr(other.citizens, name), equal_nan=True)
            for name in one.citizens
        )
    )


@pytest.mark.parametrize("zipped", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize("ending", [*LISTING, *TABLES])
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_a_file_gives_the_society_of_the_graph_that_it_holds(ending, zipped, data, tmp_path_factory):
    graph = data.draw(small_graphs(isolated=ending in LISTING))
    if ending == ".mtx":  # a matrix knows no names but numbers from 1
        graph = nx.convert_node_labels_to_integers(graph, first_label=1)
    path = tmp_path_factory.mktemp("graph") / f"graph{ending}"
    (LISTING | TABLES)[ending](graph, path)
    if zipped:
        path = written(path.parent, f"{path.name}.gz", gzip.compress(path.read_bytes()))
    assert same_society(society_of(path), gh.Society("baseline", rng=1, graph=graph))


COUNTED = [
    ("numbers and a word", ".csv", "1,2\n2,a\n3,1\n", 4),
    (
        "numbers beyond 64 bits",
        ".csv",
        f"{2**63 + 1},{2**63 + 2}\n{2**63 + 3},{2**63 + 4}\n{2**63 + 5},{2**63 + 1}\n",
        5,
    ),
    ("not a plain number", ".csv", "1e3,1000\n1000,1\n", 3),
    ("leading zeros", ".csv", "007,7\n7,1\n", 3),
    ("ids", ".csv", "id_1,id_2\n1,2\n2,3\n", 3),
    ("nodes", ".csv", "node_1,node_2\na,b\nb,c\n", 3),
    ("src", ".csv", "src,dst\na,b\nb,c\n", 3),
    ("ego", ".csv", "ego,alter\na,b\nb,c\n", 3),
    ("items", ".tsv", "FROM_ITEM\tTO_ITEM\n1\t2\n2\t3\n", 3),
    ("words above numbers", ".csv", "who,whom\n1,2\n2,3\n", 3),
    ("a heading known by another column", ".csv", "boss,worker,years\nann,bo,3\nbo,cy,1\n", 3),
    ("a word that comes again is a name", ".csv", "u,v\nv,w\nw,x\n", 4),
    ("byte order mark", ".csv", b"\xef\xbb\xbfsource,target\na,b\nb,c\n", 3),
    ("comments within", ".txt", "1 2\n# second part\n2 3\n% third part\n3 1\n", 3),
    ("blanks in names", ".tsv", "New York\tRome\nRome\tOslo\n", 3),
    ("comma and blank", ".txt", "1, 2\n2, 3\n", 3),
    ("blanks around", ".csv", " a , b \nb,c\n", 3),
    ("quoted", ".csv", '"Lee, A","Wu, B"\n"Wu, B",Kim\n', 3),
    ("names that look like none", ".csv", "source,target\nNA,DE\nDE,FR\nFR,NA\n", 3),
    ("more of them", ".csv", "null,None\nNone,nan\nnan,N/A\n", 4),
    ("semicolons", ".csv", "source;target\n1;2\n2;3\n", 3),
    ("old line ends", ".csv", "1,2\r\n2,3\r\n", 3),
    ("columns turned round", ".csv", "rating,target,source\n1,b,a\n2,c,b\n", 3),
    ("repeats and loops", ".csv", '# by hand\n"a", "b"\nb,c\nc,b\nc,c\n', 3),
    ("matrix market", ".mtx", "%%MatrixMarket matrix coordinate pattern symmetric\n% c\n4 4 2\n2 1\n3 1\n", 4),
    ("pajek", ".net", '*Vertices 4\n1 "a"\n2 "b"\n3 "c"\n4 "d e"\n*Edges\n1 2\n2 3\n', 4),
    ("gml without labels", ".gml", "graph [ node [ id 5 ] node [ id 1 ] node [ id 2 ] edge [ source 5 target 1 ] ]", 3),
    ("gml of twins", ".gml", 'graph [ node [ id 5 label "x" ] node [ id 1 label "x" ] edge [ source 5 target 1 ] ]', 2),
]


@pytest.mark.parametrize(("ending", "text", "count"), [row[1:] for row in COUNTED], ids=[row[0] for row in COUNTED])
def test_names_separators_headings_and_comments_are_understood(ending, text, count, tmp_path):
    assert read_graph(written(tmp_path, f"graph{ending}", text)).size == count


def test_names_of_a_long_file_are_decided_once(tmp_path):
    rows = "".join(f"{k % 19_999},{k * 7 % 20_000}\n" for k in range(200_000))
    network = read_graph(written(tmp_path, "graph.csv", f"{rows}0,last\n"))
    assert network.size == 20_001 and network.labels[0] == "0"
    assert read_graph(written(tmp_path, "graph.csv", rows)).labels[:3] == [0, 1, 2]


def test_what_a_file_was_taken_for_is_said(tmp_path):
    network = read_graph(written(tmp_path, "graph.csv", "who;whom;rating;day\n1;2;-1;9\n2;3;2;8\n"))
    assert network.said == (
        "3 nodes named by whole numbers, 2 edges; separated by semicolons, the first line is a heading; "
        "names in columns 1 and 2; column 3 is ratings; column 4 not used"
    )


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("g.txt", b"", "needs two names"),
        ("g.txt", b"1\n2\n", "line 1: needs two names"),
        ("g.txt", b"1 1\n", "no edge"),
        ("g.txt", b"1 2\n3 \n", "line 2"),
        ("g.csv", b"1,2\n3,\n", "line 2"),
        ("g.csv", b"source,target\n# c\n1,2\n,3\n", "line 4"),
        ("g.csv", b"1,2\n3,4,5\n", "line 2: has 3 cells"),
        ("g.csv", b'a,b\n"c,d\ne,f\n', "quotation mark"),
        ("g.csv", b"\xff\xfe\x00\n", "cannot be read as csv"),
        ("g.csv", "Jörg,Ann\n".encode("latin-1"), "no text in UTF-8"),
        ("g.csv", b"a,b\0\nb,c\n", "no text has"),
        ("g.csv", b"0,1,1,0\n1,0,0,1\n1,0,0,0\n0,1,0,0\n", "matrix of a graph"),
        ("g.csv", b",a,b,c,d\na,0,1,1,0\nb,1,0,0,1\nc,1,0,0,0\nd,0,1,0,0\n", "matrix of a graph"),
        ("g.graphml", b"<graphml", "cannot be read as graphml"),
        ("g.graphml", b"<graphml xmlns='http://graphml.graphdrawing.org/xmlns'/>", "cannot be read as graphml"),
        ("g.gexf", b"hello", "cannot be read as gexf"),
        ("g.gml", b"graph [" * 5000, "cannot be read as gml"),
        ("g.net", b"*Vertices 1000000000\n1 a\n", "announces '1000000000' vertices"),
        ("g.mtx", b"%%MatrixMarket matrix coordinate pattern symmetric\n4 4 2000000000\n2 1\n", "announces more"),
        ("g.mtx", b"%%MatrixMarket matrix coordinate pattern general\n4 5 1\n2 1\n", "no square matrix"),
        ("g.txt.gz", b"1 2\n", "cannot be read as txt"),
        ("g.txt.gz", gzip.compress(b"1 2\n2 3\n", mtime=0)[:-6], "cannot be read as txt"),
        ("g.txt.gz", gzip.compress(b"\n" * (MOST_UNPACKED * 200_000), mtime=0), "too many for a graph"),
        ("g.xlsx", b"", "cannot tell the format"),
        ("missing.csv", None, "no such file"),
        ("x" * 5000 + ".csv", None, "is no path"),
        ("nul\0.csv", None, "is no path"),
    ],
)
def test_a_file_that_is_no_graph_is_refused(name, text, words, tmp_path):
    path = tmp_path / name
    if text is not None:
        path.write_bytes(text)
    with pytest.raises(gh.GraphError, match=words) as error:
        read_graph(path)
    said = str(error.value)
    assert said.count(tmp_path.name) == 1 and str(path).replace("\0", r"\x00")[:80] in said and "\n" not in said


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    for name in ("pipe.csv", "folder.csv"):
        with pytest.raises(gh.GraphError, match="no such file"):
            read_graph(tmp_path / name)


@pytest.mark.parametrize(("ending", "marks"), [
    (".txt.gz", 60), (".csv", 60), (".graphml", 30), (".gexf", 30), (".gml", 30), (".net", 30), (".mtx", 30),
])  # fmt: skip
def test_damaged_files_are_read_or_refused_in_one_line(ending, marks, tmp_path):
    whole = tmp_path / f"whole{ending.removesuffix('.gz')}"
    (LISTING | TABLES)[whole.suffix](nx.convert_node_labels_to_integers(nx.karate_club_graph(), first_label=1), whole)
    data = gzip.compress(whole.read_bytes()) if ending.endswith(".gz") else whole.read_bytes()
    luck = np.random.default_rng(1)
    for _ in range(marks):
        damaged = bytearray(data)
        for at in luck.integers(len(data), size=3):
            damaged[at] = luck.integers(256)
        cut = luck.integers(1, len(data) + 1)
        path = written(tmp_path, f"damaged{ending}", bytes(damaged[:cut]))
        try:
            network = read_graph(path)
        except gh.GraphError as error:
            assert "\n" not in str(error) and str(path) in str(error)
        else:
            assert network.size >= 2 and max(ends.max() for ends in network.edges) < network.size


# What nodes and edges bring with them


def told_graph() -> nx.Graph:
    graph = nx.path_graph(5)
    graph.add_node(7)
    nx.set_node_attributes(graph, {n: {"conviction_speech": n / 8, "wealth": 1.0 + n, "colour": "red"} for n in graph})
    nx.set_node_attributes(graph, {n: "Rome" if n < 2 else "Oslo" for n in graph if n != 7}, "region")
    nx.set_edge_attributes(graph, dict.fromkeys(list(graph.edges)[:2], 0.25), "trust")
    return graph


@pytest.mark.parametrize("ending", [None, ".graphml", ".gexf", ".gml"])
def test_attributes_become_initial_state(ending, tmp_path):
    graph = told_graph()
    if ending is None:
        society = gh.Society("baseline", rng=1, graph=graph)
    else:
        LISTING[ending](graph, tmp_path / f"graph{ending}")
        society = society_of(tmp_path / f"graph{ending}")
    c, speech = society.citizens, society.domains.names.index("speech")
    np.testing.assert_array_equal(c.conviction[:, speech], [0, 0.125, 0.25, 0.375, 0.5, 0.875])
    np.testing.assert_array_equal(c.start_conviction[:, speech], c.conviction[:, speech])
    np.testing.assert_array_equal(c.temperament[:, speech], c.conviction[:, speech])
    np.testing.assert_array_equal(c.wealth, [1, 2, 3, 4, 5, 8])
    assert c.region[:5].tolist() == [0, 0, 1, 1, 1] and c.place[:5].tolist() == [0, 0, 1, 1, 1]
    plain = gh.Society("baseline", rng=1, graph=bare(graph))
    np.testing.assert_array_equal(c.conviction[:, 0], plain.citizens.conviction[:, 0])
    assert (plain.citizens.conviction[:, 0] != plain.citizens.temperament[:, 0]).any(), "it has settled"
    assert c.region[5] == plain.citizens.region[5], "a node without the attribute is drawn as ever"
    trust = society.ties.trust
    assert (trust == 0.25).sum() == 4 and (trust[trust != 0.25] == plain.ties.trust[trust != 0.25]).all()
    assert "initial state: trust, conviction_speech, wealth, region" in society.graph_said
    assert "attributes not used: colour" in society.graph_said


def bare(graph: nx.Graph) -> nx.Graph:
    plain = nx.Graph()
    plain.add_nodes_from(graph)
    plain.add_edges_from(graph.edges)
    return plain


@pytest.mark.parametrize("ending", [None, ".graphml", ".gexf"])
def test_what_to_networkx_writes_is_read_back(ending, tmp_path):
    society = gh.Society("visible-score-and-reports", rng=3, changes={"population.size": 60})
    society.run_for(6)
    assert (society.citizens.start_conviction != society.citizens.conviction).all()
    graph = society.to_networkx()
    if ending is None:
        again = gh.Society("visible-score-and-reports", rng=3, graph=graph)
    else:
        LISTING[ending](graph, tmp_path / f"graph{ending}")
        again = society_of(tmp_path / f"graph{ending}", "visible-score-and-reports")
    kept = [name for name, column in society.citizens.columns.items() if column.until == "always"]
    assert {"conviction", "start_conviction", "score", "fair", "identity", "recorded_at"} <= set(kept)
    for name in kept:
        np.testing.assert_array_equal(getattr(again.citizens, name), getattr(society.citizens, name), err_msg=name)
    for name in ("trust", "resting"):
        values = getattr(society.ties, name)
        np.testing.assert_array_equal(getattr(again.ties, name), (values + values[society.ties.reverse]) / 2)


def test_a_table_of_nodes_stands_beside_a_table_of_edges(tmp_path):
    edges = written(tmp_path, "ties.csv", "source,target,trust\nann,bo,.5\nbo,cy,1\ndi,ann,0\n")
    nodes = written(
        tmp_path, "people.csv", "Id,wealth,region,shoe size\nzoe,2,110000,37\ncy,,120000,40\nann,4,110000,\n"
    )
    society = society_of(edges, **{"population.nodes": str(nodes)})
    assert list(society.labels) == ["zoe", "cy", "ann", "bo", "di"]
    assert society.citizens.wealth[[0, 2]].tolist() == [2, 4]
    assert society.citizens.region[:3].tolist() == [0, 1, 0]
    assert "attributes not used: shoe size" in society.graph_said
    rows = {label: row for row, label in enumerate(society.labels)}
    one_way = society.ties.find([rows["ann"], rows["di"]], [rows["bo"], rows["ann"]])
    np.testing.assert_array_equal(society.ties.trust[one_way], [0.5, 0])
    with pytest.raises(gh.GraphError, match="'ann' stands in it twice"):
        society_of(edges, **{"population.nodes": str(written(tmp_path, "twice.csv", "id,wealth\nann,1\nann,2\n"))})
    nx.write_graphml(nx.path_graph(3), tmp_path / "g.graphml")
    with pytest.raises(gh.GraphError, match="lists its nodes itself"):
        society_of(tmp_path / "g.graphml", **{"population.nodes": str(nodes)})


@pytest.mark.parametrize(("attribute", "value"), [("wealth", -1), ("conviction_speech", 2), ("score", float("inf"))])
def test_attributes_out_of_range_are_refused(attribute, value):
    graph = nx.path_graph(4)
    nx.set_node_attributes(graph, value, attribute)
    with pytest.raises(gh.GlasshouseError, match=attribute.split("_")[0]):
        gh.Society("visible-score", rng=1, graph=graph)


def test_trust_out_of_range_is_refused():
    graph = nx.path_graph(4)
    nx.set_edge_attributes(graph, 1.5, "trust")
    with pytest.raises(gh.GlasshouseError, match="trust of the graph's edges"):
        gh.Society("baseline", rng=1, graph=graph)


# Ratings


def test_signed_ratings_become_initial_trust(tmp_path):
    path = written(tmp_path, "ratings.csv", "7,8,10,100\n8,7,-10,101\n8,9,5,102\n9,7,0,103\n")
    society = society_of(path)
    rows = {label: row for row, label in enumerate(society.labels)}

    def trust(a: int, b: int) -> float:
        return float(society.ties.trust[society.ties.find([rows[a]], [rows[b]])[0]])

    assert (trust(7, 8), trust(8, 7), trust(8, 9), trust(9, 7)) == (1.0, 0.0, 0.75, 0.5)
    unrated = society.ties.find([rows[9], rows[7]], [rows[8], rows[9]])
    rated = np.isin(np.arange(len(society.ties)), unrated, invert=True)
    np.testing.assert_array_equal(society.ties.trust[rated], society.ties.resting[rated])
    # Who did not rate trusts as drawn, and settles as where nobody rates.
    plain = gh.Society(society.plan.change({"population.ratings": False}), rng=1)
    np.testing.assert_array_equal(society.ties.resting[unrated], plain.ties.resting[unrated])
    assert (society.ties.trust[unrated] != society.ties.resting[unrated]).all()
    assert plain.ties.resting.min() >= 0.3 and plain.ties.resting.max() <= 0.9
    still = {"citizens.trust.honest": 0.0, "citizens.trust.witnessed": 0.0}
    plain = gh.Society(plain.plan.change(still), rng=1)
    np.testing.assert_allclose(plain.ties.trust, plain.ties.resting, rtol=1e-12)


@pytest.mark.parametrize(
    "text",
    ["a,b,100\nb,c,200\n", "a,b,x\nb,c,y\n", "a,b,-1\nb,c,\n", "a,b\nb,c\n", "source,target,rating\na,b,0\nb,c,0\n"],
    ids=["times", "words", "gaps", "none", "nothing but neutral"],
)
def test_other_third_columns_are_no_ratings(tmp_path, text):
    assert "rating" not in read_graph(written(tmp_path, "ratings.csv", text)).ties


@pytest.mark.parametrize(
    ("ratings", "shares"),
    [("-2 4", [0.25, 1]), ("1 4", [0.25, 1]), ("-4 ", [0, np.nan]), ("0 5", [0, 1])],
    ids=["signed", "positive", "a gap", "from nought"],
)
def test_ratings_are_found_by_their_heading(tmp_path, ratings, shares):
    first, second = ratings.split(" ")
    path = written(tmp_path, "ratings.csv", f"source,target,time,rating\na,b,9,{first}\nb,c,8,{second}\n")
    np.testing.assert_allclose(read_graph(path).ties["rating"], shares)


def test_ratings_on_the_edges_of_a_graph_have_a_direction():
    graph = nx.DiGraph()
    graph.add_edge("a", "b", rating=-3)
    graph.add_edge("b", "a", rating=3)
    society = gh.Society("baseline", rng=1, graph=graph)
    assert society.ties.trust.tolist() == [0, 1]


def test_the_graph_of_ratings_runs(graphs):
    society = society_of(graphs / "soc-sign-bitcoinotc.csv.gz", "peer-rating")
    assert len(society.citizens) == 5881
    assert society.ties.trust.min() == 0 and society.ties.trust.max() == 1
    society.run_for(8)
    assert society.history["reports"].iloc[-1] > 0
