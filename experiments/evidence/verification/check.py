"""What a check is: a number that is computed, and the range that it must lie in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """A claim that a reader can have computed anew.

    Attributes
    ----------
    name
        A short name, its own among all checks.
    group
        What kind it is of, the heading it is printed under.
    compares
        What is compared with what, in a sentence.
    source
        Where the expected number comes from.
    low, high
        The range that the number must lie in; both ends belong to it.
    measure
        Computes the number. Checks that need the same runs share them through a cache of their own.
    full
        Whether it takes so long that only the full verification has it.
    expected
        The expected number itself, where it is one rather than a range.
    here
        Whether what it needs is here: an installed package has neither tests nor recorded tables.
    """

    name: str
    group: str
    compares: str
    source: str
    low: float
    high: float
    measure: Callable[[], float]
    full: bool = False
    expected: float | None = None
    here: bool = True

    @classmethod
    def near(
        cls,
        name: str,
        group: str,
        compares: str,
        source: str,
        expected: float,
        tolerance: float,
        measure: Callable[[], float],
        full: bool = False,
    ) -> Check:
        """A check of a number that must come within a tolerance of another."""
        return cls(
            name, group, compares, source, expected - tolerance, expected + tolerance, measure, full, expected
        )  # fmt: skip
