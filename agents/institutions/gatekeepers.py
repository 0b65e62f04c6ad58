"""Employers, landlords, insurers and others who decide by a score that was made for something else."""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

from ..arithmetic import exp
from ..base import Institution, Measure, Settings, option, parameter
from ..columns import Bits, Floats, each
from ..compiled import compiled
from ..conditions import Offer
from ..groups import QUARTER
from ..view import SocietyView

YEAR = 52


class Gate(Settings):
    """One kind of gatekeeper: what a score must be worth to it, and what it means to be turned away."""

    cost: float = parameter(
        0.2, 0, 1, unit="correlation", says="What using a score costs it, as the correlation at which it just pays."
    )
    income: float = parameter(
        0.0, 0, 1, unit="share", says="Income lost by those below the bar where all of the kind use the score."
    )
    hardship: float = parameter(
        0.0, 0, 1, unit="share", says="How much harder life gets for those below the bar where all of the kind use it."
    )
    worth: float = parameter(
        0.0, 0, 100, unit="utility a week", says="What citizens think it is worth not to be turned away by the kind."
    )


class GatekeepersSettings(Settings):
    """How fast the use of scores spreads, whom it shuts out, and who they are."""

    start: float = parameter(
        0.05, 0, 1, unit="share of gatekeepers", says="How many of each kind use a score from the beginning."
    )
    speed: float = parameter(
        2.0, 0, 100, unit="a year", symbol="η", says="How fast those who do not use it follow those who gain by it."
    )
    lowest: float = parameter(
        0.1,
        0,
        1,
        unit="share of citizens",
        symbol="θ",
        says="How many of those with a score the bar shuts out at first.",
    )
    gates: dict[str, Gate] = option(
        {
            "employers": Gate(cost=0.25, income=0.12, worth=0.04),
            "landlords": Gate(cost=0.15, hardship=0.05, worth=0.03),
            "insurers": Gate(cost=0.1, income=0.03, worth=0.01),
            "carriers": Gate(cost=0.3, hardship=0.03, worth=0.01),
            "schools": Gate(cost=0.35, hardship=0.04, worth=0.02),
            "partners": Gate(cost=0.35, hardship=0.03, worth=0.01),
        },
        says="The kinds of gatekeepers.",
    )


@compiled
def adopted(share: float, speed: float, gain: float) -> float:
    """Share that uses something a year later: a · e^x / (1 − a + a · e^x), x = speed · gain.

    The replicator equation da/dt = speed · a · (1 − a) · gain, solved over the year: those who use it are copied as far
    as it pays (Taylor & Jonker 1978, doi:10.1016/0025-5564(78)90077-9).
    """
    growth = exp(min(speed * gain, 700.0))
    return share * growth / (1 - share + share * growth)


def ramp(score: Floats, floor: float, width: float) -> Floats:
    """How far a score has come from `floor` to `width` points above, [0, 1]; 0 without a score."""
    return np.where(np.isnan(score), 0.0, np.minimum(1.0, np.maximum(0.0, (score - floor) / width)))


def likeness(x: Floats, y: Floats) -> float:
    """Correlation of two quantities where both are known; 0 where one does not vary."""
    known = ~np.isnan(x) & ~np.isnan(y)
    if not known.any():
        return 0.0
    x, y = x[known] - x[known].mean(), y[known] - y[known].mean()
    spread = sqrt(float((x * x).mean()) * float((y * y).mean()))
    return float((x * y).mean()) / spread if spread > 1e-12 else 0.0


