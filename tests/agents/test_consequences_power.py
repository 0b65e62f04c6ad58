"""What those who hold the score do to people: authority, governments, firms, rewards and points for money."""

from __future__ import annotations

import pickle
from math import inf

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.agents.citizens import Lists
from glasshouse.agents.institutions.authority import HOLD, MEANS, ROUND
from glasshouse.agents.rules.choosing import stakes_in
from tests.support.scenes import assert_same


def society(scenario: str, changes: dict | None = None, size: int = 400, seed: int = 1) -> gh.Society:
    return gh.Society(scenario, rng=seed, changes={"population.size": size, **(changes or {})})


# Rewards


def test_all_is_paid_in_the_first_year_and_less_where_scores_have_risen():
    model = society("visible-score", size=1000)
    model.run_for(52)
    assert (model.history["benefits_paid"] == 1).all()
    risen = society("visible-score", {"institutions.score_bureau.start": 1040.0}, size=1000)
    risen.run_for(52)
    assert risen.history["benefits_paid"].iloc[-1] < 0.9


def test_what_points_were_sold_for_is_paid_out():
    model = society("visible-score", {"institutions.reward_scheme": {"budget": 0.01, "worth": 2.0}})
    model.step()
    scheme, without = model.institutions["reward_scheme"], model.conditions.paid
    model.conditions.take_in(0.005)
    scheme.sanction(model)
    assert model.conditions.paid == pytest.approx(2 * without)
    assert model.citizens.withheld.max() <= 1


def test_what_a_region_gets_more_another_is_promised_in_vain():
    model = society("visible-score", {"institutions.local_government": {"competition": 0.0, "corruption": 0.0}})
    model.run_for(14)
    c, government = model.citizens, model.institutions["local_government"]
    np.testing.assert_allclose(c.allotted, 1 + 0.5 * (2 * government.standing[c.place] - 1))
    first, last = (c.place == government.standing.argmax()), (c.place == government.standing.argmin())
    assert c.withheld[first].max() == 0 and c.withheld[last].min() > 0
    # It is foreseen: the same score is worth more to comply for.
    c.score[:], c.perceived_detection[:] = 1000.0, 1.0
    stakes = stakes_in(model, model.domains.index("civic"))
    assert stakes[first].mean() / stakes[last].mean() == pytest.approx(1.5 / 0.5)


# Governments


def test_courts_scored_by_speed_hear_and_err_more():
    settings = {"competition": 0.0, "corruption": 0.0, "prize": 0.0}
    plain = society("four-pillars", {"institutions.local_government": {**settings, "court_speed": 0.0}})
    hasty = society("four-pillars", {"institutions.local_government": {**settings, "court_speed": 1.0}})
    assert plain.conditions.funded("court") == 1 and hasty.conditions.funded("court") == 2
    np.testing.assert_array_equal(hasty.citizens.injustice, 2 * plain.citizens.injustice)
    for model in (plain, hasty):
        model.run_for(30)
    assert hasty.history["sanctions"].sum() > plain.history["sanctions"].sum()


# Authority


def test_it_turns_when_so_many_promises_are_broken():
    changes = {"institutions.reward_scheme.budget": 0.03, "institutions.authority.step": 0.0}
    model = society("carrot-to-stick", changes, size=200)
    owed, authority = 0.0, model.institutions["authority"]
    while not authority.punishes:
        missed = authority.missed
        model.step()
        owed += (1 - model.conditions.paid) * missed
        assert authority.punishes == (owed >= authority.settings.patience)
    assert not model.conditions.penalises, "what it does to people begins with the next week"
    model.step()
    now, domains = model.conditions, model.domains
    assert now.penalises and now.funded("court") == authority.settings.prosecution
    np.testing.assert_array_equal(now.bars, 0.5 * domains.loss * domains.sanctioned)


def test_it_moves_spending_to_what_brings_it_nearest_its_targets():
    model = society("carrot-to-stick", {"institutions.authority.step": 0.06}, size=100)
    authority = model.institutions["authority"]
    tried = []
    for quarter in range(HOLD * (len(ROUND) + 1)):
        if authority.tries:
            tried.append(authority.tries)
        # A rising trend favours nobody, since it tries there and back.
        authority._learn(0.2 - 0.001 * quarter - 0.0005 * (authority.tries == "hotline"))
    assert tuple(tried[::HOLD]) == ROUND and tried[::HOLD] == tried[1::HOLD]
    assert authority.spending["hotline"] == pytest.approx(0.25 + 0.06)
    assert sum(authority.spending.values()) == pytest.approx(1)
    for _ in range(50 * len(ROUND)):
        authority._learn(0.2 - 0.01 * (authority.tries == "hotline"))
    assert min(authority.spending.values()) == pytest.approx(0.02)
    assert all(authority._share(means) >= 0 for means in MEANS)


