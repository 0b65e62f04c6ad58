"""Unpopular norms that people enforce on each other against their own belief (Centola, Willer & Macy 2005)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import mesa
import networkx as nx
import numpy as np

from ..verification.check import Check

SOURCE = "Centola, Willer & Macy 2005, doi:10.1086/427321; shares of runs computed from its rules"

COST = 0.125
"""K, what enforcing costs."""

STRONGEST = 0.38
"""The largest strength of a disbeliever."""

SIDE = 30
"""People along each side of the torus."""


class Person(mesa.Agent[Any]):
    """Somebody who believes in the norm or does not, and complies with it and enforces it, or not.

    Attributes
    ----------
    belief
        B, +1 of who believes in the norm, −1 of who does not.
    strength
        S, the strength of the belief.
    complies
        C, +1 of who complies, −1 of who deviates.
    enforces
        E, +1 of who enforces the norm, −1 of who enforces deviance, 0 of who enforces neither.
    neighbours
        Those whose acts it sees.
    """

    def __init__(self, model: EmperorsDilemma, belief: int, strength: float) -> None:
        super().__init__(model)
        self.belief, self.strength = belief, strength
        self.complies, self.enforces = belief, 0
        self.neighbours: list[Person] = []

    def choice(self) -> tuple[int, int]:
        """What it would do now, (complies, enforces), from what its neighbours do.

        It complies against its belief iff p > S with the pressure p = −B Σ E_j / N. It enforces against its belief iff
        it so complies and p > S + K, and its belief iff it keeps to it and S · W > K, with the need
        W = (1 − B Σ C_j / N) / 2.
        """
        count, cost = len(self.neighbours), self.model.cost
        enforcing = complying = 0
        for other in self.neighbours:
            enforcing += other.enforces
            complying += other.complies
        pressure = -self.belief * enforcing / count
        need = (1 - self.belief * complying / count) / 2
        if pressure > self.strength:
            return -self.belief, -self.belief if pressure > self.strength + cost else 0
        enforces = self.strength * need > cost and (self.belief > 0 or self.model.counter)
        return self.belief, self.belief if enforces else 0


class EmperorsDilemma(mesa.Model[Any, Any]):
    """People on a graph who choose one after the other in random order, or all together.

    Parameters
    ----------
    graph
        Who sees whom; nobody is alone.
    believers
        The nodes that believe in the norm, with strength 1.
    strengths
        The strengths of the nodes in order, those of believers being ignored.
    cost
        K, what enforcing costs.
    together
        Whether all choose by what was done in the step before, rather than in turn.
    counter
        Whether disbelievers may enforce deviance, as in the published model.
    rng
        The seed of the order.
    """

    def __init__(
        self,
        graph: nx.Graph[Any],
        believers: set[int],
        strengths: np.ndarray,
        cost: float = COST,
        together: bool = False,
        counter: bool = True,
        rng: int = 0,
    ) -> None:
        super().__init__(rng=rng)
        self.cost, self.together, self.counter = cost, together, counter
        self.people = [
            Person(self, 1, 1.0) if node in believers else Person(self, -1, float(strengths[node])) for node in graph
        ]
        for person, node in zip(self.people, graph, strict=True):
            person.neighbours = [self.people[other] for other in graph[node]]
        self.moved = True

    def step(self) -> None:
        """Have everybody choose once."""
        self.moved = False
        choices = [person.choice() for person in self.people] if self.together else None
        for k in range(len(self.people)) if choices else self.rng.permutation(len(self.people)):
            person = self.people[k]
            choice = choices[k] if choices else person.choice()
            self.moved |= choice != (person.complies, person.enforces)
            person.complies, person.enforces = choice

    def settle(self, most: int = 600) -> EmperorsDilemma:
        """Step until nobody moves, or `most` times."""
        while self.moved and most > 0:
            self.step()
            most -= 1
        return self

    def compliance(self) -> float:
        """Share that complies, believers among them."""
        return sum(person.complies > 0 for person in self.people) / len(self.people)

    def false_enforcement(self) -> float:
        """Share that enforces what it does not believe in."""
        return sum(person.enforces == -person.belief for person in self.people) / len(self.people)


def torus(side: int = SIDE) -> nx.Graph[Any]:
    """A square lattice without edges on which each has eight neighbours (Moore), nodes numbered row by row."""
    graph: nx.Graph[Any] = nx.empty_graph(side * side)
    for row in range(side):
        for column in range(side):
            for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
                graph.add_edge(row * side + column, (row + down) % side * side + (column + right) % side)
    return graph


def clustered(side: int = SIDE) -> set[int]:
    """Nine believers in a block of the torus."""
    return {row * side + column for row in range(3) for column in range(3)}


def run(
    graph: nx.Graph[Any], believers: set[int] | int, seed: int, constant: bool = False, counter: bool = True
) -> EmperorsDilemma:
    """A settled model: strengths uniform or all the largest, believers given, or so many drawn."""
    rng = np.random.default_rng(seed)
    size = len(graph)
    strengths = np.full(size, STRONGEST) if constant else STRONGEST * (1 - rng.random(size))
    if isinstance(believers, int):
        believers = {int(node) for node in rng.choice(size, believers, replace=False)}
    return EmperorsDilemma(graph, believers, strengths, counter=counter, rng=seed).settle()


@cache
def complete(believers: int, seeds: int, size: int) -> tuple[float, float]:
    """Mean compliance, and the most false enforcement of any run, where everybody sees everybody."""
    graph = nx.complete_graph(size)
    models = [run(graph, believers, seed) for seed in range(seeds)]
    return float(np.mean([m.compliance() for m in models])), max(m.false_enforcement() for m in models)


@cache
def on_torus(seeds: int, block: bool, constant: bool = False, counter: bool = True) -> np.ndarray:
    """Compliance by seed on the torus, with nine believers in a block or scattered."""
    believers = clustered() if block else 9
    return np.array([run(torus(), believers, seed, constant, counter).compliance() for seed in range(seeds)])


@cache
def on_random_graph(seeds: int, constant: bool = False) -> np.ndarray:
    """Compliance by seed on random graphs on which everybody has eight neighbours, with nine believers."""
    graphs = (nx.random_regular_graph(8, SIDE * SIDE, seed=seed) for seed in range(seeds))
    return np.array([run(graph, 9, seed, constant).compliance() for seed, graph in enumerate(graphs)])


def cascades(shares: np.ndarray) -> np.ndarray:
    """The compliance of those runs in which most comply."""
    return shares[shares > 0.5]


def without_false_enforcement(share: float) -> float:
    """Compliance f + (1 − f) f / .38 where believers alone enforce and everybody sees everybody."""
    return share + (1 - share) * share / STRONGEST


def _largest(constant: bool, seeds: int) -> float:
    runs = [on_random_graph(seeds, constant)]
    if constant:
        runs += [on_torus(seeds, True, True), on_torus(seeds, False, True)]
    return float(np.concatenate(runs).max())


def _checks() -> tuple[Check, ...]:
    def check(name: str, compares: str, low: float, high: float, measure: Callable[[], float], full: bool = False):
        return Check(f"emperor's dilemma: {name}", "Docking", compares, SOURCE, low, high, measure, full)

    everybody = "Compliance where everybody sees everybody, {:.0%} of 900 believing, against f + (1 − f) f / .38."
    near = Check.near
    formula = without_false_enforcement
    group, seen = "Docking", "emperor's dilemma: complete graph"
    return (
        # Five standard errors of the strengths drawn, of four runs and of twenty.
        near(f"{seen}", group, everybody.format(0.01), SOURCE, formula(0.01), 0.0134, lambda: complete(9, 4, 900)[0]),
        near(f"{seen}, many runs", group, everybody.format(0.01), SOURCE, formula(0.01), 0.006,
             lambda: complete(9, 20, 900)[0], full=True),
        near(f"{seen}, 5%", group, everybody.format(0.05), SOURCE, formula(0.05), 0.014,
             lambda: complete(45, 20, 900)[0], full=True),
        check("no false enforcement", "Most false enforcement, 1% and 5% believing (below K): none.", 0, 0,
              lambda: max(complete(9, 4, 900)[1], complete(15, 4, 300)[1])),
        check("no false enforcement just below K", "Most false enforcement, 12% believing: none.", 0, 0,
              lambda: complete(36, 4, 300)[1], full=True),
        check("deviance is enforced too", "Compliance, 12% believing: below f + (1 − f) f / .38 = .398, since from "
              "K / .38 = .329 on disbelievers enforce deviance.", 0.31, 0.375,
              lambda: complete(36, 4, 300)[0], full=True),
        check("a block of believers on a torus", "Share of seeds in which nearly all come to comply.", 0.75, 1,
              lambda: float(np.mean(on_torus(4, True) > 0.95))),
        check("a block of believers on a torus, many runs", "Share of seeds in which most come to comply.", 0.9, 1,
              lambda: float(np.mean(on_torus(100, True) > 0.5)), full=True),
        check("compliance after a cascade", "Median compliance of the seeds with a cascade.", 0.985, 1,
              lambda: float(np.median(cascades(on_torus(100, True)))), full=True),
        check("least compliance after a cascade", "Least compliance of the seeds with a cascade.", 0.95, 1,
              lambda: float(cascades(on_torus(100, True)).min()), full=True),
        check("who holds out", "Least compliance of the seeds with a cascade, if nobody enforces deviance: all.", 1, 1,
              lambda: float(cascades(on_torus(40, True, counter=False)).min()), full=True),
        check("scattered believers on a torus", "Share of seeds with a cascade: some, not all.", 0.1, 0.5,
              lambda: float(np.mean(on_torus(60, False) > 0.5)), full=True),
        check("believers on a random graph", "Largest compliance of any seed: no cascade.", 0.01, 0.1,
              lambda: _largest(False, 3)),
        check("believers on a random graph, many runs", "Largest compliance of any seed: no cascade.", 0.01, 0.1,
              lambda: _largest(False, 40), full=True),
        check("all equally strong", "Largest compliance on torus and random graph, all S = .38: believers' own.",
              0.01, 0.01, lambda: _largest(True, 2)),
    )  # fmt: skip


CHECKS = _checks()
