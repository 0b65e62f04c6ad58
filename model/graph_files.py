"""Social graphs from files: tables of edges, GraphML, GEXF, GML, Pajek and MatrixMarket, each also packed with gzip."""

from __future__ import annotations

import gzip
import io
import re
import stat
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np

from .errors import GraphError, readable
from .graph_tables import is_whole, read_table
from .networks import Network, from_networkx
from .pajek import read_pajek
from .settings import MOST_CITIZENS

TABLES = (".csv", ".txt", ".edges", ".edgelist", ".tsv")
MOST_BYTES = 2 << 30
"""Largest file that is read, in bytes as unpacked."""

MOST_UNPACKED = 100
"""How many times its packed size a file may have: graphs reach some ten, a bomb a thousand."""


def read_graph(path: str | Path, nodes: str | Path = "") -> Network:
    """Network in a file, told apart by its ending.

    Names are decided once for the whole file: they are numbers where all of them are plain whole numbers, else words.
    A format that lists its nodes keeps their order and those without an edge. In a table of edges numbers are sorted,
    and words keep the order in which they first occur; see `graph_tables.read_table` for what else it may have.

    Parameters
    ----------
    path
        The file: `.csv`, `.tsv`, `.txt`, `.edges`, `.edgelist`, `.graphml`, `.gexf`, `.gml`, `.net`, `.paj`, `.pajek`
        or `.mtx`, or one of these and `.gz`.
    nodes
        Table of nodes beside a table of edges, if any: a name a line, with further columns as initial state.

    Raises
    ------
    GraphError
        If a file does not exist, has an unknown ending, cannot be read, or has no edge.
    """
    path = Path(path)
    if str(path) in ("", "."):
        raise GraphError('population.network is "file" but population.file names none; set it to a graph file')
    ending = ending_of(path)
    if nodes and ending not in TABLES:
        raise GraphError(f"population.nodes: {path} lists its nodes itself; give a table of nodes beside one of edges")
    try:
        if ending in TABLES:
            table = (Path(nodes), content(Path(nodes))) if nodes else None
            network = read_table(path, content(path), ending, table)
        else:
            network = named(from_networkx(FORMATS[ending](content(path))))
    except GraphError as error:
        said = str(error)
        told = any(place and readable(str(place))[:80] in said for place in (path, nodes))
        raise GraphError(said if told else f"{path}: {said}") from None
    # What a library's reader raises on damaged input is of every kind.
    except Exception as error:
        said = str(error)
        reason = (
            said.splitlines()[0][:200] if said and said != "None" else f"its reader ends with {type(error).__name__}"
        )
        raise GraphError(f"{path}: cannot be read as {ending[1:]}: {reason}") from error
    if network.size > MOST_CITIZENS:
        raise GraphError(f"{path}: has {network.size:,} nodes; a society has at most {MOST_CITIZENS:,} citizens")
    if not (network.edges[0] != network.edges[1]).any():
        raise GraphError(f"{path}: has no edge between two different nodes")
    return network


