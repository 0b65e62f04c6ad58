"""The course of a session: what its worlds start from, and what is changed when. All that is lived comes from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any

from ...agents.plain import plain
from ...experiments.running.twin import twin_of
from ...model.declarations import declaration
from ...model.errors import ScenarioError
from ...model.paths import is_fixed
from ...model.scenario import Scenario, scenarios
from ..page.levers import LEVERS, in_percent, institution_name, setting_name

OFF = "All institutions are switched off"
ON = "The institutions are switched on again"


@dataclass(frozen=True)
class Start:
    """What a world starts from: a built-in scenario, and the settings that differ from it, by path."""

    preset: str
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def changed(self, changes: Mapping[str, Any]) -> Start:
        """Start with other settings; each takes the place of what was set before at its path and below it."""
        kept = {
            path: value
            for path, value in self.settings.items()
            if not any(path == other or path.startswith(f"{other}.") for other in changes)
        }
        return replace(self, settings=kept | dict(changes))


@dataclass(frozen=True)
class Entry:
    """Something that was done to a world.

    Attributes
    ----------
    week
        First week in which it holds.
    world
        Which world.
    set
        Settings by path; None where all institutions are switched off, and what the scenario had to come with them.
    """

    week: int
    world: int
    set: Mapping[str, Any] | None


PEOPLE = {
    "population.size": 400,
    "population.network": "community",
    "population.groups": 20,
    "population.rewiring": 0.06,
}
"""Of whom the page's societies are, where nothing else is said: as many as can be told apart, in circles of friends."""


@dataclass(frozen=True)
class Course:
    """Two worlds of the same people. Immutable: what is done gives another course.

    Attributes
    ----------
    seed
        Who the people are, and their luck.
    starts
        What the first world starts from; and the second, where it is not the twin of the first: the same people
        without institutions.
    entries
        What was done in their course, by week.

    Examples
    --------
    >>> course = Course.of("visible-score").changed(4, 0, {"citizens.memory": 9.0})
    >>> [(change.week, change.set) for change in course.scenario().dated]
    [(5, {'citizens.memory': 9.0})]
    """

    seed: int
    starts: tuple[Start, ...]
    entries: tuple[Entry, ...] = ()

    @classmethod
    def of(cls, preset: str, seed: int = 1, other: str = "", people: Mapping[str, Any] = PEOPLE) -> Course:
        """Course of a built-in scenario, and of another beside it where one is named."""
        return cls(seed, (Start(preset, dict(people)),)).beside(other)

    # What is done

    def changed(self, week: int, world: int, changes: Mapping[str, Any]) -> Course:
        """Course with settings changed after so many weeks.

        Before the first week they go to the start; also where they take effect only there, which is going back to it.
        Those that say who the people are go to both worlds.

        Raises
        ------
        ScenarioError
            If a world is to be changed that is the twin of the first, and follows it.
        """
        if not 0 <= world < len(self.starts):
            raise ScenarioError("the unwatched world follows the first in all but institutions; change the first")
        if week > 0 and not any(is_fixed(Scenario, path) for path in changes):
            return self._with(Entry(week + 1, world, dict(changes)))
        starts = (
            start.changed({path: value for path, value in changes.items() if k == world or is_of_people(path)})
            for k, start in enumerate(self.starts)
        )
        return replace(self if week == 0 else self.back_to(0), starts=tuple(starts))

    def switched_off(self, week: int, world: int = 0) -> Course:
        """Course with all institutions removed after so many weeks, and all that was still to come."""
        entries = tuple(entry for entry in self.entries if entry.world != world or entry.week <= week + 1)
        return replace(self, entries=entries)._with(Entry(week + 1, world, None))

    def back_to(self, week: int) -> Course:
        """Course without what was done after a week."""
        return replace(self, entries=tuple(entry for entry in self.entries if entry.week <= week))

    def beside(self, other: str) -> Course:
        """Course with a built-in scenario as the second world; with the twin of the first where none is named."""
        first = self.starts[0]
        entries = tuple(entry for entry in self.entries if entry.world == 0)
        people = {path: value for path, value in first.settings.items() if is_of_people(path)}
        return replace(self, starts=(first, Start(other, people)) if other else (first,), entries=entries)

    def _with(self, entry: Entry) -> Course:
        # What is done later comes later among those of the same week.
        return replace(self, entries=tuple(sorted((*self.entries, entry), key=lambda entry: entry.week)))

    # What comes of it

    @property
    def scenarios(self) -> tuple[Scenario, Scenario]:
        """Scenario of each world."""
        first = self.scenario()
        return first, self.scenario(1) if self.has_other else twin_of(first) or first

    @property
    def has_other(self) -> bool:
        """Whether the second world is another scenario, rather than the twin of the first."""
        return len(self.starts) == 2

    def off_since(self, world: int = 0) -> int | None:
        """First week in which all institutions of a world are off, and they are not on again; None if they are on."""
        off = None
        for entry in self.entries:
            if entry.world == world and entry.set is None:
                off = entry.week
            elif entry.world == world and any(brings(path, value) for path, value in (entry.set or {}).items()):
                off = None
        return off

    def before_off(self) -> Scenario | None:
        """The first world as it stood before it was switched off last; None if it is on."""
        off = self.off_since()
        if off is None:
            return None
        # Of what was done in the same week, what came before it counts.
        last = max(k for k, entry in enumerate(self.entries) if entry.world == 0 and entry.set is None)
        before = replace(self, entries=self.entries[:last])
        return before.scenario().at_week(off)

    def switched_on(self, week: int) -> Course:
        """Course with the institutions of the first world as they were before they were switched off last."""
        stood = self.before_off()
        if stood is None:
            return self
        now = self.scenario().at_week(week + 1)
        again = {
            f"institutions.{name}": plain(settings.model_dump())
            for name, settings in stood.institutions.items()
            if name not in now.institutions
        }
        return self._with(Entry(week + 1, 0, again)) if again else self

    def scenario(self, world: int = 0) -> Scenario:
        """Scenario of a world with all that was done as dated changes: it makes the same run again, bit for bit.

        Raises
        ------
        ScenarioError
            If a path is unknown, a value out of range, or changes do not go together with others.
        """
        plan = self._start(world)
        dated = [change.model_dump() for change in plan.dated]
        for entry in self.entries:
            if entry.world == world:
                changes = everything_off(plan, dated) if entry.set is None else dict(entry.set)
                says = OFF if entry.set is None else ON if all(map(brings, changes, changes.values())) else ""
                dated += [{"week": entry.week, "says": says, "set": changes}] if changes else []
        return Scenario.from_dict(plan.to_dict() | {"change": dated}) if len(dated) > len(plan.dated) else plan

    def _start(self, world: int) -> Scenario:
        """Scenario that a world starts from; where it is switched off, its own dated changes end."""
        start = self.starts[world]
        off = min((entry.week for entry in self.entries if entry.world == world and entry.set is None), default=inf)
        plan = built_in(start.preset)
        plan = plan.model_copy(update={"dated": tuple(change for change in plan.dated if change.week < off)})
        plan = plan.change(start.settings)
        return plan.model_copy(update={"population": self._start(0).population}) if world else plan


