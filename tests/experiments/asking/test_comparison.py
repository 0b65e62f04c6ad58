"""Paired comparison of two scenarios."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import glasshouse as gh
from glasshouse.agents.citizens import ACTS
from glasshouse.experiments.asking.comparison import CHANGES, measure_table, who_changed
from glasshouse.experiments.command_line.main import main
from glasshouse.experiments.running.artifacts import citizen_table

SMALL = {"population.size": 150}
WITHOUT = gh.Scenario.load("visible-score").change(SMALL)
WITH = gh.Scenario.load("visible-score-and-reports").change(SMALL | {"institutions.hotline.reward": 4.0})
REWARDED = ["--set-b", "institutions.hotline.reward=4.0"]
"""At first so few report that some dozens of people do not in some weeks."""


def shown(society: gh.Society) -> pd.DataFrame:
    """Columns of the citizens that a comparison looks at."""
    return citizen_table({name: getattr(society.citizens, name) for name in ("node", *ACTS)})


def test_a_scenario_against_itself_differs_in_nothing():
    found = gh.compare(WITH, WITH, seeds=3, steps=20, last=5)
    assert (found.measures["difference"] == 0).all()
    assert (found.measures[["low", "high"]] == 0).all().all()
    assert (found.citizens["unchanged"] == 1).all()


def test_what_does_nothing_changes_nothing():
    idle = WITH.change({"institutions.firewall": {"hides": {}, "monitors": {}}})
    assert (gh.compare(WITH, idle, seeds=3, steps=20, last=5).measures["difference"] == 0).all()


def test_it_is_the_difference_of_the_runs():
    found = gh.compare(WITHOUT, WITH, seeds=3, steps=30, last=10)
    for column, plan in (("a", WITHOUT), ("b", WITH)):
        runs = [gh.Society(plan, rng=seed) for seed in (1, 2, 3)]
        for run in runs:
            run.run_for(30)
        mean = np.mean([run.history["compliance"].iloc[-10:].mean() for run in runs])
        assert found.measures.loc["compliance", column] == pytest.approx(mean)
    row = found.measures.loc["reports"]
    assert row["a"] == 0 and row["low"] <= row["difference"] == row["b"] <= row["high"] and row["b"] > 0
    assert "score_mean" in found.measures.index


def test_what_one_world_does_not_have_is_left_out():
    found = gh.compare(gh.Scenario.load("baseline").change(SMALL), WITH, seeds=3, steps=8, last=4)
    assert "score_mean" not in found.measures.index and "compliance" in found.measures.index


def test_every_citizen_is_of_one_kind_and_the_kinds_add_up_to_the_difference():
    a, b = (gh.Society(plan, rng=4) for plan in (WITHOUT, WITH))
    for society in (a, b):
        society.run_for(40)
    kinds = who_changed(shown(a), shown(b), 6)
    np.testing.assert_allclose(kinds.sum(axis=1), 1)
    rise = b.citizens.complies.mean(axis=0) - a.citizens.complies.mean(axis=0)
    np.testing.assert_allclose(kinds[:, :4].sum(axis=1) - kinds[:, 4], rise)


def test_who_comes_to_comply_is_of_the_first_kind_without_which_it_would_not():
    """Citizens with one domain: their five acts in both worlds, from public to as at the start."""
    never, ever = (0, 0, 0, 0, 0), (1, 1, 1, 1, 1)
    cases = {
        "pressed": [(never, (1, 0, 0, 0, 0)), (never, (1, 0, 1, 1, 1)), ((0, 1, 1, 1, 1), ever)],
        "following": [(never, (1, 1, 0, 0, 0)), ((0, 0, 1, 1, 1), ever)],
        "internalised": [(never, (1, 1, 1, 0, 0)), ((0, 0, 0, 1, 1), ever)],
        "circumstances": [(never, (1, 1, 1, 1, 0)), ((0, 0, 0, 0, 1), ever), (never, ever)],
        "rebelling": [(ever, never), (ever, (0, 1, 1, 1, 1))],
        "unchanged": [(ever, (1, 0, 0, 0, 0)), (never, (0, 1, 1, 1, 1)), (ever, ever)],
    }
    assert tuple(cases) == CHANGES
    for kind, pairs in cases.items():
        for before, after in pairs:
            a, b = (
                pd.DataFrame({"node": [3]} | {f"{name}_0": [act] for name, act in zip(ACTS, acts, strict=True)})
                for acts in (before, after)
            )
            assert who_changed(a, b, 1)[0].tolist() == [float(name == kind) for name in CHANGES], (kind, before, after)


def test_those_who_left_one_world_are_not_compared():
    leaving = WITH.change({"institutions.exit": {"rate": 0.5, "means": 0.2}})
    a, b = gh.Society(WITH, rng=4), gh.Society(leaving, rng=4)
    for society in (a, b):
        society.run_for(40)
    assert len(b.citizens) < 150
    np.testing.assert_allclose(who_changed(shown(a), shown(b), 6).sum(axis=1), 1)
    np.testing.assert_allclose(who_changed(shown(b), shown(a), 6).sum(axis=1), 1)


def test_the_interval_covers_and_the_variance_saved_is_known():
    """200 times 30 pairs that share all but a twentieth of their variance; 95% intervals miss by chance alone."""
    rng = np.random.default_rng(5)
    missed, saved = 0, []
    for _ in range(200):
        common, own = rng.normal(0, 1, (30, 1)), rng.normal(0, np.sqrt(0.05), (30, 2))
        values = (common + own + [0, 0.3])[:, :, None]
        row = measure_table(["x"], values).loc["x"]
        missed += not row["low"] <= 0.3 <= row["high"]
        saved.append(row["variance_saved"])
    assert missed <= 28, "with a true error of 7% more than 28 misses in 200 have a chance below 0.1%"
    assert np.median(saved) == pytest.approx(1.05 / 0.05, rel=0.15)


def test_workers_change_nothing():
    one, two = (gh.compare(WITHOUT, WITH, seeds=3, steps=6, last=3, workers=workers) for workers in (1, 2))
    pd.testing.assert_frame_equal(one.measures, two.measures)
    pd.testing.assert_frame_equal(one.citizens, two.citizens)


def test_bad_input_is_refused():
    with pytest.raises(gh.ScenarioError, match="not the same people"):
        gh.compare(WITHOUT, WITH.change({"population.size": 151}))
    for wrong in ({"seeds": 2}, {"steps": 0}, {"last": 0}, {"last": 300}, {"workers": 0}):
        with pytest.raises(gh.ScenarioError, match=next(iter(wrong))):
            gh.compare(WITHOUT, WITH, **wrong)


def test_the_command_prints_what_differs_and_writes_the_table(tmp_path, capsys):
    out = tmp_path / "effects.csv"
    arguments = ["--seeds", "3", "--steps", "10", "--last", "5", "--set", "population.size=80", "--workers", "1"]
    with pytest.raises(SystemExit, match="0"):
        main(["compare", "visible-score", "visible-score-and-reports", *arguments, *REWARDED, "--out", str(out)])
    printed = capsys.readouterr().out
    assert "reports" in printed and "emigrated" not in printed
    assert next(line.split() for line in printed.splitlines() if "rebelling" in line) == ["Share", *CHANGES]
    effects = pd.read_csv(out, index_col="measure")
    assert effects.loc["reports", "a"] == 0 < effects.loc["reports", "b"]
    with pytest.raises(SystemExit, match="0"):
        main(["compare", "baseline", "baseline", "--set-b", "citizens.memory=9.0", "--out", str(out), *arguments])
    effects = pd.read_csv(out, index_col="measure")
    assert effects.loc["compliance", "difference"] != 0 and effects.loc["compliance", "variance_saved"] > 1
    with pytest.raises(SystemExit) as end:
        main(["compare", "baseline", "karate-club"])
    assert end.value.code == 2
    assert "no scenario is called" in capsys.readouterr().err
