"""Preference falsification and the unexpected revolution (Kuran 1991)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mesa

from ..verification.check import Check

SOURCE = "Kuran 1991, doi:10.2307/2010422"

PUBLISHED: tuple[tuple[str, tuple[int, ...], float], ...] = (
    ("the first sequence", (0, 20, 20, 30, 40, 50, 60, 70, 80, 100), 10),
    ("one threshold lowered from 20 to 10", (0, 10, 20, 30, 40, 50, 60, 70, 80, 100), 90),
    ("the other sequence, after the same", (0, 10, 30, 30, 40, 50, 60, 70, 80, 100), 20),
)
"""Thresholds of ten people, and the public opposition that comes of them, both in percent."""


class Person(mesa.Agent[Any]):
    """Joins the opposition once so much of the public is in it already.

    Attributes
    ----------
    threshold
        In percent of the public.
    joined
        Whether it says what it thinks.
    """

    def __init__(self, model: Country, threshold: float) -> None:
        super().__init__(model)
        self.threshold, self.joined = threshold, False

    def step(self) -> None:
        """Join or leave by the opposition of the last round."""
        self.joined = self.threshold <= self.model.opposition


class Country(mesa.Model[Any, Any]):
    """People with thresholds.

    Parameters
    ----------
    thresholds
        One a person.
    """

    def __init__(self, thresholds: Sequence[float]) -> None:
        super().__init__(rng=0)
        self.opposition = 0.0
        for threshold in thresholds:
            Person(self, threshold)

    def step(self) -> None:
        """All look at the opposition of the last round at once."""
        self.agents.do("step")
        self.opposition = 100 * sum(person.joined for person in self.agents) / len(self.agents)


def settled(thresholds: Sequence[float]) -> float:
    """Public opposition, in percent, once nobody joins any more; it only grows, from nobody."""
    country = Country(thresholds)
    for _ in range(len(thresholds) + 1):
        country.step()
    return country.opposition


def _check(name: str, thresholds: Sequence[float], expected: float) -> Check:
    says = f"Public opposition, in percent, under the thresholds {', '.join(map(str, thresholds))}."
    return Check.near(f"revolution: {name}", "Docking", says, SOURCE, expected, 0.0, lambda: settled(thresholds))


CHECKS: tuple[Check, ...] = tuple(_check(*each) for each in PUBLISHED)
