"""Names, faces and addresses of the lowest scorers, published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from ..base import Institution, Settings, parameter
from ..citizens import BLACKLISTED, SHAMED, top_share

if TYPE_CHECKING:
    from ...model.society import Society
    from ..citizens import Citizens


class NameAndShameSettings(Settings):
    """Who is named, and what it costs them."""

    share: float = parameter(0.02, 0, 1, unit="share of citizens", says="How many of the lowest scorers are named.")
    listed: bool = Field(default=True, description="Whether everyone on the blacklist is named too.")
    stigma: float = parameter(
        0.1, 0, 1, unit="share of trust", says="Trust that each neighbour loses in someone newly named."
    )


class NameAndShame(Institution):
    """Publish the lowest scorers, and those on the blacklist.

    Phases: `mingle`, so that those listed this week are named this week. The named are known to strangers, their scores
    are seen by all their neighbours, who trust the newly named less.
    """

    settings: NameAndShameSettings
    zero = {"share": 0.0, "listed": False}

    def leave(self, society: Society) -> None:
        """Take the names down."""
        society.citizens.mark(SHAMED, np.zeros(len(society.citizens), bool))

    def establish(self, society: Society) -> None:
        """Keep the names of last week up."""
        self._show(society.citizens)

    def mingle(self, society: Society) -> None:
        """Name this week's lowest scorers."""
        c, ties, s = society.citizens, society.ties, self.settings
        named = top_share(-c.score, s.share, c.identity)
        if s.listed:
            named |= c.on(BLACKLISTED)
        newly = named & ~c.on(SHAMED)
        ties.trust[newly[ties.neighbours]] *= 1 - s.stigma
        c.mark(SHAMED, named)
        self._show(c)

    def _show(self, c: Citizens) -> None:
        shamed = c.on(SHAMED)
        c.visibility[shamed & ~np.isnan(c.score)] = 1.0
        c.displayed[shamed] = 1.0
