"""Small societies in which the answer is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scipy import stats

import glasshouse as gh
from glasshouse.experiments.evidence.contract import assert_same as assert_same
from glasshouse.experiments.evidence.contract import state as state

STILL = {
    f"citizens.internalise.{channel}": 0.0
    for channel in (
        "self",
        "talk",
        "norm",
        "broadcast",
        "react",
        "anchor",
        "character",
    )
}
"""Convictions that do not move."""

ALONE: dict[str, Any] = {f"domains.{name}": None for name in ("credit", "conduct", "civic", "consumption", "inquiry")}
"""Only the domain `speech`."""


def one_domain(changes: Mapping[str, Any] | None = None) -> gh.Scenario:
    """One domain, free and open, in which citizens weigh conviction and conformity alone, and alike; none settles."""
    return gh.Scenario.load("baseline").change(
        {
            **ALONE,
            **STILL,
            "domains.speech.cost": 0.0,
            "domains.speech.openness": 1.0,
            "citizens.memory": 0.0,
            "citizens.conformity": 1.0,
            "citizens.conviction_weight": 1.0,
            "citizens.image_concern": 0.0,
            "citizens.reactance": 0.0,
            "citizens.traits_sd": 0.0,
            "domains.speech.loss": 0.0,
            "population.homophily": 0.0,
            "population.settle": 0,
            "population.turnover": 0.0,
            **(changes or {}),
        }
    )


def assert_proportion(hits: int, trials: int, chance: float, error: float = 1e-6) -> None:
    """The hits are as likely as `chance` says; a true chance fails with probability `error` at most."""
    low, high = stats.binom.interval(1 - error, trials, chance)
    assert low <= hits <= high, f"{hits} of {trials} is not a chance of {chance}: expected {low:.0f} to {high:.0f}"
