"""The party-state: targets, one budget for all its means, and the turn from reward to penalty."""

from __future__ import annotations

from math import inf
from typing import Annotated

import numpy as np
from pydantic import Field

from ..arithmetic import power
from ..base import Institution, Measure, Settings, option, parameter
from ..groups import QUARTER
from ..view import SocietyView

MEANS: tuple[str, ...] = ("rewards", "sensors", "hotline", "broadcast")
"""What the budget is spent on: `RewardScheme`, `SensorNetwork`, `Hotline` and `Broadcaster`, where they exist."""

ROUND = MEANS + MEANS[::-1]
"""A round of trials: there and back, so that neither a trend nor what a trial leaves behind favours any."""

HOLD = 3
"""Quarters that a trial lasts: less shows little of what works slowly, such as persuasion."""

Target = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class AuthoritySettings(Settings):
    """What it wants, what it can spend, how it learns, and how hard its stick is."""

    targets: dict[str, Target] = option(
        {"credit": 0.97, "conduct": 0.97, "civic": 0.5, "speech": 0.85},
        unit="share of citizens",
        says="Share of citizens that it wants to comply in a domain.",
    )
    budget: float = parameter(
        1.0, 0, 100, unit="cost of its means at their own settings", says="What it spends on all its means together."
    )
    growth: float = parameter(0.0, -1, 10, unit="rate a year", says="How fast the budget grows.")
    step: float = parameter(
        0.15,
        0,
        0.25,
        unit="share of the budget",
        says="Spending that it moves to a means to try it, a third of which it leaves each; 0 keeps an even split.",
    )
    patience: float = parameter(
        2.0, 0, inf, unit="weeks of benefits", says="Promises that it breaks, while it misses a target, until it turns."
    )
    harshness: float = parameter(
        0.5, 0, 100, unit="share of the loss", says="By how much sanctions get harder once it has turned."
    )
    prosecution: float = parameter(
        2.0, 0, 100, unit="factor", says="Cases that the court hears once it has turned, of those that it heard before."
    )


class Authority(Institution):
    """Split one budget between rewards, sensors, hotline and broadcast, and turn to penalties when rewards fail.

    Phases: `measure`. Spending s_k times the budget B funds the k-th of K means at the factor K · s_k · B of its own
    settings. It judges by compliance as reported: its gap is the mean over targets of max(0, target − reported). For
    nine months at a time it tries one means with `step` more of the budget, taken evenly from the others: first each in
    turn, then back again, so that neither a trend nor what a trial leaves behind favours any. After each such round,
    six years, it moves `step` from the means under which the gap was widest, on the average of all its trials, to
    that under which it was narrowest. Benefits promised and not paid while a target is missed add up, 1 − paid a week.
    At `patience` it turns from carrot to stick: low scores are punished, the court hears `prosecution` times as many
    cases, and being sanctioned costs harshness · loss more.
    """

    settings: AuthoritySettings
    by_domain = ("targets",)
    zero = {"step": 0.0, "patience": inf}
    measures = (
        Measure(
            "target_gap",
            "Short of the targets",
            "share of citizens",
            0,
            1,
            "How far reported compliance is below the authority's targets, mean over these.",
            kind="order",
        ),
    )

    def enter(self, society: SocietyView) -> None:
        """Set the spending on every means to an equal share."""
        self.since = society.week
        self.spending: dict[str, float] = dict.fromkeys(MEANS, 1 / len(MEANS))
        self.trials: list[tuple[str, float]] = []
        self.tries = ""
        self.gap = np.nan
        self.attained: list[dict[str, float]] = []
        self.gaps: list[float] = []
        self.missed = False
        self.broken = 0.0
        self.punishes = False

    def establish(self, society: SocietyView) -> None:
        """State how far each means is funded, and the harder court and sanctions where it has turned."""
        s, now, domains = self.settings, society.conditions, society.domains
        budget = s.budget * power(1 + s.growth, (society.week - self.since) / 52)
        now.funding = {means: budget * len(MEANS) * self._share(means) for means in MEANS}
        now.penalises = self.punishes
        if self.punishes:
            now.funding["court"] = s.prosecution
            now.bars += s.harshness * domains.loss * domains.sanctioned

    def _share(self, means: str) -> float:
        if not self.tries:
            return self.spending[means]
        return self.spending[means] + (self.settings.step if means == self.tries else -self._least)

    @property
    def _least(self) -> float:
        """What a trial takes from each other means, and so the least that is left to any."""
        return self.settings.step / (len(MEANS) - 1)

    def measure(self, society: SocietyView) -> None:
        """Note the week's reported compliance, count broken promises, review at the end of a quarter, perhaps turn."""
        c, s, now = society.citizens, self.settings, society.conditions
        figures = {
            name: min(1.0, float(c.complies[:, d].mean()) + now.inflated)
            for d, name in enumerate(society.domains.names)
            if name in s.targets
        }
        self.gap = _gap(figures, s.targets)
        self.attained.append(figures)
        self.broken += (1 - now.paid) * self.missed
        if society.week % QUARTER == 0:
            self._review(society)
        if self.broken > 0 and self.broken >= s.patience and self.missed and not self.punishes:
            self.punishes = society.stale = True
            society.announce("The authority turns from rewards to penalties.")

    def _review(self, society: SocietyView) -> None:
        s = self.settings
        weeks, self.attained = self.attained, []
        # A target set in the course of the quarter counts from the next.
        wanted = [name for name in weeks[-1] if all(name in week for week in weeks)]
        figures = {name: sum(week[name] for week in weeks) / len(weeks) for name in wanted}
        gap = _gap(figures, s.targets)
        self.missed = gap > 0
        society.stale |= s.growth != 0
        if s.step > 0 and gap == gap:
            self._learn(gap)
            society.stale = True

    def _learn(self, gap: float) -> None:
        """Note the quarter's gap; at the end of a trial begin the next, and at the end of a round move the spending."""
        self.gaps.append(gap)
        if len(self.gaps) < HOLD:
            return
        if self.tries:
            self.trials.append((self.tries, sum(self.gaps) / HOLD))
        self.gaps = []
        self.tries = ROUND[len(self.trials) % len(ROUND)]
        if len(self.trials) % len(ROUND) == 0 and self.trials:
            # Each means was tried as often as any other.
            gap_under = {means: sum(gap for tried, gap in self.trials if tried == means) for means in MEANS}
            best, least = min(MEANS, key=gap_under.__getitem__), self._least
            spared = [means for means in MEANS if means != best and self.spending[means] > least]
            worst = max(spared, key=gap_under.__getitem__, default=best)
            moved = min(self.settings.step, self.spending[worst] - least)
            self.spending[worst] -= moved
            self.spending[best] += moved

    def measured(self, society: SocietyView) -> dict[str, float]:
        """Give how far it is short of its targets."""
        return {"target_gap": self.gap}


def _gap(figures: dict[str, float], targets: dict[str, float]) -> float:
    """Mean over figures of max(0, target − figure); NaN without any."""
    if not figures:
        return np.nan
    return sum(max(0.0, targets[name] - figure) for name, figure in figures.items()) / len(figures)
