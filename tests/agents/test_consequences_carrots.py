"""Campaign, names, honours and pilots: what is known of them by definition, beyond their effects."""

from __future__ import annotations

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.agents.citizens import IMAGE, Lists
from glasshouse.agents.institutions.mass_campaign import rivalry
from tests.support.scenes import assert_proportion, assert_same


def society(name: str, size: int = 300, seed: int = 1, **changes) -> gh.Society:
    given = {path.replace("__", "."): value for path, value in changes.items()}
    return gh.Society(name, rng=seed, changes={"population.size": size, **given})


def test_rivalry_is_the_chance_that_two_are_of_different_factions():
    place, faction = np.array([0, 0, 0, 0, 2, 2]), np.array([1, 1, 2, 2, 3, 3])
    np.testing.assert_allclose(rivalry(place, faction, 4, 5), [0.5, 0, 0, 0])
    assert rivalry(place[:0], faction[:0], 3, 5).tolist() == [0, 0, 0]


def test_zealots_are_the_most_convinced_of_the_young():
    model = society("mass-campaign", size=2000)
    campaign, c = model.institutions["mass_campaign"], model.citizens
    model.run_for(2)
    zealots, age = campaign.zealots(model), 18 + (model.week - c.born) / 52
    young, speech = age < 25, model.domains.role("dissent")
    assert zealots.sum() == round(0.3 * young.sum()) > 20
    assert age[zealots].max() < 25
    assert c.conviction[zealots, speech].min() >= c.conviction[young & ~zealots, speech].max()


def test_only_the_young_are_drawn_into_disorder_and_only_where_there_are_rivals():
    model = society("mass-campaign", size=2000)
    bonus, order = model.citizens.bonus, model.domains.role("order")
    young = model.institutions["mass_campaign"].young(model)
    assert (bonus[young, order] < 0).all() and bonus[young, order].min() >= -1.5
    assert (bonus[~young] == 0).all() and (np.delete(bonus, order, axis=1) == 0).all()
    apart = society("mass-campaign", size=2000, population__groups=4)
    np.testing.assert_array_equal(apart.citizens.place, apart.citizens.group)
    assert (apart.citizens.bonus == 0).all()


def test_rivals_beat_zealots_at_their_rate_and_nobody_else():
    settings = {"institutions__mass_campaign__zeal": 0.0, "institutions__mass_campaign__fights": 0.5}
    model = society("mass-campaign", size=20_000, **settings)
    model.step()
    zealots = model.institutions["mass_campaign"].zealots(model)
    rivals = model.institutions["mass_campaign"].rivalry_at(model, zealots)
    struck = model.citizens.sanctioned > 0
    # Convictions have moved since; who was struck was a zealot a moment ago.
    assert (model.week - model.citizens.born[struck] < 52 * 7).all()
    assert_proportion(int(struck.sum()), int(zealots.sum()), 0.5 * float(rivals[zealots].mean()))
    model = society("mass-campaign", size=20_000, population__groups=4, **settings)
    model.step()
    assert not model.citizens.sanctioned.any()


def test_verdicts_and_sensors_stand_still_as_long_as_it_lasts():
    company = {"institutions__sensor_network": {}, "institutions__court": {}}
    model = society("mass-campaign", institutions__mass_campaign__suspension=1.0,
                    institutions__mass_campaign__end=3, **company)  # fmt: skip
    for week in range(1, 5):
        model.step()
        still = week <= 3
        assert (model.citizens.reach == (0 if still else 1)).all()
        assert (model.citizens.detected.any() or model.citizens.noted.any()) == (not still)


def test_the_lasting_part_of_distrust_is_the_share_that_scars():
    struck = {"citizens__trust__slow": 0.0, "citizens__trust__healing": 0.0}
    for slow in (0.0, 0.01):
        model = society("mass-campaign", **{**struck, "citizens__trust__slow": slow})
        model.run_for(20)
        assert (model.citizens.unfair > 2.5).any()
        assert (model.citizens.scar.max() > 0) == (slow > 0)


def test_a_name_sticks_grows_and_fades_and_only_a_new_one_costs_trust():
    model = society("visible-score", institutions__name_and_shame={"share": 0.1, "dread": 0.0})
    c, shame = model.citizens, model.institutions["name_and_shame"]
    before = model.ties.resting.copy()
    model.step()
    named = c.on(Lists.SHAMED)
    np.testing.assert_array_equal(shame.named_for, named)
    onto = named[model.ties.neighbours]
    np.testing.assert_array_less(model.ties.resting[onto], before[onto])
    np.testing.assert_allclose(model.ties.resting[~onto], before[~onto], atol=1e-3)
    for _ in range(30):
        was, resting = shame.named_for.copy(), model.ties.resting.copy()
        identity = c.identity.copy()
        model.step()
        same = c.identity == identity
        named = c.on(Lists.SHAMED)
        expected = np.where(named, was + 1, np.maximum(0, was - 1))
        np.testing.assert_array_equal(shame.named_for[same], expected[same])
        # Who had a name loses no more by being named again.
        onto_old = ((was > 0) & same)[model.ties.neighbours] & same[model.ties.owners()]
        np.testing.assert_allclose(model.ties.resting[onto_old], resting[onto_old], atol=1e-3)


