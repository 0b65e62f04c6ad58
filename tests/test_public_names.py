"""The public names: what they cannot take they refuse in words, and what they give says what it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.experiments.running.pool import InThisProcess

SMALL = gh.Scenario.load("baseline").change({"population.size": 50, "name": "<b>small</b>"})
SHORT = gh.RunConfiguration(4, last=2, every=2)


@pytest.fixture(scope="module")
def society() -> gh.Society:
    society = gh.Society(SMALL, rng=1)
    society.run_for(2)
    return society


@pytest.fixture(scope="module")
def results() -> gh.Results:
    plans = [SMALL, SMALL.change({"citizens.memory": 9.0})]
    return gh.run_scenarios(plans, SHORT, seeds=2, executor=InThisProcess(), name="<i>")


TAKE_A_SCENARIO: dict[str, Callable[[Any], Any]] = {
    "Society": gh.Society,
    "load": gh.Scenario.load,
    "compare": lambda given: gh.compare(given, SMALL),
    "the other of compare": lambda given: gh.compare(SMALL, given),
    "run_scenarios": lambda given: gh.run_scenarios([given]),
}


@pytest.mark.parametrize("name", TAKE_A_SCENARIO)
def test_what_is_no_scenario_is_refused(name, society):
    for given in (None, 3, 2.5, b"baseline", [SMALL], society):
        with pytest.raises(
            gh.ScenarioError, match="a scenario is the name of a built-in one, a path of .* not "
        ) as error:
            TAKE_A_SCENARIO[name](given)
        assert ("give its plan, society.plan" in str(error.value)) == (given is society)
    with pytest.raises(gh.ScenarioError, match=r"nowhere.toml: there is no such file"):
        TAKE_A_SCENARIO[name]("nowhere.toml")
    with pytest.raises(gh.ScenarioError, match="did you mean baseline"):
        TAKE_A_SCENARIO[name]("baselin")


@pytest.mark.parametrize("given", ["baseline", None, 3, SMALL])
def test_runs_are_asked_for_by_a_list(given):
    words = r"give a list, such as \['baseline'\]" if given == "baseline" else "give a list, such as"
    with pytest.raises(gh.GlasshouseError, match=words):
        gh.run_scenarios(given)


def test_scenarios_to_run_may_be_given_by_name():
    found = gh.run_scenarios(
        ["baseline", "visible-score"], gh.RunConfiguration(1, last=1), seeds=1, executor=InThisProcess()
    )
    assert found.runs["scenario"].tolist() == ["baseline", "visible-score"]


@pytest.mark.parametrize("given", [None, 3, "population.size=3", [("population.size", 3)], {3: 3}, SMALL])
def test_changes_are_given_by_path(given):
    for take in (SMALL.change, lambda given: gh.Society(SMALL, changes=given)):
        if given is not None or take == SMALL.change:
            with pytest.raises(
                gh.ScenarioError, match=r'changes .* give values by name, such as {"population.size": 200}'
            ):
                take(given)


@pytest.mark.parametrize("rng", ["a", -1, 2**64, 1.5, True, [1.5], {}, np.int64(-3), np.nan])
def test_what_is_no_seed_is_refused(rng):
    with pytest.raises(gh.ScenarioError, match="is no seed; give a whole number from 0 to 18446744073709551615"):
        gh.Society(SMALL, rng=rng)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"threads": 0}, "threads 0: give a whole number from 1 to 1024"),
        ({"threads": "two"}, "threads 'two': give a whole number"),
        ({"record": "conviction"}, r"record 'conviction': give a list of columns, such as \['conviction'\]"),
        ({"initial": 3}, "initial 3: give values by name"),
        ({"graph": [(0, 1)]}, "give a NetworkX graph; for a file set population.file"),
    ],
)
def test_other_arguments_of_a_society_are_refused(arguments, words):
    with pytest.raises(gh.GlasshouseError, match=words):
        gh.Society(SMALL, rng=1, **arguments)


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (lambda: gh.run_scenarios([SMALL], 260), r"configuration 260: give a RunConfiguration\(steps=260\)"),
        (lambda: gh.run_scenarios([SMALL], SHORT, seeds="20"), "seeds '20': give a whole number of seeds, or a list"),
        (lambda: gh.run_scenarios([SMALL], SHORT, seeds=[1, 2.5]), "seeds 2.5: give a whole number from 0"),
        (lambda: gh.compare(SMALL, SMALL, "20"), "seeds '20': give a whole number from 3"),
    ],
)
def test_other_arguments_of_runs_are_refused(run, words):
    with pytest.raises(gh.GlasshouseError, match=words):
        run()


def test_what_they_give_says_what_it_is(society, results):
    comparison = gh.compare(SMALL, SMALL, 3, 4, last=2)
    why = society.citizen(3).explain("speech")
    dated = gh.Scenario.load("carrot-to-stick")
    assert repr(SMALL) == str(SMALL) and "50 citizens" in repr(SMALL) and "no institutions" in repr(SMALL)
    assert all(name in repr(dated) for name in dated.institution_names)
    assert "week 2" in repr(society)
    assert "2 points, runs: 4 done" in repr(results)
    assert "3 paired seeds of 4 weeks" in repr(comparison) and " 0 of them with an interval without 0" in repr(
        comparison
    )
    assert f"citizen 3 {'complies' if why.complies else 'deviates'} in speech in week 2" in repr(why)
    for each in (SMALL, society, results, comparison, why):
        assert repr(each).startswith(f"<{type(each).__name__}") and "\n" not in repr(each) and len(repr(each)) < 200
    assert all(f"{term} " in str(why) for term in why.terms) and f"sum        {why.utility:+.4f}" in str(why)


def test_a_notebook_shows_text_as_text(society, results):
    shown = {"small": society, "&lt;i&gt;": results, "Citizen 3, speech": society.citizen(3).explain("speech")}
    for words, each in shown.items():
        html = each._repr_html_()
        assert words in html and "<table" in html and "<b>" not in html and "<i>" not in html
    assert "citizens.memory" in results._repr_html_() and "compliance" in results._repr_html_()
