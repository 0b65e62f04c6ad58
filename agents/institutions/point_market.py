"""Ways round the score: cheap signals that sensors take for the real thing, and points for money."""

from __future__ import annotations

from math import inf
from typing import Annotated

import numpy as np
from pydantic import Field

from ..arithmetic import logistic, logit
from ..base import Institution, Settings, option, parameter
from ..chance import OwnPurpose
from ..groups import QUARTER
from ..remedies import nearest
from ..rules.choosing import stakes_in
from ..view import ScenarioView, SocietyView

Rate = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class PointMarketSettings(Settings):
    """What can be faked, and what a point costs."""

    fakeable: dict[str, Rate] = option(
        {"civic": 0.5, "consumption": 0.5},
        unit="rate",
        says="Chance that a deviation in a domain can be made to look like complying.",
    )
    fake_cost: float = parameter(0.02, 0, 100, unit="utility", says="What faking an act costs.")
    price: float = parameter(
        0.002, 1e-9, inf, unit="mean wealth a point", says="Price of a lost point; inf is not sold."
    )
    most: float = parameter(10.0, 0, 1e6, unit="points a week", says="Points that one citizen can buy.")
    reserve: float = parameter(0.5, 0, 1e6, unit="mean wealth", says="Wealth that is not spent on points.")
    bribes: float = parameter(
        0.0, 0, 10, unit="logit a year", says="How fast producers who pay for it raise their domain's share of points."
    )
    bribed: str = option("consumption", says="Domain whose producers pay.")


class PointMarket(Institution):
    """Let citizens fake measured acts, and buy back the points they lost.

    Phases: `act`, `mingle`. Who deviates where it could fake, and has more at stake in the score than faking costs,
    fakes: sensors, not neighbours, take the act for complying. So complying itself is worth no more than faking (see
    `rules.choosing.honest_stake`). Points below the start of the scheme are restored for `price` each, down to the
    reserve; the money is the authority's, for the rewards of the week after. Producers of what is measured pay to have
    it count for more: every quarter the logit of their domain's share of the points to be gained rises by a quarter of
    `bribes`, and the other domains' gains shrink in proportion. Goodhart's law: what is bought and what is faked is no
    measure of conduct (Manheim & Garrabrant 2018, arXiv:1803.04585).
    """

    settings: PointMarketSettings
    by_domain = ("fakeable",)
    zero = {"fakeable": {}, "price": inf, "bribes": 0.0}
    FAKING = OwnPurpose(55)

    @classmethod
    def check(cls, plan: ScenarioView) -> None:
        """Refuse a bribed domain that does not exist."""
        bribed = plan.institutions[cls.name].bribed
        if bribed not in plan.known_domains:
            raise ValueError(f"institutions.{cls.name}.bribed: {nearest(bribed, plan.domain_names)}")

    def enter(self, society: SocietyView) -> None:
        """Begin without revenue and with the points as they are."""
        self.revenue = self.drift = 0.0

    def establish(self, society: SocietyView) -> None:
        """State what can be faked at what cost, last week's revenue, and the points as bribes have moved them."""
        now = society.conditions
        now.fakeable = np.array([self.settings.fakeable.get(name, 0.0) for name in society.domains.names])
        now.fake_cost = self.settings.fake_cost
        now.revenue = self.revenue
        self._move_points(society)

    def _move_points(self, society: SocietyView) -> None:
        gain, d = society.conditions.gain, society.domains.index(self.settings.bribed)
        total = float(gain.sum())
        if d is None or self.drift == 0 or not 0 < gain[d] < total:
            return
        before = float(gain[d]) / total
        share = logistic(logit(before) + self.drift)
        gain *= (1 - share) / (1 - before)
        gain[d] = share * total

    def act(self, society: SocietyView) -> None:
        """Add to `faked` the deviations that sensors take for complying acts."""
        c, now = society.citizens, society.conditions
        for d in np.flatnonzero(now.fakeable):
            able = society.uniforms(self.FAKING, c.identity, d) < now.fakeable[d]
            fakes = able & (c.complies[:, d] == 0) & (stakes_in(society, int(d)) > now.fake_cost)
            c.faked[fakes] |= np.uint32(1 << d)

    def mingle(self, society: SocietyView) -> None:
        """Raise `score` by the points bought, lower `wealth` by their price; every quarter let bribes work."""
        c, s = society.citizens, self.settings
        lost = np.nan_to_num(society.conditions.score_start - c.score)
        affordable = np.maximum(0.0, c.wealth - s.reserve) / s.price
        points = np.clip(np.minimum(lost, affordable), 0.0, s.most)
        c.score += points
        if np.isfinite(s.price):
            c.wealth -= points * s.price
            self.revenue = float(points.mean()) * s.price
            society.conditions.take_in(self.revenue)
        if s.bribes > 0 and society.week % QUARTER == 0:
            self.drift += s.bribes * QUARTER / 52
            society.stale = True
