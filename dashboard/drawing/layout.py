"""Where citizens are drawn: near those they have ties with; and who is drawn where they are too many."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, dijkstra
from scipy.spatial import KDTree

from ...model.society import Society

MOST_DRAWN = 5000
PIVOTS = 60
ROUNDS = 60
REMEMBERED = 16


@dataclass(frozen=True)
class Layout:
    """Where citizens are drawn.

    Attributes
    ----------
    nodes
        Nodes drawn, ascending.
    positions
        Shape (drawn, 2), in [−1, 1], in single precision.
    edges
        Shape (ties drawn, 2): places in `nodes`.
    """

    nodes: npt.NDArray[np.int64]
    positions: npt.NDArray[np.float32]
    edges: npt.NDArray[np.uint32]


_known: OrderedDict[Any, Layout] = OrderedDict()
_lock = Lock()


def layout_of(graph: csr_array) -> Layout:
    """Layout of a graph; the same graph has the same layout, computed once."""
    key = (hash(graph.indptr.tobytes()), hash(graph.indices.tobytes()))
    with _lock:
        if key in _known:
            _known.move_to_end(key)
            return _known[key]
    found = lay_out(graph)
    with _lock:
        _known[key] = found
        while len(_known) > REMEMBERED:
            _known.popitem(last=False)
    return found


def matrix(society: Society) -> csr_array:
    """Adjacency of the nodes of a society that has just been built."""
    node = society.citizens.node
    rows, columns = node[society.ties.owners()], node[society.ties.neighbours]
    size = society.founders
    return csr_array((np.ones(len(rows), np.float32), (rows, columns)), shape=(size, size))


def lay_out(graph: csr_array) -> Layout:
    """Pivot multidimensional scaling of the distances along ties, then repulsion of whoever is too near.

    Sources: Brandes & Pich 2007, doi:10.1007/978-3-540-70904-6_6; Fruchterman & Reingold 1991,
    doi:10.1002/spe.4380211102.
    """
    nodes = drawn(graph)
    part = csr_array(graph[nodes][:, nodes])
    positions = refine(pivot_scaling(part), part)
    positions -= positions.mean(axis=0)
    # The few farthest may lie outside; the page can be zoomed.
    reach = float(np.quantile(np.abs(positions), 0.995)) or 1.0
    rows, columns = part.nonzero()
    once = rows < columns
    edges = np.stack([rows[once], columns[once]], axis=1).astype(np.uint32)
    return Layout(nodes, (positions / reach).clip(-1.2, 1.2).astype(np.float32), edges)


def drawn(graph: csr_array) -> npt.NDArray[np.int64]:
    """Who is drawn: everyone, or the neighbourhood, as wide as may be, of the one with most ties."""
    size = len(graph.indptr) - 1
    if size <= MOST_DRAWN:
        return np.arange(size)
    start = int(np.diff(graph.indptr).argmax())
    order = breadth_first_order(graph, start, directed=False, return_predecessors=False)
    return np.sort(order[:MOST_DRAWN]).astype(np.int64)


def pivot_scaling(graph: csr_array) -> npt.NDArray[np.float64]:
    """Positions whose distances are like those along ties, shape (N, 2)."""
    size = len(graph.indptr) - 1
    rng = np.random.default_rng(1)
    pivots = np.sort(rng.choice(size, min(PIVOTS, size), replace=False))
    far = dijkstra(graph, directed=False, indices=pivots, unweighted=True)
    finite = np.isfinite(far)
    # Parts without ties between them are put a little further apart than the two ends of either.
    far[~finite] = (far[finite].max() if finite.any() else 1.0) + 2
    square = far.T**2
    centred = square - square.mean(axis=0) - square.mean(axis=1, keepdims=True) + square.mean()
    _, _, directions = np.linalg.svd(centred.T @ centred)
    places = centred @ directions[:2].T
    scale = places.std(axis=0)
    # Twins at one distance from all pivots must not lie on one another.
    return places / np.where(scale > 0, scale, 1.0) + rng.normal(0, 0.01, (size, 2))


def refine(places: npt.NDArray[np.float64], graph: csr_array) -> npt.NDArray[np.float64]:
    """Pull along ties, push apart who is nearer than the area allows, ever less."""
    size = len(places)
    if size < 3:
        return places
    room = 2 * np.sqrt(np.prod(np.ptp(places, axis=0) + 1e-9) / size)
    rows, columns = graph.nonzero()
    degree = np.maximum(1, np.bincount(rows, minlength=size))[:, None]
    for step in np.linspace(0.3, 0.02, ROUNDS):
        pull = np.zeros_like(places)
        np.add.at(pull, rows, places[columns] - places[rows])
        near, other = KDTree(places).query_pairs(room, output_type="ndarray").T
        apart = places[near] - places[other]
        distance = np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-6)
        push = np.zeros_like(places)
        force = apart / distance * (room - distance)
        np.add.at(push, near, force)
        np.add.at(push, other, -force)
        places = places + step * (0.12 * pull / degree + np.clip(0.5 * push, -room, room))
    return places
