"""A dating site on which one may show one's score."""

from __future__ import annotations

import numpy as np

from ..base import Institution, Measure, Settings, parameter
from ..chance import OwnPurpose, Words, uniform
from ..citizens import Citizens, Lists
from ..columns import INF, Bits, Floats, Ints, each
from ..compiled import compiled
from ..groups import MONTH, quantiles
from ..sight import find_fellows
from ..view import SocietyView, Ties


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
    dates: float = parameter(0.02, 0, 1, unit="rate a week", says="How often seekers of middling rank find a partner.")
    worth: float = parameter(
        2.0, 0, 100, unit="utility", says="What a match with somebody who shows the highest rank is worth."
    )
    audience: float = parameter(0.3, 0, 1, unit="rate", says="Rate at which neighbours see a score that is shown.")


@compiled
def _new_ties_loop(
    start: int, stop: int, c: Citizens, ties: Ties, partners: Ints, chance: tuple[Words, int, int], dropped: Ints
) -> None:
    """Fill in for each citizen which tie it drops for the partner it met, −1 if none; it has another partner's row."""
    seed, step, purpose = chance
    for i in range(start, stop):
        dropped[i] = -1
        j, first, last = partners[i], ties.indptr[i], ties.indptr[i + 1]
        if j < 0 or last == first:
            continue
        known = False
        for t in range(first, last):
            known |= np.int64(ties.neighbours[t]) == j
        t = first + int(uniform(c.identity[i], 1, step, purpose, seed) * (last - first))
        other = np.int64(ties.neighbours[t])
        if not known and ties.indptr[other + 1] - ties.indptr[other] > 1:
            dropped[i] = t


class PartnerMarket(Institution):
    """Let seekers show their score or hide it, and match them by what is believed of them.

    Phases: `mingle`. With q the rank of its score among seekers, a seeker shows it if q − cost − privacy · concern is
    above what a hider is taken for, s · (mean of all seekers) + (1 − s) · (running mean of those who hide). So hiding
    gives way from above (unravelling): without privacy concern, down to (2 c + s) / (1 + s)
    (Jovanovic 1982; Peppet 2011).

    Once in four weeks seekers meet. Each finds a partner with chance dates · 2 · rank by belief for each of these
    weeks, and those who do find each other in the order of that rank, the highest the second highest (positive
    assortative matching: Becker 1973, doi:10.1086/260084). The two become tied, and one of them drops another tie,
    drawn by chance, for it: the number of ties stays the same.

    A match is worth worth · q, the rank shown by a partner, who is alike: worth · 2 · dates · q² a week to one who
    shows it, and so a point is worth 4 · worth · dates · q · (ranks a point). The `bonus` of complying is that for
    `horizon` weeks, times the points of the domain, times the chance that the act becomes known; stated anew once in
    four weeks. Ranks a point are those of the middle half of seekers, ½ / (upper − lower quartile).
    """

    settings: PartnerMarketSettings
    zero = {"seeking": 0.0}
    SEEKING = OwnPurpose(43)
    DISCLOSURE = OwnPurpose(44)
    DATING = OwnPurpose(45)
    DROPPING = OwnPurpose(102)
    rank_worth: Floats = each(0, INF, "utility a point", "what a point of its score is worth where it seeks a partner")
    matched: Bits = each(0, 1, "yes or no", "whether it found a partner this week", np.int8, until="mingle")
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
        """Add those who show their score to `visibility`, and what it brings them to `bonus`."""
        c, now = society.citizens, society.conditions
        self._show(c)
        c.contribute("bonus", self.rank_worth[:, None] * c.perceived_detection * (now.gain + now.loss))

    def mingle(self, society: SocietyView) -> None:
        """Set the flag `DISCLOSING` of seekers who show their score; draw who is `matched`, and tie them together."""
        c, s = society.citizens, self.settings
        seeking = (c.draw(society.seed, self.SEEKING) < s.seeking) & ~np.isnan(c.score)
        if not seeking.any():
            c.mark(Lists.DISCLOSING, np.zeros(len(c), bool))
            society.stale |= bool(self.rank_worth.any())
            self.rank_worth[:] = 0
            return
        who = np.flatnonzero(seeking)
        quality = quantiles(c.score[who])
        everyone = float(quality.mean())
        if np.isnan(self.hidden):
            self.hidden = everyone
        taken_for = s.naive * everyone + (1 - s.naive) * self.hidden
        worth = quality - s.cost - s.privacy * c.privacy_concern[who]
        deciding = society.uniforms(self.DISCLOSURE, c.identity[who]) < s.reconsider
        shows = np.where(deciding, worth > taken_for, c.on(Lists.DISCLOSING)[who])
        showing = np.zeros(len(c), bool)
        showing[who] = shows
        c.mark(Lists.DISCLOSING, showing)
        if not shows.all():
            self.hidden += s.reconsider * (float(quality[~shows].mean()) - self.hidden)
        if society.week % MONTH == 0:
            self._value(society, who, shows * quality)
            self._meet(society, who, np.where(shows, quality, taken_for))
        self._show(c)

    def _value(self, society: SocietyView, seekers: Ints, shown: Floats) -> None:
        c, s = society.citizens, self.settings
        ordered = np.sort(c.score[seekers])
        middle = float(ordered[3 * len(ordered) // 4] - ordered[len(ordered) // 4])
        density = 0.5 / middle if middle > 0 else 0.0
        before = self.rank_worth.any()
        # Nobody meets more than one partner at a time.
        dates = min(s.dates, 1 / (2 * MONTH))
        self.rank_worth[:] = 0
        self.rank_worth[seekers] = society.rates.horizon * 4 * s.worth * dates * density * shown
        society.stale |= bool(before or self.rank_worth.any())

    def _meet(self, society: SocietyView, seekers: Ints, believed: Floats) -> None:
        c, ties = society.citizens, society.ties
        chance = MONTH * self.settings.dates * 2 * quantiles(believed)
        finds = np.flatnonzero(society.uniforms(self.DATING, c.identity[seekers]) < chance)
        met = seekers[finds[np.lexsort((c.identity[seekers[finds]], -believed[finds]))]]
        met = met[: len(met) // 2 * 2]
        self.matched[met] = 1
        partners, dropped = np.full(len(c), -1), np.empty(len(c), np.int64)
        partners[met[::2]] = met[1::2]
        society.for_all(_new_ties_loop, c, ties, partners, (society.seed, society.week, self.DROPPING), dropped)
        who = np.flatnonzero(dropped >= 0)
        # Two may drop the tie between them; it is dropped once, for one new tie.
        gone = np.minimum(dropped[who], np.asarray(ties.reverse)[dropped[who]])
        who = who[np.sort(np.unique(gone, return_index=True)[1])]
        if len(who):
            resting = society.rates.trust.resting
            ties.replace(dropped[who], who, partners[who], c.identity, society.seed, resting)
            find_fellows(society, ties_only=True)

    def _show(self, c: Citizens) -> None:
        c.contribute("visibility", c.on(Lists.DISCLOSING) * self.settings.audience)

    def measured(self, society: SocietyView) -> dict[str, float]:
        """Give the share of citizens who show their score."""
        return {"disclosing": np.count_nonzero(society.citizens.on(Lists.DISCLOSING)) / len(society.citizens)}
