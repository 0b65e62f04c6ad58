"""Collective farms: a group shares one fate."""

from __future__ import annotations

import numpy as np

from ..base import Institution, Settings, parameter
from ..chance import OwnPurpose
from ..groups import means_by, pay, taken_in
from ..view import SocietyView


class CommuneSettings(Settings):
    """How far pay is shared, and how members watch each other."""

    membership: float = parameter(1.0, 0, 1, unit="share of groups", says="Groups that are collectivised.")
    reward: float = parameter(3.0, 0, 1000, unit="utility a week", says="What full pay is worth to a member.")
    collectivity: float = parameter(
        0.8,
        0,
        1,
        unit="share of pay",
        symbol="κ",
        says="Pay that follows the group's mean compliance; the rest follows one's own.",
        source="pooled pay, hard to supervise: Lin 1990, Journal of Political Economy 98(6); the share is assumed",
    )
    in_group_openness: float = parameter(
        0.3, 0, 1, unit="rate", says="Chance that a fellow member sees an act that others do not."
    )
    shared_loss: float = parameter(
        0.5, 0, 100, unit="utility", says="What a fellow member's deviation is felt to cost, at full collectivity."
    )
    income: float = parameter(0.02, 0, 1, unit="rate a week", says="How fast wealth follows pay.")


class Commune(Institution):
    """Pay every member of a group by the group's compliance, and let members watch and report each other.

    Phases: `sanction`. Pay is κ · (group's mean) + (1 − κ) · (own), of compliance in the scored domains. What complying
    adds to one's own pay is therefore reward · ((1 − κ) + κ / n) in a group of n, spread over these domains: shared pay
    alone invites free riding, against which stands the eye of the fellow members. Pay above what one earned counts for
    nothing, pay kept from those who earned more is evidence of unfairness. Reports can be made to the commune.
    """

    settings: CommuneSettings
    zero = {"membership": 0.0}
    COMMUNE = OwnPurpose(34)

    def establish(self, society: SocietyView) -> None:
        """Add to members' `bonus`, `inside`, `shared_loss` and `can_report`, and open a hotline."""
        c, now, s, domains = society.citizens, society.conditions, self.settings, society.domains
        self.members = taken_in(society, self.COMMUNE, s.membership)
        if not self.members.any():
            return
        now.hotline = True
        c.contribute("can_report", self.members)
        c.contribute("inside", np.where(self.members, s.in_group_openness, 0.0))
        c.contribute("shared_loss", self.members * (s.shared_loss * s.collectivity))
        size = np.bincount(c.group)[c.group]
        own = self.members * ((1 - s.collectivity) + s.collectivity / size)
        c.contribute("bonus", own[:, None] * (s.reward * domains.scored / max(1, int(domains.scored.sum()))))

    def sanction(self, society: SocietyView) -> None:
        """Move members' `wealth` by their pay, and add it to `received` and `withheld`."""
        c, s = society.citizens, self.settings
        scored = society.domains.scored == 1
        if not self.members.any() or not scored.any():
            return
        own = c.complies[:, scored].mean(axis=1)
        shared = means_by(c.group, own, int(c.group.max()) + 1)[c.group]
        paid = s.collectivity * shared + (1 - s.collectivity) * own
        pay(c, self.members, society.rates.wealth_mean * paid, s.income)
        c.contribute("received", self.members * np.minimum(paid, own))
        c.contribute("withheld", self.members * np.maximum(0.0, own - paid))
