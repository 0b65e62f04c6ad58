"""Calibration: which settings the trials leave possible, by history matching.

A wave runs the tuned trials at some settings, learns from all waves so far how each statistic depends on the settings
(an emulator: a regression with squares), and asks it about many thousands of others. Settings are implausible where a
statistic is further from its band than the emulator's own error can explain (Vernon, Goldstein & Bower 2010,
doi:10.1214/10-BA524). The next wave is drawn from what is left. That says two things: where defaults may lie, and which
settings the facts say nothing about. Facts that are held out are never computed here.
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

PREDICTED = ("H1", "H2", "H3", "H4", "H5", "H6", "H7", "H8", "T10")
"""Trials that a posterior predicts: the held-out ones, and what is left after a regime."""

CANDIDATES = 20_000
"""Settings that the emulators are asked about."""

Floats = npt.NDArray[np.float64]

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
    points: int = 64,
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
        How many waves, of how many settings each; the second and later ones are drawn from the settings that the
        emulators of the trials before do not find implausible, or from the best of them where all are.
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
    least = 2 * len(searched) + 3
    if waves < 1 or points < least or seeds < 2 or not searched:
        raise GlasshouseError(f"give at least 1 wave, {least} points for {len(searched)} settings, and 2 seeds")
    trials = chosen_trials(names)
    paths = list(searched)
    tried = pd.DataFrame()
    for wave in range(waves):
        of_wave = _possible(tried, searched, trials, points, wave + 1) if wave else _drawn(searched, points, 1)
        given = [dict(zip(paths, map(float, point), strict=True)) for point in of_wave]
        rows = _wave(wave, given, trials, seeds, size, store, executor, workers, progress)
        tried = pd.concat([tried, pd.DataFrame(rows)], ignore_index=True)
    return tried


def draw_possible(
    tried: pd.DataFrame,
    draws: int,
    seeds: int = 2,
    size: int = 500,
    *,
    searched: Mapping[str, tuple[float, float]] = SEARCHED,
    names: Sequence[str] = FITTED,
    store: Store | str | Path | None = None,
    executor: Executor | None = None,
    workers: int = 1,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> pd.DataFrame:
    """Draw settings evenly from what the waves of `history_match` left, and run the trials at each: one more wave.

    Raises
    ------
    GlasshouseError
        As `history_match`.
    """
    trials, wave = chosen_trials(names), int(tried["wave"].max())
    of_wave = _possible(tried, searched, trials, draws, wave + 1)
    given = [dict(zip(searched, map(float, point), strict=True)) for point in of_wave]
    return pd.DataFrame(_wave(wave, given, trials, seeds, size, store, executor, workers, progress))


def predicted(
    settings: Sequence[Mapping[str, float]],
    names: Sequence[str],
    seeds: int = 1,
    size: int = 500,
    *,
    store: Store | str | Path | None = None,
    executor: Executor | None = None,
    workers: int = 1,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> pd.DataFrame:
    """Run trials at draws from a posterior: what it predicts of each statistic.

    Returns
    -------
    pandas.DataFrame
        A row a statistic, with the mean over draws, the middle nine tenths of them (`low`, `high`), and the band.
    """
    trials = chosen_trials(names)
    rows = pd.DataFrame(_wave(-1, settings, trials, seeds, size, store, executor, workers, progress))
    found: dict[str, dict[str, Any]] = {}
    for each in (statistic for trial in trials for statistic in trial.statistics):
        values = rows[column(each.name)].to_numpy(float)
        low, high = np.nanquantile(values, [0.05, 0.95])
        found[each.name] = {
            "says": each.says, "mean": np.nanmean(values), "low": low, "high": high,
            "band_low": each.low, "band_high": each.high,
        }  # fmt: skip
    return pd.DataFrame.from_dict(found, orient="index").rename_axis("statistic")


def _possible(
    tried: pd.DataFrame, searched: Mapping[str, tuple[float, float]], trials: Sequence[Trial], points: int, seed: int
) -> Floats:
    """Settings that the emulators do not find implausible, evenly, or the best of them; shape (points, settings)."""
    drawn = _drawn(searched, max(points, CANDIDATES), seed)
    worst = emulated(tried, searched, drawn, trials)
    # Possible ones first, in the order in which they were drawn.
    return drawn[np.argsort(np.maximum(worst, IMPLAUSIBLE), kind="stable")[:points]]


def _drawn(searched: Mapping[str, tuple[float, float]], points: int, seed: int) -> Floats:
    """Settings spread evenly over the ranges (a Latin hypercube), shape (points, settings)."""
    from scipy.stats import qmc  # here, since it would slow down every start

    low, high = (np.array([ends[k] for ends in searched.values()]) for k in (0, 1))
    return qmc.scale(qmc.LatinHypercube(len(searched), rng=seed).random(points), low, high)


def _regressors(searched: Mapping[str, tuple[float, float]], points: Floats) -> Floats:
    """A constant, each setting from −1 to 1 over its range, and its square less its mean."""
    low, high = (np.array([ends[k] for ends in searched.values()]) for k in (0, 1))
    scaled = 2 * (points - low) / (high - low) - 1
    return np.column_stack([np.ones(len(points)), scaled, scaled**2 - 1 / 3])


def emulated(
    tried: pd.DataFrame,
    searched: Mapping[str, tuple[float, float]],
    points: Floats,
    trials: Sequence[Trial],
) -> Floats:
    """Largest implausibility of settings by the emulators of settings that were tried, shape (points,).

    Each statistic is regressed on the settings and their squares; its error is that of the residuals, in which is what
    the regression misses as well as the luck of the seeds. Statistics that too few runs have are left out.
    """
    there, here = _regressors(searched, tried[list(searched)].to_numpy()), _regressors(searched, points)
    worst = np.zeros(len(points))
    for each in (statistic for trial in trials for statistic in trial.statistics):
        values = tried[column(each.name)].to_numpy(float)
        known = np.isfinite(values)
        spare = int(known.sum()) - there.shape[1]
        if spare < 1 or not (isfinite(each.low) or isfinite(each.high)):
            continue
        weights = np.linalg.lstsq(there[known], values[known], rcond=None)[0]
        error = np.sqrt(((values[known] - there[known] @ weights) ** 2).sum() / spare)
        found = here @ weights
        beyond = np.maximum(np.maximum(each.low - found, found - each.high), 0.0)
        worst = np.maximum(worst, beyond / max(error, 1e-12))
    return worst


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
    name = f"fit, wave {wave + 1}" if wave >= 0 else "fit, predicted"
    study = Study(name, points, RunConfiguration(), {"design": "fit"})
    results = carry_out(study, store, executor=executor, workers=workers, progress=progress)
    return [{"wave": wave + 1, **changes, **_read(results, k * len(trials), trials)} for k, changes in enumerate(given)]


def _read(results: Results, first: int, trials: Sequence[Trial]) -> dict[str, float]:
    """Mean of every statistic at a point, and the largest implausibility of those with a band."""
    found: dict[str, float] = {}
    worst = 0.0
    for row, trial in enumerate(trials, first):
        for each in trial.statistics:
            values = results.values(column(each.name))[row]
            known = values[np.isfinite(values)]
            found[column(each.name)] = float(known.mean()) if len(known) else np.nan
            if isfinite(each.low) or isfinite(each.high):
                worst = max(worst, implausibility(each, values))
    return {**found, "implausibility": worst}


def identified(
    tried: pd.DataFrame, searched: Mapping[str, tuple[float, float]] = SEARCHED, names: Sequence[str] = FITTED
) -> pd.DataFrame:
    """What the facts say of each setting, by the emulators of all that was tried.

    Columns: `mean`, `low` and `high` (the middle nine tenths) of the settings that are not implausible, and `spread`:
    their standard deviation over that of the whole range. Near 1 the facts say nothing about a setting by itself. The
    attribute `possible` is the share of the whole space that is left.
    """
    points = _drawn(searched, CANDIDATES, 0)
    left = points[emulated(tried, searched, points, chosen_trials(names)) <= IMPLAUSIBLE]
    rows: dict[str, dict[str, float]] = {}
    for k, (path, (low, high)) in enumerate(searched.items()):
        of = left[:, k] if len(left) else np.full(1, np.nan)
        low_left, high_left = np.quantile(of, [0.05, 0.95])
        spread = of.std() / ((high - low) / np.sqrt(12))
        rows[path] = {"mean": of.mean(), "low": low_left, "high": high_left, "spread": spread}
    found = pd.DataFrame.from_dict(rows, orient="index").rename_axis("setting")
    found.attrs["possible"] = len(left) / len(points)
    return found
