"""Small societies in which the answer is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scipy import stats

import glasshouse as gh
from glasshouse.experiments.evidence.contract import assert_same as assert_same
from glasshouse.experiments.evidence.contract import state as state

STILL = {f"citizens.internalise.{channel}": 0.0 for channel in ("self", "talk", "broadcast", "react", "anchor")}
"""Convictions that do not move."""

ALONE: dict[str, Any] = {f"domains.{name}": None for name in ("credit", "conduct", "civic", "consumption", "inquiry")}
"""Only the domain `speech`."""


def one_domain(changes: Mapping[str, Any] | None = None) -> gh.Scenario:
    """One domain, free and open, in which citizens weigh conviction and conformity alone, and alike."""
    return gh.Scenario.load("baseline").change(
        {
            **ALONE,
            **STILL,
            "domains.speech.cost": 0.0,
            "domains.speech.openness": 1.0,
            "citizens.memory": 0.0,
            "citizens.conformity": 1.0,
            "citizens.conformity_sd": 0.0,
            **(changes or {}),
        }
    )


def assert_proportion(hits: int, trials: int, chance: float, error: float = 1e-6) -> None:
    """The hits are as likely as `chance` says; a true chance fails with probability `error` at most."""
    low, high = stats.binom.interval(1 - error, trials, chance)
    assert low <= hits <= high, f"{hits} of {trials} is not a chance of {chance}: expected {low:.0f} to {high:.0f}"
