"""Discounts, loans, waived deposits: what a good score brings."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from ..base import Institution, Measure, Settings, option, parameter
from ..citizens import Citizens
from ..columns import Floats
from ..compiled import compiled
from ..conditions import Conditions
from ..remedies import nearest
from ..view import Domains, ScenarioView, SocietyView


class RewardSchemeSettings(Settings):
    """Benefits of the tiers and the budget for them."""

    budget: float = parameter(
        0.067,
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
    worth: float = parameter(
        1.0, 0, 1000, unit="utility", says="What can be paid from mean wealth that points were sold for."
    )


@compiled
def _claims_loop(
    start: int, stop: int, c: Citizens, now: Conditions, lowest: float, claims: Floats, allotments: Floats
) -> None:
    score, claimed = c.score[start:stop], claims[start:stop]
    share, allotted = c.allotted[start:stop], allotments[start:stop]
    for k in range(stop - start):
        claimed[k] = 0.0
    # Ramp by ramp, so that the compiler can work on several citizens at once.
    for ramp in range(len(now.floors)):
        floor, width, slope = now.floors[ramp], now.widths[ramp], now.slopes[ramp]
        for k in range(stop - start):
            claimed[k] += slope * min(max(score[k] - floor, 0.0), width)
    for k in range(stop - start):
        claimed[k] = lowest + claimed[k] if score[k] == score[k] else 0.0
        allotted[k] = claimed[k] * share[k]


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
    share = c.allotted[start:stop]
    for k in range(count):
        deserved[k] = min(1.0, paid * share[k] * claimed[k] / largest) * (kept[k] / of if of > 0 else 0.0)
        unpaid[k] = max(0.0, 1 - paid * share[k]) * claimed[k] / largest


class RewardScheme(Institution):
    """Pay each citizen the benefit of its score, from a fixed budget.

    Phases: `sanction`. A citizen is promised the benefit of its score, and given it times `allotted`, what its region
    gets. What is given beyond the budget and worth · revenue of points sold cuts all in proportion, which shrinks the
    stake in the score from the next week on. What is missing from the promise is a broken one (evidence in `unfair`).
    What is received counts as fair as far as it was deserved: by the share of scored domains in which the citizen
    complied. At the defaults all is paid in the first year: scores rise after it, and cuts come then.
    """

    settings: RewardSchemeSettings
    zero = {"benefits": {}}
    measures = (
        Measure(
            "benefits_paid",
            "Promised benefits paid",
            "share",
            0,
            1,
            "Share of what citizens were given a claim to this week that the budget paid.",
            kind="order",
        ),
    )

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
        claims, allotments = np.empty(len(c)), np.empty(len(c))
        received, withheld = np.empty(len(c)), np.empty(len(c))
        society.for_all(_claims_loop, c, now, lowest, claims, allotments)
        total = float(allotments.sum())
        s = self.settings
        budget = (s.budget * now.funded("rewards") + s.worth * now.revenue) * len(c)
        self.paid = 1.0 if total <= budget else budget / total
        now.pay(self.paid)
        society.for_all(_pay_loop, c, society.domains, claims, largest, self.paid, received, withheld)
        c.contribute("received", received)
        c.contribute("withheld", withheld)

    def measured(self, society: SocietyView) -> dict[str, float]:
        """Give the share of the benefits that was paid."""
        return {"benefits_paid": self.paid}
