"""The model held against the field: every virtual trial over seeds, with its intervals, bands and verdicts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import Any

from ...model.declarations import declaration
from ...model.errors import GlasshouseError
from ...model.scenario import Scenario
from ...model.society import Society
from ..running.pool import Executor
from ..running.run import RunConfiguration
from ..running.runner import Point, Progress, Study, carry_out, seeds_of
from ..running.store import Store
from .defaults import check_fixed
from .statistics import Estimate, estimate
from .trials import afterwards, held_out, held_out_later, ordinary, pressed, seen
from .trials.trial import Place, Statistic, Trial

TRIALS: tuple[Trial, ...] = (
    *ordinary.TRIALS, *seen.TRIALS, *pressed.TRIALS, *afterwards.TRIALS,
    *sorted((*held_out.TRIALS, *held_out_later.TRIALS), key=lambda trial: trial.name),
)  # fmt: skip
QUICK = ("T0b", "T1", "T3", "T4", "T5", "T12", "H2", "H3", "H4", "H6", "H7", "H8")
"""Trials of at most three years, each named by its first statistic."""

PARTS = ("population", "citizens", "domains")
"""Parts of a scenario of which settings may be tried: trials choose the institutions themselves."""


@dataclass(frozen=True)
class Finding:
    """What a statistic came to over seeds, and whether its mean lies in the band.

    Attributes
    ----------
    trial, statistic
        What was tried and measured.
    found
        Mean over seeds with its interval.
    verdict
        ``pass``, ``fail``, ``undecided`` where the interval is too wide to say, empty where there is no band.
    """

    trial: Trial
    statistic: Statistic
    found: Estimate
    verdict: str


def verdict_of(statistic: Statistic, found: Estimate) -> str:
    """Verdict on a mean: it lies in its band, and half the interval is at most half the band.

    Of a band that is open on one side, the whole interval must lie in it.
    """
    low, high = statistic.low, statistic.high
    if not isfinite(low) and not isfinite(high):
        return ""
    if found.n < 2:
        return "undecided"
    if isfinite(low) and isfinite(high):
        if (found.high - found.low) / 2 > (high - low) / 2:
            return "undecided"
        return "pass" if low <= found.mean <= high else "fail"
    if low <= found.low and found.high <= high:
        return "pass"
    return "fail" if found.high < low or found.low > high else "undecided"


def chosen_trials(names: Sequence[str] = (), quick: bool = False) -> list[Trial]:
    """Trials that some names, of trials or of their statistics, begin; all where there are none.

    Raises
    ------
    GlasshouseError
        If a name is of none.
    """
    wanted = names or (QUICK if quick else ())
    known = [name for trial in TRIALS for name in (*trial.names, *(each.name for each in trial.statistics))]
    for name in wanted:
        if name not in known:
            names_of = ", ".join(name for trial in TRIALS for name in trial.names)
            raise GlasshouseError(f"there is no trial {name!r}; choose some of {names_of}")
    return [
        trial for trial in TRIALS
        if not wanted or {*trial.names, *(each.name for each in trial.statistics)} & set(wanted)
    ]  # fmt: skip


def statistic(society: Society, name: str) -> float:
    """Outcome of a run: a statistic of its trial, with the run's seed, size and settings."""
    changes = {path: now for path, (_, now) in Scenario.load("baseline").diff(society.plan).items()}
    changes.pop("population.size", None)
    return _measured(name.partition("_")[0], society.founders, society.seed_number, json.dumps(changes))[name]


@lru_cache(maxsize=8)
def _measured(first: str, size: int, seed: int, changes: str) -> Mapping[str, float]:
    """All statistics of a trial, computed once for all of them."""
    trial = next(trial for trial in TRIALS if first in trial.names)
    found = trial.measure(Place(size, seed, json.loads(changes)))
    return {column(name): value for name, value in found.items()}


def column(name: str) -> str:
    """Name of a statistic as a column of tables."""
    return name.replace(" ", "_").replace("-", "_")


def field_study(trials: Sequence[Trial], seeds: int, size: int, changes: Mapping[str, Any] | None = None) -> Study:
    """Study of some trials: a point each, a run a seed.

    Raises
    ------
    GlasshouseError
        If a number is out of range, a setting is not one of the citizens, the population or the domains, or held-out
        facts would be computed with defaults that have changed.
    """
    changes = dict(changes or {})
    for path in changes:
        if path.partition(".")[0] not in PARTS and declaration(Scenario, path) is not None:
            raise GlasshouseError(f"{path}: trials choose institutions themselves; try settings of {', '.join(PARTS)}")
    if any(trial.held_out for trial in trials):
        check_fixed()
    plan = Scenario.load("baseline").change({"population.size": size, **changes})
    module = f"{__name__}:{statistic.__name__}"
    points: list[Point] = []
    for trial in trials:
        columns = [column(each.name) for each in trial.statistics]
        outcomes = tuple(f"{name} = {module} {name}" for name in columns)
        configuration = RunConfiguration(1, 1, 1, outcomes=outcomes)
        points.append(Point(plan, {"trial": trial.name, **changes}, seeds_of(seeds), configuration))
    return Study(f"field at {size}", points, RunConfiguration(), {"design": "field"})


def hold_against_field(
    names: Sequence[str] = (),
    seeds: int = 12,
    size: int = 2000,
    changes: Mapping[str, Any] | None = None,
    *,
    store: Store | str | Path | None = None,
    executor: Executor | None = None,
    workers: int = 1,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> list[Finding]:
    """Carry out trials over seeds 1, 2, …, and hold every statistic against its band.

    Parameters
    ----------
    names
        Trials, such as ``T1``; all where none is named.
    seeds, size
        How many seeds, at least 2, and citizens.
    changes
        Settings of the citizens, the population or the domains to try, by path.
    store, executor, workers, progress
        As for `compare`.
    """
    trials = chosen_trials(names)
    study = field_study(trials, seeds, size, changes)
    results = carry_out(study, store, executor=executor, workers=workers, progress=progress)
    findings: list[Finding] = []
    for row, trial in enumerate(trials):
        for each in trial.statistics:
            found = estimate(results.values(column(each.name))[row])
            findings.append(Finding(trial, each, found, verdict_of(each, found)))
    return findings
