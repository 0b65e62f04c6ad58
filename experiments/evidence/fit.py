"""Calibration: which settings the trials leave possible, by history matching.

A wave draws settings from the ranges that are still possible, runs the tuned trials at each, and calls settings
implausible where a statistic lies further from its band than its own spread over seeds can explain. What is left says
two things: where defaults may lie, and which settings the facts say nothing about. Facts that are held out are never
computed here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import inf, isfinite
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...model.errors import GlasshouseError
from ..running.pool import Executor
from ..running.results import Results
from ..running.run import RunConfiguration
from ..running.runner import Progress, Study, carry_out
from ..running.store import Store
from .field import Statistic, Trial, chosen_trials, column, field_study
from .statistics import estimate

SEARCHED: dict[str, tuple[float, float]] = {
    "citizens.rationality": (1.2, 3.0),
    "citizens.conviction_weight": (2.0, 4.0),
    "citizens.conformity": (0.1, 0.8),
    "citizens.image_concern": (0.5, 2.0),
    "citizens.reactance": (0.0, 0.5),
    "citizens.projection": (0.0, 0.7),
    "citizens.face_value": (0.3, 1.0),
    "citizens.consequence.prior": (0.05, 0.5),
    "citizens.consequence.slow_weight": (0.05, 0.4),
    "citizens.internalise.self": (0.003, 0.03),
    "citizens.internalise.anchor": (0.01, 0.05),
    "domains.speech.loss": (4.0, 20.0),
    "domains.inquiry.loss": (4.0, 20.0),
}
"""Settings that no source fixes, with the range that is searched."""

FITTED = ("T0c", "T1", "T3", "T4", "T5", "T6", "T12")
"""Trials that every wave runs, each named by its first statistic: those of at most five years."""

IMPLAUSIBLE = 3.0
"""Standard errors beyond the band from which on a statistic is implausible (Pukelsheim's three-sigma rule)."""


def implausibility(statistic: Statistic, values: npt.ArrayLike) -> float:
    """How many standard errors the mean of some values lies outside a band; 0 inside."""
    found = np.asarray(values, float)
    if not np.isfinite(found).all():
        return inf
    error = found.std(ddof=1) / np.sqrt(len(found)) if len(found) > 1 else 0.0
    width = statistic.high - statistic.low
    floor = 0.02 * width if isfinite(width) else 1e-3
    beyond = max(statistic.low - found.mean(), found.mean() - statistic.high, 0.0)
    return float(beyond / max(error, floor))


def history_match(
    waves: int = 2,
    points: int = 24,
    seeds: int = 3,
    size: int = 500,
    *,
    searched: Mapping[str, tuple[float, float]] = SEARCHED,
    names: Sequence[str] = FITTED,
    store: Store | str | Path | None = None,
    executor: Executor | None = None,
    workers: int = 1,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> pd.DataFrame:
    """Run waves of settings, and return every one with its statistics and its largest implausibility.

    Parameters
    ----------
    waves, points
        How many waves, of how many settings each; the second and later ones are drawn from the box around those that
        were not implausible before, or around the best tenth where all were.
    seeds, size
        Over how many seeds, and of how many citizens each trial is.
    searched
        Range by path of setting.
    names
        Trials to run.

    Raises
    ------
    GlasshouseError
        If a number is out of range, a setting is unknown, or a run came to nothing.
    """
    if waves < 1 or points < 4 or seeds < 2 or not searched:
        raise GlasshouseError("give at least 1 wave, 4 points, 2 seeds and a setting to search")
    from scipy.stats import qmc  # here, since it would slow down every start

    trials = chosen_trials(names)
    paths = list(searched)
    low, high = (np.array([ends[k] for ends in searched.values()]) for k in (0, 1))
    rows: list[dict[str, Any]] = []
    for wave in range(waves):
        cube = qmc.LatinHypercube(len(paths), rng=wave + 1).random(points)
        given = [dict(zip(paths, map(float, point), strict=True)) for point in qmc.scale(cube, low, high)]
        rows += _wave(wave, given, trials, seeds, size, store, executor, workers, progress)
        table = pd.DataFrame(rows)
        possible = table[table["implausibility"] <= IMPLAUSIBLE]
        if len(possible) < 2:
            possible = table.nsmallest(max(2, len(table) // 10), "implausibility")
        margin = 0.1 * (possible[paths].max() - possible[paths].min())
        low = np.maximum(low, (possible[paths].min() - margin).to_numpy())
        high = np.minimum(high, (possible[paths].max() + margin).to_numpy())
    return pd.DataFrame(rows)


def _wave(
    wave: int,
    given: Sequence[Mapping[str, float]],
    trials: Sequence[Trial],
    seeds: int,
    size: int,
    store: Store | str | Path | None,
    executor: Executor | None,
    workers: int,
    progress: Callable[[Progress], None],
) -> list[dict[str, Any]]:
    """Settings of a wave with their statistics and implausibilities."""
    studies = [field_study(trials, seeds, size, changes) for changes in given]
    points = [point for study in studies for point in study.points]
    study = Study(f"fit, wave {wave + 1}", points, RunConfiguration(), {"design": "fit"})
    results = carry_out(study, store, executor=executor, workers=workers, progress=progress)
    return [{"wave": wave + 1, **changes, **_read(results, k * len(trials), trials)} for k, changes in enumerate(given)]


def _read(results: Results, first: int, trials: Sequence[Trial]) -> dict[str, float]:
    """Mean of every statistic at a point, and the largest implausibility of those with a band."""
    found: dict[str, float] = {}
    worst = 0.0
    for row, trial in enumerate(trials, first):
        for each in trial.statistics:
            values = results.values(column(each.name))[row]
            found[column(each.name)] = estimate(values).mean
            if isfinite(each.low) or isfinite(each.high):
                worst = max(worst, implausibility(each, values))
    return {**found, "implausibility": worst}


def identified(table: pd.DataFrame, searched: Mapping[str, tuple[float, float]] = SEARCHED) -> pd.DataFrame:
    """What the facts say of each setting: mean and spread of those possible, and that spread over the prior's.

    Columns: `mean`, `low`, `high` of the settings that are not implausible, `spread`: their standard deviation over
    that of the whole range. Near 1 the facts say nothing about a setting.
    """
    possible = table[table["implausibility"] <= IMPLAUSIBLE]
    rows = {
        path: {
            "mean": possible[path].mean(),
            "low": possible[path].min(),
            "high": possible[path].max(),
            "spread": possible[path].std() / ((high - low) / np.sqrt(12)),
        }
        for path, (low, high) in searched.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("setting")
