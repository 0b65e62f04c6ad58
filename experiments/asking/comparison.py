"""Paired comparison of two scenarios: the same people with the same luck, under one and under the other.

The difference of two runs under one seed is the effect of what differs between the scenarios alone (common random
numbers: Klein et al. 2024, arXiv:2409.02086), so that few seeds give a narrow interval.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...model.errors import ScenarioError
from ...model.scenario import Scenario
from ...model.society import Society
from ..running.seeds import over_seeds

CONFIDENCE = 0.95
RESAMPLES = 2000
CHANGES = ("pressed", "internalised", "rebelling", "unchanged")


@dataclass(frozen=True)
class Comparison:
    """What changes between two scenarios.

    Attributes
    ----------
    measures
        A row a measure: its mean in `a` and in `b`, the mean paired `difference` b − a, the bootstrap interval of that
        (`low`, `high`; bias-corrected, 95%), and `variance_saved`: how many times as many seeds it would take for the
        same interval if the two runs of a pair were independent. A measure is a run's mean over the last weeks; what
        exists in one of the scenarios only is left out.
    citizens
        A row a domain: shares of citizens `pressed` (comply in public in b, not in a, and would not unobserved),
        `internalised` (comply in b, not in a, and would unobserved), `rebelling` (comply in a, not in b), and
        `unchanged`, in the last week, of those there in both.
    seeds, steps, last
        How the comparison was made.
    """

    measures: pd.DataFrame
    citizens: pd.DataFrame
    seeds: int
    steps: int
    last: int


def compare(
    a: Scenario | str | Path,
    b: Scenario | str | Path,
    seeds: int = 20,
    steps: int = 260,
    *,
    last: int = 26,
    workers: int = 1,
    done: Callable[[int], None] = lambda count: None,
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
    workers
        Processes.
    done
        Called with the number of seeds done.

    Raises
    ------
    ScenarioError
        If the populations differ, or a number is out of range.
    """
    plans = tuple(plan if isinstance(plan, Scenario) else Scenario.load(plan) for plan in (a, b))
    if plans[0].population != plans[1].population:
        raise ScenarioError("the populations differ, so that these are not the same people; give both the same")
    if seeds < 3 or steps < 1 or workers < 1 or not 1 <= last <= steps:
        raise ScenarioError(
            f"seeds {seeds}, steps {steps}, last {last}, workers {workers}: give at least 3 seeds, 1 step and "
            "1 worker, and a last from 1 to the steps"
        )
    task = partial(run_pair, plans=plans, steps=steps, last=last)
    pairs = over_seeds(task, seeds, workers, done)
    measured = np.array([pair.to_numpy() for pair, _ in pairs])
    table = measure_table(pairs[0][0].columns.tolist(), measured)
    changes = np.mean([changed for _, changed in pairs], axis=0)
    citizens = pd.DataFrame(changes, pd.Index(plans[0].domain_names, name="domain"), list(CHANGES))
    return Comparison(table, citizens, seeds, steps, last)


def run_pair(seed: int, plans: tuple[Scenario, Scenario], steps: int, last: int) -> tuple[pd.DataFrame, Any]:
    """Measures of both runs of a seed (rows a and b), and shares of citizens by change, shape (D, 4)."""
    societies = [Society(plan, rng=seed, threads=1) for plan in plans]
    for society in societies:
        society.run_for(steps)
    rows = [society.history.iloc[-last:].mean() for society in societies]
    return pd.DataFrame(rows), who_changed(*societies)


def who_changed(a: Society, b: Society) -> Any:
    """Shares of citizens, by domain, that are pressed, internalised, rebelling or unchanged in `b` against `a`."""
    both = (a.row_of >= 0) & (b.row_of >= 0)
    here, there = a.row_of[both], b.row_of[both]
    before, after = a.citizens.complies[here] == 1, b.citizens.complies[there] == 1
    unobserved = b.citizens.complies_unobserved[there] == 1
    won = after & ~before
    kinds = (won & ~unobserved, won & unobserved, before & ~after, before == after)
    return np.stack([kind.mean(axis=0) for kind in kinds], axis=1)


def measure_table(names: list[str], values: Any) -> pd.DataFrame:
    """Table of `Comparison.measures` from values of shape (seeds, 2, measures)."""
    rows: dict[str, dict[str, float]] = {}
    for k, name in enumerate(names):
        a, b = values[:, 0, k], values[:, 1, k]
        if not np.isfinite([a, b]).all():
            continue
        difference = b - a
        low, high = _interval(difference)
        apart, paired = a.var(ddof=1) + b.var(ddof=1), difference.var(ddof=1)
        rows[name] = {
            "a": float(a.mean()),
            "b": float(b.mean()),
            "difference": float(difference.mean()),
            "low": low,
            "high": high,
            "variance_saved": float(apart / paired) if paired > 0 else np.inf if apart > 0 else np.nan,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("measure")


def _interval(values: Any) -> tuple[float, float]:
    if np.ptp(values) == 0:
        return float(values[0]), float(values[0])
    from scipy import stats  # here, since it would slow down every start by a third of a second

    found = stats.bootstrap(
        (values,), np.mean, n_resamples=RESAMPLES, confidence_level=CONFIDENCE, rng=np.random.default_rng(1)
    )
    return float(found.confidence_interval.low), float(found.confidence_interval.high)
