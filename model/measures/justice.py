"""Justice: sanctions and their errors, and how the score is spread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...agents.compiled import compiled

if TYPE_CHECKING:
    from ..society import Society

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SCORE_COLUMNS = (
    "score_mean",
    "score_gini",
    "score_conviction_correlation",
    "score_unobserved_correlation",
    "score_wealth_correlation",
    "assortativity",
)


def sanctions(society: Society) -> dict[str, float]:
    """Sanctions this week.

    Columns
    -------
    sanctions
        Share of citizens sanctioned for at least one deviation, [0, 1].
    wrongful
        Share of citizens sanctioned for at least one deviation that did not happen, [0, 1].
    restored
        Share of citizens who won an appeal, [0, 1].
    """
    c = society.citizens
    return {
        "sanctions": float((c.sanctioned > 0).mean()),
        "wrongful": float((c.wrongful > 0).mean()),
        "restored": float((c.restored > 0).mean()),
    }


def gini(values: Floats) -> float:
    """Gini coefficient of values ≥ 0: half the mean absolute difference over the mean, [0, 1). NaN if all are 0."""
    ordered = np.sort(values)
    total = float(ordered.sum())
    n = len(ordered)
    if total <= 0:
        return np.nan
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered) / (n * total)


@compiled
def correlation(x: Floats, y: Floats) -> float:
    """Pearson correlation over the pairs without NaN, [−1, 1]; NaN where either does not vary."""
    count = 0
    mean_x = 0.0
    mean_y = 0.0
    for i in range(len(x)):
        if not np.isnan(x[i]):
            count += 1
            mean_x += x[i]
            mean_y += y[i]
    mean_x /= count
    mean_y /= count
    xx = 0.0
    xy = 0.0
    yy = 0.0
    for i in range(len(x)):
        if not np.isnan(x[i]):
            a, b = x[i] - mean_x, y[i] - mean_y
            xx += a * a
            xy += a * b
            yy += b * b
    return xy / np.sqrt(xx * yy) if xx * yy > 0 else np.nan


@compiled
def assortativity(indptr: Ints, neighbours: npt.NDArray[np.uint32], values: Floats, around: float) -> float:
    """Correlation of the values at the two ends of a tie (Newman 2003), [−1, 1]; ties to NaN do not count.

    `around` is a number near the values' mean, taken off for accuracy.
    """
    count = 0
    first = 0.0
    square = 0.0
    product = 0.0
    for i in range(len(values)):
        mine = values[i] - around
        if np.isnan(mine):
            continue
        others = 0.0
        known = 0
        for t in range(indptr[i], indptr[i + 1]):
            value = values[neighbours[t]]
            if not np.isnan(value):
                others += value - around
                known += 1
        count += known
        first += known * mine
        square += known * mine * mine
        product += mine * others
    if count == 0:
        return np.nan
    mean = first / count
    variance = square / count - mean * mean
    return (product / count - mean * mean) / variance if variance > 1e-12 * square / count else np.nan


def scores(society: Society) -> dict[str, float]:
    """How the score is spread, and what it goes with; all NaN where nobody has one.

    Columns
    -------
    score_mean
        Mean, in points.
    score_gini
        Gini coefficient of the scores above the scheme's floor, [0, 1).
    score_conviction_correlation
        With mean conviction over the scored domains, [−1, 1]: what the score says about the heart.
    score_unobserved_correlation
        With the share of scored domains in which the citizen would comply unobserved, [−1, 1].
    score_wealth_correlation
        With wealth, [−1, 1].
    assortativity
        Correlation of the scores at the two ends of a tie, [−1, 1] (Newman 2003, doi:10.1103/PhysRevE.67.026126).
    """
    c = society.citizens
    if society.conditions.score_range[1] <= society.conditions.score_range[0]:
        return dict.fromkeys(SCORE_COLUMNS, np.nan)
    has = ~np.isnan(c.score)
    if not has.any():
        return dict.fromkeys(SCORE_COLUMNS, np.nan)
    score = c.score if has.all() else c.score[has]
    scored = society.domains.scored / max(1, int(society.domains.scored.sum()))
    mean = float(score.mean())
    lanes = society.domains.lanes
    values = (
        mean,
        gini(score - society.conditions.score_range[0]),
        correlation(c.score, weighted_rows(lanes, c.conviction, scored)),
        correlation(c.score, weighted_rows(lanes, c.complies_unobserved, scored)),
        correlation(c.score, c.wealth),
        assortativity(society.ties.indptr, society.ties.neighbours, c.score, mean),
    )
    return dict(zip(SCORE_COLUMNS, values, strict=True))


@compiled
def weighted_rows(lanes: tuple[int, ...], values: npt.NDArray[np.generic], weights: Floats) -> Floats:
    """Weighted sum of every row."""
    out = np.empty(len(values))
    for i in range(len(values)):
        total = 0.0
        for d in range(len(lanes)):
            total += weights[d] * values[i, d]
        out[i] = total
    return out
