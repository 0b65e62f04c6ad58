"""What belongs to one session: its player, the parts that draw, and what the page remembers."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import Event, Lock, Thread
from typing import Any

import numpy as np
import solara

from ...model.errors import GlasshouseError
from ...model.scenario import Scenario
from ..drawing.layout import Layout, layout_of
from ..drawing.widgets import BarsWidget, ChartsWidget, CitizenWidget, NetworkWidget, TourWidget
from ..page.texts import BARS, CHARTS, DIFFERENCE, TOUR, look_at
from .course import Course
from .player import LOOKED_AT, SERIES, Frame, Player, View
from .world import LimitError, Limits

DEFAULT = "visible-score-and-reports"
TOLD = 0.2
"""Seconds between two renewals of what the page says in words, which cost more than frames."""


class Sessions:
    """How many sessions there are at once."""

    def __init__(self) -> None:
        self._count = 0
        self._lock = Lock()

    def enter(self, most: int) -> None:
        """Count one more.

        Raises
        ------
        LimitError
            If there are as many as allowed.
        """
        with self._lock:
            if self._count >= most:
                raise LimitError(f"this server has {most} visitors already, as many as it allows; try again later")
            self._count += 1

    def leave(self) -> None:
        """Count one less."""
        with self._lock:
            self._count -= 1


SESSIONS = Sessions()


@dataclass(frozen=True)
class Told:
    """What the page says in words about the run."""

    week: int = 0
    playing: bool = False
    going: int | None = None
    message: str = ""
    events: tuple[tuple[int, str], ...] = ()
    in_other: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Held:
    """What the page shows of the course: itself, and the scenario of each world as it stands."""

    course: Course
    plans: tuple[Scenario, ...]


class Desk:
    """One session.

    Parameters
    ----------
    course
        What to begin with.
    limits
        What is allowed.

    Raises
    ------
    GlasshouseError
        If the server is full, or the course cannot be.
    """

    def __init__(self, course: Course, limits: Limits) -> None:
        SESSIONS.enter(limits.sessions)
        try:
            self.player = Player(course, limits)
        except BaseException:
            SESSIONS.leave()
            raise
        self.limits = limits
        first = self.player.frame
        self.held = solara.reactive(Held(course, first.plans))
        self.told = solara.reactive(Told())
        self.fault = solara.reactive("")
        self.networks = [NetworkWidget(), NetworkWidget()]
        self.charts = ChartsWidget(charts=charts_of(course))
        self.differences = ChartsWidget(charts=[DIFFERENCE])
        self.bars = BarsWidget(titles=BARS)
        self.citizen = CitizenWidget()
        self.tour = TourWidget(steps=TOUR)
        self.layout = self._lay_out(first.graph)
        self._sent = Frame(course)
        self._sent_weeks = self._sent_run = -1
        self._closed = Event()
        self._last_told = 0.0
        for network in self.networks:
            network.observe(self._picked, "picked")
        for charts in (self.charts, self.differences):
            charts.observe(self._wanted, "wanted")
        self.tour.on_msg(self._pressed)
        self.player.start()
        self._publisher = Thread(target=self._publish, daemon=True)
        self._publisher.start()

    def _picked(self, change: Any) -> None:
        self.look_at(change["new"])

    def _wanted(self, _change: Any) -> None:
        self._send_all()

    def _pressed(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if isinstance(content, Mapping):
            self.key(content.get("key"))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]

    def close(self) -> None:
        """End the session: its society stops."""
        if not self._closed.is_set():
            self._closed.set()
            self.player.close()
            SESSIONS.leave()

    # What the page may do

    @property
    def course(self) -> Course:
        """What the worlds started from, and what is changed when."""
        return self.held.value.course

    @property
    def plans(self) -> tuple[Scenario, ...]:
        """Scenario of each world as it stands in the week to come."""
        return self.held.value.plans

    def act(self, command: Callable[[], None]) -> None:
        """Have the player do something between two weeks; what goes wrong is said on the page."""
        self.fault.set("")
        try:
            self.player.ask(command)
        except GlasshouseError as error:
            self.fault.set(str(error))

    def begin(self, course: Course) -> None:
        """Start from the beginning with a course."""
        self.act(lambda: self.player.begin(course))

    def restart(self) -> None:
        """Start again with the settings of the first week, without what was changed in the course."""
        self.act(self.player.restart)

    def change(self, path: str, value: Any, which: int = 0) -> None:
        """Change a setting of a world."""
        self.act(lambda: self.player.change(which, {path: value}))

    def go_to(self, week: int) -> None:
        """Go to a week; going back undoes what was changed after it."""
        self.act(lambda: self.player.go_to(week))

    def switch_off(self) -> None:
        """Remove all institutions now."""
        self.act(self.player.switch_off)

    def look_at(self, citizen: int) -> None:
        """Look at a citizen; −1 for none."""
        self.view(citizen=citizen)

    def view(self, **changes: Any) -> None:
        """Look at something else."""

        def look() -> None:
            self.player.view = replace(self.player.view, **changes)

        self.player.do(look)

    def key(self, name: str | None) -> None:
        """Do what a key stands for."""
        if name == "play":
            self.player.do(lambda: self.player.play(not self.player.playing))
        elif name == "step":
            self.player.do(self.player.step)
        elif name == "restart":
            self.restart()

    # What is drawn

    def _lay_out(self, graph: Any) -> Layout:
        """Send where citizens are drawn."""
        self._graph = graph
        found = layout_of(graph)
        note = ""
        if len(found.nodes) < graph.shape[0]:
            note = f"{len(found.nodes):,} of {graph.shape[0]:,} are drawn: the neighbourhood of the best connected one"
        for network in self.networks:
            with network.hold_sync():
                network.nodes = found.nodes.astype(np.uint32).tobytes()
                network.edges = found.edges.tobytes()
                network.positions = found.positions.tobytes()
                network.note = note
        return found

    def _publish(self) -> None:
        while not self._closed.wait(0.008):
            frame = self.player.frame
            drawn = self.networks[0].drawn >= self._sent.number or self._sent.number == 0
            if frame.number == self._sent.number or not drawn:
                if drawn and not frame.playing:
                    self.player.seen = time.monotonic()
                continue
            self._send(frame)
            self.player.drawn()

    def _send(self, frame: Frame) -> None:
        if frame.graph is not self._graph:
            self.layout = self._lay_out(frame.graph)
        self._sent = frame
        view: View = self.player.view
        for network, marks in zip(self.networks, frame.marks, strict=False):
            with network.hold_sync():
                network.marks = np.frombuffer(marks, np.uint8)[self.layout.nodes].tobytes()
                network.look = view.look
                network.selected = -1 if view.citizen is None else view.citizen
                network.neighbours = list((frame.citizen or {}).get("neighbours", ()))
                network.number = frame.number
        # By identity: comparing every setting with every frame would take longer than the week.
        held = self.held.peek()
        if frame.course is not held.course or any(a is not b for a, b in zip(frame.plans, held.plans, strict=True)):
            self.held.set(Held(frame.course, frame.plans))
            self.charts.charts = charts_of(frame.course)
        self._send_weeks(frame)
        self.bars.bars = json.dumps(frame.bars)
        self.citizen.citizen = json.dumps(plain(frame.citizen))
        now = time.monotonic()
        told = Told(frame.week, frame.playing, frame.going, frame.message, *frame.events)
        if not frame.playing or now - self._last_told > TOLD:
            self._last_told = now
            self.told.set(told)

    def _send_weeks(self, frame: Frame) -> None:
        first = self._sent_weeks if frame.run == self._sent_run and 0 <= self._sent_weeks <= frame.week else 0
        text = json.dumps(
            {
                "run": frame.run,
                "from": first,
                "names": SERIES,
                "worlds": [
                    [[plain(v) for v in row.tolist()] for row in rows[first : frame.week]] for rows in frame.rows
                ],
                "events": frame.events[0],
            }
        )
        self._sent_run, self._sent_weeks = frame.run, frame.week
        self.charts.more = text
        if len(frame.rows) == 2:
            self.differences.more = text

    def _send_all(self) -> None:
        self._sent_weeks = -1
        self._sent = replace(self._sent, number=0)


def charts_of(course: Course) -> list[dict[str, Any]]:
    """Charts of a course: what its scenario says to look at after the compliance, then the others."""
    return [CHARTS[0], *look_at(LOOKED_AT[course.starts[0].preset]), *CHARTS[1:]]


def plain(value: Any) -> Any:
    """The same as JSON has it: not a number is null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.item() if isinstance(value, np.generic) else value
