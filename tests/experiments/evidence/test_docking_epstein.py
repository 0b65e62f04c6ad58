"""Civil violence: its numbers, and its rule of rebelling as a limit of citizens' conviction and fear."""

from __future__ import annotations

from math import floor

import numpy as np
import pytest

from glasshouse.experiments.evidence.docking import epstein as docked
from tests.support.docking import watched

QUICK = [check for check in docked.CHECKS if not check.full]


@pytest.mark.parametrize("check", QUICK, ids=lambda check: check.name)
def test_numbers(check):
    assert check.low <= check.measure() <= check.high


def test_everybody_has_a_site_of_its_own_whatever_happens():
    model = docked.CivilViolence(rounding=floor, rng=2)
    for _ in range(25):
        model.step()
    sites = [actor.site for actor in model.actors]
    assert len(set(sites)) == len(sites) == (~model.empty).sum()
    assert model.cops.sum() == round(docked.COPS * docked.SIDE**2)
    for citizen in model.citizens:
        assert model.at[citizen.site] is citizen
        assert model.active[citizen.site] == citizen.active
        assert not (citizen.active and citizen.sentence)
    assert any(citizen.sentence for citizen in model.citizens)


def rebelling(hardship: np.ndarray, aversion: np.ndarray, legitimacy: float, arrest: np.ndarray) -> np.ndarray:
    """Who deviates among citizens with λ (1 − 2x) = H (1 − L) − T and loss · b · φ₁ = R · P, with λ = loss = φ₁ = 1."""
    conviction = (1 + docked.THRESHOLD - hardship * (1 - legitimacy)) / 2
    changes = {"domains.speech.loss": 1.0, "citizens.consequence.prior": 1.0}
    society = watched(changes, conviction, aversion * arrest)
    society.step()
    return society.citizens.complies[:, 0] == 0


@pytest.mark.parametrize("legitimacy", [0.3, 0.82, 0.89])
@pytest.mark.parametrize("arrest", [0.0, 0.9])
def test_citizens_rebel_as_agents_do_at_a_given_risk(legitimacy, arrest):
    hardship, aversion = np.random.default_rng(3).random((2, 5000))
    rebels = rebelling(hardship, aversion, legitimacy, np.full(5000, arrest))
    np.testing.assert_array_equal(rebels, docked.rebels(hardship, aversion, legitimacy, np.float64(arrest)))


def test_citizens_rebel_as_agents_do_at_the_risk_where_they_stand():
    """Each agent's own risk given, wherever police and rebels have come to stand: the same would rebel."""
    model = docked.CivilViolence(legitimacy=0.3, rng=1)  # So little that risks differ much from place to place.
    for _ in range(10):
        model.step()
    hardship = np.array([citizen.hardship for citizen in model.citizens])
    aversion = np.array([citizen.aversion for citizen in model.citizens])
    arrest = np.array([citizen.arrest() for citizen in model.citizens])
    rebels = rebelling(hardship, aversion, model.legitimacy, arrest)
    np.testing.assert_array_equal(rebels, docked.rebels(hardship, aversion, model.legitimacy, arrest))
    assert 0.05 < rebels.mean() < docked.without_cops(0.3) - 0.05
    assert len(np.unique(arrest)) > 50