def built_in(name: str) -> Scenario:
    """A built-in scenario by its name; what a browser sends is never a path.

    Raises
    ------
    ScenarioError
        If there is none of the name.
    """
    if name not in scenarios():
        raise ScenarioError(f"there is no scenario {name[:60]!r}")
    return Scenario.load(name)


def brings(path: str, value: Any) -> bool:
    """Whether a change brings an institution with all its settings."""
    return path.count(".") == 1 and path.startswith("institutions.") and bool(value)


def is_of_people(path: str) -> bool:
    """Whether a setting says who the people are, who are the same in both worlds."""
    return path.startswith(("population.", "domains.")) and is_fixed(Scenario, path)


def everything_off(plan: Scenario, dated: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Settings that remove every institution of a scenario, and those that dated changes brought."""
    brought = (path.split(".")[1] for change in dated for path in change["set"] if path.startswith("institutions."))
    return {f"institutions.{name}": False for name in dict.fromkeys((*plan.institutions, *brought))}


def events(scenario: Scenario, week: int) -> list[tuple[int, str]]:
    """What has been changed after so many weeks, and what will be in the next: first week of it, and words."""
    return [
        (change.week, change.says or ", ".join(said(path, value) for path, value in change.set.items()))
        for change in scenario.dated
        if change.week <= week + 1
    ]


def said(path: str, value: Any) -> str:
    """A change in words."""
    first, _, name = path.partition(".")
    if first == "institutions" and (value is False or value == {}):
        return f"{institution_name(name)}: switched {'off' if value is False else 'on'}"
    shown = str(value)
    if isinstance(value, bool):
        shown = "on" if value else "off"
    elif isinstance(value, float):
        shown = f"{100 * value:.3g}%" if in_percent(declaration(Scenario, path)) else f"{value:.6g}"
    of = f"{institution_name(name.split('.')[0])}: " if first == "institutions" and path not in LEVERS else ""
    return f"{of}{setting_name(path)}: {shown}"
