"""The social graph: NetworkX or a file in, compressed sparse rows inside, NetworkX out."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt

from ..agents.chance import Purpose, generator, uniforms
from .errors import GraphError
from .graph_files import read_edges
from .networks import KARATE_SIZE, NETWORKS, Edges
from .settings import PopulationSettings

STRONG_SHARE = 0.25
"""Share of all ties, those with the highest resting trust, that count as strong."""

SPREAD = 0.15
"""Half the range over which ties' resting trust is spread evenly around its mean (model assumption)."""


@dataclass
class Ties:
    """Directed ties in compressed sparse rows, both directions of every edge.

    Row i are the ties from citizen i, at ``indptr[i]`` … ``indptr[i + 1]``, in the order of the neighbours' identity.
    M is the number of directed ties, twice the number of edges.

    Attributes
    ----------
    indptr
        int64, shape (N + 1,).
    who, whom
        uint32, shape (M,): identity of the owner and of the neighbour, the key of the pair's draws.
    neighbours
        uint32, shape (M,): row of the neighbour.
    reverse
        uint32, shape (M,): index of the tie in the other direction.
    trust
        float64, shape (M,), [0, 1]: how far the tie's owner trusts the neighbour.
    resting
        float64, shape (M,), [0, 1]: level to which trust returns when nothing happens.
    accusations
        int8, shape (M,): this week's reports against the owner by the neighbour.
    """

    indptr: npt.NDArray[np.int64]
    who: npt.NDArray[np.uint32]
    whom: npt.NDArray[np.uint32]
    neighbours: npt.NDArray[np.uint32]
    reverse: npt.NDArray[np.uint32]
    trust: npt.NDArray[np.float64]
    resting: npt.NDArray[np.float64]
    accusations: npt.NDArray[np.int8]
    _heard: npt.NDArray[np.float64] | None = None

    @classmethod
    def from_edges(cls, size: int, edges: Edges, identity: npt.NDArray[np.uint32]) -> Ties:
        """Ties of an undirected graph; loops and repeated edges count for nothing."""
        u, v = edges
        codes = np.unique(np.minimum(u, v)[u != v] * size + np.maximum(u, v)[u != v])
        u, v = codes // size, codes % size
        owner, other = np.concatenate([u, v]), np.concatenate([v, u])
        who = identity.astype(np.int64)
        order = np.argsort(owner * size + who[other])
        owner, other = owner[order], other[order]
        # Sorted the other way round, the k-th tie is the k-th tie's reverse.
        reverse = np.argsort(other * size + who[owner])
        indptr = np.zeros(size + 1, np.int64)
        np.cumsum(np.bincount(owner, minlength=size), out=indptr[1:])
        zeros = np.zeros(len(owner))
        return cls(
            indptr,
            identity[owner],
            identity[other],
            other.astype(np.uint32),
            reverse.astype(np.uint32),
            zeros,
            zeros.copy(),
            np.zeros(len(owner), np.int8),
        )

    def __len__(self) -> int:
        return len(self.neighbours)

    def of(self, row: int) -> npt.NDArray[np.uint32]:
        """Rows of a citizen's neighbours."""
        return self.neighbours[self.indptr[row] : self.indptr[row + 1]]

    def owners(self) -> npt.NDArray[np.int64]:
        """Row of the owner of every tie, shape (M,)."""
        return np.repeat(np.arange(len(self.indptr) - 1), np.diff(self.indptr))

    def rest(self, seed: npt.NDArray[np.uint32], mean: float) -> None:
        """Draw every tie's resting trust evenly around its mean, and start there."""
        spread = min(SPREAD, mean, 1 - mean)
        luck = uniforms(seed, Purpose.TIE, 0, self.who, self.whom)
        self.resting[:] = mean + spread * (2 * luck - 1)
        self.trust[:] = self.resting

    def heard(self) -> npt.NDArray[np.float64]:
        """Weight with which each citizen enters its neighbours' means, Σ 1 / (ties of the neighbour); shape (N,)."""
        if self._heard is None:
            degree = np.diff(self.indptr)
            shares = 1 / degree[self.neighbours]
            self._heard = np.bincount(self.owners(), weights=shares, minlength=len(degree))
        return self._heard

    def strong(self) -> npt.NDArray[np.float64]:
        """1 for a strong tie, whose resting trust is in the top quarter, 0 for the others. Shape (M,)."""
        if len(self) == 0:
            return np.zeros(0)
        return (self.resting >= np.quantile(self.resting, 1 - STRONG_SHARE)).astype(np.float64)


@dataclass(frozen=True)
class Network:
    """Edges between rows, and the nodes' names where they came with some."""

    size: int
    edges: Edges
    labels: Sequence[Hashable]


def from_networkx(graph: nx.Graph[Any]) -> Network:
    """Network of a NetworkX graph; directions, weights, loops and parallel edges are dropped."""
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
        labels, edges = read_edges(population.file)
        return Network(len(labels), edges, labels)
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
