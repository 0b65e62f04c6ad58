"""A dating site on which one may show one's score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..base import Institution, Settings, parameter
from ..chance import Purpose
from ..citizens import DISCLOSING
from ..groups import quantiles

if TYPE_CHECKING:
    from ...model.society import Society
    from ..citizens import Citizens, Floats


class PartnerMarketSettings(Settings):
    """Who seeks, what showing the score costs, and what is made of those who hide it."""

    seeking: float = parameter(0.3, 0, 1, unit="share of citizens", says="Citizens who seek a partner.")
    naive: float = parameter(
        0.2,
        0,
        1,
        unit="share of citizens",
        symbol="s",
        says="Seekers who take a hider for the mean of all, not for the mean of those who hide.",
        source="Jin, Luca & Martin (few infer enough from what is not shown); the value is a model assumption",
    )
    cost: float = parameter(0.05, 0, 1, unit="rank", symbol="c", says="What showing it costs.")
    privacy: float = parameter(0.1, 0, 1, unit="rank", says="What showing it costs besides at full privacy concern.")
    reconsider: float = parameter(0.1, 0, 1, unit="rate a week", says="How often a seeker decides anew.")
    dates: float = parameter(0.1, 0, 1, unit="rate a week", says="How often seekers of middling rank meet a partner.")
    audience: float = parameter(0.3, 0, 1, unit="rate", says="Rate at which neighbours see a score that is shown.")


class PartnerMarket(Institution):
    """Let seekers show their score or hide it, and meet by what is believed of them.

    Phases: `mingle`. With q the rank of its score among seekers, a seeker shows it if q − cost − privacy · concern is
    above what a hider is taken for, s · (mean of all seekers) + (1 − s) · (running mean of those who hide). So hiding
    gives way from above (unravelling): without privacy concern, down to (2 c + s) / (1 + s)
    (Jovanovic 1982; Peppet 2011). The chance of a date is dates · 2 · rank by belief.
    """

    settings: PartnerMarketSettings
    zero = {"seeking": 0.0}

    def enter(self, society: Society) -> None:
        """Open, with nothing known of those who hide."""
        self.hidden = np.nan

    def leave(self, society: Society) -> None:
        """Take the profiles down."""
        c = society.citizens
        c.mark(DISCLOSING, np.zeros(len(c), bool))
        c.matched[:] = 0

    def establish(self, society: Society) -> None:
        """Show what is shown."""
        self._show(society.citizens)

    def mingle(self, society: Society) -> None:
        """Decide whether to show the score, and meet."""
        c, s = society.citizens, self.settings
        c.matched[:] = 0
        seeking = (c.draw(society, Purpose.SEEKING) < s.seeking) & ~np.isnan(c.score)
        if not seeking.any():
            c.mark(DISCLOSING, np.zeros(len(c), bool))
            return
        quality = np.zeros(len(c))
        quality[seeking] = quantiles(c.score[seeking])
        everyone = float(quality[seeking].mean())
        if np.isnan(self.hidden):
            self.hidden = everyone
        taken_for = s.naive * everyone + (1 - s.naive) * self.hidden
        worth = quality - s.cost - s.privacy * c.privacy_concern
        deciding = society.uniforms(Purpose.DISCLOSURE, c.identity) < s.reconsider
        showing = seeking & np.where(deciding, worth > taken_for, c.on(DISCLOSING))
        c.mark(DISCLOSING, showing)
        hiding = seeking & ~showing
        if hiding.any():
            self.hidden += s.reconsider * (float(quality[hiding].mean()) - self.hidden)
        self._meet(society, seeking, np.where(showing, quality, taken_for))
        self._show(c)

    def _meet(self, society: Society, seeking: np.ndarray, believed: Floats) -> None:
        c = society.citizens
        rank = quantiles(believed[seeking])
        c.matched[seeking] = society.uniforms(Purpose.DATING, c.identity[seeking]) < self.settings.dates * 2 * rank

    def _show(self, c: Citizens) -> None:
        c.visibility[:] = np.maximum(c.visibility, c.on(DISCLOSING) * self.settings.audience)
