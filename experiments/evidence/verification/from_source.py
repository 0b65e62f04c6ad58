"""Checks that are tests of the repository, or count its recorded tables: not here where the package is installed."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from .check import Check

ROOT = Path(__file__).parents[3]

LINE = re.compile(r"(\d+) (passed|failed|error)")


def failures(*names: str) -> Callable[[], float]:
    """How many of some tests fail.

    Raises
    ------
    RuntimeError
        If none of them could be run.
    """

    def measure() -> float:
        words = [sys.executable, "-m", "pytest", "-q", "-m", "slow or not slow", *names]
        found = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
        counts = {kind: int(number) for number, kind in LINE.findall(found.stdout)}
        if not counts:
            raise RuntimeError(f"the tests could not be run: {found.stdout[-500:]}{found.stderr[-500:]}")
        return float(counts.get("failed", 0) + counts.get("error", 0))

    return measure


def _tests(name: str, group: str, compares: str, source: str, *files: str) -> list[Check]:
    here = all((ROOT / file).exists() for file in files)
    check = Check.near(name, group, f"{compares}: tests that fail", source, 0.0, 0.0, failures(*files), full=True)
    return [replace(check, here=here)]


Rows = pd.DataFrame


def _share(table: str, wanted: Callable[[Rows], pd.Series], of: Callable[[Rows], Rows]) -> Callable[[], float]:
    """Share of some of a recorded table's rows that are as wanted."""

    def measure() -> float:
        rows = of(pd.read_csv(ROOT / "docs" / table, keep_default_na=False))
        return float(wanted(rows).mean())

    return measure


def _told_apart() -> float:
    """Share of outcomes that some setting moves more than some other, beyond the intervals of both."""
    rows = pd.read_csv(ROOT / "docs/sensitivity.csv")
    moved = rows[rows["quantity"] == "mu_star"].groupby("outcome")
    return float((moved["low"].max() > moved["high"].min()).mean())


def _most_shared_out() -> float:
    """Largest sum, over outcomes, of the shares of variance that settings have alone, at the low ends of intervals."""
    rows = pd.read_csv(ROOT / "docs/sensitivity.csv")
    return float(rows[rows["quantity"] == "first"].groupby("outcome")["low"].sum().max())


def _recorded(name: str, group: str, compares: str, table: str, low: float, high: float,
              measure: Callable[[], float]) -> list[Check]:  # fmt: skip
    here = (ROOT / "docs" / table).exists()
    return [Check(name, group, compares, f"docs/{table}, as recorded", low, high, measure, here=here)]


CHECKS: tuple[Check, ...] = (
    *_recorded("facts tuned on", "Field", "statistics of the trials that settings were tuned on: share that passes",
               "field.csv", 0.9, 1.0,
               _share("field.csv", lambda rows: rows["verdict"] == "pass",
                      lambda rows: rows[~rows["held_out"] & (rows["verdict"] != "")])),
    *_recorded("facts held out", "Field", "statistics of the held-out trials: share that neither passes nor says why",
               "field.csv", 0.0, 0.0,
               _share("field.csv", lambda rows: (rows["verdict"] != "pass") & (rows["explains"] == ""),
                      lambda rows: rows[rows["held_out"] & (rows["verdict"] != "")])),
    *_recorded("findings reversed", "Robustness",
               "findings under other graphs, sizes and choices, but for T3 with habits or threshold choice, where "
               "it lasts longer: share reversed", "robustness.csv", 0.0, 0.0,
               _share("robustness.csv", lambda rows: rows["survives"] == "reversed",
                      lambda rows: rows[(rows["statistic"] != "T3")
                                        | ~rows["variant"].isin(["default", "habits", "threshold choice"])])),
    *_recorded("findings that survive", "Robustness",
               "findings under other graphs, sizes and choices: share whose sign survives",
               "robustness.csv", 0.8, 1.0,
               _share("robustness.csv", lambda rows: rows["survives"] == "yes",
                      lambda rows: rows[rows["variant"] != "default"])),
    *_recorded("settings told apart", "Sensitivity",
               "outcomes that some of ten settings move more than another, beyond their intervals: share",
               "sensitivity.csv", 1.0, 1.0, _told_apart),
    *_recorded("variance shared out", "Sensitivity",
               "shares of variance of settings alone, low ends of their intervals: largest sum for an outcome",
               "sensitivity.csv", 0.0, 1.0, _most_shared_out),
    *_recorded("mutants noticed", "Tests that can fail", "small faults in rules and institutions: share noticed",
               "mutants.csv", 0.9, 1.0,
               _share("mutants.csv", lambda rows: rows["noticed by"] != "", lambda rows: rows)),
    *_tests("second implementation", "Second implementation",
            "an ordinary Mesa program in plain Python and the compiled rules: a year of three scenarios, act for act",
            "benchmarks/peers", "tests/test_peers.py"),
    *_tests("ODD: worked example", "Second implementation",
            "a program written after the ODD: five people number by number, a hundred in a year act for act",
            "docs/odd.md, docs/worked-example.md", "tests/model/test_worked_example.py"),
)  # fmt: skip
