"""What groups, registration and friends do to people: known answers."""

from __future__ import annotations

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.agents.citizens import Lists
from glasshouse.agents.groups import fellows_among_eyes
from glasshouse.agents.institutions.score_bureau import friends_loss
from glasshouse.experiments.running import outcomes
from tests.support.scenes import assert_proportion, assert_same


def society(name: str, seed: int = 1, **changes) -> gh.Society:
    plan = {path.replace("__", "."): value for path, value in {"population__size": 400, **changes}.items()}
    return gh.Society(name, rng=seed, **plan)


def scored(model: gh.Society) -> np.ndarray:
    return model.domains.scored == 1


def test_a_commune_shares_out_what_it_produces():
    model = society("commune", institutions__commune__income=1.0, institutions__commune__collectivity=0.6)
    model.run_for(3)
    c = model.citizens
    product = c.means * c.complies[:, scored(model)].mean(axis=1)
    income = c.means * c.earnings
    shares = np.bincount(c.group, weights=product) / np.bincount(c.group)
    np.testing.assert_allclose(income, 0.6 * shares[c.group] + 0.4 * product)
    np.testing.assert_allclose(np.bincount(c.group, weights=income), np.bincount(c.group, weights=product))


def test_a_living_that_is_not_pay_is_not_shared_and_outsiders_earn_as_ever():
    model = society("commune", institutions__commune__income=0.0)
    model.run_for(3)
    assert (model.citizens.earnings == 1).all()
    model = society("commune", institutions__commune__membership=0.5)
    model.run_for(3)
    outside = ~model.institutions["commune"].members
    assert outside.any() and (model.citizens.earnings[outside] == 1).all()
    assert (model.citizens.earnings[~outside] != 1).mean() > 0.9
    assert model.citizens.fellows_loss[outside].max() == 0


@pytest.mark.parametrize("groups", [4, 40])
def test_fellows_mind_what_a_deviation_takes_from_each_of_them(groups):
    model = society("commune", population__groups=groups, institutions__commune__shared_loss=2.0)
    model.step()
    c, s = model.citizens, model.institutions["commune"].settings
    size = np.bincount(c.group)[c.group]
    taken = s.collectivity * s.reward / (size * scored(model).sum())
    np.testing.assert_allclose(c.shared_loss, 2 * taken)
    # The last decision was made with what was stated for it: nobody has come or gone since.
    expected = fellows_among_eyes(model) * np.minimum(1, 2 * taken)[:, None] * scored(model)
    np.testing.assert_allclose(c.fellows_loss, expected)
    assert c.fellows_loss[:, ~scored(model)].max() == 0


def test_fellows_are_more_among_eyes_than_among_ties_as_far_as_they_see_more():
    model = society("commune", institutions__commune__in_group_openness=0.5)
    model.step()
    c = model.citizens
    share = fellows_among_eyes(model)
    mixed = (c.fellows > 0) & (c.fellows < 1)
    assert mixed.any() and (share[mixed] > c.fellows[mixed, None]).all()
    np.testing.assert_array_equal(share[c.fellows == 0], 0)
    np.testing.assert_allclose(share[c.fellows == 1], 1)


def test_a_ration_follows_the_rank_of_the_unit_and_the_file():
    model = society("danwei", institutions__work_unit__supervision=0.5)
    model.run_for(20)
    c, unit = model.citizens, model.institutions["work_unit"]
    s = unit.settings
    assert len(set(unit.rank)) > 10 and c.file.max() > 3
    ration = (1 + s.spread * (2 * unit.rank[c.group] - 1)) * (1 + 1 / (1 + c.file / s.patience)) / 2
    np.testing.assert_allclose(c.earnings, 1 - s.ration + s.ration * ration)
    assert c.fellows_loss[:, model.domains.sanctioned == 0].max() == 0
    noticed = 0.5 * s.competition * s.ration * s.spread
    np.testing.assert_allclose(c.fellows_loss[:, 0], fellows_among_eyes(model)[:, 0] * noticed)


def test_a_deviation_filed_on_a_full_file_expels_at_its_rate():
    changes = {"institutions__work_unit__expulsion_file": 1, "institutions__work_unit__expulsion": 0.3}
    model = society("danwei", population__size=20_000, institutions__court=None, **changes)
    model.step()
    c = model.citizens
    out = c.on(Lists.EXPELLED)
    assert_proportion(int(out.sum()), int((c.file > 0).sum()), 0.3)
    assert not out[c.file == 0].any()
    np.testing.assert_allclose(c.earnings[out], 1 - 0.7)
    assert (c.hardship[out] == 0.3).all() and c.hardship[~out].max() == 0
    model.run_for(2)
    before = c.file[out].copy()
    model.run_for(5)
    assert (c.file[out] == before)[c.on(Lists.EXPELLED)[out]].all(), "nobody keeps a file on the expelled"


def test_fewer_than_one_in_a_hundred_is_expelled_a_year():
    model = society("danwei", population__size=2000)
    before = np.zeros(2000, bool)
    for _ in range(8):
        model.run_for(52)
        out = model.citizens.on(Lists.EXPELLED)
        assert (out & ~before).mean() <= 0.01
        before = out


