"""What is asked of runs in words: outcomes, conditions that end them, and what is recorded for them."""

from __future__ import annotations

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.agents.citizens import TERMS
from glasshouse.experiments.asking.design import Design
from glasshouse.experiments.command_line.main import main
from glasshouse.experiments.running.asked import read_outcome, read_stop
from glasshouse.experiments.running.outcomes import OUTCOMES, copies, record, recording
from glasshouse.experiments.running.pool import InThisProcess
from glasshouse.experiments.running.run import RunConfiguration
from glasshouse.experiments.running.runner import run_scenarios

PLAN = gh.Scenario.load("visible-score-and-reports").change({"population.size": 60, "institutions.hotline.reward": 4.0})


def ran(**configuration):
    options = {"steps": 12, "last": 4, "every": 5} | configuration
    return run_scenarios([PLAN], RunConfiguration(**options), seeds=[7], executor=InThisProcess())


def lived(weeks: int, *columns: str) -> gh.Society:
    society = gh.Society(PLAN, rng=7)
    record(society, dict.fromkeys(columns, 0))
    society.run_for(weeks)
    return society


@recording("score", over="weeks")
def spread(society, floor: float, weeks: "int" = 3) -> float:  # noqa: UP037, annotations as others' modules leave them
    """An outcome as another package would have it."""
    scores = copies(society, "score", weeks)
    assert len(scores) == weeks
    return float((scores >= floor).mean())


def test_outcomes_are_columns_beside_the_measures():
    asked = ("total reports", "early = first compliance 3", "later = between trust_ties 4 9", "falsification speech 5",
             "exposure", "pull fear 2", f"high = {__name__}:spread 960 2", "setting citizens.memory")  # fmt: skip
    row = ran(outcomes=asked).runs.iloc[0]
    assert row["error"] == ""
    society = lived(12, "complies", "complies_unobserved", "terms", "score")
    history, kept = society.history, society.history_record.copies
    assert row["total reports"] == history["reports"].sum() > 0
    assert row["early"] == history["compliance"].iloc[:3].mean()
    assert row["later"] == history["trust_ties"].loc[4:9].mean()
    assert row["exposure"] == history["exposure"].iloc[-4:].mean()
    public, private = (np.array(kept[name][-5:])[:, :, 4] for name in ("complies", "complies_unobserved"))
    assert row["falsification speech 5"] == public.mean() - private.mean() > 0
    fear = np.array(kept["terms"][-2:])[..., TERMS.index("fear")]
    assert row["pull fear 2"] == pytest.approx(np.maximum(0, fear).mean()) and row["pull fear 2"] > 0
    assert row["high"] == (np.array(kept["score"][-2:]) >= 960).mean()
    assert row["setting citizens.memory"] == PLAN.citizens.memory


def test_no_more_is_recorded_than_is_needed():
    asked = RunConfiguration(12, outcomes=("pull fear 2", "b = pull fear 5", "listed 3", "listed_exits"), last=1)
    assert asked.recorded == {"terms": 5, "flags": 0}
    assert RunConfiguration(12, last=1, record=("score",)).recorded == {"score": 0}
    assert RunConfiguration(12, last=1).recorded == {}


def test_every_built_in_outcome_says_what_it_is():
    for name, function in OUTCOMES.items():
        assert function.__name__ == name and function.__doc__


def test_a_run_ends_once_its_condition_has_held_for_so_long():
    history = lived(60).history["compliance"]
    level = float(history.iloc[20:].median())
    held = (history > level).astype(int)
    count = held.groupby((held == 0).cumsum()).cumsum()
    week = int((count == 3).idxmax())
    assert 3 < week < 60
    found = ran(steps=60, every=2, stop=f"compliance > {level!r} for 3 weeks")
    assert found.runs["stopped"].item() == week and found.series["week"].max() == week
    assert found.runs["compliance"].item() == history.loc[:week].iloc[-4:].mean()
    assert np.isnan(ran(stop="compliance > 2").runs["stopped"].item())
    assert "stopped" not in ran().runs


