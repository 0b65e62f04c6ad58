"""Voluntary disclosure that unravels from the top (Jovanovic 1982; Peppet 2011)."""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np

from ..verification.check import Check

SOURCE = "Jovanovic 1982, doi:10.2307/3003436; Peppet 2011"


class Seller(mesa.Agent[Any]):
    """Shows its quality where that pays more than what silence is taken for.

    Attributes
    ----------
    quality
        From 0 to 1.
    shows
        Whether it shows it.
    """

    def __init__(self, model: Market, quality: float) -> None:
        super().__init__(model)
        self.quality, self.shows = quality, False

    def step(self) -> None:
        """Decide by what silence was taken for."""
        self.shows = self.quality - self.model.cost > self.model.silence


class Market(mesa.Model[Any, Any]):
    """Sellers with even qualities before buyers of whom a share takes silence for the average.

    Parameters
    ----------
    cost
        c, of showing.
    naive
        s, the share of buyers who take silence for the mean of all instead of the mean of those who are silent.
    people
        How many sellers.
    """

    def __init__(self, cost: float, naive: float, people: int = 2000) -> None:
        super().__init__(rng=0)
        self.cost, self.naive = cost, naive
        for quality in (np.arange(people) + 0.5) / people:
            Seller(self, float(quality))
        self.silence = 0.5

    def step(self) -> None:
        """All decide at once; then buyers learn who is silent."""
        self.agents.do("step")
        silent = [seller.quality for seller in self.agents if not seller.shows]
        of_silent = float(np.mean(silent)) if silent else 0.0
        self.silence = self.naive * 0.5 + (1 - self.naive) * of_silent


def hiding(cost: float, naive: float) -> float:
    """Share of sellers that is silent in the end."""
    market = Market(cost, naive)
    for _ in range(60):
        market.step()
    return sum(not seller.shows for seller in market.agents) / len(market.agents)


def threshold(cost: float, naive: float) -> float:
    """The closed form, min(1, (2 c + s) / (1 + s))."""
    return min(1.0, (2 * cost + naive) / (1 + naive))


def _check(cost: float, naive: float, expected: float) -> Check:
    name = f"disclosure: cost {cost:g}, naive {naive:g}"
    says = "Share that is silent in the end, of 2,000 sellers with even qualities."
    return Check.near(name, "Docking", says, SOURCE, expected, 1e-3, lambda: hiding(cost, naive))


CHECKS: tuple[Check, ...] = (_check(0.0, 0.0, 0.0), _check(0.1, 0.0, 0.2), _check(0.0, 0.5, 1 / 3))
