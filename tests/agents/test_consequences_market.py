"""What scores and platforms of firms do to people: known answers, and properties that can fail."""

from __future__ import annotations

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.agents.citizens import STAKE, Lists
from glasshouse.agents.conditions import Offer
from glasshouse.agents.institutions.gatekeepers import YEAR, adopted, likeness, ramp
from tests.support.scenes import assert_same

SEEN = {"institutions.score_bureau.visibility.firms": 1.0}


def society(name: str, size: int = 200, seed: int = 1, **changes) -> gh.Society:
    changes = {path.replace("__", "."): value for path, value in changes.items()}
    return gh.Society(gh.Scenario.load(name).change({"population.size": size, **changes}), rng=seed)


# Gatekeepers


@pytest.mark.parametrize(("share", "gain"), [(0.05, 0.4), (0.6, -0.2), (0.3, 0.0)])
def test_adoption_solves_the_replicator_equation(share, gain):
    steps, x = 100_000, share
    for _ in range(steps):
        x += 2.0 * gain * x * (1 - x) / steps
    assert adopted(share, 2.0, gain) == pytest.approx(x, rel=1e-4)


def test_what_nobody_uses_nobody_copies_and_what_all_use_stays():
    for gain in (-1.0, 0.0, 1.0, 1e6):
        assert adopted(0.0, 2.0, gain) == 0.0
        assert adopted(1.0, 2.0, gain) == pytest.approx(1.0) or gain < 0


def test_a_ramp_rises_evenly_and_is_nil_without_a_score():
    score = np.array([0.0, 10.0, 15.0, 20.0, 99.0, np.nan])
    np.testing.assert_allclose(ramp(score, 10.0, 10.0), [0, 0, 0.5, 1, 1, 0])


def test_likeness_is_the_correlation_of_what_is_known():
    rng = np.random.default_rng(1)
    x = rng.normal(size=50)
    y = x + rng.normal(size=50)
    expected = np.corrcoef(x[10:], y[10:])[0, 1]
    x[:10] = np.nan
    assert likeness(x, y) == pytest.approx(expected)
    assert likeness(x, np.ones(50)) == 0.0
    assert likeness(np.full(50, np.nan), y) == 0.0


def test_gatekeepers_use_the_score_that_tells_best_and_copy_by_what_it_tells():
    model = society("gatekeepers", institutions__commercial_score={})
    model.run_for(30)
    gate, c = model.institutions["gatekeepers"], model.citizens
    before = dict(gate.share)
    gate.paid[:] = np.arange(len(c))
    gate.files = {name: np.zeros(model.founders) for name in ("commercial_score", "credit_score")}
    gate.files["commercial_score"][c.node] = np.arange(len(c))
    gate._look_back(model)
    assert gate.used == "commercial_score"
    for name, settings in gate.settings.gates.items():
        assert gate.share[name] == pytest.approx(adopted(before[name], 2.0, 1 - settings.cost))
        assert gate.share[name] > before[name]
    # A score that is high for those who do not pay is worth less than none.
    for file in gate.files.values():
        file[c.node] = -np.arange(len(c))
    gate._look_back(model)
    assert all(gate.share[name] < adopted(before[name], 2.0, 1.0) for name in before)


def test_those_below_the_bar_and_only_they_are_turned_away_as_far_as_the_score_is_used():
    model = society("gatekeepers", 500)
    model.run_for(60)
    gate, c = model.institutions["gatekeepers"], model.citizens
    below = c.credit_score < gate.bar
    assert 0.02 < below.mean() < 0.3
    for column, what in (("hardship", "hardship"), ("earnings", "income")):
        part = sum(gate.share[name] * getattr(each, what) for name, each in gate.settings.gates.items())
        assert part > 0
        expected = part if column == "hardship" else 1 - part
        np.testing.assert_allclose(getattr(c, column)[below], expected)
        np.testing.assert_array_equal(getattr(c, column)[~below], c.columns[column].neutral)
    assert model.history["turned_away"].iloc[-1] == pytest.approx(below.mean())


def test_a_bar_is_kept_once_it_is_found():
    model = society("gatekeepers", 500)
    bars = []
    for _ in range(4 * YEAR):
        model.step()
        bars.append(model.institutions["gatekeepers"].bar)
    assert len(set(bars[13:YEAR])) > 1 and len(set(bars[YEAR:])) == 1


def test_a_score_that_no_firm_sees_changes_nobody():
    without, having = society("visible-score"), society("visible-score", institutions__gatekeepers={})
    without.run_for(60)
    having.run_for(60)
    assert_same(without, having, ("gatekeeping", "left_bottom"))


