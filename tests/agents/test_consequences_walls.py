"""What sensors, walls, predictions and maps of debtors do to people: answers that are known."""

from __future__ import annotations

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.agents.citizens import Lists
from glasshouse.agents.institutions.predictor import discrimination
from glasshouse.agents.rules.utility import choice_probabilities
from tests.support.scenes import STILL, assert_proportion, assert_same


def society(scenario: str, size: int = 300, seed: int = 3, **changes) -> gh.Society:
    plan = {name.replace("__", "."): value for name, value in changes.items()}
    return gh.Society(gh.Scenario.load(scenario).change({"population.size": size, **plan}), rng=seed)


# Sensors


def test_each_channel_senses_its_own_domains():
    sensed = {"search": {"inquiry"}, "place": {"conduct", "civic"}, "talk": {"speech"}}
    sensed["payment"] = {"credit", "consumption"}
    all_on = society("surveillance-only", institutions__sensor_network__blind_share=0.0)
    for channel, domains in sensed.items():
        off = society(
            "surveillance-only",
            institutions__sensor_network={"blind_share": 0.0, "channels": {channel: 0.0}},
        )
        off.step()
        for d, name in enumerate(off.domains.names):
            there = 0.0 if name in domains else all_on.domains.detection[d]
            np.testing.assert_allclose(off.citizens.watched[:, d], there)
            if name in domains:
                assert not ((off.citizens.noted | off.citizens.detected) >> d & 1).any()


def test_a_channel_scales_the_coverage():
    half = society("surveillance-only", institutions__sensor_network__channels__talk=0.5)
    less = society("surveillance-only", institutions__sensor_network__coverage=0.5)
    d = half.domains.role("dissent")
    np.testing.assert_allclose(half.citizens.watched[:, d], less.citizens.watched[:, d])


def test_domains_of_no_role_are_sensed_at_full_coverage():
    none = dict.fromkeys(("search", "place", "payment", "talk"), 0.0)
    there = society(
        "surveillance-only",
        domains__gossip={"detection": 0.4},
        institutions__sensor_network={"blind_share": 0.0, "channels": none},
    )
    np.testing.assert_array_equal(there.citizens.watched.max(axis=0) > 0, np.array(there.domains.names) == "gossip")


# The wall


def test_few_get_round_the_wall_and_they_are_the_curious():
    walled = society("firewall", 5000)
    c, d = walled.citizens, walled.domains.role("curiosity")
    beyond = c.beyond_wall == 1
    assert 0.02 < beyond.mean() < 0.05
    assert c.conviction[beyond, d].max() < 0.6 and c.conviction[beyond, d].mean() < 0.2
    chance = choice_probabilities(3.1 * (1 - 2 * c.conviction[:, d]) - 2.8, 1.9)
    assert_proportion(int(beyond.sum()), len(c), float(chance.mean()))


def test_what_the_wall_costs_decides_who_gets_round_it():
    assert not society("firewall", institutions__firewall__cost=100.0).citizens.beyond_wall.any()
    nobody_curious = society("firewall", 5000, institutions__firewall__cost=0.0, domains__inquiry=None)
    assert_proportion(int(nobody_curious.citizens.beyond_wall.sum()), 5000, 0.5)


def test_those_beyond_the_wall_are_not_watched_by_it_and_see_everything():
    walled = society("firewall", institutions__sensor_network=None, institutions__firewall__cost=1.0)
    c, beyond = walled.citizens, walled.citizens.beyond_wall == 1
    assert beyond.any() and not c.watched[beyond].any() and not c.behind[beyond].any()
    np.testing.assert_allclose(c.watched[~beyond].max(axis=1), 0.1)
    assert (c.behind[~beyond] == 1).all()


def test_everybody_decides_anew_after_a_year():
    walled = society("firewall", population__turnover=0.0, institutions__firewall__cost=0.0)
    before = walled.citizens.beyond_wall.copy()
    walled.run_for(51)
    np.testing.assert_array_equal(walled.citizens.beyond_wall, before)
    walled.citizens.conviction[:, walled.domains.role("curiosity")] = 1.0
    walled.run_for(2)
    assert before.mean() > 0.3 and walled.citizens.beyond_wall.mean() < 0.02
    assert (walled.citizens.behind == 1 - walled.citizens.beyond_wall).all()