def ending_of(path: Path) -> str:
    """Ending that names the format, in lower case and without `.gz`.

    Raises
    ------
    GraphError
        If no format has it.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    ending = suffixes[-2] if suffixes[-1:] == [".gz"] and len(suffixes) > 1 else "".join(suffixes[-1:])
    if ending not in (*TABLES, *FORMATS):
        known = ", ".join((*TABLES, *FORMATS))
        raise GraphError(f"{path}: cannot tell the format by its ending; use one of {known}, or these + .gz")
    return ending


def content(path: Path) -> bytes:
    """Content of a regular file, unpacked where it ends in `.gz`.

    Raises
    ------
    GraphError
        If there is none, it is too large, or it unpacks to far more than graphs do.
    """
    try:
        about = path.stat()
    except (OSError, ValueError) as error:
        missing = isinstance(error, FileNotFoundError)
        why = error.strerror if isinstance(error, OSError) else error
        raise GraphError(f"{path}: {'there is no such file' if missing else f'is no path: {why}'}") from None
    if not stat.S_ISREG(about.st_mode):
        raise GraphError(f"{path}: there is no such file; it is a folder or a device")
    packed = path.suffix.lower() == ".gz"
    most = min(MOST_BYTES, (1 << 20) + MOST_UNPACKED * about.st_size) if packed else MOST_BYTES
    with gzip.open(path) if packed else path.open("rb") as file:
        found = file.read(most + 1)
    if len(found) > most:
        raise GraphError(f"{path}: has more than {most:,} bytes{' unpacked' if packed else ''}, too many for a graph")
    return found


KNOWN_TYPES = b"int|integer|boolean|bool|float|double|long|string|yfile|url|char|short|byte|anyURI|liststring"


def _whole(data: bytes, graph: nx.Graph[Any]) -> nx.Graph[Any]:
    """A graph from XML, if it is all that the file has: readers leave out, merge and invent nodes without a word."""
    data = re.sub(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", b"", data, flags=re.DOTALL)
    graphs, nodes = (len(re.findall(rb"<(?:\w+:)?%s[\s/>]" % tag, data)) for tag in (b"graph", b"node"))
    if graphs > 1:
        raise GraphError(f"has {graphs} graphs; give a file with one")
    if nodes != len(graph):
        raise GraphError(
            f"lists {nodes:,} nodes, {len(graph):,} come of them: some have one name, or an edge leads to one that is "
            "not listed"
        )
    return graph


def _graphml(data: bytes) -> nx.Graph[Any]:
    # Attributes of types that NetworkX does not know are read as text.
    data = re.sub(rb"""(attr\.type\s*=\s*)(["'])(?!(?:%s)\2)[^"'<>]*\2""" % KNOWN_TYPES, rb"\1\2string\2", data)
    return _whole(data, nx.read_graphml(io.BytesIO(data)))


def _gexf(data: bytes) -> nx.Graph[Any]:
    data = re.sub(rb"""http://(?:www\.)?gexf\.net/[0-9.]+(?:draft)?(?=["'])""", b"http://www.gexf.net/1.2draft", data)
    data = re.sub(rb"""(\btype\s*=\s*)(["'])(?!(?:%s|%s)\2)[^"'<>]*\2""" % (KNOWN_TYPES, b"directed|undirected|mutual"),
                  rb"\1\2string\2", data)  # fmt: skip
    return _whole(data, nx.read_gexf(io.BytesIO(data)))


def _gml(data: bytes) -> nx.Graph[Any]:
    lines = data.decode("utf-8-sig").splitlines()
    try:
        return nx.parse_gml(lines)
    except nx.NetworkXError:
        # Nodes without labels, or two of the same label, are known by their numbers.
        return nx.parse_gml(lines, label="id")


def _matrix_market(data: bytes) -> nx.Graph[Any]:
    from scipy import io as scipy_io  # here, since few graphs are matrices
    from scipy import sparse

    sizes = next((line.split() for line in data.splitlines() if line.strip() and not line.startswith(b"%")), [])
    if len(sizes) < 2 or not all(word.isdigit() for word in sizes) or sizes[0] != sizes[1]:
        raise GraphError("is no square matrix; a row and a column of a graph's matrix are a node")
    if int(sizes[0]) > MOST_CITIZENS or (len(sizes) > 2 and 2 * int(sizes[2]) > len(data)):
        raise GraphError("announces more rows or entries than a society or the file can have")
    with warnings.catch_warnings():
        # SciPy announces that its kind of matrix will change; either is understood here.
        warnings.simplefilter("ignore", DeprecationWarning)
        matrix = sparse.coo_array(scipy_io.mmread(io.BytesIO(data)))
    graph: nx.Graph[Any] = nx.Graph()
    graph.add_nodes_from(range(1, int(sizes[0]) + 1))
    rows, columns = matrix.row, matrix.col
    there = np.flatnonzero(matrix.data)
    graph.add_edges_from(zip((rows[there] + 1).tolist(), (columns[there] + 1).tolist(), strict=True))
    return graph


FORMATS: dict[str, Callable[[bytes], nx.Graph[Any]]] = {
    ".graphml": _graphml,
    ".gexf": _gexf,
    ".gml": _gml,
    ".net": read_pajek,
    ".paj": read_pajek,
    ".pajek": read_pajek,
    ".mtx": _matrix_market,
}


def named(network: Network) -> Network:
    """The same network with names as numbers where all of them are plain whole numbers."""
    labels = [str(label) for label in network.labels]
    if all(map(is_whole, labels)):
        network.labels = [int(label) for label in labels]
        kind = "whole numbers"
    else:
        kind = "words"
    network.said = f"{network.size:,} nodes named by {kind}, {len(network.edges[0]):,} edges"
    return network