def test_what_is_foreseen_of_a_score_of_another_is_at_most_what_it_is_worth():
    model = society("gatekeepers", 500)
    without = society("western-credit", 500)
    model.run_for(YEAR + 1)
    without.run_for(YEAR + 1)
    d = model.domains.role("debt")
    more = model.citizens.bonus - without.citizens.bonus[0]
    gate = model.institutions["gatekeepers"]
    worth = sum(gate.share[name] * each.worth for name, each in gate.settings.gates.items())
    assert 0 < more[:, d].max() <= model.rates.horizon * worth
    assert more[:, d].min() >= 0 and np.delete(more, d, axis=1).max() == 0


def test_nobody_foresees_what_nobody_uses():
    model = society("visible-score", 300, **SEEN, institutions__gatekeepers={})
    model.run_for(20)
    assert "gatekeepers" in model.conditions.prospects
    model.change({"institutions.gatekeepers": None})
    assert "gatekeepers" not in model.conditions.prospects


def test_newcomers_are_not_on_file():
    model = society("gatekeepers", 300, population__turnover=0.02)
    model.run_for(YEAR)
    people = model.citizens.identity.copy()
    model.run_for(4)
    gate, new = model.institutions["gatekeepers"], model.citizens.identity != people
    file = gate.files["credit_score"][model.citizens.node]
    assert new.any() and np.isnan(file[new]).all() and not np.isnan(file[~new]).any()
    assert (gate.paid[new] <= 1).all()


# Commercial score


def test_nobody_leaves_a_firm_that_keeps_what_it_knows():
    model = society("commercial-score", 500, institutions__commercial_score__shares_with_authority=0.0,
                    population__turnover=0.0)  # fmt: skip
    joined = np.zeros(500, bool)
    for _ in range(60):
        model.step()
        now = ~np.isnan(model.citizens.commercial_score)
        assert (now | ~joined).all()
        joined = now
    assert model.institutions["commercial_score"].informed.max() == 0


def test_members_who_learn_that_it_shares_leave_and_others_do_not():
    model = society("commercial-score", 500, population__turnover=0.0,
                    **{"institutions.commercial_score.leak": 0.2})  # fmt: skip
    firm, left = model.institutions["commercial_score"], 0
    joined = np.zeros(500, bool)
    for _ in range(100):
        model.step()
        now = ~np.isnan(model.citizens.commercial_score)
        gone = joined & ~now
        assert (firm.informed[gone] == 1).all()
        left, joined = left + int(gone.sum()), now
    assert left > 20


def test_its_intrusion_costs_the_authority_nothing_unless_it_shares():
    model = society("commercial-score", institutions__commercial_score__shares_with_authority=0.0)
    without = society("baseline")
    model.run_for(60)
    without.run_for(60)
    assert model.citizens.extracted.max() > 0
    np.testing.assert_array_equal(model.citizens.unfair, without.citizens.unfair)


def test_a_purchase_that_costs_nothing_is_taken_for_the_habit_and_one_too_dear_is_not_made():
    for purchase, bought in ((0.0, True), (50.0, False)):
        model = society("commercial-score", 300, citizens__rationality=np.inf, population__turnover=0.0,
                        institutions__commercial_score__purchase=purchase,
                        institutions__commercial_score__senses=1.0,
                        institutions__commercial_score__memory=1.0)  # fmt: skip
        model.run_for(40)
        c, d = model.citizens, model.domains.role("consumption")
        joined = ~np.isnan(c.commercial_score)
        habit = model.institutions["commercial_score"].habits[c.node[joined], 1]
        acts = c.complies[joined, d]
        assert joined.any() and 0 < acts.mean() < 1
        np.testing.assert_array_equal(habit, 1.0 if bought else acts)


def test_complying_is_worth_no_more_than_what_looks_like_it():
    model = society("commercial-score", institutions__commercial_score__purchase=0.05)
    model.run_for(40)
    firm, c = model.institutions["commercial_score"], model.citizens
    d = model.domains.role("consumption")
    joined = ~np.isnan(c.commercial_score)
    assert firm.brought > 0.05
    assert c.bonus[:, d].max() == pytest.approx(0.05)
    assert (c.bonus[~joined] == 0).all()


# Partner market


