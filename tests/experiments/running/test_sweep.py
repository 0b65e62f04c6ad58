"""`glasshouse sweep` and its kin, as a user meets them: interrupted, killed, resumed, exported."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from glasshouse.experiments.command_line.main import main
from glasshouse.experiments.running.output import read_parquet
from glasshouse.experiments.running.store import Store
from tests.support.studies import alive, family, glasshouse, on_a_terminal, same, started, tables, wait_for_runs, write


@pytest.fixture
def design(tmp_path):
    """Path of a design of 4 points and 30 seeds: some seconds of work."""
    return write(tmp_path)


def test_ctrl_c_stops_cleanly_and_the_same_command_goes_on(design, tmp_path, uninterrupted):
    store = tmp_path / "s.sqlite"
    process = started("sweep", design, "--store", store)
    wait_for_runs(store, 3, process)
    descendants = family(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "stopped" in stderr and "the same command goes on from there" in stderr and "Traceback" not in stderr
    time.sleep(0.5)
    assert not [pid for pid in descendants if alive(pid)]
    done = len(tables(store)[0])
    assert 3 <= done < 120
    status = glasshouse("status", store).stdout
    assert f"{done}" in status and f"{120 - done}" in status
    assert glasshouse("sweep", design, "--store", store, "--quiet").stdout == ""
    same(store, uninterrupted)


def kill_at_random_moments(store: Path, design: Path, times: int, seed: int) -> int:
    """Start the sweep, kill it or one of its workers, and again; returns how often it was killed in mid-run."""
    chance = random.Random(seed)
    killed = 0
    for k in range(times):
        process = started("sweep", design, "--store", store, "--quiet")
        # Any moment from the first breath to well into the runs.
        time.sleep(chance.uniform(0.2, 5.0))
        descendants = family(process.pid)
        if process.poll() is None:
            victim = process.pid if k % 3 or len(descendants) < 3 else chance.choice(descendants[1:])
            if alive(victim):
                os.kill(victim, signal.SIGKILL)
                killed += 1
            if victim != process.pid:
                time.sleep(chance.uniform(0.0, 1.0))
                process.kill()
        process.communicate()
        # What is left behind ends by itself: it finds its parent gone.
        limit = time.monotonic() + 20
        while any(alive(pid) for pid in descendants) and time.monotonic() < limit:
            time.sleep(0.05)
        assert not [pid for pid in descendants if alive(pid)]
    return killed


def test_killed_at_a_few_moments_nothing_is_lost_or_done_twice(design, tmp_path, uninterrupted):
    store = tmp_path / "s.sqlite"
    kill_at_random_moments(store, design, times=3, seed=1)
    assert glasshouse("sweep", design, "--store", store).returncode == 0
    same(store, uninterrupted)


@pytest.mark.slow
def test_killed_at_20_moments_nothing_is_lost_or_done_twice(tmp_path):
    design = write(tmp_path, seeds=250)
    store, whole = tmp_path / "killed.sqlite", tmp_path / "whole.sqlite"
    assert kill_at_random_moments(store, design, times=20, seed=2) >= 15
    assert glasshouse("sweep", design, "--store", store).returncode == 0
    assert glasshouse("sweep", design, "--store", whole).returncode == 0
    same(store, whole)


def test_a_full_disk_is_said_and_the_same_command_goes_on(design, tmp_path, uninterrupted):
    store = tmp_path / "s.sqlite"

    def small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    full = glasshouse("sweep", design, "--store", store, preexec_fn=small_disk)
    assert full.returncode == 2 and "Traceback" not in full.stderr
    assert "the same command goes on from there" in full.stderr
    assert 0 < len(tables(store)[0]) < 120
    assert glasshouse("sweep", design, "--store", store).returncode == 0
    same(store, uninterrupted)


def test_more_seeds_and_points_only_run_what_is_new(design, tmp_path, uninterrupted):
    store = tmp_path / "s.sqlite"
    arguments = ("sweep", write(tmp_path, seeds=3, rewards=[0.5, 1.0]), "--store", store)
    assert glasshouse(*arguments).returncode == 0
    with Store(store, must_exist=True) as reader:
        first = dict(reader.all("SELECT key, started || wall_s FROM run"))
    assert len(first) == 6
    write(tmp_path)
    assert glasshouse(*arguments).returncode == 0
    with Store(store, must_exist=True) as reader:
        after = dict(reader.all("SELECT key, started || wall_s FROM run"))
    assert first.items() <= after.items() and len(after) == 120
    same(store, uninterrupted)


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_export_writes_what_was_found(ending, tmp_path, uninterrupted):
    out = tmp_path / f"runs.{ending}"
    done = glasshouse("export", uninterrupted, out)
    assert done.returncode == 0 and "Wrote 120 rows" in done.stdout
    table = pd.read_csv(out) if ending == "csv" else read_parquet(out)
    runs, series = tables(uninterrupted)
    pd.testing.assert_series_equal(table["compliance"], runs["compliance"])
    pd.testing.assert_series_equal(table["institutions.hotline.reward"], runs["institutions.hotline.reward"])
    assert glasshouse("export", uninterrupted, out, "--series").returncode == 0
    assert len(series) == 240


def told(capsys, *arguments) -> str:
    with pytest.raises(SystemExit) as end:
        main([str(argument) for argument in arguments])
    assert end.value.code == 2
    return capsys.readouterr().err


def test_bad_input_is_one_line_with_the_remedy(tmp_path, capsys, design, uninterrupted):
    store = tmp_path / "s.sqlite"
    assert "no design is called" in told(capsys, "sweep", "visible", "--store", store)
    assert "--workers -1 is out of range" in told(capsys, "sweep", design, "--store", store, "--workers", -1)
    assert "number of seconds above 0" in told(capsys, "sweep", design, "--store", store, "--time-limit", 0)
    assert "there is no folder" in told(capsys, "sweep", design, "--store", tmp_path / "no" / "s.sqlite")
    assert "there is no such file" in told(capsys, "status", tmp_path / "none.sqlite")
    assert "there is no such file" in told(capsys, "export", tmp_path / "none.sqlite", tmp_path / "x.csv")
    assert "cannot tell the format" in told(capsys, "export", uninterrupted, tmp_path / "x.xlsx")
    assert "there is no study other" in told(capsys, "export", uninterrupted, tmp_path / "x.csv", "--study", "other")
    assert "there is no outcome" in told(capsys, "figures", uninterrupted, tmp_path / "f", "--outcome", "complience")
    assert "give dask://HOST:PORT" in told(capsys, "sweep", design, "--store", store, "--on", "elsewhere")
    assert not (tmp_path / "f").exists()
    bad = tmp_path / "bad.toml"
    bad.write_text(design.read_text() + '[parameters."citizens.memory"]\nvalues = [-1.0]\n')
    message = told(capsys, "sweep", bad, "--store", store)
    assert "citizens.memory = -1.0" in message and "give a number from 0 to 1,000" in message


def test_every_command_says_what_it_does(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    listed = capsys.readouterr().out
    for words in ("many settings", "how far the", "one table", "settings matter", "every figure", "Open a page"):
        assert words in listed
    for name in ("sweep", "status", "export", "sensitivity", "figures", "dashboard"):
        with pytest.raises(SystemExit, match="0"):
            main([name, "--help"])
        assert "Parameters" in capsys.readouterr().out or name == "status"


def test_status_before_the_first_run_has_ended(tmp_path, uninterrupted):
    store = shutil.copy(uninterrupted, tmp_path / "s.sqlite")
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("DELETE FROM run")
    status = glasshouse("status", store)
    assert status.returncode == 0, status.stderr
    assert "120" in status.stdout


def test_on_a_terminal_there_is_a_live_bar(design, tmp_path):
    shown = on_a_terminal("sweep", design, "--store", tmp_path / "s.sqlite")
    assert b"question" in shown and b"/120" in shown and b"a second" in shown


def test_it_tells_how_far_it_is_where_there_is_no_terminal(design, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("glasshouse.experiments.command_line.studies.SILENCE", 0.2)
    with pytest.raises(SystemExit, match="0"):
        main(["sweep", str(design), "--store", str(tmp_path / "s.sqlite"), "--workers", "1"])
    err = capsys.readouterr().err
    assert "of 120 runs" in err and "a second" in err and "min left" in err
