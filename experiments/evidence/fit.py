"""How the starting values were tuned: once, by this script, on patterns 0 to 7.

A Latin hypercube over ten settings, then a local search from its best point (each setting in turn a step up and down,
the step halved when nothing helps), both on the distance of the patterns from their bands, with a small weight on the
distance from where the settings were: of two points that show the same patterns the one that changes less is better.
The patterns held out are never computed here. Every point is recorded; a record that exists is gone on with.
Run: ``python -m glasshouse.experiments.evidence.fit record.csv``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import qmc

from ..running.output import check_writable, write_table
from .patterns import PATTERNS, find

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


def assess(values: Mapping[str, float]) -> dict[str, float]:
    """Statistic of every pattern at one point."""
    findings = find(SEEDS, values, SIZE, held_out=False)
    return {name: finding.mean for name, finding in zip(STATISTICS, findings, strict=True)}


def calibrate(say: Callable[[str], None], known: pd.DataFrame | None = None, workers: int = 2) -> pd.DataFrame:
    """Search, and return every point in order, with its distance and statistics.

    Points that are `known`, from an earlier record, are not computed again.
    """
    names = list(SEARCHED)
    start, low, high = np.array(list(SEARCHED.values())).T
    found: dict[tuple[float, ...], dict[str, float]] = {}
    if known is not None:
        for row in known.to_dict("records"):
            found[_key(row)] = {name: row[name] for name in STATISTICS}
    rows: list[dict[str, Any]] = []
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:

        def try_all(stage: str, points: Any) -> None:
            given = [dict(zip(names, map(float, point), strict=True)) for point in points]
            new = [values for values in given if _key(values) not in found]
            for values, statistics in zip(new, pool.map(assess, new), strict=True):
                found[_key(values)] = statistics
                say(f"{stage}: {distance(values, statistics):.4f}")
            for values in given:
                statistics = found[_key(values)]
                rows.append({"stage": stage, "distance": distance(values, statistics), **values, **statistics})

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


def _key(values: Mapping[str, float]) -> tuple[float, ...]:
    return tuple(round(values[name], 12) for name in SEARCHED)


def main() -> None:
    """Calibrate, and write the record."""
    path = Path(sys.argv[1])
    check_writable(path)
    known = pd.read_csv(path) if path.exists() else None
    record = calibrate(print, known)
    write_table(record, path)
    print(record.loc[record["distance"].idxmin()].to_string())


if __name__ == "__main__":
    main()
