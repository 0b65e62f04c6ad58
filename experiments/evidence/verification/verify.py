"""All checks, carried out as runs of one study, with a verdict each."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from math import isfinite
from pathlib import Path

from ....model.errors import GlasshouseError
from ....model.paths import nearest
from ....model.scenario import Scenario
from ....model.society import Society
from ...running.pool import Executor
from ...running.run import RunConfiguration
from ...running.runner import Point, Progress, Study, carry_out, seeds_of
from ...running.store import Store
from .check import Check

MODULES = (
    "verification.known_answers",
    "verification.tipping",
    "verification.reproducible",
    "verification.field",
    "verification.from_source",
    "docking.centola_willer_macy",
    "docking.axelrod",
    "docking.epstein",
    "docking.kuran",
    "docking.reputation",
    "docking.daymude",
    "docking.disclosure",
)
"""Modules with checks, below `experiments.evidence`, in the order of the report."""


@dataclass(frozen=True)
class Verified:
    """A check with the number that came out.

    Attributes
    ----------
    check
        What was computed.
    got
        What it came to; NaN where it could not be computed.
    """

    check: Check
    got: float

    @property
    def verdict(self) -> str:
        """``pass``, ``fail``, ``error`` where it could not be computed, ``not here`` where what it needs is absent."""
        if not self.check.here:
            return "not here"
        if not isfinite(self.got):
            return "error"
        return "pass" if self.check.low <= self.got <= self.check.high else "fail"


def checks_of(module: str) -> tuple[Check, ...]:
    """Checks of a module, by its name below `experiments.evidence`."""
    return import_module(f"...{module}", __name__).CHECKS


def chosen_checks(names: Sequence[str] = (), full: bool = False) -> dict[str, list[Check]]:
    """Checks by module: those with a name or of a group, or without names all; the long ones only in full.

    Raises
    ------
    GlasshouseError
        If there is no such check or group, or only a long one.
    """
    known = {module: checks_of(module) for module in MODULES}
    every = [check for checks in known.values() for check in checks]
    called = {text for check in every for text in (check.name, check.group)}
    for name in names:
        if name not in called:
            raise GlasshouseError(f"there is no check or group {name!r}; {nearest(name, sorted(called))}")
    chosen = {
        module: [
            check for check in checks
            if (full or not check.full) and (not names or {check.name, check.group} & set(names))
        ]
        for module, checks in known.items()
    }  # fmt: skip
    chosen = {module: checks for module, checks in chosen.items() if checks}
    if not chosen:
        raise GlasshouseError(f"{', '.join(names)}: takes long; ask for it with --full")
    return chosen


def column(name: str) -> str:
    """Name of a check as a column of tables."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def computed(society: Society, module: str, name: str) -> float:
    """Outcome of a run: the number of a check, which brings societies of its own; NaN where it cannot be.

    What is wrong then is written to stderr.
    """
    check = next(check for check in checks_of(module) if column(check.name) == name)
    if not check.here:
        return float("nan")
    try:
        return float(check.measure())
    except Exception:
        # The others are computed all the same.
        traceback.print_exc()
        return float("nan")


def verification_study(chosen: dict[str, list[Check]]) -> Study:
    """Study of some checks: a module is a run, so that its checks can share what they compute."""
    plan = Scenario.load("baseline").change({"population.size": 50, "population.settle": 0})
    points: list[Point] = []
    for module, checks in chosen.items():
        function = f"{__name__}:{computed.__name__}"
        outcomes = tuple(f"v_{column(check.name)} = {function} {module} {column(check.name)}" for check in checks)
        configuration = RunConfiguration(1, 1, 1, outcomes=outcomes)
        points.append(Point(plan, {"checks": module}, seeds_of(1), configuration))
    return Study("verify", points, RunConfiguration(), {"design": "verify"})


def verify(
    names: Sequence[str] = (),
    full: bool = False,
    *,
    store: Store | str | Path | None = None,
    executor: Executor | None = None,
    workers: int = 1,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> list[Verified]:
    """Compute the numbers of checks, and hold each against its range.

    Parameters
    ----------
    names
        Checks or groups of checks; all where none is named.
    full
        Whether to compute the long ones too.
    store, executor, workers, progress
        As for `compare`. A number in the store is computed again when the model has changed.

    Raises
    ------
    GlasshouseError
        If a name is of no check.
    """
    chosen = chosen_checks(names, full)
    study = verification_study(chosen)
    results = carry_out(study, store, executor=executor, workers=workers, progress=progress)
    return [
        Verified(check, float(results.values(f"v_{column(check.name)}")[row][0]))
        for row, checks in enumerate(chosen.values())
        for check in checks
    ]
