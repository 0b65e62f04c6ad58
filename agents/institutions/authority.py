"""The party-state: targets, one budget for all its means, and the turn from reward to penalty."""

from __future__ import annotations

from math import inf
from typing import Annotated

from pydantic import Field

from ..arithmetic import power
from ..base import Institution, Settings, option, parameter
from ..groups import QUARTER
from ..view import SocietyView

MEANS: tuple[str, ...] = ("rewards", "sensors", "hotline", "broadcast")
"""What the budget is spent on: `RewardScheme`, `SensorNetwork`, `Hotline` and `Broadcaster`, where they exist."""

Target = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class AuthoritySettings(Settings):
    """What it wants, what it can spend, and how it learns."""

    targets: dict[str, Target] = option(
        {"credit": 0.97, "conduct": 0.97, "civic": 0.5, "speech": 0.85},
        unit="share of citizens",
        says="Share of citizens that it wants to comply in a domain.",
    )
    budget: float = parameter(
        1.0, 0, 100, unit="cost of its means at their own settings", says="What it spends on all its means together."
    )
    growth: float = parameter(0.0, -1, 10, unit="rate a year", says="How fast the budget grows.")
    adaptive: bool = option(True, says="Whether it moves spending to what raised compliance most.")
    step: float = parameter(0.05, 0, 1, unit="share of the budget", says="Spending that it moves in a quarter.")
    patience: float = parameter(
        4.0, 1, inf, unit="quarters", says="How long it bears missing a target while rewards fall short of the promise."
    )


class Authority(Institution):
    """Split one budget between rewards, sensors, hotline and broadcast, and turn to penalties when rewards fail.

    Phases: `measure`; every quarter. Spending s_k times the budget B funds the k-th of K means at the factor K · s_k
    · B of its own settings. If adaptive it credits the change in mean compliance since the last quarter, per unit of
    what it moved, to the means it moved it to (a running estimate), and moves `step` from the worst to the best, each
    means being tried once first. When a target has been missed for `patience` quarters on end in which the rewards
    promised could not be paid in full, it has low scores punished from then on: the turn from carrot to stick. It
    judges by compliance as reported.
    """

    settings: AuthoritySettings
    zero = {"adaptive": False, "patience": inf}

    def enter(self, society: SocietyView) -> None:
        """Set the spending on every means to an equal share."""
        self.since = society.week
        self.spending: dict[str, float] = dict.fromkeys(MEANS, 1 / len(MEANS))
        self.credit: dict[str, float] = {}
        self.raised = ""
        self.moved = 0.0
        self.attained: list[dict[str, float]] = []
        self.before = 0.0
        self.missed = 0
        self.punishes = False

    def establish(self, society: SocietyView) -> None:
        """State in the conditions how far each means is funded, and whether low scores are punished."""
        s, now = self.settings, society.conditions
        budget = s.budget * power(1 + s.growth, (society.week - self.since) / 52)
        now.funding = {means: budget * len(MEANS) * share for means, share in self.spending.items()}
        now.penalises = self.punishes

    def measure(self, society: SocietyView) -> None:
        """Note the week's reported compliance; at the end of a quarter move the spending, and perhaps turn."""
        c, now = society.citizens, society.conditions
        week = {
            name: min(1.0, float(c.complies[:, d].mean()) + now.inflated)
            for d, name in enumerate(society.domains.names)
            if name in self.settings.targets
        }
        self.attained.append(week)
        if society.week % QUARTER == 0:
            self._decide(society)

    def _decide(self, society: SocietyView) -> None:
        s = self.settings
        weeks, self.attained = self.attained, []
        # A target set in the course of the quarter counts from the next.
        wanted = [name for name in weeks[-1] if all(name in week for week in weeks)]
        figures = {name: sum(week[name] for week in weeks) / len(weeks) for name in wanted}
        if not figures:
            return
        compliance = sum(figures.values()) / len(figures)
        if s.adaptive:
            self._move(compliance)
        self.before = compliance
        missed = any(figures[name] < s.targets[name] for name in figures)
        self.missed = self.missed + 1 if missed and society.conditions.paid < 1 else 0
        if self.missed >= s.patience and not self.punishes:
            self.punishes = True
            society.announce("The authority turns from rewards to penalties.")
        society.stale |= s.adaptive or s.growth != 0 or self.punishes

    def _move(self, compliance: float) -> None:
        if self.moved > 0:
            gain = (compliance - self.before) / self.moved
            known = self.credit.get(self.raised, gain)
            self.credit[self.raised] = (known + gain) / 2
        untried = [means for means in MEANS if means not in self.credit]
        best = untried[0] if untried else max(MEANS, key=lambda means: self.credit[means])
        others = [means for means in MEANS if means != best and self.spending[means] > 0]
        self.raised, self.moved = best, 0.0
        if others:
            worst = min(others, key=lambda means: (self.credit.get(means, 0.0), -self.spending[means]))
            self.moved = min(self.settings.step, self.spending[worst])
            self.spending[worst] -= self.moved
            self.spending[best] += self.moved