def test_a_measure_that_does_not_exist_ends_nothing_and_does_not_spoil_a_mean():
    baseline = gh.Scenario.load("baseline").change({"population.size": 60})
    asked = RunConfiguration(6, last=2, stop="score_mean < 1000000")
    assert np.isnan(run_scenarios([baseline], asked, seeds=1, executor=InThisProcess()).runs["stopped"].item())
    later = {"week": 4, "set": {"institutions.score_bureau": {}}}
    dated = gh.Scenario.from_dict(baseline.to_dict() | {"change": [later]})
    found = run_scenarios([dated], RunConfiguration(6, last=5, every=3), seeds=[2], executor=InThisProcess())
    society = gh.Society(dated, rng=2)
    society.run_for(6)
    assert society.history["score_mean"].isna().tolist() == [True] * 3 + [False] * 3
    assert found.runs["score_mean"].item() == society.history["score_mean"].iloc[-5:].mean() > 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("totl reports", "did you mean total?"),
        ("total", "missing a required argument: 'measure'"),
        ("total reports 3", "too many positional arguments"),
        ("last compliance soon", "weeks = soon: give a whole number"),
        ("last compliance -3", "give a whole number from 0"),
        ("nowhere.to.be:found", "cannot be imported"),
        ("math:squrt", "did you mean sqrt?"),
        ("error = total reports", "error is a column of every table"),
        ("a.b = total reports", "give a function and its arguments"),
        ("", "give a function and its arguments"),
    ],
)
def test_what_cannot_be_read_is_refused(text, words):
    with pytest.raises(gh.GlasshouseError, match=words.replace("?", r"\?")):
        RunConfiguration(outcomes=(text,))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"outcomes": ("total reprots",)}, "no measure 'reprots'; did you mean reports?"),
        ({"outcomes": ("complience",)}, "no 'complience'; did you mean compliance?"),
        ({"outcomes": ("falsification spech",)}, "did you mean speech?"),
        ({"outcomes": ("correlation score welth",)}, "did you mean wealth?"),
        ({"outcomes": ("by_tie trus",)}, "did you mean trust?"),
        ({"outcomes": ("term feer",)}, "did you mean fear?"),
        ({"outcomes": ("setting citizens.memry",)}, "did you mean citizens.memory?"),
        ({"outcomes": ("compliance = total reports",)}, "compliance is a measure"),
        ({"outcomes": ("a = paid", "a = turned")}, "'a' is there twice"),
        ({"outcomes": "paid"}, "give a list"),
        ({"record": ("scor",)}, "did you mean score?"),
        ({"stop": "complience > .9 for 13"}, "did you mean compliance?"),
        ({"stop": "compliance > .9 for 0"}, "such as 'compliance > 0.9 for 13'"),
        ({"stop": "compliance > .9 or True"}, "such as 'compliance > 0.9 for 13'"),
        ({"stop": "__import__('os')"}, "such as 'compliance > 0.9 for 13'"),
    ],
)
def test_what_there_is_not_is_refused_before_anything_is_run(asked, words, monkeypatch):
    monkeypatch.setattr("glasshouse.experiments.running.runner.execute", None)
    with pytest.raises(gh.GlasshouseError, match=words.replace("?", r"\?").replace("(", r"\(")):
        ran(**asked)


def test_a_failing_outcome_is_a_failed_run():
    found = ran(outcomes=("honest_standing",))
    assert found.runs["status"].item() == "failed" and "'firm'" in found.runs["error"].item()


def test_conditions_and_outcomes_are_read_as_written():
    stop = read_stop(" trust_ties<=1e-1  for 1 week ")
    assert stop is not None and (stop.measure, stop.sign, stop.level, stop.weeks) == ("trust_ties", "<=", 0.1, 1)
    assert read_stop("") is None
    assert read_outcome("last compliance 3").arguments == {"measure": "compliance", "weeks": 3}


def test_a_design_names_them(tmp_path, capsys):
    text = """
    seeds = 2
    steps = 20
    last = 4
    stop = "compliance > 0.2 for 3"
    [set]
    "population.size" = 60
    [outcomes]
    made = "total reports"
    """
    path = tmp_path / "asked.toml"
    path.write_text(text)
    store = tmp_path / "s.sqlite"
    with pytest.raises(SystemExit, match="0"):
        main(["sweep", str(path), "--store", str(store), "--workers", "1"])
    with pytest.raises(SystemExit, match="0"):
        main(["export", str(store), str(tmp_path / "t.csv")])
    header, *rows = (tmp_path / "t.csv").read_text().splitlines()
    assert "made" in header.split(",") and "stopped" in header.split(",") and len(rows) == 2
    capsys.readouterr()
    path.write_text(text.replace("total reports", "total reprots"))
    with pytest.raises(SystemExit, match="2"):
        main(["sweep", str(path), "--store", str(tmp_path / "none.sqlite")])
    assert "did you mean reports?" in capsys.readouterr().err and not (tmp_path / "none.sqlite").exists()
    listed = Design.from_dict({"name": "x", "outcomes": ["paid"], "record": ["flags"]}).study()
    assert listed.configuration.outcomes == ("paid",) and listed.configuration.record == ("flags",)