class Gatekeepers(Institution):
    """Let employers, landlords and others turn away those of low score, as far as the score tells whom to trust.

    Phases: `sanction`. Once a year gatekeepers look back at how well each score that is kept told who would pay: r is
    the correlation of the score of a year ago with the share of weeks since in which its owner complied in the domain
    of the role `debt`. They use the score whose seen · r is highest, `seen` being the rate at which firms see it, and
    of each kind of them the share a that uses it moves by da/dt = speed · a · (1 − a) · (seen · r − cost). There is no
    absolute value: those who turn away low scorers lose by a score that is high for those who do not pay.

    The bar is the score below which the `lowest` share lie. In the first year with a score they set it once a quarter;
    then they keep it, in points, whoever comes to be below. Below it a citizen loses the part seen · Σ a · income of
    its income and bears seen · Σ a · hardship, which makes complying harder and earns it less. Citizens take the chance
    of being let in to rise evenly with the score, up to the median when the bar was set and from as far below the bar;
    there the ramp is worth seen · Σ a · worth, in the stake of the authority's score and in the `bonus` of others.
    Fourcade & Healy 2017, doi:10.1093/ser/mww033.
    """

    settings: GatekeepersSettings
    zero = {"start": 0.0}
    roles = ("debt",)
    paid: Floats = each(0, np.inf, "weeks", "weeks since gatekeepers last looked back in which it complied in debt")
    shut_out: Bits = each(0, 1, "yes or no", "whether it was below the bar when they last looked back", np.int8)
    measures = (
        Measure(
            "gatekeeping",
            "Decide by a score",
            "share of gatekeepers",
            0,
            1,
            "Gatekeepers who use a score, mean over their kinds.",
            absent=0.0,
            kind="justice",
        ),
        Measure(
            "turned_away",
            "Below the bar",
            "share of citizens",
            0,
            1,
            "Citizens whom those gatekeepers who use a score turn away.",
            absent=0.0,
            kind="justice",
        ),
        Measure(
            "left_bottom",
            "Came up within a year",
            "share of those below",
            0,
            1,
            "Of those below the bar when gatekeepers looked back a year ago, the share above it now; looked at once a "
            "year.",
            kind="justice",
        ),
    )

    def enter(self, society: SocietyView) -> None:
        """Have no kind of gatekeeper yet, no bar, and no score on file."""
        self.share: dict[str, float] = {}
        self.used, self.bar, self.middle, self.left = "", np.nan, np.nan, np.nan
        self.found: tuple[str, float] | None = None
        self.files: dict[str, Floats] = {}

    def welcome(self, society: SocietyView, newcomers: npt.NDArray[np.int64]) -> None:
        """Take newcomers' scores off the file."""
        super().welcome(society, newcomers)
        for file in self.files.values():
            file[society.citizens.node[newcomers]] = np.nan

    def establish(self, society: SocietyView) -> None:
        """Add to `hardship` and `earnings` of those below the bar; promise what is above it, or add it to `bonus`."""
        c, now, s = society.citizens, society.conditions, self.settings
        self.share = {name: self.share.get(name, s.start) for name in s.gates}
        self._turn_away(society)
        half, worth = self.middle - self.bar, self._weight(society, "worth")
        if worth == 0 or not half > 0:
            return
        floor, width = self.bar - half, 2 * half
        points = now.offered[self.used].points
        if points is None:
            now.promise(self.name, floor, width, worth)
            return
        score = self._score(society)
        for d in np.flatnonzero(points):
            rise = ramp(score, floor, width) - ramp(score - points[d], floor, width)
            of_domain = np.arange(len(points)) == d
            c.contribute("bonus", society.rates.horizon * worth * rise[:, None] * of_domain)

    def sanction(self, society: SocietyView) -> None:
        """Look back once a year and set the bar once a quarter; add to `hardship` and `earnings` of those below it."""
        c, now = society.citizens, society.conditions
        self.paid += c.complies[:, society.domains.role("debt")]
        if now.offered and any(self.share.values()):
            if self.used not in now.offered:
                self._use(max(now.offered, key=lambda name: now.offered[name].seen))
            if society.week % YEAR == 0:
                self._look_back(society)
            if society.week % QUARTER == 0:
                self._set_bar(society)
                society.stale = True
        if society.week % YEAR == 0:
            self.paid[:] = 0
        self._turn_away(society)

    def _look_back(self, society: SocietyView) -> None:
        """Choose the score that told best who would pay, and let its use spread or recede."""
        c, now, s = society.citizens, society.conditions, self.settings
        gains: dict[str, float] = {}
        for name, offer in now.offered.items():
            score = getattr(c, name)
            if name in self.files:
                gains[name] = offer.seen * likeness(self.files[name][c.node], self.paid)
            self.files.setdefault(name, np.full(society.founders, np.nan))[c.node] = score
        if gains:
            self._use(max(gains, key=lambda name: gains[name]))
            for name, gate in s.gates.items():
                self.share[name] = adopted(self.share[name], s.speed, gains[self.used] - gate.cost)

    def _use(self, name: str) -> None:
        """Use a score; no bar that was set by another holds."""
        if name != self.used:
            self.used, self.bar, self.middle, self.found = name, np.nan, np.nan, None
            self.shut_out[:] = 0

    def _set_bar(self, society: SocietyView) -> None:
        """Set the bar, unless it has been found."""
        score, looked_for = self._score(society), (self.used, self.settings.lowest)
        ordered = np.sort(score[~np.isnan(score)])
        if len(ordered) > 0 and looked_for != self.found:
            self.bar = float(ordered[min(len(ordered) - 1, int(self.settings.lowest * len(ordered)))])
            self.middle = float(ordered[len(ordered) // 2])
        if society.week % YEAR == 0:
            self.found = looked_for
            before = self.shut_out == 1
            self.left = float((score[before] >= self.bar).mean()) if before.any() else np.nan
            self.shut_out[:] = score < self.bar

    def _score(self, society: SocietyView) -> Floats:
        return getattr(society.citizens, self.used)

    def _weight(self, society: SocietyView, what: str) -> float:
        """What all kinds that use the score come to in one respect, seen · Σ a · `what`."""
        offer = society.conditions.offered.get(self.used, Offer(0.0))
        return offer.seen * sum(self.share[name] * getattr(gate, what) for name, gate in self.settings.gates.items())

    def _below(self, society: SocietyView) -> npt.NDArray[np.bool_]:
        """Who is below the bar of those who use a score."""
        c = society.citizens
        offer = society.conditions.offered.get(self.used)
        used = offer is not None and offer.seen > 0 and any(self.share.values())
        return self._score(society) < self.bar if used else np.zeros(len(c), bool)

    def _turn_away(self, society: SocietyView) -> None:
        c, below = society.citizens, np.flatnonzero(self._below(society))
        c.contribute("hardship", min(1.0, self._weight(society, "hardship")), rows=below)
        c.contribute("earnings", 1 - min(1.0, self._weight(society, "income")), rows=below)

    def measured(self, society: SocietyView) -> dict[str, float]:
        """Give how many gatekeepers use a score, how many citizens they turn away, and how many came up in a year."""
        return {
            "gatekeeping": sum(self.share.values()) / len(self.share) if self.share else 0.0,
            "turned_away": np.count_nonzero(self._below(society)) / len(society.citizens),
            "left_bottom": self.left,
        }
