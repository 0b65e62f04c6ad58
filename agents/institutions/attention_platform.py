"""Social media that steer for engagement: no score, no sanction, no state."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from ..base import Institution, Measure, Settings, option, parameter
from ..chance import OwnPurpose
from ..columns import Floats, each
from ..groups import MONTH
from ..view import SocietyView

Rate = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class AttentionPlatformSettings(Settings):
    """Who is on it, how it draws them in, what its advertisements do, and what it learns and sells."""

    users: float = parameter(0.8, 0, 1, unit="share of citizens", says="Citizens who use it.")
    start: float = parameter(
        0.1, 0, 1, unit="share of waking time", says="Time that users spend on it before it is a habit."
    )
    habit: float = parameter(
        0.31,
        0,
        0.99,
        unit="share",
        says="Time spent on it from habit, as a share of the time that one has come to spend on it.",
        source="Allcott, Gentzkow & Song 2022, doi:10.1257/aer.20210867: lack of self-control makes 31% of the use",
    )
    formation: float = parameter(0.05, 0, 1, unit="rate a week", says="How fast the habit forms.")
    pull: float = parameter(
        2.0,
        0,
        100,
        unit="utility",
        says="What its advertisements add to the cost of thrift in `consumption`, for one always on it.",
    )
    extraction: dict[str, Rate] = option(
        {"consumption": 0.8, "inquiry": 0.5, "speech": 0.5, "civic": 0.2},
        unit="rate",
        says="Chance that it comes to know, and sells, an act in a domain of one always on it.",
    )


class AttentionPlatform(Institution):
    """Draw users in, advertise what they need not buy, and sell what they do.

    Phases: `mingle`. The time u that a user spends on it grows with use, u += formation · (start + habit · u − u): from
    `start` to start / (1 − habit). Once in four weeks what follows from it is stated anew: thrift costs u · pull more,
    observed or not, and firms know an act with chance u · extraction. What it knows is not the authority's, nobody is
    judged by it, and nobody fears it.
    """

    settings: AttentionPlatformSettings
    zero = {"users": 0.0}
    roles = ("consumption",)
    PLATFORM = OwnPurpose(33)
    screen_time: Floats = each(0, 1, "share of waking time", "time that it spends on the platform")
    measures = (
        Measure(
            "screen_time",
            "On the platform",
            "share of waking time",
            0,
            1,
            "Time spent on the platform, mean over all citizens.",
            absent=0.0,
            kind="privacy",
        ),
    )

    def establish(self, society: SocietyView) -> None:
        """Add time spent to `online`, what is sold to `extracted`, and advertising to the cost of `consumption`."""
        c, now, s, domains = society.citizens, society.conditions, self.settings, society.domains
        users = c.draw(society.seed, self.PLATFORM) < s.users
        self.screen_time[:] = users * np.where(self.screen_time > 0, self.screen_time, s.start)
        c.contribute("online", self.screen_time)
        now.pull[domains.role("consumption")] += s.pull
        known = np.array([s.extraction.get(name, 0.0) for name in domains.names])
        c.contribute("extracted", self.screen_time, known)

    def mingle(self, society: SocietyView) -> None:
        """Let the habit form."""
        s, time = self.settings, self.screen_time
        self.screen_time += (time > 0) * (s.formation * (s.start + s.habit * time - time))
        society.stale |= s.users > 0 and society.week % MONTH == 0

    def measured(self, society: SocietyView) -> dict[str, float]:
        """Give the time spent on it."""
        return {"screen_time": float(self.screen_time.mean())}
