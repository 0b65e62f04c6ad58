"""A western credit bureau: repayment alone, for lenders alone, forgotten in seven years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..base import Institution, Settings, parameter
from ..chance import Purpose
from ..conditions import either

if TYPE_CHECKING:
    from ...model.society import Society

DOMAIN = "credit"


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
    low: float = parameter(
        300.0, 0, 1e6, unit="points", says="Lowest score.", source="range of common US credit scores"
    )
    high: float = parameter(
        850.0, 0, 1e6, unit="points", says="Highest score.", source="range of common US credit scores"
    )


class CreditBureau(Institution):
    """Score `credit` alone, seen by firms alone.

    Phases: `score`. A score moves by 1 / memory of the way to the highest or the lowest a week, as far as the bureau
    learns of the act. It is not the authority's: nothing is detected for it, no neighbour sees it, nobody is
    sanctioned.
    """

    settings: CreditBureauSettings
    zero = {"coverage": 0.0}

    def leave(self, society: Society) -> None:
        """Delete the records."""
        society.citizens.credit_score[:] = np.nan

    def establish(self, society: Society) -> None:
        """Tell citizens what a record is worth, and open one for whoever has none."""
        c, s, d = society.citizens, self.settings, society.domains.index(DOMAIN)
        if d is None or s.coverage == 0:
            return
        c.credit_score[np.isnan(c.credit_score)] = s.high
        c.bonus[:, d] += s.worth * s.coverage
        c.extracted[:, d] = either(c.extracted[:, d], s.coverage)

    def score(self, society: Society) -> None:
        """Move the scores."""
        c, s, d = society.citizens, self.settings, society.domains.index(DOMAIN)
        if d is None or s.coverage == 0:
            return
        known = society.uniforms(Purpose.CREDIT_SENSOR, c.identity) < s.coverage
        toward = np.where(c.complies[:, d] == 1, s.high, s.low)
        c.credit_score += known * (toward - c.credit_score) / s.memory
