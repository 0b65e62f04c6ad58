"""What is behind the page: the player, looks, layouts, controls, the small sweep."""

from __future__ import annotations

import time

import numpy as np
import pytest
from scipy.spatial import cKDTree

import glasshouse as gh
from glasshouse.agents.citizens import ACTS, Lists
from glasshouse.agents.institutions import INSTITUTIONS
from glasshouse.dashboard.drawing import layout, looks
from glasshouse.dashboard.page.controls import controls
from glasshouse.dashboard.page.sweep import CancelledError, Sweeping, small_sweep
from glasshouse.dashboard.session.chronicle import Chronicle
from glasshouse.dashboard.session.course import Course
from glasshouse.dashboard.session.files import LIVED, file_of
from glasshouse.dashboard.session.player import SERIES, View
from glasshouse.experiments.asking.design import Design
from glasshouse.model.declarations import declaration
from tests.support.sessions import gone_to, playing, until

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
    np.testing.assert_array_equal(player.frame.latest[0].kinds, looks.kinds_of(reference))
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


def test_frames_show_what_happened_and_who_is_looked_at(player):
    busy = {"institutions.hotline.reward": 4.0, "institutions.court.caseload": 1.0}
    course = COURSE.changed(0, 0, busy | {"institutions.blacklist": {"entry": 1.0, "debt": 1000.0}})
    player.ask(lambda: player.begin(course))
    society = gh.Society(course.scenario(), rng=2)
    reported, sanctioned = [], []
    for _ in range(60):
        society.step()
        c, ties = society.citizens, society.ties
        told = np.flatnonzero(ties.accusations)
        pairs = set(zip(c.node[ties.neighbours[told]].tolist(), c.node[ties.owners()[told]].tolist(), strict=True))
        reported.append(sum(to == 17 for _, to in pairs))
        sanctioned.append(bool(c.sanctioned[society.row_of[17]]))
    player.do(lambda: player.go_to(60))
    until(lambda: player.frame.week == 60 and player.frame.going is None)
    now = player.frame.latest[0]
    assert set(map(tuple, now.reports.tolist())) == pairs
    np.testing.assert_array_equal(now.sanctioned, c.node[c.sanctioned != 0])
    np.testing.assert_array_equal(now.listed, c.node[c.on(Lists.BLACKLISTED)])
    player.ask(lambda: setattr(player, "view", View("credit", 17)))
    until(lambda: player.frame.citizen is not None)
    found = player.frame.citizen
    assert found["why"] == society.citizen(17).explain("credit")
    assert found["reported"] == reported[-52:] and list(map(bool, found["sanctioned"])) == sanctioned[-52:]
    assert sum(found["reported"]) > 0 and any(found["sanctioned"]) and len(now.listed) > 0
    assert sorted(found["neighbours"]) == sorted(society.ties.of(17).tolist())
    assert found["year"][-1] == looks.kinds_of(society)[society.row_of[17], 0]


def test_newcomers_are_told_apart_from_whom_they_follow(player):
    player.ask(lambda: player.begin(COURSE.changed(0, 0, {"population.turnover": 0.05})))
    fresh = 0
    for week in range(1, 9):
        player.do(player.step)
        until(lambda week=week: player.frame.week == week)
        fresh += len(player.frame.latest[0].fresh)
    assert fresh > 0


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
    kind = looks.kinds_of(society)
    complies, unobserved, alone, unchanged, at_start = (getattr(c, name) == 1 for name in ACTS)
    np.testing.assert_array_equal(kind == 5, ~complies)
    np.testing.assert_array_equal(kind == 4, complies & ~unobserved)
    np.testing.assert_array_equal(kind == 3, complies & unobserved & ~alone)
    np.testing.assert_array_equal(kind == 2, complies & unobserved & alone & ~unchanged)
    np.testing.assert_array_equal(kind == 1, complies & unobserved & alone & unchanged & ~at_start)
    np.testing.assert_array_equal(kind == 0, complies & unobserved & alone & unchanged & at_start)


def test_emigrants_are_gone_from_the_picture():
    society = gh.Society(SMALL, rng=4, **{"institutions.exit": {"rate": 0.5, "means": 0.2}})
    chronicle = Chronicle(society, np.arange(0, 80, 2))
    for _ in range(40):
        society.step()
        week = chronicle.note(society)
    gone = (week.kinds == looks.GONE).all(axis=1)
    assert len(gone) == 80 and gone.sum() == 80 - len(society.citizens) > 0
    assert len(chronicle.year) == 40 and chronicle.of(1, 0) is None
    assert chronicle.of(78, 0)["year"][-1] == week.kinds[78, 0]


