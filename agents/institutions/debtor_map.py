"""A map of debtors nearby, for strangers to watch them by."""

from __future__ import annotations

import numpy as np

from ..base import Institution, Measure, Settings, parameter
from ..chance import OwnPurpose
from ..citizens import Citizens, Lists
from ..columns import INF, Bits, Floats, Ints, each
from ..compiled import compiled
from ..rules.reporting import Motives, report_utility
from ..rules.utility import choice_probability
from ..view import SocietyView, Ties


class DebtorMapSettings(Settings):
    """Who looks at the map, and what is made of what they see."""

    users: float = parameter(0.9, 0, 1, unit="share of citizens", says="Citizens who look at the map.")
    strangers: int = parameter(3, 0, 1000, unit="citizens a week", says="Strangers who come across a listed citizen.")
    bounty: float = parameter(0.5, 0, 20, unit="utility", says="What reporting a debtor is worth.", explore=(0, 4))
    stigma: float = parameter(
        0.2,
        0,
        1,
        unit="share of trust",
        says="Trust that a neighbour who looks loses in a debtor whom it believes guilty.",
    )
    shame: float = parameter(0.5, 0, 1000, unit="utility", says="What being on the map is felt to cost.")


@compiled
def strangers_zeal(
    motives: Motives, bounty: float, rationality: float, conviction: Floats, authority_trust: Floats
) -> Floats:
    """Chance that each of some witnesses reports someone it does not know: no trust, no need, nothing shared."""
    zeal = np.empty(len(conviction))
    for k in range(len(conviction)):
        utility = report_utility(motives, bounty, conviction[k], authority_trust[k], 0.0, 0.0, 0.0)
        zeal[k] = choice_probability(utility, rationality)
    return zeal


@compiled
def _stigma_loop(
    start: int, stop: int, c: Citizens, ties: Ties, new: Bits, looks: Floats, stigma: float, scarring: float
) -> None:
    for i in range(start, stop):
        if new[i] == 0:
            continue
        for t in range(ties.indptr[i], ties.indptr[i + 1]):
            j, toward = ties.neighbours[t], ties.reverse[t]
            lost = looks[j] * stigma * c.authority_trust[j] * ties.trust[toward]
            ties.trust[toward] -= lost
            ties.resting[toward] = max(0.0, ties.resting[toward] - scarring * lost)


class DebtorMap(Institution):
    """Show everybody who is on the blacklist, and let strangers report whoever lives beyond its means.

    Phases: `watch`, `mingle`. Strangers know of the listed as far as they look (`displayed`). Each neighbour who looks
    believes a newly shown debtor guilty as far as it trusts the authority, T, and loses stigma · T of its trust in it,
    part of that for good. Being shown is foreseen: users · shame is added to what a sanction in the domain of debt is
    thought to cost.

    Each week `strangers` people come across each of the listed. One who looks at the map and sees it deviate in
    `consumption` takes it for somebody who does not pay although it could, and reports that with the probability of
    `rules.reporting` without any loyalty: truly, if it deviates in the domain of debt this week, else falsely.
    """

    settings: DebtorMapSettings
    zero = {"users": 0.0}
    roles = ("consumption", "debt")
    STRANGER = OwnPurpose(47)
    STRANGER_REPORT = OwnPurpose(48)
    stranger_reports: Ints = each(0, INF, "reports", "this week's reports by strangers", np.int64, until="watch")
    mapped: Bits = each(0, 1, "yes or no", "whether it was on the map last week", np.int8)
    measures = (
        Measure(
            "stranger_reports",
            "Reports by strangers",
            "reports a citizen and week",
            0,
            INF,
            "Reports of the listed by strangers who look at the map of debtors, mean over all citizens.",
            absent=0.0,
            kind="trust",
        ),
    )

    def establish(self, society: SocietyView) -> None:
        """Add the listed to `displayed`, and what being shown costs to the bars of the domain of debt."""
        society.conditions.bars[society.domains.role("debt")] += self.settings.users * self.settings.shame
        self._show(society)

    def _show(self, society: SocietyView) -> None:
        c = society.citizens
        c.contribute("displayed", c.on(Lists.BLACKLISTED) * self.settings.users)

    def _looks(self, society: SocietyView) -> Floats:
        return (society.citizens.draw(society.seed, self.STRANGER) < self.settings.users).astype(np.float64)

    def watch(self, society: SocietyView) -> None:
        """Draw who meets the listed, and add their reports to `reported`, `denounced` and the counts of reports."""
        c, s, debt = society.citizens, self.settings, society.domains.role("debt")
        spends = c.complies[:, society.domains.role("consumption")] == 0
        seen = np.flatnonzero(c.on(Lists.BLACKLISTED) & spends)
        if s.users == 0 or len(seen) == 0:
            return
        looks, pays = self._looks(society) == 1, c.complies[seen, debt] == 1
        for k in range(s.strangers):
            who = society.rows[(society.uniforms(self.STRANGER, c.identity[seen], k) * society.founders).astype(int)]
            luck = society.uniforms(self.STRANGER_REPORT, c.identity[seen], k)
            reports = (who != seen) & looks[who] & (luck < self._zeal(society, who, debt))
            for events, kind in ((c.reported, reports & ~pays), (c.denounced, reports & pays)):
                events[seen[kind]] |= np.uint32(1 << debt)
            c.reports_against[seen] += reports
            self.stranger_reports[seen] += reports
            c.false_against[seen] += reports & pays

    def _zeal(self, society: SocietyView, who: np.ndarray, d: int) -> Floats:
        """Chance that a witness reports, as in `rules.reporting` with no trust and no need."""
        c, rates = society.citizens, society.rates.report
        motives = Motives(rates.outrage, rates.legitimacy, rates.need, rates.loyalty, rates.hassle)
        conviction, trust = c.conviction[who, d], c.authority_trust[who]
        return strangers_zeal(motives, self.settings.bounty, society.rates.rationality, conviction, trust)

    def mingle(self, society: SocietyView) -> None:
        """Add this week's listed to `displayed`, and lower the trust of those who look in the newly listed."""
        c, ties, s = society.citizens, society.ties, self.settings
        listed = c.on(Lists.BLACKLISTED).astype(np.int8)
        new = listed & (1 - self.mapped)
        if s.users > 0 and new.any():
            scarring = society.rates.trust.scarring
            society.once(_stigma_loop, c, ties, new, self._looks(society), s.stigma, scarring)
        self.mapped[:] = listed
        self._show(society)

    def measured(self, society: SocietyView) -> dict[str, float]:
        """Give the reports by strangers, mean over all citizens."""
        return {"stranger_reports": float(self.stranger_reports.mean())}
