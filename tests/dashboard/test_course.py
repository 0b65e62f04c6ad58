"""The course of a session: what is lived, linked, shown and written down is the same, whatever was done."""

from __future__ import annotations

import base64
import json
import threading
import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import glasshouse as gh
from glasshouse.dashboard.session.course import OFF, ON, PEOPLE, Course, Entry, Start
from glasshouse.dashboard.session.desk import Desk
from glasshouse.dashboard.session.links import LinkError, opened, packed, unpacked
from glasshouse.dashboard.session.player import Player
from glasshouse.dashboard.session.world import LimitError, Limits
from glasshouse.experiments.running.twin import twin_of
from tests.support.scenes import assert_same, state
from tests.support.sessions import gone_to, playing, until

PRESET = "visible-score-and-reports"
REWARD = "institutions.hotline.reward"
SMALL = Course.of(PRESET, 3).changed(0, 0, {"population.size": 60})


def assert_link_restores(player: Player) -> None:
    """A fresh session with the same link is the same in the same week, and in the next two."""
    week = player.worlds[0].week
    with playing(unpacked(packed(player.course))) as fresh:
        for later in (week, week + 1, week + 2):
            gone_to(player, later)
            gone_to(fresh, later)
            assert len(fresh.worlds) == len(player.worlds)
            for live, again in zip(player.worlds, fresh.worlds, strict=True):
                assert state(live.society).keys() == state(again.society).keys()
                assert_same(live.society, again.society)
                assert live.events == again.events and live.plan == again.plan


CHANGES = st.sampled_from(
    [
        {"citizens.memory": 9.0}, {"citizens.memory": 1.0}, {REWARD: 3.0}, {REWARD: 0.0},
        {"institutions.hotline": False}, {"institutions.hotline": {}},
        {"institutions.exit": {"rate": 0.5, "means": 0.2}}, {"institutions.predictor": {"interval": 2}},
        {"institutions.authority": {"growth": 5.0}}, {"institutions.household_registry": {}},
        {"institutions.firm": {}}, {"institutions.court": False}, {"domains.speech.loss": 9.0},
        {"population.size": 40}, {"population.degree": 6}, {"citizens.conformity": 2.0},
        {"domains.speech.conviction_mean": 0.3}, {"citizens.memory": -1.0},
    ]
)  # fmt: skip
COMMANDS = st.one_of(
    st.tuples(st.just("change"), st.integers(0, 1), CHANGES),
    st.tuples(st.just("go"), st.sampled_from([0, 2, 3, 5, 8, 14, 129, 131])),
    st.sampled_from([("off",), ("on",), ("step",), ("step",), ("open",), ("again",)]),
    st.tuples(st.just("beside"), st.sampled_from(["", "baseline", "switched-off", PRESET])),
)


def obey(player: Player, command: tuple) -> None:
    name, *given_ = command
    if name == "change":
        which, changes = given_
        player.ask(lambda: player.change(min(which, len(player.course.starts) - 1), changes))
    elif name == "go":
        gone_to(player, *given_)
    elif name == "beside":
        player.ask(lambda: player.begin(player.course.beside(*given_)))
    elif name == "open":
        player.ask(lambda: player.begin(unpacked(packed(player.course))))
    else:
        player.ask(
            {"off": player.switch_off, "on": player.switch_on, "step": player.step, "again": player.restart}[name]
        )