@pytest.mark.parametrize("network", ["small-world", "community", "scale-free", "random", "karate", "lattice"])
def test_a_layout_puts_neighbours_near_and_nobody_upon_another(network):
    changes = {"population.size": 400, "population.network": network, "population.degree": 8}
    graph, same = (layout.matrix(gh.Society("baseline", rng=1, **changes)) for _ in range(2))
    found = layout.layout_of(graph)
    assert layout.layout_of(same) is found
    for placed, shape in ((found.wide, layout.WIDE), (found.tall, layout.TALL)):
        places = placed.points.astype(float)
        ends = places[found.edges.astype(int)]
        tied = np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1).mean()
        pairs = places[np.random.default_rng(1).integers(len(places), size=(4000, 2))]
        assert tied < 0.85 * np.linalg.norm(pairs[:, 0] - pairs[:, 1], axis=1).mean()
        assert places.min() >= 0 and places[:, 0].max() <= 1 and places[:, 1].max() <= 1 / shape
        nearest = cKDTree(places).query(places, k=2)[0][:, 1]
        assert np.quantile(nearest, 0.05) > 0.2 / np.sqrt(len(places))
        # Circles stand apart from each other.
        circles = placed.circles.astype(float)
        apart = np.linalg.norm(circles[:, None, :2] - circles[:, :2], axis=2) + 10 * np.eye(len(circles))
        assert (apart > 0.9 * (circles[:, None, 2] + circles[:, 2])).all()
    # The corner of the other world is free.
    corner = (found.wide.points > [1 - layout.CORNER[0], (1 - layout.CORNER[1]) / layout.WIDE]).all(axis=1)
    assert not corner.any()


def test_circles_of_friends_are_those_of_the_network():
    society = gh.Society("baseline", rng=1, **{"population.size": 200, "population.network": "community",
                                               "population.groups": 8, "population.rewiring": 0.06})  # fmt: skip
    c = society.citizens
    circles = c.group[np.argsort(c.node)]
    placed = layout.lay_out(layout.matrix(society), circles).wide
    assert len(placed.circles) == len(np.unique(circles))
    centres = placed.circles[np.unique(circles, return_inverse=True)[1]]
    assert (np.linalg.norm(placed.points - centres[:, :2], axis=1) <= centres[:, 2]).all()


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


def test_a_small_sweep_is_what_the_runs_give(tmp_path):
    (control,) = (one for one in controls(SMALL, 1000) if one.path == "institutions.hotline.reward")
    heard = []
    found = small_sweep(SMALL, control, "reports", 8, heard.append)
    assert found.values == np.linspace(0, 4, 7).tolist() and heard[-1].recorded == heard[-1].total == 28
    runs = [gh.Society(SMALL.change({"institutions.hotline.reward": 4.0}), rng=seed) for seed in (1, 2, 3, 4)]
    for run in runs:
        run.run_for(8)
    assert found.means[-1] == pytest.approx(np.mean([run.history["reports"].iloc[-2:].mean() for run in runs]))


def test_a_sweep_beside_the_page_is_kept_as_data_figure_and_study(tmp_path):
    plan = SMALL.change({"citizens.memory": 9.0, "institutions.blacklist": {}, "institutions.court.error": 0.2})
    sweeping = Sweeping(plan, "institutions.hotline.reward", "reports", 8, lambda: None)
    until(lambda: sweeping.told["done"] is not None)
    found = sweeping.found
    rows = [line.split(",") for line in sweeping.table().decode().splitlines()]
    assert rows[0] == ["institutions.hotline.reward", "reports", "half_of_95%_interval"]
    assert [float(row[1]) for row in rows[1:]] == found.means
    assert b"A report earns" in sweeping.figure()
    (tmp_path / "study.toml").write_bytes(sweeping.study())
    study = Design.load(tmp_path / "study.toml").study()
    assert [point.scenario.settings()["institutions.hotline.reward"] for point in study.points] == found.values
    for point in study.points:
        others = {path: pair for path, pair in point.scenario.diff(plan).items() if not path.endswith("hotline.reward")}
        assert not others


def test_a_sweep_can_be_cancelled_and_what_cannot_be_is_refused():
    sweeping = Sweeping(SMALL, "institutions.hotline.reward", "reports", 156, lambda: None)
    sweeping.cancel()
    until(lambda: sweeping.told["fault"] == str(CancelledError("cancelled")))
    for path, outcome in (("institutions.hotline.rewrd", "reports"), ("institutions.hotline.reward", "reprts")):
        with pytest.raises(gh.GlasshouseError, match="is called"):
            Sweeping(SMALL, path, outcome, 8, lambda: None)


@pytest.mark.parametrize("name", LIVED)
def test_a_file_of_weeks_that_no_frame_has_shown_yet_is_refused_in_words(name):
    with playing(COURSE) as player:
        before = player.frame
        gone_to(player, 1)
        societies = [world.society for world in player.worlds]
        with pytest.raises(gh.GlasshouseError, match="nothing has been lived yet"):
            file_of(name, societies, before, None)
        assert file_of(name, societies, player.frame, None)
