"""Social media that steer for engagement: no score, no sanction, no state."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from ..base import Institution, Settings, option, parameter
from ..chance import OwnPurpose
from ..view import SocietyView

Rate = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class AttentionPlatformSettings(Settings):
    """Who is on it, what it pulls toward, and what it learns."""

    users: float = parameter(0.8, 0, 1, unit="share of citizens", says="Citizens who use it.")
    pull: float = parameter(
        0.3,
        0,
        100,
        unit="utility",
        says="What thrift in `consumption` costs a user besides.",
    )
    extraction: dict[str, Rate] = option(
        {"consumption": 0.8, "inquiry": 0.5, "speech": 0.5, "civic": 0.2},
        unit="rate",
        says="Chance that it knows a user's act in a domain.",
    )


class AttentionPlatform(Institution):
    """Pull users toward deviating in `consumption`, and know much of what they do.

    No phase of its own: it makes thrift dearer in the citizens' `act`, observed or not, and raises exposure. What it
    knows is not the authority's, and nobody is judged by it.
    """

    settings: AttentionPlatformSettings
    zero = {"users": 0.0}
    roles = ("consumption",)
    PLATFORM = OwnPurpose(33)

    def establish(self, society: SocietyView) -> None:
        """Add users to `online`, what is extracted to `extracted`, and the pull to the cost of `consumption`."""
        c, now, s, domains = society.citizens, society.conditions, self.settings, society.domains
        users = c.draw(society.seed, self.PLATFORM) < s.users
        c.contribute("online", users)
        now.pull[domains.role("consumption")] += s.pull
        known = np.array([s.extraction.get(name, 0.0) for name in domains.names])
        c.contribute("extracted", users[:, None] * known)
