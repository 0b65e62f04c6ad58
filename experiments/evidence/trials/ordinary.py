"""Without any institution nothing drifts, levels are as stated, and people differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

from .trial import Place, Statistic, Trial

NOT_SHARES = ("components", "harm", "exchange", "polarisation", "emigrated")
"""Measures whose change is no change of a share."""


SAMPLES = 4
"""Societies over which the change with turnover is averaged: newcomers alone move a small one by chance."""


def changes(place: Place, others: Mapping[str, float]) -> pd.Series[float]:
    """Change of every measure from the first half-year to the last of ten years."""
    society = place.society(others)
    society.run_for(520)
    history = society.history.drop(columns=list(NOT_SHARES))
    return history.iloc[494:].mean() - history.iloc[:26].mean()


def drift(place: Place) -> Mapping[str, float]:
    """Largest change of a measure, turnover off and on."""
    still = changes(place, {"population.turnover": 0.0})
    places = [replace(place, seed=place.seed * 1_000_003 + k) for k in range(SAMPLES)]
    renewed = sum((changes(each, {}) for each in places[1:]), changes(places[0], {})) / SAMPLES
    return {"T0a": float(still.abs().max()), "T0a turnover": float(renewed.abs().max())}


def levels(place: Place) -> Mapping[str, float]:
    """Largest distance of compliance in a domain from its level, over two years."""
    society = place.society()
    society.run_for(104)
    shares = society.history[[f"compliance_{name}" for name in society.domains.names]].mean()
    stated = [domain.level for domain in society.plan.domains.values()]
    return {"T0b": float(np.abs(shares.to_numpy() - stated).max())}


def differences(place: Place) -> Mapping[str, float]:
    """How alike the weekly acts of one person are over two years."""
    society = place.society({"population.turnover": 0.0})
    acts = np.zeros((104, society.founders, len(society.domains)))
    for week in range(len(acts)):
        society.step()
        acts[week] = society.citizens.complies
    weeks = len(acts)
    within = acts.var(axis=0, ddof=1).mean(axis=0)
    between = acts.mean(axis=0).var(axis=0, ddof=1) - within / weeks
    credit = 1 - acts[:, :, society.domains.names.index("credit")]
    defaults = np.sort(credit.sum(axis=0))[::-1]
    return {
        "T0c": float((between / (between + within)).min()),
        "T0c clean": float((defaults == 0).mean()),
        "T0c worst": float(defaults[: len(defaults) // 10].sum() / defaults.sum()),
    }


TRIALS = (
    Trial(
        "T0a",
        "Nothing drifts without institutions",
        "needed for every other claim",
        (
            Statistic("T0a", "largest change of a measure in ten years, nobody leaving", 0, 0.01),
            Statistic("T0a turnover", "the same with departures and newcomers, mean of four societies", 0, 0.01),
        ),
        drift,
    ),
    Trial("T0b", "Levels", "assumption, named so",
          (Statistic("T0b", "largest distance of compliance from its level", 0, 0.02),), levels),
    Trial(
        "T0c",
        "People differ",
        "assumption, named so",
        (
            Statistic("T0c", "smallest intraclass correlation of weekly acts of any domain", 0.3, 1),
            Statistic("T0c clean", "citizens without a default in two years", 0.4, 0.9),
            Statistic("T0c worst", "share of defaults made by the worst tenth", 0.5, 1),
        ),
        differences,
    ),
)  # fmt: skip
