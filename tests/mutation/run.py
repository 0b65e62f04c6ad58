"""Runs mutants and records which of them tests notice: ``uv run python -m tests.mutation.run [COUNT] [OUT.csv]``.

A mutant is first tried against the golden scenario of the quick suite, small and interpreted (`golden`). What that does
not notice is tried, still interpreted, against recorded courses of institutions and against the second program, as the
quick suite does; and then against the quick suite's own tests, compiled, in a copy of the tree: those of the file's
folder that name what it defines, and the golden traces. mutmut and cosmic-ray run a whole test command a mutant; with
rules that are compiled anew each time 200 would take days.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from multiprocessing import get_context
from pathlib import Path

os.environ["NUMBA_DISABLE_JIT"] = "1"

import numba  # noqa: F401
import numpy as np
import pandas as pd
from pebble import ProcessPool

from .golden import COURSE, OF_ALL, STAGES, course, same, second_program, trace
from .mutants import ROOT, Mutant, chosen

TOO_LONG = 240
"""Seconds after which a mutant counts as noticed: it does not come to an end."""

MOST_TESTED = 1500
"""Seconds that the suite's own tests may take for one mutant."""

BY_HAND = "tests/agents/test_by_hand.py"
"""Known answers of single rules, in a second."""

QUIETLY = ("-x", "-q", "-p", "no:cacheprovider")


def with_fault(mutant: Mutant) -> None:
    """Let this process, which has imported nothing of the package yet, import the file with the fault."""
    plain, path, text = SourceFileLoader.get_code, (ROOT / mutant.file).resolve(), mutant.source()

    def code(self: SourceFileLoader, fullname: str):
        if Path(self.path).resolve() == path:
            return compile(text, self.path, "exec")
        return plain(self, fullname)

    SourceFileLoader.get_code = code


def stage(mutant: Mutant | None, number: int) -> tuple[str, np.ndarray] | str:
    """What comes of a stage's run with a fault, or the error that it ends with."""
    warnings.simplefilter("ignore")
    if mutant is not None:
        with_fault(mutant)
    try:
        return trace(*STAGES[number])
    except Exception as error:
        return type(error).__name__


def companies(mutant: Mutant) -> tuple[str, ...]:
    """Institutions whose courses show a fault in a file."""
    return (Path(mutant.file).stem,) if "institutions" in mutant.file else OF_ALL


def beside(mutant: Mutant, right: dict[str, tuple[str, np.ndarray]]) -> str:
    """What notices a fault beside the golden scenario: the second program, or an institution's course."""
    warnings.simplefilter("ignore")
    with_fault(mutant)
    courses = [lambda name=name: (not same(right[name], course(name)), name) for name in companies(mutant)]
    try:
        if "institutions" not in mutant.file:
            second_program()
        for one in courses:
            differs, name = one()
            if differs:
                return f"course of {name}, {COURSE[0]} people"
        if "institutions" in mutant.file:
            second_program()
    except AssertionError:
        return "second program"
    except Exception as error:
        return type(error).__name__
    return ""


def besides(mutants: list[Mutant], workers: int) -> Iterator[tuple[Mutant, str]]:
    """What notices each mutant beside the golden scenario."""
    names = sorted({name for mutant in mutants for name in companies(mutant)})
    with ProcessPool(workers, max_tasks=1, context=get_context("fork")) as pool:
        known = {name: pool.schedule(course, args=[name]) for name in names}
        right = {name: future.result() for name, future in known.items()}
        futures = [(mutant, pool.schedule(beside, args=[mutant, right], timeout=MOST_TESTED)) for mutant in mutants]
        for k, (mutant, future) in enumerate(futures):
            try:
                by = future.result()
            except Exception as error:
                by = type(error).__name__
            print(f"beside: {k + 1} of {len(mutants)} {mutant.file}:{mutant.line} {mutant.kind}: "
                  f"{by or 'not noticed'}", flush=True)  # fmt: skip
            yield mutant, by


def interpreted(mutants: list[Mutant], workers: int) -> dict[Mutant, str]:
    """What notices each mutant, empty where no stage does."""
    found: dict[Mutant, str] = {}
    with ProcessPool(workers, max_tasks=1, context=get_context("fork")) as pool:
        for number, (size, weeks) in enumerate(STAGES):
            known = pool.schedule(stage, args=[None, number]).result()
            left = [mutant for mutant in mutants if not found.get(mutant)]
            futures = [(mutant, pool.schedule(stage, args=[mutant, number], timeout=TOO_LONG)) for mutant in left]
            for k, (mutant, future) in enumerate(futures):
                try:
                    got = future.result()
                except Exception as error:
                    got = type(error).__name__
                if isinstance(got, str):
                    found[mutant] = got
                else:
                    found[mutant] = "" if same(known, got) else f"golden scenario, {size} people, {weeks} weeks"
                print(f"stage {number + 1}: {k + 1} of {len(left)} {mutant.file}:{mutant.line} {mutant.kind}: "
                      f"{found[mutant] or 'not noticed'}", flush=True)  # fmt: skip
    return found


