"""Justice: sanctions and their errors, and how the score is spread."""

from __future__ import annotations

from math import inf, sqrt

import numpy as np
import numpy.typing as npt

from ...agents.base import Measure
from ...agents.compiled import compiled
from ...agents.view import SocietyView
from .declaring import GIVEN, gives
from .privacy import count_standings
from .sums import (
    ASSENT,
    ASSENT_SCORE,
    ASSENT_SQUARE,
    PAIRS,
    PRIVATE,
    PRIVATE_SCORE,
    PRIVATE_SQUARE,
    RESTORED,
    SANCTIONED,
    SCORE,
    SCORE_SQUARE,
    SCORED,
    WEALTH,
    WEALTH_SCORE,
    WEALTH_SQUARE,
    WRONGFUL,
    Sums,
)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bits = npt.NDArray[np.int8]


@gives(
    "justice",
    Measure("sanctions", "Sanctioned", "share of citizens", 0, 1,
            "Citizens sanctioned this week for at least one deviation."),
    Measure("wrongful", "Wrongly sanctioned", "share of citizens", 0, 1,
            "Citizens sanctioned this week for at least one deviation that did not happen."),
    Measure("restored", "Won an appeal", "share of citizens", 0, 1, "Citizens who won an appeal this week."),
)  # fmt: skip
def sanctions(_society: SocietyView, sums: Sums) -> dict[str, float]:
    """Sanctions this week."""
    return {
        "sanctions": sums.of[SANCTIONED] / sums.count,
        "wrongful": sums.of[WRONGFUL] / sums.count,
        "restored": sums.of[RESTORED] / sums.count,
    }


@compiled
def gini(counts: Ints) -> float:
    """Gini coefficient of the values 0, 1, 2, … that occur `counts` times, [0, 1); NaN if all are 0.

    Half the mean absolute difference over the mean: Σ (2 k − n − 1) x_k / (n Σ x_k), k from 1 to n, x ascending.
    """
    n = counts.sum()
    total = 0.0
    weighted = 0.0
    before = 0
    for value in range(len(counts)):
        total += value * counts[value]
        weighted += value * counts[value] * (2.0 * before + counts[value] - n)
        before += counts[value]
    return weighted / (n * total) if total > 0 else np.nan


def correlation(count: float, x: float, xx: float, y: float, yy: float, xy: float) -> float:
    """Pearson correlation from sums of x, x², y, y² and x·y, [−1, 1]; NaN where one does not vary."""
    spread_x = xx - x * x / count
    spread_y = yy - y * y / count
    if spread_x <= 1e-12 * xx or spread_y <= 1e-12 * yy:
        return np.nan
    return (xy - x * y / count) / sqrt(spread_x * spread_y)


def assortativity(pairs: float, first: float, square: float, product: float) -> float:
    """Correlation of the values at the two ends of a tie (Newman 2003), from sums over ties, [−1, 1]."""
    if pairs == 0:
        return np.nan
    mean = first / pairs
    variance = square / pairs - mean * mean
    return (product / pairs - mean * mean) / variance if variance > 1e-12 * square / pairs else np.nan


@gives(
    "justice",
    Measure("score_mean", "Mean score", "points", -inf, inf, "Mean of the scores."),
    Measure("score_gini", "Inequality of scores", "Gini", 0, 1,
            "Gini coefficient of the scores above the scheme's floor, in thousandths of its range."),
    Measure("score_conviction_correlation", "Score and conviction", "correlation", -1, 1,
            "What the score says about the heart: its correlation with mean conviction over the scored domains."),
    Measure("score_unobserved_correlation", "Score and unobserved acts", "correlation", -1, 1,
            "Correlation of the score with the share of scored domains in which one would comply unobserved."),
    Measure("score_wealth_correlation", "Score and wealth", "correlation", -1, 1,
            "Correlation of the score with wealth."),
    Measure("assortativity", "Likeness of neighbours' scores", "correlation", -1, 1,
            "Correlation of the scores at the two ends of a tie.",
            "Newman 2003, doi:10.1103/PhysRevE.67.026126"),
)  # fmt: skip
def scores(society: SocietyView, sums: Sums) -> dict[str, float]:
    """How the score is spread, and what it goes with; all NaN where nobody has one."""
    names = [measure.name for measure in GIVEN[scores]]
    count, of = sums.of[SCORED], sums.of
    if count == 0:
        return dict.fromkeys(names, np.nan)
    score, square = of[SCORE], of[SCORE_SQUARE]
    low, high = society.conditions.score_range
    values = (
        sums.around + score / count,
        gini(count_standings(society.citizens.score, low, high)),
        correlation(count, score, square, of[ASSENT], of[ASSENT_SQUARE], of[ASSENT_SCORE]),
        correlation(count, score, square, of[PRIVATE], of[PRIVATE_SQUARE], of[PRIVATE_SCORE]),
        correlation(count, score, square, of[WEALTH], of[WEALTH_SQUARE], of[WEALTH_SCORE]),
        assortativity(*sums.ties[PAIRS:]),
    )
    return dict(zip(names, values, strict=True))
