"""What the command line answers, without a process of its own."""

from __future__ import annotations

import contextlib
import io
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from glasshouse.experiments.command_line.main import main

LONGEST = 10
"""Seconds that any answer takes."""

ROOM = 1 << 20
"""Kilobytes that hostile input may cost above the honest need."""


@dataclass(frozen=True)
class Answer:
    """Exit code, and what was said on either channel."""

    code: int
    out: str
    err: str


def answer(*words: object) -> Answer:
    """What a command line gives; it holds what is promised for every input.

    That is: an end within seconds, and either a result, or exit code 2 and one line of words that any terminal can
    show.
    """
    out, err = io.StringIO(), io.StringIO()
    code = 0
    started = time.monotonic()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main([str(word) for word in words])
    except SystemExit as end:
        code = end.code
    assert time.monotonic() - started < LONGEST
    told = err.getvalue()
    assert code in (0, 2), (code, told)
    if code == 2:
        line = told.removesuffix("\n")
        assert line.startswith("glasshouse: ") and line.isprintable() and len(line) < 2_000, told
    assert "Traceback" not in told + out.getvalue()
    return Answer(code, out.getvalue(), told)


def fuzz(strategy: SearchStrategy[Any], check: Callable[[Any], object], count: int) -> None:
    """Check so many random inputs, the same ones every time, within the memory that is allowed."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    # Found examples are not made smaller where that would take minutes: the input itself is in the failure.
    @settings(
        max_examples=count,
        deadline=None,
        derandomize=settings.default.derandomize,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def attempt(given_: Any) -> None:
        check(given_)

    attempt()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < ROOM


def counts(quick: int, thorough: int) -> pytest.MarkDecorator:
    """Run a test with few inputs in the quick suite, and with many in the slow one."""
    return pytest.mark.parametrize("count", [quick, pytest.param(thorough, marks=pytest.mark.slow)])
