"""A map of debtors nearby, for strangers to watch them by."""

from __future__ import annotations

import numpy as np

from ..base import Institution, Settings, parameter
from ..chance import OwnPurpose
from ..citizens import Lists
from ..columns import INF, Floats, Ints, each
from ..compiled import compiled
from ..rules.reporting import Motives, false_report_probability, report_utility
from ..rules.utility import choice_probability
from ..view import SocietyView


class DebtorMapSettings(Settings):
    """Who looks at the map, and what is made of what they see."""

    users: float = parameter(0.9, 0, 1, unit="share of citizens", says="Citizens who look at the map.")
    strangers: int = parameter(3, 0, 1000, unit="citizens a week", says="Strangers who come across a listed citizen.")
    bounty: float = parameter(0.5, 0, 20, unit="utility", says="What reporting a debtor is worth.")


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


class DebtorMap(Institution):
    """Show strangers who is on the blacklist, and let them report whoever lives beyond its means.

    Phases: `watch`, `mingle`. Each week `strangers` people come across each of the listed. A user of the map who sees
    that it deviates in `consumption` reports it with the probability of `rules.reporting` without any loyalty; one who
    sees that it complies may report it falsely, as someone without any trust in it.
    """

    settings: DebtorMapSettings
    zero = {"users": 0.0}
    roles = ("consumption",)
    STRANGER = OwnPurpose(47)
    STRANGER_REPORT = OwnPurpose(48)
    stranger_reports: Ints = each(0, INF, "reports", "this week's reports by strangers", np.int64, until="watch")

    def establish(self, society: SocietyView) -> None:
        """Add the listed to `displayed`."""
        self._show(society)

    def _show(self, society: SocietyView) -> None:
        c = society.citizens
        c.contribute("displayed", c.on(Lists.BLACKLISTED) * self.settings.users)

    def watch(self, society: SocietyView) -> None:
        """Draw who meets the listed, and add their reports to `reported`, `denounced` and the counts of reports."""
        c, s, d = society.citizens, self.settings, society.domains.role("consumption")
        listed = np.flatnonzero(c.on(Lists.BLACKLISTED))
        if s.users == 0 or len(listed) == 0:
            return
        complies = c.complies[listed, d] == 1
        for k in range(s.strangers):
            who = society.rows[(society.uniforms(self.STRANGER, c.identity[listed], k) * society.founders).astype(int)]
            meets = (who != listed) & (c.draw(society.seed, self.STRANGER)[who] < s.users)
            luck = society.uniforms(self.STRANGER_REPORT, c.identity[listed], k)
            reports = meets & (luck < np.where(complies, self._false_rate(society), self._zeal(society, who, d)))
            for events, kind in ((c.reported, reports & ~complies), (c.denounced, reports & complies)):
                events[listed[kind]] |= np.uint32(1 << d)
            c.reports_against[listed] += reports
            self.stranger_reports[listed] += reports
            c.false_against[listed] += reports & complies

    def _false_rate(self, society: SocietyView) -> float:
        return false_report_probability(
            society.rates.report.false_rate, self.settings.bounty, 0.0, society.rates.rationality
        )

    def _zeal(self, society: SocietyView, who: np.ndarray, d: int) -> Floats:
        """Chance that a witness reports, as in `rules.reporting` with no trust and no need."""
        c, rates = society.citizens, society.rates.report
        motives = Motives(rates.outrage, rates.legitimacy, rates.need, rates.loyalty, rates.hassle)
        conviction, trust = c.conviction[who, d], c.authority_trust[who]
        return strangers_zeal(motives, self.settings.bounty, society.rates.rationality, conviction, trust)

    def mingle(self, society: SocietyView) -> None:
        """Add this week's listed to `displayed`."""
        self._show(society)
