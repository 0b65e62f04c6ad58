"""Whole numbers, as everything public takes them."""

from __future__ import annotations

from math import inf
from typing import Any

from ..agents.plain import plain
from .errors import GlasshouseError, shown


def whole(given: Any, name: str, low: int, high: float = inf, fault: type[GlasshouseError] = GlasshouseError) -> int:
    """A whole number in a range, as Python's own.

    NumPy's whole numbers are taken too. True, 2.7, and also 2.0, are refused: what was computed as a fraction is never
    rounded silently, and the rule is the same in Python, in files and on the command line.

    Parameters
    ----------
    given
        What was given.
    name
        Its name, for the message.
    low, high
        Bounds, both included.
    fault
        Error to raise.
    """
    number = plain(given)
    if type(number) is not int or not low <= number <= high:
        bounds = f"of at least {low}" if high == inf else f"from {low} to {high}"
        raise fault(f"{name} {shown(given)}: give a whole number {bounds}, written without a point")
    return number
