"""Graphs that other readers get wrong, and files that would be another graph."""

from __future__ import annotations

import pytest

import glasshouse as gh
from glasshouse.model.graph_files import read_graph

from .test_graph_files import society_of, written

PAJEK = '*Vertices 4\n1 "a"\n2 "b"\n3 "c"\n4 "d"\n'


@pytest.mark.parametrize(
    ("name", "text", "citizens", "ties"),
    [
        ("g.csv", "user,friend,权重\n1,2,5\n2,3,6\n3,1,7\n", 3, 3), ("g.csv", "источник,цель\n1,2\n2,3\n3,1\n", 3, 3),
        ("g.csv", "张三,李四\n王五,赵六\n王五,李四\n", 4, 3), ("g.csv", "é,e\u0301\né,x\nx,é\n", 3, 2),
        ("g.csv", "a\t,b\nb\t,c\nc,a\n", 3, 3), ("g.csv", "1,2\n\ufeff2,3\n\u200b1,3\n", 3, 3),
        ("g.net", PAJEK + "*Arcslist\n1 2 3 4\n", 4, 3), ("g.net", PAJEK + "*Edges\n1 2\n*Edgeslist\n1 3 4\n", 4, 3),
        ("g.net", PAJEK + '*Arcs :1 "x"\n1 2 1\n*Arcs :2 "y"\n2 3 1\n', 4, 2),
        ("g.net", "*Vertices 5\n*Edges\n1 2\n2 3\n", 5, 2),
        ("g.net", PAJEK + "*Edges\n1 2 1\n/* comment */\n2 3 1\n", 4, 2),
        ("g.net", "*Vertices 3\n1 a\n*Edges\n1 2\n2 3\n", 3, 2),
        ("g.net", PAJEK + "*Edges\n1 2\n1 3\n*Partition x\n*Vertices 4\n1\n2\n1\n2\n", 4, 2),
        ("g.net", PAJEK + "*Matrix\n0 1 1 0\n1 0 0 0\n1 0 0 0\n0 0 0 0\n", 4, 2),
        ("g.net", "*Network mine\n" + PAJEK + '*Edges\n1 2 3.5 c "Dark Blue"\n', 4, 1),
    ],
)  # fmt: skip
def test_what_other_readers_get_wrong(name, text, citizens, ties, tmp_path):
    network = read_graph(written(tmp_path, name, text))
    pairs = {frozenset(pair) for pair in zip(*network.edges, strict=True)}
    assert (network.size, len(pairs)) == (citizens, ties), network.said


GRAPHML = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">{}</graphml>'
NODES = '<graph edgedefault="undirected"><node id="a"/><node id="b"/>{}</graph>'


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("g.net", PAJEK + "*Edges\n1 2\n2 9\n", "line 8: '9' is none of the 4 vertices"),
        ("g.net", PAJEK + "*Edges\n1 2\n" + PAJEK, "line 8: another network begins"),
        ("g.net", PAJEK.replace('"b"', '"a"') + "*Edges\n1 2\n", "4 vertices have 3 labels"),
        ("g.net", PAJEK.replace("4", "4 2", 1) + "*Edges\n1 2\n", "two kinds of nodes"),
        ("g.graphml", GRAPHML.format(NODES.format('<edge source="a" target="c"/>')), "lists 2 nodes, 3 come of them"),
        ("g.graphml", GRAPHML.format(NODES.format('<node id="a"/><edge source="a" target="b"/>')), "lists 3 nodes"),
        ("g.graphml", GRAPHML.format(2 * NODES.format('<edge source="a" target="b"/>')), "has 2 graphs"),
        ("g.csv", "source,target,trust\n1,2,0.5\n2,3,high\n", "line 3: trust 'high' is no number; leave it empty"),
        ("g.csv", "source;target;trust\n1;2;0,5\n2;3;1\n", "line 2: trust '0,5' is no number; write 0.5"),
        ("g.csv", "source,target,trust\n1,2,0.5\n2,3,1.5\n", "line 3: trust is 1.5; give from 0 to 1"),
        ("g.csv", "source,target,rating\n1,2,inf\n2,3,1\n", "line 2: rating 'inf' is no number"),
        ("g.csv", "source,target\n", "has a heading and nothing below it"),
        ("g.csv", "source,target\n1,2\nsource,target\n2,3\n", "line 3: repeats the heading"),
        ("g.csv", "source,target,trust,trust\n1,2,1,0\n2,3,1,0\n", "two columns headed trust"),
        ("g.csv", "0,5,2,1\n5,0,0,3\n2,0,0,0\n1,3,0,0\n", "matrix of a graph"),
        ("g.csv", "0,1,1\n1,0,0\n1,0,0\n", "matrix of a graph"),
    ],
)  # fmt: skip
def test_what_would_be_another_graph_is_refused(name, text, words, tmp_path):
    with pytest.raises(gh.GraphError, match=words):
        read_graph(written(tmp_path, name, text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name;wealth\nann;0,5\nbo;1\n", "wealth '0,5' of node 'ann' is no number"),
        ("x,wealth\n7,1\n8,2\n", "has an edge"),
        ("ann,0.5\nbo,1\n", "has no heading"), ("name,wealth\n", "has a heading and nothing below it"),
        ("# nothing\n", "needs a name, has none"), ("name,name\nann,1\nbo,2\n", "two columns headed name"),
    ],
)  # fmt: skip
def test_a_table_of_nodes_that_does_not_fit_is_refused(text, words, tmp_path):
    edges = written(tmp_path, "ties.csv", "ann,bo\nbo,carl\n")
    with pytest.raises(gh.GraphError, match=words):
        society_of(edges, **{"population.nodes": str(written(tmp_path, "nodes.csv", text))})


def test_a_table_of_nodes_is_known_by_the_column_that_names_the_edges(tmp_path):
    edges = written(tmp_path, "ties.csv", "ann,bo\nbo,carl\n")
    nodes = written(tmp_path, "nodes.csv", "id,name,wealth\n1,ann,2\n2,bo,3\n3,carla,4\n")
    society = society_of(edges, **{"population.nodes": str(nodes)})
    assert list(society.labels) == ["ann", "bo", "carla", "carl"] and society.citizens.wealth[:3].tolist() == [2, 3, 4]
    assert "1 names of the edges are not in the table of nodes" in society.graph_said


@pytest.mark.parametrize("path", ["population.file", "population.nodes"])
def test_a_file_that_nothing_would_read_is_refused(path, tmp_path):
    file = str(written(tmp_path, "ties.csv", "ann,bo\nbo,carl\n"))
    words = f'{path}: is read only where population.network = "file"'
    with pytest.raises(gh.ScenarioError, match=words):
        gh.Scenario.load("baseline").change({path: file})
    scenario = tmp_path / "mine.toml"
    scenario.write_text(f'[population]\n{path.partition(".")[2]} = "ties.csv"\n')
    with pytest.raises(gh.ScenarioError, match=words):
        gh.Scenario.load(scenario)
