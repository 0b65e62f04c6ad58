"""Small societies in which all but a few terms are switched off, so that the answer is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....model.scenario import Scenario

STILL = {
    f"citizens.internalise.{channel}": 0.0
    for channel in ("self", "talk", "norm", "broadcast", "react", "anchor", "character")
}
"""Convictions that do not move."""

ALONE: dict[str, Any] = {f"domains.{name}": None for name in ("credit", "conduct", "civic", "consumption", "inquiry")}
"""Only the domain `speech`."""


def one_domain(changes: Mapping[str, Any] | None = None) -> Scenario:
    """One domain, free and open, in which citizens weigh conviction and conformity alone, and alike; none settles."""
    return Scenario.load("baseline").change(
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
