"""A score kept by a firm: one joins for its perks."""

from __future__ import annotations

import numpy as np

from ..base import Institution, Measure, Settings, option, parameter
from ..chance import OwnPurpose
from ..columns import INF, Bits, Floats, each
from ..conditions import Offer
from ..groups import MONTH
from ..rules.utility import choice_probabilities
from ..sensing import detect
from ..sight import sum_over_neighbours
from ..view import SocietyView

SENSED = ("debt", "consumption")
"""Roles of the domains that it knows of."""
SESAME = "weights of the parts as commonly reported of a commercial score in China"
LOW, HIGH = 350.0, 950.0
"""Range of a commercial score in China as commonly reported, in points."""


class Parts(Settings):
    """Weights of the parts of the score."""

    history: float = parameter(35.0, 0, 100, unit="percent", says="Complying in `credit`.", source=SESAME)
    ability: float = parameter(25.0, 0, 100, unit="percent", says="Wealth, as wealth / (1 + wealth).", source=SESAME)
    behaviour: float = parameter(20.0, 0, 100, unit="percent", says="Complying in `consumption`.", source=SESAME)
    identity: float = parameter(15.0, 0, 100, unit="percent", says="Having joined.", source=SESAME)
    network: float = parameter(5.0, 0, 100, unit="percent", says="Mean score of neighbours who joined.", source=SESAME)


class CommercialScoreSettings(Settings):
    """What joining brings and costs, what the firm senses, and whom it tells."""

    eligible: float = parameter(1.0, 0, 1, unit="share of citizens", says="Citizens who could join.")
    perks: float = parameter(
        1.0, 0, 100, unit="utility", says="What the perks of the highest score are worth above those of the lowest."
    )
    imitation: float = parameter(1.0, 0, 100, unit="utility", says="Pull of neighbours who joined and show it.")
    caution: float = parameter(2.0, 0, 100, unit="utility", says="Weight of one's privacy concern against joining.")
    consider: float = parameter(0.1, 0, 1, unit="rate a month", says="How often one thinks of joining.")
    senses: float = parameter(0.9, 0, 1, unit="rate", says="Chance that it knows a member's act in these domains.")
    memory: float = parameter(13.0, 1, 1000, unit="months", says="How long it remembers.")
    parts: Parts = option(Parts(), says="Weights of the parts of the score.")
    shares_with_authority: float = parameter(
        0.0, 0, 1, unit="rate", says="Part of what it knows that the authority gets."
    )
    inference: float = parameter(
        0.5, 0, 1, unit="share", says="How well it knows of someone whose neighbours have all joined."
    )
    leak: float = parameter(
        0.02, 0, 1, unit="rate a month", says="How fast citizens learn that it tells the authority all it knows."
    )
    betrayal: float = parameter(
        2.0, 0, 100, unit="utility", says="What speaks against a firm that is known to tell the authority all it knows."
    )
    purchase: float = parameter(
        0.1, 0, 100, unit="utility", says="What it costs to buy something that looks like thrift in `consumption`."
    )


