"""Rebellion against a central authority on a lattice with police (Epstein 2002, model I)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import exp, floor
from typing import Any

import mesa
import networkx as nx
import numpy as np

from ..verification.check import Check

SOURCE = "Epstein 2002, doi:10.1073/pnas.092080199"

SIDE, VISION = 40, 7
"""Sites along each side of the torus, and how far everybody sees, in steps along its edges."""

DENSITY, COPS = 0.70, 0.04
THRESHOLD, CERTAINTY, LONGEST = 0.1, 2.3, 30
"""T, k, and the longest time in jail."""

LEGITIMACY = 0.82

EXACT: Callable[[float], float] = float
"""C/A as the article prints it."""


def rebels[T: (float, np.ndarray)](hardship: T, aversion: T, legitimacy: float, arrest: float) -> T:
    """Whether citizens rebel at this chance of arrest: H (1 − L) − R · P > T."""
    return hardship * (1 - legitimacy) - aversion * arrest > THRESHOLD


class Citizen(mesa.Agent[Any]):
    """Somebody who rebels where its grievance outweighs the risk by more than the threshold.

    Attributes
    ----------
    hardship, aversion
        H and R, uniform on [0, 1].
    site
        Where it stands.
    active
        Whether it rebels.
    sentence
        Steps that it still is in jail; it keeps its site meanwhile.
    """

    def __init__(self, model: CivilViolence, site: int) -> None:
        super().__init__(model)
        self.site, self.active, self.sentence = site, False, 0
        self.hardship, self.aversion = model.rng.random(2)

    def arrest(self) -> float:
        """The chance of arrest that it reckons with, P = 1 − exp(−k C/A); it counts itself as active, once."""
        near = self.model.sight[self.site]
        active = 1 + int(self.model.active[near].sum())
        return 1 - exp(-CERTAINTY * self.model.rounding(int(self.model.cops[near].sum()) / active))

    def step(self) -> None:
        """Move to an empty site in sight, then rebel or not."""
        if self.sentence > 0:
            self.sentence -= 1
            return
        model = self.model
        model.move(self)
        self.active = bool(rebels(self.hardship, self.aversion, model.legitimacy, self.arrest()))
        model.active[self.site] = self.active


class Cop(mesa.Agent[Any]):
    """Somebody who arrests one of the rebels in sight, drawn at random."""

    def __init__(self, model: CivilViolence, site: int) -> None:
        super().__init__(model)
        self.site = site

    def step(self) -> None:
        """Move to an empty site in sight, then arrest."""
        model = self.model
        model.move(self)
        near = model.sight[self.site]
        active = near[model.active[near]]
        if len(active):
            rebel = model.at[int(model.rng.choice(active))]
            rebel.active, rebel.sentence = False, int(model.rng.integers(1, LONGEST + 1))
            model.active[rebel.site] = False


class CivilViolence(mesa.Model[Any, Any]):
    """Citizens and police on a torus, who act in random order.

    Parameters
    ----------
    legitimacy
        L.
    cops
        Share of sites with police.
    rounding
        What is done to C/A before it enters P = 1 − exp(−k C/A): `EXACT`, `math.floor` or `round`.
    rng
        The seed.
    """

    def __init__(
        self,
        legitimacy: float = LEGITIMACY,
        cops: float = COPS,
        rounding: Callable[[float], float] = EXACT,
        rng: int = 0,
        side: int = SIDE,
    ) -> None:
        super().__init__(rng=rng)
        self.legitimacy, self.rounding = legitimacy, rounding
        self.sight = sights(side)
        size = side * side
        sites = [int(site) for site in self.rng.permutation(size)]
        self.cops, self.active, self.empty = np.zeros(size, bool), np.zeros(size, bool), np.ones(size, bool)
        self.at: dict[int, Any] = {}
        self.citizens = [Citizen(self, sites.pop()) for _ in range(round(DENSITY * size))]
        self.actors: list[Any] = [*self.citizens, *(Cop(self, sites.pop()) for _ in range(round(cops * size)))]
        for actor in self.actors:
            self.at[actor.site] = actor
            self.empty[actor.site] = False
            self.cops[actor.site] = isinstance(actor, Cop)

    def move(self, actor: Any) -> None:
        """Put somebody on an empty site in its sight, drawn at random, if there is one."""
        here, near = actor.site, self.sight[actor.site]
        free = near[self.empty[near]]
        if not len(free):
            return
        there = int(free[self.rng.integers(len(free))])
        for column in (self.cops, self.active, self.empty):
            column[there], column[here] = column[here], column[there]
        self.at[there] = self.at.pop(here)
        actor.site = there

    def step(self) -> None:
        """Have everybody act once."""
        for k in self.rng.permutation(len(self.actors)):
            self.actors[k].step()


@cache
def sights(side: int) -> np.ndarray:
    """The sites that are seen from each: those within `VISION` steps along the edges of the torus, without itself."""
    graph = nx.grid_2d_graph(side, side, periodic=True)
    number = {node: k for k, node in enumerate(graph)}
    centre = nx.single_source_shortest_path_length(graph, (0, 0), cutoff=VISION)
    offsets = np.array([node for node in centre if node != (0, 0)])
    nodes = np.array(list(number))
    seen = (nodes[:, None, :] + offsets) % side
    return seen[..., 0] * side + seen[..., 1]


def without_cops(legitimacy: float) -> float:
    """Active share without police, 1 − T / (1 − L)."""
    return 1 - THRESHOLD / (1 - legitimacy)


@cache
def active_without_cops(legitimacy: float, runs: int = 20) -> float:
    """Share of the citizens active after a step without police, over several draws of them."""
    active = citizens = 0
    for seed in range(runs):
        model = CivilViolence(legitimacy, cops=0, rng=seed)
        model.step()
        active += int(model.active.sum())
        citizens += len(model.citizens)
    return active / citizens


@cache
def active_at(legitimacy: float, arrest: float, grid: int = 2003) -> float:
    """Share of citizens who rebel at a given chance of arrest, on a fine even grid of hardships and aversions."""
    # A number of cells that does not line up with the edge of those who rebel.
    middles = (np.arange(grid) + 0.5) / grid
    return float(np.mean(rebels(middles[:, None], middles, legitimacy, np.float64(arrest))))


@cache
def course(rounding: Callable[[float], float], seeds: int, steps: int) -> np.ndarray:
    """Number active by seed and step, but for the first twenty steps. Shape (seeds, steps − 20)."""
    counts = np.empty((seeds, steps))
    for seed in range(seeds):
        model = CivilViolence(rounding=rounding, rng=seed)
        for k in range(steps):
            model.step()
            counts[seed, k] = model.active.sum()
    return counts[:, 20:]


def bursts(counts: np.ndarray) -> float:
    """Outbursts a hundred steps: how often the number active rises to fifty having been below ten."""
    found, quiet = 0, False
    for run in counts:
        for count in run:
            if quiet and count >= 50:
                found += 1
            quiet = count < 10 or (quiet and count < 50)
    return 100 * found / counts.size


def calm(counts: np.ndarray) -> float:
    """Share of the steps with fewer than ten active."""
    return float(np.mean(counts < 10))


def _checks() -> tuple[Check, ...]:
    group, few, many = "Docking", (1, 120), (5, 300)
    alone = "Active share of 22,400 citizens without police, against 1 − T / (1 − L); five standard errors."
    fixed = "Share that rebels at a chance of arrest of .9, by the areas of an even grid."
    says = "Outbursts a hundred steps (from below 10 active to 50), {}."
    calmness = "Share of steps with fewer than ten active, C/A rounded down."
    down, nearest = "C/A rounded down", "C/A rounded to the nearest"
    near, check, name, peaceful = Check.near, Check, "civil violence: ", active_without_cops
    return (
        near(name + "no police, L .82", group, alone, SOURCE, 0.4444, 0.0167, lambda: peaceful(0.82)),
        near(name + "no police, L .89", group, alone, SOURCE, 0.0909, 0.0097, lambda: peaceful(0.89)),
        near(name + "P .9, L .82", group, fixed, SOURCE, 0.01975, 2e-5, lambda: active_at(0.82, 0.9)),
        near(name + "P .9, L .89", group, fixed, SOURCE, 0.000505, 1e-6, lambda: active_at(0.89, 0.9)),
        check(name + "bursts", group, says.format(down), SOURCE, 1, 6, lambda: bursts(course(floor, *few))),
        check(name + "no bursts", group, says.format("C/A as printed"), SOURCE, 0, 0,
              lambda: bursts(course(EXACT, *few))),
        check(name + "bursts, many steps", group, says.format(down), SOURCE, 1, 6,
              lambda: bursts(course(floor, *many)), True),
        check(name + "calm between bursts", group, calmness, SOURCE,
              0.25, 0.75, lambda: calm(course(floor, *many)), True),
        check(name + "bursts, rounded to the nearest", group, says.format(nearest), SOURCE, 1, 6,
              lambda: bursts(course(round, *many)), True),
        check(name + "no bursts, many steps", group, says.format("C/A as printed"), SOURCE, 0, 0,
              lambda: bursts(course(EXACT, *many)), True),
        check(name + "never more, C/A as printed", group, "Most active at any step, C/A as printed.", SOURCE,
              0, 49, lambda: float(course(EXACT, *many).max()), True),
    )  # fmt: skip


CHECKS = _checks()
