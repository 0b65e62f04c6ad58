"""What a reader may ask of a session: each by its name, with what it needs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Event
from typing import Any

from ...model.errors import GlasshouseError
from ..drawing.widgets import PageWidget
from ..page.questions import QUESTIONS, Question, without_answers
from ..page.sweep import Sweeping
from .course import Course, built_in
from .files import file_of
from .links import opened
from .player import SPEEDS, Player
from .world import Limits

LOOKING = ("ready", "view", "speed", "play")
"""What leaves a fault said that was said before."""


class Visit:
    """What one reader does with a society.

    Attributes
    ----------
    player
        Lives the weeks.
    limits
        What is allowed.
    widget
        What draws the page.
    fault
        What could not be done last, in words.
    question, guess
        What the reader is asked, and has guessed.
    sweeping
        The small sweep that was asked for last.
    opening
        Course and week with which the page opened.
    renewed
        Set when there is news besides those of the player.
    """

    widget: PageWidget
    opening: tuple[Course, int]

    def __init__(self, player: Player, limits: Limits) -> None:
        self.player, self.limits = player, limits
        self.fault = ""
        self.question: Question | None = None
        self.guess: float | None = None
        self.sweeping: Sweeping | None = None
        self.renewed = Event()

    @property
    def course(self) -> Course:
        """What the worlds started from, and what is changed when."""
        return self.player.course

    def send_all(self) -> None:
        """Send everything anew, as to a browser that knows nothing yet."""
        raise NotImplementedError

    def _heard(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if isinstance(content, Mapping):
            self.hear(dict(content))  # pyright: ignore[reportUnknownArgumentType]

    def hear(self, asked: Mapping[str, Any]) -> None:
        """Do what the page asks for; what is not known, or of another kind, is refused in words."""
        ask = ASKED.get(str(asked.get("do")))
        if ask is None:
            return
        if asked["do"] not in LOOKING:
            self.fault = ""
        try:
            ask(self, asked)
        except GlasshouseError as error:
            self.fault = str(error)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            self.fault = f"that was not understood ({error}); reload the page"
        self.renewed.set()

    def act(self, command: Callable[[], None]) -> None:
        """Have the player do something between two weeks; what goes wrong is said on the page."""
        try:
            self.player.ask(command)
        except GlasshouseError as error:
            self.fault = str(error)

    def begin(self, course: Course, week: int = 0) -> None:
        """Start from the beginning with a course, and go to a week."""
        self.question = self.guess = None
        self.act(lambda: self.player.begin(course, week))

    def look(self, **changes: Any) -> None:
        """Look at something else."""
        self.act(lambda: setattr(self.player, "view", replace(self.player.view, **changes)))

    def ask(self, name: str) -> None:
        """Go to where a question begins."""
        course, week = self.course, self.player.frame.week
        question = next((one for one in QUESTIONS if one.name == name), None)
        if question is None:
            raise GlasshouseError(f"no question is called {name[:40]!r}")
        before = without_answers(course).back_to(question.begins)
        if before.off_since() is not None:
            before = before.back_to(0)
        self.question, self.guess = question, None
        lived = week <= question.begins and before == course
        self.act(lambda: self.player.go_to(question.begins) if lived else self.player.begin(before, question.begins))

    def answer(self, guess: float) -> None:
        """Let happen what was guessed."""
        question = self.question
        if question is None or self.player.frame.week != question.begins or not math.isfinite(guess):
            return
        self.guess = guess

        def end() -> None:
            self.player.follow(question.end(self.course.back_to(question.begins), question.begins))
            self.player.go_to(question.ends)

        self.act(end)

    def sweep(self, path: str, outcome: str, weeks: int) -> None:
        """Try the whole range of a setting, beside the page."""
        self.cancel_sweep()
        # While it is off, of what it was.
        plan = self.course.before_off() or self.player.frame.plans[0]
        self.sweeping = Sweeping(plan, path, outcome, weeks, self.renewed.set)

    def cancel_sweep(self) -> None:
        """End a sweep that is under way."""
        if self.sweeping is not None:
            self.sweeping.cancel()

    def take(self, name: str) -> None:
        """Send a file to be kept."""
        player = self.player
        data = player.ask(
            lambda: file_of(name, [world.society for world in player.worlds], player.frame, self.sweeping)
        )
        self.widget.send({"taken": f"{self.course.starts[0].preset}-{name}"}, [data])


def _restart(visit: Visit, _asked: Mapping[str, Any]) -> None:
    visit.question = visit.guess = None
    visit.act(visit.player.restart)


def _again(visit: Visit, _asked: Mapping[str, Any]) -> None:
    visit.begin(without_answers(visit.course))
    visit.act(lambda: visit.player.play(True))


def _change(visit: Visit, asked: Mapping[str, Any]) -> None:
    changes = {str(asked["path"]): asked["value"]}
    visit.act(lambda: visit.player.change(1 if asked.get("world") == 1 else 0, changes))


def _choose(visit: Visit, asked: Mapping[str, Any]) -> None:
    plan = built_in(str(asked["scenario"]))
    course = Course.of(plan.name, visit.course.seed)
    if plan.begins is None:
        visit.begin(course, visit.player.frame.week)
    else:
        # Years that passed elsewhere are none of a dated history's: it is lived from its beginning.
        visit.begin(course)
        visit.act(lambda: visit.player.play(True))


def _beside(visit: Visit, asked: Mapping[str, Any]) -> None:
    name = str(asked["scenario"])
    visit.begin(visit.course.beside(built_in(name).name if name else ""), visit.player.frame.week)


def _reset(visit: Visit, _asked: Mapping[str, Any]) -> None:
    course = visit.course
    other = course.starts[1].preset if course.has_other else ""
    visit.begin(Course.of(course.starts[0].preset, course.seed, other), visit.player.frame.week)


def _open(visit: Visit, asked: Mapping[str, Any]) -> None:
    course, week = opened(str(asked["search"]))
    if course is None:
        # Back at the beginning, where the society lives on behind the question.
        course, week = visit.opening
        visit.begin(course)
        visit.act(lambda: visit.player.go_to(week, then_play=True))
    else:
        visit.begin(course, week)


def _seed(visit: Visit, asked: Mapping[str, Any]) -> None:
    seed = int(asked["seed"])
    if not 0 <= seed < 2**53:
        raise GlasshouseError(f"seed {seed} is out of range; give a whole number from 0 to {2**53 - 1:,}")
    visit.begin(replace(visit.course, seed=seed), visit.player.frame.week)


def _view(visit: Visit, asked: Mapping[str, Any]) -> None:
    changes: dict[str, Any] = {}
    if "domain" in asked:
        changes["domain"] = str(asked["domain"])
    if "world" in asked:
        changes["world"] = 1 if asked["world"] == 1 else 0
    if "citizen" in asked:
        changes["citizen"] = asked["citizen"] if type(asked["citizen"]) is int and asked["citizen"] >= 0 else None
    visit.look(**changes)


def _speed(visit: Visit, asked: Mapping[str, Any]) -> None:
    if asked["speed"] in SPEEDS:
        visit.player.speed = float(asked["speed"])


def _unask(visit: Visit, _asked: Mapping[str, Any]) -> None:
    visit.question = visit.guess = None


ASKED: dict[str, Callable[[Visit, Mapping[str, Any]], None]] = {
    "ready": lambda visit, _: visit.send_all(),
    "play": lambda visit, asked: visit.act(lambda: visit.player.play(bool(asked.get("on")))),
    "step": lambda visit, _: visit.act(visit.player.step),
    "go": lambda visit, asked: visit.act(lambda: visit.player.go_to(int(asked["week"]))),
    "off": lambda visit, _: visit.act(visit.player.switch_off),
    "on": lambda visit, _: visit.act(visit.player.switch_on),
    "restart": _restart,
    "again": _again,
    "change": _change,
    "choose": _choose,
    "beside": _beside,
    "reset": _reset,
    "open": _open,
    "seed": _seed,
    "view": _view,
    "speed": _speed,
    "sweep": lambda visit, asked: visit.sweep(str(asked["path"]), str(asked["outcome"]), int(asked["weeks"])),
    "cancel": lambda visit, _: visit.cancel_sweep(),
    "take": lambda visit, asked: visit.take(str(asked["file"])),
    "ask": lambda visit, asked: visit.ask(str(asked["question"])),
    "answer": lambda visit, asked: visit.answer(float(asked["guess"])),
    "unask": _unask,
}
