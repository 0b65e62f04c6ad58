"""Input that cannot be meant: one line that names the fault, the place and the remedy, before any work is done."""

from __future__ import annotations

import json
import os
import resource
import signal
import sqlite3
import subprocess
import time
from contextlib import closing

import numpy as np
import pandas as pd
import pytest

import glasshouse as gh
from glasshouse.experiments.running.run import RunConfiguration
from glasshouse.model.errors import LONGEST_MESSAGE
from tests.support.answers import answer
from tests.support.studies import COMMAND, DESIGN, glasshouse, started, write

SMALL = ["--steps", "2", "--set", "population.size=50", "--quiet"]
REWARD = "institutions.hotline.reward"
LEFT_OUT = f'leave_out = [{{"{REWARD}" = {{low = "a"}}}}]'


def refused(words: str, *command: object) -> str:
    given = answer(*command)
    assert given.code == 2 and words in given.err, given
    return given.err


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("set = {institutions.hotline.reward = 1.0}", 'such as "institutions.hotline.reward" = 1.0'),
        ("set = {institutions = {hotline = {reward = 1.0}}}", "of which every other setting would be lost"),
        ("set = {citizens.memory = 3.0}", 'such as "citizens.memory" = 3.0'),
        ("set = {citizens = {memory = 3.0}}", 'such as "citizens.memory" = 3.0'),
        ('set = {"institutions.hotline.reward.x" = 1.0}', "did you mean institutions.hotline.reward?"),
    ],
)  # fmt: skip
def test_a_path_without_quotes_is_refused_and_loses_nothing(line, words, tmp_path):
    base = gh.Scenario.load("visible-score-and-reports")
    path = tmp_path / "mine.toml"
    base.save(path)
    path.write_text(path.read_text().replace("change = []\n", "") + f"\n[[change]]\nweek = 3\n{line}\n")
    assert words in refused(words, "run", path, *SMALL)


@pytest.mark.parametrize("changes", [{"institutions": {"hotline": {"reward": 1.0}}}, {"citizens": {"memory": 3.0}}])
def test_a_whole_table_is_refused_everywhere(changes):
    for use in (
        lambda: gh.Scenario.load("baseline").change(changes),
        lambda: gh.Society("baseline", rng=1).change(changes),
        lambda: gh.Society("baseline", rng=1, changes=changes),
    ):
        with pytest.raises(gh.GlasshouseError, match="is a whole table"):
            use()
    ((path, inner),) = changes.items()
    ((name, value),) = inner.items()
    text = "{" + f"{name} = " + (f"{value}" if isinstance(value, float) else "{reward = 1.0}") + "}"
    refused("is a whole table", "run", "--set", f"{path}={text}", *SMALL)


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ("nested more than 20 deep", ["--set", "institutions=" + "{a=" * 500 + "1" + "}" * 500]),
        ("nested more than 20 deep", ["--set", "domains.x=" + "[" * 500 + "]" * 500]),
        ("has 4,300 characters", ["--set", "population.size=" + "9" * 4_300]),
        ("give a number from 2", ["--set", "population.size=" + "9" * 299]),
        ("unknown name", ["--set", ".".join("a" * 100_000) + "=1"]),
        ("unknown name", ["--set", "a" * 5_000_000 + "=1"]),
        (r"\x1b[31mred", ["--set", "\x1b[31mred=1"]),
        ("give at most 32", [word for d in range(40) for word in ("--set", f"domains.d{d}={{}}")]),
        ("write the settings into a .toml file", ["--set", "citizens.memory=3.0"] * 1_000),
        ("lower population.size", ["--set", "population.size=10000000", "--set", "population.degree=1000"]),
        ("give a whole one", ["--seed", "1.5"]),
        ("give a whole one", ["--steps", "2.7"]),
        ("from 1 to 1000000", ["--steps", "9" * 30]),
        ("at most 1,024", ["--threads", "99999"]),
        ("cannot tell the format", ["--graph", "a" * 5_000]),
        ("is no path", ["--graph", "x\0y.csv"]),
    ],
)  # fmt: skip
def test_what_is_too_much_is_refused_before_work(words, command):
    refused(words, "run", "baseline", *command)


