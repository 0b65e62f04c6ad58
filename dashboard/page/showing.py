"""What is sent to the page: words, the scenario with its settings, a question."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from ...agents.citizen import Explanation
from ...experiments.showing.labels import MEASURES
from ...model.scenario import Scenario
from ..drawing.looks import GONE, KINDS
from ..session.course import Course, built_in
from ..session.player import LOOKED_AT, SPEEDS, Frame
from .controls import Control, controls
from .questions import Question, asked_of
from .saying import SMOOTH, guessed
from .sweep import OUTCOMES
from .words import COSTS, PARTS, QUESTION, READING, TERM_TOKENS, acts_in, sheet

CHARTED = (*PARTS, "compliance_at_start", "compliance", *COSTS)
"""Measures that are charted whatever is lived."""


def columns(frame: Frame) -> tuple[str, ...]:
    """Measures that the charts of a course show."""
    return tuple(dict.fromkeys((*CHARTED, *LOOKED_AT[frame.course.starts[0].preset])))


def scene(frame: Frame, most_citizens: int) -> dict[str, Any]:
    """The scenario, its levers and all settings."""
    name = frame.course.starts[0].preset
    preset = built_in(name)
    # What is off is shown as it was, and has no effect.
    plan = (frame.course.before_off() if is_off(frame) else None) or frame.plans[0]
    everything = settings_of(plan, name, most_citizens)
    other = built_in(frame.course.starts[1].preset) if frame.course.has_other else None
    return {
        "name": name, "title": preset.title, "line": preset.line, "about": preset.about, "lookAt": preset.look_at,
        "sources": preset.sources, "begins": preset.begins,
        "other": other.title if other else "", "otherName": other.name if other else "",
        "levers": levers_of(preset.levers, everything),
        "settings": everything,
        "otherSettings": settings_of(frame.plans[1], other.name, most_citizens) if other else [],
        "domains": [{"name": one, **acts_in(one)._asdict()} for one in plan.domain_names],
        "columns": columns(frame),
        "shows": [
            {"name": one, "label": MEASURES[one].label, "unit": MEASURES[one].unit, "says": MEASURES[one].says}
            for one in LOOKED_AT[name] if one not in (*PARTS, *COSTS)
        ],
        "questions": [{"name": one.name, "short": one.short} for one in asked_of(plan)],
        "seed": frame.course.seed,
        "outcomes": [(name, MEASURES[name].label) for name in OUTCOMES],
    }  # fmt: skip


def settings_of(plan: Scenario, name: str, most_citizens: int) -> list[dict[str, Any]]:
    """All settings of a plan, with what they are in the scenario that it came from, as the page begins with it."""
    preset = Course.of(name).scenario()
    usual = preset.settings() | {f"institutions.{name}": name in preset.institutions for name in plan.institutions}
    return [shown(control, usual) for control in controls(plan, most_citizens)]


def is_off(frame: Frame) -> bool:
    """Whether all institutions are switched off in the week to come."""
    off = frame.course.off_since()
    return off is not None and off <= frame.week + 1


def asking(frame: Frame, question: Question | None, guess: float | None) -> dict[str, Any] | None:
    """The question that is asked, and what came of it once that has been lived."""
    if question is None:
        return None
    everything = asked_of(frame.course.scenario())
    number = everything.index(question) if question in everything else 0
    found: dict[str, Any] = {
        "name": question.name, "number": number + 1, "of": len(everything), "measure": question.measure,
        "begins": question.begins, "ends": question.ends, "heading": question.heading, "lead": question.lead,
        "guess": guess, "next": None,
    }  # fmt: skip
    if guess is not None and frame.week >= question.ends:
        found["became"], found["says"] = guessed(question.measure, guess, frame.rows, question.begins, question.ends)
        following = everything[number + 1 :]
        found["next"] = {"name": following[0].name, "short": following[0].short} if following else None
    return found


def words(cover: bool) -> dict[str, Any]:
    """What is said to the page once."""
    return {
        "cover": cover, "question": QUESTION, "speeds": SPEEDS, "smooth": SMOOTH, "gone": GONE,
        "parts": [
            {"name": name, "token": token, "label": label, "why": why,
             "says": f"{MEASURES[name].says} Of 100 acts, above the unwatched world; mean of {SMOOTH} weeks."}
            for name, (token, label, why) in PARTS.items()
        ],
        "costs": [
            {"name": name, "label": label, "of": of, "says": f"{MEASURES[name].says} Mean of {SMOOTH} weeks."}
            for name, (label, of) in COSTS.items()
        ],
        "kinds": [kind._asdict() for kind in KINDS],
        "terms": TERM_TOKENS, "sheet": sheet(), "reading": READING,
    }  # fmt: skip


def shown(control: Control, usual: Mapping[str, Any]) -> dict[str, Any]:
    """A control as the page has it."""
    found = asdict(control) | {"step": control.step, "usual": usual.get(control.path, False)}
    if control.path not in usual and control.path.count(".") > 1:
        # A setting of an institution that the scenario does not have: what it came with is usual.
        found["usual"] = control.value
    return found


def levers_of(paths: tuple[str, ...], everything: list[dict[str, Any]]) -> list[str]:
    """Paths of a scenario's levers that are there now."""
    there = {control["path"] for control in everything}
    return [path for path in paths if path in there]


def plain(value: Any) -> Any:
    """The same as JSON has it: not a number is null."""
    if isinstance(value, Explanation):
        return None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value.item() if isinstance(value, np.generic) else value
