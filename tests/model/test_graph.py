"""Graphs: generated as NetworkX would, read from files, and given back."""

from __future__ import annotations

import gzip
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy import stats

import glasshouse as gh
from glasshouse.agents.chance import Purpose, generator, seed_words
from glasshouse.model import networks
from glasshouse.model.graph import blocks
from glasshouse.model.graph_files import read_edges
from glasshouse.model.ties import Ties

SIZE = 4000


def rng(seed: int = 1) -> np.random.Generator:
    return generator(seed_words(seed), Purpose.NETWORK)


def graph_of(size: int, edges: networks.Edges) -> nx.Graph:
    graph = nx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from(zip(*(ends.tolist() for ends in edges), strict=True))
    return graph


PAIRS = {
    "small-world": (
        lambda: networks.small_world(SIZE, 10, 0.1, rng()),
        lambda: nx.watts_strogatz_graph(SIZE, 10, 0.1, seed=1),
    ),
    "small-world, much rewired": (
        lambda: networks.small_world(SIZE, 6, 0.8, rng()),
        lambda: nx.watts_strogatz_graph(SIZE, 6, 0.8, seed=1),
    ),
    "random": (lambda: networks.random(SIZE, 8, rng()), lambda: nx.fast_gnp_random_graph(SIZE, 8 / (SIZE - 1), seed=1)),
    "scale-free": (lambda: networks.scale_free(SIZE, 10, rng()), lambda: nx.barabasi_albert_graph(SIZE, 5, seed=1)),
    "community": (
        lambda: networks.community(SIZE, 10, 0.1, blocks(SIZE, 100), rng()),
        lambda: nx.planted_partition_graph(100, 40, 9 / 39, 1 / (SIZE - 40), seed=1),
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_generated_networks_are_those_of_networkx(name):
    make, reference = PAIRS[name]
    edges, known = make(), reference()
    ours = graph_of(SIZE, edges)
    assert ours.number_of_edges() == len(edges[0]), "no loop and no edge twice"
    assert nx.number_of_selfloops(ours) == 0
    degrees, others = ([d for _, d in graph.degree] for graph in (ours, known))
    assert stats.ks_2samp(degrees, others).pvalue > 1e-4
    assert np.mean(degrees) == pytest.approx(np.mean(others), rel=0.03)
    assert nx.average_clustering(ours) == pytest.approx(nx.average_clustering(known), rel=0.12, abs=0.004)


@pytest.mark.parametrize(("rewiring", "degree"), [(0.0, 10), (1.0, 10), (0.5, 2), (1.0, 11)])
def test_a_small_world_keeps_its_number_of_ties(rewiring, degree):
    graph = graph_of(101, networks.small_world(101, degree, rewiring, rng()))
    assert graph.number_of_edges() == 101 * (degree // 2)


@pytest.mark.parametrize(("size", "degree"), [(12, 10), (13, 11), (5, 3), (4, 2), (3, 2), (60, 58)])
def test_a_small_world_of_almost_all_ties_is_built_too(size, degree):
    for seed in range(40):
        graph = graph_of(size, networks.small_world(size, degree, 0.9, rng(seed)))
        assert graph.number_of_edges() == size * (degree // 2)
        assert nx.number_of_selfloops(graph) == 0


def test_an_unrewired_small_world_is_the_ring():
    ours, known = graph_of(50, networks.small_world(50, 6, 0.0, rng())), nx.watts_strogatz_graph(50, 6, 0)
    assert nx.utils.graphs_equal(ours, known)


@pytest.mark.parametrize("degree", [4, 8])
def test_a_lattice_is_a_torus(degree):
    graph = graph_of(30 * 20, networks.lattice(600, degree))
    assert {d for _, d in graph.degree} == {degree}
    known = nx.grid_2d_graph(24, 25, periodic=True)
    if degree == 4:
        assert nx.is_isomorphic(nx.convert_node_labels_to_integers(known), graph)


def test_complete_and_karate():
    assert graph_of(9, networks.complete(9)).number_of_edges() == 36
    assert nx.utils.graphs_equal(graph_of(34, networks.karate()), nx.Graph(nx.karate_club_graph().edges))
    society = gh.Society("baseline", rng=1, **{"population.network": "karate"})
    assert len(society.citizens) == society.plan.population.size == 34


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"population.network": "lattice"}, "degree to 4 or 8"),
        ({"population.network": "lattice", "population.degree": 4, "population.size": 101}, "product of two"),
        ({"population.size": 8}, "lower population.degree"),
        ({"population.network": "complete", "population.size": 50_000}, "at most 5,000"),
        ({"population.network": "file"}, "names none"),
    ],
)
def test_a_network_that_cannot_be_is_refused(changes, words):
    with pytest.raises(gh.GraphError, match=words):
        gh.Society("baseline", rng=1, **changes)


