"""Justice: sanctions and their errors, and how the score is spread."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...agents.citizens import Lists
from ...agents.compiled import compiled
from ...agents.institutions import known_columns
from ...agents.view import SocietyView
from .privacy import standings

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bits = npt.NDArray[np.int8]

SCORE_COLUMNS = (
    "score_mean",
    "score_gini",
    "score_conviction_correlation",
    "score_unobserved_correlation",
    "score_wealth_correlation",
    "assortativity",
)


def sanctions(society: SocietyView) -> dict[str, float]:
    """Sanctions this week.

    Columns
    -------
    sanctions
        Share of citizens sanctioned for at least one deviation, [0, 1].
    wrongful
        Share of citizens sanctioned for at least one deviation that did not happen, [0, 1].
    restored
        Share of citizens who won an appeal, [0, 1].
    blacklisted
        Share of citizens on the blacklist, [0, 1].
    denials
        Attempts denied to those on it, a citizen, ≥ 0.
    denied_journeys
        Of these, the journeys.
    """
    c = society.citizens
    return {
        "sanctions": np.count_nonzero(c.sanctioned) / len(c),
        "wrongful": np.count_nonzero(c.wrongful) / len(c),
        "restored": np.count_nonzero(c.restored) / len(c),
        "blacklisted": np.count_nonzero(c.flags & np.uint32(Lists.BLACKLISTED)) / len(c),
        "denials": int(c.read("denials", known_columns()["denials"]).sum()) / len(c),
        "denied_journeys": int(c.read("denied_journeys", known_columns()["denials"]).sum()) / len(c),
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


@compiled
def correlations(
    lanes: tuple[int, ...],
    score: Floats,
    mean: float,
    conviction: Floats,
    unobserved: Bits,
    wealth: Floats,
    weights: Floats,
) -> tuple[float, float, float]:
    """Pearson correlations of the score (NaN left out) with conviction, unobserved compliance and wealth.

    Conviction and unobserved compliance are weighted means over domains. [−1, 1]; NaN where one does not vary.
    """
    count = 0
    s = s2 = a = a2 = as_ = b = b2 = bs = w = w2 = ws = 0.0
    for i in range(len(score)):
        x = score[i] - mean
        if np.isnan(x):
            continue
        p = 0.0
        q = 0.0
        for d in range(len(lanes)):
            p += weights[d] * conviction[i, d]
            q += weights[d] * unobserved[i, d]
        r = wealth[i]
        count += 1
        s += x
        s2 += x * x
        a += p
        a2 += p * p
        as_ += p * x
        b += q
        b2 += q * q
        bs += q * x
        w += r
        w2 += r * r
        ws += r * x
    return (
        _correlation(count, s, s2, a, a2, as_),
        _correlation(count, s, s2, b, b2, bs),
        _correlation(count, s, s2, w, w2, ws),
    )


@compiled
def _correlation(count: int, x: float, xx: float, y: float, yy: float, xy: float) -> float:
    spread_x = xx - x * x / count
    spread_y = yy - y * y / count
    if spread_x <= 1e-12 * xx or spread_y <= 1e-12 * yy:
        return np.nan
    return (xy - x * y / count) / np.sqrt(spread_x * spread_y)


@compiled
def assortativity(
    indptr: Ints, neighbours: npt.NDArray[np.uint32], values: Floats, has: Floats, around: float
) -> float:
    """Correlation of the values at the two ends of a tie (Newman 2003), [−1, 1].

    Ties count where both ends have a value (`has` is 1, else 0). `around` is a number near the values' mean, taken off
    for accuracy.
    """
    near = np.empty(len(values))
    for i in range(len(values)):
        near[i] = values[i] - around if has[i] else 0.0
    count = 0.0
    first = 0.0
    square = 0.0
    product = 0.0
    for i in range(len(near)):
        others = 0.0
        known = 0.0
        for t in range(indptr[i], indptr[i + 1]):
            others += near[neighbours[t]]
            known += has[neighbours[t]]
        known *= has[i]
        count += known
        first += known * near[i]
        square += known * near[i] * near[i]
        product += near[i] * others
    if count == 0:
        return np.nan
    mean = first / count
    variance = square / count - mean * mean
    return (product / count - mean * mean) / variance if variance > 1e-12 * square / count else np.nan


def scores(society: SocietyView) -> dict[str, float]:
    """How the score is spread, and what it goes with; all NaN where nobody has one.

    Columns
    -------
    score_mean
        Mean, in points.
    score_gini
        Gini coefficient of the scores above the scheme's floor, in thousandths of its range, [0, 1).
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
    weights = society.domains.scored / max(1, int(society.domains.scored.sum()))
    mean = float(score.mean())
    values = (
        mean,
        gini(np.bincount(standings(score, *society.conditions.score_range))),
        *correlations(society.domains.lanes, c.score, mean, c.conviction, c.complies_unobserved, c.wealth, weights),
        assortativity(society.ties.indptr, society.ties.neighbours, c.score, has.astype(np.float64), mean),
    )
    return dict(zip(SCORE_COLUMNS, values, strict=True))