class CommercialScore(Institution):
    """Score those who join by what they pay and buy, and perhaps tell the authority.

    Phases: `watch`, `score`, once every four weeks. Someone who thinks of it joins with logit probability of perks ·
    2 · wealth / (1 + wealth) + imitation · (share of neighbours who joined) − caution · privacy concern − betrayal ·
    shares_with_authority if it knows of that: perks are for those who can use them. At leak · shares_with_authority a
    month a citizen learns what the firm does with what it knows; members who know think of leaving as others think of
    joining. So what the firm itself sees counts against the firm; against the authority counts what it is told.

    The score is 350 + 600 · the weighted mean of its parts. What complying brings a member is perks · senses · the
    weight of its part; but a member who deviates in `consumption` may buy something that looks like thrift instead,
    diapers for a score that likes parents, with logit probability of what that brings − purchase: the firm takes it for
    the habit, and complying itself is worth no more than the purchase costs. What the firm shares is detected for the
    authority; of those who did not join it infers from their neighbours who did.
    """

    settings: CommercialScoreSettings
    zero = {"eligible": 0.0}
    roles = ("debt", "consumption")
    COMMERCE = OwnPurpose(39)
    JOINING = OwnPurpose(40)
    SHARING = OwnPurpose(41)
    ELIGIBLE = OwnPurpose(42)
    LEAK = OwnPurpose(100)
    PURCHASE = OwnPurpose(101)
    commercial_score: Floats = each(
        -INF, INF, "points", "score at a firm that it joined; NaN for others", neutral=np.nan
    )
    informed: Bits = each(0, 1, "yes or no", "whether it knows what a firm tells the authority", np.int8)
    measures = (
        Measure(
            "joined",
            "Joined a score",
            "share of citizens",
            0,
            1,
            "Members of a commercial score.",
            absent=0.0,
            kind="privacy",
        ),
    )

    def enter(self, society: SocietyView) -> None:
        """Set every citizen's habits to one half, and have no members."""
        self.habits = np.full((society.founders, len(SENSED)), 0.5)

    def welcome(self, society: SocietyView, newcomers: np.ndarray) -> None:
        """Know nothing of the habits of newcomers."""
        super().welcome(society, newcomers)
        self.habits[society.citizens.node[newcomers]] = 0.5

    def establish(self, society: SocietyView) -> None:
        """Add to members' `bonus` and `extracted`, and to `watched` what is shared with the authority; offer scores."""
        c, s, domains = society.citizens, self.settings, society.domains
        joined = (~np.isnan(self.commercial_score)).astype(np.float64)
        self.sensed, points = np.zeros(len(domains)), np.zeros(len(domains))
        for name, weight in zip(SENSED, (s.parts.history, s.parts.behaviour), strict=True):
            self.sensed[domains.role(name)] = s.senses
            points[domains.role(name)] = s.senses * weight / (sum(part for _, part in s.parts) or 1.0)
        worth = s.perks * points
        bought = domains.role("consumption")
        self.brought = worth[bought]
        worth[bought] = min(worth[bought], s.purchase)
        c.contribute("bonus", joined, worth)
        c.contribute("extracted", joined, self.sensed)
        self.known = np.maximum(joined, s.inference * self._around(society, joined)) * s.shares_with_authority
        c.contribute("watched", self.known, self.sensed)
        society.conditions.offered["commercial_score"] = Offer(1.0, points * (HIGH - LOW) / (s.memory * MONTH))

    def _around(self, society: SocietyView, values: Floats) -> Floats:
        """Mean of a value over each citizen's neighbours; 0 without any."""
        ties = society.ties
        return sum_over_neighbours(ties.indptr, ties.neighbours, values) / np.maximum(1, np.diff(ties.indptr))

    def watch(self, society: SocietyView) -> None:
        """Write what is shared with the authority into `noted` and `detected`."""
        if self.settings.shares_with_authority > 0:
            detect(society, self.SHARING, self.known, self.sensed, 0.0)

    def score(self, society: SocietyView) -> None:
        """Once a month tell citizens what is shared, let them join and leave, and set `commercial_score` of members."""
        if society.week % MONTH or self.settings.eligible == 0:
            return
        c, s = society.citizens, self.settings
        joined = ~np.isnan(self.commercial_score)
        self.informed[society.uniforms(self.LEAK, c.identity) < s.leak * s.shares_with_authority] = 1
        around = self._around(society, joined.astype(np.float64))
        utility = s.perks * 2 * c.wealth / (1 + c.wealth) + s.imitation * around - s.caution * c.privacy_concern
        utility -= s.betrayal * s.shares_with_authority * self.informed
        member = choice_probabilities(utility, society.rates.rationality)
        eligible = c.draw(society.seed, self.ELIGIBLE) < s.eligible
        luck = society.uniforms(self.JOINING, c.identity)
        new = ~joined & eligible & (luck < s.consider * member)
        gone = joined & (self.informed == 1) & (luck < s.consider * (1 - member))
        society.stale |= bool((new | gone).any())
        self._rate(society, (joined & ~gone) | new, joined & ~gone)

    def _rate(self, society: SocietyView, members: np.ndarray, known: np.ndarray) -> None:
        c, s = society.citizens, self.settings
        habits = self.habits[c.node]
        # Nobody buys what brings nothing.
        buys = choice_probabilities(np.array([self.brought - s.purchase]), society.rates.rationality) * (
            self.brought > 0
        )
        bought = society.uniforms(self.PURCHASE, c.identity) < buys
        for k, name in enumerate(SENSED):
            d = society.domains.role(name)
            noticed = members & (society.uniforms(self.COMMERCE, c.identity, d) < s.senses)
            seems = np.maximum(c.complies[:, d], bought) if name == "consumption" else c.complies[:, d]
            habits[noticed, k] += (seems[noticed] - habits[noticed, k]) / s.memory
        self.habits[c.node] = habits
        standing = np.where(known, (self.commercial_score - LOW) / (HIGH - LOW), 0.0)
        friends = self._around(society, known.astype(np.float64))
        network = np.where(friends > 0, self._around(society, standing) / np.maximum(friends, 1e-12), 0.5)
        values = (habits[:, 0], c.wealth / (1 + c.wealth), habits[:, 1], 1.0, network)
        weights = [weight for _, weight in s.parts]
        total = sum(weight * value for weight, value in zip(weights, values, strict=True)) / (sum(weights) or 1.0)
        self.commercial_score[:] = np.where(members, LOW + (HIGH - LOW) * total, np.nan)

    def measured(self, society: SocietyView) -> dict[str, float]:
        """Give the share of citizens who are members."""
        return {"joined": np.count_nonzero(~np.isnan(self.commercial_score)) / len(society.citizens)}
