"""Graphs in Pajek's format, of which common readers leave out or invent a part without a word."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

import networkx as nx

from .errors import GraphError
from .settings import MOST_CITIZENS

OTHER_OBJECTS = ("partition", "vector", "permutation", "cluster", "hierarchy")
"""What may follow a network in a project file, and is no part of it."""


def read_pajek(data: bytes) -> nx.Graph[Any]:
    """Graph of a file with one network: vertices, and arcs or edges as pairs, as lists or as a matrix.

    Nodes are known by their labels, those without one by their numbers. It has directions where it has arcs. Weights,
    places and colours are left out; a weight below 0 makes all of them ratings.

    Raises
    ------
    GraphError
        If a line cannot be understood, a number is of no vertex, or there are several networks.
    """
    labels: dict[int, str] = {}
    size, section, row = 0, "", 0
    arcs: list[tuple[int, int, str]] = []
    directed = False
    for number, line in _lines(data):
        words = line.split()
        if line.startswith("*"):
            section = words[0][1:].lower()
            if section in OTHER_OBJECTS:
                break
            if section == "vertices":
                size = _size(number, words, size)
            elif section not in ("network", "edges", "arcs", "edgeslist", "arcslist", "matrix"):
                raise GraphError(f"line {number}: {words[0]!r:.60} is no part of a network that is known here")
            directed = directed or section in ("arcs", "arcslist", "matrix")
            continue
        if section == "vertices":
            parts = shlex.split(line, posix=True) if '"' in line else words
            labels[_vertex(number, parts[0], size)] = parts[1] if len(parts) > 1 else parts[0]
        elif section == "matrix":
            row += 1
            arcs += [(row, k, cell) for k, cell in enumerate(words, 1) if cell not in ("0", "0.0")]
            _vertex(number, str(max(row, len(words))), size)
        elif section in ("edgeslist", "arcslist"):
            ends = [_vertex(number, word, size) for word in words]
            arcs += [(ends[0], end, "1") for end in ends[1:]]
        elif section in ("edges", "arcs") and len(words) >= 2:
            arcs.append((_vertex(number, words[0], size), _vertex(number, words[1], size), (*words, "1")[2]))
        else:
            raise GraphError(f"line {number}: {line!r:.60} is no vertex and no edge")
    names = [labels.get(k, str(k)) for k in range(1, size + 1)]
    if len(set(names)) < len(names):
        raise GraphError(f"{size:,} vertices have {len(set(names)):,} labels; give each its own")
    return _graph(names, arcs, directed)


def _graph(names: list[str], arcs: list[tuple[int, int, str]], directed: bool) -> nx.Graph[Any]:
    graph: nx.Graph[Any] = nx.DiGraph() if directed else nx.Graph()
    graph.add_nodes_from(names)
    try:
        signed = any(float(weight) < 0 for *_, weight in arcs)
    except ValueError:
        signed = False
    for a, b, weight in arcs:
        graph.add_edge(names[a - 1], names[b - 1], **({"rating": float(weight)} if signed else {}))
    return graph


def _lines(data: bytes) -> Iterator[tuple[int, str]]:
    """Number and text of every line that says something."""
    for number, line in enumerate(data.decode("utf-8-sig").splitlines(), 1):
        text = line.strip()
        if text and not text.startswith(("%", "/*")):
            yield number, text


def _size(number: int, words: list[str], before: int) -> int:
    if before:
        raise GraphError(f"line {number}: another network begins; give a file with one")
    if len(words) > 2:
        raise GraphError(f"line {number}: is a network of two kinds of nodes; give one of people")
    size = int(words[1]) if len(words) > 1 and words[1].isdecimal() else 0
    if not 1 <= size <= MOST_CITIZENS:
        raise GraphError(f"line {number}: announces {words[-1]!r:.60} vertices; give from 1 to {MOST_CITIZENS:,}")
    return size


def _vertex(number: int, word: str, size: int) -> int:
    """Number of a vertex, from 1 to the size."""
    if not word.isdecimal() or not 1 <= int(word) <= size:
        raise GraphError(f"line {number}: {word!r:.60} is none of the {size:,} vertices")
    return int(word)
