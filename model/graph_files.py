"""Graphs from files: GraphML, GEXF, edge list and CSV, each also compressed with gzip."""

from __future__ import annotations

import gzip
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt
import pandas as pd

from .errors import GraphError
from .networks import Edges

XML = {".graphml": nx.read_graphml, ".gexf": nx.read_gexf}
SPACED = (".txt", ".edges", ".edgelist", ".tsv")
KNOWN = (*XML, ".csv", *SPACED)
RATING = "rating"
HEADERS = (("source", "target"), ("from", "to"), ("u", "v"), ("node1", "node2"))


Ratings = npt.NDArray[np.float64]


def read_edges(path: str | Path) -> tuple[Sequence[Hashable], Edges, Ratings | None]:
    """Node names, edges and ratings of a graph file, told apart by its ending.

    An edge list has two names a line, separated by blanks, and comments after ``#`` or ``%``. A CSV has them in its
    first two columns, or in columns headed source and target. Numeric names are sorted by number; others keep the
    order of the file.

    Ratings are what the first of an edge says of the second: the column headed rating, or the third where it has
    numbers below and above 0, which neither a time nor a count has. They are given as shares, from the worst rating
    possible (0) over neutral (one half) to the best (1), by the largest absolute value that occurs. Without them there
    are none. Other columns are not read.

    Raises
    ------
    GraphError
        If the file does not exist, has an unknown ending, cannot be read, or has no edge.
    """
    path = Path(path)
    if str(path) in ("", "."):
        raise GraphError('population.network is "file" but population.file names none; set it to a graph file')
    suffixes = [suffix.lower() for suffix in path.suffixes]
    ending = suffixes[-2] if suffixes[-1:] == [".gz"] and len(suffixes) > 1 else "".join(suffixes[-1:])
    if ending not in KNOWN:
        raise GraphError(f"{path}: cannot tell the format by its ending; use one of {', '.join(KNOWN)}, or these + .gz")
    if not path.is_file():
        raise GraphError(f"{path}: there is no such file")
    try:
        u, v, given = _from_xml(path, ending) if ending in XML else _from_table(path, ending)
    except GraphError:
        raise
    except (OSError, EOFError, ValueError, SyntaxError, KeyError, nx.NetworkXException) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise GraphError(f"{path}: cannot be read as {ending[1:]}: {reason}") from error
    if not (u != v).any():
        raise GraphError(f"{path}: has no edge between two different nodes")
    rows, labels = pd.factorize(pd.concat([u, v], ignore_index=True))
    names = pd.Series(labels)
    if pd.api.types.is_numeric_dtype(names):
        place = np.empty(len(names), np.int64)
        order = np.argsort(names.to_numpy(), kind="stable")
        place[order] = np.arange(len(names))
        rows, names = place[rows], names.iloc[order]
    edges = rows[: len(u)].astype(np.int64), rows[len(u) :].astype(np.int64)
    return names.tolist(), edges, None if given is None else (1 + given / np.abs(given).max()) / 2


def _from_xml(path: Path, ending: str) -> tuple[Any, Any, None]:
    with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
        graph = XML[ending](file)
    edges = pd.DataFrame(list(graph.edges()), columns=["u", "v"], dtype=object)
    if len(edges) and all(isinstance(name, str) and name.isdecimal() for name in edges.to_numpy().flat):
        edges = edges.astype(np.int64)
    return edges["u"], edges["v"], None


def _from_table(path: Path, ending: str) -> tuple[Any, Any, Ratings | None]:
    comma = ending == ".csv"
    skipped = 0
    cells: list[str] = []
    with gzip.open(path, "rt") if path.suffix.lower() == ".gz" else path.open() as file:
        for line in file:
            cells = [cell.strip(' "\n').lower() for cell in (line.split(",") if comma else line.split())]
            if any(cells) and line[0] not in "#%":
                break
            skipped += 1
    if len(cells) < 2:
        raise GraphError(f"{path}, line {skipped + 1}: needs two names, has {' '.join(cells) or 'none'!r}")
    columns = [0, 1]
    third = cells.index(RATING) if RATING in cells else 2
    for header in HEADERS:
        if set(header) <= set(cells):
            columns = [cells.index(name) for name in header]
            skipped += 1
    table = pd.read_csv(
        path,
        sep="," if comma else r"\s+",
        header=None,
        skiprows=skipped,
        usecols=[*columns, third] if third not in columns and third < len(cells) else columns,
        skipinitialspace=True,
    )
    missing = np.asarray(table[columns].isna()).any(axis=1)
    if missing.any():
        line = skipped + 1 + int(missing.argmax())
        raise GraphError(f"{path}, line {line}: has only one name; every line needs two")
    said = table.get(third) if third not in columns else None
    if said is None or not pd.api.types.is_numeric_dtype(said):
        return table[columns[0]], table[columns[1]], None
    ratings = np.asarray(said, np.float64)
    signed = bool(np.isfinite(ratings).all()) and ratings.min() < 0 < ratings.max()
    return table[columns[0]], table[columns[1]], ratings if signed else None
