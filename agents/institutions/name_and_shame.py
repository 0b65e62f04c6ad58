"""Names, faces and addresses of the lowest scorers, published."""

from __future__ import annotations

import numpy as np

from ..base import Institution, Settings, option, parameter
from ..citizens import Lists, top_share
from ..view import SocietyView


class NameAndShameSettings(Settings):
    """Who is named, and what it costs them."""

    share: float = parameter(0.02, 0, 1, unit="share of citizens", says="How many of the lowest scorers are named.")
    listed: bool = option(True, says="Whether everyone on the blacklist is named too.")
    stigma: float = parameter(
        0.1, 0, 1, unit="share of trust", says="Trust that each neighbour loses in someone newly named."
    )
    dread: float = parameter(
        3.0, 0, 1000, unit="utility", says="What being named is felt to cost by those who might be."
    )
    near: float = parameter(
        20.0, 0.001, 1e6, unit="points", says="Distance from the score of the last one named in which one might be."
    )


class NameAndShame(Institution):
    """Publish the lowest scorers, and those on the blacklist.

    Phases: `mingle`, so that those listed this week are named this week. The named are known to strangers, which is
    intrusion; their scores are seen by all their neighbours, who trust the newly named less. Citizens take the chance
    of being named to fall evenly with the score, from certain `near` points below that of the last one named to nil
    `near` points above it: there the score is worth dread / (2 near) a point.
    """

    settings: NameAndShameSettings
    zero = {"share": 0.0, "listed": False}

    def enter(self, society: SocietyView) -> None:
        """Set the score of the last one named to none."""
        self.cutoff = np.nan

    def leave(self, society: SocietyView) -> None:
        """Clear the flag `SHAMED`."""
        society.citizens.mark(Lists.SHAMED, np.zeros(len(society.citizens), bool))

    def establish(self, society: SocietyView) -> None:
        """State the names of last week again."""
        self._show(society)

    def mingle(self, society: SocietyView) -> None:
        """Set the flag `SHAMED` of the lowest scorers, and lower neighbours' trust in the newly named."""
        c, ties, s = society.citizens, society.ties, self.settings
        named = top_share(-c.score, s.share, c.identity)
        self.cutoff = float(c.score[named].max()) if named.any() else np.nan
        if s.listed:
            named |= c.on(Lists.BLACKLISTED)
        newly = named & ~c.on(Lists.SHAMED)
        ties.trust[newly[ties.neighbours]] *= 1 - s.stigma
        c.mark(Lists.SHAMED, named)
        self._show(society)

    def _show(self, society: SocietyView) -> None:
        c, s = society.citizens, self.settings
        if not np.isnan(self.cutoff):
            society.conditions.promise(self.name, self.cutoff - s.near, 2 * s.near, s.dread)
        shamed = c.on(Lists.SHAMED)
        c.contribute("visibility", shamed & ~np.isnan(c.score))
        c.contribute("displayed", shamed)
