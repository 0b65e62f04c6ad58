"""Graphs in tables of text: separators, comments, headings and names, each decided once for the whole file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from .errors import GraphError
from .networks import MISSING, Network, as_shares

SEPARATORS = {"\t": "tabs", ";": "semicolons", ",": "commas", r"\s+": "blanks"}
BLANK = re.compile(r"[^\S\n]")
INVISIBLE = str.maketrans("", "", "\ufeff\u200b\u2060")
"""Marks that programs leave in a text, which belong to no name."""

SAMPLE = 1000
"""Lines by which the separator is told."""

ENDS = (
    ("source", "target"), ("from", "to"), ("src", "dst"), ("src", "dest"), ("origin", "destination"), ("u", "v"),
    ("i", "j"), ("ego", "alter"), ("sender", "receiver"), ("sender", "recipient"), ("follower", "followed"),
    ("follower", "followee"), ("rater", "ratee"), ("rater", "rated"), ("truster", "trustee"), ("person", "friend"),
    ("node", "neighbor"), ("node", "neighbour"), ("head", "tail"), ("start", "end"), ("parent", "child"),
)  # fmt: skip
"""Headings of the two ends of an edge."""

OF_WHAT = r"(?:node|vertex|item|user|person|name|label|id)*"
NAMES = ("id", "node", "nodeid", "name", "label", "user", "userid", "person", "vertex", "ego", "key")
"""Headings of a node's name."""

RATINGS = ("rating", "sign")
STATE = ("trust", "resting")
"""Columns of edges that become state of the ties."""


def is_whole(name: str) -> bool:
    """Whether a name is a plain whole number, such as 0, 17 or −4; not 007, 1e3 or 5.0."""
    return re.fullmatch(r"0|-?[1-9][0-9]*", name) is not None


