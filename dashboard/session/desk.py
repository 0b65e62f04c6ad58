"""What belongs to one session: its player, what is sent to the page, and what the page may ask for."""

from __future__ import annotations

import json
import time
from threading import Event, Lock, Thread
from typing import Any

import numpy as np

from ..drawing.layout import TALL, WIDE, Layout, layout_of
from ..drawing.widgets import PageWidget
from ..page.saying import card, later, numbers
from ..page.showing import asking, columns, is_off, plain, scene, words
from .course import Course
from .links import packed
from .player import SERIES, Frame, Player
from .visit import Visit
from .world import LimitError, Limits

DEFAULT = "visible-score-and-reports"
OPENING = 40
"""Weeks that have passed when the page opens."""


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


class Desk(Visit):
    """One session: a visit, and what is sent of it to the page.

    Parameters
    ----------
    course
        What to begin with.
    limits
        What is allowed.
    week
        Week to go to.
    cover
        Whether the page opens with its question, and plays behind it.
    fault
        What could not be done when it was opened, in words.

    Raises
    ------
    GlasshouseError
        If the server is full, or the course cannot be.
    """

    def __init__(self, course: Course, limits: Limits, week: int = 0, cover: bool = False, fault: str = "") -> None:
        SESSIONS.enter(limits.sessions)
        try:
            super().__init__(Player(course, limits), limits)
        except BaseException:
            SESSIONS.leave()
            raise
        self.fault = fault
        self.opening = course, week
        self.widget = PageWidget(words=words(cover))
        self._sent = Frame(course)
        self._graph: Any = None
        self._layout: Layout | None = None
        self._sent_weeks = self._sent_run = -1
        self._told = self._awaited = 0
        self._closed = Event()
        self.widget.on_msg(self._heard)
        self.player.start()
        if week:
            self.act(lambda: self.player.go_to(min(week, limits.weeks), then_play=cover))
        self._publisher = Thread(target=self._publish, daemon=True)
        self._publisher.start()

    def close(self) -> None:
        """End the session: its society stops."""
        if not self._closed.is_set():
            self._closed.set()
            self.cancel_sweep()
            self.player.close()
            SESSIONS.leave()

    # What is sent

    def _publish(self) -> None:
        while not self._closed.wait(0.008):
            frame = self.player.frame
            drawn = self.widget.drawn >= self._awaited
            if frame.number == self._sent.number and not self.renewed.is_set():
                if drawn and not frame.playing:
                    self.player.seen = time.monotonic()
                continue
            if not drawn:
                continue
            self.renewed.clear()
            self.send(frame)
            self.player.drawn()

    def send(self, frame: Frame) -> None:
        """Send a frame to the page."""
        if frame.graph is not self._graph:
            self._place(frame)
        # By identity: comparing every setting with every frame would take longer than the week.
        if frame.course is not self._sent.course or frame.plans[0] is not (self._sent.plans or (None,))[0]:
            self.widget.scene = json.dumps(plain(scene(frame, self.limits.citizens)))
        self._sent = frame
        self._told += 1
        self._awaited = self._told
        first = self._sent_weeks if frame.run == self._sent_run and 0 <= self._sent_weeks <= frame.week else 0
        new = np.array([rows[first : frame.week] for rows in frame.rows], np.float64).reshape(2, -1, len(SERIES))
        self._sent_run, self._sent_weeks = frame.run, frame.week
        with self.widget.hold_sync():
            self.widget.kinds = b"".join(self._kinds(frame, world) for world in (0, 1))
            self.widget.rows = new[:, :, [SERIES.index(name) for name in columns(frame)]].astype(np.float32).tobytes()
            self.widget.frame = json.dumps(plain(self._frame(frame, first)))

    def send_all(self) -> None:
        """Send everything anew, as to a browser that knows nothing yet."""
        self._sent_weeks = -1
        self._awaited = 0
        self.renewed.set()

    def _place(self, frame: Frame) -> None:
        """Send where citizens are drawn."""
        self._graph = frame.graph
        layout = self._layout = layout_of(frame.graph, frame.circles)
        founders, note = frame.graph.shape[0], ""
        if len(layout.nodes) < founders:
            note = f"{len(layout.nodes):,} of {founders:,} are drawn: the neighbourhood of the best connected one"
        with self.widget.hold_sync():
            self.widget.nodes = layout.nodes.astype(np.uint32).tobytes()
            self.widget.edges = layout.edges.tobytes()
            self.widget.wide = layout.wide.points.tobytes()
            self.widget.tall = layout.tall.points.tobytes()
            self.widget.place = {
                "founders": founders, "note": note,
                "wide": {"shape": WIDE, "circles": layout.wide.circles.tolist()},
                "tall": {"shape": TALL, "circles": layout.tall.circles.tolist()},
            }  # fmt: skip

    def _kinds(self, frame: Frame, world: int) -> bytes:
        assert self._layout is not None
        week = frame.latest[world]
        if week is None:
            return bytes(len(self._layout.nodes))
        return week.kinds[self._layout.nodes, frame.domain].tobytes()

    def _frame(self, frame: Frame, first: int) -> dict[str, Any]:
        now, view = frame.latest[0], self.player.view
        found: dict[str, Any] = {
            "number": self._told, "run": frame.run, "week": frame.week, "from": first, "playing": frame.playing,
            "going": frame.going, "speed": self.player.speed, "world": view.world, "domain": frame.domain,
            "off": frame.ended, "itself": frame.ended is not None and not is_off(frame),
            "since": "" if frame.ended is None else later(frame.week - frame.ended),
            "events": frame.events[0], "coming": frame.coming,
            "link": f"?s={packed(frame.course)}&w={frame.going if frame.going is not None else frame.week}",
            "sweep": None if self.sweeping is None else self.sweeping.told,
            "message": self.fault or frame.message, "card": card(frame),
            "question": asking(frame, self.question, self.guess),
            **({} if now is None else numbers(frame)),
        }  # fmt: skip
        if now is not None:
            found |= {
                "reports": now.reports.tolist(), "sanctioned": now.sanctioned.tolist(), "listed": now.listed.tolist(),
                "fresh": now.fresh.tolist(),
            }  # fmt: skip
        return found
