"""Where citizens are drawn: in circles of those who know each other well; and who is drawn where they are too many."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order
from scipy.spatial import KDTree

from ...model.society import Society

MOST_DRAWN = 5000
REMEMBERED = 16

WIDE, TALL = 1.36, 0.96
"""Width by height of the two shapes in which the society is drawn."""

CORNER = (0.41, 0.28)
"""Share of width and of height, at the bottom right of the wide shape, that is kept free for the other world."""

EDGE = 0.008
"""Room between a circle and the edge."""

FILLED = 0.5
"""Share of the area that circles cover."""


@dataclass(frozen=True)
class Placed:
    """Positions within one shape, in units of its width.

    Attributes
    ----------
    points
        Shape (drawn, 2), in single precision.
    circles
        Shape (circles, 3): centre and radius.
    """

    points: npt.NDArray[np.float32]
    circles: npt.NDArray[np.float32]


@dataclass(frozen=True)
class Layout:
    """Where citizens are drawn.

    Attributes
    ----------
    nodes
        Nodes drawn, ascending.
    edges
        Shape (ties drawn, 2): places in `nodes`.
    wide, tall
        Where they are in either shape.
    """

    nodes: npt.NDArray[np.int64]
    edges: npt.NDArray[np.uint32]
    wide: Placed
    tall: Placed


_known: OrderedDict[Any, Layout] = OrderedDict()
_lock = Lock()
_computing = Lock()
"""One layout at a time: it takes memory, and visitors who come together mostly want the same."""


def layout_of(graph: csr_array, circles: npt.NDArray[np.int64] | None = None) -> Layout:
    """Layout of a graph; the same graph has the same layout, computed once."""
    key = (hash(graph.indptr.tobytes()), hash(graph.indices.tobytes()), circles is None)
    found = _remembered(key)
    if found is None:
        with _computing:
            found = _remembered(key) or lay_out(graph, circles)
        with _lock:
            _known[key] = found
            while len(_known) > REMEMBERED:
                _known.popitem(last=False)
    return found


def _remembered(key: Any) -> Layout | None:
    """Layout that is known."""
    with _lock:
        if key in _known:
            _known.move_to_end(key)
        return _known.get(key)


def matrix(society: Society) -> csr_array:
    """Adjacency of the nodes of a society that has just been built."""
    node = society.citizens.node
    rows, columns = node[society.ties.owners()], node[society.ties.neighbours]
    size = society.founders
    return csr_array((np.ones(len(rows), np.float32), (rows, columns)), shape=(size, size))


def lay_out(graph: csr_array, circles: npt.NDArray[np.int64] | None = None) -> Layout:
    """Circles of friends apart from each other, near those that they have ties with; friends spread inside.

    Parameters
    ----------
    graph
        Who has ties with whom.
    circles
        Circle of each node; without it they are those of Louvain's method.

    Notes
    -----
    Sources: Blondel et al. 2008, doi:10.1088/1742-5468/2008/10/P10008 (circles); Fruchterman & Reingold 1991,
    doi:10.1002/spe.4380211102 (attraction and repulsion).
    """
    nodes = drawn(graph)
    part = csr_array(graph[nodes][:, nodes])
    rows, columns = part.nonzero()
    once = rows < columns
    edges = np.stack([rows[once], columns[once]], axis=1).astype(np.uint32)
    circle = friends(part) if circles is None else np.unique(circles[nodes], return_inverse=True)[1]
    wide = place(edges, circle, WIDE, CORNER)
    return Layout(nodes, edges, wide, place(edges, circle, TALL, (0.0, 0.0)))


def drawn(graph: csr_array) -> npt.NDArray[np.int64]:
    """Who is drawn: everyone, or the neighbourhood, as wide as may be, of the one with most ties."""
    size = len(graph.indptr) - 1
    if size <= MOST_DRAWN:
        return np.arange(size)
    start = int(np.diff(graph.indptr).argmax())
    order = breadth_first_order(graph, start, directed=False, return_predecessors=False)
    return np.sort(order[:MOST_DRAWN]).astype(np.int64)


def friends(graph: csr_array) -> npt.NDArray[np.int64]:
    """Circle of each node by Louvain's method, the largest first."""
    found = nx.community.louvain_communities(nx.from_scipy_sparse_array(graph), seed=1)
    circle = np.zeros(len(graph.indptr) - 1, np.int64)
    for k, members in enumerate(sorted(found, key=lambda members: (-len(members), min(members)))):
        circle[list(members)] = k
    return circle


