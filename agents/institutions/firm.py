"""Firms, honest or not toward their customers, and their enterprise score."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..base import Institution, Measure, Part, Settings, option, parameter
from ..chance import OwnPurpose, uniforms
from ..columns import Floats
from ..rules.utility import choice_probabilities
from ..view import SocietyView

PEOPLE = 20
"""Citizens for each firm there is."""


class FirmSettings(Settings):
    """What tempts firms, what a complaint costs them, and what being cheated costs their customers."""

    custom: float = parameter(1.0, 0, 1, unit="rate a week", says="Chance that a citizen buys of a firm in a week.")
    profit: float = parameter(0.5, 0, 100, unit="utility", says="What cheating customers brings in a week.")
    scruples: float = parameter(3.0, 0, 100, unit="utility", says="Weight of a firm's own honesty.")
    penalty: float = parameter(
        2.0, 0, 100, unit="utility", says="What one complaint for every customer costs by itself."
    )
    scored: bool = option(True, says="Whether complaints count in an enterprise score.")
    standing: float = parameter(
        3.0, 0, 100, unit="utility", says="What a full score is worth to a firm that could lose it."
    )
    complaint: float = parameter(0.3, 0, 1, unit="rate", says="Chance that a cheated customer complains.")
    false_complaint: float = parameter(
        0.01, 0, 1, unit="rate", says="Chance that a customer complains of an honest firm, at no reward."
    )
    complaint_reward: float = parameter(
        0.0, 0, 100, unit="factor", says="Reward for complaints: raises those made for nothing by 1 + so much."
    )
    dent: float = parameter(
        0.2, 0, 1, unit="score", says="What a week's complaints by every customer take from the score."
    )
    recovery: float = parameter(0.02, 0, 1, unit="rate a week", says="How fast a score returns to 1.")
    excluded_below: float = parameter(
        0.8, 0, 1, unit="score", says="Score below which a firm is closed and its executive listed; a new one follows."
    )
    loss: float = parameter(0.02, 0, 1, unit="share of wealth", says="What being cheated costs the customer.")
    distrust: float = parameter(
        0.02, 0, 100, unit="observations", says="What being cheated counts as evidence against people at large."
    )


class Company(Part):
    """One firm: a view of the arrays of `Firm`.

    Attributes
    ----------
    number
        Its place in these arrays.
    """

    part_of = "firm"

    def __init__(self, society: SocietyView, number: int) -> None:
        super().__init__(society)  # pyright: ignore[reportUnknownMemberType]
        self.number = number

    def _of(self, name: str) -> Any:
        society: Any = self.model
        return getattr(society.institutions[Firm.name], name)[self.number]

    @property
    def honesty(self) -> float:
        """Own honesty, (0, 1)."""
        return float(self._of("honesty"))

    @property
    def score(self) -> float:
        """Enterprise score, [0, 1]."""
        return float(self._of("score_of"))

    @property
    def honest(self) -> bool:
        """Whether the firm dealt honestly this week."""
        return bool(self._of("honest"))

    @property
    def executive(self) -> int:
        """Node of the citizen who is its executive."""
        return int(self._of("executive"))


class Firm(Institution):
    """Sell to citizens, honestly or not, be complained of, and be scored.

    Phases: `act`, `watch`, `judge`. A citizen buys of one firm a week with chance `custom`. A firm deals honestly with
    logit probability of scruples · honesty − profit + complaint · (penalty + standing · score): what complaints would
    cost it. Each time it is cheated a customer loses the share `loss` of its wealth and gathers `distrust` in
    `broke_faith`; honest dealing is what one expects of a firm, and moves nothing. Those cheated complain with chance
    `complaint`, others with false_complaint · (1 + complaint_reward). Complaints take `dent` times their share of the
    customers from the score: a firm whose score was taken for nothing has less to lose by cheating. Below
    `excluded_below` a firm is closed and its executive nominated for the blacklist; a firm as honest as any follows, so
    that false complaints make room for worse. Firms are agents of Mesa, `Company`.
    """

    settings: FirmSettings
    zero = {"custom": 0.0}
    SCRUPLES = OwnPurpose(50)
    HONESTY = OwnPurpose(51)
    CUSTOMER = OwnPurpose(52)
    COMPLAINT = OwnPurpose(53)
    EXECUTIVE = OwnPurpose(54)
    PURCHASE = OwnPurpose(90)
    measures = (
        Measure(
            "firm_fraud",
            "Cheated by firms",
            "share of customers",
            0,
            1,
            "This week's customers that a firm cheated.",
            kind="order",
        ),
    )

    def enter(self, society: SocietyView) -> None:
        """Make the firms, with their honesty, full scores and an executive each."""
        count = -(-society.founders // PEOPLE)
        self.companies = [Company(society, number) for number in range(count)]
        numbers = np.arange(count)
        self.honesty = self._found(society, numbers)
        self.score_of = np.ones(count)
        self.honest = np.ones(count, bool)
        self.executive = self._appoint(society, numbers)
        self.fraud = np.nan

    def leave(self, society: SocietyView) -> None:
        """Remove the firms from Mesa's agents."""
        for company in self.companies:
            company.remove()

    def _found(self, society: SocietyView, numbers: np.ndarray) -> Floats:
        return uniforms(society.seed, self.SCRUPLES, society.week, numbers)

    def _appoint(self, society: SocietyView, numbers: np.ndarray) -> np.ndarray:
        luck = uniforms(society.seed, self.EXECUTIVE, society.week, numbers)
        return society.citizens.node[society.rows[(luck * society.founders).astype(np.int64)]]

    def act(self, society: SocietyView) -> None:
        """Draw which firms deal honestly this week."""
        s, numbers = self.settings, np.arange(len(self.honesty))
        stake = s.standing * self.score_of * s.scored
        utility = s.scruples * self.honesty - s.profit + s.complaint * (s.penalty + stake)
        chance = choice_probabilities(utility, society.rates.rationality)
        self.honest = society.uniforms(self.HONESTY, numbers) <= chance

    def watch(self, society: SocietyView) -> None:
        """Draw who buys of which firm, let the cheated pay for it, draw who complains, and move the firms' scores."""
        c, s, count = society.citizens, self.settings, len(self.honesty)
        buyers = np.flatnonzero(society.uniforms(self.PURCHASE, c.identity) < s.custom)
        who = c.identity[buyers]
        firm = (society.uniforms(self.CUSTOMER, who) * count).astype(np.int64)
        cheated = ~self.honest[firm]
        self.fraud = float(cheated.mean()) if len(buyers) else np.nan
        victims = buyers[cheated]
        c.wealth[victims] *= 1 - s.loss
        c.broke_faith[victims] += s.distrust
        false = min(1.0, s.false_complaint * (1 + s.complaint_reward))
        complains = society.uniforms(self.COMPLAINT, who) < np.where(cheated, s.complaint, false)
        customers = np.bincount(firm, minlength=count)
        complaints: Floats = np.bincount(firm, weights=complains, minlength=count) / np.maximum(1, customers)
        self.score_of += s.recovery * (1 - self.score_of) - s.dent * complaints
        np.clip(self.score_of, 0, 1, out=self.score_of)

    def judge(self, society: SocietyView) -> None:
        """Replace the firms with the lowest scores by new ones, and set `nominated` of their executives."""
        s = self.settings
        closed = np.flatnonzero(self.score_of < s.excluded_below) if s.scored else np.empty(0, np.int64)
        if len(closed):
            rows = society.row_of[self.executive[closed]]
            society.citizens.nominated[rows[rows >= 0]] = 1
            self.score_of[closed] = 1.0
            self.honesty[closed] = self._found(society, closed)
            self.executive[closed] = self._appoint(society, closed)

    def measured(self, society: SocietyView) -> dict[str, float]:
        """Give the share of customers who were cheated."""
        return {"firm_fraud": self.fraud}
