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
from ...model.scenario import Change
from ..drawing.layout import Layout, layout_of
from ..drawing.widgets import BarsWidget, ChartsWidget, CitizenWidget, NetworkWidget, TourWidget
from ..page.texts import CHARTS, DIFFERENCE, TOUR
from .links import State
from .player import SERIES, Frame, Player, View
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


class Desk:
    """One session.

    Parameters
    ----------
    state
        What to begin with.
    limits
        What is allowed.

    Raises
    ------
    GlasshouseError
        If the server is full, or the state cannot be.
    """

    def __init__(self, state: State, limits: Limits) -> None:
        SESSIONS.enter(limits.sessions)
        try:
            self.player = Player(state.scenario, state.seed, limits)
            if state.other:
                self.player.begin(state.scenario, state.seed, state.second)
        except BaseException:
            SESSIONS.leave()
            raise
        self.limits = limits
        self.state = solara.reactive(state)
        self.plans = solara.reactive(tuple(world.start for world in self.player.worlds))
        self.told = solara.reactive(Told())
        self.fault = solara.reactive("")
        self.networks = [NetworkWidget(), NetworkWidget()]
        self.charts = ChartsWidget(charts=[*CHARTS])
        self.differences = ChartsWidget(charts=[DIFFERENCE])
        self.bars = BarsWidget(
            titles={"score": "Scores: citizens", "conviction": "Convictions in the domain: citizens"}
        )
        self.citizen = CitizenWidget()
        self.tour = TourWidget(steps=TOUR)
        self.layout: Layout | None = None
        self._sent = Frame()
        self._sent_weeks = self._sent_run = -1
        self._closed = Event()
        self._last_told = 0.0
        for network in self.networks:
            network.observe(self._picked, "picked")
        for charts in (self.charts, self.differences):
            charts.observe(self._wanted, "wanted")
        self.tour.on_msg(self._pressed)
        self.lay_out()
        self.player.start()
        self._publisher = Thread(target=self._publish, daemon=True)
        self._publisher.start()

    def _picked(self, change: Any) -> None:
        self.look_at(change["new"])

    def _wanted(self, _change: Any) -> None:
        self._send_all()

    def _pressed(self, _widget: Any, content: Any, _buffers: Any) -> None:
        self.key(content.get("key"))

    def close(self) -> None:
        """End the session: its society stops."""
        if not self._closed.is_set():
            self._closed.set()
            self.player.close()
            SESSIONS.leave()

    # What the page may do

    def act(self, command: Callable[[], Any]) -> Any:
        """Have the player do something between two weeks; what goes wrong is said on the page."""
        self.fault.set("")
        try:
            return self.player.ask(command)
        except GlasshouseError as error:
            self.fault.set(str(error))
            return None

    def begin(self, state: State) -> None:
        """Start from the beginning with another state."""

        def start() -> bool:
            self.player.begin(state.scenario, state.seed, state.second)
            return True

        if self.act(start):
            self.state.set(state)
            self.lay_out()

    def restart(self) -> None:
        """Start again with the settings of the first week, without what was changed in the course."""
        self.begin(replace(self.state.value, dated=()))

    def change(self, path: str, value: Any, which: int = 0) -> None:
        """Change a setting of a world."""
        anew = self.act(lambda: (self.player.change(which, {path: value}), self.player.worlds[which].week))
        if anew is None or which:
            return
        started_again, week = anew
        state = self.state.value
        if started_again:
            settings = {**dict(state.settings), path: value}
            self.state.set(replace(state, settings=tuple(settings.items()), dated=()))
            self.lay_out()
        else:
            self.state.set(replace(state, dated=(*state.dated, (week + 1, ((path, value),)))))

    def go_to(self, week: int) -> None:
        """Go to a week; what was changed after it is undone."""

        def go() -> bool:
            self.player.go_to(week)
            return True

        if self.act(go):
            state = self.state.value
            self.state.set(replace(state, dated=tuple(change for change in state.dated if change[0] <= week)))

    def switch_off(self) -> None:
        """Remove all institutions now."""

        def off() -> tuple[int, tuple[Change, ...]]:
            self.player.switch_off()
            return self.player.worlds[0].week, tuple(self.player.worlds[0].changes)

        done = self.act(off)
        if done is not None:
            week, changes = done
            dated = tuple((change.week, tuple(change.set.items())) for change in changes)
            self.state.set(replace(self.state.value, dated=dated, until=week))

    def look_at(self, citizen: int) -> None:
        """Look at a citizen; −1 for none."""
        self.view(citizen=None if citizen < 0 else citizen)

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

    def lay_out(self) -> None:
        """Send the graph."""
        society = self.player.worlds[0].society
        self.layout = found = layout_of(society)
        note = ""
        if len(found.nodes) < society.founders:
            note = (
                f"{len(found.nodes):,} of {society.founders:,} are drawn: the neighbourhood of the best connected one"
            )
        for network in self.networks:
            with network.hold_sync():
                network.nodes = found.nodes.astype(np.uint32).tobytes()
                network.edges = found.edges.tobytes()
                network.positions = found.positions.tobytes()
                network.note = note

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
        layout = self.layout
        if layout is None or not frame.marks or len(frame.marks[0]) <= int(layout.nodes.max()):
            return
        self._sent = frame
        view: View = self.player.view
        for network, marks in zip(self.networks, frame.marks, strict=False):
            with network.hold_sync():
                network.marks = np.frombuffer(marks, np.uint8)[layout.nodes].tobytes()
                network.look = view.look
                network.selected = -1 if view.citizen is None else view.citizen
                network.neighbours = list((frame.citizen or {}).get("neighbours", ()))
                network.number = frame.number
        # By identity: comparing every setting with every frame would take longer than the week.
        if len(frame.plans) != len(self.plans.peek()) or any(
            a is not b for a, b in zip(frame.plans, self.plans.peek(), strict=True)
        ):
            self.plans.set(frame.plans)
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


def plain(value: Any) -> Any:
    """The same as JSON has it: not a number is null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.item() if isinstance(value, np.generic) else value
