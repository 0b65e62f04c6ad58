"""The side of a society that settles before its first week; runs of the same people settle once, and are copied."""

from __future__ import annotations

import pickle
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from threading import Lock

import numpy as np

from ..agents.conditions import Conditions
from ..agents.rules import Rules
from ..agents.sight import find_fellows
from .building import Population, filled, override
from .domains import Domains, Solved
from .leaving import Leaving
from .phases import PHASES, does_something
from .scenario import Scenario
from .settling import settle

RULES = Rules()

MOST_KEPT = 4
"""Settled states that are kept in a process, the last used ones."""

MOST_CITIZENS = 20_000
"""Larger societies settle each time: a copy would cost as much memory as the society."""

_kept: OrderedDict[str, bytes] = OrderedDict()
_lock = Lock()


AT_START = {
    "conviction": "start_conviction",
    "expectation": "start_expectation",
    "approval": "first_approval",
    "wealth": "means",
}
"""Columns that say how a citizen was at the start, by what is given: it is that start."""


class Settled(Leaving):
    """The side of a society that settles.

    Attributes
    ----------
    solved
        Costs and spreads of convictions that were found.
    """

    week: int
    solved: Solved | None
    conditions: Conditions
    graph_said: str

    def settled(self, plan: Scenario, populate: Callable[[], Population], shared: bool) -> Population:
        """Become the people of a plan when they have settled, or a copy of them from an earlier run.

        Institutions do not exist while a society settles.

        Parameters
        ----------
        plan
            The scenario.
        populate
            Makes the people.
        shared
            Whether plan and seed are all that makes them; not where a graph or initial values were given.
        """
        shared = shared and plan.population.network != "file" and plan.population.size <= MOST_CITIZENS
        parts = (plan.population, plan.citizens, *plan.domains.values())
        key = "\n".join((str(self.seed_number), *plan.domains, *(part.model_dump_json() for part in parts)))
        with _lock:
            known = _kept.get(key) if shared else None
            if known is not None:
                _kept.move_to_end(key)
        if known is not None:
            people, solved = pickle.loads(known)
            people = replace(people, plan=plan)
        else:
            people = populate()
            solved = self._settle(people)
            if shared:
                _keep(key, people, solved)
        self._take(people)
        self.use(solved)
        self.week = 0
        return people

    def _take(self, people: Population) -> None:
        self.citizens, self.ties, self.domains, self.plan = people.citizens, people.ties, people.domains, people.plan
        self.labels, self.founders, self.graph_said = people.labels, len(people.citizens), people.said
        self.conditions = Conditions(len(self.domains))
        self.solved = None
        self._plan_weeks()
        self.number_rows()
        find_fellows(self)  # pyright: ignore[reportArgumentType]

    def _settle(self, people: Population) -> Solved:
        self._take(people)
        weeks = self.plan.population.settle
        self.week = -weeks
        self.citizens.means[:] = self.citizens.wealth
        solved = settle(self, weeks)  # pyright: ignore[reportArgumentType]
        for name, values in people.now.items():
            override(self.citizens, name, filled(self.citizens, name, values))
        if people.trust is not None:
            self.ties.trust[:] = np.where(np.isnan(people.trust), self.ties.trust, people.trust)
        for name, at_start in AT_START.items():
            if name in people.now and at_start not in people.now:
                getattr(self.citizens, at_start)[:] = getattr(self.citizens, name)
        return solved

    def use(self, solved: Solved) -> None:
        """Take costs and spreads of convictions that were found while settling."""
        self.solved = solved
        self.domains = self._domains()

    def _domains(self) -> Domains:
        return Domains(self.plan.domains, self.solved, self.plan.citizens.consequence.ambiguity)

    def live(self, week: int) -> None:
        """Let the citizens' rules act for a week of settling, and nobody else."""
        self.week = week - self.plan.population.settle
        for phase in PHASES:
            self.citizens.clear(phase)
            if does_something(RULES, phase):
                getattr(RULES, phase)(self)

    def _plan_weeks(self) -> None:
        raise NotImplementedError


def forget_settled() -> None:
    """Forget all settled states of this process."""
    with _lock:
        _kept.clear()


def _keep(key: str, people: Population, solved: Solved) -> None:
    """Keep a settled state, before any institution holds columns there."""
    state = pickle.dumps((replace(people, plan=None), solved), pickle.HIGHEST_PROTOCOL)  # pyright: ignore[reportArgumentType]
    with _lock:
        _kept[key] = state
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