# Firms


def test_honest_firms_change_nothing_and_cheats_cost_what_they_cost():
    without = society("baseline")
    honest = society("baseline", {"institutions.firm": {"scruples": 100.0, "profit": 0.0, "false_complaint": 0.0}})
    honest.institutions["firm"].honesty[:] = 1.0
    cheats = society("baseline", {"institutions.firm": {"scruples": 0.0, "profit": 100.0, "loss": 0.1}})
    wealth = without.citizens.wealth.copy()
    for model in (without, honest, cheats):
        model.step()
    for column in ("wealth", "broke_faith", "kept_faith", "generalised_trust"):
        np.testing.assert_array_equal(getattr(honest.citizens, column), getattr(without.citizens, column))
    income = without.rates.income
    np.testing.assert_allclose(
        cheats.citizens.wealth - (1 - income) * 0.9 * wealth, without.citizens.wealth - (1 - income) * wealth
    )
    left = 1 - without.rates.trust.people_forgetting
    np.testing.assert_allclose(cheats.citizens.broke_faith - without.citizens.broke_faith, left * 0.02)


def test_few_are_cheated_and_who_falls_is_followed_by_another():
    model = society("four-pillars", {"institutions.firm.false_complaint": 0.1}, size=1000)
    firm = model.institutions["firm"]
    honesty, nominated = firm.honesty.copy(), 0
    for _ in range(52):
        model.step()
        nominated += int(model.citizens.nominated.sum())
    assert model.history["firm_fraud"].mean() < 0.1
    assert nominated > 0 and (firm.honesty != honesty).any()
    assert model.citizens.on(Lists.BLACKLISTED).any()


# Points for money


def test_whoever_could_fake_and_has_enough_at_stake_fakes():
    changes = {"institutions.point_market.fakeable": {"civic": 1.0}}
    model = society("buying-points", changes, size=1000)
    model.run_for(20)
    c, d = model.citizens, model.domains.index("civic")
    stakes, c.faked[:] = stakes_in(model, d), 0
    model.institutions["point_market"].act(model)
    faked = (c.faked >> d & 1) == 1
    np.testing.assert_array_equal(faked, (c.complies[:, d] == 0) & (stakes > 0.02))
    assert faked.mean() > 0.05


def test_the_money_for_points_reaches_the_authority():
    model = society("buying-points")
    for _ in range(20):
        model.step()
        model.citizens.score[:] = 990.0
        before = model.citizens.wealth.copy()
        model.institutions["point_market"].mingle(model)
        assert model.conditions.revenue == pytest.approx(float((before - model.citizens.wealth).mean()))


def test_bribes_move_points_to_those_who_pay():
    model = society("buying-points", {"institutions.point_market.bribes": 1.0})
    before = model.conditions.gain.copy()
    model.run_for(53)
    after, d = model.conditions.gain, model.domains.index("consumption")
    assert after.sum() == pytest.approx(before.sum())
    odds = [gain[d] / (gain.sum() - gain[d]) for gain in (before, after)]
    assert odds[1] / odds[0] == pytest.approx(np.e)
    others = np.arange(len(after)) != d
    np.testing.assert_allclose(after[others] * before[others].sum(), before[others] * after[others].sum())


def test_no_domain_that_is_not_there_can_be_bribed():
    with pytest.raises(gh.ScenarioError, match="did you mean consumption"):
        gh.Scenario.load("buying-points").change({"institutions.point_market.bribed": "consumtion"})


@pytest.mark.parametrize("name", ["authority", "local_government", "firm", "reward_scheme", "point_market"])
def test_what_it_keeps_survives_pickling(name):
    model = society("buying-points", {f"institutions.{name}": {}, "institutions.point_market.bribes": 1.0}, size=100)
    model.run_for(20)
    again = pickle.loads(pickle.dumps(model))
    model.run_for(10)
    again.run_for(10)
    assert_same(model, again)


def test_without_patience_it_turns_and_without_end_it_does_not():
    for patience, turns in ((0.0, True), (inf, False)):
        changes = {"institutions.authority.patience": patience, "institutions.reward_scheme.budget": 0.01}
        model = society("carrot-to-stick", changes, size=100)
        model.run_for(20)
        assert model.institutions["authority"].punishes == turns
