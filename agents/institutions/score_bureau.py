"""One visible number for each citizen: the score of a municipal pilot or of a nation."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from pydantic import Field, model_validator

from ..base import Institution, Measure, Settings, option, parameter
from ..chance import BATCH, OwnPurpose
from ..citizens import Citizens
from ..columns import INF, Floats, Ints, as_mask, each
from ..compiled import compiled
from ..conditions import Conditions, Offer
from ..view import Domains, SocietyView, Ties

RONGCHENG = (
    "grades AAA to D: Rongcheng Municipal Measures on Personal Credit Rewards and Punishments, translated by "
    "China Law Translate; the points are those commonly reported, not checked against the text"
)


class Points(Settings):
    """What one domain counts for in the score."""

    gain: float = parameter(0.0, 0, 1000, unit="points", says="Points for a complying act that was detected.")
    loss: float = parameter(0.0, 0, 1000, unit="points", says="Points lost by a deviation that was upheld.")


class Visibility(Settings):
    """Who sees the score, each as a rate; the authority always does."""

    self: float = parameter(1.0, 0, 1, unit="rate", says="How well citizens know their own score and what moves it.")  # pyright: ignore[reportGeneralTypeIssues]
    peers: float = parameter(0.37, 0, 1, unit="rate", symbol="V", says="Rate at which neighbours see it.")
    group: float = parameter(0.0, 0, 1, unit="rate", says="Rate at which the work unit sees it.")
    firms: float = parameter(0.0, 0, 1, unit="rate", says="Rate at which firms see it.")
    public: float = parameter(0.0, 0, 1, unit="rate", says="Rate at which strangers see it.")


class ScoreBureauSettings(Settings):
    """A scoring scheme, as data."""

    start: float = parameter(1000.0, -1e6, 1e6, unit="points", says="Score of a new record.", source=RONGCHENG)
    floor: float = parameter(0.0, -1e6, 1e6, unit="points", says="Lowest score possible.")
    ceiling: float = parameter(1300.0, -1e6, 1e6, unit="points", says="Highest score possible.")
    decay: float = parameter(
        0.04, 0, 1, unit="rate a week", says="How fast a score returns to the start when nothing happens."
    )
    association: float = parameter(
        0.0, 0, 1, unit="rate a week", symbol="κ", says="Pull of the neighbours' mean score (who you associate with)."
    )
    near: float = parameter(
        20.0, 0, 1e6, unit="points", says="Distance from a tier's threshold within which citizens feel its nearness."
    )
    enrolled: float = parameter(1.0, 0, 1, unit="share of citizens", says="Citizens who have a record.")
    unified: bool = option(True, says="One record everywhere; otherwise moving to another region restarts it.")
    penalises: bool = option(
        False,
        says="Whether an upheld deviation by someone below `penalty_below` is also sanctioned. In the "
        "documented pilots a low score alone triggers no penalty.",
    )
    penalty_below: float = parameter(
        850.0, -1e6, 1e6, unit="points", says="Score below which `penalises` bites.", source=RONGCHENG
    )
    points: dict[str, Points] = option(
        {
            "credit": Points(gain=2.0, loss=10.0),
            "conduct": Points(gain=2.0, loss=15.0),
            "civic": Points(gain=6.0, loss=0.0),
            "consumption": Points(gain=1.0, loss=2.0),
            "speech": Points(gain=1.0, loss=15.0),
        },
        says="Points of each domain.",
    )
    visibility: Visibility = option(Visibility(), says="Who sees the score.")
    tiers: dict[str, Annotated[float, Field(allow_inf_nan=False)]] = option(
        {"AAA": 1050.0, "AA": 1030.0, "A": 960.0, "B": 850.0, "C": 600.0, "D": 0.0},
        unit="points",
        says="Floor of each tier.",
    )

    @model_validator(mode="after")
    def _range_holds_the_start(self) -> ScoreBureauSettings:
        if not self.floor <= self.start <= self.ceiling or self.floor == self.ceiling:
            raise ValueError(
                f"start {self.start:g} must lie between floor {self.floor:g} and a higher ceiling {self.ceiling:g}"
            )
        if len(set(self.tiers.values())) != len(self.tiers):
            raise ValueError("two tiers have the same floor; give each its own")
        return self


@compiled
def updated_score(score: float, points: float, start: float, decay: float, pull: float) -> float:
    """Score after a week, before floor and ceiling: score + points + decay · (start − score) + pull."""
    return score + points + decay * (start - score) + pull


@compiled
def threshold_closeness(score: float, threshold: float, near: float) -> float:
    """How near a score is to a threshold: 1 on it, falling linearly to 0 at distance `near`."""
    distance = abs(score - threshold)
    return 1 - distance / near if distance < near else 0.0


@compiled
def _association_pull(i: int, before: Floats, ties: Ties, association: float) -> float:
    """Pull toward the mean score of the neighbours who have one, association · (mean − own), in points."""
    total = 0.0
    count = 0
    for t in range(ties.indptr[i], ties.indptr[i + 1]):
        other = before[ties.neighbours[t]]
        if not np.isnan(other):
            total += other
            count += 1
    return association * (total / count - before[i]) if count > 0 else 0.0


@compiled
def friends_loss(believed: float, association: float, decay: float, points: float, worth: float) -> float:
    """What a deviation costs friends by way of their scores, at most 1, in utility.

    believed · association / (association + decay) · points · worth: it is believed to become known with chance
    `believed` and costs `points` then; where one's score stays that much lower, friends' scores settle lower by the
    share association / (association + decay) of it, all together; `worth` is what a point is worth to them.
    """
    return min(1.0, believed * association / (association + decay) * points * worth)


@compiled
def _worth_loop(start: int, stop: int, c: Citizens, now: Conditions, horizon: float, worth: Floats) -> None:
    """Fill `worth` with what a point more is worth to each citizen, in utility: horizon · slope of its benefits."""
    for i in range(start, stop):
        worth[i] = 0.0
        for ramp in range(len(now.felt_floors)):
            above = c.score[i] - now.felt_floors[ramp]
            if 0 <= above < now.felt_widths[ramp]:
                worth[i] += horizon * now.felt_slopes[ramp]


@compiled
def _mind_loop(
    start: int,
    stop: int,
    c: Citizens,
    ties: Ties,
    domains: Domains,
    now: Conditions,
    scheme: ScoreBureauSettings,
    worth: Floats,
    minded: Floats,
) -> None:
    association, decay = scheme.association, scheme.decay
    for i in range(start, stop):
        first, last = ties.indptr[i], ties.indptr[i + 1]
        mean = 0.0
        if last > first and not np.isnan(c.score[i]):
            for t in range(first, last):
                mean += worth[ties.neighbours[t]] / (last - first)
        for d in range(len(domains.lanes)):
            points = now.gain[d] + now.loss[d]
            minded[i, d] = friends_loss(c.perceived_detection[i, d], association, decay, points, mean)


@compiled
def _score_loop(
    start: int,
    stop: int,
    c: Citizens,
    ties: Ties,
    domains: Domains,
    now: Conditions,
    scheme: ScoreBureauSettings,
    before: Floats,
) -> None:
    points, pull = np.empty(BATCH), np.zeros(BATCH)
    initial, floor, ceiling, decay, near = scheme.start, scheme.floor, scheme.ceiling, scheme.decay, scheme.near
    for first in range(start, stop, BATCH):
        last = min(stop, first + BATCH)
        noted, upheld, restored = c.noted[first:last], c.upheld[first:last], c.restored[first:last]
        points[:] = 0.0
        for d in range(len(domains.lanes)):
            gain, loss = now.gain[d], now.loss[d]
            for k in range(last - first):
                points[k] += gain * (noted[k] >> d & 1)
                points[k] -= loss * (upheld[k] >> d & 1)
                points[k] += loss * (restored[k] >> d & 1)
        if scheme.association > 0:
            for i in range(first, last):
                pull[i - first] = _association_pull(i, before, ties, scheme.association)
        was, score, closeness = before[first:last], c.score[first:last], c.closeness[first:last]
        for k in range(last - first):
            after = updated_score(was[k], points[k], initial, decay, pull[k])
            score[k] = min(ceiling, max(floor, after)) if was[k] == was[k] else was[k]
            closeness[k] = 0.0 if was[k] == was[k] else closeness[k]
        for tier in range(len(now.thresholds)):
            threshold = now.thresholds[tier]
            for k in range(last - first):
                nearness = threshold_closeness(score[k], threshold, near)
                closeness[k] = max(closeness[k], nearness) if was[k] == was[k] else closeness[k]


class ScoreBureau(Institution):
    """Keep a score: points for detected acts and upheld deviations, decay, association, floor and ceiling.

    Phases: `score`; `perceive` only with association; `sanction` only where `penalises` is set. A record that is taken
    back on appeal returns its points. With association one's deviations move one's friends' scores, and they
    disapprove of it by what that costs them, see `friends_loss`.
    """

    settings: ScoreBureauSettings
    by_domain = ("points",)
    zero = {"enrolled": 0.0}
    ENROLMENT = OwnPurpose(25)
    measures = (
        Measure("low_scored", "Low scores", "share of citizens", 0, 1,
                "Citizens with a score below `penalty_below`, the lowest tiers of the documented pilots.", absent=0.0,
                kind="structure"),
    )  # fmt: skip
    recorded_at: Ints = each(0, INF, "number", "region that keeps the record of its score", np.int64)

    def enter(self, society: SocietyView) -> None:
        """Draw who is enrolled, and set their `score` to the start, but for one given at the start of the society."""
        self._enrol(society, slice(None))

    def _enrol(self, society: SocietyView, rows: Any) -> None:
        c = society.citizens
        opened = np.isnan(c.score) & (c.draw(society.seed, self.ENROLMENT) < self.settings.enrolled)
        c.score[rows] = np.where(opened[rows], self.settings.start, c.score[rows])
        self.recorded_at[rows] = c.place[rows]

    def welcome(self, society: SocietyView, newcomers: Any) -> None:
        """Draw which newcomers are enrolled, and set their `score` to the start."""
        super().welcome(society, newcomers)
        self._enrol(society, newcomers)

    def establish(self, society: SocietyView) -> None:
        """State the scheme: points, tiers, range and who sees the score; add the scored to `visibility`."""
        c, now, s = society.citizens, society.conditions, self.settings
        self._show(c)
        for d, name in enumerate(society.domains.names):
            if name in s.points:
                now.gain[d] += s.points[name].gain
                now.loss[d] += s.points[name].loss
        now.tiers = dict(s.tiers)
        now.score_range = (s.floor, s.ceiling)
        now.score_start = s.start
        now.public = s.visibility.public
        now.group_sight = s.visibility.group
        now.firms = s.visibility.firms
        now.offered["score"] = Offer(s.visibility.firms)
        now.unified = s.unified and s.enrolled > 0
        now.own = s.visibility.self

    def _show(self, c: Citizens) -> None:
        c.contribute("visibility", np.where(np.isnan(c.score), 0.0, self.settings.visibility.peers))

    def leave(self, society: SocietyView) -> None:
        """Set every `score` to none, and `closeness` to 0."""
        society.citizens.score[:] = np.nan
        society.citizens.closeness[:] = 0

    def perceive(self, society: SocietyView) -> None:
        """With association, add what a deviation costs friends' scores to `fellows_loss`."""
        c, s = society.citizens, self.settings
        if s.association > 0:
            now, worth, minded = (
                society.conditions,
                np.empty(len(c)),
                np.empty((len(c), len(society.domains)), order="F"),
            )
            society.for_all(_worth_loop, c, now, society.rates.horizon, worth)
            society.for_all(_mind_loop, c, society.ties, society.domains, now, s, worth, minded)
            c.contribute("fellows_loss", minded)

    def score(self, society: SocietyView) -> None:
        """Move `score` by `noted`, `upheld` and `restored`; set `closeness`, and add the scored to `visibility`."""
        c, now, s = society.citizens, society.conditions, self.settings
        self._show(c)
        if not s.unified:
            moved = (c.place != self.recorded_at) & ~np.isnan(c.score)
            c.score[moved] = s.start
        np.copyto(self.recorded_at, c.place, where=~np.isnan(c.score))
        society.for_all(_score_loop, c, society.ties, society.domains, now, s, c.score.copy())

    def sanction(self, society: SocietyView) -> None:
        """Where the scheme penalises, add low scorers' upheld deviations to `sanctioned` and `wrongful`."""
        if not (self.settings.penalises or society.conditions.penalises):
            return
        c = society.citizens
        low = c.score < self.settings.penalty_below
        sanctioned = np.where(low, c.upheld & as_mask(society.domains.sanctioned), np.uint32(0))
        c.sanctioned |= sanctioned
        c.wrongful |= sanctioned & as_mask(c.complies)

    def measured(self, society: SocietyView) -> dict[str, float]:
        """Give the share of citizens with a low score."""
        c = society.citizens
        return {"low_scored": np.count_nonzero(c.score < self.settings.penalty_below) / len(c)}
