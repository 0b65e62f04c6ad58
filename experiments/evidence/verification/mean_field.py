"""The rules on the complete graph as a deterministic map: what a society does when it is large.

In one domain, with convictions that differ and stay, and everything else alike, everybody sees the same acts. Then the
state of a society is four numbers: the share p that complies, the expectation z and the approval y that all believe in,
and last week's image E. With everybody seen at rate v by n = N − 1 others, a week is

    z ← (M z + v n p) / (M + v n)
    y ← clip(y + v n / (Mₙ + v n) · (p − σ(k β (λ (2y − 1) − cost + J (2z − 1) + I⁰ + (1 − φ)(E − I⁰)))))
    p ← mean over citizens of σ(β (λ (2x − 1) − cost + J (2z − 1) + E)),  E = A · s · (2y − 1)

with s = 1 − (1 − v c₂)ⁿ, the chance that somebody whose opinion counts sees an act, I⁰ the image at the domain's
openness alone, and k the flattening by convictions that differ. That opinions count with chance c₂ = κ / n keeps s
between 0 and 1 where all see all: s → 1 − exp(−κ v).

A fixed point has z = p. Its branches are followed over a setting through their folds, where a state ends and the
society tips (pseudo-arclength continuation: Keller 1977). A society of N people stays near them: its p errs by the luck
of N acts, √(p (1 − p) / N), carried on by how far the map hands an error on.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from ....model.scenario import Scenario
from ....model.society import Society
from .scenes import ALONE, STILL

Floats = npt.NDArray[np.float64]

QUANTILES = 2001
"""Convictions by which the map stands for the distribution of those of a large society."""


@dataclass(frozen=True)
class Setting:
    """What the map depends on.

    Attributes
    ----------
    conformity, visibility
        J, and how visible the score makes acts; what branches are followed over.
    rationality, weight, image, cost
        β, λ, A and the cost.
    openness, counting
        Rate at which acts show without a score, and κ, how many opinions count.
    memory, memory_norm, face_value
        M, Mₙ and φ.
    mean, concentration
        Of the Beta distribution of convictions.
    """

    conformity: float = 0.4
    visibility: float = 0.6
    rationality: float = 1.8
    weight: float = 3.0
    image: float = 1.0
    cost: float = 0.8
    openness: float = 0.1
    counting: float = 3.0
    memory: float = 8.0
    memory_norm: float = 60.0
    face_value: float = 0.75
    mean: float = 0.5
    concentration: float = 6.0

    def convictions(self, count: int) -> Floats:
        """Quantiles of the convictions, evenly."""
        return _quantiles(self.mean, self.concentration, count)

    @property
    def sight(self) -> float:
        """Rate v at which acts are seen."""
        return self.openness + self.visibility * (1 - self.openness)


@cache
def _quantiles(mean: float, concentration: float, count: int) -> Floats:
    from scipy.stats import beta  # here, since it would slow down every start

    ranks = (np.arange(count) + 0.5) / count
    return beta.ppf(ranks, mean * concentration, (1 - mean) * concentration)


@dataclass(frozen=True)
class State:
    """Share that complies, what all expect and believe approved, and last week's image."""

    share: float
    expectation: float
    approval: float
    image: float = 0.0


def logistic(x: Floats | float) -> Floats | float:
    """σ(x)."""
    return 1 / (1 + np.exp(-np.clip(x, -700, 700)))


