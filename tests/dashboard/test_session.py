"""What is behind the page: worlds, the player, layouts, controls, links."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from scipy.spatial import cKDTree

import glasshouse as gh
from glasshouse.agents.institutions import INSTITUTIONS
from glasshouse.dashboard.drawing import layout, looks
from glasshouse.dashboard.page.controls import controls
from glasshouse.dashboard.page.sweep import chart, small_sweep
from glasshouse.dashboard.session.links import LinkError, State, packed, unpacked
from glasshouse.dashboard.session.player import Player, View
from glasshouse.dashboard.session.world import LimitError, Limits, World
from glasshouse.model.declarations import declaration

SMALL = gh.Scenario.load("visible-score-and-reports").change({"population.size": 80})


def lived(world: World, weeks: int) -> World:
    for _ in range(weeks):
        world.step()
    return world


def test_what_was_done_to_a_world_can_be_written_down_and_lived_again(tmp_path):
    world = lived(World(SMALL, 3), 5)
    world.change({"institutions.hotline.reward": 3.0})
    lived(world, 4)
    world.change({"institutions.exit": {}})
    lived(world, 3)
    world.switch_off()
    lived(world, 4)
    world.recorded.save(tmp_path / "mine.toml")
    again = gh.Society(tmp_path / "mine.toml", rng=3)
    again.run_for(16)
    pd.testing.assert_frame_equal(again.history, world.society.history)
    np.testing.assert_array_equal(again.citizens.conviction, world.society.citizens.conviction)
    assert [week for week, _ in world.events] == [6, 10, 13]


def test_switching_off_a_scenario_with_a_future_leaves_nothing_to_come():
    to_come = [{"week": 10, "set": {"institutions.exit": {}}}, {"week": 30, "set": {"institutions.exit.rate": 0.5}}]
    plan = gh.Scenario.from_dict(SMALL.to_dict() | {"change": to_come})
    world = lived(World(plan, 1), 20)
    before = world.society.history
    world.switch_off()
    assert world.week == 20
    lived(world, 30)
    assert not world.society.institutions
    pd.testing.assert_frame_equal(world.society.history.iloc[:20], before)
    again = gh.Society(world.recorded, rng=1)
    again.run_for(50)
    pd.testing.assert_frame_equal(again.history, world.society.history)


def test_going_back_and_forth_is_the_same_world():
    world = lived(World(SMALL, 3), 4)
    world.change({"citizens.memory": 9.0})
    lived(world, 6)
    before = world.society.history
    world.go_to(7)
    assert world.week == 7
    pd.testing.assert_frame_equal(world.society.history, before.iloc[:7])
    world.go_to(10)
    pd.testing.assert_frame_equal(world.society.history, before)
    world.go_to(2)
    assert world.changes == []


def test_what_takes_effect_at_the_start_starts_again():
    world = lived(World(SMALL, 3), 4)
    assert not world.change({"citizens.memory": 9.0})
    assert world.change({"population.degree": 6}) and world.week == 0
    assert world.society.plan.population.degree == 6


def test_what_is_refused_changes_nothing():
    world = lived(World(SMALL, 3), 4)
    for wrong in ({"citizens.memory": -1.0}, {"citizens.memories": 1.0}, {"institutions.exit.rate": 0.1}):
        with pytest.raises(gh.ScenarioError):
            world.change(wrong)
    assert world.changes == [] and world.week == 4
    to_come = [{"week": 10, "set": {"institutions.hotline.reward": 1.0}}]
    dated = lived(World(gh.Scenario.from_dict(SMALL.to_dict() | {"change": to_come}), 1), 3)
    with pytest.raises(gh.ScenarioError, match="change in week 10.*there is no institutions.hotline"):
        # What is to come would change an institution that is there no more.
        dated.change({"institutions.hotline": False})
    assert dated.changes == [] and "hotline" in dated.society.institutions


def test_limits_are_refused_in_words():
    limits = Limits(citizens=100, weeks=5, sessions=1)
    with pytest.raises(LimitError, match="more than the 100 citizens that this server allows"):
        World(SMALL.change({"population.size": 101}), 1, limits)
    with pytest.raises(LimitError, match="it opens no files"):
        World(SMALL.change({"population.network": "file", "population.file": "/etc/passwd"}), 1, limits)
    world = lived(World(SMALL, 1, limits), 5)
    with pytest.raises(LimitError, match="allows 5 weeks"):
        world.step()
    with pytest.raises(LimitError, match="give one from 0 to 5"):
        world.go_to(6)
    with pytest.raises(LimitError, match="citizens that this server allows"):
        world.change({"population.size": 200})
    assert world.week == 5


@pytest.fixture
def player():
    made = Player(SMALL, 2, Limits())
    made.start()
    yield made
    made.close()
    made.join(10)
    assert not made.is_alive()


def until(condition, seconds=10.0) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.01)


def test_a_player_plays_pauses_and_steps(player):
    player.speed = 200.0
    player.do(lambda: player.play(True))
    until(lambda: (player.drawn(), player.frame.week >= 10)[1])
    player.do(lambda: player.play(False))
    until(lambda: not player.frame.playing)
    week = player.frame.week
    player.do(player.step)
    until(lambda: player.frame.week == week + 1)
    time.sleep(0.1)
    assert player.frame.week == week + 1
    reference = gh.Society(SMALL, rng=2)
    reference.run_for(week + 1)
    assert player.frame.marks[0] == looks.codes(reference, 4, "act").tobytes()
    assert player.frame.rows[0][-1][3] == reference.history["compliance"].iloc[-1]


def test_a_player_keeps_the_speed_asked_for(player):
    player.speed = 20.0
    player.do(lambda: player.play(True))
    time.sleep(2.0)
    # A busy machine may be late, but it is never hasty.
    assert 10 <= player.ask(lambda: player.worlds[0].week) <= 44


def test_a_player_stops_when_nobody_looks(player, monkeypatch):
    monkeypatch.setattr("glasshouse.dashboard.session.player.ABANDONED", 0.3)
    player.speed = 100.0
    player.do(lambda: player.play(True))
    until(lambda: player.playing)
    until(lambda: not player.playing)
    week = player.ask(lambda: player.worlds[0].week)
    time.sleep(0.2)
    assert player.ask(lambda: player.worlds[0].week) == week > 0


def test_frames_show_who_differs_and_who_is_looked_at(player):
    other = SMALL.change({"institutions.hotline": None})
    player.ask(lambda: player.begin(SMALL, 2, other))
    player.do(lambda: player.go_to(20))
    until(lambda: player.frame.week == 20 and player.frame.going is None)
    a, b = (np.frombuffer(marks, np.uint8) for marks in player.frame.marks)
    societies = [gh.Society(plan, rng=2) for plan in (SMALL, other)]
    for society in societies:
        society.run_for(20)
    differ = societies[0].citizens.complies[:, 4] != societies[1].citizens.complies[:, 4]
    np.testing.assert_array_equal(a & looks.DIFFERS > 0, differ)
    np.testing.assert_array_equal(b & looks.DIFFERS > 0, differ)
    player.ask(lambda: setattr(player, "view", View("credit", "fear", 17)))
    until(lambda: player.frame.citizen is not None)
    why = societies[0].citizen(17).explain("credit")
    assert player.frame.citizen["why"] == vars(why)
    assert sorted(player.frame.citizen["neighbours"]) == sorted(societies[0].ties.of(17).tolist())


def test_going_back_keeps_what_was_changed_before_and_undoes_the_rest(player):
    player.ask(lambda: player.go_to(5))
    until(lambda: player.frame.week == 5 and player.frame.going is None)
    player.ask(lambda: player.change(0, {"citizens.memory": 9.0}))
    player.ask(lambda: player.go_to(12))
    until(lambda: player.frame.week == 12 and player.frame.going is None)
    player.ask(lambda: player.change(0, {"citizens.memory": 1.0}))
    assert player.ask(lambda: player.worlds[0].society.plan.citizens.memory) == 1.0
    player.ask(lambda: player.go_to(8))
    until(lambda: player.frame.week == 8 and player.frame.going is None)
    assert player.frame.plans[0].citizens.memory == 9.0
    assert [change.week for change in player.worlds[0].changes] == [6]
    reference = gh.Society(SMALL, rng=2)
    reference.run_for(5)
    reference.change({"citizens.memory": 9.0})
    reference.run_for(3)
    assert player.frame.rows[0][-1][3] == reference.history["compliance"].iloc[-1]
    assert len(player.frame.rows[0]) == 8


def test_what_goes_wrong_is_said_and_play_goes_on(player):
    with pytest.raises(gh.ScenarioError, match="citizens.memory"):
        player.ask(lambda: player.change(0, {"citizens.memory": -1.0}))
    player.do(lambda: player.change(0, {"citizens.memory": -1.0}))
    until(lambda: "citizens.memory" in player.frame.message)
    player.do(player.step)
    until(lambda: player.frame.week == 1)


def test_every_citizen_looks_like_what_it_does():
    society = gh.Society(SMALL, rng=1)
    society.run_for(10)
    c = society.citizens
    for d in range(len(society.domains)):
        kind = looks.kinds(society, d)
        complies, unobserved, unchanged = (
            column[:, d] == 1 for column in (c.complies, c.complies_unobserved, c.complies_unchanged)
        )
        np.testing.assert_array_equal(kind == 3, ~complies)
        np.testing.assert_array_equal(kind == 2, complies & ~unobserved)
        np.testing.assert_array_equal(kind == 1, complies & unobserved & ~unchanged)
        np.testing.assert_array_equal(kind == 0, complies & unobserved & unchanged)
        code = looks.codes(society, d, "act")
        np.testing.assert_array_equal(code & looks.PRETENDS > 0, complies != unobserved)
    for look in looks.LOOKS[1:]:
        assert (looks.levels(society, 0, look) <= looks.HIGHEST).all()
    np.testing.assert_array_equal(looks.levels(society, 2, "fear"), np.round(c.fear[:, 2] * 31))


def test_emigrants_are_gone_from_the_picture():
    society = gh.Society(SMALL, rng=4, **{"institutions.exit": {"rate": 0.5, "means": 0.2}})
    society.run_for(40)
    codes = looks.codes(society, 0, "act")
    assert len(codes) == 80 and (codes == looks.GONE).sum() == 80 - len(society.citizens) > 0


@pytest.mark.parametrize("network", ["small-world", "community", "scale-free", "random", "karate", "lattice"])
def test_a_layout_puts_neighbours_near_and_nobody_upon_another(network):
    changes = {"population.size": 400, "population.network": network, "population.degree": 8}
    found = layout.layout_of(gh.Society("baseline", rng=1, **changes))
    assert layout.layout_of(gh.Society("baseline", rng=1, **changes)) is found
    ends = found.positions[found.edges]
    tied = np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1).mean()
    rng = np.random.default_rng(1)
    pairs = found.positions[rng.integers(len(found.nodes), size=(4000, 2))]
    assert tied < 0.85 * np.linalg.norm(pairs[:, 0] - pairs[:, 1], axis=1).mean()
    assert np.isfinite(found.positions).all() and np.abs(found.positions).max() <= 1.2
    nearest = cKDTree(found.positions).query(found.positions, k=2)[0][:, 1]
    assert np.quantile(nearest, 0.05) > 0.15 / np.sqrt(len(found.nodes))


def test_too_many_are_drawn_as_a_connected_neighbourhood(monkeypatch):
    monkeypatch.setattr(layout, "MOST_DRAWN", 100)
    society = gh.Society("baseline", rng=1, **{"population.size": 500})
    graph = layout.matrix(society)
    found = layout.lay_out(graph)
    assert len(found.nodes) == 100 and len(np.unique(found.nodes)) == 100
    from scipy.sparse.csgraph import connected_components

    assert connected_components(graph[found.nodes][:, found.nodes])[0] == 1


def test_every_setting_of_a_page_is_declared_and_its_slider_lies_within_its_bounds():
    everything = SMALL.change({f"institutions.{name}": {} for name in INSTITUTIONS})
    found = controls(everything, 5000)
    assert len({control.path for control in found}) == len(found) > 150
    for control in found:
        assert control.says, control.path
        if control.kind in ("number", "whole"):
            assert control.low <= control.value <= control.high and control.low < control.high
            declared = declaration(gh.Scenario, control.path)
            assert declared is not None
            assert control.low >= (-np.inf if declared.low is None else declared.low)
            assert control.high <= (np.inf if declared.high is None else declared.high)
    by_path = {control.path: control for control in found}
    assert "population.file" not in by_path and "file" not in by_path["population.network"].choices
    assert by_path["population.size"].fixed and by_path["population.size"].high == 5000
    assert "Takes effect from the start" in by_path["population.size"].hint
    assert by_path["institutions.hotline.reward"].high == 4.0


def test_a_link_restores_the_state():
    state = State("visible-score", 7, (("population.size", 90),), "baseline",
                  ((5, (("citizens.memory", 2.0),)), (9, (("institutions.score_bureau", False),))), 9)  # fmt: skip
    assert unpacked(packed(state)) == state
    scenario = state.scenario
    assert scenario.population.size == 90 and [change.week for change in scenario.dated] == [5, 9]


@pytest.mark.parametrize("text", ["", "x", "!!!!", "eJwrySxJBQAEXQHB", "A" * 30_000, packed(State("no-such-scenario"))])
def test_a_link_that_is_none_is_refused(text):
    with pytest.raises(LinkError):
        unpacked(text)


def test_a_link_cannot_fill_the_memory():
    import base64
    import zlib

    bomb = base64.urlsafe_b64encode(zlib.compress(b"[" * 50_000_000)).decode()
    with pytest.raises(LinkError):
        unpacked(bomb)


def test_a_small_sweep_is_what_the_runs_give():
    from threading import Event

    import solara

    told = solara.Reactive(0.0)
    found = small_sweep(SMALL, "institutions.hotline.reward", 0.0, 2.0, "reports", 8, Event(), told)
    assert found.values == np.linspace(0, 2, 7).tolist() and told.peek() == 100
    runs = [gh.Society(SMALL.change({"institutions.hotline.reward": 2.0}), rng=seed) for seed in (1, 2, 3, 4)]
    for run in runs:
        run.run_for(8)
    assert found.means[-1] == pytest.approx(np.mean([run.history["reports"].iloc[-2:].mean() for run in runs]))
    assert chart(found, "x", "reports").count("<circle") == 7
    stop = Event()
    stop.set()
    with pytest.raises(gh.GlasshouseError, match="cancelled"):
        small_sweep(SMALL, "institutions.hotline.reward", 0.0, 2.0, "reports", 8, stop, told)
