"""Emigration."""

from __future__ import annotations

import numpy as np

from ..base import Institution, Settings, parameter
from ..chance import OwnPurpose
from ..citizens import FEWEST, Lists
from ..view import SocietyView

MONTH = 4
"""Weeks from one departure to the next."""


class ExitSettings(Settings):
    """Who can leave, and how readily."""

    rate: float = parameter(
        0.01, 0, 1, unit="rate a week", says="How fast those leave who have the means, no trust and no loyalty."
    )
    means: float = parameter(1.0, 0, 1e6, unit="mean wealth", says="Wealth that it takes.")


class Exit(Institution):
    """Let those with distrust and means leave for good.

    Phases: `mingle`, once in four weeks. Whoever has the means leaves at rate · (1 − trust in the authority) · (1 −
    loyalty) a week, loyalty being the mean conviction in the scored domains (Hirschman 1970, Exit, Voice, and Loyalty).
    Between this week and the next the row is taken out of every rule and measure; nobody takes the place.
    """

    settings: ExitSettings
    zero = {"rate": 0.0}
    LEAVING = OwnPurpose(57)

    def mingle(self, society: SocietyView) -> None:
        """Set the flag `EMIGRATED` of those who leave, once in four weeks."""
        c, s = society.citizens, self.settings
        if society.week % MONTH:
            return
        scored = society.domains.scored == 1
        loyalty = c.conviction[:, scored].mean(axis=1) if scored.any() else np.zeros(len(c))
        stays = np.ones(len(c))
        for _ in range(MONTH):
            stays *= 1 - s.rate * (1 - c.authority_trust) * (1 - loyalty)
        chance = 1 - stays
        leaving = (c.wealth >= s.means) & (society.uniforms(self.LEAVING, c.identity) < chance)
        leaving |= c.on(Lists.EMIGRATED)  # those whom somebody else lets go this week
        spare = len(c) - FEWEST
        if int(leaving.sum()) > spare:
            leaving[np.flatnonzero(leaving)[spare:]] = False
        c.mark(Lists.EMIGRATED, leaving)
