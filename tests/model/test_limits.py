"""The limits in which the literature knows the answer, by switching terms off; nothing is special-cased."""

from __future__ import annotations

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.experiments.evidence.verification.known_answers import (
    CHECKS,
    cascade,
    roots,
    run_thresholds,
    settled_mean,
)
from tests.support.scenes import STILL


@pytest.mark.parametrize("check", [check for check in CHECKS if not check.full], ids=lambda check: check.name)
def test_known_answers(check):
    assert check.low <= check.measure() <= check.high


def test_granovetter_everyone_riots():
    assert run_thresholds(list(range(100))) == 100


def test_granovetter_one_threshold_stops_the_riot():
    assert run_thresholds([0, 2, 2, *range(3, 100)]) == 1


@pytest.mark.parametrize(
    ("threshold", "degree", "global_cascades"),
    [
        (0.18, 0.8, False),
        (0.18, 1.5, True),
        (0.18, 5.0, True),
        (0.18, 6.5, False),
        (0.25, 0.8, False),
        (0.25, 1.5, True),
        (0.25, 3.4, True),
        (0.25, 4.6, False),
    ],
)
def test_watts_cascade_window(threshold, degree, global_cascades):
    """Inside (1.021, 5.765) for .18 and (1.114, 3.863) for .25 a single seed can set off a global cascade."""
    largest = max(cascade(degree, threshold, seed) for seed in range(12))
    assert (largest > 0.2) == global_cascades, largest


def test_brock_durlauf_one_root_below_the_critical_rationality():
    (root,) = roots(1.5, 0.1)
    assert settled_mean(1.5, 0.1, -1) == pytest.approx(root, abs=0.02)
    assert settled_mean(1.5, 0.1, 1) == pytest.approx(root, abs=0.02)


def test_brock_durlauf_three_roots_above_it():
    low, middle, high = roots(3.0, 0.02)
    assert settled_mean(3.0, 0.02, -1) == pytest.approx(low, abs=0.02)
    assert settled_mean(3.0, 0.02, 1) == pytest.approx(high, abs=0.02)
    # The middle root is unstable: it parts what falls from what rises.
    assert settled_mean(3.0, 0.02, middle - 0.12) == pytest.approx(low, abs=0.02)
    assert settled_mean(3.0, 0.02, middle + 0.12) == pytest.approx(high, abs=0.02)


def test_without_institutions_nothing_presses_in_what_nobody_sees():
    society = gh.Society("baseline", rng=2, **{"population.size": 500, "domains.inquiry.openness": 0.0})
    society.history_record.columns = ("complies", "complies_unobserved")
    society.run_for(30)
    d = society.domains.names.index("inquiry")
    for public, unobserved in zip(*society.history_record.copies.values(), strict=True):
        np.testing.assert_array_equal(public[:, d], unobserved[:, d])
    assert society.history[["reports", "wrongful", "exposure_authority", "disclosed"]].to_numpy().max() == 0
    assert society.history["score_mean"].isna().all()


def test_still_convictions_do_not_move():
    society = gh.Society(
        gh.Scenario.load("visible-score").change(STILL), rng=2, **{"population.size": 200, "population.turnover": 0.0}
    )
    society.run_for(20)
    np.testing.assert_array_equal(society.citizens.conviction, society.citizens.start_conviction)
    assert society.history["internalised"].abs().max() == 0
