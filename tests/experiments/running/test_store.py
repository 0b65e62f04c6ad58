"""The store: what it keeps, what it never mixes, what it refuses; real files."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars
import pyarrow.parquet
import pytest

import glasshouse as gh
from glasshouse.experiments.running import run as run_module
from glasshouse.experiments.running import runner
from glasshouse.experiments.running.output import write_table
from glasshouse.experiments.running.run import (
    RunConfiguration,
    run_key,
    scenario_key,
)
from glasshouse.experiments.running.runner import Point, Study, run_scenarios, run_study
from glasshouse.experiments.running.sources import hash_of_sources, model_hash
from glasshouse.experiments.running.store import Store, StoreError, file_system
from glasshouse.model import measures
from tests.support.studies import PLANS, SHORT, broken, certain


def test_what_a_store_has_is_not_run_again(tmp_path, monkeypatch):
    path = tmp_path / "study.sqlite"
    seen = []
    original = runner.execute
    monkeypatch.setattr(runner, "execute", lambda runs, *rest: (seen.extend(runs), original(runs, *rest))[1])
    options = {"executor": ThreadPoolExecutor(1), "store": path}
    first = run_scenarios(PLANS, SHORT, seeds=2, **options)
    assert len(seen) == 4
    again = run_scenarios(PLANS, SHORT, seeds=2, **options)
    assert len(seen) == 4
    pd.testing.assert_frame_equal(first.runs, again.runs)
    more = run_scenarios([*PLANS, PLANS[0].change({"citizens.memory": 9.0})], SHORT, seeds=3, **options)
    assert len(seen) == 9 and len(more.runs) == 9
    # Longer runs are other runs.
    run_scenarios(PLANS, RunConfiguration(steps=13, last=4, every=5), seeds=2, name="longer", **options)
    assert len(seen) == 13
    assert more.store.studies()["name"].tolist() == ["runs", "longer"]


def test_the_same_world_in_two_rows_is_run_once(tmp_path):
    found = run_scenarios([PLANS[0], PLANS[0]], SHORT, seeds=2, executor=ThreadPoolExecutor(1), store=tmp_path / "s")
    assert len(found.runs) == 4 and found.store.one("SELECT count(*) FROM run") == 2


def test_a_failure_is_kept_until_it_is_to_be_tried_again(tmp_path, monkeypatch):
    study = Study("s", [Point(PLANS[0], {}, (1, 2, 3))], SHORT, {})
    with Store(tmp_path / "s.sqlite") as store:
        monkeypatch.setattr("glasshouse.model.measures.MEASURES", (*measures.MEASURES, broken))
        assert run_study(study, store, executor=ThreadPoolExecutor(1)).runs["status"].tolist() == [
            "done", "failed", "done"
        ]  # fmt: skip
        monkeypatch.undo()
        assert run_study(study, store, executor=ThreadPoolExecutor(1)).runs["status"].iloc[1] == "failed"
        mended = run_study(study, store, executor=ThreadPoolExecutor(1), retry=True).runs
        assert mended["status"].tolist() == ["done"] * 3 and mended["error"].eq("").all()
        assert store.one("SELECT count(*) FROM attempt") == 1


def test_another_model_is_never_mixed_in(tmp_path, monkeypatch):
    study = Study("s", [Point(PLANS[0], {}, (1, 2))], SHORT, {})
    with Store(tmp_path / "s.sqlite") as store:
        old = run_study(study, store, executor=ThreadPoolExecutor(1))
        for module in (run_module, runner, sys.modules["glasshouse.experiments.running.sources"]):
            monkeypatch.setattr(module, "model_hash", lambda: "0" * 64)
        with pytest.raises(StoreError, match="another state of the model.*--keep-both"):
            run_study(study, store, executor=ThreadPoolExecutor(1))
        new = run_study(study, store, executor=ThreadPoolExecutor(1), keep_both=True)
        assert store.one("SELECT count(*) FROM run") == 4 and new.study != old.study
        assert store.find("s") == new.study
        assert store.studies()["done"].tolist() == [2, 2]
        # Once both are kept it is not asked again.
        run_study(study, store, executor=ThreadPoolExecutor(1))


def test_the_key_depends_on_all_that_the_result_does(tmp_path):
    graph = tmp_path / "ring.txt"
    graph.write_text("0 1\n1 2\n2 0\n")
    on_file = PLANS[0].change({"population.network": "file", "population.file": str(graph)})
    before = scenario_key(on_file)
    other = tmp_path / "other.txt"
    other.write_bytes(graph.read_bytes())
    assert scenario_key(on_file.change({"population.file": str(other)})) == before
    graph.write_text("0 1\n1 2\n2 3\n3 0\n")
    assert scenario_key(on_file) != before
    key = scenario_key(PLANS[0])
    assert scenario_key(PLANS[0].model_copy(update={"title": "another"})) == key
    assert scenario_key(PLANS[0].change({"citizens.rationality": float("inf")})) != key
    domains = dict(reversed(PLANS[0].domains.items()))
    assert scenario_key(PLANS[0].model_copy(update={"domains": domains})) != key
    dated = gh.Scenario.load("switched-off")
    assert scenario_key(dated) != scenario_key(dated.model_copy(update={"dated": dated.dated[:-1]}))
    keys = {run_key(key, 1, SHORT), run_key(key, 2, SHORT), run_key(key, 2**63 - 1, SHORT),
            run_key(key, 2**63 - 2, SHORT), run_key(key, 1, RunConfiguration(12, 4, 6)),
            run_key(key, 1, RunConfiguration(12, 3, 5)), run_key(key, 1, RunConfiguration(13, 4, 5)),
            run_key(key, 1, RunConfiguration(12, 4, 5, ("score",))), run_key(key, 1, SHORT, {"theirs": "1"}),
            run_key(key, 1, SHORT, {"theirs": "2"}), run_key(key, 1, RunConfiguration(12, 4, 5, stop="harm > 1")),
            run_key(key, 1, RunConfiguration(12, 4, 5, outcomes=("total reports",))),
            run_key(key, 1, RunConfiguration(12, 4, 5, record=("flags",)))}  # fmt: skip
    assert len(keys) == 13


def test_the_model_hash_is_that_of_every_rule_and_of_nothing_else(tmp_path):
    top = Path(run_module.__file__).parents[2]
    for folder in ("agents", "model", "experiments"):
        shutil.copytree(top / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    assert hash_of_sources(tmp_path) == model_hash()
    for name, counts in (
        ("agents/rules/consequences.py", True),
        ("model/measures/trust.py", True),
        ("experiments/running/run.py", True),
        ("experiments/running/outcomes.py", True),
        ("experiments/running/asked.py", True),
        ("experiments/running/store.py", False),
        ("model/scenarios/baseline.toml", False),
    ):
        before, text = hash_of_sources(tmp_path), (tmp_path / name).read_text("utf-8")
        (tmp_path / name).write_text(text + "\n")
        assert (hash_of_sources(tmp_path) != before) == counts, name
        (tmp_path / name).write_text(text)
        assert hash_of_sources(tmp_path) == before


def test_citizens_are_kept_as_files_beside_the_store(tmp_path):
    configuration = RunConfiguration(steps=6, last=2, every=3, citizens=("conviction", "score"))
    found = run_scenarios(PLANS[:1], configuration, seeds=2, executor=ThreadPoolExecutor(1), store=tmp_path / "s")
    society = gh.Society(PLANS[0], rng=2)
    society.run_for(6)
    table = found.citizens(row=0, replicate=1)
    np.testing.assert_array_equal(table["score"], society.citizens.score)
    np.testing.assert_array_equal(table["conviction_3"], society.citizens.conviction[:, 3])
    (file,) = [file for file in Path(f"{tmp_path / 's'}.citizens").iterdir() if file.stem == found.key(0, 1)]
    file.write_bytes(b"something else")
    with pytest.raises(gh.GlasshouseError, match="is not the file that was written"):
        found.citizens(row=0, replicate=1)
    with pytest.raises(gh.GlasshouseError, match="kept no citizens"):
        found.citizens(row=0, replicate=2)
    in_memory = run_scenarios(PLANS[:1], configuration, seeds=2, executor=ThreadPoolExecutor(1))
    pd.testing.assert_frame_equal(in_memory.citizens(row=0, replicate=1), table)


def test_others_can_read_it(tmp_path):
    """pandas, DuckDB and Polars, and Arrow's reader, which is R's too."""
    found = run_scenarios(PLANS, SHORT, seeds=2, executor=ThreadPoolExecutor(1), store=tmp_path / "s.sqlite")
    for table in (found.runs, found.series):
        path = tmp_path / "table.parquet"
        write_table(table, path)
        reward = table["institutions.hotline.reward"].tolist()
        name = "institutions.hotline.reward"
        assert duckdb.read_parquet(str(path)).df()[name].tolist() == reward
        assert polars.read_parquet(path)[name].to_list() == reward
        assert pyarrow.parquet.read_table(path)[name].to_pylist() == reward
        assert polars.read_parquet(path)["compliance"].to_list() == table["compliance"].tolist()
    with sqlite3.connect(tmp_path / "s.sqlite") as raw:
        assert len(pd.read_sql("SELECT * FROM run JOIN series ON run_id = run.id", raw)) == 12
    raw.close()


def test_a_file_that_is_no_store_is_refused_and_left_as_it_is(tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("my notes, longer than the header of a database, so that it is looked at: " + "x" * 200)
    before = text.read_bytes()
    with pytest.raises(StoreError, match="is not a store of glasshouse"):
        Store(text)
    assert text.read_bytes() == before
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as raw:
        raw.execute("CREATE TABLE mine (x)")
    raw.close()
    with pytest.raises(StoreError, match="is not a store of glasshouse"):
        Store(other)
    with pytest.raises(StoreError, match="there is no such file"):
        Store(tmp_path / "none.sqlite", must_exist=True)
    Store(tmp_path / "later.sqlite").close()
    with sqlite3.connect(tmp_path / "later.sqlite") as raw:
        raw.execute("PRAGMA user_version = 99")
    raw.close()
    with pytest.raises(StoreError, match="has format 99"):
        Store(tmp_path / "later.sqlite")


def test_two_sweeps_into_one_store_are_refused(tmp_path):
    path = tmp_path / "s.sqlite"
    with (
        Store(path) as store,
        store.writing(),
        Store(path) as other,
        pytest.raises(StoreError, match="another sweep is writing"),
    ):
        run_scenarios(PLANS, SHORT, seeds=1, store=other)


def test_a_full_disk_keeps_what_was_recorded(tmp_path):
    study = Study("s", [Point(PLANS[0], {}, tuple(range(1, 31)))], RunConfiguration(12, 4, 1), {})
    with Store(tmp_path / "s.sqlite") as store:
        pages = store.one("PRAGMA page_count")
        store.sql.execute(f"PRAGMA max_page_count = {pages + 30}")
        with pytest.raises(StoreError, match="full.*the same command goes on from there"):
            run_study(study, store, executor=ThreadPoolExecutor(1))
    with Store(tmp_path / "s.sqlite") as store:
        there = store.one("SELECT count(*) FROM run")
        assert 0 < there < 30 and store.one("PRAGMA integrity_check") == "ok"
        assert store.one("SELECT count(*) FROM series") == there * 12
        found = run_study(study, store, executor=ThreadPoolExecutor(1))
    in_memory = run_study(study, Store(":memory:"), executor=ThreadPoolExecutor(1))
    with Store(tmp_path / "s.sqlite", must_exist=True) as store:
        pd.testing.assert_frame_equal(certain(type(found)(store, found.study).runs), certain(in_memory.runs))


def test_readers_do_not_wait_for_the_writer(tmp_path):
    path = tmp_path / "s.sqlite"
    with Store(path) as store, store.transaction():
        store.sql.execute("INSERT INTO attempt VALUES ('key', 'now', 'error')")
        with Store(path, must_exist=True) as reader:
            assert reader.studies().empty


def test_networks_file_systems_are_told(monkeypatch, tmp_path):
    assert file_system(tmp_path) not in ("nfs", "nfs4")
    monkeypatch.setattr("glasshouse.experiments.running.store.file_system", lambda folder: "nfs4")
    with pytest.raises(StoreError, match="on a network's file system"):
        Store(tmp_path / "s.sqlite")
