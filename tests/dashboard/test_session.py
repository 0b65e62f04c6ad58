"""What is behind the page: the player, looks, layouts, controls, the small sweep."""

from __future__ import annotations

import time

import numpy as np
import pytest
from scipy.spatial import cKDTree

import glasshouse as gh
from glasshouse.agents.citizens import ACTS
from glasshouse.agents.institutions import INSTITUTIONS
from glasshouse.dashboard.drawing import layout, looks
from glasshouse.dashboard.page.controls import controls
from glasshouse.dashboard.page.sweep import chart, small_sweep
from glasshouse.dashboard.session.course import Course
from glasshouse.dashboard.session.player import SERIES, View
from glasshouse.model.declarations import declaration
from tests.support.sessions import playing, until

COURSE = Course.of("visible-score-and-reports", 2).changed(0, 0, {"population.size": 80})
SMALL = COURSE.scenario()


@pytest.fixture
def player():
    with playing(COURSE) as made:
        yield made


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
    assert player.frame.rows[0][-1][SERIES.index("compliance")] == reference.history["compliance"].iloc[-1]


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
    course = COURSE.beside("visible-score-and-reports").changed(0, 1, {"institutions.hotline": False})
    player.ask(lambda: player.begin(course))
    player.do(lambda: player.go_to(20))
    until(lambda: player.frame.week == 20 and player.frame.going is None)
    a, b = (np.frombuffer(marks, np.uint8) for marks in player.frame.marks)
    societies = [gh.Society(plan, rng=2) for plan in course.scenarios]
    for society in societies:
        society.run_for(20)
    differ = societies[0].citizens.complies[:, 4] != societies[1].citizens.complies[:, 4]
    np.testing.assert_array_equal(a & looks.DIFFERS > 0, differ)
    np.testing.assert_array_equal(b & looks.DIFFERS > 0, differ)
    player.ask(lambda: setattr(player, "view", View("credit", "detection", 17)))
    until(lambda: player.frame.citizen is not None)
    why = societies[0].citizen(17).explain("credit")
    assert player.frame.citizen["why"] == vars(why) | {"otherwise": why.otherwise, "verdict": why.verdict}
    c = societies[0].citizens
    assert player.frame.citizen["detection"] == c.perceived_detection[17, 0] > 0
    assert player.frame.citizen["sanction"] == c.believed_guilty[17] > 0
    assert sorted(player.frame.citizen["neighbours"]) == sorted(societies[0].ties.of(17).tolist())


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
        complies, unobserved, alone, unchanged, at_start = (getattr(c, name)[:, d] == 1 for name in ACTS)
        np.testing.assert_array_equal(kind == 5, ~complies)
        np.testing.assert_array_equal(kind == 4, complies & ~unobserved)
        np.testing.assert_array_equal(kind == 3, complies & unobserved & ~alone)
        np.testing.assert_array_equal(kind == 2, complies & unobserved & alone & ~unchanged)
        np.testing.assert_array_equal(kind == 1, complies & unobserved & alone & unchanged & ~at_start)
        np.testing.assert_array_equal(kind == 0, complies & unobserved & alone & unchanged & at_start)
        code = looks.codes(society, d, "act")
        np.testing.assert_array_equal(code & looks.PRETENDS > 0, complies != unobserved)
    for look in looks.LOOKS[1:]:
        assert (looks.levels(society, 0, look) <= looks.HIGHEST).all()
    np.testing.assert_array_equal(looks.levels(society, 2, "detection"), np.round(c.perceived_detection[:, 2] * 31))
    assert looks.levels(society, 2, "detection").any()


def test_emigrants_are_gone_from_the_picture():
    society = gh.Society(SMALL, rng=4, **{"institutions.exit": {"rate": 0.5, "means": 0.2}})
    society.run_for(40)
    codes = looks.codes(society, 0, "act")
    assert len(codes) == 80 and (codes == looks.GONE).sum() == 80 - len(society.citizens) > 0


@pytest.mark.parametrize("network", ["small-world", "community", "scale-free", "random", "karate", "lattice"])
def test_a_layout_puts_neighbours_near_and_nobody_upon_another(network):
    changes = {"population.size": 400, "population.network": network, "population.degree": 8}
    graph, same = (layout.matrix(gh.Society("baseline", rng=1, **changes)) for _ in range(2))
    found = layout.layout_of(graph)
    assert layout.layout_of(same) is found
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
