"""Measures of a whole run: what remains, and who is held down.

Unlike the weekly measures these take what was recorded: series from `Society.history`, and copies of citizens' columns
from `History.copies` stacked over weeks.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

YEAR = 52


def hysteresis_area(strength: npt.ArrayLike, outcome: npt.ArrayLike) -> float:
    r"""Area of the loop that an outcome describes while a strength goes up and comes back.

    .. math:: \oint outcome \, d(strength)

    by trapezes, the loop closed; 0 if the way back is the way up, positive where the outcome stays higher on the way
    back. In the product of the two units.
    """
    x, y = np.asarray(strength, float), np.asarray(outcome, float)
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(f"strength has shape {x.shape} and outcome {y.shape}; both must be the same list of points")
    return float(-((y + np.roll(y, -1)) / 2 * (np.roll(x, -1) - x)).sum())


def hole(scores: npt.ArrayLike, floor: float, weeks: int = YEAR) -> float:
    """Chance that someone below a floor has reached it at some time in the `weeks` that follow, [0, 1].

    `scores` has shape (weeks, N). NaN where nobody was below, or the run is too short. A low value is a hole: who is in
    it stays in it.
    """
    values = np.asarray(scores, float)
    starts = range(0, len(values) - weeks, max(1, weeks // 4))
    left = found = 0
    for start in starts:
        below = values[start] < floor
        found += int(below.sum())
        left += int((values[start + 1 : start + 1 + weeks, below] >= floor).any(axis=0).sum())
    return left / found if found else np.nan


def exit_rate(on: Flags) -> float:
    """Spells ended a year and listed citizen: ends / weeks spent on the list · 52; NaN if nobody is listed."""
    spent = int(on[:-1].sum())
    return int((on[:-1] & ~on[1:]).sum()) / spent * YEAR if spent else np.nan