@settings(max_examples=settings().max_examples // 5)
@given(st.sampled_from([PRESET, "switched-off"]), st.lists(COMMANDS, min_size=2, max_size=12))
def test_whatever_is_done_a_link_restores_both_worlds(preset, commands):
    with playing(Course.of(preset, 3, PRESET).changed(0, 0, {"population.size": 60})) as player:
        for command in commands:
            before, week = player.course, player.worlds[0].week
            try:
                obey(player, command)
            except gh.ScenarioError:
                assert player.course is before and player.worlds[0].week == week, "what is refused changes nothing"
        assert len({world.plan.population for world in player.worlds}) == 1
        assert_link_restores(player)


def test_a_change_of_the_second_world_is_in_the_link():
    with playing(SMALL.beside(PRESET)) as player:
        gone_to(player, 4)
        player.ask(lambda: player.change(1, {REWARD: 3.0}))
        assert player.course.entries == (Entry(5, 1, {REWARD: 3.0}),)
        assert [plan.settings()[REWARD] for plan in (world.plan for world in player.worlds)] == [0.5, 3.0]
        assert_link_restores(player)
        a, b = (world.society.history for world in player.worlds)
        assert a.loc[:4].equals(b.loc[:4]) and not a.loc[5:].equals(b.loc[5:])


def test_what_the_scenario_has_to_come_ends_where_it_is_first_switched_off_until_one_goes_back():
    own = [change.week for change in Course.of("china-1950-2030").scenario().dated]
    assert own[:3] == [313, 417, 833]

    def weeks(course: Course) -> list[int]:
        return [change.week for change in course.scenario().dated]

    course = Course.of("china-1950-2030").switched_off(500).changed(600, 0, {"institutions.exit": {}})
    twice = course.switched_off(900)
    assert weeks(twice) == [313, 417, 501, 601, 901]
    assert twice.scenario().at_week(901).institutions == {}
    assert "institutions.exit" in twice.scenario().dated[-1].set
    assert weeks(twice.back_to(700)) == [313, 417, 501, 601]
    assert weeks(twice.back_to(500)) == own, "what was dropped comes back"


def test_switching_off_a_scenario_with_a_future_leaves_nothing_to_come():
    with playing(Course.of("switched-off", 1).changed(0, 0, {"population.size": 60})) as player:
        gone_to(player, 5)
        player.ask(lambda: player.change(0, {"citizens.memory": 9.0}))
        player.ask(lambda: player.begin(player.course))
        gone_to(player, 3)
        # The link's change of week 6 and the scenario's of week 130 are still to come.
        player.ask(player.switch_off)
        gone_to(player, 140)
        assert not player.worlds[0].society.institutions
        assert player.frame.events[0] == ((4, OFF),)
        assert player.frame.plans[0].citizens.memory != 9.0
        gone_to(player, 2)
        gone_to(player, 131)
        assert [week for week, _ in player.frame.events[0]] == [130]


def test_both_worlds_have_the_same_people_whichever_is_changed():
    with playing(SMALL.beside("baseline")) as player:
        for which, changes, size in ((0, {"population.size": 50}, 50), (1, {"population.size": 40}, 40),
                                     (1, {"domains.speech.conviction_mean": 0.2}, 40)):  # fmt: skip
            gone_to(player, 3)
            player.ask(lambda which=which, changes=changes: player.change(which, changes))
            a, b = (world.society for world in player.worlds)
            assert a.week == b.week == 0 and a.founders == b.founders == size
            np.testing.assert_array_equal(a.ties.neighbours, b.ties.neighbours)
            np.testing.assert_array_equal(a.citizens.start_conviction, b.citizens.start_conviction)
        assert_link_restores(player)


def test_a_second_world_begins_with_the_people_of_the_first():
    course = SMALL.changed(0, 0, {"domains.speech.conviction_mean": 0.2, "citizens.memory": 9.0}).beside("baseline")
    assert course.starts[1].settings == PEOPLE | {"population.size": 60, "domains.speech.conviction_mean": 0.2}
    assert course.beside("").starts == course.starts[:1]
    busy = course.changed(4, 0, {REWARD: 1.0}).changed(4, 1, {"institutions.exit": {}})
    assert busy.beside("commune").entries == (Entry(5, 0, {REWARD: 1.0}),)


def test_a_change_before_the_first_week_of_a_link_leaves_what_it_has_to_come():
    with playing(SMALL.changed(5, 0, {REWARD: 3.0})) as player:
        player.ask(lambda: player.change(0, {"citizens.memory": 9.0}))
        assert player.course.entries == (Entry(6, 0, {REWARD: 3.0}),)
        assert player.course.starts[0].settings == PEOPLE | {"population.size": 60, "citizens.memory": 9.0}
        gone_to(player, 5)
        assert player.frame.plans[0].settings()[REWARD] == 3.0
        assert_link_restores(player)


def test_what_is_changed_last_holds_though_a_link_had_the_same_to_come():
    with playing(SMALL.changed(5, 0, {REWARD: 3.0})) as player:
        gone_to(player, 5)
        player.ask(lambda: player.change(0, {REWARD: 1.0}))
        assert player.ask(lambda: player.worlds[0].plan.settings()[REWARD]) == 1.0
        assert_link_restores(player)
        assert player.worlds[0].society.plan.settings()[REWARD] == 1.0


def test_an_institution_that_counts_from_its_first_week_is_the_same_again():
    with playing(SMALL) as player:
        gone_to(player, 5)
        player.ask(lambda: player.change(0, {"institutions.authority": {"growth": 5.0}}))
        gone_to(player, 20)
        assert player.worlds[0].society.institutions["authority"].since == 6
        assert_link_restores(player)


def test_only_its_thread_touches_the_societies(monkeypatch):
    readers = set()

    def read(self):
        readers.add(threading.current_thread().name)
        return self.__dict__["kept"]

    monkeypatch.setattr(Player, "worlds", property(read, lambda self, worlds: self.__dict__.update(kept=worlds)), False)
    desk = Desk(SMALL, Limits())

    def draw() -> None:
        desk.widget.drawn = json.loads(desk.widget.frame or '{"number": 0}')["number"]

    try:
        readers.clear()
        for asked in (
            {"do": "change", "path": "population.size", "value": 40}, {"do": "beside", "scenario": "baseline"},
            {"do": "change", "path": "population.degree", "value": 6, "world": 1}, {"do": "go", "week": 2},
            {"do": "take", "file": "history.csv"}, {"do": "ask", "question": "end"}, {"do": "off"}, {"do": "on"},
        ):  # fmt: skip
            desk.hear(asked)
            assert desk.fault == ""
            until(lambda: (draw(), desk._sent.course is desk.player.course and desk.player.frame.going is None)[1])
        assert len(desk._layout.nodes) == 40 and readers == {"glasshouse-player"}
    finally:
        desk.close()


def test_going_back_keeps_what_was_done_before_and_undoes_the_rest_in_both_worlds():
    with playing(SMALL.beside("baseline")) as player:
        gone_to(player, 5)
        player.ask(lambda: player.change(0, {"citizens.memory": 9.0}))
        gone_to(player, 8)
        player.ask(lambda: player.change(1, {"institutions.exit": {}}))
        gone_to(player, 12)
        player.ask(lambda: player.change(0, {"citizens.memory": 1.0}))
        gone_to(player, 10)
        assert [entry.week for entry in player.course.entries] == [6, 9]
        gone_to(player, 8)
        assert player.course.entries == (Entry(6, 0, {"citizens.memory": 9.0}),)
        assert player.frame.plans[0].citizens.memory == 9.0 and not player.frame.plans[1].institutions
        reference = gh.Society(SMALL.scenario(), rng=3)
        reference.run_for(5)
        reference.change({"citizens.memory": 9.0})
        reference.run_for(3)
        assert_same(player.worlds[0].society, reference)
        assert len(player.frame.rows[0]) == len(player.frame.rows[1]) == 8


def test_what_was_done_can_be_written_down_and_lived_again(tmp_path):
    with playing(SMALL) as player:
        for week, changes in ((5, {REWARD: 3.0}), (9, {"institutions.exit": {}})):
            gone_to(player, week)
            player.ask(lambda changes=changes: player.change(0, changes))
        gone_to(player, 12)
        player.ask(player.switch_off)
        gone_to(player, 16)
        player.course.scenario().save(tmp_path / "mine.toml")
        again = gh.Society(tmp_path / "mine.toml", rng=3)
        again.run_for(16)
        assert_same(again, player.worlds[0].society)
        said = ((6, "A report earns: 3"), (10, "Emigration: switched on"), (13, OFF))
        assert player.frame.events == (said, ())


def test_what_takes_effect_at_the_start_starts_again_without_what_was_done():
    with playing(SMALL) as player:
        gone_to(player, 4)
        player.ask(lambda: player.change(0, {"citizens.memory": 9.0}))
        player.ask(lambda: player.change(0, {"population.degree": 6}))
        assert player.worlds[0].week == 0 and player.worlds[0].society.plan.population.degree == 6
        assert player.course == SMALL.changed(0, 0, {"population.degree": 6})


def test_an_institution_set_again_at_the_start_begins_with_its_defaults():
    course = Course.of("baseline")
    for changes in ({"institutions.hotline": {}}, {REWARD: 3.0}, {"institutions.hotline": False}):
        course = course.changed(0, 0, changes)
    assert not course.scenario().institutions
    assert course.changed(0, 0, {"institutions.hotline": {}}).scenario().settings()[REWARD] == 0.5


def test_what_is_refused_changes_nothing():
    # What is to come would change an institution that is there no more.
    course = SMALL.changed(9, 0, {REWARD: 1.0})
    with playing(course) as player:
        gone_to(player, 4)
        for wrong, words in (({"citizens.memory": -1.0}, "citizens.memory"), ({"citizens.memories": 1.0}, "unknown"),
                             ({"institutions.exit.rate": 0.1}, "add it first"),
                             ({"institutions.hotline": False}, "week 10: .*no institutions.hotline")):  # fmt: skip
            with pytest.raises(gh.ScenarioError, match=words):
                player.ask(lambda wrong=wrong: player.change(0, wrong))
        with pytest.raises(gh.GlasshouseError, match="different domains"):
            player.ask(lambda: player.begin(course.beside("baseline").changed(0, 1, {"domains.civic": False})))
        assert player.course is course and player.worlds[0].week == 4
        assert "hotline" in player.worlds[0].society.institutions


def test_limits_are_refused_in_words():
    limits = Limits(citizens=100, weeks=5, sessions=1)
    with pytest.raises(LimitError, match="more than the 100 citizens that this server allows"):
        Player(SMALL.changed(0, 0, {"population.size": 101}), limits)
    with pytest.raises(LimitError, match="it opens no files"):
        Player(SMALL.changed(0, 0, {"population.network": "file", "population.file": "/etc/passwd"}), limits)
    with playing(SMALL, limits) as player:
        gone_to(player, 5)
        for command, words in ((player.step, "allows 5 weeks"), (lambda: player.go_to(6), "from 0 to 5"),
                               (lambda: player.go_to(-1), "from 0 to 5"),
                               (lambda: player.change(0, {"population.size": 200}), "this server allows")):  # fmt: skip
            with pytest.raises(LimitError, match=words):
                player.ask(command)
        assert player.worlds[0].week == 5


def test_a_link_restores_the_course():
    course = Course(
        7,
        (Start("visible-score", {"population.size": 90}), Start("baseline", {"institutions.hotline": {}})),
        (Entry(5, 0, {"citizens.memory": 2.0}), Entry(9, 1, {REWARD: float("inf")}), Entry(9, 0, None)),
    )
    assert unpacked(packed(course)) == course


def link(data) -> str:
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(data).encode())).decode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "damaged"), ("x", "damaged"), ("!!!!", "damaged"), ("eJwrySxJBQAEXQHB", "damaged"),
        ("A" * 30_000, "too long"), (packed(Course.of("no-such-scenario")), "scenario 'no-such-scenario'"),
        (packed(replace(SMALL, seed=2**63)), "out of range"), (packed(replace(SMALL, seed=-1)), "out of range"),
        (link(["visible-score", 1, [], "", [], None]), "made by an earlier version"),
        (link([1, [], []]), "damaged"), (link([1, [["baseline", {}]] * 3, []]), "damaged"),
        (link([1, [["baseline", {}]], [[3, 1, None]]]), "damaged"), (link([1, [["baseline", [1]]], []]), "damaged"),
        (link([float("inf"), [["baseline", {}]], []]), "damaged"), (link({"a": 1, "b": 2, "c": 3}), "damaged"),
        (base64.urlsafe_b64encode(zlib.compress(b"[" * 150_000)).decode(), "damaged"),
    ],
)  # fmt: skip
def test_a_link_that_is_none_is_refused(text, words):
    with pytest.raises(LinkError, match=words):
        unpacked(text)


