"""Guess, then see: questions that a reader answers by drawing before the society does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ...model.scenario import Scenario
from ..session.course import Course

YEAR = 52


@dataclass(frozen=True)
class Question:
    """A question about the year after something ends.

    Attributes
    ----------
    name
        Its name in messages.
    short
        What it asks, on its button.
    measure
        What is drawn: `parts`, what watching adds; or `trust`, trust in neighbours.
    begins
        Week in which it ends.
    heading
        The question, with the week.
    lead
        What the curve shows.
    applies
        Whether a scenario can be asked it.
    end
        The course in which it has ended.
    """

    name: str
    short: str
    measure: str
    begins: int
    heading: str
    lead: str
    applies: Callable[[Scenario], bool]
    end: Callable[[Course, int], Course]

    @property
    def ends(self) -> int:
        """Week up to which is guessed."""
        return self.begins + YEAR


ADDED = "It shows how many more acts follow the rules, of 100, than in the unwatched world."

QUESTIONS = (
    Question(
        "end", "What is left after a year?", "parts", 104,
        "The watching ends in week 104. How does it go on?", ADDED,
        lambda plan: bool(plan.institutions), lambda course, week: course.switched_off(week),
    ),
    Question(
        "reports", "What do reports do?", "trust", 104,
        "In week 104 neighbours can no longer report. What becomes of trust?",
        "It shows how far people trust their neighbours, of 100.",
        lambda plan: "hotline" in plan.institutions,
        lambda course, week: course.changed(week, 0, {"institutions.hotline": False}),
    ),
    Question(
        "thirty-years", "And after thirty years?", "parts", 1560,
        "This time the watching lasted thirty years. How does it go on?", ADDED,
        lambda plan: bool(plan.institutions), lambda course, week: course.switched_off(week),
    ),
)  # fmt: skip


def asked_of(plan: Scenario) -> tuple[Question, ...]:
    """The questions that a scenario can be asked."""
    return tuple(question for question in QUESTIONS if question.applies(plan))


def without_answers(course: Course) -> Course:
    """The course without what questions have ended, so that the next is asked of a society as the reader made it."""
    bare = replace(course, entries=())
    ended = [entry for question in QUESTIONS for entry in question.end(bare, question.begins).entries]
    return replace(course, entries=tuple(entry for entry in course.entries if entry not in ended))
