"""Small studies, and the command line that runs them as a user would."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pandas as pd

import glasshouse as gh
from glasshouse.experiments.running.results import Results
from glasshouse.experiments.running.run import RunConfiguration
from glasshouse.experiments.running.store import Store, StoreError

SHORT = RunConfiguration(steps=12, last=4, every=5)
PLANS = [
    gh.Scenario.load("visible-score-and-reports").change({"population.size": 60, "institutions.hotline.reward": reward})
    for reward in (0.5, 2.0)
]


COMMAND = [sys.executable, "-c", "from glasshouse.experiments.command_line.main import main; main()"]
DESIGN = """
title = "A small question"
seeds = {seeds}
steps = 26
last = 13
[set]
"population.size" = 60
[parameters."institutions.hotline.reward"]
values = {rewards}
"""
UNCERTAIN = ["wall_s"]
"""Columns of runs that differ from one execution to the next; all others are the same, bit for bit."""

REWARDS = [0.0, 0.5, 1.0, 1.5]


def certain(table: pd.DataFrame) -> pd.DataFrame:
    """What is the same in every execution."""
    return table.drop(columns=[name for name in UNCERTAIN if name in table])


def broken(society, _sums):
    if society.seed_number == 2:
        raise ZeroDivisionError("nobody is left")
    return {}


def write(folder: Path, seeds: int = 30, rewards=REWARDS) -> Path:
    path = folder / "question.toml"
    path.write_text(DESIGN.format(seeds=seeds, rewards=rewards))
    return path


def glasshouse(*arguments, **options) -> subprocess.CompletedProcess[str]:
    options = {"capture_output": True, "text": True, "timeout": 300} | options
    return subprocess.run([*COMMAND, *map(str, arguments)], **options)


def tables(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Runs and their courses, without what differs from one execution to the next."""
    with Store(path, must_exist=True) as store:
        assert store.one("PRAGMA integrity_check") == "ok"
        # Nothing twice: every run once, and its course once.
        assert store.one("SELECT count(*) FROM run") == store.one("SELECT count(DISTINCT key) FROM run")
        found = Results(store, store.find(None))
        return found.runs.drop(columns=UNCERTAIN), found.series


def same(one: Path, other: Path) -> None:
    for here, there in zip(tables(one), tables(other), strict=True):
        pd.testing.assert_frame_equal(here, there)


def started(*arguments) -> subprocess.Popen[str]:
    # In a group of its own, as a terminal would have it; interrupts are let through however the tests were started.
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0,
        preexec_fn=listen,
    )  # fmt: skip


def listen() -> None:
    """Let signals through, however the tests were started."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def on_a_terminal(*arguments) -> bytes:
    """What a command that ends well draws on a terminal."""
    parent, child = pty.openpty()
    process = subprocess.Popen([*COMMAND, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=child,
                               env={**os.environ, "TERM": "xterm", "COLUMNS": "100"})  # fmt: skip
    os.close(child)
    shown = b""
    while True:
        try:
            shown += os.read(parent, 4096)
        except OSError:
            break
    assert process.wait(60) == 0
    return shown


def family(process: int) -> list[int]:
    """A process and all its descendants."""
    listed = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(pid): int(parent) for pid, parent in (line.split() for line in listed.splitlines())}
    found = [process]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def alive(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False
    return "\nState:\tZ" not in status


def wait_for_runs(store: Path, count: int, process: subprocess.Popen[str]) -> None:
    limit = time.monotonic() + 60
    while time.monotonic() < limit and process.poll() is None:
        # At first there is no store yet.
        with suppress(StoreError), Store(store, must_exist=True) as reader:
            if reader.one("SELECT count(*) FROM run") >= count:
                return
        time.sleep(0.02)
    assert process.poll() is None, process.communicate()