def test_a_link_cannot_fill_the_memory():
    bomb = base64.urlsafe_b64encode(zlib.compress(b"[" * 50_000_000)).decode()
    with pytest.raises(LinkError):
        unpacked(bomb)
    with pytest.raises(LinkError):
        unpacked(base64.urlsafe_b64encode(zlib.compress(b" " * 10_000_000 + b"1", 9)).decode())


def test_the_twin_is_the_same_people_without_institutions_and_follows_the_first():
    with playing(SMALL) as player:
        gone_to(player, 4)
        player.ask(lambda: player.change(0, {"citizens.memory": 9.0}))
        player.ask(lambda: player.change(0, {REWARD: 3.0}))
        gone_to(player, 9)
        twin = player.worlds[1].society
        assert not twin.institutions and twin.plan.citizens.memory == 9.0
        reference = gh.Society(twin_of(SMALL.scenario()), rng=3)
        reference.run_for(4)
        reference.change({"citizens.memory": 9.0})
        reference.run_for(5)
        assert_same(twin, reference)
        with pytest.raises(gh.ScenarioError, match="follows the first"):
            player.ask(lambda: player.change(1, {"citizens.memory": 1.0}))


def test_what_was_switched_off_is_switched_on_again_as_it_was():
    with playing(SMALL) as player:
        gone_to(player, 4)
        player.ask(lambda: player.change(0, {REWARD: 3.0}))
        before = player.ask(lambda: player.worlds[0].plan.institutions)
        player.ask(player.switch_off)
        gone_to(player, 8)
        assert player.course.off_since() == 5 and not player.frame.plans[0].institutions
        assert player.course.before_off().institutions == before
        player.ask(player.switch_on)
        gone_to(player, 9)
        assert player.course.off_since() is None and player.worlds[0].plan.institutions == before
        assert [says for _, says in player.frame.events[0]][-2:] == [OFF, ON]
        assert_link_restores(player)


def test_an_address_has_a_week_and_a_damaged_one_is_refused():
    assert opened("") == (None, 0)
    assert opened(f"?s={packed(SMALL)}&w=104") == (SMALL, 104)
    for search in ("?s=x", f"?s={packed(SMALL)}&w=-1", f"?s={packed(SMALL)}&w=9999999999"):
        with pytest.raises(LinkError, match="damaged"):
            opened(search)
