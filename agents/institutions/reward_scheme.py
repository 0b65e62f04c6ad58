"""Discounts, loans, waived deposits: what a good score brings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from ..base import Institution, Settings, parameter
from ..compiled import compiled
from ..rules.choosing import benefit

if TYPE_CHECKING:
    from ...model.society import Society
    from ..citizens import Bits, Floats


class RewardSchemeSettings(Settings):
    """Benefits of the tiers and the budget for them."""

    budget: float = parameter(
        3.0, 0, 1000, unit="utility a citizen and week", says="What can be paid out; claims beyond it cut all benefits."
    )
    benefits: dict[str, Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]] = Field(
        default={"AAA": 9.0, "AA": 6.0, "A": 3.0},
        description="Benefit of each tier, in utility a week; tiers not named have none.",
    )


@compiled
def _claims_loop(
    start: int, stop: int, score: Floats, lowest: float, floors: Floats, widths: Floats, slopes: Floats, claims: Floats
) -> None:
    for i in range(start, stop):
        claims[i] = 0.0 if np.isnan(score[i]) else lowest + benefit(score[i], floors, widths, slopes)


@compiled
def _pay_loop(
    start: int,
    stop: int,
    lanes: tuple[int, ...],
    claims: Floats,
    largest: float,
    paid: float,
    complies: Bits,
    scored: Bits,
    received: Floats,
    withheld: Floats,
) -> None:
    for i in range(start, stop):
        kept = 0
        of = 0
        for d in range(len(lanes)):
            kept += scored[d] * complies[i, d]
            of += scored[d]
        deserved = paid * claims[i] / largest * (kept / of if of > 0 else 0.0)
        received[i] = min(1.0, received[i] + deserved)
        withheld[i] = min(1.0, withheld[i] + (1 - paid) * claims[i] / largest)


class RewardScheme(Institution):
    """Pay each citizen the benefit of its score, from a fixed budget.

    Phases: `sanction`. Claims beyond the budget cut all benefits in proportion, which shrinks the stake in the score
    from the next week on and is a broken promise (evidence in `unfair`). What is received counts as fair as far as it
    was deserved: by the share of scored domains in which the citizen complied.
    """

    settings: RewardSchemeSettings
    zero = {"benefits": {}}

    def establish(self, society: Society) -> None:
        """Promise the benefits."""
        society.conditions.benefits = dict(self.settings.benefits)
        society.conditions.paid = self.paid

    def enter(self, society: Society) -> None:
        """Start with every promise believed."""
        self.paid = 1.0

    def sanction(self, society: Society) -> None:
        """Pay this week's benefits as far as the budget goes."""
        c, now = society.citizens, society.conditions
        promised = {name: now.benefits.get(name, 0.0) for name in now.tiers}
        if not any(promised.values()):
            return
        lowest = promised[min(now.tiers, key=lambda name: now.tiers[name])]
        claims = np.empty(len(c))
        society.for_all(_claims_loop, c.score, lowest, *now.promised, claims)
        total = float(claims.sum())
        budget = self.settings.budget * now.funded("rewards") * len(c)
        self.paid = now.paid = 1.0 if total <= budget else budget / total
        society.for_all(
            _pay_loop,
            society.domains.lanes,
            claims,
            max(promised.values()),
            self.paid,
            c.complies,
            society.domains.scored,
            c.received,
            c.withheld,
        )