# The prediction


@pytest.mark.parametrize(
    ("risk", "expected"), [([1, 2, 3, 4], 1.0), ([4, 3, 2, 1], 0.0), ([1, 1, 1, 1], 0.5), ([1, 3, 2, 4], 0.75)]
)
def test_discrimination_is_the_share_of_pairs_in_order(risk, expected):
    assert discrimination(np.array(risk, float), np.array([False, False, True, True])) == expected


def test_discrimination_needs_both_kinds():
    assert np.isnan(discrimination(np.arange(3.0), np.zeros(3, bool)))


def test_the_record_is_a_fading_mean_of_what_is_noted_and_upheld():
    there = society("predictive", population__turnover=0.0, institutions__predictor__memory=4.0)
    noted, upheld = np.zeros((300, 6)), np.zeros((300, 6))
    for _ in range(6):
        there.step()
        c = there.citizens
        noted += ((c.noted[:, None] >> np.arange(6, dtype=np.uint32) & 1) - noted) / 4
        upheld += ((c.upheld[:, None] >> np.arange(6, dtype=np.uint32) & 1) - upheld) / 4
    np.testing.assert_allclose(there.citizens.noted_record, noted)
    np.testing.assert_allclose(there.citizens.upheld_record, upheld)


def held_world(**changes) -> gh.Society:
    """Everybody who can be is flagged from the second quarter on, and some are arrested."""
    flagging = {"flag_share": 0.5, "arrests": 0.05, "interval": 13, "term": 10, **changes}
    return society("predictive", population__turnover=0.0, institutions__predictor=flagging)


def test_the_held_comply_in_everything_by_force_and_are_let_go_in_time():
    there = held_world()
    held_for = np.zeros(300, int)
    terms = []
    for _ in range(50):
        held = there.citizens.on(Lists.DETAINED)
        there.step()
        c = there.citizens
        assert (c.complies[held] == 1).all()
        now = c.on(Lists.DETAINED)
        assert (c.hardship[now] == 1).all() and (c.held[now] == 1).all()
        assert (c.flags[now & ~held] & np.uint32(Lists.FLAGGED)).all()
        held_for[now] += 1
        terms += list(held_for[held & ~now])
        held_for[~now] = 0
    assert len(terms) > 50 and set(terms) == {10}
    assert there.history["detained"].iloc[-1] == there.citizens.on(Lists.DETAINED).mean()


def test_the_held_learn_nothing_of_others_from_their_own_force():
    there = held_world()
    there.run_for(35)
    c = there.citizens
    held = c.on(Lists.DETAINED)
    assert held.any()
    there.step()
    held &= c.on(Lists.DETAINED)
    np.testing.assert_array_equal(c.pressure[held], c.ordinary_image[held])
    assert np.abs(c.surprise[held]).max() < 0.15


def test_reeducation_moves_a_conviction_by_its_closed_form():
    plan = gh.Scenario.load("predictive").change({**STILL, "population.size": 300, "population.turnover": 0.0})
    flagging = {"flag_share": 0.5, "arrests": 0.05, "interval": 13, "term": 10, "reeducation": 0.1}
    there = gh.Society(plan.change({"institutions.predictor": flagging}), rng=3)
    before = there.citizens.conviction.copy()
    there.run_for(45)
    c, d = there.citizens, there.domains.role("dissent")
    once = (c.arrested == 1) & ~c.on(Lists.DETAINED)
    assert once.sum() > 20
    np.testing.assert_allclose(1 - c.conviction[once, d], (1 - before[once, d]) * 0.9**10)
    others = np.delete(np.arange(6), d)
    np.testing.assert_array_equal(c.conviction[:, others], before[:, others])