@pytest.mark.parametrize("name", ["a" * 5_000, "x\0y", "\x1b[31mred", "/dev/zero", "../baseline", ""])
def test_names_that_are_none(name):
    for command in ("run", "scenarios", "explain"):
        if name or command != "scenarios":
            assert len(refused("no scenario is called", command, name)) < LONGEST_MESSAGE
    refused("no design is called", "sweep", name, "--store", "s.sqlite")


@pytest.mark.parametrize("text", ["a = 1979-13-45", "\ufeffpopulation = 3", "a = [", "a.a = 1\na = 2", "x" * 100])
def test_files_that_are_no_scenarios(text, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    assert str(path) in refused("mine.toml: ", "run", path)


def test_a_device_and_a_pipe_are_no_files(tmp_path):
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    (tmp_path / "zero.toml").symlink_to("/dev/zero")
    for path in (pipe, tmp_path / "zero.toml", tmp_path):
        refused("no such file" if path != tmp_path else "no scenario is called", "run", path)


def test_a_byte_order_mark_is_no_fault(tmp_path):
    path = tmp_path / "mine.toml"
    gh.Scenario.load("baseline").save(path)
    path.write_text("\ufeff" + path.read_text(), "utf-8")
    assert answer("run", path, *SMALL).code == 0


@pytest.mark.parametrize(
    ("design", "words"),
    [
        (DESIGN.format(seeds=1_000_000_000, rewards=[0.0, 1.0]), "give at most 1,000,000"),
        (DESIGN.format(seeds=500_000, rewards=[0.0, 1.0, 2.0]), "are more than 1,000,000 runs"),
        (DESIGN.format(seeds=2, rewards="[0.0, inf]"), "give a number from 0 to 20"),
        (LEFT_OUT + DESIGN.format(seeds=2, rewards=[0.0, 1.0]), "low and high are numbers"),
        (DESIGN.format(seeds=2, rewards=[0.0, 1.0]).replace(f'"{REWARD}"', REWARD), "write the whole path in quotes"),
    ],
)  # fmt: skip
def test_designs_that_are_too_large_or_no_designs(design, words, tmp_path):
    path, store = tmp_path / "question.toml", tmp_path / "s.sqlite"
    path.write_text(design)
    refused(words, "sweep", path, "--store", store)
    assert not store.exists()


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ("from 3 to 1000000", ["compare", "baseline", "visible-score", "--seeds", "99999999999999999999"]),
        ("unknown name", ["field", "--set", "zzz=5", "--store"]),
        ("unknown name", ["field", "--set", "citizens.zzz=5", "--store"]),
        ("at most", ["effects", "--workers", "100000", "--store"]),
    ],
)
def test_questions_are_checked_before_a_store_is_made(words, command, tmp_path):
    store = tmp_path / "s.sqlite"
    refused(words, *command, *([store] if command[-1] == "--store" else []))
    assert not store.exists()


def test_memory_that_there_is_not(tmp_path):
    """A run that the memory cannot hold is refused before it is built, also where the process alone has a limit."""
    done = glasshouse(
        "run", "baseline", "--set", "population.size=2000000", "--steps", "2",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30)),
    )  # fmt: skip
    assert done.returncode == 2 and "Traceback" not in done.stderr, done.stderr
    assert "memory" in done.stderr


def test_true_means_with_its_defaults(tmp_path):
    assert answer("run", "baseline", "--set", "institutions.hotline=true", *SMALL).code == 0
    with_it = gh.Scenario.load("baseline").change({"institutions.hotline": {}})
    assert gh.Scenario.load("baseline").change({"institutions.hotline": np.True_}) == with_it
    path = tmp_path / "question.toml"
    path.write_text(
        'seeds = 2\nsteps = 4\nlast = 2\n[set]\n"population.size" = 60\n'
        '[parameters."institutions.court"]\nvalues = [false, true]\n'
    )
    assert glasshouse("sweep", path, "--store", tmp_path / "s.sqlite", "--quiet").returncode == 0


def test_input_is_never_overwritten(tmp_path):
    graph, link = tmp_path / "ties.csv", tmp_path / "link.csv"
    graph.write_text("a,b\nb,c\n")
    link.symlink_to(graph)
    design, store = write(tmp_path, seeds=1), tmp_path / "s.sqlite"
    assert glasshouse("sweep", design, "--store", store, "--quiet").returncode == 0
    for out in (graph, link):
        refused("is the same file as", "run", "--graph", graph, "--out", out, *SMALL)
    refused("cannot tell the format", "export", store, store)
    assert graph.read_text() == "a,b\nb,c\n"


