"""Graphs: generated as NetworkX would, read from files, and given back."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from scipy import stats

import glasshouse as gh
from glasshouse.agents.chance import Purpose, generator, seed_words
from glasshouse.model import networks
from glasshouse.model.graph import blocks
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


def test_networkx_in_and_out():
    graph = nx.relabel_nodes(nx.florentine_families_graph(), str.lower)
    society = gh.Society("visible-score", rng=1, graph=graph)
    society.run_for(3)
    out = society.to_networkx()
    assert set(out) == set(graph) and out.number_of_edges() == graph.number_of_edges()
    row = list(society.labels).index("medici")
    c = society.citizens
    assert out.nodes["medici"]["score"] == c.score[row]
    speech = society.domains.names.index("speech")
    assert out.nodes["medici"]["perceived_detection_speech"] == c.perceived_detection[row, speech] > 0
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