def test_who_has_been_named_for_long_gives_up_in_scored_domains():
    settings = {"share": 0.1, "patience": 5, "resignation": 0.4}
    model = society("visible-score", institutions__name_and_shame=settings)
    shame = model.institutions["name_and_shame"]
    model.run_for(4)
    assert not shame.resigned.any() and (model.citizens.bonus == 0).all()
    model.run_for(10)
    gone = shame.resigned.copy()
    assert 0 < gone.sum() <= 60
    # What is missing is stated between this week and the next.
    model.change({"population.turnover": 0.0})
    scored = model.domains.scored == 1
    assert (model.citizens.bonus[gone][:, scored] == -0.4).all()
    assert (model.citizens.bonus[gone][:, ~scored] == 0).all() and (model.citizens.bonus[~gone] == 0).all()
    assert model.history["resigned"].iloc[-1] == pytest.approx(gone.mean())


def test_the_named_and_the_honoured_have_more_at_stake_in_their_image():
    plain = society("visible-score", population__turnover=0.0)
    shown = society("visible-score", population__turnover=0.0, institutions__honour_board={"share": 0.2},
                    institutions__name_and_shame={"share": 0.2, "dread": 0.0})  # fmt: skip
    for model in (plain, shown):
        model.run_for(2)
    scored = shown.domains.scored == 1
    of_plain, of_shown = (np.abs(model.citizens.terms[:, :, IMAGE])[:, scored].mean(axis=1) for model in (plain, shown))
    both = (Lists.HONOURED, Lists.SHAMED)
    marked = shown.citizens.on(both[0]) | shown.citizens.on(both[1])
    assert (of_shown - of_plain)[marked].mean() > 3 * abs((of_shown - of_plain)[~marked].mean())


def test_pilots_wait_a_quarter_and_then_copy_the_largest_reported_rise():
    model = society("learning-pilots", institutions__pilots={"strength": 0.3, "copying": 0.25, "inflation": 0.8})
    pilots, scored = model.institutions["pilots"], model.domains.scored == 1
    model.run_for(13)
    assert (model.citizens.bonus == 0).all()
    first = pilots.schemes.copy()
    model.step()
    np.testing.assert_allclose(model.citizens.bonus, 0.3 * first[model.citizens.place] * scored)
    acts = [model.citizens.complies[:, scored].mean(axis=1)]
    for _ in range(51):
        model.step()
        acts.append(model.citizens.complies[:, scored].mean(axis=1))
    by_region = np.array([[week[model.citizens.place == r].mean() for r in range(8)] for week in acts]).mean(axis=0)
    inflated = 0.8 * pilots.dishonesty * (1 - by_region)
    best = int(np.argmax(by_region - pilots.before + inflated))
    np.testing.assert_allclose(pilots.inflated, inflated)
    np.testing.assert_allclose(pilots.schemes, first + 0.25 * (first[best] - first))
    assert model.history["pilot_gap"].iloc[-1] == pytest.approx((by_region - pilots.before).max()
                                                                - (by_region - pilots.before)[best])  # fmt: skip
    model.step()
    reported = model.history["reported_compliance"] - model.history["compliance"]
    assert reported.iloc[-1] == pytest.approx(inflated[model.citizens.place].mean())


def test_copying_makes_schemes_alike_at_its_rate_and_without_it_nothing_moves():
    for copying in (0.0, 0.5):
        model = society("learning-pilots", institutions__pilots={"copying": copying})
        model.run_for(13 + 3 * 52)
        spread = model.history["pilot_spread"]
        assert spread.iloc[-1] == pytest.approx(spread.iloc[0] * (1 - copying) ** 3)


def test_schemes_belong_to_places_and_are_the_same_whatever_else_there_is():
    a = society("learning-pilots")
    b = society("learning-pilots", institutions__sensor_network=None, institutions__score_bureau=None)
    np.testing.assert_array_equal(a.institutions["pilots"].schemes, b.institutions["pilots"].schemes)


def test_honest_pilots_of_no_strength_change_nothing_for_as_long_as_they_last():
    there = society("learning-pilots", institutions__pilots={"strength": 0.0, "inflation": 0.0})
    without = society("learning-pilots", institutions__pilots=None)
    there.run_for(80)
    without.run_for(80)
    assert_same(without, there, ("pilot_spread", "pilot_gap"))
