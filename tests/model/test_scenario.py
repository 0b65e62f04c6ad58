"""Scenarios: loading, changing, comparing, saving, and refusing what cannot be."""

from __future__ import annotations

import json
import tomllib

import networkx as nx
import numpy as np
import pytest

import glasshouse as gh
from glasshouse.agents.institutions import INSTITUTIONS
from glasshouse.experiments.running.run import scenario_key

FULL = gh.Scenario.load("visible-score-and-reports")


@pytest.mark.parametrize("name", gh.scenarios())
def test_every_built_in_scenario_is_complete(name):
    s = gh.Scenario.load(name)
    assert s.name == name
    assert s.title and s.about and s.look_at and s.sources


@pytest.mark.parametrize("name", gh.scenarios())
def test_saving_and_loading_is_the_same(name, tmp_path):
    s = gh.Scenario.load(name).change({"citizens.rationality": float("inf"), "domains.inquiry": None})
    s.save(tmp_path / f"{name}.toml")
    again = gh.Scenario.load(tmp_path / f"{name}.toml")
    assert again == s
    assert again.diff(s) == {}
    assert "inquiry" not in again.domain_names
    assert again.institution_names == s.institution_names


def test_a_failed_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "mine.toml"
    path.write_text("old")
    monkeypatch.setattr("tomli_w.dumps", lambda data: "\ud800")
    with pytest.raises(UnicodeEncodeError):
        FULL.save(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_change_makes_a_new_scenario():
    s = FULL.change({"population.size": 5000, "institutions.score_bureau.visibility.peers": 0.9})
    assert s.population.size == 5000
    assert s.institutions["score_bureau"].visibility.peers == 0.9
    assert FULL.population.size == 1000
    assert FULL.diff(s) == {
        "population.size": (1000, 5000),
        "institutions.score_bureau.visibility.peers": (0.37, 0.9),
    }


def test_change_leaves_the_callers_values_alone():
    changes = {"institutions.hotline": {}, "institutions.hotline.reward": 3.0}
    assert gh.Scenario.load("baseline").change(changes).institutions["hotline"].reward == 3.0
    assert changes == {"institutions.hotline": {}, "institutions.hotline.reward": 3.0}


def test_institutions_and_domains_come_and_go():
    s = gh.Scenario.load("baseline").change({"institutions.hotline": {"reward": 2.0}, "institutions.court": {}})
    assert s.institution_names == ("hotline", "court")
    assert s.institutions["hotline"].reward == 2.0
    assert s.change({"institutions.hotline": None}).institution_names == ("court",)
    t = s.change({"domains.sport": {"openness": 0.9}, "domains.inquiry": None})
    assert t.domain_names == ("credit", "conduct", "civic", "consumption", "speech", "sport")
    assert (t.domains["sport"].level, t.domains["sport"].cost) == (0.5, None)
    assert t.change({"domains.sport.cost": 0.5}).domains["sport"].cost == 0.5


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"population.sise": 5}, "did you mean population.size"),
        ({"citizens.consequence.forgeting": 0.1}, "did you mean citizens.consequence.forgetting"),
        ({"citizens.fear.learning": 0.1}, "earlier version; see citizens.consequence.forgetting"),
        ({"citizens.reactance_sd": 0.1}, "earlier version; see citizens.traits_sd"),
        ({"institutions.hotlin": {}}, "did you mean institutions.hotline"),
        ({"institutions.hotline.rewrad": 1.0}, "did you mean institutions.hotline.reward"),
        ({"population.size": 1}, "population.size = 1.*2 to 10,000,000"),
        ({"citizens.memory": float("inf")}, "0 to 1,000"),
        ({"citizens.rationality": float("nan")}, "rationality = nan"),
        ({"citizens.conformity": "strong"}, "valid number"),
        ({"population.size": True}, "valid integer"),
        ({"population.size": 10.5}, "valid integer"),
        ({"population.network": "hexagon"}, "small-world"),
        ({"institutions.score_bureau.visibility.peers": 1.5}, r"visibility.peers = 1.5.*0 to 1 \(rate\)"),
        ({"institutions.score_bureau.start": 2000.0}, "score_bureau: start 2000 must lie between"),
        ({"institutions.score_bureau.points.sport": {"gain": 1.0}}, "points.sport"),
        ({"institutions.score_bureau.tiers.AA": 960.0}, "two tiers have the same floor"),
        ({"institutions.reward_scheme.benefits.AAAA": 1.0}, "did you mean AAA"),
        ({"institutions.reward_scheme.benefits.AAA": -1.0}, "benefits.AAA = -1.0"),
        ({f"domains.{name}": None for name in FULL.domain_names}, "at least one"),
        ({"change": [{"week": 0, "set": {}}]}, "week"),
        ({"change": [{"week": 3, "set": {"population.size": 7}}]}, "week 3: population.size takes effect only"),
        ({"change": [{"week": 3, "set": {"citizens.memry": 7.0}}]}, "week 3: citizens.memry: unknown"),
        ({"change": [{"week": 3, "set": {"domains.speech": False}}]}, "week 3: domains cannot"),
        ({"name.deeper": 1}, "unknown name"),
        ({"institutions": []}, "is a whole table"),
    ],
)
def test_what_cannot_be_is_refused_with_the_remedy(changes, words):
    with pytest.raises(gh.ScenarioError, match=words) as error:
        FULL.change(changes)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("population = [", "cannot be read as TOML"),
        ("population = 3", "population"),
        ("[populatio]\nsize = 3", "did you mean population"),
        ("[population]\nsize = 3e9", "population.size"),
        ("[institutions.blackliste]", "blackliste"),
        ("[citizens.fear]\nlearning = 0.1", "earlier version; see citizens.consequence$"),
    ],
)
def test_a_broken_file_is_refused_with_its_name(text, words, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(gh.ScenarioError, match=words) as error:
        gh.Scenario.load(path)
    assert str(path) in str(error.value)


@pytest.mark.parametrize("name", ["visible-scor", "../scenarios/baseline", "", "missing.toml"])
def test_an_unknown_scenario_is_refused(name):
    with pytest.raises(gh.ScenarioError, match="no scenario is called|no such file"):
        gh.Scenario.load(name)


def test_changes_are_undone_by_changing_back():
    assert FULL.change({"citizens.memory": 9.0}).change({"citizens.memory": 3.0}) == FULL


def test_the_schema_tells_every_setting():
    schema = gh.Scenario.json_schema()
    text = json.dumps(schema, allow_nan=False)
    assert set(schema["properties"]["institutions"]["properties"]) == set(INSTITUTIONS)
    size = schema["$defs"]["PopulationSettings"]["properties"]["size"]
    assert (size["minimum"], size["default"], size["unit"]) == (2, 1000, "citizens")
    assert "visibility" in text


def test_settings_name_every_number_of_a_saved_file(tmp_path):
    FULL.save(tmp_path / "full.toml")
    data = tomllib.loads((tmp_path / "full.toml").read_text())
    for path, value in FULL.settings().items():
        inner = data
        for part in path.split("."):
            inner = inner.get(part) if isinstance(inner, dict) else None
        if isinstance(value, float | int | str) and value is not None:
            assert inner == value, path


def test_files_are_found_beside_the_scenario(tmp_path, monkeypatch):
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "friends.csv").write_text("a,b\nb,c\n")
    (folder / "people.csv").write_text("name,wealth\nb,2\n")
    (folder / "mine.toml").write_text(
        '[population]\nnetwork = "file"\nfile = "friends.csv"\nnodes = "people.csv"\n', "utf-8"
    )
    monkeypatch.chdir(tmp_path)
    for path in ("study/mine.toml", folder / "mine.toml"):
        society = gh.Society(path, rng=1)
        assert list(society.labels) == ["b", "a", "c"]
    (tmp_path / "elsewhere").mkdir()
    society.plan.save("elsewhere/copy.toml")
    gh.Scenario.load("study/mine.toml").save("copy.toml")
    monkeypatch.chdir(folder)
    for copy in (tmp_path / "elsewhere" / "copy.toml", tmp_path / "copy.toml"):
        assert len(gh.Society(copy, rng=1).citizens) == 3


