"""Hiding what others do, and watching who looks (Golden Shield)."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from ..base import Institution, Settings, option, parameter
from ..chance import OwnPurpose
from ..columns import either
from ..sensing import detect
from ..view import SocietyView

Rate = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class FirewallSettings(Settings):
    """What is hidden, what is watched, and who gets round it."""

    hides: dict[str, Rate] = option(
        {"speech": 0.5, "inquiry": 0.5}, unit="rate", says="Rate at which deviance in a domain is hidden from view."
    )
    monitors: dict[str, Rate] = option(
        {"speech": 0.1, "inquiry": 0.1}, unit="rate", says="Chance that an act in a domain is detected at the wall."
    )
    circumvention: float = parameter(
        0.1, 0, 1, unit="share of citizens", says="Citizens who get round it, see everything and are not watched by it."
    )


class Firewall(Institution):
    """Hide deviance in chosen domains from all but those who get round it, and detect acts there.

    Phases: `watch`; what is hidden works in the citizens' `perceive`. Who gets round it is drawn once, with a chance
    proportional to 1 − initial conviction in `inquiry`.
    """

    settings: FirewallSettings
    zero = {"hides": {}, "monitors": {}}
    CIRCUMVENTION = OwnPurpose(27)
    MONITORING = OwnPurpose(28)

    def establish(self, society: SocietyView) -> None:
        """Draw who gets round the wall, and add all others to `behind` and `watched`."""
        c, now, s, names = society.citizens, society.conditions, self.settings, society.domains.names
        d = society.domains.role("curiosity")
        curious = np.ones(len(c)) if d < 0 else 1 - c.start_conviction[:, d]
        chance = s.circumvention * curious / max(float(curious.mean()), 1e-12)
        self.reach = (c.draw(society.seed, self.CIRCUMVENTION) >= chance).astype(np.float64)
        if any(s.hides.values()):
            c.contribute("behind", self.reach)
        now.hidden[:] = either(now.hidden, np.array([s.hides.get(name, 0.0) for name in names]))
        self.monitoring = np.array([s.monitors.get(name, 0.0) for name in names])
        c.contribute("watched", self.reach[:, None] * self.monitoring)

    def watch(self, society: SocietyView) -> None:
        """Write what is detected at the wall into `noted` and `detected`."""
        detect(society, self.MONITORING, self.reach, self.monitoring, 0.0)
