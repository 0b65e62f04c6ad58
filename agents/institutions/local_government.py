"""Local governments, scored by the centre on their own figures."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arithmetic import logistics, logit
from ..base import Institution, Part, Settings, parameter
from ..chance import OwnPurpose, uniforms
from ..groups import QUARTER, means_by, quantiles
from ..quantiles import normal_quantiles
from ..view import SocietyView


class LocalGovernmentSettings(Settings):
    """How governments compete, and how honest they are."""

    competition: float = parameter(
        0.5, 0, 1, unit="share", says="How much of the gap to full compliance a government of no integrity makes up."
    )
    integrity: float = parameter(0.7, 0, 1, unit="share", says="Median integrity of governments.")
    integrity_sd: float = parameter(0.8, 0, 10, unit="logit", says="How far governments differ in it.")
    corruption: float = parameter(
        2.0, 0, 100, unit="factor", says="What a government of no integrity adds to the court's error, in times of it."
    )
    prize: float = parameter(
        0.5, 0, 1, unit="share", says="Benefits that the region of the highest standing gets more, the lowest less."
    )
    court_speed: float = parameter(
        0.5,
        0,
        100,
        unit="share",
        says="Cases that courts hear more, since they are scored by speed; they err as much more often.",
    )


class Government(Part):
    """One region's government: a view of the arrays of `LocalGovernment`.

    Attributes
    ----------
    region
        Number of its region.
    """

    part_of = "local_government"

    def __init__(self, society: SocietyView, region: int) -> None:
        super().__init__(society)  # pyright: ignore[reportUnknownMemberType]
        self.region = region

    def _of(self, name: str) -> float:
        society: Any = self.model
        return float(getattr(society.institutions[LocalGovernment.name], name)[self.region])

    @property
    def integrity(self) -> float:
        """Integrity of the government, (0, 1)."""
        return self._of("integrity")

    @property
    def compliance(self) -> float:
        """Mean compliance of those who live there, last quarter, [0, 1]."""
        return self._of("compliance")

    @property
    def inflation(self) -> float:
        """What it reports beyond the true compliance, [0, 1]."""
        return self._of("inflation")

    @property
    def standing(self) -> float:
        """Its own score: rank by reported compliance, from 0 (lowest) to 1."""
        return self._of("standing")


class LocalGovernment(Institution):
    """Let each region's government report on its citizens, and be scored by the centre on what it reports.

    Phases: `measure`; every quarter. A government reports true compliance plus competition · (1 − integrity) · (1 −
    true), times 2 · (1 − its standing) if it ranks in the upper half and 1 if in the lower: those who are behind
    inflate most. Its standing, the rank of what it reports from 0 to 1, brings its citizens 1 + prize · (2 · standing −
    1) times the benefits promised to them: what the honest lose goes to those who inflate. Where a government is not
    honest the court errs 1 + corruption · (1 − integrity) times as often, and its discretion against dissenters is
    raised likewise. Courts have a score too, of speed rather than care: with less time for each they hear 1 +
    court_speed times as many cases, and err as many times as often. The governments are agents of Mesa, `Government`.
    """

    settings: LocalGovernmentSettings
    zero = {"competition": 0.0, "corruption": 0.0, "prize": 0.0, "court_speed": 0.0}
    INTEGRITY = OwnPurpose(49)

    def enter(self, society: SocietyView) -> None:
        """Make the governments, with no inflation and equal standing."""
        count = society.regions
        self.governments = [Government(society, region) for region in range(count)]
        self.luck = uniforms(society.seed, self.INTEGRITY, 0, np.arange(count))
        self.compliance, self.inflation, self.standing = np.zeros(count), np.zeros(count), np.full(count, 0.5)

    def leave(self, society: SocietyView) -> None:
        """Remove the governments from Mesa's agents."""
        for government in self.governments:
            government.remove()

    def establish(self, society: SocietyView) -> None:
        """Multiply `injustice` by corruption and haste, `allotted` by the prize; state inflation and court speed."""
        c, s, now = society.citizens, self.settings, society.conditions
        median = logit(min(max(s.integrity, 1e-9), 1 - 1e-9))
        self.integrity = logistics(median + s.integrity_sd * normal_quantiles(self.luck))
        c.contribute("injustice", (1 + s.corruption * (1 - self.integrity[c.place])) * (1 + s.court_speed))
        c.contribute("allotted", 1 + s.prize * (2 * self.standing[c.place] - 1))
        now.funding = {**now.funding, "court": now.funded("court") * (1 + s.court_speed)}
        now.inflated = float(self.inflation[c.place].mean())

    def measure(self, society: SocietyView) -> None:
        """At the end of a quarter compute reported compliance by region, its inflation and the standing by it."""
        if society.week % QUARTER:
            return
        c, s, count = society.citizens, self.settings, len(self.integrity)
        self.compliance = means_by(c.place, c.complies.mean(axis=1), count)
        pressed = np.minimum(1.0, 2 * (1 - self.standing))
        self.inflation = s.competition * (1 - self.integrity) * (1 - self.compliance) * pressed
        self.standing = quantiles(self.compliance + self.inflation)
        society.stale = True