@pytest.mark.parametrize("given", [{"graph": nx.path_graph(4)}, {"initial": {"wealth": 1.0}}], ids=["graph", "initial"])
def test_a_plan_does_not_stand_for_more_than_it_says(given, tmp_path):
    society = gh.Society("baseline", rng=1, changes={"population.size": 20}, **given)
    name = next(iter(given))
    assert society.plan.given == (name,)
    changed = society.plan.change({"citizens.rationality": 2.0})
    for use in (
        lambda: changed.save(tmp_path / "plan.toml"),
        lambda: gh.Society(changed, rng=1),
        lambda: scenario_key(changed),
    ):
        with pytest.raises(gh.ScenarioError, match=f"made with {name}="):
            use()
    assert not list(tmp_path.iterdir())
    again = gh.Society(society.plan, rng=1, **given)
    np.testing.assert_array_equal(again.citizens.conviction, society.citizens.conviction)


@pytest.mark.parametrize(
    "setting",
    ["authority.targets", "broadcaster.targets", "mass_campaign.targets", "firewall.hides", "firewall.monitors",
     "point_market.fakeable", "score_bureau.points"],
)  # fmt: skip
def test_a_domain_that_does_not_exist_is_refused_wherever_a_table_names_it(setting):
    value = {"gain": 1.0} if setting.endswith("points") else 0.5
    name, table = setting.split(".")
    with pytest.raises(gh.ScenarioError, match=rf"institutions.{setting}.spech: .*speech"):
        gh.Scenario.load("baseline").change({f"institutions.{name}": {table: {"spech": value}}})
