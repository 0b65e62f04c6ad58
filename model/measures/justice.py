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


def correlation(x: Floats, y: Floats) -> float:
    """Pearson correlation, [−1, 1]; NaN where either does not vary."""
    x, y = x - x.mean(), y - y.mean()
    scale = np.sqrt((x * x).sum() * (y * y).sum())
    return float((x * y).sum() / scale) if scale > 0 else np.nan


@compiled
def assortativity(indptr: Ints, neighbours: npt.NDArray[np.uint32], values: Floats) -> float:
    """Correlation of the values at the two ends of a tie (Newman 2003), [−1, 1]; ties to NaN do not count."""
    count = 0
    first = 0.0
    for i in range(len(values)):
        if not np.isnan(values[i]):
            for t in range(indptr[i], indptr[i + 1]):
                if not np.isnan(values[neighbours[t]]):
                    count += 1
                    first += values[i]
    if count == 0:
        return np.nan
    mean = first / count
    product = 0.0
    square = 0.0
    for i in range(len(values)):
        if not np.isnan(values[i]):
            others = 0.0
            known = 0
            for t in range(indptr[i], indptr[i + 1]):
                value = values[neighbours[t]]
                if not np.isnan(value):
                    others += value - mean
                    known += 1
            product += (values[i] - mean) * others
            square += known * (values[i] - mean) ** 2
    return product / square if square > 0 else np.nan


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
    everyone = bool(has.all())
    score = c.score if everyone else c.score[has]
    scored = society.domains.scored.astype(np.float64)
    scored /= max(1.0, scored.sum())
    conviction, unobserved = weighted_rows(c.conviction, scored), weighted_rows(c.complies_unobserved, scored)
    values = (
        float(score.mean()),
        gini(score - society.conditions.score_range[0]),
        correlation(score, conviction if everyone else conviction[has]),
        correlation(score, unobserved if everyone else unobserved[has]),
        correlation(score, c.wealth if everyone else c.wealth[has]),
        assortativity(society.ties.indptr, society.ties.neighbours, c.score),
    )
    return dict(zip(SCORE_COLUMNS, values, strict=True))


@compiled
def weighted_rows(values: npt.NDArray[np.generic], weights: Floats) -> Floats:
    """Weighted sum of every row."""
    out = np.zeros(len(values))
    for i in range(len(values)):
        for d in range(len(weights)):
            out[i] += weights[d] * values[i, d]
    return out