def tests_for(mutant: Mutant) -> list[list[str]]:
    """Quick tests that concern a file, as words for pytest, those that take least first.

    First the known answers of single rules; then of an institution its contract and recorded course, and the tests that
    name it; of everything else the recorded courses, and the tests of its folder that name it.
    """
    stem = Path(mutant.file).stem
    names = {stem, stem.replace("_", "-"), "".join(part.title() for part in stem.split("_"))}
    files = [file for folder in ("agents", "model") for file in sorted((ROOT / "tests" / folder).glob("test_*.py"))]
    named = [
        file.relative_to(ROOT).as_posix() for file in files if any(name in file.read_text("utf-8") for name in names)
    ]
    if "institutions" in mutant.file:
        return [[BY_HAND], ["tests/agents/test_institutions.py", "-k", stem], named]
    return [[BY_HAND], ["tests/model/test_society.py", "tests/agents/test_institutions.py", "-k", "recorded"], named]


def first_failure(said: str) -> str:
    """The first test that failed, from what pytest printed; empty if none did."""
    failed = re.findall(r"^(?:FAILED|ERROR) (\S+)", said, re.MULTILINE)
    return failed[0] if failed else ""


def in_this_process(mutant: Mutant) -> str:
    """The first quick test that fails with a fault outside of compiled functions, which then need no compiling."""
    from numba.core import config

    config.DISABLE_JIT = 0
    os.environ["NUMBA_DISABLE_JIT"] = "0"
    with_fault(mutant)
    import pytest

    os.chdir(ROOT)
    for words in tests_for(mutant):
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            pytest.main([*QUIETLY, *words])
        if failed := first_failure(said.getvalue()):
            return failed
    return ""


def in_a_copy(mutant: Mutant) -> str:
    """The first quick test that fails with a fault in a compiled function, compiled anew in a copy of the tree."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "tree"
        ignored = shutil.ignore_patterns(".git", ".venv", "docs", "__pycache__", "node_modules", "notebooks")
        shutil.copytree(ROOT, copy, ignore=ignored)
        (copy / mutant.file).write_text(mutant.source(), "utf-8")
        environment = {**os.environ, "PYTHONPATH": str(copy / "src"), "GLASSHOUSE_CACHE": str(Path(folder) / "cache"),
                       "NUMBA_DISABLE_JIT": "0"}  # fmt: skip
        for tests in tests_for(mutant):
            words = [sys.executable, "-m", "pytest", *QUIETLY, *tests]
            process = subprocess.Popen(
                words, cwd=copy, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                start_new_session=True,
            )  # fmt: skip
            try:
                said, _ = process.communicate(timeout=MOST_TESTED)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                return ""
            if failed := first_failure(said):
                return failed
        return ""


def by_the_suite(mutants: list[Mutant], workers: int) -> Iterator[tuple[Mutant, str]]:
    """What of the quick suite notices each mutant, empty where nothing does: first those that need no compiling."""
    with ProcessPool(workers, max_tasks=1, context=get_context("fork")) as pool:
        first = sorted(mutants, key=lambda mutant: mutant.compiled)
        ways = [(mutant, in_a_copy if mutant.compiled else in_this_process) for mutant in first]
        futures = [(mutant, pool.schedule(way, args=[mutant], timeout=MOST_TESTED + 60)) for mutant, way in ways]
        for k, (mutant, future) in enumerate(futures):
            try:
                by = future.result()
            except Exception as error:
                by = type(error).__name__
            print(f"suite: {k + 1} of {len(mutants)} {mutant.file}:{mutant.line} {mutant.kind}: "
                  f"{by or 'not noticed'}", flush=True)  # fmt: skip
            yield mutant, by


def main(count: int, out: Path, suite: bool = True) -> None:
    """Run so many mutants and write the table; what a table has that is there already is not run again."""
    mutants, workers = chosen(count), os.cpu_count() or 1
    columns = ["file", "line", "kind", "before", "after"]
    known: dict[tuple[str, ...], str] = {}
    if out.exists():
        before = pd.read_csv(out, keep_default_na=False)
        known = {tuple(map(str, row[:-1])): row[-1] for row in before[[*columns, "noticed by"]].itertuples(index=False)}
    rows = {mutant: tuple(str(getattr(mutant, name)) for name in columns) for mutant in mutants}
    found = {mutant: known[row] for mutant, row in rows.items() if row in known}
    found |= interpreted([mutant for mutant in mutants if mutant not in found], workers)
    _write(out, columns, rows, found)
    left = sorted((mutant for mutant in mutants if not found[mutant]), key=lambda mutant: "institutions" in mutant.file)
    for mutant, by in besides(left, workers):
        found[mutant] = by
        _write(out, columns, rows, found)
    if suite:
        for mutant, by in by_the_suite([mutant for mutant in mutants if not found[mutant]], workers):
            found[mutant] = by
            _write(out, columns, rows, found)
    noticed = sum(map(bool, found.values()))
    print(f"{noticed} of {len(mutants)} mutants are noticed ({noticed / len(mutants):.1%})")


def _write(out: Path, columns: list[str], rows: dict[Mutant, tuple[str, ...]], found: dict[Mutant, str]) -> None:
    table = pd.DataFrame([(*row, found[mutant]) for mutant, row in rows.items()], columns=[*columns, "noticed by"])
    table.to_csv(out, index=False, lineterminator="\n")


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 240
    main(number, Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "docs/mutants.csv", "--no-suite" not in sys.argv)
