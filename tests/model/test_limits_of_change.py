"""The limits in which it is known how beliefs and convictions move, by switching terms off."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq

import glasshouse as gh
from glasshouse.agents.base import Institution, Settings
from tests.support.scenes import STILL, one_domain

SENSORS = {"institutions.sensor_network": {"coverage": 1.0, "blind_share": 0.0, "false_positive": 0.0}}
WATCHED = {"domains.speech.detection": 1.0, "domains.speech.loss": 4.0, "domains.speech.sanctioned": True}


def chance(utility: float, rationality: float) -> float:
    return 1 / (1 + np.exp(-rationality * utility))


def test_nothing_drifts_where_nobody_presses():
    """No institutions, settled: the expected surprise is 0 at every conviction (within 3.9 standard errors of 20)."""
    scenario = gh.Scenario.load("baseline").change({**STILL, "population.size": 1000, "population.turnover": 0.0})
    society = gh.Society(scenario, rng=3)
    sums, counts, squares = np.zeros(20), np.zeros(20), np.zeros(20)
    for _ in range(150):
        society.step()
        c = society.citizens
        place = np.minimum((c.conviction * 20).astype(int), 19).ravel()
        surprise = c.surprise.ravel()
        sums += np.bincount(place, surprise, 20)
        squares += np.bincount(place, surprise**2, 20)
        counts += np.bincount(place, minlength=20)
    np.testing.assert_array_less(np.abs(sums), 3.9 * np.sqrt(squares) + 1e-9)
    assert counts.min() > 1000


def pressed(face_value: float, weeks: int, **changes: float) -> gh.Society:
    """People alike who are all watched and threatened, and in which nobody's conviction or fear of sanctions moves."""
    scenario = one_domain({
        **SENSORS, **WATCHED, "population.size": 400, "population.network": "complete", "citizens.rationality": 2.0,
        "citizens.conformity": 0.0, "citizens.face_value": face_value, "citizens.memory_norm": 20.0,
        "citizens.consequence.prior": 0.3, "citizens.consequence.prior_weight": 1e3, "domains.speech.level": 0.5,
        "citizens.consequence.salience": 0.0, "citizens.consequence.forgetting": 1.0,
        "citizens.consequence.slow_weight": 0.0, **changes,
    })  # fmt: skip
    society = gh.Society(scenario, rng=5, initial={"conviction": 0.5})
    society.citizens.intercept[:], society.citizens.approval[:] = 0.0, 0.5
    society.run_for(weeks)
    return society


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


def test_who_takes_acts_at_face_value_is_led_astray():
    """At face value 1 approval settles where the share of one's own accord is the share that is seen."""
    society = pressed(1.0, 400)
    share = society.history["compliance"].iloc[-100:].mean()
    settled = brentq(lambda y: chance(2 * y - 1, 2.0) - share, -3, 3)
    assert society.history["approval"].iloc[-100:].mean() == pytest.approx(min(1.0, settled), abs=0.01)


@pytest.mark.parametrize(("anchor", "character", "share"), [(0.025, 0.0036, 0.5), (0.2, 0.05, 0.1), (0.05, 0.1, 0.9)])
def test_two_stores(anchor, character, share):
    """Conviction held away for a time and let go returns as the powers of a 2 × 2 matrix say: two exponentials."""
    scenario = one_domain({
        "citizens.internalise.anchor": anchor, "citizens.internalise.character": character, "population.size": 4,
        "citizens.internalise.temperament_share": share, "citizens.internalise.plasticity": 0.0, "population.degree": 2,
    })  # fmt: skip
    society = gh.Society(scenario, rng=1, initial={"conviction": 0.3})
    c, held = society.citizens, 0.8
    for _ in range(30):
        c.conviction[:] = held
        society.step()
    x, h = c.conviction[0, 0], c.character[0, 0]
    # Of (x − temperament, h − temperament) in a week, h following the new x.
    step = np.array([[1 - anchor, anchor * (1 - share)]])
    step = np.vstack([step, [character * step[0, 0], 1 - character + character * step[0, 1]]])
    rates, vectors = np.linalg.eig(step)
    weights = np.linalg.solve(vectors, np.array([x, h]) - 0.3)
    society.run_for(200)
    expected = 0.3 + (vectors * rates**200) @ weights
    np.testing.assert_allclose([c.conviction[0, 0], c.character[0, 0]], np.real(expected), atol=1e-10)
    assert 0.3 < c.conviction[0, 0] < held


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


def generations(seed: int, nature: float, weeks: int, **initial: float) -> float:
    """By how much mean conviction moves in so many weeks in which nothing but newcomers moves it, in a domain of .5."""
    scenario = one_domain({
        "population.size": 2000, "population.turnover": 0.02, "citizens.upbringing.nature": nature,
        "citizens.upbringing.socialisation": 0.0, "domains.speech.conviction_mean": 0.5,
    })  # fmt: skip
    society = gh.Society(scenario, rng=seed, initial=initial)
    before = society.citizens.conviction.mean()
    society.run_for(weeks)
    return float(society.citizens.conviction.mean() - before)


def test_without_nature_the_mean_of_convictions_is_a_martingale():
    means = np.array([generations(seed, 0.0, 60) for seed in range(10)])
    assert means.std() > 0.001 and abs(means.mean()) < 4.3 * means.std(ddof=1) / np.sqrt(len(means))


def test_nature_closes_a_gap_at_its_rate_times_turnover():
    means = np.array([generations(seed, 0.6, 60, conviction=0.8) for seed in range(10)])
    expected = 0.3 * (1 - 0.6 * 0.02) ** 60 - 0.3
    assert abs(means.mean() - expected) < 4.3 * means.std(ddof=1) / np.sqrt(len(means))
