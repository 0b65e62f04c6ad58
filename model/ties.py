"""The social graph as a society keeps it: directed ties in compressed sparse rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..agents.chance import Purpose, uniforms
from ..agents.citizens import Rows
from ..agents.columns import Floats, Ints, Mask
from ..agents.compiled import compiled
from ..agents.records import Recorded
from ..agents.sight import sum_over_neighbours
from .networks import Edges

STRONG_SHARE = 0.2
"""Share of all ties, those with the highest resting trust, that count as strong."""

SPREAD = 0.3
"""Half the range over which ties' resting trust is spread evenly around its mean (model assumption)."""


@dataclass(eq=False, repr=False)
class Ties(Recorded):
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
    first
        float64, shape (M,), [0, 1]: level at which trust rested at first, to which `resting` heals.
    strong
        float64, shape (M,): 1 for a strong tie, 0 for the others. Strong are, from the start on, ties whose resting
        trust is in the top fifth of those at the start.
    """

    indptr: npt.NDArray[np.int64]
    who: npt.NDArray[np.uint32]
    whom: npt.NDArray[np.uint32]
    neighbours: Any
    reverse: Any
    trust: npt.NDArray[np.float64]
    resting: npt.NDArray[np.float64]
    accusations: npt.NDArray[np.int8]
    first: npt.NDArray[np.float64]
    strong: npt.NDArray[np.float64]
    places: int
    strong_count: int = 0
    strong_from: float = 1.0
    _heard: npt.NDArray[np.float64] | None = None
    _components: int | None = None

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
            zeros.copy(),
            zeros.copy(),
            size,
        )

    def __len__(self) -> int:
        return len(self.neighbours)

    def __repr__(self) -> str:
        return f"<Ties: {len(self):,} directed, among {len(self.indptr) - 1:,} citizens>"

    def recorded(self) -> dict[str, Any]:
        """The arrays, which compiled loops may all write."""
        names = ("indptr", "who", "whom", "neighbours", "reverse", "trust", "resting", "accusations", "first",
                 "strong")  # fmt: skip
        return {name: getattr(self, name) for name in names}

    def of(self, row: int) -> npt.NDArray[np.uint32]:
        """Rows of a citizen's neighbours."""
        return self.neighbours[self.indptr[row] : self.indptr[row + 1]]

    def ties_of(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Index of every tie of some citizens, one citizen's after the other's."""
        first, count = self.indptr[rows], np.diff(self.indptr)[rows]
        ends = np.cumsum(count)
        return np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - (ends - count), count)

    def owners(self) -> npt.NDArray[np.int64]:
        """Row of the owner of every tie, shape (M,)."""
        return np.repeat(np.arange(len(self.indptr) - 1), np.diff(self.indptr))

    def rest(self, seed: npt.NDArray[np.uint32], mean: float, rated: npt.NDArray[np.float64] | None = None) -> None:
        """Draw every tie's resting trust evenly around its mean, and start there.

        Where `rated` (shape (M,)) is not NaN it is the resting trust instead.
        """
        self.resting[:] = drawn_resting(seed, self.who, self.whom, mean)
        if rated is not None:
            self.resting[:] = np.where(np.isnan(rated), self.resting, rated)
        self.trust[:] = self.first[:] = self.resting
        if len(self):
            self.strong_from = float(np.quantile(self.resting, 1 - STRONG_SHARE))
        self.strong[:] = self.resting >= self.strong_from
        self.strong_count = int(self.strong.sum())

    def find(self, owners: npt.ArrayLike, others: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """Index of the tie from each of some rows to each of others; −1 where there is none."""
        size = len(self.indptr) - 1
        key = self.owners() * size + self.neighbours
        order = np.argsort(key, kind="stable")
        wanted = np.asarray(owners, np.int64) * size + np.asarray(others, np.int64)
        at = np.minimum(np.searchsorted(key[order], wanted), max(0, len(key) - 1))
        found = order[at] if len(key) else np.zeros(len(wanted), np.int64)
        return np.where(key[found] == wanted, found, -1) if len(key) else found - 1

    def remove(self, gone: npt.NDArray[np.bool_]) -> None:
        """Remove citizens, with all ties from and to them; the other rows keep their order."""
        keep = np.ones(len(self), bool)
        theirs = self.ties_of(np.flatnonzero(gone))
        keep[theirs] = keep[self.reverse[theirs]] = False
        nobody = np.empty(0, np.int64)
        source, now_at, indptr = merged(self.indptr, keep, self.neighbours, nobody, nobody, self.neighbours[:0])
        self._arrange(source, now_at, {})
        renumber(self.neighbours, (np.cumsum(~gone) - 1).astype(np.uint32))
        self._settle(indptr[np.concatenate([[True], ~gone])])

    def replace(
        self,
        dropped: npt.NDArray[np.int64],
        u: npt.NDArray[np.int64],
        v: npt.NDArray[np.int64],
        identity: npt.NDArray[np.uint32],
        seed: npt.NDArray[np.uint32],
        mean: float,
    ) -> None:
        """Drop ties, in both directions, and tie row u[k] with v[k] for every k, at their drawn resting trust."""
        keep = np.ones(len(self), bool)
        keep[dropped] = keep[self.reverse[dropped]] = False
        owner, other = np.concatenate([u, v]), np.concatenate([v, u])
        # Rows are ordered by place: of newcomers it is the identity of the first at the place that tells.
        place: Any = (identity % np.uint32(self.places)).astype(np.uint32)
        order = np.lexsort((place[other], owner))
        owner, other = owner[order], other[order]
        who, whom = identity[owner], identity[other]
        resting = drawn_resting(seed, who, whom, mean)
        strong = (resting >= self.strong_from).astype(np.float64)
        # The other direction of the k-th new edge is the k-th of the other half.
        back = np.empty(len(order), np.int64)
        back[order] = np.arange(len(order))
        reverse = len(self) + back[(order + len(u)) % len(order)]
        source, now_at, indptr = merged(self.indptr, keep, self.neighbours, owner, other, place)
        fresh = {"who": who, "whom": whom, "neighbours": other, "reverse": reverse, "trust": resting,
                 "resting": resting, "first": resting, "strong": strong,
                 "accusations": np.zeros(len(order))}  # fmt: skip
        self._arrange(source, now_at, fresh)
        self._settle(indptr)

    def _arrange(
        self, source: npt.NDArray[np.uint32], now_at: npt.NDArray[np.uint32], fresh: dict[str, npt.NDArray[Any]]
    ) -> None:
        """Bring ties, the old ones and then the `fresh` ones, into the order of `source`."""
        # The record would keep every old array until the last one is arranged.
        self.renew()
        for name in ("reverse", "who", "whom", "neighbours", "trust", "resting", "accusations", "first",
                     "strong"):  # fmt: skip
            old = getattr(self, name)
            new = fresh[name].astype(old.dtype) if fresh else old[:0]
            setattr(self, name, arranged(old, new, source))
            if name == "reverse":
                renumber(self.reverse, now_at)

    def _settle(self, indptr: npt.NDArray[np.int64]) -> None:
        self.indptr = indptr
        self.strong_count = int(self.strong.sum())
        self._heard = self._components = None
        self.renew()

    def heard(self) -> npt.NDArray[np.float64]:
        """Weight with which each citizen enters its neighbours' means, Σ 1 / (ties of the neighbour); shape (N,)."""
        if self._heard is None:
            self._heard = sum_over_neighbours(self.indptr, self.neighbours, 1 / np.maximum(1, np.diff(self.indptr)))
        return self._heard

    def components(self) -> int:
        """Number of connected components."""
        if self._components is None:
            self._components = count_components(self.indptr, self.neighbours)
        return self._components


@compiled
def merged(
    indptr: Ints, keep: npt.NDArray[np.bool_], neighbours: Rows, owner: Ints, other: Ints, place: Rows
) -> tuple[Mask, Mask, Ints]:
    """Order of the ties when some are dropped and others come in, each row by the places of its neighbours.

    The new ties, in the same order, count on from the old ones. Returns the tie that is now at each
    index, the index at which each tie is now, and the beginnings of the rows.
    """
    old, fresh = len(keep), len(owner)
    source = np.empty(old + fresh, np.uint32)
    now_at = np.empty(old + fresh, np.uint32)
    rows = np.empty(len(indptr), np.int64)
    rows[0] = 0
    at, new = 0, 0
    for i in range(len(indptr) - 1):
        for t in range(indptr[i], indptr[i + 1]):
            if not keep[t]:
                continue
            while new < fresh and owner[new] == i and place[other[new]] < place[neighbours[t]]:
                source[at], now_at[old + new] = old + new, at
                new += 1
                at += 1
            source[at], now_at[t] = t, at
            at += 1
        while new < fresh and owner[new] == i:
            source[at], now_at[old + new] = old + new, at
            new += 1
            at += 1
        rows[i + 1] = at
    return source[:at], now_at, rows


@compiled
def arranged(old: Floats, fresh: Floats, source: Mask) -> Floats:
    """Values of the old ties and then the fresh ones, in the order of `source`; of any type."""
    values = np.empty(len(source), old.dtype)
    for k in range(len(source)):
        t = np.int64(source[k])
        values[k] = old[t] if t < len(old) else fresh[t - len(old)]
    return values


@compiled
def renumber(numbers: Mask, now: Mask) -> None:
    """Write instead of each number what it is now."""
    for k in range(len(numbers)):
        numbers[k] = now[np.int64(numbers[k])]


@compiled
def count_components(indptr: Ints, neighbours: Rows) -> int:
    """Number of connected components of a graph in compressed sparse rows."""
    size = len(indptr) - 1
    seen = np.zeros(size, np.bool_)
    waiting = np.empty(size, np.int64)
    found = 0
    for i in range(size):
        if seen[i]:
            continue
        found += 1
        seen[i] = True
        waiting[0] = i
        left = 1
        while left > 0:
            left -= 1
            at = waiting[left]
            for t in range(indptr[at], indptr[at + 1]):
                j = neighbours[t]
                if not seen[j]:
                    seen[j] = True
                    waiting[left] = j
                    left += 1
    return found


def drawn_resting(
    seed: npt.NDArray[np.uint32], who: npt.NDArray[np.uint32], whom: npt.NDArray[np.uint32], mean: float
) -> npt.NDArray[np.float64]:
    """Resting trust of ties, drawn evenly around a mean for each pair, the same both ways, whenever they tie."""
    spread = min(SPREAD, mean, 1 - mean)
    return mean + spread * (2 * uniforms(seed, Purpose.TIE, 0, np.minimum(who, whom), np.maximum(who, whom)) - 1)