def test_every_kind_of_network_runs():
    for kind, degree in (("small-world", 9), ("scale-free", 7), ("random", 3), ("community", 6), ("lattice", 8)):
        changes = {"population.network": kind, "population.size": 120, "population.degree": degree}
        society = gh.Society("visible-score-and-reports", rng=1, **changes)
        society.run_for(2)
        assert society.history["compliance"].between(0.2, 0.95).all()


def test_ties_are_both_directions_in_order():
    graph = nx.gnm_random_graph(60, 200, seed=2)
    identity = np.random.default_rng(1).permutation(60).astype(np.uint32)
    u, v = np.array(graph.edges).T
    twice = (np.concatenate([u, v, [3]]), np.concatenate([v, u, [3]]))
    ties = Ties.from_edges(60, twice, identity)
    owners = ties.owners()
    assert len(ties) == 400
    np.testing.assert_array_equal(owners[ties.reverse], ties.neighbours)
    np.testing.assert_array_equal(ties.neighbours[ties.reverse], owners)
    for row in range(60):
        assert sorted(ties.of(row)) == sorted(graph[row])
        assert (np.diff(identity[ties.of(row)].astype(int)) > 0).all()


FORMATS = {
    ".graphml": nx.write_graphml,
    ".gexf": nx.write_gexf,
    ".txt": lambda graph, path: nx.write_edgelist(graph, path, data=False),
    ".tsv": lambda graph, path: nx.write_edgelist(graph, path, data=False, delimiter="\t"),
    ".csv": lambda graph, path: pd.DataFrame(graph.edges).to_csv(path, index=False, header=False),
}


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_gives_the_same_graph(ending, zipped, tmp_path):
    graph = nx.karate_club_graph()
    for *_, data in graph.edges(data=True):
        data.clear()
    path = tmp_path / f"karate{ending}"
    FORMATS[ending](graph, str(path))
    if zipped:
        packed = path.with_name(path.name + ".gz")
        packed.write_bytes(gzip.compress(path.read_bytes()))
        path = packed
    labels, edges, _ = read_edges(path)
    assert sorted(labels) == list(range(34))
    assert nx.utils.graphs_equal(nx.relabel_nodes(graph_of(34, edges), dict(enumerate(labels))), nx.Graph(graph.edges))


@pytest.mark.parametrize(
    "text",
    [
        "source,target,rating\na,b,1\nb,c,2\n",
        "rating,target,source\n1,b,a\n2,c,b\n",
        "a,b\nb,c\n",
        '# by hand\n"a", "b"\nb,c\nc,b\nc,c\n',
    ],
)
def test_a_csv_may_have_headings_comments_and_repeats(text, tmp_path):
    path = tmp_path / "graph.csv"
    path.write_text(text)
    society = gh.Society("baseline", rng=1, **{"population.network": "file", "population.file": str(path)})
    assert sorted(society.labels) == ["a", "b", "c"]
    assert len(society.ties) == 4


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("g.txt", b"", "needs two names"),
        ("g.txt", b"1\n2\n", "line 1: needs two names"),
        ("g.txt", b"1 1\n", "no edge"),
        ("g.txt", b"1 2\n3 \n", "line 2"),
        ("g.csv", b"1,2\n3,\n", "line 2"),
        ("g.csv", b"\xff\xfe\x00\n", "cannot be read as csv"),
        ("g.graphml", b"<graphml", "cannot be read as graphml"),
        ("g.graphml", b"<graphml xmlns='http://graphml.graphdrawing.org/xmlns'/>", "cannot be read as graphml"),
        ("g.gexf", b"hello", "cannot be read as gexf"),
        ("g.txt.gz", b"1 2\n", "cannot be read as txt"),
        ("g.xlsx", b"", "cannot tell the format"),
        ("missing.csv", None, "no such file"),
    ],
)
def test_a_file_that_is_no_graph_is_refused(name, content, words, tmp_path):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(gh.GraphError, match=words) as error:
        read_edges(path)
    assert str(path) in str(error.value)