def test_an_arrest_is_wrongful_where_one_would_comply_unobserved():
    there = held_world()
    there.change({"institutions.court": None})
    d = there.domains.role("dissent")
    arrests = 0
    for _ in range(40):
        held = there.citizens.on(Lists.DETAINED)
        there.step()
        c = there.citizens
        taken = c.on(Lists.DETAINED) & ~held
        np.testing.assert_array_equal(c.sanctioned >> d & 1 == 1, taken)
        np.testing.assert_array_equal(c.wrongful >> d & 1 == 1, taken & (c.complies_unobserved[:, d] == 1))
        arrests += taken.sum()
    assert arrests > 50


def test_neighbours_trust_those_who_come_back_less():
    kept, lost = held_world(stigma=0.0), held_world(stigma=0.5)
    while not ((kept.citizens.arrested > 0) & ~kept.citizens.on(Lists.DETAINED)).any():
        assert_same(kept, lost)
        kept.step()
        lost.step()
    back = (kept.citizens.arrested > 0) & ~kept.citizens.on(Lists.DETAINED)
    toward, ties = back[kept.ties.neighbours], kept.ties
    assert (lost.ties.trust[toward] < 0.6 * ties.trust[toward]).all()
    np.testing.assert_array_equal(lost.ties.trust[~toward], ties.trust[~toward])
    assert (lost.ties.resting[toward] < ties.resting[toward]).all()


def test_prediction_tells_more_than_chance_and_leaves_no_list_behind():
    there = society("predictive", 2000, institutions__predictor__interval=26)
    there.run_for(80)
    assert there.history["prediction"].iloc[-20:].mean() > 0.6
    assert there.history["flagged"].iloc[-1] == pytest.approx(0.02, abs=0.002)
    there.change({"institutions.predictor": None})
    assert not (there.citizens.flags & np.uint32(Lists.FLAGGED | Lists.DETAINED)).any()


def test_dread_is_of_arrests():
    """And only as long as anybody is flagged."""
    d = 4
    there, idle = held_world(dread=2.0), held_world(dread=2.0, arrests=0.0)
    assert there.conditions.bars[d] == 0
    there.run_for(40)
    idle.run_for(40)
    assert there.conditions.bars[d] == 2 and idle.conditions.bars[d] == 0


def test_without_flags_nobody_is_arrested():
    there = held_world()
    there.run_for(40)
    there.change({"institutions.predictor.flag_share": 0.0})
    there.run_for(12)
    assert there.history["flagged"].iloc[-1] == there.history["detained"].iloc[-1] == 0


# The map


def listed_world(**changes) -> gh.Society:
    there = society("debtor-map", institutions__blacklist__entry=0.0, institutions__debtor_map=changes)
    there.citizens.flags[::3] |= np.uint32(Lists.BLACKLISTED)
    return there


def test_a_report_of_a_debtor_is_true_where_it_did_not_pay():
    there = listed_world(strangers=1000, bounty=5.0)
    listed = there.citizens.on(Lists.BLACKLISTED)
    there.step()
    c = there.citizens
    debt, spends = there.domains.role("debt"), c.complies[:, there.domains.role("consumption")] == 0
    reported = c.stranger_reports > 0
    assert reported.any() and not reported[~spends].any() and not reported[~listed].any()
    pays = c.complies[:, debt] == 1
    np.testing.assert_array_equal(c.reported >> debt & 1 == 1, reported & ~pays)
    np.testing.assert_array_equal(c.denounced >> debt & 1 == 1, reported & pays)


def test_neighbours_who_look_and_believe_in_guilt_lose_trust_once():
    shown, hidden = listed_world(stigma=0.4, strangers=0, users=1.0), listed_world(stigma=0.0, strangers=0, users=1.0)
    for world in (shown, hidden):
        world.step()
    c, ties = shown.citizens, shown.ties
    toward = c.on(Lists.BLACKLISTED)[ties.neighbours]
    kept = 1 - 0.4 * c.authority_trust[ties.owners()]
    np.testing.assert_allclose(ties.trust[toward], (hidden.ties.trust * kept)[toward])
    np.testing.assert_array_equal(ties.trust[~toward], hidden.ties.trust[~toward])
    before = ties.trust.copy()
    shown.institutions["debtor_map"].mingle(shown)
    np.testing.assert_array_equal(ties.trust, before)
