"""Revolutions, reputations, dissent and disclosure: their numbers, and what citizens have in common with them."""

from __future__ import annotations

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.experiments.evidence.docking import daymude, disclosure, kuran, reputation
from tests.support.docking import watched
from tests.support.scenes import one_domain

QUICK = [check for module in (kuran, daymude, disclosure, reputation) for check in module.CHECKS if not check.full]


@pytest.mark.parametrize("check", QUICK, ids=lambda check: check.name)
def test_numbers(check):
    assert check.low <= check.measure() <= check.high


@pytest.mark.slow
@pytest.mark.parametrize("name", reputation.LEVELS)
def test_cooperation_under_the_leading_eight(name):
    assert reputation.cooperation(name) == pytest.approx(reputation.LEVELS[name], abs=0.04)


@pytest.mark.parametrize(("says", "thresholds", "expected"), kuran.PUBLISHED, ids=lambda each: str(each)[:12])
def test_public_opposition_is_who_speaks_up_among_citizens_who_do_as_is_usual(says, thresholds, expected):
    """A citizen with conviction x speaks up (deviates) once J (2z − 1) no longer outweighs λ (1 − 2x).

    With β = ∞, λ = 2 and J = 1 that is where m of nine others have, and x < ¼ + m / 18. A threshold of k people is the
    conviction ¼ + (k − ½) / 18.
    """
    people = np.array(thresholds) / 100 * 10
    conviction = 0.25 + (people - 0.5) / 18
    changes = {"population.size": 10, "population.network": "complete", "citizens.rationality": float("inf"),
               "citizens.conviction_weight": 2.0}  # fmt: skip
    initial = {"conviction": conviction[:, None], "complies": 1, "expectation": 1.0}
    society = gh.Society(one_domain(changes), rng=1, initial=initial)
    society.run_for(12)
    assert 100 * (1 - society.citizens.complies.mean()) == pytest.approx(expected)


def test_who_dares_is_who_deviates_under_uniform_punishment():
    """Between acting at the tolerance and at the desire, β (δ − τ) against what being found more often costs.

    That is a citizen whose complying costs β (δ − τ), with the loss ψ times the chance of being found, ν + (1 − ν) δ.
    """
    authority = daymude.UNIFORM
    desires = np.random.default_rng(3).uniform(authority.tolerance + 1e-6, 1, 1500)
    found = authority.surveillance + (1 - authority.surveillance) * desires
    # Conviction stands for the cost, which is a person's own there: λ (2x − 1) = −β (δ − τ).
    conviction = (1 - authority.boldness * (desires - authority.tolerance)) / 2
    changes = {"domains.speech.loss": authority.severity, "citizens.consequence.prior": 1.0}
    society = watched(changes, conviction, found)
    society.step()
    dares = np.array([daymude.best(authority, float(desire)) > authority.tolerance for desire in desires])
    assert 0.2 < dares.mean() < 0.8
    np.testing.assert_array_equal(society.citizens.complies[:, 0] == 0, dares)


def test_sellers_hide_as_seekers_do():
    """Those of `partner_market` decide by the same comparison; its closed form is held in the trial H6."""
    for cost, naive in ((0.05, 0.1), (0.05, 0.5), (0.2, 0.9)):
        assert disclosure.hiding(cost, naive) == pytest.approx(disclosure.threshold(cost, naive), abs=2e-3)


def test_the_leading_eight_agree_on_five_cases():
    rules = np.array([reputation.assessment(name) for name in reputation.FREE])
    same = (rules == rules[0]).all(axis=0)
    assert same.sum() == 5 and len({rule.tobytes() for rule in rules}) == 8
