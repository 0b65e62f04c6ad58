"""Emigration."""

from __future__ import annotations

import numpy as np

from ..base import Institution, Settings, parameter
from ..chance import OwnPurpose
from ..citizens import FEWEST, Lists
from ..columns import Floats
from ..groups import MONTH
from ..view import SocietyView


class ExitSettings(Settings):
    """Who can leave, and how readily."""

    rate: float = parameter(
        0.003, 0, 1, unit="rate a week", says="How fast those leave who have the means and every reason to."
    )
    means: float = parameter(1.0, 0, 1e6, unit="mean wealth", says="Wealth that it takes.")


def grievance(trust: Floats, loyalty: Floats, hardship: Floats) -> Floats:
    """How much there is to leave behind, 1 − (1 − (1 − trust)(1 − loyalty)) · (1 − hardship), in [0, 1].

    Who trusts the authority, or holds with what it asks, has no reason of that kind; hardship is a reason by itself.
    """
    return 1 - (1 - (1 - trust) * (1 - loyalty)) * (1 - hardship)


class Exit(Institution):
    """Let those with a grievance and the means leave for good.

    Phases: `mingle`, once in four weeks. Whoever has the means and is not held leaves at rate · grievance² a week, the
    grievance being 1 − (1 − (1 − trust in the authority)(1 − loyalty)) · (1 − hardship), and loyalty the mean
    conviction in the scored domains (Hirschman 1970, Exit, Voice, and Loyalty). The square is a model assumption: a
    half-hearted grievance hardly moves anyone abroad. Between this week and the next the row is taken out of every rule
    and measure; nobody takes the place.
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
        reason = grievance(c.authority_trust, loyalty, c.hardship)
        stays = np.ones(len(c))
        for _ in range(MONTH):
            stays *= 1 - s.rate * reason * reason
        free = (c.wealth >= s.means) & (c.held == 0)
        leaving = free & (society.uniforms(self.LEAVING, c.identity) < 1 - stays)
        leaving |= c.on(Lists.EMIGRATED)  # those whom somebody else lets go this week
        spare = len(c) - FEWEST
        if int(leaving.sum()) > spare:
            leaving[np.flatnonzero(leaving)[spare:]] = False
        c.mark(Lists.EMIGRATED, leaving)
