"""The course of a session in a link, and back: data, checked like any other input."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from typing import Any
from urllib.parse import parse_qs

from ...model.errors import GlasshouseError
from ...model.scenario import scenarios
from .course import Course, Entry, Start

LONGEST = 20_000
UNPACKED = 200_000
FORMER = 6
"""Of so many parts were links once."""


class LinkError(GlasshouseError):
    """A link that restores nothing."""


def packed(course: Course) -> str:
    """Course as text for a link."""
    starts = [[start.preset, start.settings] for start in course.starts]
    entries = [[entry.week, entry.world, entry.set] for entry in course.entries]
    data = json.dumps([course.seed, starts, entries])
    return base64.urlsafe_b64encode(zlib.compress(data.encode(), 9)).decode().rstrip("=")


def unpacked(text: str) -> Course:
    """Course of a link.

    Raises
    ------
    LinkError
        If the text is no such thing, is of a former shape, names an unknown scenario, or is too long.
    """
    if len(text) > LONGEST:
        raise LinkError("this link is too long to be one of this page's; open the page without it")
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        data = json.loads(zlib.decompressobj().decompress(raw, UNPACKED).decode())
        former = isinstance(data, list) and len(data) == FORMER
        course = None if former else _course(*data)
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error, zlib.error) as error:
        raise LinkError("this link is damaged; open the page without it") from error
    if course is None:
        raise LinkError(
            "this link was made by an earlier version, which wrote links otherwise; open the page without it"
        )
    for start in course.starts:
        if start.preset not in scenarios():
            raise LinkError(f"this link is for a scenario {start.preset[:60]!r} that this version does not have")
    if not 0 <= course.seed < 2**63:
        raise LinkError("this link has a seed out of range")
    return course


def opened(search: str) -> tuple[Course | None, int]:
    """Course and week of an address' question part; no course where it names none.

    Raises
    ------
    LinkError
        If it is damaged, or of another version.
    """
    asked = parse_qs(search.lstrip("?")[: 2 * LONGEST])
    if "s" not in asked:
        return None, 0
    week = asked.get("w", ["0"])[0]
    if not week.isdecimal() or len(week) > 9:
        raise LinkError("the week of this link is damaged; open the page without it")
    return unpacked(asked["s"][0]), int(week)


def _course(seed: Any, starts: Any, entries: Any) -> Course:
    course = Course(
        int(seed),
        tuple(Start(str(preset), _table(settings)) for preset, settings in starts),
        tuple(
            Entry(int(week), int(world), None if changes is None else _table(changes))
            for week, world, changes in sorted(entries, key=lambda entry: int(entry[0]))
        ),
    )
    if len(course.starts) not in (1, 2) or any(not 0 <= e.world < len(course.starts) for e in course.entries):
        raise ValueError("there are one or two worlds")
    return course


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("settings are a table")
    return value
