"""Hiding what others do, and watching who looks (Golden Shield)."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from pydantic import Field

from ..base import Institution, Measure, Settings, option, parameter
from ..chance import OwnPurpose
from ..columns import Bits, each, either
from ..rules.utility import choice_probabilities
from ..sensing import detect
from ..view import SocietyView

Rate = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]

YEAR = 52
"""Weeks after which everybody decides anew whether to get round the wall."""


class FirewallSettings(Settings):
    """What is hidden, what is watched, and what it takes to get round it."""

    hides: dict[str, Rate] = option(
        {"speech": 0.5, "inquiry": 0.5}, unit="rate", says="Rate at which deviance in a domain is hidden from view."
    )
    monitors: dict[str, Rate] = option(
        {"speech": 0.1, "inquiry": 0.1}, unit="rate", says="Chance that an act in a domain is detected at the wall."
    )
    cost: float = parameter(
        2.8,
        0,
        100,
        unit="utility",
        says="What getting round it costs, weighed against how much one wants to look things up.",
        source="free access alone is used by fewer than one in twenty: Chen & Yang 2019, doi:10.1257/aer.20171765; "
        "set so that one in twenty gets round it",
        explore=(0, 5),
    )


class Firewall(Institution):
    """Hide deviance in chosen domains from all but those who get round it, and detect acts there.

    Phases: `mingle`, `watch`; what is hidden works in the citizens' `perceive`. A citizen gets round the wall with the
    logit chance σ(β(λ(1 − 2x) − cost)): how wrong it finds not looking things up, x being its conviction in the domain
    of the role `curiosity`, against what the detour costs. A person's luck in it is drawn once; everybody decides when
    the wall is built, and again every year. So hardly anybody does who is not curious, and few of those who are: that
    access is there does not make people want it (Chen & Yang 2019). Those who get round it see everything, and are not
    watched by it.
    """

    settings: FirewallSettings
    by_domain = ("hides", "monitors")
    zero = {"hides": {}, "monitors": {}}
    CIRCUMVENTION = OwnPurpose(27)
    MONITORING = OwnPurpose(28)
    beyond_wall: Bits = each(0, 1, "yes or no", "whether it gets round the firewall", np.int8)
    measures = (
        Measure(
            "beyond_wall",
            "Get round the firewall",
            "share of citizens",
            0,
            1,
            "Citizens who get round the firewall.",
            "Chen & Yang 2019, doi:10.1257/aer.20171765",
            kind="structure",
        ),
    )

    def enter(self, society: SocietyView) -> None:
        """Let everybody decide whether to get round it."""
        self.since = society.week
        self.beyond_wall[:] = self._decide(society)

    def welcome(self, society: SocietyView, newcomers: Any) -> None:
        """Let newcomers decide."""
        self.beyond_wall[newcomers] = self._decide(society)[newcomers]

    def mingle(self, society: SocietyView) -> None:
        """Let everybody decide anew, once a year."""
        if (society.week - self.since) % YEAR == 0 and society.week > self.since:
            self.beyond_wall[:] = self._decide(society)
            society.stale = True

    def _decide(self, society: SocietyView) -> Any:
        c, rates, d = society.citizens, society.rates, society.domains.role("curiosity")
        curiosity = rates.conviction_weight * (1 - 2 * c.conviction[:, d]) if d >= 0 else np.zeros(len(c))
        chance = choice_probabilities(curiosity - self.settings.cost, rates.rationality)
        return c.draw(society.seed, self.CIRCUMVENTION) < chance

    def establish(self, society: SocietyView) -> None:
        """Add all who do not get round the wall to `behind` and `watched`."""
        c, now, s, names = society.citizens, society.conditions, self.settings, society.domains.names
        self.reach = (1 - self.beyond_wall).astype(np.float64)
        if any(s.hides.values()):
            c.contribute("behind", self.reach)
        now.hidden[:] = either(now.hidden, np.array([s.hides.get(name, 0.0) for name in names]))
        self.monitoring = np.array([s.monitors.get(name, 0.0) for name in names])
        c.contribute("watched", self.reach, self.monitoring)

    def watch(self, society: SocietyView) -> None:
        """Write what is detected at the wall into `noted` and `detected`."""
        detect(society, self.MONITORING, self.reach, self.monitoring, 0.0)

    def measured(self, society: SocietyView) -> dict[str, float]:
        """Give the share of citizens who get round it."""
        return {"beyond_wall": float(self.beyond_wall.mean())}
