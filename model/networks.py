"""Generated networks, as arrays of edges.

The same models as NetworkX's generators of these names (the tests compare degree distribution and clustering), built
without a Python loop over nodes or edges, so that a million citizens take seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from math import isqrt
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt

from ..agents.compiled import compiled
from .errors import GraphError

Ends = npt.NDArray[np.int64]
Edges = tuple[Ends, Ends]

MOST_ROUNDS = 200
"""Draws of a rewired tie before it is placed otherwise; each round places all but a share degree / size."""

TIE_STATE = ("rating", "trust", "resting")
"""Attributes of edges that become state of the ties."""

MISSING = ("", "na", "n/a", "nan", "null", "none")
"""Words, in small letters, for a value that there is not."""

LARGEST_COMPLETE = 5_000
"""Above it a complete graph has more than 25 million ties."""


@dataclass
class Network:
    """Edges between rows, and what came with them.

    Attributes
    ----------
    size
        Nodes.
    edges
        Rows of the two ends of every edge.
    labels
        Names of the nodes.
    ties
        Shape (edges,) each, [0, 1]: `rating`, `trust` and `resting` of the first end in the second, NaN where it does
        not say.
    attributes
        Values by node of everything else that nodes came with, None where one has none.
    mutual
        Whether `ties` hold in both directions.
    said
        What a file was taken for, in words; empty where there was none.
    """

    size: int
    edges: Edges
    labels: Sequence[Hashable]
    ties: dict[str, npt.NDArray[np.float64]] = field(default_factory=dict[str, Any])
    attributes: dict[str, list[Any]] = field(default_factory=dict[str, Any])
    mutual: bool = False
    said: str = ""


def from_networkx(graph: nx.Graph[Any]) -> Network:
    """Network of a NetworkX graph, with the attributes of its nodes; of parallel edges the last one counts.

    Edges' `trust` and `resting` are taken as they are, and a `rating` as `as_shares` has it; without
    directions they hold both ways.
    """
    if not isinstance(graph, nx.Graph):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise GraphError(f"graph {graph!r:.80}: give a NetworkX graph; for a file set population.file")
    labels = list(graph.nodes)
    if len(labels) < 2:
        raise GraphError(f"a society needs at least 2 citizens; the graph has {len(labels)}")
    row = {label: i for i, label in enumerate(labels)}
    ends = np.array([(row[u], row[v]) for u, v in graph.edges()], np.int64).reshape(-1, 2)
    ties: dict[str, npt.NDArray[np.float64]] = {}
    for name in TIE_STATE:
        values = [value for *_, value in graph.edges(data=name)]
        if any(value is not None for value in values):
            numbers = as_numbers(values)
            if np.isinf(numbers).any():
                raise GraphError(f"{name} {values[int(np.isinf(numbers).argmax())]!r:.60} of an edge is no number")
            shares = as_shares(numbers) if name == "rating" else numbers
            if shares is not None:
                ties[name] = shares
    names = dict.fromkeys(name for _, data in graph.nodes(data=True) for name in data)
    attributes = {str(name): [value for _, value in graph.nodes(data=name)] for name in names}
    return Network(len(labels), (ends[:, 0], ends[:, 1]), labels, ties, attributes, not graph.is_directed())


def as_shares(ratings: npt.NDArray[np.float64]) -> npt.NDArray[np.float64] | None:
    """Ratings as trust: signed ones (1 + r / largest) / 2, others r / largest; None where all are 0 or missing."""
    ratings = np.where(np.isfinite(ratings), ratings, np.nan)
    largest = float(np.nanmax(np.abs(ratings))) if np.isfinite(ratings).any() else 0.0
    if largest == 0:
        return None
    shares = ratings / largest
    return (1 + shares) / 2 if np.nanmin(ratings) < 0 else shares


def as_numbers(values: Sequence[Any]) -> npt.NDArray[np.float64]:
    """Values as numbers; NaN for none, infinite for what is no number."""
    found = np.full(len(values), np.nan)
    for k, value in enumerate(values):
        if value is None or str(value).strip().lower() in MISSING:
            continue
        try:
            found[k] = float(value)
        except (TypeError, ValueError):
            found[k] = np.inf
    return found


def _codes(u: Ends, v: Ends, size: int) -> Ends:
    """One number for an undirected edge."""
    return np.minimum(u, v) * size + np.maximum(u, v)


def small_world(size: int, degree: int, rewiring: float, rng: np.random.Generator) -> Edges:
    """Ring on which everyone knows the `degree` nearest, each tie rewired with chance `rewiring`.

    Watts & Strogatz 1998, doi:10.1038/30918. An odd degree counts as the even one below, as in NetworkX.
    """
    half = degree // 2
    u = np.repeat(np.arange(size), half)
    v = (u + np.tile(np.arange(1, half + 1), size)) % size
    moving = np.flatnonzero(rng.random(len(u)) < rewiring) if size - 1 > 2 * half else np.empty(0, np.int64)
    for _ in range(MOST_ROUNDS):
        if len(moving) == 0:
            return u, v
        v[moving] = rng.integers(size, size=len(moving))
        codes = _codes(u, v, size)
        first = np.zeros(len(u), bool)
        # The ties that stay are listed first, so that of two equal edges the rewired one is drawn again.
        order = np.concatenate([np.setdiff1d(np.arange(len(u)), moving, assume_unique=True), moving])
        first[order[np.unique(codes[order], return_index=True)[1]]] = True
        moving = moving[(u[moving] == v[moving]) | ~first[moving]]
    # Almost everyone knows everyone: what found no place goes to pairs not yet tied.
    taken = np.delete(_codes(u, v, size), moving)
    pairs = complete(size)
    free = np.flatnonzero(~np.isin(_codes(*pairs, size), taken))
    chosen = rng.permutation(free)[: len(moving)]
    u[moving], v[moving] = pairs[0][chosen], pairs[1][chosen]
    return u, v


def random(size: int, degree: float, rng: np.random.Generator) -> Edges:
    """Every pair is tied with the same chance, degree / (size − 1) (Erdős & Rényi; Gilbert 1959)."""
    pairs = size * (size - 1) // 2
    return _pairs(_sample(pairs, rng.binomial(pairs, min(1.0, degree / (size - 1))), rng))


def _sample(total: int, count: int, rng: np.random.Generator) -> Ends:
    """`count` different numbers below `total`."""
    if count > total // 3:
        return rng.permutation(total)[:count]
    chosen = np.empty(0, np.int64)
    while len(chosen) < count:
        chosen = np.unique(np.concatenate([chosen, rng.integers(total, size=(count - len(chosen)) * 11 // 10 + 8)]))
    return rng.permutation(chosen)[:count]


def _pairs(codes: Ends) -> Edges:
    """The pair u < v with number v (v − 1) / 2 + u."""
    v = ((1 + np.sqrt(8.0 * codes + 1)) // 2).astype(np.int64)
    v -= v * (v - 1) // 2 > codes
    v += v * (v + 1) // 2 <= codes
    return codes - v * (v - 1) // 2, v


@compiled
def _attach(targets: Ends, chosen: Ends, draws: npt.NDArray[np.float64], size: int, ties: int) -> None:
    # `targets` lists every end of every edge so far: a draw from it is a draw by degree.
    ends = 0
    used = 0
    for leaf in range(1, ties + 1):
        targets[ends], targets[ends + 1] = 0, leaf
        ends += 2
    for newcomer in range(ties + 1, size):
        for k in range(ties):
            while True:
                pick = targets[int(draws[used % len(draws)] * ends)]
                used += 1
                if pick not in chosen[:k]:
                    break
            chosen[k] = pick
        for k in range(ties):
            targets[ends], targets[ends + 1] = chosen[k], newcomer
            ends += 2


def scale_free(size: int, degree: int, rng: np.random.Generator) -> Edges:
    """Newcomers tie with degree / 2 others, by degree, from a star on (Barabási & Albert 1999).

    doi:10.1126/science.286.5439.509.
    """
    ties = max(1, degree // 2)
    targets = np.zeros(2 * (ties + (size - ties - 1) * ties), np.int64)
    _attach(targets, np.zeros(ties, np.int64), rng.random(4 * len(targets) + 64), size, ties)
    return targets[::2], targets[1::2]


def community(size: int, degree: float, outside: float, groups: Ends, rng: np.random.Generator) -> Edges:
    """Planted partition: a share `outside` of everyone's `degree` ties leaves its group (Condon & Karp 2001).

    Every pair in a group is tied with one chance, every pair across groups with another; `groups` are contiguous.
    """
    counts = np.bincount(groups)
    starts = np.cumsum(counts) - counts
    within_pairs = counts * (counts - 1) // 2
    total_within = int(within_pairs.sum())
    total_across = size * (size - 1) // 2 - total_within
    wanted = size * degree / 2
    inside = min(1.0, wanted * (1 - outside) / total_within) if total_within else 0.0
    across = min(1.0, wanted * outside / total_across) if total_across else 0.0
    first = np.cumsum(within_pairs) - within_pairs
    codes = _sample(total_within, rng.binomial(total_within, inside), rng)
    block = np.searchsorted(first, codes, side="right") - 1
    u, v = _pairs(codes - first[block])
    # Pairs across are drawn among all pairs, those inside a group dropped, until the number is reached.
    needed = rng.binomial(total_across, across)
    found = np.empty(0, np.int64)
    while len(found) < needed:
        more = rng.integers(size * (size - 1) // 2, size=(needed - len(found)) * 11 // 10 + 8)
        a, b = _pairs(more)
        found = np.unique(np.concatenate([found, more[groups[a] != groups[b]]]))
    a, b = _pairs(rng.permutation(found)[:needed])
    return np.concatenate([u + starts[block], a]), np.concatenate([v + starts[block], b])


def complete(size: int) -> Edges:
    """Everyone knows everyone."""
    if size > LARGEST_COMPLETE:
        raise GraphError(
            f"a complete network of {size:,} citizens would have {size * (size - 1):,} ties; "
            f"set population.size to at most {LARGEST_COMPLETE:,} or choose another network"
        )
    u, v = np.triu_indices(size, 1)
    return u.astype(np.int64), v.astype(np.int64)


def lattice(size: int, degree: int) -> Edges:
    """Torus of rows and columns: 4 neighbours (von Neumann) or 8 (Moore)."""
    rows = next((rows for rows in range(isqrt(size), 2, -1) if size % rows == 0), 0)
    if degree not in (4, 8) or rows < 3:
        raise GraphError(
            "a lattice has 4 or 8 neighbours and at least 3 rows and 3 columns; "
            f"set population.degree to 4 or 8 (it is {degree}) and population.size to a product of two numbers "
            f"from 3 (it is {size})"
        )
    columns = size // rows
    at = np.arange(size).reshape(rows, columns)
    steps = [(0, 1), (1, 0)] + ([(1, 1), (1, -1)] if degree == 8 else [])
    u = np.concatenate([at.ravel() for _ in steps])
    return u, np.concatenate([np.roll(at, (-down, -right), (0, 1)).ravel() for down, right in steps])


def karate() -> Edges:
    """Zachary's karate club, 34 members (Zachary 1977)."""
    u, v = zip(*nx.karate_club_graph().edges, strict=True)
    return np.array(u, np.int64), np.array(v, np.int64)


KARATE_SIZE = 34

NETWORKS: dict[str, Callable[..., Edges]] = {
    "small-world": small_world,
    "scale-free": scale_free,
    "random": random,
    "community": community,
    "complete": complete,
    "lattice": lattice,
    "karate": karate,
}
"""Generators by their name in scenarios."""
