"""The same sweep on a cluster: a real scheduler and real workers, one of them killed, the scheduler killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import glasshouse as gh
from glasshouse.experiments.running.cluster import cluster_executor
from glasshouse.experiments.running.run import RunConfiguration
from glasshouse.experiments.running.runner import run_scenarios
from tests.support.studies import glasshouse, same, started, tables, wait_for_runs, write

pytest.importorskip("distributed", reason="Dask is not installed; it comes with the extra `cluster`")

pytestmark = pytest.mark.alone

QUIET = {"DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "error", "DASK_DISTRIBUTED__DASHBOARD__LINK": ""}


def dask(*arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "dask", *arguments]
    return subprocess.Popen(command, env=os.environ | QUIET, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, subprocess.Popen[bytes], list[subprocess.Popen[bytes]]]]:
    """Address, scheduler and workers of a cluster on this machine."""
    file = folder / "scheduler.json"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    scheduler = dask("scheduler", "--host", "127.0.0.1", "--port", str(port), "--scheduler-file", str(file),
                     "--no-dashboard", "--no-show")  # fmt: skip
    hands = [
        dask("worker", f"tcp://127.0.0.1:{port}", "--nthreads", "1", "--no-nanny", "--no-dashboard",
             "--local-directory", str(folder))
        for _ in range(workers)
    ]  # fmt: skip
    try:
        limit = time.monotonic() + 60
        while True:
            try:
                with cluster_executor(f"dask://127.0.0.1:{port}") as executor:
                    if len(executor._client.scheduler_info(n_workers=-1)["workers"]) == workers:
                        break
            except gh.GlasshouseError:
                assert time.monotonic() < limit
            time.sleep(0.2)
        yield f"dask://127.0.0.1:{port}", scheduler, hands
    finally:
        for process in (*hands, scheduler):
            process.kill()
            process.wait()


def test_a_cluster_gives_the_same_tables_though_a_worker_is_killed(tmp_path, uninterrupted):
    store = tmp_path / "s.sqlite"
    with cluster(tmp_path, 2) as (address, _, workers):
        process = started("sweep", write(tmp_path), "--store", store, "--on", address)
        wait_for_runs(store, 5, process)
        assert len(tables(store)[0]) < 120
        workers[0].send_signal(signal.SIGKILL)
        stdout, stderr = process.communicate(timeout=120)
        assert process.returncode == 0, stderr
        assert "120 runs of 4 points" in stdout
        same(store, uninterrupted)
        # By the scheduler's file, with nothing left to do.
        file = tmp_path / "scheduler.json"
        assert json.loads(file.read_text())["address"].endswith(address.removeprefix("dask://"))
        assert glasshouse("sweep", tmp_path / "question.toml", "--store", store, "--on", file).returncode == 0


def test_a_scheduler_that_dies_is_said_and_the_sweep_goes_on_elsewhere(tmp_path, uninterrupted):
    store = tmp_path / "s.sqlite"
    with cluster(tmp_path, 1) as (address, scheduler, _):
        process = started("sweep", write(tmp_path), "--store", store, "--on", address)
        wait_for_runs(store, 5, process)
        scheduler.send_signal(signal.SIGKILL)
        _, stderr = process.communicate(timeout=120)
        assert process.returncode == 2 and "are gone" in stderr and "Traceback" not in stderr, stderr
    # On a fast machine the last runs may be in before the scheduler is missed.
    assert 5 <= len(tables(store)[0]) <= 120
    assert glasshouse("sweep", tmp_path / "question.toml", "--store", store).returncode == 0
    same(store, uninterrupted)


def test_a_cluster_that_is_not_there_is_said(tmp_path):
    with pytest.raises(gh.GlasshouseError, match="no scheduler answers there"), cluster_executor("dask://127.0.0.1:1"):
        pass
    with pytest.raises(gh.GlasshouseError, match="no such scheduler"), cluster_executor(str(tmp_path / "none.json")):
        pass
    with cluster(tmp_path, 1) as (address, _, workers):
        with cluster_executor(address) as executor:
            plan = gh.Scenario.load("visible-score").change({"population.size": 60})
            found = run_scenarios([plan], RunConfiguration(4, 2, 2), seeds=3, executor=executor)
            assert found.runs["status"].tolist() == ["done"] * 3
        workers[0].kill()
        workers[0].wait()
        time.sleep(1)
        with pytest.raises(gh.GlasshouseError, match="has no workers"), cluster_executor(address):
            pass
