"""What the institutions together present to every citizen: the one place where they meet besides the columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from .columns import Floats
from .records import Recorded


@dataclass(frozen=True)
class Offer:
    """A score that those who decide about others can use: employers, landlords, insurers.

    Attributes
    ----------
    seen
        Rate at which they see it, [0, 1].
    points
        What complying raises it by above deviating, by domain, in points; none where `gain` and `loss` say so.
    """

    seen: float
    points: Floats | None = None


@dataclass(eq=False)
class Conditions(Recorded):
    """Neutral when made; each institution's `establish` adds its part, before anything is derived from them.

    Arrays over domains have shape (D,). What differs between citizens is in their columns instead.
    """

    domains: int
    hidden: Floats = field(init=False)
    """Rate at which deviance is hidden from view (firewall), [0, 1]."""
    exemplars: Floats = field(init=False)
    """Complying exemplars on public show, in observations a week, ≥ 0."""
    gain: Floats = field(init=False)
    """Points for a detected complying act."""
    loss: Floats = field(init=False)
    """Points lost by an upheld deviation."""
    tiers: dict[str, float] = field(default_factory=dict)
    """Floor of each tier of the score, in points."""
    benefits: dict[str, float] = field(default_factory=dict)
    """Benefit promised to each tier, in utility a week."""
    prospects: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    """What a score is worth besides the benefits, by what for, as a ramp: floor, width in points, slope in utility."""
    paid: float = 1.0
    """Share of the promised benefits that the budget pays, [0, 1]."""
    score_range: tuple[float, float] = (0.0, 0.0)
    """Floor and ceiling of the score, in points."""
    score_start: float = 0.0
    """Score of a new record, in points."""
    public: float = 0.0
    """Rate at which a stranger sees the score, [0, 1]."""
    own: float = 0.0
    """Rate at which citizens know their own score, [0, 1]."""
    hotline: bool = False
    """Whether there is anywhere to report to."""
    reward: float = 0.0
    """Utility of having reported."""
    anonymous: bool = True
    """Whether the reported person is left to guess who it was."""
    pull: Floats = field(init=False)
    """What complying costs users of a platform besides, in utility."""
    broadcast: Floats = field(init=False)
    """Reach of persuasion by the authority, [0, 1]; several that persuade are heard one beside the other."""
    bars: Floats = field(init=False)
    """What a sanction in a domain costs besides its loss, because a list exists, in utility."""
    persuasion: Floats = field(init=False)
    """Reach of persuasion times the conviction that it aims at, [0, 1]."""
    fakeable: Floats = field(init=False)
    """Share of measured acts that can be faked, [0, 1]."""
    fake_cost: float = 0.0
    """What faking an act costs, in utility."""
    group_sight: float = 0.0
    """Rate at which fellow members of the group see the score, [0, 1]."""
    firms: float = 0.0
    """Rate at which firms see the score, [0, 1]."""
    unified: bool = False
    """Whether the record of a citizen is known wherever it lives."""
    penalises: bool = False
    """Whether the authority has low scores punished."""
    funding: dict[str, float] = field(default_factory=dict)
    """What the authority spends on each of its means, as a factor of what it would cost at the settings given."""
    convicts: bool = False
    """Whether there is a court that convicts."""
    discretion: float = 1.0
    """Factor by which dissenters are judged worse, ≥ 0."""
    offered: dict[str, Offer] = field(default_factory=dict)
    """The scores that are kept, by the citizens' column that has them."""
    inflated: float = 0.0
    """How far reported compliance is above the true one, mean over citizens."""

    revenue: float = 0.0
    """What points were sold for last week, in mean wealth a citizen."""

    if TYPE_CHECKING:
        # What only the record has, for compiled loops: the promised benefits, and what citizens expect, as ramps.
        floor: ClassVar[float]
        ceiling: ClassVar[float]
        floors: ClassVar[Floats]
        widths: ClassVar[Floats]
        slopes: ClassVar[Floats]
        felt_floors: ClassVar[Floats]
        felt_widths: ClassVar[Floats]
        felt_slopes: ClassVar[Floats]

    def __post_init__(self) -> None:
        for name in ("hidden", "exemplars", "gain", "loss", "pull", "bars", "broadcast", "persuasion", "fakeable"):
            setattr(self, name, np.zeros(self.domains))

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        self.renew()

    def pay(self, share: float) -> None:
        """Have citizens expect that benefits are paid by a share from now on, as `paid` says."""
        # Without a new record, since a budget that binds pays another share every week.
        self.__dict__["paid"] = share
        known = self.__dict__.get("_felt")
        if known is not None:
            promised, felt = known
            felt[: len(promised)] = self.own * share * promised

    def take_in(self, revenue: float) -> None:
        """Have `revenue` be what points were sold for, for the rewards of the week to come."""
        # Without a new record, since no compiled loop reads it.
        self.__dict__["revenue"] = revenue

    def promise(self, what: str, floor: float, width: float, worth: float) -> None:
        """Have citizens foresee that a score brings something, from nothing at `floor` to all `width` points above.

        `floor` in points, `width` above 0 in points, `worth` in utility a week; of no worth, nothing is foreseen.
        """
        self.prospects.pop(what, None)
        if worth != 0:
            self.prospects[what] = (floor, width, worth / width)
        self.renew()

    def persuade(self, domain: int, reach: float, target: float) -> None:
        """Argue for a conviction in a domain."""
        self.broadcast[domain] += reach
        self.persuasion[domain] += reach * target

    def funded(self, means: str) -> float:
        """Factor by which the authority funds one of its means; 1 where no authority does."""
        return self.funding.get(means, 1.0)

    def recorded(self) -> dict[str, Any]:
        """The arrays and numbers, and what follows from them."""
        floors, widths, slopes = self.promised
        felt_floors, felt_widths, felt_slopes = self.perceived
        self.__dict__["_felt"] = (slopes, felt_slopes)
        low, high = self.score_range
        return {
            "hidden": self.hidden,
            "exemplars": self.exemplars,
            "gain": self.gain,
            "loss": self.loss,
            "pull": self.pull,
            "bars": self.bars,
            "broadcast": self.broadcast,
            "persuasion": self.persuasion,
            "fakeable": self.fakeable,
            "fake_cost": float(self.fake_cost),
            "group_sight": float(self.group_sight),
            "public": float(self.public),
            "firms": float(self.firms),
            "floor": float(low),
            "ceiling": float(high),
            "reward": float(self.reward),
            "anonymous": bool(self.anonymous),
            "weight": self.weight,
            "thresholds": self.thresholds,
            "floors": floors,
            "widths": widths,
            "slopes": slopes,
            "felt_floors": felt_floors,
            "felt_widths": felt_widths,
            "felt_slopes": felt_slopes,
        }

    @property
    def weight(self) -> Floats:
        """Each domain's share of the points at stake in the score; zero where there is no score."""
        stake = self.gain + self.loss
        total = stake.sum()
        return stake / total if total > 0 else stake

    @property
    def promised(self) -> tuple[Floats, Floats, Floats]:
        """The promised benefits as ramps: floor and width in points, slope in benefit a point; see `benefit`.

        All are empty where nothing is promised.
        """
        tiers = sorted((floor, self.benefits.get(name, 0.0)) for name, floor in self.tiers.items())
        if len(tiers) < 2:
            return np.empty(0), np.empty(0), np.empty(0)
        floors, benefits = np.array(tiers).T.copy()
        widths, rises = np.diff(floors), np.diff(benefits)
        rising = rises != 0
        return floors[:-1][rising], widths[rising], (rises / widths)[rising]

    @property
    def benefit_range(self) -> tuple[float, float]:
        """Benefits promised to the lowest tier, and the largest promised to any; 0 where none is."""
        if not self.tiers:
            return 0.0, 0.0
        promised = {name: self.benefits.get(name, 0.0) for name in self.tiers}
        return promised[min(self.tiers, key=lambda name: self.tiers[name])], max(promised.values())

    @property
    def perceived(self) -> tuple[Floats, Floats, Floats]:
        """What citizens expect of their score, as ramps: the benefits as far as they are paid, and the prospects."""
        floors, widths, slopes = self.promised
        slopes = self.own * self.paid * slopes
        for floor, width, slope in self.prospects.values():
            floors, widths = np.append(floors, floor), np.append(widths, width)
            slopes = np.append(slopes, self.own * slope)
        return floors, widths, slopes

    @property
    def thresholds(self) -> Floats:
        """Tier floors in ascending order, the lowest left out: what a score can cross."""
        return np.array(sorted(self.tiers.values())[1:])
