"""Social graphs from settings, files and NetworkX."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt

from ..agents.chance import Purpose, generator
from .errors import GraphError
from .graph_files import read_edges
from .networks import KARATE_SIZE, NETWORKS, Edges
from .settings import PopulationSettings


@dataclass(frozen=True)
class Network:
    """Edges between rows, and the nodes' names where they came with some."""

    size: int
    edges: Edges
    labels: Sequence[Hashable]
    ratings: npt.NDArray[np.float64] | None = None
    """Shape (edges,), [0, 1]: how far the first end of each edge trusts the second, NaN where it does not say."""


def from_networkx(graph: nx.Graph[Any]) -> Network:
    """Network of a NetworkX graph; directions, weights, loops and parallel edges are dropped."""
    if not isinstance(graph, nx.Graph):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise GraphError(f"graph {graph!r:.80}: give a NetworkX graph; for a file set population.file")
    labels = list(graph.nodes)
    if len(labels) < 2:
        raise GraphError(f"a society needs at least 2 citizens; the graph has {len(labels)}")
    row = {label: i for i, label in enumerate(labels)}
    ends = np.array([(row[u], row[v]) for u, v in graph.edges()], np.int64).reshape(-1, 2)
    return Network(len(labels), (ends[:, 0], ends[:, 1]), labels)


def build_network(population: PopulationSettings, seed: npt.NDArray[np.uint32]) -> Network:
    """Network that a scenario's `[population]` asks for."""
    kind, size, rng = population.network, population.size, generator(seed, Purpose.NETWORK)
    if kind == "file":
        labels, edges, ratings = read_edges(population.file)
        return Network(len(labels), edges, labels, ratings if population.ratings else None)
    if kind == "karate":
        return Network(KARATE_SIZE, NETWORKS[kind](), range(KARATE_SIZE))
    if kind in ("complete", "lattice"):
        edges = NETWORKS[kind](size) if kind == "complete" else NETWORKS[kind](size, population.degree)
        return Network(size, edges, range(size))
    if population.degree >= size:
        raise GraphError(
            f"population.degree is {population.degree}, but among {size} citizens nobody can know more than "
            f"{size - 1}; lower population.degree or raise population.size"
        )
    match kind:
        case "small-world":
            edges = NETWORKS[kind](size, population.degree, population.rewiring, rng)
        case "community":
            groups = blocks(size, population.groups)
            edges = NETWORKS[kind](size, population.degree, population.rewiring, groups, rng)
        case _:
            edges = NETWORKS[kind](size, population.degree, rng)
    return Network(size, edges, range(size))


def blocks(size: int, count: int) -> npt.NDArray[np.int64]:
    """Number of the block of each of `size` rows in `count` contiguous blocks as equal as can be."""
    return np.arange(size) * min(count, size) // size
