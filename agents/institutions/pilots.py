"""Pilots: regions try schemes of their own, and the centre has the best of them copied, by what they report."""

from __future__ import annotations

from math import nan

import numpy as np

from ..base import Institution, Measure, Settings, parameter
from ..chance import OwnPurpose, uniforms
from ..columns import INF
from ..groups import means_by
from ..view import SocietyView

YEAR = 52
"""Weeks after which the centre compares what regions report."""

HEILMANN = "experiments under hierarchy: Heilmann 2008, doi:10.1007/s12116-007-9014-4; the value is a model assumption"


class PilotsSettings(Settings):
    """How strong the schemes are, how fast they spread, and how honest the reports are."""

    strength: float = parameter(
        0.3, 0, 100, unit="utility", says="What a scheme makes complying worth in a scored domain, on average."
    )
    copying: float = parameter(
        0.3,
        0,
        1,
        unit="rate a year",
        says="How far the other regions move to the scheme of the region that reports best.",
        source=HEILMANN,
    )
    inflation: float = parameter(
        0.0,
        0,
        1,
        unit="share",
        says="How much of the gap to full compliance the least honest region makes up in its report.",
    )


class Pilots(Institution):
    """Let each region run a scheme of its own, and have the scheme of the best report copied.

    Phases: `measure`; every year. The scheme of region r makes complying in scored domain d worth s_rd to those who
    live there, in utility; at first s_rd is uniform between 0 and 2 · strength. At the end of a year region r reports
    y_r + inflation · h_r · (1 − y_r), with y_r the year's mean compliance there in scored domains and h_r, uniform in
    (0, 1), how dishonest it is. The centre cannot tell a good scheme from a good report: all move to the scheme of the
    region b that reports most, s_rd += copying · (s_bd − s_rd).
    """

    settings: PilotsSettings
    zero = {"strength": 0.0, "inflation": 0.0}
    SCHEME = OwnPurpose(81)
    DISHONESTY = OwnPurpose(82)
    measures = (
        Measure(
            "pilot_spread",
            "Difference of schemes",
            "utility",
            0,
            INF,
            "How far schemes of regions differ: standard deviation over regions, mean over scored domains.",
            kind="structure",
        ),
        Measure(
            "pilot_gap",
            "Gap to the best scheme",
            "share of acts",
            0,
            1,
            "True compliance of the best region last year minus that of the region that was copied, in scored domains.",
            kind="order",
        ),
    )

    def enter(self, society: SocietyView) -> None:
        """Draw the schemes, as shares of `strength`, and how dishonest each region is."""
        regions = np.arange(society.regions)
        self.schemes = 2 * uniforms(
            society.seed, self.SCHEME, 0, regions[:, None], np.arange(len(society.domains))[None, :]
        )
        self.dishonesty = uniforms(society.seed, self.DISHONESTY, 0, regions)
        self.complied, self.weeks = np.zeros(society.regions), 0
        self.inflated, self.gap = np.zeros(society.regions), nan

    def establish(self, society: SocietyView) -> None:
        """Add what the scheme of each place brings to `bonus`, and state how far figures are inflated."""
        c, s = society.citizens, self.settings
        c.contribute("bonus", s.strength * self.schemes[c.place] * (society.domains.scored == 1))
        society.conditions.inflated += float(self.inflated[c.place].mean())

    def measure(self, society: SocietyView) -> None:
        """Count the week's compliance; at the end of a year compare the reports and have the best copied."""
        c, s, scored = society.citizens, self.settings, society.domains.scored == 1
        if not scored.any():
            return
        self.complied += means_by(c.place, c.complies[:, scored].mean(axis=1), society.regions)
        self.weeks += 1
        if society.week % YEAR:
            return
        true = self.complied / self.weeks
        self.inflated = s.inflation * self.dishonesty * (1 - true)
        best = int(np.argmax(true + self.inflated))
        self.gap = float(true.max() - true[best])
        self.schemes += s.copying * (self.schemes[best] - self.schemes)
        self.complied, self.weeks = np.zeros(society.regions), 0
        society.stale = True

    def measured(self, society: SocietyView) -> dict[str, float]:
        """Give how far schemes differ, and how much worse than the best the copied one is."""
        scored = society.domains.scored == 1
        spread = self.settings.strength * self.schemes[:, scored].std(axis=0)
        return {"pilot_spread": float(spread.mean()) if scored.any() else 0.0, "pilot_gap": self.gap}