def is_number(cell: str) -> bool:
    """Whether a cell is a finite number."""
    return re.fullmatch(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", cell.strip()) is not None


@dataclass
class Table:
    """Cells of a file.

    Attributes
    ----------
    cells
        Text by line of data and column.
    heading
        Names of the columns as they stand in the file; empty without any.
    separator
        What separates cells, as in `SEPARATORS`.
    text
        The file, with empty lines in place of comments.
    """

    cells: pd.DataFrame
    heading: list[str]
    separator: str
    text: str

    @property
    def said(self) -> str:
        """How the table was read, in words."""
        first = "the first line is a heading" if self.heading else "no heading"
        return f"separated by {SEPARATORS[self.separator]}, {first}"

    def words(self, column: int) -> Any:
        """A column without blanks around its cells."""
        cells = self.cells[column]
        return cells.str.strip() if self.separator != r"\s+" and BLANK.search(self.text) else cells

    def line(self, row: int) -> int:
        """Number of the line in the file that has a row."""
        lines = [number for number, line in enumerate(self.text.split("\n"), 1) if line.strip()]
        return lines[row + bool(self.heading)] if len(lines) == len(self.cells) + bool(self.heading) else 0

    def numbers(self, column: int) -> npt.NDArray[np.float64]:
        """A column as numbers, NaN where it says that there is none, and infinite where it has something else."""
        words = self.words(column)
        found = np.array(pd.to_numeric(words, errors="coerce"), np.float64)
        found[np.isnan(found) & ~np.asarray(words.str.lower().isin(MISSING))] = np.inf
        return found

    def headed(self, names: Sequence[str]) -> int:
        """Number of the first column with one of some headings; −1 without any."""
        plain = [_plain(cell) for cell in self.heading]
        return next((plain.index(name) for name in names if name in plain), -1)


def read_table(path: Path, data: bytes, ending: str, nodes: tuple[Path, bytes] | None = None) -> Network:
    """Network in a table of edges, with a table of nodes beside it where one is given.

    Cells are separated by tabs, semicolons, commas or blanks, whichever divides all lines alike, and may be quoted.
    Lines that begin with ``#`` or ``%`` are comments. The first line is a heading where it names the ends of edges
    (source and target, from and to, …), or where it has no number and a column below is numbers only. Names stand
    in the columns headed so, or in the first two. NA, null or None are names like any other.

    Ratings are what the first of an edge says of the second: the column headed rating, or the third where it has
    numbers below and above 0, which neither a time nor a count has. Signed ones become shares from the worst possible
    (0) over neutral (one half) to the best (1), by the largest absolute value that occurs; positive ones, shares of the
    largest. Columns headed trust and resting are taken as they are.

    Raises
    ------
    GraphError
        If the text cannot be understood.
    """
    table = _parsed(path, data, ending, ends_of)
    _refuse_matrix(path, table)
    ends = ends_of([_plain(cell) for cell in table.heading]) or (0, 1)
    u, v = (table.words(column) for column in ends)
    _refuse_gaps(path, table, (np.asarray(u) == "") | (np.asarray(v) == ""))
    people = _parsed(*nodes, ".csv", name_of) if nodes is not None else None
    at = _key(*nodes[:1], people, u, v) if people is not None and nodes is not None else 0
    first: Any = people.words(at) if people is not None else pd.Series([], dtype=str)
    if people is not None and nodes is not None:
        _refuse_gaps(nodes[0], people, np.asarray(first) == "")
        if first.duplicated().any():
            twice = first[first.duplicated()].iloc[0]
            raise GraphError(f"{nodes[0]}: {twice!r} stands in it twice; give every node one line")
    rows, labels, kind = _numbered(first, u, v)
    listed, edges = len(first), (rows[len(first) :: 2], rows[len(first) + 1 :: 2])
    ties, used = _ties(path, table, ends)
    said = [f"{len(labels):,} nodes named by {kind}, {len(u):,} edges", table.said]
    said.append(f"names in columns {ends[0] + 1} and {ends[1] + 1}")
    said += [f"column {column + 1} is {what}" for column, what in used.items()]
    unused = [
        str(column + 1) for column in range(len(table.cells.columns)) if column not in ends and column not in used
    ]
    if unused:
        said.append(f"column{'s' * (len(unused) > 1)} {', '.join(unused)} not used")
    attributes: dict[str, list[Any]] = {}
    if people is not None:
        strangers = len(labels) - listed
        if strangers:
            said.append(f"{strangers:,} names of the edges are not in the table of nodes")
        for column, name in enumerate(people.heading):
            if column != at:
                values: list[Any] = [None] * len(labels)
                for row, cell in zip(rows[:listed].tolist(), people.words(column).tolist(), strict=True):
                    values[row] = cell
                attributes[name.strip()] = values
    return Network(len(labels), edges, labels, ties, attributes, said="; ".join(said))


def _key(path: Path, people: Table, u: Any, v: Any) -> int:
    """Column of the names in a table of nodes: of those headed so, the first that has names of the edges."""
    if not people.heading:
        raise GraphError(f"{path}: has no heading; begin it with one, such as name,wealth")
    named = [k for k, cell in enumerate(people.heading) if _plain(cell) in NAMES] or [0]
    ends = set(np.asarray(u).tolist()) | set(np.asarray(v).tolist())
    found = next((k for k in named if not ends.isdisjoint(people.words(k))), None)
    if found is None:
        raise GraphError(f"{path}: none of its names, such as {people.words(named[0]).iloc[0]!r:.60}, has an edge")
    return found


def _numbered(first: Any, u: Any, v: Any) -> tuple[npt.NDArray[np.int64], list[Any], str]:
    """Row of the nodes listed and of both ends of every edge in turn, the names of the rows, and what they are."""
    both = np.empty(2 * len(u), object)
    both[::2], both[1::2] = np.asarray(u, object), np.asarray(v, object)
    rows, found = pd.factorize(np.concatenate([np.asarray(first, object), both]))
    rows, names = rows.astype(np.int64), list(found)
    if not all(map(is_whole, names)):
        return rows, names, "words"
    numbers = [int(name) for name in names]
    if len(first):
        return rows, numbers, "whole numbers"
    order = sorted(range(len(numbers)), key=numbers.__getitem__)
    place = np.empty(len(numbers), np.int64)
    place[order] = np.arange(len(numbers))
    return place[rows], [numbers[k] for k in order], "whole numbers"


def _checked(path: Path, table: Table, column: int, shares: bool = False) -> npt.NDArray[np.float64]:
    """A column of numbers, or of shares, in which what is none is refused."""
    found = table.numbers(column)
    if np.isinf(found).any():
        at = int(np.isinf(found).argmax())
        word = str(table.words(column).iloc[at])
        remedy = f"write {word.replace(',', '.')}" if is_number(word.replace(",", ".")) else "leave it empty for none"
        raise GraphError(f"{path}, line {table.line(at)}: {table.heading[column]} {word!r:.60} is no number; {remedy}")
    beyond = (found < 0) | (found > 1)
    if shares and beyond.any():
        at = int(beyond.argmax())
        raise GraphError(f"{path}, line {table.line(at)}: {table.heading[column]} is {found[at]:g}; give from 0 to 1")
    return found


def _ties(path: Path, table: Table, ends: tuple[int, int]) -> tuple[dict[str, npt.NDArray[np.float64]], dict[int, str]]:
    """State of ties that a table has, and which column became what."""
    found: dict[str, npt.NDArray[np.float64]] = {}
    used: dict[int, str] = {}
    rating = table.headed(RATINGS)
    for name in STATE:
        column = table.headed((name,))
        if column >= 0:
            found[name], used[column] = _checked(path, table, column, shares=True), name
    if rating >= 0:
        numbers = _checked(path, table, rating)
    elif len(table.cells.columns) > 2 and ends == (0, 1) and 2 not in used:
        rating, numbers = 2, table.numbers(2)
        if not (np.isfinite(numbers).all() and numbers.min() < 0 < numbers.max()):
            return found, used
    else:
        return found, used
    shares = as_shares(numbers)
    if shares is not None:
        found["rating"], used[rating] = shares, "ratings"
    return found, used


def ends_of(plain: Sequence[str]) -> tuple[int, int] | None:
    """Columns of the two ends of edges, by headings in small letters and figures only."""
    for left, right in ENDS:
        at = [next((k for k, cell in enumerate(plain) if re.fullmatch(f"{OF_WHAT}{end}{OF_WHAT}", cell)), -1)
              for end in (left, right)]  # fmt: skip
        if min(at) >= 0:
            return at[0], at[1]
    for k, cell in enumerate(plain):
        stem = re.fullmatch(r"([a-z]{2,})([1a])", cell)
        second = f"{stem[1]}{'2' if stem[2] == '1' else 'b'}" if stem else None
        if second in plain:
            return k, plain.index(second)
    return None


def name_of(plain: Sequence[str]) -> tuple[int] | None:
    """Column of nodes' names, by headings in small letters and figures only."""
    return next(((plain.index(name),) for name in NAMES if name in plain), None)


def _plain(cell: str) -> str:
    return re.sub(r"[^a-z0-9]", "", cell.lower())


def _parsed(path: Path, data: bytes, ending: str, known: Any) -> Table:
    """Cells of a table; `known` finds the columns of names among headings, or None where it knows none of them."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise GraphError(
            f"{path}: cannot be read as {ending[1:]}: it is no text in UTF-8 ({error.reason} at byte {error.start}); "
            "save it as such"
        ) from None
    if "\0" in text:
        raise GraphError(f"{path}: cannot be read as {ending[1:]}: it has characters that no text has")
    # Comments become empty lines, so that numbers of lines stay what they are.
    text = re.sub(r"(?m)^[ \t]*[#%].*$", "", text.translate(INVISIBLE).replace("\r\n", "\n").replace("\r", "\n"))
    if not text.strip():
        raise GraphError(f"{path}, line 1: needs {'two names' if known is ends_of else 'a name'}, has none")
    separator = _separator(text, ending)
    width = _width(text, separator)
    if width < 2 and known is ends_of:
        line, shown = next((k, row.strip()) for k, row in enumerate(text.split("\n"), 1) if row.strip())
        raise GraphError(f"{path}, line {line}: needs two names, has {shown[:60]!r}")
    try:
        cells = pd.read_csv(io.StringIO(text), sep=separator, header=None, names=range(width), dtype=object,
                            na_filter=False, skipinitialspace=True, index_col=False)  # fmt: skip
    except pd.errors.ParserError as error:
        found = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", str(error))
        raise GraphError(
            f"{path}, line {found[2]}: has {found[3]} cells, the first line has {found[1]}" if found else
            f"{path}: a quotation mark is opened and never closed ({str(error)[-60:]})"
        ) from None  # fmt: skip
    # Columns that trailing separators make.
    cells = cells.loc[:, [k < 2 or bool((cells[k] != "").any()) for k in range(width)]]
    head = [str(cell).strip() for cell in cells.iloc[0]]
    heads = _is_heading(head, cells, known)
    table = Table(cells.iloc[1:].reset_index(drop=True) if heads else cells, head if heads else [], separator, text)
    _refuse_headings(path, table, head if known([_plain(cell) for cell in head]) is not None else None)
    return table


def _refuse_headings(path: Path, table: Table, heading: list[str] | None) -> None:
    """Refuse a known heading without rows below it or among them, and two columns of one known heading."""
    if heading is not None and len(table.cells) == (0 if table.heading else 1):
        raise GraphError(f"{path}: has a heading and nothing below it")
    if heading is not None and table.heading:
        again = np.asarray((table.cells == heading).all(axis=1))
        if again.any():
            raise GraphError(f"{path}, line {table.line(int(again.argmax()))}: repeats the heading; give each once")
    named = [_plain(cell) for cell in table.heading if cell]
    twice = next((cell for cell in named if cell and named.count(cell) > 1), None)
    if twice is not None and twice in (*STATE, *RATINGS, *NAMES):
        raise GraphError(f"{path}: has two columns headed {twice}; give each once")


def _is_heading(head: list[str], cells: pd.DataFrame, known: Any) -> bool:
    if len(cells) < 2 or any(is_number(cell) for cell in head) or "" in head[:1]:
        return False
    found = known([_plain(cell) for cell in head])
    columns = found or tuple(range(min(2, len(head))))
    if not found and not any(_numbers_below(cells[k]) for k in cells):
        return False
    # A word that names a node further down names one in the first line too, unless the whole line comes again.
    rows = cells.iloc[1:]
    if found:
        rows = rows[~(rows == head).all(axis=1)]
    return not any(bool((rows[k].str.strip() == head[j]).any()) for k in columns for j in columns)


def _numbers_below(column: Any) -> bool:
    # Most columns of words are known by their second cell.
    return is_number(column.iloc[1]) and all(map(is_number, column.iloc[1:].unique()))


def _separator(text: str, ending: str) -> str:
    """What divides all lines of the beginning into the same number of cells, two at least."""
    lines = [line for line in text[: 200 * SAMPLE].split("\n")[:SAMPLE] if line.strip()]
    if ending == ".tsv" and any("\t" in line for line in lines):
        return "\t"
    widths = {
        sign: [len(row) for row in csv.reader(lines, delimiter=sign, skipinitialspace=True)] for sign in "\t;,"
    }  # fmt: skip
    for sign, counts in widths.items():
        if counts and min(counts) == max(counts) >= 2:
            aligned = sign == "\t" and any(not cell.strip() for line in lines for cell in line.split("\t")[:2])
            if not aligned:
                return sign
    blanks = [len(line.split()) for line in lines]
    if ending != ".csv" and min(blanks) == max(blanks) >= 2:
        return r"\s+"
    # No sign divides all alike: the one that divides the first line is meant, and some line is at fault.
    return next((sign for sign in ",;\t" if widths[sign][0] >= 2), r"\s+")


def _width(text: str, separator: str) -> int:
    start = text.lstrip("\n \t")[: 1 << 20]
    if separator == r"\s+":
        line = start.split("\n", 1)[0]
        return len(next(csv.reader([" ".join(line.split())], delimiter=" ")))
    return len(next(csv.reader(io.StringIO(start), delimiter=separator, skipinitialspace=True)))


def _refuse_gaps(path: Path, table: Table, gaps: npt.NDArray[np.bool_]) -> None:
    if gaps.any():
        line = table.line(int(gaps.argmax()))
        raise GraphError(f"{path}{f', line {line}' if line else ''}: has only one name; every line needs two")


def _is_matrix(square: pd.DataFrame) -> bool:
    """Whether cells are those of a graph's matrix: square, and 0 or 1, or the same both ways and 0 on the diagonal."""
    size = len(square)
    if not 3 <= size == square.shape[1]:
        return False
    numbers = square.apply(pd.to_numeric, errors="coerce").to_numpy(float)
    zeros_and_ones = size > 3 and bool(np.isin(numbers, (0, 1)).all())
    return zeros_and_ones or bool((np.diag(numbers) == 0).all() and (numbers == numbers.T).all())


def _refuse_matrix(path: Path, table: Table) -> None:
    """Refuse the matrix of a graph, whose cells are no names."""
    names = [(0, 0), (0, 1), (1, 1)]
    squares = [table.cells.iloc[above:, before:] for above, before in names]
    if any(map(_is_matrix, squares)):
        raise GraphError(
            f"{path}: looks like the matrix of a graph; write its edges, two names a line, "
            "or a .mtx file (MatrixMarket), or give graph=networkx.from_numpy_array(matrix)"
        )
