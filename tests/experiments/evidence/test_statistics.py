"""Intervals: known answers, and that they cover as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from glasshouse.experiments.evidence.statistics import (
    bootstrap_interval,
    estimate,
    mean_and_half,
    paired_difference,
    ratio_and_half,
)


def test_an_estimate_is_students_interval():
    values = np.array([1.0, 2.0, 4.0, 8.0])
    found = estimate(values)
    low, high = stats.t.interval(0.95, 3, values.mean(), stats.sem(values))
    assert (found.mean, found.n) == (3.75, 4)
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-12)
    mean, half = mean_and_half(np.stack([values, values * 2]))
    assert half == pytest.approx([high - 3.75, 2 * (high - 3.75)]) and mean.tolist() == [3.75, 7.5]


def test_what_does_not_exist_does_not_count():
    found = estimate([1.0, np.nan, 3.0, np.inf])
    assert (found.mean, found.n) == (2.0, 2)
    assert np.isnan(estimate([1.0, np.nan]).low)
    assert mean_and_half([5.0])[1] == 0


def test_intervals_cover_as_often_as_they_say():
    luck = np.random.default_rng(5)
    worlds = luck.normal(1.0, 2.0, (4000, 8))
    mean, half = mean_and_half(worlds, 0.9)
    covered = int((np.abs(mean - 1.0) <= half).sum())
    # Wrong once in a million.
    assert stats.binom.ppf(5e-7, 4000, 0.9) <= covered <= stats.binom.ppf(1 - 5e-7, 4000, 0.9)


def test_a_pair_with_the_same_luck_saves_pairs():
    luck = np.random.default_rng(3)
    a = luck.normal(0, 1, 40)
    found = paired_difference(a, a + 0.5 + luck.normal(0, 0.1, 40))
    assert found.low < 0.5 < found.high and found.n == 40
    assert found.variance_saved > 50
    assert found.mean == pytest.approx(found.b - found.a)


def test_a_bootstrap_of_equal_values_is_that_value():
    assert bootstrap_interval(np.full(5, 2.0)) == (2.0, 2.0)
    values = np.arange(20.0)
    assert bootstrap_interval(values) == bootstrap_interval(values)


def test_a_ratio_has_its_jackknife():
    above, below = np.array([2.0, 4.0, 6.0]), np.array([1.0, 2.0, 3.0])
    ratio, half = ratio_and_half(above, below)
    assert ratio == 2 and half == 0
    whole, spread = ratio_and_half(np.array([1.0, 5.0, 3.0]), below)
    without = np.array([8 / 5, 4 / 4, 6 / 3])
    assert whole == 1.5
    error = np.sqrt(2 / 3 * ((without - without.mean()) ** 2).sum())
    assert spread == pytest.approx(stats.t.ppf(0.975, 2) * error)