def test_who_takes_the_place_of_an_expelled_is_somebody_else():
    changes = {"institutions__work_unit__expulsion_file": 1, "institutions__work_unit__expulsion": 1.0}
    model = society("danwei", population__turnover=0.05, **changes)
    model.history_record.columns = ("flags", "identity")
    model.run_for(30)
    flags = np.array(model.history_record.copies["flags"]) & np.uint32(Lists.EXPELLED) > 0
    assert (flags[:-1] & ~flags[1:]).any(), "places of the expelled were taken"
    assert outcomes.returns(model) == 0
    # A unit that is dissolved takes nobody back either: those it expelled are free.
    model.change({"institutions.work_unit.membership": 0.0})
    model.step()
    assert outcomes.returns(model) > 0


def test_those_who_move_go_back_so_that_about_a_quarter_is_away():
    model = society("hukou", population__size=4000, population__turnover=0.0)
    s = model.institutions["household_registry"].settings
    settled = s.mobility / (s.mobility + s.mobility / (model.regions - 1) + s.returning)
    assert settled == pytest.approx(376 / 1412, abs=0.005)
    # The same at higher rates, in less time.
    for factor in (5, 20):
        changes = {
            "institutions__household_registry__mobility": s.mobility * factor,
            "institutions__household_registry__returning": s.returning * factor,
        }
        model = society("hukou", population__size=4000, **changes)
        model.run_for(600 // factor)
        # Who goes back may move on in the same week: at higher rates a little more are away.
        assert model.history["away"].iloc[-1] == pytest.approx(settled, abs=0.03)


def test_all_are_at_home_where_everybody_goes_back():
    model = society("hukou", institutions__household_registry__returning=1.0,
                    institutions__household_registry__mobility=0.1)  # fmt: skip
    model.run_for(3)
    c = model.citizens
    away = c.place != c.region
    assert 0 < away.mean() < 0.2
    model.change({"institutions.household_registry.mobility": 0.0})
    model.step()
    assert (c.place == c.region).all()


def test_what_is_recorded_of_those_away_is_judged_like_everybody_s():
    changes = {
        "institutions__court__caseload": 32.0,
        "institutions__court__error": 1.0,
        "institutions__court__miss": 0.0,
    }
    model = society("hukou", institutions__household_registry__mobility=0.2, population__size=2000, **changes)
    model.run_for(6)
    c, triable = model.citizens, model.domains.triable
    away = (c.reach < 1) & (c.detected & triable > 0)
    assert away.any()
    np.testing.assert_array_equal((c.told | c.untold)[away], (c.detected & triable)[away])


def test_friends_mind_what_a_deviation_costs_their_scores():
    assert friends_loss(0.5, 0.04, 0.04, 10.0, 0.02) == pytest.approx(0.5 * 0.5 * 0.2)
    assert friends_loss(1.0, 0.5, 0.5, 1000.0, 1.0) == 1.0
    model = society("visible-score", institutions__score_bureau__association=0.1, population__turnover=0.0)
    model.run_for(10)
    c, now, ties = model.citizens, model.conditions, model.ties
    # What the next decision will be made with: the scores and beliefs of now.
    expected = np.zeros_like(c.fellows_loss)
    floors, widths, slopes = now.perceived
    worth = np.array([
        25 * sum(slope for floor, width, slope in zip(floors, widths, slopes, strict=True) if 0 <= s - floor < width)
        for s in c.score
    ])  # fmt: skip
    for i in range(len(c)):
        mean = worth[ties.of(i)].mean() if len(ties.of(i)) else 0.0
        expected[i] = c.perceived_detection[i] * (0.1 / 0.14) * (now.gain + now.loss) * mean
    model.citizens.clear("perceive")
    model.institutions["score_bureau"].perceive(model)
    np.testing.assert_allclose(c.fellows_loss, np.minimum(1, expected))
    assert expected.max() > 0.01


def test_without_association_or_anything_at_stake_friends_mind_nothing():
    for changes in ({}, {"institutions__score_bureau__association": 0.1, "institutions__reward_scheme": None}):
        model = society("visible-score", **changes)
        model.run_for(5)
        assert model.citizens.fellows_loss.max() == 0
    stake = {"institutions__score_bureau__association": 0.1, "institutions__score_bureau__visibility__self": 0.0}
    model = society("visible-score", **stake)
    model.run_for(5)
    assert model.citizens.fellows_loss.max() == 0, "who does not know its score does not mind"


def test_who_minds_does_not_depend_on_order_or_threads():
    every = {f"institutions.{name}": {} for name in ("commune", "work_unit", "score_bureau", "reward_scheme")}
    plan = gh.Scenario.load("hukou").change({"population.size": 10_000, **every,
                                             "institutions.score_bureau.association": 0.1})  # fmt: skip
    backwards = plan.model_copy(update={"institutions": dict(reversed(plan.institutions.items()))})
    a, b = gh.Society(plan, rng=3, threads=1), gh.Society(backwards, rng=3, threads=2)
    for model in (a, b):
        model.run_for(4)
    assert a.citizens.fellows_loss.max() > 0
    assert_same(a, b)