def test_a_sweep_whose_every_run_failed_fails(tmp_path):
    path = tmp_path / "question.toml"
    path.write_text('seeds = 2\nsteps = 400\nlast = 2\n[set]\n"population.size" = 3000\n')
    done = glasshouse("sweep", path, "--store", tmp_path / "s.sqlite", "--time-limit", "0.05", "--quiet")
    assert done.returncode == 2 and "every run came to nothing" in done.stderr, done.stderr


def test_status_of_what_has_not_begun(tmp_path):
    from glasshouse.experiments.running.store import Store

    Store(tmp_path / "s.sqlite").close()
    assert "No study has been started" in answer("status", tmp_path / "s.sqlite").out
    refused("which study?", "export", tmp_path / "s.sqlite", tmp_path / "t.csv")
    refused("there is no study [/nope]", "export", tmp_path / "s.sqlite", tmp_path / "t.csv", "--study", "[/nope]")


def test_json_knows_no_infinity(tmp_path):
    given = answer("run", "baseline", "--steps", "2", "--set", "population.size=50", "--json")
    json.loads(given.out, parse_constant=lambda word: pytest.fail(word))


def test_a_script_without_a_guard_is_told_so(tmp_path):
    script = tmp_path / "mine.py"
    script.write_text("import glasshouse as gh\ngh.run_scenarios(['baseline'], seeds=2)\n")
    done = subprocess.run([COMMAND[0], str(script)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and done.stderr.rstrip().splitlines()[-1].count("__main__") == 1
    assert len(done.stderr.splitlines()) < 30


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE study_point SET factors = '[]'", "UPDATE run SET metrics = '[1]'", "DELETE FROM study_point",
        "UPDATE run SET metrics = '{\"compliance\": \"x\"}'", "UPDATE study SET design = '3'", "DELETE FROM study_run",
    ],
)  # fmt: skip
def test_a_store_that_was_changed_by_hand_is_said_to_be(damage, tmp_path, uninterrupted):
    path = tmp_path / "s.sqlite"
    path.write_bytes(uninterrupted.read_bytes())
    with closing(sqlite3.connect(path)) as sql:
        sql.execute(damage)
        sql.commit()
    refused("", "export", path, tmp_path / "t.csv")
    assert answer("status", path).code in (0, 2)
    assert sorted(place.name for place in tmp_path.iterdir()) == ["s.sqlite"]


def test_reading_leaves_nothing_beside_a_store(tmp_path, uninterrupted):
    path = tmp_path / "s.sqlite"
    path.write_bytes(uninterrupted.read_bytes())
    assert answer("status", path).code == 0
    assert [place.name for place in tmp_path.iterdir()] == ["s.sqlite"]


def test_what_an_api_is_given_is_refused_in_words(tmp_path):
    for use, words in (
        (lambda: gh.run_scenarios(["baseline"], seeds=[1, 1]), "give each once"),
        (lambda: gh.run_scenarios(["baseline"], store=5), "give the path of a file"),
        (lambda: gh.run_scenarios(["baseline"], executor=5), "give an executor"),
        (lambda: gh.run_scenarios(["baseline"], progress=5), "give a function"),
        (lambda: RunConfiguration(outcomes=5), "give a list"),
        (lambda: gh.Society("baseline", initial=pd.DataFrame({"wealth": [1.0]})), "give values by name"),
        (lambda: gh.Scenario.load("baseline").change({"population": 5}), "is a whole table"),
        (lambda: gh.Scenario.load("baseline").change({"institutions.court": "maybe"}), "give a table of settings"),
    ):
        with pytest.raises(gh.GlasshouseError, match=words):
            use()


def test_an_interrupt_while_it_starts_is_quiet():
    for wait in (0.05, 0.15, 0.3):
        process = started("scenarios")
        time.sleep(wait)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=60)
        if process.returncode == -2:
            # Python itself was still starting, and nothing of the command line had begun.
            assert "command_line/" not in stderr, stderr
        else:
            assert process.returncode in (0, 130) and stderr.count("\n") <= 1, stderr
