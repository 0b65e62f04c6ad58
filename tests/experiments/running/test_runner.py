"""Running many scenarios: real processes, real files, real failures."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.experiments.running import runner
from glasshouse.experiments.running.pool import drive, local_pool
from glasshouse.experiments.running.run import (
    Run,
    RunConfiguration,
    execute,
)
from glasshouse.experiments.running.runner import run_scenarios
from glasshouse.experiments.running.sources import model_hash
from glasshouse.model import measures
from tests.support.studies import PLANS, SHORT, broken


def test_a_table_has_a_row_a_run_with_means_of_the_last_weeks():
    found = run_scenarios(PLANS, SHORT, seeds=[4, 9], executor=ThreadPoolExecutor(1))
    assert found.runs[["design_row", "replicate", "seed"]].to_numpy().tolist() == [
        [0, 0, "4"], [0, 1, "9"], [1, 0, "4"], [1, 1, "9"]
    ]  # fmt: skip
    assert found.runs["institutions.hotline.reward"].tolist() == [0.5, 0.5, 2.0, 2.0]
    assert (found.runs["status"] == "done").all() and (found.runs["wall_s"] > 0).all()
    society = gh.Society(PLANS[1], rng=9)
    society.run_for(12)
    history = society.history
    for name in ("compliance", "reports", "trust_ties", "score_mean"):
        assert found.runs[name].iloc[3] == history[name].iloc[-4:].mean()
    course = found.series[(found.series["design_row"] == 1) & (found.series["replicate"] == 1)]
    assert course["week"].tolist() == [5, 10, 12]
    for week, first in ((5, 1), (10, 6), (12, 11)):
        mean = history["compliance"].loc[first:week].to_numpy().mean()
        assert course.loc[course["week"] == week, "compliance"].item() == pytest.approx(mean, abs=1e-15)


def test_a_measure_that_does_not_exist_is_missing():
    found = run_scenarios([gh.Scenario.load("baseline").change({"population.size": 60})], SHORT, seeds=1,
                          executor=ThreadPoolExecutor(1))  # fmt: skip
    assert found.runs["score_mean"].isna().all() and found.runs["compliance"].notna().all()


@pytest.mark.parametrize("kind", ["pebble", "processes", "threads"])
def test_every_executor_gives_the_same_tables(kind):
    alone = [execute([Run(plan, seed, SHORT)], model_hash())[0] for plan in PLANS for seed in (1, 2, 3)]
    if kind == "pebble":
        found = run_scenarios(PLANS, SHORT, seeds=3, workers=2)
    elif kind == "processes":
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            found = run_scenarios(PLANS, SHORT, seeds=3, executor=pool)
    else:
        with ThreadPoolExecutor(2) as pool:
            found = run_scenarios(PLANS, SHORT, seeds=3, executor=pool)
    for k, result in enumerate(alone):
        row = found.runs.iloc[k]
        for name, value in result.metrics.items():
            assert row[name] == value or (np.isnan(row[name]) and np.isnan(value))
    names = list(alone[0].metrics)
    series = np.concatenate([result.series for result in alone])
    np.testing.assert_array_equal(found.series["trust_ties"], series[:, names.index("trust_ties")])


def test_a_run_that_fails_is_a_row_and_aborts_nothing(monkeypatch):
    monkeypatch.setattr("glasshouse.model.measures.MEASURES", (*measures.MEASURES, broken))
    found = run_scenarios(PLANS, SHORT, seeds=3, executor=ThreadPoolExecutor(1))
    failed = found.runs[found.runs["status"] == "failed"]
    assert failed["seed"].tolist() == ["2", "2"] and failed["compliance"].isna().all()
    assert failed["error"].str.contains("ZeroDivisionError: nobody is left").all()
    assert (found.runs.loc[found.runs["seed"] != "2", "status"] == "done").all()
    assert found.errors["runs"].tolist() == [2]
    assert len(found.series["design_row"]) == 4 * 3


def test_a_run_that_takes_too_long_is_overdue():
    long = RunConfiguration(steps=100_000, last=1, every=1000)
    with ThreadPoolExecutor(1) as pool:
        found = run_scenarios(PLANS[:1], long, seeds=1, executor=pool, time_limit=0.2)
    assert found.runs["status"].tolist() == ["overdue"] and "took longer than 0.2 s" in found.runs["error"].item()


def test_a_run_that_hangs_is_ended_and_the_others_go_on(monkeypatch):
    monkeypatch.setattr(runner, "GRACE", 0.5)
    monkeypatch.setattr(runner, "execute", hang_on_seed_2)
    start = time.monotonic()
    found = run_scenarios(PLANS[:1], SHORT, seeds=3, workers=2, time_limit=5.0)
    assert found.runs["status"].tolist() == ["done", "overdue", "done"]
    assert "was ended" in found.runs["error"].iloc[1] and time.monotonic() - start < 50


def hang_on_seed_2(runs, model, limit):
    if any(run.seed == 2 for run in runs):
        time.sleep(60)
    return execute(runs, model, limit)


def die_on_seed_2(runs, model, limit):
    if any(run.seed == 2 for run in runs):
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(runs, model, limit)


def test_a_run_that_kills_its_process_is_lost_and_the_others_are_not(monkeypatch):
    monkeypatch.setattr(runner, "execute", die_on_seed_2)
    found = run_scenarios(PLANS[:1], SHORT, seeds=6, workers=2)
    assert found.runs["status"].tolist() == ["done", "lost", *["done"] * 4]
    assert "died" in found.runs["error"].iloc[1]
    assert found.store.one("SELECT count(*) FROM attempt") >= runner.ATTEMPTS


def test_an_executor_that_is_gone_is_said_to_be(monkeypatch):
    monkeypatch.setattr(runner, "execute", die_on_seed_2)
    with (
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool,
        pytest.raises(gh.GlasshouseError, match="the processes that were to do the work are gone"),
    ):
        run_scenarios(PLANS[:1], SHORT, seeds=3, executor=pool)


def test_another_model_elsewhere_is_refused():
    with pytest.raises(gh.GlasshouseError, match="has another version of the model"):
        execute([], "0" * 64)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"seeds": 0}, "seeds 0: give a whole number from 1"),
        ({"workers": 0}, "workers 0: give a whole number of at least 1"),
        ({"time_limit": 0.0}, "give a number of seconds above 0"),
        ({"time_limit": float("nan")}, "give a number of seconds above 0"),
        ({"store": "no/such/folder/s.sqlite"}, "there is no folder"),
    ],
)
def test_what_cannot_be_is_refused(arguments, words):
    with pytest.raises(gh.GlasshouseError, match=words):
        run_scenarios(PLANS, SHORT, **({"seeds": 1} | arguments))


def test_driving_keeps_so_many_under_way_and_takes_back_what_is_put_back():
    left, most, under_way, put_back = list(range(20)), 0, 0, []

    def take():
        return left.pop(0) if left else None

    with ThreadPoolExecutor(4) as pool:

        def submit(task):
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            return pool.submit(lambda: task)

        done = []
        for task, future in drive(take, submit, 3):
            under_way -= 1
            assert future.result() == task
            if task % 5 == 0 and task not in put_back:
                put_back.append(task)
                left.append(task)
            else:
                done.append(task)
    assert sorted(done) == list(range(20)) and sorted(put_back) == [0, 5, 10, 15] and most == 3


def test_no_process_is_left_behind():
    def children() -> set[str]:
        listed = subprocess.run(["ps", "--ppid", str(os.getpid()), "-o", "pid=,args="], capture_output=True, text=True)
        return {
            line.split()[0] for line in listed.stdout.splitlines() if "forkserver" not in line and "ps --" not in line
        }

    # The server that processes are forked from lives as long as we do.
    with local_pool(2) as pool:
        assert pool.schedule(abs, (-1,)).result() == 1
    before = children()
    with pytest.raises(RuntimeError), local_pool(2) as pool:
        pool.schedule(time.sleep, (60,))
        time.sleep(1)
        raise RuntimeError
    assert children() <= before
