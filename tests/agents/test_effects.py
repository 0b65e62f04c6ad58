"""The effect that each institution is there for: the same people with the same luck, with it and without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

import glasshouse as gh
from glasshouse.agents.citizens import BLACKLISTED, SHAMED

pytestmark = pytest.mark.effects

SEEDS = 20
ERROR = 1e-3

Outcome = Callable[[gh.Society], float]


def interval(a: gh.Scenario, b: gh.Scenario, outcome: Outcome, weeks: int, size: int = 400) -> tuple[float, float]:
    """Interval of the mean of outcome(b) − outcome(a) over paired seeds, wrong with probability `ERROR`."""
    differences: list[float] = []
    for seed in range(SEEDS):
        values: list[float] = []
        for scenario in (a, b):
            society = gh.Society(scenario, rng=seed, **{"population.size": size})
            society.run_for(weeks)
            values.append(outcome(society))
        differences.append(values[1] - values[0])
    half = stats.t.ppf(1 - ERROR / 2, SEEDS - 1) * np.std(differences, ddof=1) / np.sqrt(SEEDS)
    return float(np.mean(differences) - half), float(np.mean(differences) + half)


def last(column: str) -> Outcome:
    return lambda society: float(society.history[column].iloc[-10:].mean())


def change(name: str, **changes: Any) -> gh.Scenario:
    return gh.Scenario.load(name).change({path.replace("__", "."): value for path, value in changes.items()})


def test_a_firewall_raises_expectations_above_the_truth_but_not_of_those_who_get_round_it():
    """Nobody conforms and nothing is detected, so that people do the same with the wall and without."""
    without = change("baseline", citizens__conformity=0.0, citizens__conformity_sd=0.0)
    wall = without.change({"institutions.firewall": {"monitors": {}, "circumvention": 0.3}})

    def of(behind: bool) -> Outcome:
        def outcome(society: gh.Society) -> float:
            # Who gets round it is the same in both worlds.
            walled = gh.Society(wall, rng=society.seed_number, **{"population.size": 400}).citizens.behind == 1
            d = society.domains.names.index("speech")
            return float(society.citizens.expectation[walled == behind, d].mean())

        return outcome

    low, _ = interval(without, wall, of(behind=True), 30)
    assert low > 0.05
    assert interval(without, wall, of(behind=False), 30) == pytest.approx((0, 0), abs=1e-12)
    low, _ = interval(without, wall, last("pluralistic_ignorance"), 30)
    assert low > 0


def test_an_honour_board_raises_expectations_and_image_pressure_where_the_authority_is_respected():
    def image(society: gh.Society) -> float:
        honoured = society.citizens.flags > 0
        return float(society.citizens.terms[honoured, :, 3].mean()) if honoured.any() else 0.0

    def expected(society: gh.Society) -> float:
        return float(society.citizens.expectation[:, society.domains.names.index("civic")].mean())

    board = {"institutions.honour_board": {"share": 0.1}}
    respected = gh.Scenario.load("visible-score").change({"citizens.trust.scar": 0.0, "citizens.privacy_concern": 0.01})
    despised = gh.Scenario.load("visible-score").change({"citizens.trust.scar": 300.0})
    assert interval(respected, respected.change(board), expected, 20)[0] > 0
    assert interval(respected, respected.change(board), image, 20)[0] > 0
    assert interval(despised, despised.change(board), image, 20)[1] < 0


def test_shame_costs_the_shamed_their_neighbours_trust():
    plain = gh.Scenario.load("visible-score")
    shaming = plain.change({"institutions.name_and_shame": {"share": 0.1}})

    def in_shamed(society: gh.Society) -> float:
        low = society.citizens.score <= np.nanquantile(society.citizens.score, 0.1)
        return float(society.ties.trust[low[society.ties.neighbours]].mean())

    assert interval(plain, shaming, in_shamed, 60)[1] < -0.02
    society = gh.Society(shaming, rng=1, **{"population.size": 400})
    society.run_for(10)
    shamed = society.citizens.on(SHAMED)
    assert shamed.sum() == 40
    assert (society.citizens.visibility[shamed] == 1).all()


def test_a_broadcaster_moves_conviction_only_where_the_authority_is_trusted():
    on_air = {"institutions.broadcaster": {"reach": 1.0}}
    trusted = gh.Scenario.load("baseline")
    assert interval(trusted, trusted.change(on_air), last("conviction"), 60)[0] > 0.01
    distrusted = trusted.change({"citizens.trust.scar": 1000.0, "citizens.trust.forgetting": 0.0})
    low, high = interval(distrusted, distrusted.change(on_air), last("conviction"), 60)
    assert -0.002 < low <= high < 0.002


def test_a_blacklist_keeps_a_stock_and_its_exits_are_near_the_court_figures():
    society = gh.Society("court-blacklist", rng=1, **{"population.size": 20_000})
    society.history_record.columns = ("flags",)
    society.run_for(520)
    flags = np.array(society.history_record.copies["flags"])[260:] & BLACKLISTED > 0
    stock = flags.mean()
    exits = (flags[:-1] & ~flags[1:]).sum() / flags[:-1].sum() * 52
    denials = society.history["denials"].iloc[260:].sum() * len(society.citizens) / flags.sum() * 52
    assert 0.005 < stock < 0.02
    assert exits == pytest.approx(0.28, abs=0.05)  # 1 − exp(−.33) a year of those who cannot repay
    assert denials == pytest.approx(52 * (0.016 + 0.01 + 0.002), rel=0.15)


def test_a_bar_at_a_time_is_less_hardship_than_all_at_once():
    joint = change("court-blacklist", institutions__blacklist__entry=0.5)
    single = joint.change({"institutions.blacklist.joint_punishment": False})
    hardship: Outcome = lambda society: float(society.citizens.hardship.mean())  # noqa: E731
    assert interval(single, joint, hardship, 30)[0] > 0


def test_a_platform_lowers_privacy_and_thrift_without_pressure_in_speech():
    without = gh.Scenario.load("baseline")
    online = gh.Scenario.load("attention-platform")
    assert interval(without, online, last("exposure"), 30)[0] > 0.1
    assert interval(without, online, last("compliance_consumption"), 30)[1] < -0.05
    assert interval(without, online, last("compliance_speech"), 30) == (0, 0)
    assert interval(without, online, last("trust_authority"), 30) == (0, 0)
