"""Columns: what the citizens' state consists of, each with an owner, a lifetime and, where several add to it, a rule.

A column is declared as an attribute of its owner: of `Citizens`, or of the one institution that keeps it. `Citizens`
holds them all, one row a citizen, and clears each when its lifetime is over, in one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

INF = np.inf

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bits = npt.NDArray[np.int8]
Mask = npt.NDArray[np.uint32]

Lifetime = Literal["always", "stated", "perceive", "act", "watch", "judge", "score", "sanction", "mingle"]
"""How long a value holds: always; until institutions state anew what holds; or until that phase of the next week."""

Rule = Literal["", "max", "either", "sum", "product"]


@dataclass(frozen=True)
class Column:
    """What a column holds.

    Attributes
    ----------
    dtype
        Type of its values.
    by_domain
        Whether it has shape (N, D), one value for each domain, rather than (N,).
    low, high, unit, says
        Range, unit and meaning.
    until
        Lifetime: when the column goes back to `neutral`. Whatever is not kept `always` does so too when institutions
        state anew what holds.
    rule
        How what several institutions contribute is put together: the largest, the chance of at least one of
        independent ones, the sum, or the product; never above `high`. Empty where nobody contributes.
    neutral
        Value without any event or contribution.
    name
        Its name.
    """

    dtype: type[np.generic]
    by_domain: bool
    low: float
    high: float
    unit: str
    says: str
    until: Lifetime = "always"
    rule: Rule = ""
    neutral: float = 0.0
    name: str = ""

    def __set_name__(self, owner: type, name: str) -> None:
        object.__setattr__(self, "name", name)

    def empty(self, size: int, domains: int) -> npt.NDArray[Any]:
        """Array of neutral values. Domains come one after the other in memory, citizens side by side."""
        return np.full((size, domains) if self.by_domain else size, self.neutral, self.dtype, order="F")

    def fault(self, values: npt.ArrayLike, shape: tuple[int, ...]) -> str:
        """What is wrong with values that are to be written, in words after the column's name; empty if nothing."""
        try:
            given = np.asarray(values)
        except ValueError:
            return "has rows of different lengths"
        if given.dtype.kind not in "biuf":
            return f"is {values!r:.40}; give numbers"
        try:
            wide = np.broadcast_to(given, shape)
        except ValueError:
            return f"has shape {given.shape}; it must fit {shape}"
        # Where nothing is NaN, such as no score, that is a value too.
        missing = np.isnan(wide) if np.isnan(self.neutral) else False
        if not bool((np.isfinite(wide) & (wide >= self.low) & (wide <= self.high) | missing).all()):
            return f"has values outside its range, {self.low:g} to {self.high:g}"
        if np.issubdtype(self.dtype, np.integer) and not bool((np.floor(wide) == wide).all()):
            return "has fractions; give whole numbers"
        return ""

    def contribute(
        self, column: npt.NDArray[Any], values: npt.ArrayLike, times: npt.NDArray[Any] | None, rows: Ints | None
    ) -> None:
        """Put one more contribution into a column, or some rows of it, by its rule."""
        if rows is not None:
            part = column[rows]
            self._put(part, values)
            column[rows] = part
        elif times is not None:
            # Domain by domain, since citizens are side by side in memory.
            for d in range(len(times)):
                self._put(column[:, d], np.multiply(values, times[d]))
        else:
            self._put(column, values)

    def _put(self, column: npt.NDArray[Any], values: npt.ArrayLike) -> None:
        match self.rule:
            case "max":
                np.maximum(column, values, out=column)
            case "either":
                # As `either` has it, in place.
                np.subtract(1, column, out=column)
                np.multiply(column, 1 - np.asarray(values), out=column)
                np.subtract(1, column, out=column)
            case "sum":
                np.add(column, values, out=column)
            case "product":
                np.multiply(column, values, out=column)
            case _:
                raise ValueError(f"nobody contributes to {self.name}; it has no rule")
        if np.isfinite(self.high) and self.rule == "sum":
            np.minimum(column, self.high, out=column)


def rows_of(column: npt.NDArray[Any], rows: Ints) -> npt.NDArray[Any]:
    """Copy of some rows of a column, its citizens side by side in memory again."""
    taken = np.empty((len(rows), *column.shape[1:]), column.dtype, order="F")
    # Domain by domain: along the first axis of such a column NumPy takes number by number.
    before, after = (array.reshape(len(array), -1, order="F") for array in (column, taken))
    for d in range(after.shape[1]):
        np.take(before[:, d], rows, out=after[:, d], mode="clip")
    return taken


def either(a: npt.ArrayLike, b: npt.ArrayLike) -> Any:
    """Chance that at least one of two independent watchers sees: 1 − (1 − a)(1 − b)."""
    return 1 - (1 - np.asarray(a)) * (1 - np.asarray(b))


def by_domain(
    low: float,
    high: float,
    unit: str,
    says: str,
    dtype: type[np.generic] = np.float64,
    *,
    until: Lifetime = "always",
    rule: Rule = "",
) -> Any:
    """Column of shape (N, D)."""
    return Column(dtype, True, low, high, unit, says, until, rule)


def each(
    low: float,
    high: float,
    unit: str,
    says: str,
    dtype: type[np.generic] = np.float64,
    *,
    until: Lifetime = "always",
    rule: Rule = "",
    neutral: float = 0.0,
) -> Any:
    """Column of shape (N,)."""
    return Column(dtype, False, low, high, unit, says, until, rule, neutral)


def mask(says: str, until: Lifetime) -> Any:
    """Column of shape (N,): a set of domains, bit d standing for domain d."""
    return Column(np.uint32, False, 0, 2**32 - 1, "set of domains", says, until)


def declared(owner: type) -> dict[str, Column]:
    """Columns that a class declares, by name, in order."""
    return {name: value for name, value in vars(owner).items() if isinstance(value, Column)}


def as_mask(bits: npt.NDArray[np.integer[Any]]) -> Mask:
    """Sets of domains from zeros and ones along the last axis."""
    return (bits.astype(np.uint32) << np.arange(bits.shape[-1], dtype=np.uint32)).sum(axis=-1, dtype=np.uint32)
