"""A western credit bureau: repayment alone, for lenders alone, forgotten in seven years."""

from __future__ import annotations

import numpy as np

from ..base import Institution, Settings, parameter
from ..chance import OwnPurpose
from ..columns import INF, Floats, each
from ..conditions import Offer
from ..view import SocietyView

DOMAIN = "debt"
"""Role of the domain that it scores."""

LOW, HIGH = 300.0, 850.0
"""Range of common US credit scores, in points."""


class CreditBureauSettings(Settings):
    """What it senses, what a good record brings, and how long it remembers."""

    coverage: float = parameter(0.9, 0, 1, unit="rate", says="Chance that it learns of an act in `credit`.")
    worth: float = parameter(1.0, 0, 100, unit="utility", says="What a payment on record is worth above a default.")
    memory: float = parameter(
        364.0,
        1,
        5200,
        unit="weeks",
        says="How long it remembers.",
        source="seven years: US Fair Credit Reporting Act, section 605",
    )


class CreditBureau(Institution):
    """Score `credit` alone, seen by firms alone.

    Phases: `score`. A score moves by 1 / memory of the way to 850 or to 300 points a week, as far as the bureau learns
    of the act. It is not the authority's: nothing is detected for it, no neighbour sees it, nobody is sanctioned. It is
    sold to whoever decides by it: how long it remembers counts for those whom gatekeepers turn away.
    """

    settings: CreditBureauSettings
    zero = {"coverage": 0.0}
    roles = (DOMAIN,)
    CREDIT_SENSOR = OwnPurpose(58)
    credit_score: Floats = each(
        -INF, INF, "points", "score at the credit bureau; NaN where there is none", neutral=np.nan
    )

    def establish(self, society: SocietyView) -> None:
        """Add to `bonus` and `extracted` in the domain of debt; open records at the highest score; offer them."""
        c, s, d = society.citizens, self.settings, society.domains.role(DOMAIN)
        if s.coverage == 0:
            return
        self.credit_score[np.isnan(self.credit_score)] = HIGH
        of_domain = np.arange(len(society.domains)) == d
        c.contribute("bonus", of_domain * (s.worth * s.coverage))
        c.contribute("extracted", of_domain * s.coverage)
        points = of_domain * (s.coverage * (HIGH - LOW) / s.memory)
        society.conditions.offered["credit_score"] = Offer(1.0, points)

    def score(self, society: SocietyView) -> None:
        """Move `credit_score` toward its highest or lowest value by the act, where the bureau learns of it."""
        c, s, d = society.citizens, self.settings, society.domains.role(DOMAIN)
        if s.coverage == 0:
            return
        known = society.uniforms(self.CREDIT_SENSOR, c.identity) < s.coverage
        toward = np.where(c.complies[:, d] == 1, HIGH, LOW)
        self.credit_score += known * (toward - self.credit_score) / s.memory
