"""Photographs of the highest scorers in public places."""

from __future__ import annotations

import numpy as np

from ..base import Institution, Settings, parameter
from ..citizens import Lists, top_share
from ..view import SocietyView


class HonourBoardSettings(Settings):
    """How many are shown, and how much weight they have."""

    share: float = parameter(0.01, 0, 1, unit="share of citizens", says="How many of the highest scorers are shown.")
    prominence: float = parameter(
        1.0,
        0,
        1000,
        unit="observations a week",
        symbol="e",
        says="What the board adds to what a citizen sees others do, if all on it comply.",
    )


class HonourBoard(Institution):
    """Show the highest scorers in public, as exemplars.

    Phases: `sanction`. In each scored domain everyone sees `prominence` times the share of the honoured who complied,
    as so many complying acts of others; their deviations are not shown. So both what is believed to be usual and what
    is believed to be approved rise. All their neighbours see the scores of the honoured, whose image has more at stake.
    """

    settings: HonourBoardSettings
    zero = {"share": 0.0}

    def leave(self, society: SocietyView) -> None:
        """Clear the flag `HONOURED`."""
        society.citizens.mark(Lists.HONOURED, np.zeros(len(society.citizens), bool))

    def establish(self, society: SocietyView) -> None:
        """State the exemplars of last week again, and add the honoured to `visibility`."""
        self._show(society)

    def sanction(self, society: SocietyView) -> None:
        """Set the flag `HONOURED` of the highest scorers, and state the exemplars by their acts."""
        c = society.citizens
        c.mark(Lists.HONOURED, top_share(c.score, self.settings.share, c.identity))
        self._show(society)

    def _show(self, society: SocietyView) -> None:
        c, now = society.citizens, society.conditions
        honoured = c.on(Lists.HONOURED)
        c.contribute("visibility", honoured & ~np.isnan(c.score))
        scored = society.domains.scored == 1
        now.exemplars[:] = 0.0
        if honoured.any():
            now.exemplars[scored] = self.settings.prominence * c.complies[honoured][:, scored].mean(axis=0)
