"""The effect that each institution is there for: the same people with the same luck, with it and without.

The effects are data, in `effects.toml`. The tests hold the sign of each, with an interval over paired seeds, and
`docs/institutions.md` prints what was measured.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field
from scipy import stats

from ...agents.base import Settings
from ...model.scenario import Scenario
from ...model.society import Society
from .outcomes import OUTCOMES

FILE = Path(__file__).with_name("effects.toml")

ERROR = 1e-3
"""Probability with which an interval misses the mean."""


class Effect(Settings):
    """What an institution does to an outcome; the fields are explained in `effects.toml`."""

    institution: str
    says: str
    scenario: str
    without: dict[str, Any] | None = None
    having: dict[str, Any] = Field(default={})
    outcome: str
    sign: Literal[-1, 0, 1]
    weeks: int = Field(ge=1)
    record: tuple[str, ...] = Field(default=(), strict=False)


class Measured(Settings):
    """Mean difference between the paired worlds, its interval, and whether it shows the effect's sign."""

    mean: float
    low: float
    high: float
    shows: bool


@cache
def effects() -> tuple[Effect, ...]:
    """All effects, in the order of the file."""
    return tuple(Effect.model_validate(data) for data in tomllib.loads(FILE.read_text("utf-8"))["effect"])


def measure_effect(effect: Effect, seeds: int = 20, size: int = 1000) -> Measured:
    """Mean of the difference over paired seeds, with a t interval that misses it with probability `ERROR`.

    Seeds in which the outcome does not exist (nobody was expelled, nobody left) do not count.
    """
    differences: list[float] = []
    for seed in range(1, seeds + 1):
        values = [
            _live(effect, changes, seed, size) for changes in (effect.without, effect.having) if changes is not None
        ]
        differences.append(values[-1] - (values[0] if effect.without is not None else 0.0))
    known = np.array([value for value in differences if np.isfinite(value)])
    if len(known) < 2:
        return Measured(mean=np.nan, low=np.nan, high=np.nan, shows=False)
    mean = float(known.mean())
    half = float(stats.t.ppf(1 - ERROR / 2, len(known) - 1) * known.std(ddof=1) / np.sqrt(len(known)))
    low, high = mean - half, mean + half
    shows = {1: low > 0, -1: high < 0, 0: low == high == 0}[effect.sign]
    return Measured(mean=mean, low=low, high=high, shows=shows)


def _live(effect: Effect, changes: Mapping[str, Any], seed: int, size: int) -> float:
    plan = Scenario.load(effect.scenario).change({"population.size": size, **changes})
    society = Society(plan, rng=seed)
    society.history_record.columns = effect.record
    society.run_for(effect.weeks)
    name, *arguments = effect.outcome.split()
    return OUTCOMES[name](society, *arguments)
