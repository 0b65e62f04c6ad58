"""The danwei: ranked units, rations by rank, and a personnel file that never forgets."""

from __future__ import annotations

import numpy as np

from ..base import Institution, Measure, Settings, parameter
from ..chance import OwnPurpose
from ..citizens import Lists
from ..columns import INF, Floats, Ints, as_mask, each
from ..groups import QUARTER, fellows_among_eyes, quantiles, taken_in
from ..sensing import detect
from ..view import SocietyView

WALDER = "work units: Walder 1986, Communist Neo-Traditionalism; the value is a model assumption"


class WorkUnitSettings(Settings):
    """How closely units supervise, what rank brings, and what the file costs."""

    membership: float = parameter(
        1.0, 0, 1, unit="share of groups", says="Groups that are work units; a commune takes in others first."
    )
    supervision: float = parameter(
        0.2, 0, 1, unit="rate", says="Chance that the unit's cadres notice an act in a domain that can be sanctioned."
    )
    in_group_openness: float = parameter(
        0.2, 0, 1, unit="rate", says="Chance that a colleague sees an act that others do not."
    )
    ration: float = parameter(
        0.7, 0, 1, unit="share of income", says="Share of a member's living that its unit gives.", source=WALDER
    )
    spread: float = parameter(
        0.5, 0, 1, unit="share of ration", says="How far the ration of the first unit is above it, of the last below."
    )
    competition: float = parameter(
        5.0,
        0,
        1000,
        unit="factor",
        says="How far colleagues mind a noticed deviation, for the rank it costs, were they to live on rank alone.",
    )
    promotion: float = parameter(5.0, 0, 1000, unit="utility", says="What certain promotion is worth.", source=WALDER)
    patience: float = parameter(
        10.0, 0.01, 1e6, unit="deviations", says="Length of the file at which the chance of promotion is halved."
    )
    expulsion_file: int = parameter(
        40, 1, 1_000_000, unit="deviations", says="Length of the file from which on one more can lead to expulsion."
    )
    expulsion: float = parameter(
        0.01,
        0,
        1,
        unit="rate a deviation",
        says="Chance that a deviation filed of a member with a full file leads to expulsion.",
        source="dismissal was rare: Walder 1986, Communist Neo-Traditionalism; chosen so that fewer than 1% a year are "
        "expelled",
    )
    outcast: float = parameter(0.3, 0, 1, unit="share", says="How much harder life gets for the expelled.")


def promotion_chance(file: Ints, patience: float) -> Floats:
    """Chance of promotion with a personnel file of some length, 1 / (1 + file / patience)."""
    return 1 / (1 + file / patience)


class WorkUnit(Institution):
    """Supervise members, rank the units each quarter by their record, and keep a file on everyone.

    Phases: `perceive`, `watch`, `score`, `sanction`, `measure`. A member's income is multiplied by 1 − ration + ration
    · (1 + spread · (2 q − 1)) · (1 + p) / 2, q being the unit's rank from 0 to 1 by upheld deviations a member, p the
    chance of promotion. What complying brings is supervision · promotion · (p(file) − p(file + 1)): the file costs a
    career. What a deviation costs the unit its rank, colleagues mind: who sees it disapproves of it by supervision ·
    competition · ration · spread more. Files grow by upheld deviations in domains that can be sanctioned and never
    shrink. The expelled have no ration, are harder off, and are taken by no unit again.
    """

    settings: WorkUnitSettings
    zero = {"membership": 0.0}
    SUPERVISION = OwnPurpose(36)
    EXPULSION = OwnPurpose(60)
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
        self.members = taken_in(society, s.membership, from_the_end=True)
        c.mark(Lists.EXPELLED, self.members & c.on(Lists.EXPELLED))
        self.reach = np.where(c.on(Lists.EXPELLED), 0.0, self.members)
        self.noticed = np.where(society.domains.sanctioned == 1, s.supervision, 0.0)
        c.contribute("watched", self.reach, self.noticed)
        c.contribute("inside", self.reach * s.in_group_openness)
        career = promotion_chance(self.file, s.patience) - promotion_chance(self.file + 1, s.patience)
        c.contribute("bonus", self.reach * s.promotion * career, self.noticed)
        c.contribute("hardship", c.on(Lists.EXPELLED) * s.outcast)

    def perceive(self, society: SocietyView) -> None:
        """Add what a deviation costs the rank of those colleagues who see it to members' `fellows_loss`."""
        s = self.settings
        minded = np.minimum(1.0, self.noticed * (s.competition * s.ration * s.spread))
        if minded.any() and self.reach.any():
            minding = fellows_among_eyes(society) * minded
            society.citizens.contribute("fellows_loss", self.reach[:, None] * minding)

    def watch(self, society: SocietyView) -> None:
        """Write what units notice of members' acts into `noted` and `detected`."""
        detect(society, self.SUPERVISION, self.reach, self.noticed, 0.0)

    def score(self, society: SocietyView) -> None:
        """Add the week's upheld deviations to `file` and to units' records, and set the flag `EXPELLED` of some."""
        c, s = society.citizens, self.settings
        filed = np.bitwise_count(c.upheld & as_mask(society.domains.sanctioned)) * (self.reach > 0)
        self.file += filed
        self.record += np.bincount(c.group, weights=filed, minlength=len(self.record))
        full = np.flatnonzero((filed > 0) & (self.file >= s.expulsion_file))
        expelled = full[society.uniforms(self.EXPULSION, c.identity[full]) < s.expulsion]
        if len(expelled):
            c.flags[expelled] |= np.uint32(Lists.EXPELLED)
            society.stale = True

    def sanction(self, society: SocietyView) -> None:
        """Multiply members' `earnings` by their ration, and add to the `hardship` of the expelled."""
        c, s = society.citizens, self.settings
        expelled = c.on(Lists.EXPELLED)
        ration = (1 + s.spread * (2 * self.rank[c.group] - 1)) * (1 + promotion_chance(self.file, s.patience)) / 2
        c.contribute("earnings", np.where(self.members, 1 - s.ration + s.ration * ration * ~expelled, 1.0))
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