def test_networkx_in_and_out():
    graph = nx.relabel_nodes(nx.florentine_families_graph(), str.lower)
    society = gh.Society("visible-score", rng=1, graph=graph)
    society.run_for(3)
    out = society.to_networkx()
    assert set(out) == set(graph) and out.number_of_edges() == graph.number_of_edges()
    row = list(society.labels).index("medici")
    c = society.citizens
    assert out.nodes["medici"]["score"] == c.score[row]
    assert out.nodes["medici"]["fear_speech"] == c.fear[row, society.domains.names.index("speech")]
    assert 0 < out.edges["medici", "ridolfi"]["trust"] < 1
    cells = society.to_mesa_network()
    assert len(cells.all_cells) == len(graph)


def test_isolated_citizens_keep_their_expectations():
    graph = nx.empty_graph(5)
    graph.add_edge(0, 1)
    society = gh.Society("visible-score-and-reports", rng=1, graph=graph)
    before = society.citizens.expectation[3].copy()
    society.run_for(5)
    np.testing.assert_array_equal(society.citizens.expectation[3], before)
    assert np.isfinite(society.history["trust_ties"]).all()


def rated_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "ratings.csv"
    path.write_text(text)
    return path


def test_signed_ratings_become_initial_trust(tmp_path):
    path = rated_file(tmp_path, "7,8,10,100\n8,7,-10,101\n8,9,5,102\n9,7,0,103\n")
    society = gh.Society("baseline", rng=1, **{"population.network": "file", "population.file": str(path)})
    rows = {label: row for row, label in enumerate(society.labels)}

    def trust(a: int, b: int) -> float:
        return float(society.ties.trust[society.ties.find([rows[a]], [rows[b]])[0]])

    assert (trust(7, 8), trust(8, 7), trust(8, 9), trust(9, 7)) == (1.0, 0.0, 0.75, 0.5)
    # Who did not rate trusts as drawn.
    assert 0.6 < trust(9, 8) < 1
    np.testing.assert_array_equal(society.ties.trust, society.ties.resting)
    plain = gh.Society(society.plan.change({"population.ratings": False}), rng=1)
    assert plain.ties.trust.min() > 0.6


@pytest.mark.parametrize(
    "text",
    ["a,b,100\nb,c,200\n", "a,b,x\nb,c,y\n", "a,b,-1\nb,c,\n", "a,b\nb,c\n"],
    ids=["times", "words", "gaps", "none"],
)
def test_other_third_columns_are_no_ratings(tmp_path, text):
    assert read_edges(rated_file(tmp_path, text))[2] is None


def test_ratings_are_found_by_their_heading(tmp_path):
    path = rated_file(tmp_path, "source,target,time,rating\na,b,9,-2\nb,c,8,4\n")
    ratings = read_edges(path)[2]
    assert ratings is not None
    np.testing.assert_allclose(ratings, [0.25, 1.0])


def test_the_graph_of_ratings_runs(graphs):
    file = str(graphs / "soc-sign-bitcoinotc.csv.gz")
    society = gh.Society("peer-rating", rng=1, **{"population.network": "file", "population.file": file})
    assert len(society.citizens) == 5881
    assert society.ties.trust.min() == 0 and society.ties.trust.max() == 1
    society.run_for(8)
    assert society.history["reports"].iloc[-1] > 0
