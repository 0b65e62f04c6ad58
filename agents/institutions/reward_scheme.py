"""Discounts, loans, waived deposits: what a good score brings."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from ..base import Institution, Settings, option, parameter
from ..citizens import Citizens
from ..columns import Floats
from ..compiled import compiled
from ..conditions import Conditions
from ..remedies import nearest
from ..view import Domains, ScenarioView, SocietyView


class RewardSchemeSettings(Settings):
    """Benefits of the tiers and the budget for them."""

    budget: float = parameter(
        0.075,
        0,
        1000,
        unit="utility a citizen and week",
        says="What can be paid out; claims beyond it cut all benefits.",
    )
    benefits: dict[str, Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]] = option(
        {"AAA": 0.09, "AA": 0.06, "A": 0.03},
        unit="utility a week",
        says="Benefit of each tier; tiers not named have none.",
    )


@compiled
def _claims_loop(start: int, stop: int, c: Citizens, now: Conditions, lowest: float, claims: Floats) -> None:
    score, claimed = c.score[start:stop], claims[start:stop]
    for k in range(stop - start):
        claimed[k] = 0.0
    # Ramp by ramp, so that the compiler can work on several citizens at once.
    for ramp in range(len(now.floors)):
        floor, width, slope = now.floors[ramp], now.widths[ramp], now.slopes[ramp]
        for k in range(stop - start):
            claimed[k] += slope * min(max(score[k] - floor, 0.0), width)
    for k in range(stop - start):
        claimed[k] = lowest + claimed[k] if score[k] == score[k] else 0.0


@compiled
def _pay_loop(
    start: int,
    stop: int,
    c: Citizens,
    domains: Domains,
    claims: Floats,
    largest: float,
    paid: float,
    received: Floats,
    withheld: Floats,
) -> None:
    count = stop - start
    kept = np.zeros(count)
    of = 0
    for d in range(len(domains.lanes)):
        scored, complies = domains.scored[d], c.complies[start:stop, d]
        of += scored
        for k in range(count):
            kept[k] += scored * complies[k]
    claimed, deserved, unpaid = claims[start:stop], received[start:stop], withheld[start:stop]
    for k in range(count):
        deserved[k] = paid * claimed[k] / largest * (kept[k] / of if of > 0 else 0.0)
        unpaid[k] = (1 - paid) * claimed[k] / largest


class RewardScheme(Institution):
    """Pay each citizen the benefit of its score, from a fixed budget.

    Phases: `sanction`. Claims beyond the budget cut all benefits in proportion, which shrinks the stake in the score
    from the next week on and is a broken promise (evidence in `unfair`). What is received counts as fair as far as it
    was deserved: by the share of scored domains in which the citizen complied.
    """

    settings: RewardSchemeSettings
    zero = {"benefits": {}}

    @classmethod
    def check(cls, plan: ScenarioView) -> None:
        """Refuse benefits for a tier that no score has."""
        tiers = [tier for settings in plan.institutions.values() for tier in getattr(settings, "tiers", ())]
        for name in plan.institutions[cls.name].benefits:
            if tiers and name not in tiers:
                raise ValueError(f"institutions.{cls.name}.benefits.{name}: {nearest(name, tiers)}")

    def establish(self, society: SocietyView) -> None:
        """State the benefits promised to each tier, and the share of them that was paid last."""
        society.conditions.benefits = dict(self.settings.benefits)
        society.conditions.paid = self.paid

    def enter(self, society: SocietyView) -> None:
        """Set the share of benefits paid to all."""
        self.paid = 1.0

    def sanction(self, society: SocietyView) -> None:
        """Compute the benefits claimed and the share paid; add to `received` and `withheld`."""
        c, now = society.citizens, society.conditions
        lowest, largest = now.benefit_range
        if largest == 0:
            return
        claims, received, withheld = np.empty(len(c)), np.empty(len(c)), np.empty(len(c))
        society.for_all(_claims_loop, c, now, lowest, claims)
        total = float(claims.sum())
        budget = self.settings.budget * now.funded("rewards") * len(c)
        self.paid = 1.0 if total <= budget else budget / total
        now.pay(self.paid)
        society.for_all(_pay_loop, c, society.domains, claims, largest, self.paid, received, withheld)
        c.contribute("received", received)
        c.contribute("withheld", withheld)
