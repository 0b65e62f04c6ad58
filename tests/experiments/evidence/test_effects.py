"""The effect that each institution is there for: the same people with the same luck, with it and without."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.agents.citizens import Lists
from glasshouse.agents.institutions import INSTITUTIONS
from glasshouse.experiments.evidence.effects import Effect, Measured, effects, measure_effects
from glasshouse.model.measures.course import exit_rate

pytestmark = pytest.mark.effects

FIRST = [next(effect for effect in effects() if effect.institution == name) for name in INSTITUTIONS]
"""One effect of each institution, which every run of the tests holds; `pytest -m thorough` holds the others."""


def each(chosen: Sequence[Effect]) -> Any:
    return pytest.mark.parametrize("effect", chosen, ids=lambda effect: f"{effect.institution}: {effect.says}")


NEEDS_NUMBERS = {
    "authority", "blacklist", "commercial_score", "court", "debtor_map", "exit", "firm", "local_government",
    "name_and_shame", "pilots", "point_market", "predictor", "tie_sorting",
}  # fmt: skip
"""Institutions that touch few, whose effects in a small society drown in chance: their small test only runs."""


def measure_effect(effect: Effect, seeds: int = 20, size: int = 1000) -> Measured:
    return measure_effects([effect], seeds, size)[0]


@each(FIRST)
def test_it_shows_in_a_small_society(effect):
    """In a few hundred people the difference has its sign; the interval is for the full size."""
    found = measure_effect(effect, seeds=3, size=300)
    if effect.not_shown:
        return
    if effect.sign == 0:
        assert found.mean == 0
    elif effect.institution not in NEEDS_NUMBERS:
        assert found.mean * effect.sign > 0


@pytest.mark.slow
@each(FIRST)
def test_it_shows(effect):
    """At full size the whole interval, wrong once in a thousand times, has the effect's sign."""
    found = measure_effect(effect)
    assert found.shows == (not effect.not_shown), found


@pytest.mark.thorough
@each([effect for effect in effects() if effect not in FIRST])
def test_every_effect_shows(effect):
    """The same of all others."""
    test_it_shows(effect)


def test_every_institution_has_an_effect():
    assert {effect.institution for effect in effects()} == set(INSTITUTIONS)


def test_an_effect_that_is_not_there_does_not_show():
    """The tests above can fail: the same world twice has no difference, and the wrong sign is not shown."""
    effect = next(effect for effect in effects() if effect.institution == "hotline")
    nothing = effect.model_copy(update={"having": effect.without})
    assert not measure_effect(nothing, seeds=3, size=200).shows
    assert not measure_effect(effect.model_copy(update={"sign": -effect.sign}), seeds=3, size=200).shows


def test_a_blacklist_keeps_a_stock_and_its_exits_are_near_the_court_figures():
    society = gh.Society("court-blacklist", rng=1, **{"population.size": 20_000})
    society.history_record.columns = ("flags",)
    society.run_for(520)
    on = (np.array(society.history_record.copies["flags"])[260:] & np.uint32(Lists.BLACKLISTED)) > 0
    journeys = society.history["denied_journeys"].iloc[260:].sum() * len(society.citizens) / on.sum() * 52
    assert 0.005 < on.mean() < 0.02
    assert 0.2 < exit_rate(on) < 0.5
    assert journeys == pytest.approx(52 * 0.016, rel=0.1)


def test_the_shamed_are_seen():
    shaming = gh.Scenario.load("visible-score").change({"institutions.name_and_shame": {"share": 0.1}})
    society = gh.Society(shaming, rng=1, **{"population.size": 400})
    society.run_for(10)
    shamed = society.citizens.on(Lists.SHAMED)
    assert shamed.sum() == 40
    assert (society.citizens.visibility[shamed] == 1).all() and (society.citizens.displayed[shamed] == 1).all()


@pytest.mark.parametrize(("cost", "naive", "threshold"), [(0.0, 0.0, 0.0), (0.1, 0.0, 0.2), (0.0, 0.5, 1 / 3)])
def test_disclosure_unravels_to_the_closed_form(cost, naive, threshold):
    """Seekers show their score from the rank (2 c + s) / (1 + s) on."""
    size = 2000
    market = {"seeking": 1.0, "naive": naive, "cost": cost, "privacy": 0.0, "reconsider": 1.0}
    still = {"decay": 0.0, "points": {}, "tiers": {"A": 960.0, "B": 0.0}}
    plan = gh.Scenario.load("baseline").change(
        {"population.size": size, "institutions.score_bureau": still, "institutions.partner_market": market}
    )
    society = gh.Society(plan, rng=1, initial={"score": np.linspace(1, 1299, size)})
    society.run_for(60)
    assert society.history["disclosing"].iloc[-1] == pytest.approx(1 - threshold, abs=2 / size)


def test_fewer_are_predicted_where_nobody_was_convicted():
    society = gh.Society(gh.Scenario.load("baseline").change({"institutions.predictor": {"interval": 4}}), rng=1)
    society.run_for(20)
    assert society.history["flagged"].max() == 0