def test_partners_are_tied_and_the_number_of_ties_stays():
    model = society("dating-disclosure", 500, institutions__partner_market__dates=0.08)
    ties = len(model.ties)
    for _ in range(20):
        model.step()
        rows = model.ties
        owners, neighbours = rows.owners(), np.asarray(rows.neighbours, np.int64)
        assert len(rows) == ties
        assert (owners != neighbours).all()
        assert len(np.unique(owners * 500 + neighbours)) == ties
        np.testing.assert_array_equal(owners[rows.reverse], neighbours)
        np.testing.assert_array_equal(neighbours[rows.reverse], owners)


def test_those_who_find_each_other_are_next_to_each_other_in_rank():
    model = society("dating-disclosure", 500, institutions__partner_market__dates=0.0)
    model.run_for(60)
    market, c = model.institutions["partner_market"], model.citizens
    before = {tuple(pair) for pair in zip(model.ties.who, model.ties.whom, strict=True)}
    market.settings = market.settings.model_copy(update={"dates": 0.1})
    everyone, score = np.ones(500, bool), c.score.copy()
    model.week += 1
    market._meet(model, np.flatnonzero(everyone), score[everyone])
    pairs = {tuple(pair) for pair in zip(model.ties.who, model.ties.whom, strict=True)} - before
    row = {int(who): k for k, who in enumerate(c.identity)}
    order = score[c.matched == 1]
    gaps = [abs(score[row[int(a)]] - score[row[int(b)]]) for a, b in pairs]
    assert len(gaps) > 50
    assert np.mean(gaps) < 0.2 * np.abs(order[:, None] - order).mean()


def test_a_score_is_worth_something_to_those_who_show_it_alone():
    model = society("dating-disclosure", 500, population__turnover=0.0)
    # What it is worth is stated once in four weeks, of those who show it then.
    model.run_for(40)
    market, c = model.institutions["partner_market"], model.citizens
    shows = c.on(Lists.DISCLOSING)
    assert shows.any() and (market.rank_worth[~shows] == 0).all() and (market.rank_worth[shows] > 0).all()
    model.step()
    assert c.terms[shows, 0, STAKE].mean() > 0


# Attention platform


def test_time_on_a_platform_grows_to_what_the_habit_makes_of_it():
    model = society("attention-platform", institutions__attention_platform__formation=0.2, population__turnover=0.0)
    course = []
    for _ in range(120):
        model.step()
        course.append(model.citizens.screen_time.max())
    assert (np.diff(course) >= -1e-15).all()
    assert course[-1] == pytest.approx(0.1 / (1 - 0.31))
    time = model.citizens.screen_time
    assert (time[time > 0] == course[-1]).all() and (time == 0).any()


def test_what_the_platform_takes_and_costs_follows_the_time_on_it():
    model = society("attention-platform", population__turnover=0.0)
    model.run_for(52)
    model.step()
    c, d = model.citizens, model.domains.role("consumption")
    assert c.online.max() > 0.1
    np.testing.assert_allclose(c.extracted[:, d], 0.8 * c.online)
    assert model.conditions.pull[d] == model.institutions["attention_platform"].settings.pull


# Scores on offer


def test_every_institution_that_keeps_a_score_offers_it():
    model = society("visible-score", **SEEN, institutions__credit_bureau={}, institutions__commercial_score={})
    offered = model.conditions.offered
    assert {name: offer.seen for name, offer in offered.items()} == {
        "score": 1.0,
        "commercial_score": 1.0,
        "credit_score": 1.0,
    }
    assert offered["score"] == Offer(1.0)
    debt = model.domains.role("debt")
    assert offered["credit_score"].points[debt] == pytest.approx(0.9 * 550 / 364)


def test_the_bar_of_one_score_is_not_held_against_another():
    firms = {"institutions__score_bureau__visibility__firms": 1.0, "institutions__commercial_score": {}}
    model = society("visible-score", 500, institutions__gatekeepers={"start": 0.8}, **firms)
    model.run_for(2 * YEAR)
    assert model.history["turned_away"].iloc[-1] > 0.02
    model.change({"institutions.score_bureau": False})
    model.run_for(12)
    assert model.history["turned_away"].iloc[-12:].max() < 0.3


def test_nobody_buys_what_brings_nothing():
    plain, dear = (
        society("commercial-score", 300, institutions__commercial_score__perks=0.0,
                institutions__commercial_score__purchase=price)
        for price in (0.01, 100.0)
    )  # fmt: skip
    for model in (plain, dear):
        model.run_for(30)
    np.testing.assert_array_equal(
        plain.citizens.commercial_score,
        dear.citizens.commercial_score,
    )
