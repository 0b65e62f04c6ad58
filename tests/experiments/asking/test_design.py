"""Designs: from a TOML file to points to run."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import glasshouse as gh
from glasshouse.experiments.asking.design import BUILT_IN, Design, DesignError

VISIBILITY = "institutions.score_bureau.visibility.peers"
REWARD = "institutions.hotline.reward"


def design(**data) -> Design:
    return Design.from_dict({"name": "test", "seeds": 2, "steps": 26, "every": 13, **data})


def rows(**data) -> list[dict]:
    return [dict(point.factors) for point in design(**data).study().points]


def test_a_factorial_design_has_every_combination_over_the_declared_range():
    found = rows(parameters={VISIBILITY: {"levels": 3}, "citizens.rationality": {"values": [1.0, 2.0]}})
    assert found == [
        {VISIBILITY: visibility, "citizens.rationality": beta} for visibility in (0.0, 0.5, 1.0) for beta in (1.0, 2.0)
    ]
    # The range for sweeps comes before the hard bounds, which are 0 to 20.
    assert [row[REWARD] for row in rows(parameters={REWARD: {"levels": 3}})] == [0.0, 2.0, 4.0]


def test_points_are_scenarios_with_these_settings_and_the_same_seeds():
    study = design(parameters={REWARD: {"levels": 3}}, set={"population.size": 70}, seeds=[3, 8]).study()
    assert [point.scenario.institutions["hotline"].reward for point in study.points] == [0.0, 2.0, 4.0]
    assert {point.scenario.population.size for point in study.points} == {70}
    assert {tuple(point.seeds) for point in study.points} == {(3, 8)}
    assert study.size == 6


def test_unpaired_points_have_seeds_of_their_own_that_stay_when_points_are_added():
    few = design(parameters={REWARD: {"values": [0.0, 1.0]}}, paired=False).study()
    more = design(parameters={REWARD: {"values": [0.5, 1.0, 0.0]}}, paired=False, seeds=3).study()
    seeds = {point.factors[REWARD]: list(point.seeds) for point in more.points}
    assert len({seed for each in seeds.values() for seed in each}) == 9
    for point in few.points:
        assert seeds[point.factors[REWARD]][:2] == list(point.seeds)


def test_whole_numbers_stay_whole_and_logs_are_equally_spaced():
    assert [row["population.degree"] for row in rows(parameters={"population.degree": {"levels": 4}})] == [
        4,
        13,
        21,
        30,
    ]
    spaced = rows(parameters={"citizens.memory": {"low": 0.1, "high": 10.0, "levels": 3, "scale": "log"}})
    assert [row["citizens.memory"] for row in spaced] == [0.1, 1.0, 10.0]


def test_an_institution_is_a_switch_and_has_no_settings_where_it_is_off():
    parameters = {"institutions.hotline": {}, "institutions.hotline.anonymous": {}}
    study = design(parameters=parameters).study()
    on = {"institutions.hotline": True}
    assert [dict(point.factors) for point in study.points] == [
        {"institutions.hotline": False},
        on | {"institutions.hotline.anonymous": False},
        on | {"institutions.hotline.anonymous": True},
    ]
    assert ["hotline" in point.scenario.institutions for point in study.points] == [False, True, True]


def test_one_at_a_time_varies_around_the_scenario():
    found = rows(design="one-at-a-time", parameters={REWARD: {"values": [0.5, 3.0]}, "institutions.hotline": {}})
    start = {REWARD: 0.5, "institutions.hotline": True}
    assert found == [start, start | {REWARD: 3.0}, {"institutions.hotline": False}]


def test_several_scenarios_are_crossed_with_everything():
    found = rows(scenario=["visible-score", "visible-score-and-reports"], parameters={VISIBILITY: {"levels": 2}})
    assert [row["scenario"] for row in found] == ["visible-score"] * 2 + ["visible-score-and-reports"] * 2


def test_explicit_points():
    listed = [{REWARD: 1.0}, {REWARD: 2.0, "population.size": 90}]
    study = design(design="list", points=listed).study()
    assert [point.scenario.population.size for point in study.points] == [1000, 90]


def test_points_can_be_left_out_by_value_list_and_range():
    parameters = {VISIBILITY: {"levels": 3}, REWARD: {"levels": 3}}
    found = rows(parameters=parameters, leave_out=[{VISIBILITY: 0.0, REWARD: [2.0, 4.0]}, {REWARD: {"low": 4.0}}])
    assert [tuple(row.values()) for row in found] == [(0.0, 0.0), (0.5, 0.0), (0.5, 2.0), (1.0, 0.0), (1.0, 2.0)]


@pytest.mark.parametrize("kind", ["latin-hypercube", "sobol-sequence", "morris", "saltelli"])
def test_samples_lie_in_the_ranges_and_are_the_same_every_time(kind):
    parameters = {VISIBILITY: {}, REWARD: {}, "population.degree": {}, "institutions.firewall": {}}
    plan = design(design=kind, samples=16, parameters=parameters)
    study = plan.study()
    expected = {"morris": 16 * 5, "saltelli": 16 * 6}.get(kind, 16)
    assert len(study.points) == len(plan.sample()) == expected
    for point in study.points:
        assert 0 <= point.factors[VISIBILITY] <= 1 and 0 <= point.factors[REWARD] <= 4
        assert point.factors["population.degree"] in range(4, 31)
    assert {point.factors["institutions.firewall"] for point in study.points} == {False, True}
    assert [point.factors for point in plan.study().points] == [point.factors for point in study.points]
    other = plan.model_copy(update={"sampler_seed": 2})
    assert not np.array_equal(other.sample(), plan.sample())


@pytest.mark.parametrize("kind", ["sobol-sequence", "saltelli"])
def test_more_samples_keep_those_that_were_there(kind):
    parameters = {VISIBILITY: {}, REWARD: {}}
    few, more = (design(design=kind, samples=count, parameters=parameters).sample() for count in (16, 64))
    np.testing.assert_array_equal(few, more[: len(few)])


def test_a_latin_hypercube_covers_every_part_of_every_range():
    sample = design(design="latin-hypercube", samples=20, parameters={VISIBILITY: {}, REWARD: {}}).sample()
    for column in sample.T:
        assert sorted((column * 20).astype(int)) == list(range(20))


def test_a_ramp_goes_up_and_down_by_dated_changes():
    plan = Design.from_dict({"name": "ramp", "ramp": {"parameter": VISIBILITY, "levels": 3, "hold": 4, "settle": 8},
                             "every": 4, "seeds": 1})  # fmt: skip
    study = plan.study()
    (point,) = study.points
    assert study.configuration.steps == 28
    assert point.scenario.institutions["score_bureau"].visibility.peers == 0.0
    assert [(change.week, change.set[VISIBILITY]) for change in point.scenario.dated] == [
        (13, 0.5), (17, 1.0), (21, 0.5), (25, 0.0)
    ]  # fmt: skip
    society = gh.Society(point.scenario, rng=1, **{"population.size": 60})
    seen = []
    for _ in range(28):
        society.step()
        seen.append(society.plan.institutions["score_bureau"].visibility.peers)
    assert seen == [0.0] * 12 + [0.5] * 4 + [1.0] * 4 + [0.5] * 4 + [0.0] * 4


@given(st.integers(2, 40), st.floats(0, 1), st.floats(0.01, 1))
def test_levels_are_equally_spaced_from_end_to_end(levels, low, width):
    values = [row[REWARD] for row in rows(parameters={REWARD: {"low": low, "high": low + width, "levels": levels}})]
    assert len(values) == levels
    np.testing.assert_allclose(np.diff(values), width / (levels - 1), rtol=1e-6)


@pytest.mark.parametrize("name", [path.stem for path in BUILT_IN.glob("*.toml")])
def test_the_built_in_designs_can_be_run(name):
    study = Design.load(name).study()
    assert study.size > 0 and study.design["title"]
    assert all(point.seeds for point in study.points)


def test_the_headline_has_as_many_runs_as_it_says():
    study = Design.load("visibility-x-reporting").study()
    assert len(study.points) == 121 and study.size == 2420 and study.configuration.steps == 260


def test_a_scenario_of_ones_own_stands_beside_the_design(tmp_path, monkeypatch):
    (tmp_path / "there").mkdir()
    gh.Scenario.load("visible-score").change({"population.size": 77}).save(tmp_path / "there" / "mine.toml")
    (tmp_path / "there" / "question.toml").write_text('scenario = "mine.toml"\nseeds = 1\n')
    monkeypatch.chdir(tmp_path)
    (point,) = Design.load("there/question.toml").study().points
    assert point.scenario.population.size == 77


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"parametres": {}}, "parametres: unknown name; did you mean parameters?"),
        ({"parameters": {"institutions.hotline.rewards": {}}}, "did you mean institutions.hotline.reward"),
        ({"parameters": {"population": {}}}, "write the whole path in quotes"),
        ({"set": {"population": {"size": 5}}}, "write the whole path in quotes"),
        ({"parameters": {REWARD: {"low": 3.0, "high": 3.0}}}, "low 3 is not below high 3"),
        ({"parameters": {REWARD: {"low": -1.0}}}, "give a number from 0 to 20"),
        ({"parameters": {REWARD: {"low": 0.0, "scale": "log"}}}, "needs a low above 0"),
        ({"parameters": {"population.network": {}}}, "is no number; give its values"),
        ({"parameters": {REWARD: {"levels": 1}}}, "levels = 1"),
        ({"parameters": {REWARD: {"values": []}}}, "values"),
        ({"parameters": {"institutions.exit.rate": {}}}, "there is no institutions.exit in this scenario"),
        ({"design": "list"}, r"give \[\[points\]\]"),
        ({"points": [{REWARD: 1.0}]}, "belong to design list"),
        ({"seeds": 0}, "give at least one"),
        ({"seeds": [1, 1]}, "each once"),
        ({"seeds": [-1]}, "each once"),
        ({"steps": 20, "last": 21}, "a last from 1 to the steps"),
        ({"citizens": ["convictions"]}, "did you mean conviction"),
        ({"parameters": {REWARD: {}}, "leave_out": [{}]}, "leaves nothing"),
        ({"parameters": {REWARD: {}}, "leave_out": [{VISIBILITY: 1.0}]}, "does not vary"),
        ({"design": "saltelli", "samples": 10, "parameters": {REWARD: {}}}, "power of two"),
        ({"design": "saltelli", "samples": 8, "parameters": {REWARD: {}, VISIBILITY: {}},
          "leave_out": [{REWARD: {"low": 3.0}}]}, "needs all of its points"),
        ({"parameters": {REWARD: {"levels": 1100}, VISIBILITY: {"levels": 1100}}}, "more than 100,000 points"),
        ({"parameters": {REWARD: {"levels": 1000}}, "seeds": 1001}, "more than 1,000,000 runs"),
        ({"ramp": {"parameter": VISIBILITY}}, "leave steps out"),
        ({"scenario": "visible-scores"}, "did you mean visible-score"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_the_remedy(data, words):
    with pytest.raises(gh.GlasshouseError, match=words):
        design(**data).study()


def test_a_ramp_that_cannot_be_is_refused():
    for ramp, words in (
        ({"parameter": "population.size"}, "takes effect only at the start"),
        ({"parameter": VISIBILITY, "hold": 20}, "must divide"),
        ({"parameter": VISIBILITY, "settle": 20}, "must divide"),
        ({"parameter": "institutions.nothing"}, "unknown name"),
    ):
        with pytest.raises(DesignError, match=words):
            Design.from_dict({"name": "ramp", "ramp": ramp}).study()


def test_a_file_that_is_no_design_is_refused(tmp_path):
    with pytest.raises(DesignError, match="no design is called 'visibility-x-report'; did you mean"):
        Design.load("visibility-x-report")
    with pytest.raises(DesignError, match="there is no such file"):
        Design.load(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("[parameters\n")
    with pytest.raises(DesignError, match="cannot be read as TOML"):
        Design.load(tmp_path / "bad.toml")
