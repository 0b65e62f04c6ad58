"""Paired comparison of two scenarios: the same people with the same luck, under one and under the other.

The difference of two runs under one seed is the effect of what differs between the scenarios alone (common random
numbers: Klein et al. 2024, arXiv:2409.02086), so that few seeds give a narrow interval.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...agents.citizens import ACTS
from ...model.errors import ScenarioError
from ...model.numbers import whole
from ...model.scenario import Scenario, scenario_from
from ..evidence.statistics import paired_difference
from ..running.pool import Executor
from ..running.run import RunConfiguration
from ..running.runner import MOST_RUNS, Point, Progress, Study, carry_out, differences
from ..running.store import Store

CHANGES = ("pressed", "following", "internalised", "circumstances", "rebelling", "unchanged")


@dataclass(frozen=True)
class Comparison:
    """What changes between two scenarios.

    Attributes
    ----------
    measures
        A row a measure: its mean in `a` and in `b`, the mean paired `difference` b − a, the bootstrap interval of that
        (`low`, `high`; bias-corrected, 95%), and `variance_saved`: how many times as many seeds it would take for the
        same interval if the two runs of a pair were independent. A measure is a run's mean over the last weeks; what
        exists in one of the scenarios only is left out. Outcomes asked for are rows too.
    citizens
        A row a domain: shares of citizens in the last week, of those there in both. Who complies in b and not in a is
        of the first kind without which it would not be so: `pressed` (the eye: unobserved, it would not comply in b
        alone), `following` (nor if it expected of others what it did at the start), `internalised` (nor with the
        conviction of the start), `circumstances` (what is left: costs, and whatever else differs from the start on).
        `rebelling` comply in a and not in b, and `unchanged` do the same in both.
    seeds, steps, last
        How the comparison was made.
    """

    measures: pd.DataFrame
    citizens: pd.DataFrame
    seeds: int
    steps: int
    last: int

    def __repr__(self) -> str:
        differ = int(((self.measures["low"] > 0) | (self.measures["high"] < 0)).sum())
        return (
            f"<Comparison over {self.seeds} paired seeds of {self.steps} weeks: {len(self.measures)} measures, "
            f"{differ} of them with an interval without 0>"
        )


def compare(
    a: Scenario | str | Path,
    b: Scenario | str | Path,
    seeds: int = 20,
    steps: int = 260,
    *,
    last: int = 26,
    outcomes: Sequence[str] = (),
    store: Store | str | Path | None = None,
    executor: Executor | None = None,
    workers: int = 1,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> Comparison:
    """Compare two scenarios over paired seeds 1, 2, ….

    Parameters
    ----------
    a, b
        Scenarios, names of built-in ones, or paths of `.toml` files. Their populations must be the same.
    seeds
        Number of seeds, at least 3.
    steps
        Weeks of each run.
    last
        Weeks at the end over which a measure is averaged.
    outcomes
        What else is compared, as in `RunConfiguration`.
    store
        File that keeps the runs; what it holds is not run again. Without it they are kept in memory.
    executor
        As for `run_scenarios`.
    workers
        Processes; with 1 it is done in this one.
    progress
        Called whenever runs were recorded.

    Raises
    ------
    GlasshouseError
        If the populations differ, a number is out of range, or a run came to nothing.
    """
    plans, study = comparison_study(a, b, seeds, steps, last, outcomes)
    workers = whole(workers, "workers", 1, fault=ScenarioError)
    seeds, steps, last = len(study.points[0].seeds), study.configuration.steps, study.configuration.last
    results = carry_out(study, store, executor=executor, workers=workers, progress=progress)
    measured = results.metrics.to_numpy(float).reshape(2, seeds, -1).transpose(1, 0, 2)
    table = measure_table(results.metrics.columns.tolist(), measured)
    domains = plans[0].domain_names
    changes = np.mean(
        [who_changed(results.citizens(0, k), results.citizens(1, k), len(domains)) for k in range(seeds)], axis=0
    )
    return Comparison(table, pd.DataFrame(changes, pd.Index(domains, name="domain"), list(CHANGES)), seeds, steps, last)


def comparison_study(
    a: Scenario | str | Path,
    b: Scenario | str | Path,
    seeds: int = 20,
    steps: int = 260,
    last: int = 26,
    outcomes: Sequence[str] = (),
) -> tuple[list[Scenario], Study]:
    """The two scenarios of a comparison, and the study of its runs.

    Raises
    ------
    GlasshouseError
        If the populations differ, or a number is out of range.
    """
    plans = [scenario_from(given) for given in (a, b)]
    if plans[0].population != plans[1].population:
        raise ScenarioError("the populations differ, so that these are not the same people; give both the same")
    seeds = whole(seeds, "seeds", 3, MOST_RUNS, ScenarioError)
    steps = whole(steps, "steps", 1, fault=ScenarioError)
    last = whole(last, "last", 1, steps, ScenarioError)
    configuration = RunConfiguration(steps, last, steps, ACTS, tuple(outcomes))
    which = tuple(range(1, seeds + 1))
    points = [Point(plan, factors, which) for plan, factors in zip(plans, differences(plans), strict=True)]
    return plans, Study(f"{plans[1].name} against {plans[0].name}", points, configuration, {"design": "comparison"})


def who_changed(a: pd.DataFrame, b: pd.DataFrame, domains: int) -> npt.NDArray[np.float64]:
    """Shares of citizens, by domain, that are of each of the kinds `CHANGES` in `b` against `a`.

    Parameters
    ----------
    a, b
        Columns `node` and the five acts of the citizens at the end of two runs.
    domains
        Number of domains.
    """
    both = np.intersect1d(a["node"], b["node"])
    here, there = a.set_index("node").loc[both], b.set_index("node").loc[both]

    def does(table: pd.DataFrame, column: str) -> npt.NDArray[np.bool_]:
        return table[[f"{column}_{d}" for d in range(domains)]].to_numpy() == 1

    before, after = does(here, "complies"), does(there, "complies")
    left = after & ~before
    kinds: list[npt.NDArray[np.bool_]] = []
    for name in ACTS[1:4]:
        still = left & does(there, name) & ~does(here, name)
        kinds.append(left & ~still)
        left = still
    kinds += [left, before & ~after, before == after]
    return np.stack([kind.mean(axis=0) for kind in kinds], axis=1)


def measure_table(names: list[str], values: Any) -> pd.DataFrame:
    """Table of `Comparison.measures` from values of shape (seeds, 2, measures)."""
    rows: dict[str, dict[str, float]] = {}
    for k, name in enumerate(names):
        a, b = values[:, 0, k], values[:, 1, k]
        if np.isfinite([a, b]).all():
            found = paired_difference(a, b)
            rows[name] = {"a": found.a, "b": found.b, "difference": found.mean, "low": found.low, "high": found.high,
                          "variance_saved": found.variance_saved}  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("measure")
