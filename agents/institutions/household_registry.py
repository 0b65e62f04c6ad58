"""The hukou: everyone is registered somewhere, and is known there."""

from __future__ import annotations

import numpy as np

from ..base import Institution, Settings, parameter
from ..chance import OwnPurpose
from ..view import SocietyView


class HouseholdRegistrySettings(Settings):
    """How many move, and how far the eye of the authority follows them."""

    mobility: float = parameter(
        0.004, 0, 1, unit="rate a week", says="How often a citizen moves to another region.", explore=(0, 0.05)
    )
    urbanisation: float = parameter(0.0, 0, 10, unit="rate a year", says="How much that rate grows each year.")
    returning: float = parameter(
        0.0095,
        0,
        1,
        unit="rate a week",
        says="How often someone who lives away from home goes back.",
        source="chosen so that 27% live away: 376 of 1,412 million at the census of 2020 (Chan 2021)",
        explore=(0, 0.05),
    )
    reach_away: float = parameter(
        0.3,
        0,
        1,
        unit="share",
        says="How far sensors, and so bureau and court, reach those away from where they are registered.",
    )


class HouseholdRegistry(Institution):
    """Bind the record to the region of registration, which people leave.

    Phases: `perceive`, `mingle`. A citizen moves with chance m = mobility · (1 + urbanisation · years) a week, to any
    of the R − 1 other regions, and from elsewhere goes back with chance `returning` besides. The share away so settles
    at m / (m + m / (R − 1) + returning). Away from home the authority's sensors detect it at `reach_away` of their
    rate, and what they do not detect neither bureau nor court knows; unless the record is unified.
    """

    settings: HouseholdRegistrySettings
    zero = {"mobility": 0.0}
    MOVE = OwnPurpose(37)
    RETURN = OwnPurpose(61)

    def enter(self, society: SocietyView) -> None:
        """Note the week from which urbanisation counts."""
        self.since = society.week

    def perceive(self, society: SocietyView) -> None:
        """Multiply `reach` of those away from home by `reach_away`, unless the record is unified."""
        c = society.citizens
        home = (c.place == c.region) | society.conditions.unified
        c.contribute("reach", np.where(home, 1.0, self.settings.reach_away))

    def mingle(self, society: SocietyView) -> None:
        """Draw who goes back and who moves, and set their `place`."""
        c, s, regions = society.citizens, self.settings, society.regions
        chance = s.mobility * (1 + s.urbanisation * (society.week - self.since) / 52)
        away = np.flatnonzero(c.place != c.region)
        back = away[society.uniforms(self.RETURN, c.identity[away]) < s.returning]
        moving = np.flatnonzero(society.uniforms(self.MOVE, c.identity) < chance)
        c.place[back] = c.region[back]
        if regions > 1:
            where = society.uniforms(self.MOVE, c.identity[moving], 1)
            c.place[moving] = (c.place[moving] + 1 + (where * (regions - 1)).astype(np.int64)) % regions
