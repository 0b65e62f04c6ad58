"""The danwei: ranked units, rations by rank, and a personnel file that never forgets."""

from __future__ import annotations

import numpy as np

from ..base import Institution, Measure, Settings, parameter
from ..chance import OwnPurpose
from ..citizens import Lists
from ..columns import INF, Floats, Ints, as_mask, each
from ..groups import QUARTER, pay, quantiles, taken_in
from ..sensing import detect
from ..view import SocietyView

WALDER = "work units: Walder 1986, Communist Neo-Traditionalism; the value is a model assumption"


class WorkUnitSettings(Settings):
    """How closely units supervise, what rank brings, and what the file costs."""

    membership: float = parameter(1.0, 0, 1, unit="share of groups", says="Groups that are work units.")
    supervision: float = parameter(
        0.2, 0, 1, unit="rate", says="Chance that the unit's cadres notice an act in a domain that can be sanctioned."
    )
    in_group_openness: float = parameter(
        0.2, 0, 1, unit="rate", says="Chance that a colleague sees an act that others do not."
    )
    ration: float = parameter(1.0, 0, 1000, unit="mean wealth", says="What the middle unit lives on.", source=WALDER)
    spread: float = parameter(
        0.5, 0, 1, unit="share of ration", says="How far the ration of the first unit is above it, of the last below."
    )
    competition: float = parameter(
        3.0,
        0,
        1000,
        unit="utility",
        says="What a noticed deviation costs its author in the unit at full spread, for the rank it costs the unit.",
    )
    promotion: float = parameter(5.0, 0, 1000, unit="utility", says="What certain promotion is worth.", source=WALDER)
    patience: float = parameter(
        10.0, 0.01, 1e6, unit="deviations", says="Length of the file at which the chance of promotion is halved."
    )
    expulsion_file: int = parameter(
        40, 1, 1_000_000, unit="deviations", says="Length of the file that leads to expulsion."
    )
    outcast: float = parameter(0.3, 0, 1, unit="share", says="How much harder life gets for the expelled.")
    income: float = parameter(0.02, 0, 1, unit="rate a week", says="How fast wealth follows the ration.")


def promotion_chance(file: Ints, patience: float) -> Floats:
    """Chance of promotion with a personnel file of some length, 1 / (1 + file / patience)."""
    return 1 / (1 + file / patience)


class WorkUnit(Institution):
    """Supervise members, rank the units each quarter by their record, and keep a file on everyone.

    Phases: `watch`, `score`, `sanction`, `measure`. A member's ration is ration · (1 + spread · (2 q − 1)) · (1 + p)
    / 2, q being the unit's rank from 0 to 1 by upheld deviations a member, p the chance of promotion; wealth follows
    it. What complying brings is supervision · (competition · spread + promotion · (p(file) − p(file + 1))): the unit
    makes whoever cost it its rank bear it, and the file costs a career. Files grow by upheld deviations in domains
    that can be sanctioned and never shrink. The expelled have no ration, are harder off, and are taken by no unit
    again.
    """

    settings: WorkUnitSettings
    zero = {"membership": 0.0}
    WORK_UNIT = OwnPurpose(35)
    SUPERVISION = OwnPurpose(36)
    file: Ints = each(0, INF, "deviations", "length of its personnel file, which never gets shorter", np.int64)
    measures = (
        Measure(
            "expelled",
            "Expelled",
            "share of citizens",
            0,
            1,
            "Citizens whom no work unit takes.",
            absent=0.0,
            kind="structure",
        ),
    )

    def enter(self, society: SocietyView) -> None:
        """Set every unit's rank to one half, and its record to 0."""
        groups = society.groups
        self.rank = np.full(groups, 0.5)
        self.record = np.zeros(groups)

    def leave(self, society: SocietyView) -> None:
        """Clear the flag `EXPELLED`."""
        society.citizens.mark(Lists.EXPELLED, np.zeros(len(society.citizens), bool))

    def establish(self, society: SocietyView) -> None:
        """Draw which groups are units; add to members' `watched`, `inside`, `bonus` and the expelled's `hardship`."""
        c, s = society.citizens, self.settings
        self.members = taken_in(society, self.WORK_UNIT, s.membership)
        employed = self.members & ~c.on(Lists.EXPELLED)
        self.reach = employed.astype(np.float64)
        self.noticed = np.where(society.domains.sanctioned == 1, s.supervision, 0.0)
        c.contribute("watched", self.reach[:, None] * self.noticed)
        c.contribute("inside", self.reach * s.in_group_openness)
        career = promotion_chance(self.file, s.patience) - promotion_chance(self.file + 1, s.patience)
        c.contribute("bonus", (self.reach * (s.competition * s.spread + s.promotion * career))[:, None] * self.noticed)
        c.contribute("hardship", (self.members & c.on(Lists.EXPELLED)) * s.outcast)

    def watch(self, society: SocietyView) -> None:
        """Write what units notice of members' acts into `noted` and `detected`."""
        detect(society, self.SUPERVISION, self.reach, self.noticed, 0.0)

    def score(self, society: SocietyView) -> None:
        """Add the week's upheld deviations to `file` and to the units' records."""
        c = society.citizens
        filed = np.bitwise_count(c.upheld & as_mask(society.domains.sanctioned)) * (self.reach > 0)
        self.file += filed
        self.record += np.bincount(c.group, weights=filed, minlength=len(self.record))

    def sanction(self, society: SocietyView) -> None:
        """Move members' `wealth` by their ration, and set the flag `EXPELLED` of those whose file is full."""
        c, s = society.citizens, self.settings
        expelled = self.members & (c.on(Lists.EXPELLED) | (self.file >= s.expulsion_file))
        if expelled.any():
            society.stale |= bool((expelled & ~c.on(Lists.EXPELLED)).any())
            c.mark(Lists.EXPELLED, expelled)
        ration = s.ration * (1 + s.spread * (2 * self.rank[c.group] - 1))
        ration *= (1 + promotion_chance(self.file, s.patience)) / 2 * ~expelled
        pay(c, self.members, society.rates.wealth_mean * ration, s.income)
        c.contribute("hardship", expelled * s.outcast)

    def measure(self, society: SocietyView) -> None:
        """At the end of a quarter set every unit's rank by its record."""
        if society.week % QUARTER == 0 and self.members.any():
            c, groups = society.citizens, len(self.record)
            staff = np.bincount(c.group, weights=self.reach, minlength=groups)
            here = staff > 0
            self.rank[here] = quantiles(-self.record[here] / staff[here])
            self.record[:] = 0
            society.stale = True

    def measured(self, society: SocietyView) -> dict[str, float]:
        """Give the share of citizens whom no unit takes."""
        return {"expelled": np.count_nonzero(society.citizens.on(Lists.EXPELLED)) / len(society.citizens)}
