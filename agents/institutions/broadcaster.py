"""Newspapers, radio, notice boards: persuasion from above."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ..base import Institution, Settings, option, parameter
from ..view import SocietyView

Conviction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class BroadcasterSettings(Settings):
    """How far it is heard, and what it argues for."""

    reach: float = parameter(0.5, 0, 1, unit="share", says="How much of what citizens hear it is.")
    targets: dict[str, Conviction] = option(
        {"credit": 1.0, "conduct": 1.0, "civic": 1.0, "speech": 1.0},
        unit="share",
        says="Conviction it argues for in a domain; of other domains it says nothing.",
    )


class Broadcaster(Institution):
    """Draw convictions toward targets, heard in proportion to trust in the authority.

    No phase of its own: the citizens' `internalise` moves a conviction by a_broadcast · trust · reach · (target −
    conviction) a week.
    """

    settings: BroadcasterSettings
    by_domain = ("targets",)
    zero = {"reach": 0.0}

    def establish(self, society: SocietyView) -> None:
        """Add reach and targets to the persuasion of each domain."""
        now = society.conditions
        reach = min(1.0, self.settings.reach * now.funded("broadcast"))
        for d, name in enumerate(society.domains.names):
            if name in self.settings.targets:
                now.persuade(d, reach, self.settings.targets[name])
