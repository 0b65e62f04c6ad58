"""Dissent under surveillance that punishes what it finds (Daymude, Axelrod & Forrest 2025)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import mesa
import numpy as np
import numpy.typing as npt

from ..verification.check import Check

SOURCE = "Daymude, Axelrod & Forrest 2025, arXiv:2509.03731"

Floats = npt.NDArray[np.float64]

ACTIONS = np.linspace(0, 1, 20_001)
"""How openly one can act."""


@dataclass(frozen=True)
class Authority:
    """What an authority tolerates, sees and does.

    Attributes
    ----------
    boldness
        β, what a person loses a unit of dissent that it holds back.
    surveillance
        ν: an act a is found with chance ν + (1 − ν) a.
    tolerance
        τ, the most that is not punished.
    severity
        ψ.
    proportional
        Whether the punishment is ψ (a − τ), instead of ψ, for an act above the tolerance.
    """

    boldness: float
    surveillance: float
    tolerance: float
    severity: float
    proportional: bool

    def utility(self, desire: float | Floats, action: float | Floats) -> Any:
        """−β (δ − a) less the expected punishment."""
        found = self.surveillance + (1 - self.surveillance) * action
        beyond = np.maximum(0.0, action - self.tolerance)
        punished = beyond if self.proportional else beyond > 0
        return -self.boldness * (desire - action) - found * self.severity * punished

    def turn(self) -> float:
        """The desire d from which one dares everything; if proportional, the act beyond which nobody goes."""
        b, v, t, s = self.boldness, self.surveillance, self.tolerance, self.severity
        if self.proportional:
            return 0.5 * (t + (b - v * s) / ((1 - v) * s))
        return (b * t + v * s) / (b - (1 - v) * s)


class Person(mesa.Agent[Any]):
    """Acts as openly as it pays, never beyond what it desires.

    Attributes
    ----------
    desire
        δ, the dissent that it would show unpunished.
    action
        What it shows.
    """

    def __init__(self, model: State, desire: float) -> None:
        super().__init__(model)
        self.desire, self.action = desire, 0.0

    def step(self) -> None:
        """Choose the best of all actions up to the desire."""
        possible = np.append(ACTIONS[self.desire >= ACTIONS], self.desire)
        self.action = float(possible[np.argmax(self.model.authority.utility(self.desire, possible))])


class State(mesa.Model[Any, Any]):
    """People under an authority, their desires evenly from 0 to 1."""

    def __init__(self, authority: Authority, people: int = 400) -> None:
        super().__init__(rng=0)
        self.authority = authority
        for desire in (np.arange(people) + 0.5) / people:
            Person(self, float(desire))

    def step(self) -> None:
        """Let everybody act."""
        self.agents.do("step")


UNIFORM = Authority(1.0, 0.2, 0.25, 0.6, False)
PROPORTIONAL = Authority(1.0, 0.2, 0.25, 1.0, True)


def best(authority: Authority, desire: float) -> float:
    """The closed form of the best action."""
    d = authority.turn()
    if desire <= authority.tolerance:
        return desire
    if authority.proportional:
        return min(desire, max(authority.tolerance, d))
    dares = authority.boldness > (1 - authority.surveillance) * authority.severity and desire > d
    return desire if dares else authority.tolerance


@cache
def largest_gap(authority: Authority) -> float:
    """Largest distance of any person's action from the closed form."""
    state = State(authority)
    state.step()
    return max(abs(person.action - best(authority, person.desire)) for person in state.agents)


def found_turn(authority: Authority) -> float:
    """The desire at which people begin to dare everything, or the action that nobody goes beyond, as chosen."""
    state = State(authority, 4000)
    state.step()
    if authority.proportional:
        return max(person.action for person in state.agents)
    return min(person.desire for person in state.agents if person.action > authority.tolerance + 1e-9)


def _check(name: str, says: str, expected: float, tolerance: float, measure: Callable[[], float]) -> Check:
    return Check.near(f"dissent: {name}", "Docking", says, SOURCE, expected, tolerance, measure)


CHECKS: tuple[Check, ...] = (
    _check("uniform, turn", "Desire from which people dare everything, (β, ν, τ, ψ) = (1, .2, .25, .6), closed form.",
           0.711538, 1e-6, UNIFORM.turn),
    _check("uniform, chosen", "The same among 4,000 people who choose the best of 20,000 actions.", 0.711538, 3e-4,
           lambda: found_turn(UNIFORM)),
    _check("proportional, turn", "Action that nobody goes beyond, (1, .2, .25, 1), closed form.", 0.625, 1e-9,
           PROPORTIONAL.turn),
    _check("proportional, chosen", "The same among 4,000 people.", 0.625, 1e-4, lambda: found_turn(PROPORTIONAL)),
    _check("uniform, all", "Largest distance of an action from the closed form.", 0.0, 1e-4,
           lambda: largest_gap(UNIFORM)),
    _check("proportional, all", "The same under proportional punishment.", 0.0, 1e-4,
           lambda: largest_gap(PROPORTIONAL)),
)  # fmt: skip
