"""How the starting values were tuned: once, by this script, on patterns 0 to 7.

A Latin hypercube over ten settings, then a local search from its best point (each setting in turn a step up and down,
the step halved when nothing helps), both on the distance of the patterns from their bands, with a small weight on the
distance from where the settings were: of two points that show the same patterns the one that changes less is better.
The patterns held out are never computed here. Every point is in the record, every run in a store, with which a search
that was stopped goes on. Run: ``python -m glasshouse.experiments.evidence.fit record.csv store.sqlite``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import qmc

from ...agents.compiled import available_threads
from ..running.output import check_writable, write_table
from ..running.pool import Executor
from ..running.run import RunConfiguration
from ..running.runner import Study, carry_out
from ..running.store import Store
from .patterns import PATTERNS, chosen_patterns, pattern_points, statistics_of
from .statistics import estimate

SEARCHED: dict[str, tuple[float, float, float]] = {
    "citizens.fear.vicarious": (0.3, 0.1, 0.8),
    "citizens.fear.learning": (0.1, 0.03, 0.2),
    "citizens.reactance": (0.5, 0.1, 0.8),
    "citizens.conformity": (1.0, 0.6, 1.4),
    "citizens.internalise.self": (0.02, 0.01, 0.03),
    "citizens.internalise.anchor": (0.02, 0.01, 0.04),
    "citizens.report.hassle": (2.5, 2.0, 3.0),
    "domains.speech.loss": (3.0, 1.0, 6.0),
    "domains.inquiry.loss": (3.0, 1.0, 8.0),
    "institutions.blacklist.entry": (0.004, 0.002, 0.01),
}
"""Settings that are tuned, which no source fixes: where each was before, and the range searched."""

POINTS, ROUNDS, SEEDS, SIZE = 48, 3, 3, 500

OPEN_SCALE = 0.05
"""Distance beyond an open band's edge that counts as much as missing a closed band by its width."""

NEARNESS = 0.05
"""Weight of the mean squared distance of the settings from where they were, in parts of the range searched."""

STATISTICS = {f"{p.number} {p.name}": p for p in PATTERNS if not p.held_out}
"""Patterns that are computed, by the column of the record that has their statistic."""

UNFOUNDED = (6,)
"""Patterns that are the model's own hypotheses: recorded, but no reason to move a setting."""


def distance(values: Mapping[str, float], statistics: Mapping[str, float]) -> float:
    """Distance of a point: Σ of squared distances of the statistics from their bands, plus that from the start.

    Distances are in widths of the band, beyond open edges in `OPEN_SCALE`. No pattern counts for more than 1: one that
    cannot be met must not drive all others.
    """
    total = 0.0
    for name, band in STATISTICS.items():
        if band.number in UNFOUNDED:
            continue
        scale = band.high - band.low if np.isfinite([band.low, band.high]).all() else OPEN_SCALE
        beyond = max(band.low - statistics[name], statistics[name] - band.high, 0.0)
        total += min(1.0, (beyond / scale) ** 2) if np.isfinite(beyond) else 1.0
    moved = [(values[name] - start) / (high - low) for name, (start, low, high) in SEARCHED.items()]
    return total + NEARNESS * float(np.mean(np.square(moved)))


def assess(
    given: Sequence[Mapping[str, float]],
    store: Store | str | Path | None = None,
    *,
    executor: Executor | None = None,
    workers: int = 1,
    seeds: int = SEEDS,
    size: int = SIZE,
) -> list[dict[str, float]]:
    """Statistic of every pattern at some points: settings, by path."""
    patterns = chosen_patterns(held_out=False)
    blocks = [pattern_points(values, seeds, size, patterns) for values in given]
    study = Study("calibration", [point for block in blocks for point in block], RunConfiguration(), {"design": "fit"})
    results = carry_out(study, store, executor=executor, workers=workers)
    found: list[dict[str, float]] = []
    for k in range(len(given)):
        values = statistics_of(results, k * len(blocks[0]), patterns)
        found.append({name: estimate(each).mean for name, each in zip(STATISTICS, values, strict=True)})
    return found


def calibrate(say: Callable[[str], None], assess: Callable[[Sequence[Mapping[str, float]]], Any]) -> pd.DataFrame:
    """Search, and return every point in order, with its distance and statistics.

    Parameters
    ----------
    say
        Is told the distance of every point.
    assess
        Gives the statistics of some points.
    """
    names = list(SEARCHED)
    start, low, high = np.array(list(SEARCHED.values())).T
    rows: list[dict[str, Any]] = []

    def try_all(stage: str, points: Any) -> None:
        given = [dict(zip(names, map(float, point), strict=True)) for point in points]
        for values, statistics in zip(given, assess(given), strict=True):
            rows.append({"stage": stage, "distance": distance(values, statistics), **values, **statistics})
            say(f"{stage}: {rows[-1]['distance']:.4f}")

    try_all("start", [start])
    try_all("hypercube", qmc.scale(qmc.LatinHypercube(len(names), rng=1).random(POINTS), low, high))
    step = 0.15
    for _ in range(ROUNDS):
        best = min(rows, key=lambda row: row["distance"])
        at = np.array([best[name] for name in names])
        axes = np.eye(len(names)) * step * (high - low)
        try_all("local", np.clip([at + sign * axis for axis in axes for sign in (1, -1)], low, high))
        if min(row["distance"] for row in rows) == best["distance"]:
            step /= 2
    return pd.DataFrame(rows)


def main() -> None:
    """Calibrate, and write the record."""
    path, kept = map(Path, sys.argv[1:])
    check_writable(path)
    with Store(kept) as store:
        record = calibrate(print, lambda given: assess(given, store, workers=available_threads()))
    write_table(record, path)
    print(record.sort_values("distance").iloc[0].to_string())


if __name__ == "__main__":
    main()
