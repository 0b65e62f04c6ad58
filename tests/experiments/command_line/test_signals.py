"""Signals: a command that is told to end does so at once, keeps what it has and says what that is."""

from __future__ import annotations

import signal
import subprocess
import time
from contextlib import suppress

import pytest

from glasshouse.model.signals import Ended, ending_cleanly, exit_code, undisturbed
from tests.support.studies import alive, family, glasshouse, same, started, wait_for_runs, write

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.mark.alone
@pytest.mark.parametrize("number", SIGNALS)
def test_a_sweep_that_is_ended_says_what_it_keeps_and_goes_on(number, tmp_path, uninterrupted):
    store = tmp_path / "s.sqlite"
    process = started("sweep", write(tmp_path), "--store", store, "--workers", 2)
    wait_for_runs(store, 5, process)
    members = family(process.pid)
    process.send_signal(number)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 128 + number, stderr
    assert f"of 120 runs are in {store}, and the same command goes on from there" in stderr, stderr
    assert "Traceback" not in stderr
    limit = time.monotonic() + 20
    while any(map(alive, members)):
        assert time.monotonic() < limit, "processes stay"
        time.sleep(0.1)
    assert glasshouse("sweep", tmp_path / "question.toml", "--store", store, "--quiet").returncode == 0
    same(store, uninterrupted)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_run_that_is_ended_writes_nothing(number, tmp_path):
    out = tmp_path / "history.csv"
    process = started("run", "--steps", "1000000", "--out", out, "--set", "population.size=200")
    time.sleep(6)
    before = process.poll()
    assert before is None, process.communicate()
    # Python loses an interrupt that comes while it loads a module; one that follows another while it ends kills it.
    for _ in range(30):
        process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
            break
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 128 + number, stderr
    assert not list(tmp_path.iterdir())


def test_what_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ending_cleanly():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("number", SIGNALS)
def test_signals_are_put_off_and_not_lost(number):
    done = []
    with pytest.raises(KeyboardInterrupt) as interrupt, ending_cleanly():
        with undisturbed():
            signal.raise_signal(number)
            done.append(1)
        done.append(2)
    assert done == [1] and exit_code(interrupt.value) == 128 + number
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    assert isinstance(interrupt.value, Ended) == (number != signal.SIGINT)


def test_what_a_killed_process_began_to_write_goes(tmp_path, uninterrupted):
    from glasshouse.experiments.running.store import Store

    path = tmp_path / "s.sqlite"
    (tmp_path / "s.sqlite.citizens").mkdir()
    left = tmp_path / "s.sqlite.citizens" / ".a.parquet.x8s.parquet"
    left.write_bytes(b"half")
    kept = tmp_path / "s.sqlite.citizens" / "a.parquet"
    kept.write_bytes(b"whole")
    with Store(path) as store, store.writing():
        assert not left.exists() and kept.exists()
