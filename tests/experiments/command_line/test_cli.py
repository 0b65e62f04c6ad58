"""The command line, as a user meets it: real processes, real files."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import duckdb
import pandas as pd
import pytest

import glasshouse as gh
from glasshouse.agents.citizens import ACTS
from glasshouse.experiments.command_line.main import main
from glasshouse.experiments.running.twin import twin_of
from glasshouse.experiments.showing.tables import rounded_parts, sparkline
from tests.support.studies import glasshouse, on_a_terminal, started

SMALL = ["--set", "population.size=60"]
PARTS = ("As at the start", "+ Circumstances", "+ In the heart", "+ In the crowd", "+ Only under the eye")
MEASURES = ("compliance_at_start", "circumstances", "internalised", "following", "pressure")


def added(measures: dict[str, float]) -> float:
    """Sum of the parts of compliance, added in the order in which the measure adds them."""
    total = 0.0
    for name in MEASURES:
        total += measures[name]
    return total


def test_run_prints_a_table_that_adds_up():
    done = glasshouse("run", "--steps", "30", *SMALL)
    assert done.returncode == 0, done.stderr
    rows = {line.split("  ")[1].strip(): line.split() for line in done.stdout.splitlines() if line.startswith("  ")}
    for column in (-4, -3, -2):
        parts = [rows[name][column] for name in PARTS]
        assert sum(round(float(part) * 10_000) for part in parts) == round(float(rows["= Compliance"][column]) * 10_000)
    society = gh.Society("visible-score-and-reports", rng=1, **{"population.size": 60})
    society.run_for(30)
    assert rows["= Compliance"][-4:-2] == [f"{society.history['compliance'][week]:.4f}" for week in (1, 30)]
    assert "Trust in people at large" in done.stdout
    assert any(bar in done.stdout for bar in "▂▃▄▅▆▇█")


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_run_writes_the_history(ending, tmp_path):
    out = tmp_path / f"history.{ending}"
    done = glasshouse("run", "visible-score", "--steps", "12", "--seed", "5", "--out", str(out), "--quiet", *SMALL)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    table = pd.read_csv(out) if ending == "csv" else duckdb.sql(f"SELECT * FROM '{out}'").df()
    society = gh.Society("visible-score", rng=5, **{"population.size": 60})
    society.run_for(12)
    pd.testing.assert_frame_equal(table, society.history.reset_index(), check_dtype=False)
    assert list(tmp_path.iterdir()) == [out]


def test_run_as_json():
    done = glasshouse("run", "baseline", "--steps", "3", "--json", *SMALL)
    result = json.loads(done.stdout)
    assert result["scenario"] == "baseline" and result["weeks"] == 3 and result["citizens"] == 60
    measures = result["measures"]
    assert measures["score_mean"] is None
    assert measures["compliance"] == added(measures)


def test_a_run_is_held_against_the_same_people_without_institutions():
    arguments = ("run", "visible-score-and-reports", "--steps", "10", "--seed", "5", *SMALL)
    found = json.loads(glasshouse(*arguments, "--json").stdout)
    society = gh.Society("baseline", rng=5, **{"population.size": 60})
    society.run_for(10)
    twin = society.history.iloc[-1].to_dict()
    assert found["twin"] == {name: None if value != value else value for name, value in twin.items()}
    for name, value in found["measures"].items():
        other = found["twin"].get(name)
        difference = None if value is None or other is None else value - other
        assert found["differences"][name] == difference, name
    assert found["differences"]["compliance"] != 0 and found["differences"]["score_mean"] is None
    told = glasshouse(*arguments).stdout
    assert "institutions  highest" in told
    row = next(line.split() for line in told.splitlines() if "Exposure" in line)
    assert row[-2] == f"{found['differences']['exposure']:+.4f}" and float(row[-2]) > 0
    for alone in (("--no-twin",), ("--no-twin", "--json")):
        told = glasshouse(*arguments, *alone).stdout
        assert "institutions  highest" not in told and '"twin"' not in told and '"differences"' not in told
    assert json.loads(told)["measures"] == found["measures"]


def test_who_has_no_institutions_has_no_twin():
    arguments = ("run", "baseline", "--steps", "3", *SMALL)
    assert glasshouse(*arguments).stdout == glasshouse(*arguments, "--no-twin").stdout
    assert "twin" not in json.loads(glasshouse(*arguments, "--json").stdout)


def test_a_twin_lives_the_dated_changes_that_are_about_no_institution():
    later = [
        {"week": 2, "set": {"institutions.score_bureau": True, "citizens.memory": 9.0}},
        {"week": 3, "set": {"institutions.score_bureau.decay": 0.1}},
        {"week": 4, "says": "Harder.", "set": {"domains.speech.loss": 9.0}},
    ]
    plan = gh.Scenario.from_dict({"name": "mine", "change": later})
    twin = twin_of(plan)
    assert twin is not None and not twin.institutions and not twin.at_week(9).institutions
    assert [(change.week, change.says, change.set) for change in twin.dated] == [
        (2, "", {"citizens.memory": 9.0}),
        (4, "Harder.", {"domains.speech.loss": 9.0}),
    ]
    assert (twin.population, twin.citizens, twin.domains) == (plan.population, plan.citizens, plan.domains)
    assert twin_of(twin) is None and twin_of(gh.Scenario.load("baseline")) is None
    assert all(twin_of(gh.Scenario.load(name)) for name in gh.scenarios() if gh.Scenario.load(name).institutions)


def test_run_on_a_graph_and_on_a_scenario_of_ones_own(tmp_path):
    graph = tmp_path / "ring.txt"
    graph.write_text("\n".join(f"{i} {(i + 1) % 9}" for i in range(9)))
    mine = tmp_path / "mine.toml"
    gh.Scenario.load("visible-score").change({"citizens.memory": 5.0}).save(mine)
    done = glasshouse("run", str(mine), "--graph", str(graph), "--steps", "2", "--json")
    assert json.loads(done.stdout)["ties"] == 9


def test_scenarios_and_explain():
    listing = glasshouse("scenarios").stdout
    assert all(name in listing for name in gh.scenarios())
    told = glasshouse("scenarios", "switched-off").stdout
    assert "From week 130: The watching is switched off." in told and "Source:" in told
    why = json.loads(glasshouse("explain", "--citizen", "7", "--steps", "5", "--seed", "3", "--json", *SMALL).stdout)
    society = gh.Society("visible-score-and-reports", rng=3, **{"population.size": 60})
    society.run_for(5)
    assert why == vars(society.citizen(7).explain("speech"))
    told = " ".join(glasshouse("explain", "--citizen", "7", "--steps", "5", "--seed", "3", *SMALL).stdout.split())
    shown = society.citizen(7).explain("speech")
    assert all(f"{name} {value + 0.0:+.4f}" in told for name, value in shown.terms.items())
    assert shown.otherwise in told and told.endswith(shown.verdict)
    assert len(shown.otherwise.split(";")) == 4 and "What decided" in shown.verdict


def test_what_decided_is_the_first_thing_without_which_the_act_is_another():
    society = gh.Society("visible-score-and-reports", rng=3, **{"population.size": 300})
    society.run_for(60)
    c, parts = society.citizens, []
    for row in range(300):
        why = society.citizen(row).explain("speech")
        acts = [bool(getattr(c, name)[row, 4]) for name in ACTS]
        assert [getattr(why, name) for name in ACTS] == acts
        turned = [part for part, act in zip(("eye", "crowd", "heart", "circumstances"), acts[1:], strict=True)
                  if act != acts[0]]  # fmt: skip
        assert why.decided == (turned[0] if turned else "start")
        parts.append(why.decided)
        assert f"the {why.decided}" in why.verdict
    assert {"start", "eye", "crowd", "heart"} <= set(parts)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "nosuch"], "no scenario is called 'nosuch'"),
        (["run", "--set", "population.sise=3"], "did you mean population.size?"),
        (["run", "--set", "population.size=1"], "from 2 to 10,000,000"),
        (["run", "--set", "population.size"], "give PATH=VALUE"),
        (["run", "--set", "population.network=ring"], "small-world"),
        (["run", "--set", "institutions.hotline.reward=often"], "valid number"),
        (["run", "--steps", "0"], "from 1 to 1000000"),
        (["run", "--steps", "many"], "--steps"),
        (["run", "--seed", "-1"], "--seed"),
        (["run", "--threads", "0"], "at least 1"),
        (["run", "--graph", "missing.csv"], "no such file"),
        (["run", "--out", "history.xlsx"], "use .parquet or .csv"),
        (["run", "--out", "missing/history.csv"], "no folder"),
        (["run", "--sead", "3"], "Did you mean --seed?"),
        (["scenarios", "nosuch"], "no scenario"),
        (["explain", "--domain", "sport"], "domains are credit"),
        (["explain", "--citizen", "60", *SMALL], "from 0 to 59"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(arguments, words, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as exit:
        main(arguments)
    printed = capsys.readouterr()
    assert exit.value.code == 2
    assert words in printed.err
    assert printed.err.count("\n") == 1 and printed.err.startswith("glasshouse: ")
    assert printed.out == ""
    assert list(tmp_path.iterdir()) == []


def test_bad_input_from_a_real_process_has_no_traceback():
    done = glasshouse("run", "--set", "population.size=1")
    assert done.returncode == 2 and "Traceback" not in done.stderr and done.stderr.count("\n") == 1


def interrupted(process: subprocess.Popen[str]) -> str:
    """What a process says when it is interrupted; again where Python lost one while it loaded modules, as it may."""
    for _ in range(10):
        time.sleep(6)
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=10)[1]
    raise AssertionError("ten interrupts did not end it")


def test_an_interrupt_leaves_no_file(tmp_path):
    out = tmp_path / "history.csv"
    out.write_text("old\n")
    process = started("run", "--steps", "1000000", "--out", out)
    try:
        stderr = interrupted(process)
    finally:
        process.kill()
    assert process.returncode == 130, stderr
    assert "interrupted" in stderr and "Traceback" not in stderr
    assert out.read_text() == "old\n" and list(tmp_path.iterdir()) == [out]


def test_a_terminal_sees_progress_on_long_runs(tmp_path):
    shown = on_a_terminal("run", "--steps", "4000")
    assert b"weeks" in shown and b"/4000" in shown


def test_the_first_run_says_that_it_compiles(tmp_path):
    environment = {**os.environ, "GLASSHOUSE_CACHE": str(tmp_path)}
    done = glasshouse("run", "baseline", "--steps", "1", *SMALL, env=environment)
    assert "happens once" in done.stderr and done.returncode == 0
    again = glasshouse("run", "baseline", "--steps", "1", *SMALL, env=environment)
    assert again.stderr == "" and again.stdout == done.stdout


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_a_full_disk_is_said_and_leaves_the_old_file(ending, tmp_path):
    out = tmp_path / f"history.{ending}"
    out.write_text("old")

    def fill_the_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    done = glasshouse("run", "--steps", "40", "--out", str(out), *SMALL, preexec_fn=fill_the_disk)
    assert done.returncode == 2, done.stderr
    assert "could not be written" in done.stderr and "Traceback" not in done.stderr
    assert out.read_text() == "old" and list(tmp_path.iterdir()) == [out]


def test_what_changes_in_the_course_is_said():
    done = glasshouse("run", "switched-off", "--steps", "131", *SMALL)
    assert "Week 130: The watching is switched off." in done.stdout


def test_a_cache_that_cannot_be_written_is_no_obstacle(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    environment = {**os.environ, "GLASSHOUSE_CACHE": str(blocked), "TMPDIR": str(tmp_path)}
    done = glasshouse("run", "baseline", "--steps", "1", "--json", *SMALL, env=environment)
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.glob("glasshouse-*"))


def test_a_real_friendship_graph_adds_up(graphs: Path):
    facebook = str(graphs / "facebook_combined.txt.gz")
    done = glasshouse("run", "--graph", facebook, "--steps", "20", "--json")
    result = json.loads(done.stdout)
    assert (result["citizens"], result["ties"]) == (4039, 88234)
    m = result["measures"]
    assert m["compliance"] == added(m)


def test_rounded_parts_add_up():
    assert rounded_parts([0.33333, 0.33333, 0.33334], 2) == ["0.33", "0.33", "0.34"]
    assert rounded_parts([0.5, -0.25001, 0.10001], 3) == ["0.500", "-0.250", "0.100"]


def test_sparkline():
    assert sparkline([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█"
    assert sparkline([float("nan"), 1, 1]) == " ▁▁"
