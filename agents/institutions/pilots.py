"""Pilots: regions try schemes of their own, and the centre has the best of them copied, by what they report."""

from __future__ import annotations

from math import nan

import numpy as np

from ..base import Institution, Measure, Settings, parameter
from ..chance import OwnPurpose, uniforms
from ..columns import INF, Floats
from ..groups import QUARTER, means_by
from ..view import SocietyView

YEAR = 52
"""Weeks after which the centre compares what regions report."""

HEILMANN = "experiments under hierarchy: Heilmann 2008, doi:10.1007/s12116-007-9014-4; the value is a model assumption"


class PilotsSettings(Settings):
    """How strong the schemes are, how fast they spread, and how honest the reports are."""

    strength: float = parameter(
        0.1, 0, 100, unit="utility", says="What a scheme makes complying worth in a scored domain, on average."
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

    Phases: `measure`; every year, after a quarter in which nothing is tried and only counted. The scheme of region r
    makes complying in scored domain d worth s_rd to those who live there, in utility; at first s_rd is uniform between
    0 and 2 · strength. After a year region r reports a compliance of y_r + inflation · h_r · (1 − y_r), with y_r the
    year's mean in scored domains and h_r, uniform in (0, 1), how dishonest it is. The centre compares by how much that
    is above the first quarter's, and cannot tell a good scheme from a good report: all move to the scheme of the region
    b with the largest reported rise, s_rd += copying · (s_bd − s_rd).
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
            "Last year's true rise of compliance in the best region minus that in the copied one, in scored domains.",
            kind="order",
        ),
    )

    def enter(self, society: SocietyView) -> None:
        """Draw the schemes, as multiples of `strength`, and how dishonest each region is."""
        regions, domains = np.arange(society.regions), np.arange(len(society.domains))
        self.schemes = 2 * uniforms(society.seed, self.SCHEME, 0, regions[:, None], domains)
        self.dishonesty = uniforms(society.seed, self.DISHONESTY, 0, regions)
        self.before, self.complied, self.weeks = np.full(society.regions, nan), np.zeros(society.regions), 0
        self.inflated, self.gap = np.zeros(society.regions), nan

    @property
    def under_way(self) -> bool:
        """Whether the first quarter, in which nothing is tried, is over."""
        return not np.isnan(self.before).any()

    def establish(self, society: SocietyView) -> None:
        """Add what the scheme of each place brings to `bonus`, and state how far figures are inflated."""
        if not self.under_way:
            return
        c = society.citizens
        c.contribute("bonus", self.settings.strength * self.schemes[c.place] * society.domains.scored)
        society.conditions.inflated += float(self.inflated[c.place].mean())

    def measure(self, society: SocietyView) -> None:
        """Count the week's compliance; when the quarter or a year is over look at it, and have the best copied."""
        c, scored = society.citizens, society.domains.scored == 1
        if not scored.any():
            return
        self.complied += means_by(c.place, c.complies[:, scored].mean(axis=1), society.regions)
        self.weeks += 1
        if self.weeks < (YEAR if self.under_way else QUARTER):
            return
        mean = self.complied / self.weeks
        if self.under_way:
            self._copy(mean)
        else:
            self.before = mean
        self.complied, self.weeks = np.zeros(society.regions), 0
        society.stale = True

    def _copy(self, mean: Floats) -> None:
        s, rise = self.settings, mean - self.before
        self.inflated = s.inflation * self.dishonesty * (1 - mean)
        best = int(np.argmax(rise + self.inflated))
        self.gap = float(rise.max() - rise[best])
        self.schemes += s.copying * (self.schemes[best] - self.schemes)

    def measured(self, society: SocietyView) -> dict[str, float]:
        """Give how far schemes differ, and how much worse than the best the copied one is."""
        scored = society.domains.scored == 1
        spread = self.settings.strength * self.schemes[:, scored].std(axis=0)
        return {"pilot_spread": float(spread.mean()) if scored.any() else 0.0, "pilot_gap": self.gap}