def place(
    edges: npt.NDArray[np.uint32], circle: npt.NDArray[np.int64], shape: float, corner: tuple[float, float]
) -> Placed:
    """Place circles within a shape, and friends within circles.

    Parameters
    ----------
    edges
        Ties, once each.
    circle
        Circle of each node.
    shape
        Width by height.
    corner
        Share of width and of height that is kept free at the bottom right.
    """
    size, count = len(circle), int(circle.max()) + 1
    members = np.bincount(circle, minlength=count)
    area = (1 - corner[0] * corner[1]) / shape
    radius = np.sqrt(members * FILLED * area / size / np.pi)
    between = np.zeros((count, count))
    np.add.at(between, (circle[edges[:, 0]], circle[edges[:, 1]]), 1.0)
    between += between.T
    np.fill_diagonal(between, 0.0)
    centres = _centres(between, radius, shape, corner)
    points = _inside(edges, circle, centres, radius, members)
    return Placed(points.astype(np.float32), np.column_stack([centres, radius]).astype(np.float32))


def _centres(
    between: npt.NDArray[np.float64], radius: npt.NDArray[np.float64], shape: float, corner: tuple[float, float]
) -> npt.NDArray[np.float64]:
    """Centres of circles: drawn together by the ties between them, and pushed apart where they overlap."""
    count, box = len(radius), np.array([1.0, 1.0 / shape])
    turn = np.arange(count) * np.pi * (3 - np.sqrt(5))
    spiral = np.sqrt((np.arange(count) + 0.5) / count)[:, None] * np.column_stack([np.cos(turn), np.sin(turn)])
    places = box / 2 + spiral * (box / 2 - radius.max()).clip(0.02)
    weight = between / max(1.0, between.sum(axis=1).max())
    room = radius[:, None] + radius + 0.35 * radius.mean()
    free = box * (1 - np.array(corner))
    rounds = 400
    for k in range(rounds):
        apart = places[:, None] - places
        distance = np.linalg.norm(apart, axis=2) + 1e-9
        overlap = np.maximum(0.0, room - distance)
        np.fill_diagonal(overlap, 0.0)
        move = (apart / distance[..., None] * (0.4 * overlap)[..., None]).sum(axis=1)
        if k < rounds // 2:
            move -= 0.25 * (1 - 2 * k / rounds) * (weight[..., None] * apart).sum(axis=1)
        places = places + np.clip(move, -0.05, 0.05)
        if k == 3 * rounds // 4 and count > 1:
            # All of the room is used.
            low, high = (places - radius[:, None]).min(axis=0), (places + radius[:, None]).max(axis=0)
            places = (places - low) * np.clip(box / (high - low), 1.0, 1.3)
        if corner[0]:
            # Out of the corner by the nearer way.
            into = places + radius[:, None] - free
            inside = (into > 0).all(axis=1)
            nearer = into.argmin(axis=1)
            places[inside, nearer[inside]] -= into[inside, nearer[inside]]
        edge = np.minimum(radius[:, None] + EDGE, box / 2)
        places = np.clip(places, edge, box - edge)
    return places


def _inside(
    edges: npt.NDArray[np.uint32], circle: npt.NDArray[np.int64], centres: npt.NDArray[np.float64],
    radius: npt.NDArray[np.float64], members: npt.NDArray[np.int64],
) -> npt.NDArray[np.float64]:  # fmt: skip
    """Friends within their circle: friends of friends near, nobody on another."""
    size = len(circle)
    order = np.argsort(circle, kind="stable")
    rank = np.empty(size, np.int64)
    rank[order] = np.arange(size) - np.repeat(np.cumsum(members) - members, members)
    far = np.sqrt((rank + 0.5) / members[circle]) * radius[circle] * 0.86
    turn = rank * np.pi * (3 - np.sqrt(5))
    places = centres[circle] + far[:, None] * np.column_stack([np.cos(turn), np.sin(turn)])
    least = 1.02 * np.sqrt(np.pi * (radius**2 / np.maximum(1, members)).mean())
    own = edges[circle[edges[:, 0]] == circle[edges[:, 1]]].astype(np.int64)
    ties = np.maximum(1, np.bincount(own.ravel(), minlength=size))[:, None]
    for pull in np.linspace(0.25, 0.0, 50):
        move = np.zeros_like(places)
        towards = places[own[:, 1]] - places[own[:, 0]]
        np.add.at(move, own[:, 0], towards)
        np.add.at(move, own[:, 1], -towards)
        places = places + pull * 0.3 * move / ties
        for _ in range(2):
            near = KDTree(places).query_pairs(least, output_type="ndarray")
            apart = places[near[:, 0]] - places[near[:, 1]]
            distance = np.linalg.norm(apart, axis=1, keepdims=True) + 1e-9
            push = np.zeros_like(places)
            force = apart / distance * (least - distance) * 0.4
            np.add.at(push, near[:, 0], force)
            np.add.at(push, near[:, 1], -force)
            places = places + push
        out = places - centres[circle]
        reach = np.linalg.norm(out, axis=1, keepdims=True) + 1e-9
        places = centres[circle] + out * np.minimum(1.0, 0.93 * radius[circle][:, None] / reach)
    return places