class Map:
    """A week of a society of `size` people on the complete graph; of endless size where it is 0.

    Parameters
    ----------
    of
        The setting.
    size
        Number of citizens.
    """

    def __init__(self, of: Setting, size: int = 0) -> None:
        self.of, self.size = of, size
        self.convictions = of.convictions(size or QUANTILES)
        steepness = 2 * of.rationality * of.weight * float(self.convictions.std())
        self.flattening = 1 / np.sqrt(1 + np.pi / 8 * steepness**2)

    def noticed(self, sight: float) -> float:
        """Chance s that somebody whose opinion counts sees an act that is seen at a rate."""
        others = self.size - 1
        return (
            float(1 - (1 - sight * self.of.counting / others) ** others)
            if self.size
            else float(1 - np.exp(-sight * self.of.counting))
        )

    def image(self, approval: float) -> float:
        """E."""
        return self.of.image * self.noticed(self.of.sight) * (2 * approval - 1)

    def share(self, expectation: float, approval: float) -> float:
        """Share that complies under beliefs."""
        of = self.of
        alike = of.conformity * (2 * expectation - 1) + self.image(approval) - of.cost
        return float(np.mean(logistic(of.rationality * (of.weight * (2 * self.convictions - 1) + alike))))

    def predicted(self, expectation: float, approval: float, image: float) -> float:
        """Share that people expect of others by what they believe approved."""
        of = self.of
        ordinary = of.image * self.noticed(of.openness) * (2 * approval - 1)
        utility = of.weight * (2 * approval - 1) - of.cost + of.conformity * (2 * expectation - 1)
        discounted = ordinary + (1 - of.face_value) * (image - ordinary)
        return float(logistic(self.flattening * of.rationality * (utility + discounted)))

    def week(self, state: State) -> State:
        """The state a week later."""
        of = self.of
        seen = of.sight * (self.size - 1) if self.size else np.inf
        learned = seen / (of.memory + seen) if self.size else 1.0
        expectation = state.expectation + learned * (state.share - state.expectation)
        moved = seen / (of.memory_norm + seen) if self.size else 1.0
        surprise = state.share - self.predicted(state.expectation, state.approval, state.image)
        approval = min(1.0, max(0.0, state.approval + moved * surprise))
        return State(self.share(expectation, approval), expectation, approval, self.image(approval))

    def residual(self, share: float, approval: float) -> tuple[float, float]:
        """What a fixed point makes 0: share and approval; where approval is at an end it need not be explained."""
        unexplained = share - self.predicted(share, approval, self.image(approval))
        kept = approval - min(1.0, max(0.0, approval + unexplained))
        return self.share(share, approval) - share, kept


def society(of: Setting, size: int, start: float, seed: int) -> Society:
    """A society of that setting, in which a share complied last week, which all expect."""
    changes = {
        **STILL, **ALONE, "population.size": size, "population.settle": 0,
        "population.network": "complete", "population.turnover": 0.0, "population.homophily": 0.0,
        "citizens.traits_sd": 0.0, "citizens.conformity": of.conformity, "citizens.rationality": of.rationality,
        "citizens.conviction_weight": of.weight, "citizens.image_concern": of.image, "citizens.reactance": 0.0,
        "citizens.projection": 0.0, "citizens.memory": of.memory, "citizens.memory_norm": of.memory_norm,
        "citizens.face_value": of.face_value, "citizens.image.counts_close": of.counting / (size - 1),
        "citizens.image.counts_other": of.counting / (size - 1), "domains.speech.cost": of.cost,
        "domains.speech.openness": of.openness, "domains.speech.loss": 0.0,
    }  # fmt: skip
    complies = (np.arange(size) < round(start * size)).astype(int)
    # Who complies at the start must not be those of high conviction.
    mixed = np.random.default_rng(seed).permutation(of.convictions(size))
    initial = {"conviction": mixed[:, None], "complies": complies[:, None], "expectation": start, "approval": start}
    model = Society(Scenario.load("baseline").change(changes), rng=seed, initial=initial, threads=1)
    # What beliefs leave unexplained was found for the domain's level, which is not asked for here.
    model.citizens.override("intercept", 0.0)
    return model


def lived(of: Setting, size: int, start: float, seed: int, weeks: int, visibilities: Floats | None = None) -> Floats:
    """Share that complies in every week; visibility may be another in each."""
    model = society(of, size, start, seed)
    for week in range(weeks):
        shown = of.visibility if visibilities is None else visibilities[week]
        # All points are about the one domain, so that a score shows it whole.
        model.conditions.gain = np.ones(1)
        model.citizens.override("visibility", shown)
        model.step()
    return model.history["compliance"].to_numpy()


def course(of: Setting, size: int, start: float, weeks: int) -> Floats:
    """The map's share in every week from the same start."""
    world, state, found = Map(of, size), State(start, start, start), np.empty(weeks)
    for week in range(weeks):
        state = world.week(state)
        found[week] = state.share
    return found


def error(of: Setting, size: int, start: float, seeds: int = 4, weeks: int = 60) -> float:
    """Root mean square distance of societies from the map, in units of √(p (1 − p) / N)."""
    known = course(of, size, start, weeks)
    off = [(lived(of, size, start, seed, weeks) - known) / np.sqrt(known * (1 - known) / size) for seed in range(seeds)]
    return float(np.sqrt(np.mean(np.square(off))))
