"""A society that a page plays with: it can be changed in its course, taken back, and written down as a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...model.errors import ScenarioError
from ...model.paths import is_fixed
from ...model.scenario import Change, Scenario
from ...model.society import Society


class LimitError(ScenarioError):
    """More than this server allows."""


def said(path: str, value: Any) -> str:
    """A change in words."""
    first, _, name = path.partition(".")
    if first == "institutions" and (value is False or value == {}):
        return f"{name.replace('_', ' ')} is switched {'off' if value is False else 'on'}"
    return f"{path} = {value}"


@dataclass(frozen=True)
class Limits:
    """What a server allows each session, and how many sessions.

    Attributes
    ----------
    citizens, weeks, sessions
        Most citizens, most weeks of a run, most sessions at once.
    """

    citizens: int = 20_000
    weeks: int = 20_000
    sessions: int = 20

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
        if scenario.population.network == "file" or scenario.population.file or scenario.population.nodes:
            raise LimitError("population.network = file is not for this page: it opens no files; use glasshouse run")
        return scenario


class World:
    """A running society, and how it came about.

    Parameters
    ----------
    scenario
        What it starts from.
    seed
        Who its people are, and their luck.
    limits
        What is allowed.

    Attributes
    ----------
    start
        The scenario that it started from.
    changes
        What was changed in its course.
    society
        The society as it is.
    """

    def __init__(self, scenario: Scenario, seed: int, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.start = self.limits.check(scenario)
        self.seed = seed
        self.changes: list[Change] = []
        self.society = self._build()

    def _build(self) -> Society:
        return Society(self.recorded, rng=self.seed, threads=1)

    @property
    def week(self) -> int:
        """Weeks passed."""
        return self.society.week

    @property
    def recorded(self) -> Scenario:
        """Scenario with every change so far as a dated one: it makes the same run again, bit for bit.

        Raises
        ------
        ScenarioError
            If the changes made do not go together with the dated ones to come.
        """
        if not self.changes:
            return self.start
        # At the same week ours come first, as they did.
        dated = [change.model_dump() for change in (*self.changes, *self.start.dated)]
        return Scenario.from_dict(self.start.to_dict() | {"change": dated})

    @property
    def events(self) -> tuple[tuple[int, str], ...]:
        """What was changed so far, or changed of itself: first week in which it holds, and words."""
        dated = [
            (change.week, change.says or ", ".join(said(path, value) for path, value in change.set.items()))
            for change in (*self.changes, *self.start.dated)
            if change.week <= self.week + 1
        ]
        announced = [(week, says) for week, says, changes in self.society.events if not changes]
        return tuple(sorted([*dated, *announced]))

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

    def change(self, changes: Mapping[str, Any], says: str = "") -> bool:
        """Change settings from the next week on; before the first week, and where it must be, from the start.

        Returns
        -------
        bool
            Whether it had to start again.

        Raises
        ------
        ScenarioError
            If a path is unknown, or a value out of range. Then nothing has changed.
        """
        if self.week == 0 or any(is_fixed(Scenario, path) for path in changes):
            before, was = self.start, self.changes
            self.start = self.limits.check(self.start.change(changes))
            self.changes = []
            try:
                self.society = self._build()
            except ScenarioError:
                self.start, self.changes = before, was
                raise
            return True
        self.changes.append(Change(week=self.week + 1, says=says, set=dict(changes)))
        try:
            _ = self.recorded
            self.society.change(changes, says)
        except ScenarioError:
            self.changes.pop()
            raise
        return False

    def switch_off(self) -> None:
        """Remove every institution from the next week on, and whatever was still to come."""
        off = {f"institutions.{name}": False for name in self.society.plan.institution_names}
        if any(change.week > self.week for change in self.start.dated):
            week = self.week
            past = tuple(change for change in self.start.dated if change.week <= week)
            self.start = self.start.model_copy(update={"dated": past})
            self.society = self._build()
            self.society.run_for(week)
        if off:
            self.change(off, "All institutions are switched off")

    def go_to(self, week: int) -> None:
        """Go to a week, forward or back: the same seed and changes make the same society again.

        Raises
        ------
        LimitError
            If it is further than is allowed.
        """
        if not 0 <= week <= self.limits.weeks:
            raise LimitError(f"week {week:,}: give one from 0 to {self.limits.weeks:,}")
        if week < self.week:
            self.rewind(week)
        while self.week < week:
            self.society.step()

    def rewind(self, week: int) -> None:
        """Go back to the start, and keep what was changed up to a week."""
        self.changes = [change for change in self.changes if change.week <= week]
        self.society = self._build()
