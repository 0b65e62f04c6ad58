"""Means, differences, ratios and shares with their intervals: the one place where they are computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

CONFIDENCE = 0.95
RESAMPLES = 2000
"""Samples that a bootstrap draws."""


@dataclass(frozen=True)
class Estimate:
    """A number with its interval, and how many values it is of."""

    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Paired(Estimate):
    """Mean difference b − a of pairs, with its interval.

    Attributes
    ----------
    a, b
        Means of both.
    variance_saved
        How many times as many pairs it would take for the same interval if the two of a pair were independent.
    """

    a: float
    b: float
    variance_saved: float


def mean_and_half(values: npt.ArrayLike, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
    """Mean over the last axis and half the width of its interval (Student's t); 0 where there is one value alone."""
    from scipy import stats  # here, since it would slow down every start by a third of a second

    given = np.asarray(values, float)
    n = given.shape[-1]
    if n < 2:
        return given.mean(axis=-1), np.zeros(given.shape[:-1])
    return given.mean(axis=-1), stats.t.ppf((1 + confidence) / 2, n - 1) * given.std(axis=-1, ddof=1) / np.sqrt(n)


def estimate(values: npt.ArrayLike, confidence: float = CONFIDENCE) -> Estimate:
    """Mean of the values that exist, with its interval (Student's t); not a number where fewer than two exist."""
    known = np.asarray(values, float)
    known = known[np.isfinite(known)]
    if len(known) < 2:
        return Estimate(np.nan, np.nan, np.nan, len(known))
    mean, half = (float(value) for value in mean_and_half(known, confidence))
    return Estimate(mean, mean - half, mean + half, len(known))


def bootstrap_interval(
    values: Floats, statistic: Callable[..., Any] = np.mean, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Interval of a statistic (bias-corrected and accelerated bootstrap: Efron 1987), the same in every call."""
    if np.ptp(values) == 0:
        return float(statistic(values)), float(statistic(values))
    from scipy import stats  # here, since it would slow down every start by a third of a second

    rng = np.random.default_rng(1)
    found = stats.bootstrap((values,), statistic, n_resamples=RESAMPLES, confidence_level=confidence, rng=rng)
    return float(found.confidence_interval.low), float(found.confidence_interval.high)


def paired_difference(a: Floats, b: Floats, confidence: float = CONFIDENCE) -> Paired:
    """Mean difference b − a of pairs, with a bootstrap interval and what pairing saves."""
    difference = b - a
    low, high = bootstrap_interval(difference, confidence=confidence)
    apart, paired = a.var(ddof=1) + b.var(ddof=1), difference.var(ddof=1)
    saved = float(apart / paired) if paired > 0 else np.inf if apart > 0 else np.nan
    return Paired(float(difference.mean()), low, high, len(difference), float(a.mean()), float(b.mean()), saved)


def ratio_and_half(above: Floats, below: Floats, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
    """Ratio of means over the last axis and half the width of its interval, by the jackknife.

    The standard error is √((n − 1)/n · Σ (r₋ₖ − r̄)²), r₋ₖ the ratio without value k (Efron & Stein 1981), times
    Student's t.
    """
    from scipy import stats  # here, since it would slow down every start by a third of a second

    n = above.shape[-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = above.sum(axis=-1) / below.sum(axis=-1)
        without = (above.sum(axis=-1, keepdims=True) - above) / (below.sum(axis=-1, keepdims=True) - below)
        spread = np.sqrt((n - 1) / n * ((without - without.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1))
    return whole, stats.t.ppf((1 + confidence) / 2, max(1, n - 1)) * spread
