"""The thread that lives the weeks of a session: it takes commands, and publishes frames for the page to draw."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any

import numpy as np

from ...agents.rules.utility import required_utility
from ...experiments.showing.colours import PARTS
from ...model.errors import GlasshouseError
from ...model.files import BUILT_IN, read_toml, scenarios
from ...model.numbers import whole
from ...model.scenario import Scenario
from ..drawing.layout import drawn, matrix
from .chronicle import Chronicle, Week
from .course import Course
from .world import LimitError, Limits, World

LOOKED_AT = {
    name: tuple(read_toml(name, BUILT_IN, "scenario", GlasshouseError)[1].get("shows", ())) for name in scenarios()
}
"""What each built-in scenario says to look at."""

COSTS = ("exposure", "trust_ties")
"""What watching costs: privacy, and trust."""

SERIES = tuple(dict.fromkeys((*PARTS, "compliance", *COSTS, *(name for names in LOOKED_AT.values() for name in names))))
"""Measures that are kept for the page."""

SPEEDS = (1, 10, 50)
"""Weeks a second that can be chosen."""

ABANDONED = 20.0
"""Seconds without a page that draws after which playing stops by itself."""


@dataclass(frozen=True)
class View:
    """What the page looks at: a domain, a citizen, a world."""

    domain: str = "speech"
    citizen: int | None = None
    world: int = 0


@dataclass(frozen=True)
class Frame:
    """What there is to draw. Immutable; a later one replaces it.

    Attributes
    ----------
    course
        What the worlds started from, and what is changed when.
    number, run
        Rises with every frame; rises whenever a run starts from another state than the last one left.
    week, playing, going
        Weeks passed, whether it plays, and the week that it is on the way to, if any.
    domain
        Position of the domain that is looked at.
    latest
        For each world its last week; None before the first.
    rows
        For each world the measures in `SERIES`, an array a week, of which the first `week` belong to the frame.
    citizen
        The citizen looked at: what it is, and why it acted.
    ended
        Weeks that had passed when the first world's last institution was taken away; None while there is one.
    events, coming
        For each world what was changed, and for the first what is still to come: (week, words).
    plans
        For each world the scenario as it stands in the week to come.
    graph, circles
        Who has ties with whom at the start, and the circle of each where the network has them.
    message
        What could not be done, in words.
    """

    course: Course
    number: int = 0
    run: int = 0
    week: int = 0
    playing: bool = False
    going: int | None = None
    domain: int = 0
    latest: tuple[Week | None, ...] = (None, None)
    rows: tuple[list[Any], ...] = ()
    citizen: Mapping[str, Any] | None = None
    ended: int | None = None
    events: tuple[tuple[tuple[int, str], ...], ...] = ()
    coming: tuple[tuple[int, str], ...] = ()
    plans: tuple[Scenario, ...] = ()
    graph: Any = None
    circles: Any = None
    message: str = ""


class Player(Thread):
    """Thread of a session.

    Parameters
    ----------
    course
        What to begin with.
    limits
        What is allowed.

    Attributes
    ----------
    frame
        The newest frame.
    course
        What the worlds started from, and what is changed when.
    worlds
        The first world, and the one beside it. Only the thread touches what they hold.
    """

    course: Course
    worlds: list[World]

    def __init__(self, course: Course, limits: Limits) -> None:
        super().__init__(daemon=True, name="glasshouse-player")
        self.limits = limits
        self.view = View()
        self.speed = float(SPEEDS[0])
        self.frame = Frame(course)
        self.playing = False
        self.going: int | None = None
        self.then_play = False
        self.message = ""
        self.run_number = -1
        self.taken = Event()
        self.seen = time.monotonic()
        self._commands: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._build(course)
        self._publish()

    # What the page may do

    def do(self, command: Callable[[], None]) -> None:
        """Have a command carried out before the next week; what goes wrong is said in the next frame."""
        self._commands.put(command)

    def ask(self, question: Callable[[], Any], seconds: float = 30.0) -> Any:
        """Answer of a question put to the thread, between two weeks; what goes wrong there is raised here.

        Raises
        ------
        GlasshouseError
            If the thread does not answer in time.
        """
        answer: Future[Any] = Future()

        def asked() -> None:
            try:
                answer.set_result(question())
            except BaseException as error:
                answer.set_exception(error)

        self.do(asked)
        try:
            return answer.result(seconds)
        except TimeoutError:
            raise GlasshouseError("the society has not answered yet; wait a little") from None

    def close(self) -> None:
        """End the thread."""
        self._commands.put(None)

    def drawn(self) -> None:
        """Say that a frame was drawn: the next may come."""
        self.seen = time.monotonic()
        self.taken.set()

    def play(self, on: bool) -> None:
        """Play, or pause."""
        self.seen = time.monotonic()
        self.playing, self.going = on, None

    def step(self) -> None:
        """Pause, and live one week."""
        self.playing, self.going = False, None
        self._live()

    def go_to(self, week: int, then_play: bool = False) -> None:
        """Go to a week; forward it is lived in between frames, back it is lived again without what was done since.

        Parameters
        ----------
        week
            Weeks passed when it is there.
        then_play
            Whether to play on from there.

        Raises
        ------
        LimitError
            If it is further than is allowed.
        """
        week = whole(week, "week", 0, self.limits.weeks, LimitError)
        if week < self.worlds[0].week:
            self._build(self.course.back_to(week))
        self.playing, self.going, self.then_play = False, week, then_play

    def begin(self, course: Course, week: int = 0) -> None:
        """Start from the beginning with a course, and go to a week."""
        self._build(course)
        self.go_to(week)

    def restart(self) -> None:
        """Start from the beginning, without what was done in the course."""
        self.begin(self.course.back_to(0))

    def change(self, which: int, changes: Mapping[str, Any]) -> None:
        """Change settings of a world, from the next week on, or where it must be from the start."""
        self.follow(self.course.changed(self.worlds[0].week, which, changes))

    def switch_off(self) -> None:
        """Remove all institutions of the first world, and whatever was still to come."""
        self.follow(self.course.switched_off(self.worlds[0].week))

    def switch_on(self) -> None:
        """Bring back the institutions of the first world as they were before they were switched off."""
        self.follow(self.course.switched_on(self.worlds[0].week))

    # What it does

    def run(self) -> None:
        """Take commands and live weeks until closed."""
        due = time.monotonic()
        while True:
            busy = self.playing or self.going is not None
            wait = max(0.0, due - time.monotonic()) if self.playing else 0.0 if busy else None
            try:
                command = self._commands.get(timeout=wait) if wait is None or wait > 0 else self._commands.get_nowait()
            except Empty:
                command = self._week_or_nothing
                now = time.monotonic()
                due = now + 1 / self.speed if self.going is not None else max(due + 1 / self.speed, now)
            if command is None:
                return
            if not busy:
                due = time.monotonic()
            going = self.going
            try:
                command()
            except GlasshouseError as error:
                self.message, self.playing, self.going = str(error), False, None
            arrived = going is not None and self.going is None
            if command != self._week_or_nothing or self.taken.is_set() or not self.playing or arrived:
                self._publish()

    def _week_or_nothing(self) -> None:
        self.message = ""
        if self.going is not None:
            if self.worlds[0].week < self.going:
                self._live()
            if self.worlds[0].week >= self.going:
                self.going, self.playing = None, self.then_play
        elif self.playing:
            if time.monotonic() - self.seen > ABANDONED:
                self.playing = False
            else:
                self._live()

    def _live(self) -> None:
        for world, rows, chronicle in zip(self.worlds, self.rows, self.chronicles, strict=True):
            world.step()
            latest = world.society.history_record.latest
            rows.append(np.array([latest.get(name, np.nan) for name in SERIES]))
            chronicle.note(world.society)

    def _build(self, course: Course) -> None:
        """Build the worlds of a course; where that is not possible, those there are go on."""
        plans = course.scenarios
        if len({plan.domain_names for plan in plans}) > 1:
            raise GlasshouseError("the two worlds have different domains; give both the same")
        self.worlds = [World(plan, course.seed, self.limits) for plan in plans]
        self.course = course
        self.rows: list[list[Any]] = [[] for _ in plans]
        first = self.worlds[0].society
        self.graph = matrix(first)
        nodes = drawn(self.graph)
        self.chronicles = [Chronicle(world.society, nodes) for world in self.worlds]
        has_circles = first.plan.population.network == "community"
        self.circles = first.citizens.group[np.argsort(first.citizens.node)] if has_circles else None
        self.run_number += 1

    def follow(self, course: Course) -> None:
        """Go on with a course, or start anew where it starts from something else."""
        if course.starts != self.course.starts:
            self._build(course)
        else:
            for world, plan in zip(self.worlds, course.scenarios, strict=True):
                world.follow(plan)
            self.course = course

    def _publish(self) -> None:
        society = self.worlds[0].society
        names = society.domains.names
        view = self.view if self.view.domain in names else replace(self.view, domain=names[0])
        self.taken.clear()
        self.frame = Frame(
            self.course,
            number=self.frame.number + 1,
            run=self.run_number,
            week=society.week,
            playing=self.playing,
            going=self.going,
            domain=names.index(view.domain),
            latest=tuple(chronicle.latest for chronicle in self.chronicles),
            rows=tuple(self.rows),
            citizen=self._citizen(view),
            ended=self.worlds[0].ended,
            events=tuple(world.events for world in self.worlds),
            coming=self.worlds[0].coming,
            plans=tuple(world.plan for world in self.worlds),
            graph=self.graph,
            circles=self.circles,
            message=self.message,
        )

    def _citizen(self, view: View) -> dict[str, Any] | None:
        society, chronicle = self.worlds[view.world].society, self.chronicles[view.world]
        node = view.citizen
        if type(node) is not int or not 0 <= node < society.founders or chronicle.latest is None:
            return None
        row, domain = int(society.row_of[node]), society.domains.names.index(view.domain)
        found: dict[str, Any] = {
            "citizen": node,
            "gone": row < 0,
            **(chronicle.of(node, domain) or {"year": [], "reported": [], "sanctioned": []}),
        }
        if row < 0:
            return found
        c, kinds = society.citizens, chronicle.latest.kinds
        near = c.node[society.ties.of(row)]
        found |= {
            "conviction": float(c.conviction_before[row, domain]),
            "acts": kinds[node].tolist(),
            "neighbours": near.tolist(),
            "company": sorted(kinds[near, domain].tolist()),
        }
        with suppress(ValueError):
            why = found["why"] = society.citizen(row).explain(view.domain)
            found["mood"] = -required_utility(why.draw, society.rates.rationality)
        return found
