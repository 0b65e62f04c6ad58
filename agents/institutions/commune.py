"""Collective farms: a group shares one fate."""

from __future__ import annotations

import numpy as np

from ..base import Institution, Settings, parameter
from ..groups import fellows_among_eyes, means_by, taken_in
from ..view import SocietyView


class CommuneSettings(Settings):
    """How far pay is shared, and how members watch each other."""

    membership: float = parameter(
        1.0, 0, 1, unit="share of groups", says="Groups that are collectivised; a work unit takes in others first."
    )
    reward: float = parameter(3.0, 0, 1000, unit="utility a week", says="What full pay is worth to a member.")
    collectivity: float = parameter(
        0.8,
        0,
        1,
        unit="share of pay",
        symbol="κ",
        says="Pay that follows what the group produces; the rest follows one's own.",
        source="pooled pay, hard to supervise: Lin 1990, Journal of Political Economy 98(6); the share is assumed",
    )
    in_group_openness: float = parameter(
        0.3, 0, 1, unit="rate", says="Chance that a fellow member sees an act that others do not."
    )
    shared_loss: float = parameter(
        10.0,
        0,
        1000,
        unit="factor",
        says="How many times the pay that a member loses by a fellow's deviation it is felt to cost.",
        source="peers press where they share the loss, and less the more share it: Kandel & Lazear 1992, Journal of "
        "Political Economy 100(4); the value is a model assumption",
    )
    income: float = parameter(0.8, 0, 1, unit="share of income", says="Share of a member's living that is pay.")


class Commune(Institution):
    """Pay every member of a group by what the group does, and let members watch and report each other.

    Phases: `perceive`, `sanction`. A member produces as much as it would live on, times its compliance in the S scored
    domains. Pay is κ · (mean product of the group) + (1 − κ) · (own product), and a share `income` of the living. What
    complying adds to one's own pay is reward · ((1 − κ) + κ / n) in a group of n, spread over these domains: shared
    pay alone invites free riding, the more the larger the group. Against it stands what a deviation costs each fellow,
    κ · reward / (n · S), which is felt `shared_loss` times: fellows who see a deviation disapprove of it that much
    more, and report it sooner, to the commune. Pay above what one's own compliance earned counts for nothing, pay kept
    from those who complied more than the group is evidence of unfairness.
    """

    settings: CommuneSettings
    zero = {"membership": 0.0}

    def establish(self, society: SocietyView) -> None:
        """Add to members' `bonus`, `inside`, `shared_loss` and `can_report`, and open a hotline."""
        c, now, s, domains = society.citizens, society.conditions, self.settings, society.domains
        self.members = taken_in(society, s.membership)
        self.felt = np.zeros(len(c))
        if not self.members.any():
            return
        now.hotline = True
        c.contribute("can_report", self.members)
        c.contribute("inside", np.where(self.members, s.in_group_openness, 0.0))
        count = max(1, int(domains.scored.sum()))
        size = np.bincount(c.group)[c.group]
        self.felt = self.members * (s.shared_loss * s.collectivity * s.reward / count) / size
        c.contribute("shared_loss", self.felt)
        own = self.members * ((1 - s.collectivity) + s.collectivity / size)
        c.contribute("bonus", own, s.reward * domains.scored / count)

    def perceive(self, society: SocietyView) -> None:
        """Add what a deviation costs those fellows who see it to members' `fellows_loss`."""
        if self.felt.any():
            felt = np.minimum(1.0, self.felt[:, None]) * society.domains.scored
            society.citizens.contribute("fellows_loss", fellows_among_eyes(society) * felt)

    def sanction(self, society: SocietyView) -> None:
        """Multiply members' `earnings` by their pay, and add it to `received` and `withheld`."""
        c, s = society.citizens, self.settings
        scored = society.domains.scored == 1
        if not self.members.any() or not scored.any():
            return
        groups = int(c.group.max()) + 1
        own = c.complies[:, scored].mean(axis=1)
        product = c.means * own
        pay = s.collectivity * means_by(c.group, product, groups)[c.group] + (1 - s.collectivity) * product
        # Nobody earns anything where wealth is worth nothing.
        earned = pay / np.where(c.means > 0, c.means, 1.0)
        c.contribute("earnings", np.where(self.members, 1 - s.income + s.income * earned, 1.0))
        paid = s.collectivity * means_by(c.group, own, groups)[c.group] + (1 - s.collectivity) * own
        c.contribute("received", self.members * np.minimum(paid, own))
        c.contribute("withheld", self.members * np.maximum(0.0, own - paid))
