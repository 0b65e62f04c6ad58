"""A dating site on which one may show one's score."""

from __future__ import annotations

import numpy as np

from ..base import Institution, Measure, Settings, parameter
from ..chance import OwnPurpose
from ..citizens import Citizens, Lists
from ..columns import Bits, Floats, each
from ..groups import quantiles
from ..view import SocietyView


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
    SEEKING = OwnPurpose(43)
    DISCLOSURE = OwnPurpose(44)
    DATING = OwnPurpose(45)
    matched: Bits = each(0, 1, "yes or no", "whether it met a partner this week", np.int8, until="mingle")
    measures = (
        Measure(
            "disclosing",
            "Show their score",
            "share of citizens",
            0,
            1,
            "Citizens who show their score to partners.",
            absent=0.0,
            kind="privacy",
        ),
    )

    def enter(self, society: SocietyView) -> None:
        """Set the running mean of those who hide to none."""
        self.hidden = np.nan

    def leave(self, society: SocietyView) -> None:
        """Clear the flag `DISCLOSING`."""
        c = society.citizens
        c.mark(Lists.DISCLOSING, np.zeros(len(c), bool))

    def establish(self, society: SocietyView) -> None:
        """Add those who show their score to `visibility`."""
        self._show(society.citizens)

    def mingle(self, society: SocietyView) -> None:
        """Set the flag `DISCLOSING` of seekers who show their score, and draw who is `matched`."""
        c, s = society.citizens, self.settings
        seeking = (c.draw(society.seed, self.SEEKING) < s.seeking) & ~np.isnan(c.score)
        if not seeking.any():
            c.mark(Lists.DISCLOSING, np.zeros(len(c), bool))
            return
        quality = np.zeros(len(c))
        quality[seeking] = quantiles(c.score[seeking])
        everyone = float(quality[seeking].mean())
        if np.isnan(self.hidden):
            self.hidden = everyone
        taken_for = s.naive * everyone + (1 - s.naive) * self.hidden
        worth = quality - s.cost - s.privacy * c.privacy_concern
        deciding = society.uniforms(self.DISCLOSURE, c.identity) < s.reconsider
        showing = seeking & np.where(deciding, worth > taken_for, c.on(Lists.DISCLOSING))
        c.mark(Lists.DISCLOSING, showing)
        hiding = seeking & ~showing
        if hiding.any():
            self.hidden += s.reconsider * (float(quality[hiding].mean()) - self.hidden)
        self._meet(society, seeking, np.where(showing, quality, taken_for))
        self._show(c)

    def _meet(self, society: SocietyView, seeking: np.ndarray, believed: Floats) -> None:
        c = society.citizens
        rank = quantiles(believed[seeking])
        self.matched[seeking] = society.uniforms(self.DATING, c.identity[seeking]) < self.settings.dates * 2 * rank

    def _show(self, c: Citizens) -> None:
        c.contribute("visibility", c.on(Lists.DISCLOSING) * self.settings.audience)

    def measured(self, society: SocietyView) -> dict[str, float]:
        """Give the share of citizens who show their score."""
        return {"disclosing": np.count_nonzero(society.citizens.on(Lists.DISCLOSING)) / len(society.citizens)}
