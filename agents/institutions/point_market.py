"""Ways round the score: cheap signals that sensors take for the real thing, and points for money."""

from __future__ import annotations

from math import inf
from typing import Annotated

import numpy as np
from pydantic import Field

from ..base import Institution, Settings, option, parameter
from ..chance import OwnPurpose
from ..rules.choosing import stakes_in
from ..view import SocietyView

Rate = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class PointMarketSettings(Settings):
    """What can be faked, and what a point costs."""

    fakeable: dict[str, Rate] = option(
        {"civic": 0.5, "consumption": 0.5},
        unit="rate",
        says="Chance that a deviation in a domain can be made to look like complying.",
    )
    fake_cost: float = parameter(0.1, 0, 100, unit="utility", says="What faking an act costs.")
    price: float = parameter(
        0.002, 1e-9, inf, unit="mean wealth a point", says="Price of a lost point; inf is not sold."
    )
    most: float = parameter(10.0, 0, 1e6, unit="points a week", says="Points that one citizen can buy.")
    reserve: float = parameter(0.5, 0, 1e6, unit="mean wealth", says="Wealth that is not spent on points.")


class PointMarket(Institution):
    """Let citizens fake measured acts, and buy back the points they lost.

    Phases: `act`, `mingle`. Who deviates where it could fake, and has more at stake in the score than faking costs,
    fakes: sensors, not neighbours, take the act for complying. So complying itself is worth no more than faking (see
    `rules.choosing.honest_stake`). Points below the start of the scheme are restored for `price` each, down to the
    reserve. Goodhart's law: what is bought and what is faked is no measure of conduct (Manheim & Garrabrant 2018,
    arXiv:1803.04585).
    """

    settings: PointMarketSettings
    zero = {"fakeable": {}, "price": inf}
    FAKING = OwnPurpose(55)

    def establish(self, society: SocietyView) -> None:
        """State the share of acts that can be faked, and what faking costs."""
        now = society.conditions
        now.fakeable = np.array([self.settings.fakeable.get(name, 0.0) for name in society.domains.names])
        now.fake_cost = self.settings.fake_cost

    def act(self, society: SocietyView) -> None:
        """Add to `faked` the deviations that sensors take for complying acts."""
        c, now = society.citizens, society.conditions
        for d in np.flatnonzero(now.fakeable):
            able = society.uniforms(self.FAKING, c.identity, d) < now.fakeable[d]
            fakes = able & (c.complies[:, d] == 0) & (stakes_in(society, int(d)) > now.fake_cost)
            c.faked[fakes] |= np.uint32(1 << d)

    def mingle(self, society: SocietyView) -> None:
        """Raise `score` by the points bought, and lower `wealth` by their price."""
        c, s = society.citizens, self.settings
        lost = np.nan_to_num(society.conditions.score_start - c.score)
        affordable = np.maximum(0.0, c.wealth - s.reserve) / s.price
        points = np.clip(np.minimum(lost, affordable), 0.0, s.most)
        c.score += points
        if np.isfinite(s.price):
            c.wealth -= points * s.price
