"""The court's list of defaulters, and what those on it are barred from."""

from __future__ import annotations

import numpy as np

from ..arithmetic import exp
from ..base import Institution, Measure, Settings, option, parameter
from ..chance import OwnPurpose, uniforms
from ..citizens import Lists
from ..columns import INF, Ints, each
from ..view import SocietyView

FIGURES = (
    "chosen near the court figures of 2018 to 2024: about 1% listed, a third a year leave, 0.8 denied journeys a year"
)


class Bar(Settings):
    """One service that the listed are barred from."""

    hardship: float = parameter(0.2, 0, 1, unit="share", says="How much harder life gets without it.")
    attempts: float = parameter(
        0.0, 0, 1, unit="rate a week", says="How often a listed citizen tries and is denied.", source=FIGURES
    )


class BlacklistSettings(Settings):
    """How one gets on the list, what it bars, and how one gets off."""

    debt: float = parameter(
        0.5, 0, 1000, unit="mean wealth", says="Wealth below which a defaulter cannot pay and may be listed."
    )
    entry: float = parameter(
        0.006,
        0,
        1,
        unit="rate",
        says="Chance that an upheld default of someone who cannot pay leads to listing.",
        source=FIGURES,
    )
    term: int = parameter(0, 0, 5200, unit="weeks", says="Time before a listing can be repaired.")
    repair: float = parameter(
        0.33, 0, 52, unit="exits a year", says="How fast the listed get off once the term is over.", source=FIGURES
    )
    repay: float = parameter(
        0.1, 0, 1, unit="rate a week", says="How fast those get off whose wealth has come to cover the debt."
    )
    saving: float = parameter(
        0.002,
        0,
        1000,
        unit="mean wealth a week",
        says="What a listed citizen can put by to repay, where nothing makes life harder.",
    )
    joint_punishment: bool = option(
        True, says="All bars at once (once discredited, limited everywhere), or one drawn for each."
    )
    bars: dict[str, Bar] = option(
        {
            "travel": Bar(hardship=0.3, attempts=0.016),
            "credit": Bar(hardship=0.3, attempts=0.01),
            "senior_posts": Bar(hardship=0.2, attempts=0.002),
        },
        says="Services barred.",
    )


class Blacklist(Institution):
    """List defaulters who cannot pay, bar them from services, and let them off by repaying or by repair.

    Phases: `sanction`. Who was listed on a verdict that it was not told of learns of it by the first denial, and
    until then does nothing to get off. A default is an upheld deviation in `credit`; those nominated by another
    verdict are listed too. Hardship makes complying harder and leaves less to repay from, saving · (1 − hardship) a
    week, which is how a listing can hold its subject.
    """

    settings: BlacklistSettings
    zero = {"entry": 0.0}
    roles = ("debt",)
    LISTING = OwnPurpose(29)
    DELISTING = OwnPurpose(30)
    BAR = OwnPurpose(31)
    DENIAL = OwnPurpose(32)
    listed_since: Ints = each(0, INF, "week", "when it was last put on the blacklist", np.int64)
    denials: Ints = each(0, INF, "attempts", "attempts denied this week to those on it", np.int64, until="sanction")
    denied_journeys: Ints = each(0, INF, "attempts", "of these, the journeys", np.int64, until="sanction")
    measures = (
        Measure(
            "blacklisted",
            "On the blacklist",
            "share of citizens",
            0,
            1,
            "Citizens on the blacklist.",
            absent=0.0,
            kind="justice",
        ),
        Measure(
            "denials",
            "Denied attempts",
            "attempts a citizen and week",
            0,
            INF,
            "Attempts denied to those on the blacklist, mean over all citizens.",
            absent=0.0,
            kind="justice",
        ),
        Measure(
            "denied_journeys",
            "Denied journeys",
            "attempts a citizen and week",
            0,
            INF,
            "Of the denied attempts, the journeys.",
            absent=0.0,
            kind="justice",
        ),
    )

    def establish(self, society: SocietyView) -> None:
        """Add the bars of the listed to `hardship`, and count what they are denied."""
        self._bar(society)

    def leave(self, society: SocietyView) -> None:
        """Clear the flags `BLACKLISTED` and `UNAWARE`."""
        for flag in (Lists.BLACKLISTED, Lists.UNAWARE):
            society.citizens.mark(flag, np.zeros(len(society.citizens), bool))

    def sanction(self, society: SocietyView) -> None:
        """Set and clear the flags by `upheld`, `nominated`, `untold` and `wealth`; let the listed save."""
        c, s = society.citizens, self.settings
        listed = np.flatnonzero(c.on(Lists.BLACKLISTED))
        wealth = c.wealth[listed]
        chance = np.where(society.week - self.listed_since[listed] >= s.term, 1 - exp(-s.repair / 52), 0.0)
        chance = np.where(wealth >= s.debt, np.maximum(chance, s.repay), chance)
        knows = ~c.on(Lists.UNAWARE)[listed]
        chance *= knows
        off = listed[society.uniforms(self.DELISTING, c.identity[listed]) < chance]
        on = c.nominated == 1
        credit = np.uint32(1 << society.domains.role("debt"))
        broke = np.flatnonzero((c.upheld & credit != 0) & (c.wealth < s.debt))
        on[broke[society.uniforms(self.LISTING, c.identity[broke]) < s.entry]] = True
        on[listed] = False
        self.listed_since[on] = society.week
        c.wealth[listed] = wealth + s.saving * society.rates.wealth_mean * (1 - self.hardship[listed]) * knows
        c.flags[on] |= np.uint32(Lists.BLACKLISTED)
        c.flags[on & (c.untold & credit != 0)] |= np.uint32(Lists.UNAWARE)
        c.flags[off] &= ~np.uint32(Lists.BLACKLISTED | Lists.UNAWARE)
        self._bar(society)

    def _bar(self, society: SocietyView) -> None:
        c, bars = society.citizens, self.settings.bars
        listed = np.flatnonzero(c.on(Lists.BLACKLISTED))
        who = c.identity[listed]
        one = (uniforms(society.seed, self.BAR, 0, who) * len(bars)).astype(np.int64)
        hardship = np.zeros(len(listed))
        for k, (service, bar) in enumerate(bars.items()):
            barred = np.full(len(listed), True) if self.settings.joint_punishment else one == k
            hardship += barred * bar.hardship
            denied = barred & (society.uniforms(self.DENIAL, who, k) < bar.attempts)
            self.denials[listed] += denied
            c.flags[listed[denied]] &= ~np.uint32(Lists.UNAWARE)
            if service == "travel":
                self.denied_journeys[listed] += denied
        self.hardship = np.zeros(len(c))
        self.hardship[listed] = np.minimum(1.0, hardship)
        c.contribute("hardship", self.hardship)

    def measured(self, society: SocietyView) -> dict[str, float]:
        """Give the share of citizens listed, and the attempts and journeys denied a citizen."""
        c = society.citizens
        return {
            "blacklisted": np.count_nonzero(c.on(Lists.BLACKLISTED)) / len(c),
            "denials": int(self.denials.sum()) / len(c),
            "denied_journeys": int(self.denied_journeys.sum()) / len(c),
        }
