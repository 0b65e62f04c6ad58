"""The limits in which it is known how beliefs and convictions move, by switching terms off."""

from __future__ import annotations

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.agents.base import Institution, Settings
from glasshouse.experiments.evidence.verification.known_answers import CHECKS, pressed
from tests.support.scenes import one_domain

SENSORS = {"institutions.sensor_network": {"coverage": 1.0, "blind_share": 0.0, "false_positive": 0.0}}
WATCHED = {"domains.speech.detection": 1.0, "domains.speech.loss": 4.0, "domains.speech.sanctioned": True}


def chance(utility: float, rationality: float) -> float:
    return 1 / (1 + np.exp(-rationality * utility))


def test_surprise_is_what_pressure_adds():
    """Pressure p that is no excuse moves by a · (σ(β(U + p)) − σ(βU)) a week, here averaged over 400 people alike."""
    society = pressed(1.0, 3)
    c = society.citizens
    pressure = c.terms[0, 0, 5]
    assert pressure == pytest.approx(4.0 * 0.3, rel=0.02)
    # The excuse: fear over fear and the weight of conviction, where the act is the one that it presses for.
    excuse = pressure / (pressure + society.rates.conviction_weight)
    complied = c.complies[:, 0] == 1
    np.testing.assert_allclose(c.surprise[complied, 0], (1 - excuse) * 0.5, rtol=2e-3)
    np.testing.assert_allclose(c.surprise[~complied, 0], -0.5)
    expected = chance(pressure, 2.0)
    assert complied.mean() == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / 400))


def test_who_discounts_pressure_believes_what_is_so():
    """At face value 0 believed approval stays at the true mean under any pressure."""
    society = pressed(0.0, 400)
    assert society.history["compliance"].iloc[-50:].mean() > 0.85
    assert society.history["approval"].iloc[-100:].mean() == pytest.approx(0.5, abs=0.01)


class Lottery(Institution):
    """Sanctions so many of all, whatever they did."""

    settings: Settings
    zero = {}
    rate = 0.05

    def sanction(self, society):
        draws = np.random.default_rng(society.week).random(len(society.citizens))
        society.citizens.sanctioned[:] = (draws < self.rate).astype(society.citizens.sanctioned.dtype)


@pytest.mark.parametrize("weight", [0.0, 50.0])
def test_a_court_that_is_blind_to_guilt_leaves_no_fear(weight):
    """What is believed of the guilty and of the innocent is the same, but for what the prior leaves of it."""
    prior, salience = 0.2, 20.0
    scenario = one_domain({
        **SENSORS, **WATCHED, "population.size": 2000, "citizens.consequence.prior_weight": weight,
        "citizens.consequence.prior": prior, "citizens.consequence.salience": salience,
        "citizens.consequence.vicarious": 0.0, "citizens.consequence.forgetting": 0.02, "citizens.conformity": 0.0,
    })  # fmt: skip
    society = gh.Society(scenario, rng=2, initial={"conviction": 0.5})
    society.institutions["lottery"] = Lottery(society, Settings())
    society.run_for(300)
    c = society.citizens
    # Evidence gathered, of which the prior is a share weight / (weight + evidence).
    guilty, blameless = c.punished + c.unpunished, c.punished_innocent + c.spared_innocent
    left = prior * np.mean(weight / (weight + guilty)) if weight else 0.0
    diluted = np.mean(weight / (weight + blameless)) - np.mean(weight / (weight + guilty)) if weight else 0.0
    gap = (c.believed_guilty - c.believed_innocent).mean()
    believed = c.punished.sum() / guilty.sum()
    noise = 4 * (c.believed_guilty - c.believed_innocent).std() / np.sqrt(len(c))
    assert gap == pytest.approx(left + believed * diluted, abs=noise + 0.02)
    assert noise < 0.06


@pytest.mark.parametrize("name", ["martingale", "nature"])
def test_newcomers(name):
    check = next(check for check in CHECKS if check.name == name)
    assert check.low <= check.measure() <= check.high
