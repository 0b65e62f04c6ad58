"""Where a society tips: branches of the mean-field map through their folds, and societies beside them.

`mean_field` has the map and its fixed points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from ....model.building import conviction_mean
from ....model.scenario import Scenario
from ....model.ties import STRONG_SHARE
from .check import Check
from .mean_field import Map, Setting, State, error, lived

Floats = npt.NDArray[np.float64]
Over = Literal["visibility", "conformity"]

COSTLY = Setting(mean=0.75, cost=2.0)
"""Something that most find right and few do, since it is costly; the conformity is the default."""

TIPPING = replace(COSTLY, conformity=2.0)
"""The same among people who do what is usual, five times as much as by default."""

DOMAINS = ("credit", "conduct", "civic", "consumption", "speech", "inquiry")

STEP, LONGEST = 0.02, 4000
"""Length of a step along a branch, and steps at most."""

EARLIER = "the map's own number when it was written: a change of the rules shows here"
SOURCE = "pseudo-arclength continuation: Keller 1977; finite size: √(p (1 − p) / N)"


@dataclass(frozen=True)
class Branch:
    """Fixed points along a curve.

    Attributes
    ----------
    at, share, approval
        Value of what is varied, and the state; shape (points,).
    stable
        Whether a small departure dies out.
    """

    at: Floats
    share: Floats
    approval: Floats
    stable: npt.NDArray[np.bool_]


def _residual(of: Setting, over: Over, point: Floats) -> Floats:
    return np.array(Map(replace(of, **{over: float(point[2])})).residual(float(point[0]), float(point[1])))


def _slopes(of: Setting, over: Over, point: Floats) -> Floats:
    """Jacobian of the residual by share, approval and what is varied, shape (2, 3)."""
    columns: list[Floats] = []
    for k in range(3):
        step = np.zeros(3)
        step[k] = 1e-6
        columns.append((_residual(of, over, point + step) - _residual(of, over, point - step)) / 2e-6)
    return np.stack(columns, axis=1)


def _tangent(of: Setting, over: Over, point: Floats, before: Floats) -> Floats:
    """Direction of the branch at a point, onward from the one before."""
    along = np.linalg.svd(_slopes(of, over, point))[2][2]
    return along if along @ before >= 0 else -along


def _corrected(of: Setting, over: Over, guess: Floats, along: Floats) -> Floats:
    """The point of the branch in the plane through a guess."""
    from scipy.optimize import root  # here, since it would slow down every start

    def off(x: Floats) -> Floats:
        return np.append(_residual(of, over, x), along @ (x - guess))

    return np.asarray(root(off, guess, tol=1e-13).x)


def is_stable(of: Setting, share: float, approval: float) -> bool:
    """Whether the map brings a small departure from a fixed point back: all eigenvalues within the unit circle."""
    world = Map(of)
    at = np.array([share, share, approval, world.image(approval)])

    def week(x: Floats) -> Floats:
        state = world.week(State(*map(float, x)))
        return np.array([state.share, state.expectation, state.approval, state.image])

    steps = np.eye(4) * 1e-6
    jacobian = np.stack([(week(at + step) - week(at - step)) / 2e-6 for step in steps], axis=1)
    return bool(np.abs(np.linalg.eigvals(jacobian)).max() < 1)


def settled(of: Setting, start: float) -> State:
    """The state that the map comes to from a start."""
    world, state = Map(of), State(start, start, start)
    for _ in range(2000):
        state = world.week(state)
    return state


def branch(of: Setting, over: Over, first: float, last: float, start: float = 0.05) -> Branch:
    """Follow the fixed points from the state that a start leads to at `first`, through every fold, until beyond an end.

    Parameters
    ----------
    of
        The setting, but for what is varied.
    over
        What is varied.
    first, last
        Where it begins, and the other end.
    start
        Share that complies, is expected and is believed to approve, from which the map settles.
    """
    state = settled(replace(of, **{over: first}), start)
    point = np.array([state.share, state.approval, first])
    along = _tangent(of, over, point, np.array([0.0, 0.0, last - first]))
    points = [point]
    for _ in range(LONGEST):
        guess = point + STEP * along
        point = _corrected(of, over, guess, along)
        along = _tangent(of, over, point, along)
        points.append(point)
        if not min(first, last) <= point[2] <= max(first, last):
            break
    share, approval, at = np.array(points).T
    stable = [is_stable(replace(of, **{over: float(a)}), float(p), float(y)) for p, y, a in points]
    return Branch(at, share, approval, np.array(stable))


def folds(of: Setting, over: Over, first: float, last: float, start: float = 0.05) -> list[float]:
    """Values at which a state ends, in the order along the branch; within 1e-7."""
    from scipy.optimize import minimize_scalar  # here, since it would slow down every start

    along = branch(of, over, first, last, start)
    turns = np.flatnonzero(np.diff(np.sign(np.diff(along.at)))) + 1
    found: list[float] = []
    for k in turns:
        middle = np.array([along.share[k], along.approval[k], along.at[k]])
        chord = np.array([along.share[k + 1] - along.share[k - 1], along.approval[k + 1] - along.approval[k - 1],
                          along.at[k + 1] - along.at[k - 1]])  # fmt: skip
        chord /= np.linalg.norm(chord)
        sign = 1.0 if along.at[k] > along.at[k - 1] else -1.0

        def short_of(ahead: float, middle: Floats = middle, chord: Floats = chord, sign: float = sign) -> float:
            return -sign * float(_corrected(of, over, middle + ahead * chord, chord)[2])

        best = minimize_scalar(short_of, bounds=(-1.5 * STEP, 1.5 * STEP), method="bounded", options={"xatol": 1e-9})
        found.append(-sign * float(best.fun))
    return found


def tips_at(of: Setting, size: int, start: float, values: Sequence[float], weeks: int, seed: int = 1) -> float:
    """First of some visibilities at which a society leaves the state that it starts in; NaN if at none."""
    for value in values:
        here = replace(of, visibility=float(value))
        end = lived(here, size, start, seed, weeks)[-10:].mean()
        if (end > 0.5) != (start > 0.5):
            return float(value)
    return float("nan")


@cache
def of_domain(name: str) -> Setting:
    """The map of a domain at the defaults, but for projection and traits that differ, which it does not have.

    As many opinions count as of the ties that a citizen has; the cost is that under which the level is kept where there
    is no score.
    """
    from scipy.optimize import brentq  # here, since it would slow down every start

    plan = Scenario.load("baseline")
    domain, citizens, people = plan.domains[name], plan.citizens, plan.population
    counting = people.degree * (
        STRONG_SHARE * citizens.image.counts_close + (1 - STRONG_SHARE) * citizens.image.counts_other
    )
    of = Setting(
        citizens.conformity, 0.0, citizens.rationality, citizens.conviction_weight, citizens.image_concern, 0.0,
        domain.openness, counting, citizens.memory, citizens.memory_norm, citizens.face_value,
        conviction_mean(plan, domain), citizens.conviction_concentration,
    )  # fmt: skip

    def off(cost: float) -> float:
        return Map(replace(of, cost=cost)).share(domain.level, of.mean) - domain.level

    return replace(of, cost=float(np.asarray(brentq(off, -20, 20))))


def folds_at_the_defaults() -> float:
    """How many visibilities between 0 and 1 there are at which a state ends, in all domains."""
    return float(sum(len(folds(of_domain(name), "visibility", 0.0, 1.0, start)) for name in DOMAINS
                     for start in (0.02, 0.98)))  # fmt: skip


def least_conformity() -> float:
    """Least conformity at which any domain has a second state at the visibility that peers have by default."""
    found: list[float] = []
    for name in DOMAINS:
        of = replace(of_domain(name), visibility=0.37)
        found += [fold for start in (0.02, 0.98) for fold in folds(of, "conformity", 6.0, 0.1, start)]
    return min(found, default=float("nan"))


@cache
def _folds_of_visibility() -> tuple[float, ...]:
    return tuple(folds(TIPPING, "visibility", 0.0, 1.0))


def _scaling() -> float:
    """Slope of the logarithm of the distance from the map over that of the size."""
    sizes = (100, 400, 1600)
    off = [error(COSTLY, size, 0.2) * np.sqrt(1 / size) for size in sizes]
    return float(np.polyfit(np.log(sizes), np.log(off), 1)[0])


def _late(up: bool) -> float:
    """By how much societies of 1,600 tip before the fold, in units of N^-½."""
    first, last = _folds_of_visibility()
    fold, size = (first, 1600) if up else (last, 1600)
    grid = np.arange(fold - 0.1, fold + 0.1, 0.01) if up else np.arange(fold + 0.1, fold - 0.1, -0.01)
    return (tips_at(TIPPING, size, 0.05 if up else 0.95, list(grid), 150) - fold) * np.sqrt(size)


CHECKS: tuple[Check, ...] = (
    Check("map and society, one state", "Mean field",
          "distance of 4 societies of 400 from the map over 60 weeks, in units of √(p (1 − p) / N)", SOURCE, 0.5, 2.0,
          lambda: error(COSTLY, 400, 0.2)),
    Check("map and society, two states", "Mean field", "the same where the crowd has two states, from the lower one",
          SOURCE, 0.5, 4.0, lambda: error(replace(TIPPING, visibility=0.2), 400, 0.05)),
    Check.near("distance by size", "Mean field", "exponent of the distance over N, for 100, 400 and 1,600 people",
               SOURCE, -0.5, 0.15, _scaling, full=True),
    Check.near("folds of visibility", "Mean field",
               "number of visibilities between 0 and 1 at which a state ends, where people do what is usual", SOURCE,
               2, 0, lambda: float(len(_folds_of_visibility()))),
    Check("fold of conformity", "Mean field",
          "conformity at which a second state appears where the score is .6 visible: above four times the default",
          SOURCE, 1.6, 3.2, lambda: folds(replace(COSTLY, visibility=0.6), "conformity", 3.2, 0.1, 0.02)[0]),
    Check.near("folds at little conformity", "Mean field", "the same at the default conformity", SOURCE, 0, 0,
               lambda: float(len(folds(COSTLY, "visibility", 0.0, 1.0)))),
    Check.near("folds at the defaults", "Mean field",
               "the same in every domain with all defaults, from a low and a high start", SOURCE, 0, 0,
               folds_at_the_defaults),
    Check("conformity at which a domain has two states", "Mean field",
          "the least of all domains with all defaults: at least five times the default", SOURCE, 2.0, 3.0,
          least_conformity, full=True),
    Check.near("fold up", "Mean field", "visibility at which the lower state ends", EARLIER, 0.7235326, 1e-6,
               lambda: _folds_of_visibility()[0]),
    Check.near("fold down", "Mean field", "visibility at which the upper state ends", EARLIER, 0.2588071, 1e-6,
               lambda: _folds_of_visibility()[1]),
    Check("tipping up", "Mean field",
          "visibility at which societies of 1,600 leave the lower state, less the fold, in units of N^-½", SOURCE,
          -3, 3, lambda: _late(True), full=True),
    Check("tipping down", "Mean field", "the same of the upper state", SOURCE, -3, 3, lambda: _late(False), full=True),
)  # fmt: skip
