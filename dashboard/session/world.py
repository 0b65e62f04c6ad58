"""A society that a page plays with, within what a server allows."""

from __future__ import annotations

from dataclasses import dataclass

from ...model.errors import ScenarioError
from ...model.scenario import Scenario
from ...model.society import Society
from .course import events


class LimitError(ScenarioError):
    """More than this server allows."""


@dataclass(frozen=True)
class Limits:
    """What a server allows each session, and how many sessions.

    Attributes
    ----------
    citizens, weeks, sessions, ties
        Most citizens, most weeks of a run, most sessions at once, most ties in both directions.
    """

    citizens: int = 20_000
    weeks: int = 20_000
    sessions: int = 20
    ties: int = 300_000

    def check(self, scenario: Scenario) -> Scenario:
        """Refuse a scenario that is too large, or that would open a file of the server.

        Raises
        ------
        LimitError
            If it is.
        """
        if scenario.population.size > self.citizens:
            raise LimitError(
                f"population.size = {scenario.population.size:,} is more than the {self.citizens:,} citizens that this "
                "server allows; choose fewer, or run glasshouse on your own machine"
            )
        ties = most_ties(scenario)
        if ties > self.ties:
            raise LimitError(
                f"{scenario.population.size:,} citizens with {scenario.population.degree:,} neighbours each would have "
                f"{ties:,} ties, more than the {self.ties:,} that this server allows; choose fewer of either"
            )
        if scenario.population.network == "file" or scenario.population.file or scenario.population.nodes:
            raise LimitError("population.network = file is not for this page: it opens no files; use glasshouse run")
        return scenario


def most_ties(scenario: Scenario) -> int:
    """About how many ties a scenario's network has, both directions of each."""
    population = scenario.population
    if population.network == "complete":
        return population.size * (population.size - 1)
    return population.size * min(population.degree, population.size - 1)


class World:
    """A running society that lives by a scenario, of which the weeks to come may be exchanged.

    Parameters
    ----------
    scenario
        What it lives by.
    seed
        Who its people are, and their luck.
    limits
        What is allowed.

    Attributes
    ----------
    scenario
        What it lives by.
    society
        The society as it is.
    """

    def __init__(self, scenario: Scenario, seed: int, limits: Limits) -> None:
        self.limits = limits
        self.scenario = self.limits.check(scenario)
        self.society = Society(scenario, rng=seed, threads=1)
        self._ended: tuple[Scenario, int | None] | None = None
        self._standing: tuple[int, Scenario] | None = None

    @property
    def week(self) -> int:
        """Weeks passed."""
        return self.society.week

    @property
    def plan(self) -> Scenario:
        """Scenario as it stands in the week to come; the same object as long as nothing changes."""
        due = sum(change.week <= self.week + 1 for change in self.scenario.dated)
        if self._standing is None or self._standing[0] != due:
            self._standing = (due, self.scenario.at_week(self.week + 1))
        return self._standing[1]

    @property
    def ended(self) -> int | None:
        """Weeks that had passed when the last institution was taken away; None while there is one, or never was."""
        if self.plan.institutions:
            return None
        if self._ended is None or self._ended[0] is not self.plan:
            changes = sorted({change.week for change in self.scenario.dated if change.week <= self.week + 1})
            had = (week - 1 for week in reversed(changes) if self.scenario.at_week(week - 1).institutions)
            self._ended = self.plan, next(had, None)
        return self._ended[1]

    @property
    def events(self) -> tuple[tuple[int, str], ...]:
        """What was changed so far, or changed of itself: first week in which it holds, and words."""
        announced = [(week, says) for week, says, changes in self.society.events if not changes]
        return tuple(sorted([*events(self.scenario, self.week), *announced], key=lambda event: event[0]))

    @property
    def coming(self) -> tuple[tuple[int, str], ...]:
        """What is still to be changed: first week in which it holds, and words."""
        return tuple(event for event in events(self.scenario, self.limits.weeks) if event[0] > self.week + 1)

    def follow(self, scenario: Scenario) -> None:
        """Live by another scenario, which is the same up to this week."""
        self.scenario, self._standing = scenario, None
        self.society.plan = self.society.plan.model_copy(update={"dated": scenario.dated})

    def step(self) -> None:
        """Live one week.

        Raises
        ------
        LimitError
            If as many weeks have passed as are allowed.
        """
        if self.week >= self.limits.weeks:
            raise LimitError(f"this server allows {self.limits.weeks:,} weeks; start again, or run glasshouse yourself")
        self.society.step()
