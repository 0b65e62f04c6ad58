"""The court's list of defaulters and offenders, and what those on it are barred from."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from ..arithmetic import exp
from ..base import Institution, Measure, Settings, option, parameter
from ..chance import OwnPurpose, uniforms
from ..citizens import Lists
from ..columns import INF, Floats, Ints, Mask, each, mask
from ..view import SocietyView

FIGURES = (
    "chosen near the court figures of 2018 to 2024: about 1% listed, a third a year leave, 0.8 denied journeys a year"
)

REFUSED = 1.0
"""Observations of unfairness in a refused apology, and in a payment that was lost."""


NEAR = 20.0
"""Points from the score below which one is listed, within which one might be."""


class Bar(Settings):
    """One service that the listed are barred from."""

    hardship: float = parameter(0.1, 0, 1, unit="share", says="How much harder life gets, and poorer, without it.")
    dread: float = parameter(1.0, 0, 100, unit="utility", says="What losing it is felt to cost by those who might.")
    attempts: float = parameter(
        0.0, 0, 1, unit="rate a week", says="How often a listed citizen tries and is denied.", source=FIGURES
    )


class BlacklistSettings(Settings):
    """How one gets on the list, what it bars, and how one gets off."""

    debt: float = parameter(
        0.5, 0, 1000, unit="mean wealth", says="Wealth below which a defaulter cannot pay and may be listed."
    )
    entry: float = parameter(
        0.5,
        0,
        1,
        unit="rate",
        says="Chance that a convicted defaulter who cannot pay is listed.",
        source=FIGURES,
    )
    verdicts: float = parameter(
        0.02, 0, 1, unit="rate", says="Chance that a conviction of anything else leads to listing."
    )
    below: float = parameter(
        -1e6, -1e6, 1e6, unit="points", says="Score below which everyone is listed.", explore=(0, 1300)
    )
    term: int = parameter(0, 0, 5200, unit="weeks", says="Time before a listing can be repaired by an apology.")
    repair: float = parameter(
        0.33,
        0,
        52,
        unit="apologies a year",
        says="How often the listed apologise once the term is over.",
        source=FIGURES,
    )
    refusal: float = parameter(
        0.1,
        0,
        1,
        unit="rate",
        says="Chance that an apology is refused; dissenters are refused more, by the court's discretion.",
    )
    saving: float = parameter(
        0.003, 0, 1, unit="share of wealth a week", says="What a listed citizen pays off of its debt."
    )
    lost_payment: float = parameter(
        0.1, 0, 1, unit="rate", says="Chance that a debt is paid and the listing stays; it is found out when denied."
    )
    joint_punishment: bool = option(
        True, says="All bars at once (once discredited, limited everywhere), or one drawn for each."
    )
    bars: dict[str, Bar] = option(
        {
            "travel": Bar(hardship=0.1, dread=1.2, attempts=0.016),
            "credit": Bar(hardship=0.1, dread=1.2, attempts=0.01),
            "senior_posts": Bar(hardship=0.1, dread=0.6, attempts=0.002),
        },
        says="Services barred.",
    )


class Blacklist(Institution):
    """List the convicted, bar them from services, and let them off who repay or apologise.

    Phases: `sanction`. Listed is who is convicted of a default and cannot pay, with chance `entry`; who is convicted of
    anything else, with chance `verdicts`; who is nominated by another verdict; and who has a score lower than `below`.
    That is foreseen as long as there is a court and the list: a sanction that lists with chance p costs p · (dread of
    the bars) besides; and where a score lists, the dread hangs on it, evenly within 20 points of `below`. Off the list
    comes who has paid what it lacked, a share `saving` of its wealth a week; who apologises, unless it is refused; and
    whose conviction is struck off on appeal. Hardship makes complying harder and lowers income, hence payments, which
    is how a listing can hold its subject. Who was listed on a verdict that it was not told of, or whose payment was
    lost, learns of it by the first denial, and until then does nothing. Whoever is barred from `travel` cannot
    emigrate.
    """

    settings: BlacklistSettings
    zero = {"entry": 0.0, "verdicts": 0.0, "below": -1e6}
    roles = ("debt",)
    LISTING = OwnPurpose(29)
    DELISTING = OwnPurpose(30)
    BAR = OwnPurpose(31)
    DENIAL = OwnPurpose(32)
    REFUSAL = OwnPurpose(111)
    PAYMENT = OwnPurpose(112)
    listed_since: Ints = each(0, INF, "week", "when it was last put on the blacklist, or refused", np.int64)
    listed_for: Mask = mask("convictions that put it on the blacklist", "always")
    owed: Floats = each(0, INF, "mean wealth", "what it still has to pay to get off the blacklist")
    unpaid: Ints = each(0, 1, "yes or no", "whether its payment was lost", np.int64)
    denials: Ints = each(0, INF, "attempts", "attempts denied this week to those on it", np.int64, until="sanction")
    denied_journeys: Ints = each(0, INF, "attempts", "of these, the journeys", np.int64, until="sanction")
    measures = (
        Measure("blacklisted", "On the blacklist", "share of citizens", 0, 1, "Citizens on the blacklist.",
                absent=0.0, kind="justice"),
        Measure("denials", "Denied attempts", "attempts a citizen and week", 0, INF,
                "Attempts denied to those on the blacklist, mean over all citizens.", absent=0.0, kind="justice"),
        Measure("denied_journeys", "Denied journeys", "attempts a citizen and week", 0, INF,
                "Of the denied attempts, the journeys.", absent=0.0, kind="justice"),
    )  # fmt: skip

    def establish(self, society: SocietyView) -> None:
        """State what a sanction costs besides because it may list; add the bars of the listed to `hardship`."""
        s, domains, now = self.settings, society.domains, society.conditions
        credit, triable = np.uint32(1 << domains.role("debt")), np.uint32(domains.triable)
        dreads = [bar.dread for bar in s.bars.values()]
        dread = sum(dreads) if s.joint_punishment else sum(dreads) / max(1, len(dreads))
        of = np.uint32(1) << np.arange(len(domains), dtype=np.uint32)
        chance = np.where(of & triable == 0, 0.0, np.where(of == credit, s.entry, s.verdicts))
        if now.convicts:
            now.bars += dread * chance
        if s.below > now.score_range[0]:
            now.promise(self.name, s.below - NEAR, 2 * NEAR, dread / society.rates.horizon)
        self._bar(society)

    def leave(self, society: SocietyView) -> None:
        """Clear the flags `BLACKLISTED` and `UNAWARE`."""
        for flag in (Lists.BLACKLISTED, Lists.UNAWARE):
            society.citizens.mark(flag, np.zeros(len(society.citizens), bool))

    def sanction(self, society: SocietyView) -> None:
        """Let the listed pay and apologise; set and clear the flags by `told`, `untold`, `nominated` and `score`."""
        c = society.citizens
        listed = np.flatnonzero(c.on(Lists.BLACKLISTED))
        off = listed[self._released(society, listed)]
        c.flags[off] &= ~np.uint32(Lists.BLACKLISTED | Lists.UNAWARE)
        self._list(society, c.on(Lists.BLACKLISTED))
        self._deny(society)
        self._bar(society)

    def _released(self, society: SocietyView, listed: Ints) -> npt.NDArray[np.bool_]:
        """Who of the listed gets off this week."""
        c, s, now = society.citizens, self.settings, society.conditions
        who, knows = c.identity[listed], ~c.on(Lists.UNAWARE)[listed]
        owed = self.owed[listed]
        payment = np.where(knows, np.minimum(owed, s.saving * c.wealth[listed]), 0.0)
        c.wealth[listed] -= payment
        self.owed[listed] = owed - payment
        # What was lost is found out at a counter, and put right at the next.
        again = knows & (self.unpaid[listed] == 1)
        paid = (payment > 0) & (owed == payment)
        lost = paid & (society.uniforms(self.PAYMENT, who) < s.lost_payment)
        self.unpaid[listed] = np.where(again, 0, np.where(lost, 1, self.unpaid[listed]))
        c.flags[listed[lost]] |= np.uint32(Lists.UNAWARE)
        over = society.week - self.listed_since[listed] >= s.term
        apologises = knows & over & (society.uniforms(self.DELISTING, who) < 1 - exp(-s.repair / 52))
        d = society.domains.dissent
        dissents = c.conviction[listed, d] < 0.5 if d >= 0 else np.zeros(len(listed), bool)
        refusal = np.minimum(1.0, s.refusal * np.where(dissents, now.discretion, 1.0))
        refused = apologises & (society.uniforms(self.REFUSAL, who) < refusal)
        self.listed_since[listed[refused]] = society.week
        self._blame(society, listed[refused | again])
        cleared = self.listed_for[listed] & c.restored[listed] != 0
        off = (paid & ~lost) | again | (apologises & ~refused) | cleared
        # Who would be listed again at once is kept.
        return off & ~(c.score[listed] < s.below)

    def _blame(self, society: SocietyView, who: Ints) -> None:
        c = society.citizens
        c.unfair[who] += REFUSED
        c.scar[who] += society.rates.trust.slow * REFUSED

    def _list(self, society: SocietyView, already: npt.NDArray[np.bool_]) -> None:
        """Put on the list those whom this week's verdicts, a nomination or their score bring there."""
        c, s = society.citizens, self.settings
        credit = np.uint32(1 << society.domains.role("debt"))
        nominated = (c.nominated == 1) & (max(s.entry, s.verdicts) > 0)
        here = np.flatnonzero((c.told | c.untold != 0) | nominated | (c.score < s.below))
        convicted = (c.told | c.untold)[here]
        luck, luck_of_others = (society.uniforms(self.LISTING, c.identity[here], k) for k in (0, 1))
        broke = (convicted & credit != 0) & (c.wealth[here] < s.debt) & (luck < s.entry)
        other = (convicted & ~credit != 0) & (luck_of_others < s.verdicts)
        on = (broke | other | nominated[here] | (c.score[here] < s.below)) & ~already[here]
        causes = np.where(broke, credit, np.uint32(0)) | np.where(other, convicted & ~credit, np.uint32(0))
        rows = here[on]
        self.listed_since[rows] = society.week
        self.listed_for[rows] = causes[on]
        self.owed[rows] = np.where(broke, s.debt - c.wealth[here], 0.0)[on]
        self.unpaid[rows] = 0
        c.flags[rows] |= np.uint32(Lists.BLACKLISTED)
        c.flags[here[on & (causes & c.untold[here] != 0)]] |= np.uint32(Lists.UNAWARE)

    def _barred(self, society: SocietyView, listed: Ints) -> Iterator[tuple[int, str, npt.NDArray[np.bool_]]]:
        """Who of the listed is barred from each service."""
        bars = self.settings.bars
        one = (uniforms(society.seed, self.BAR, 0, society.citizens.identity[listed]) * len(bars)).astype(np.int64)
        for k, service in enumerate(bars):
            yield k, service, np.full(len(listed), True) if self.settings.joint_punishment else one == k

    def _deny(self, society: SocietyView) -> None:
        """Count what the listed are denied; who did not know that it is listed learns of it so."""
        c = society.citizens
        listed = np.flatnonzero(c.on(Lists.BLACKLISTED))
        unaware = c.on(Lists.UNAWARE)[listed]
        noticed = np.zeros(len(listed), bool)
        for k, service, barred in self._barred(society, listed):
            luck = society.uniforms(self.DENIAL, c.identity[listed], k)
            denied = barred & (luck < self.settings.bars[service].attempts)
            self.denials[listed] += denied
            self.denied_journeys[listed] += denied & (service == "travel")
            noticed |= denied & unaware
        c.contribute("noticed", 1, rows=listed[noticed])
        c.flags[listed[noticed]] &= ~np.uint32(Lists.UNAWARE)

    def _bar(self, society: SocietyView) -> None:
        c = society.citizens
        listed = np.flatnonzero(c.on(Lists.BLACKLISTED))
        hardship, held = np.zeros(len(listed)), np.zeros(len(listed), bool)
        for _, service, barred in self._barred(society, listed):
            hardship += barred * self.settings.bars[service].hardship
            held |= barred & (service == "travel")
        c.contribute("hardship", np.minimum(1.0, hardship), rows=listed)
        c.contribute("held", 1, rows=listed[held])

    def measured(self, society: SocietyView) -> dict[str, float]:
        """Give the share of citizens listed, and the attempts and journeys denied a citizen."""
        c = society.citizens
        return {
            "blacklisted": np.count_nonzero(c.on(Lists.BLACKLISTED)) / len(c),
            "denials": int(self.denials.sum()) / len(c),
            "denied_journeys": int(self.denied_journeys.sum()) / len(c),
        }
