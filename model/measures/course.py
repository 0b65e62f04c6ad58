"""Measures of a whole run: how long it takes, what remains, who climbs and who is held down.

Unlike the weekly measures these take what was recorded: series from `Society.history`, and copies of citizens' columns
from `History.copies` stacked over weeks.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

YEAR = 52


def time_to_norm(series: npt.ArrayLike, level: float) -> float:
    """First week from which on a series never falls below `level` again; NaN if it ends below.

    Parameters
    ----------
    series
        Shape (weeks,): such as compliance, week 1 first.
    level
        What counts as the norm being established, in the unit of the series.
    """
    below = np.flatnonzero(np.asarray(series) < level)
    if len(below) == 0:
        return 1.0
    return float(below[-1] + 2) if below[-1] + 1 < len(np.asarray(series)) else np.nan


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


def trust_per_report(trust: npt.ArrayLike, trust_without: npt.ArrayLike, reports: npt.ArrayLike) -> float:
    """Trust lost per report: (trust without − trust with, at the end) / reports made until then, a citizen.

    The two runs are the same people with the same luck, with and without somewhere to report to. NaN without reports.
    """
    made = float(np.asarray(reports, float).sum())
    lost = float(np.asarray(trust_without, float)[-1] - np.asarray(trust, float)[-1])
    return lost / made if made > 0 else np.nan


def tiers_of(scores: npt.ArrayLike, floors: npt.ArrayLike) -> Ints:
    """Tier of each score, 0 the lowest; −1 without a score. `floors` are in ascending order, the lowest included."""
    values = np.asarray(scores, float)
    tier = np.searchsorted(np.asarray(floors, float)[1:], values, side="right")
    return np.where(np.isnan(values), -1, tier)


def mobility(scores: npt.ArrayLike, floors: npt.ArrayLike, weeks: int = YEAR) -> Floats:
    """Chance of being in each tier (columns) some weeks after being in each tier (rows).

    Parameters
    ----------
    scores
        Shape (weeks, N), in points; NaN for who has none.
    floors
        Floors of the K tiers, ascending.
    weeks
        Distance.

    Returns
    -------
    array
        Shape (K, K); rows add up to 1, or are NaN where nobody was in the tier. A mobility matrix: Shorrocks 1978,
        Econometrica 46(5).
    """
    tier = tiers_of(scores, floors)
    k = len(np.asarray(floors))
    counts = np.zeros((k, k))
    if len(tier) > weeks:
        before, after = tier[:-weeks].ravel(), tier[weeks:].ravel()
        known = (before >= 0) & (after >= 0)
        np.add.at(counts, (before[known], after[known]), 1)
    total = counts.sum(axis=1, keepdims=True)
    return np.divide(counts, total, out=np.full((k, k), np.nan), where=total > 0)


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


def spells(on: Flags) -> tuple[Ints, Flags]:
    """Lengths of the spells on a list, in weeks, and whether each ended within the record.

    Parameters
    ----------
    on
        Shape (weeks, N).
    """
    edges = np.diff(np.concatenate([np.zeros((1, on.shape[1]), np.int8), on.astype(np.int8)]), axis=0)
    start_week, _who = np.nonzero(edges.T == 1)[::-1]
    closed = np.concatenate([edges, -on[-1:].astype(np.int8)])
    end_week, _ = np.nonzero(closed.T == -1)[::-1]
    return (end_week - start_week).astype(np.int64), end_week < len(on)


def exit_rate(on: Flags) -> float:
    """Spells ended a year and listed citizen: ends / weeks spent on the list · 52; NaN if nobody is listed."""
    spent = int(on[:-1].sum())
    return int((on[:-1] & ~on[1:]).sum()) / spent * YEAR if spent else np.nan
