"""The page: a widget that draws it, and a session behind it."""

from __future__ import annotations

import os
from collections.abc import Callable

import solara

from ...model.errors import GlasshouseError
from ..session.course import Course
from ..session.desk import DEFAULT, OPENING, Desk
from ..session.links import opened
from ..session.world import Limits

FRAME = """
html, body { margin: 0; }
.v-application--wrap, .solara-content-main, .v-main__wrap > div { padding: 0 !important; }
.solara-content-main > *, .v-application .glasshouse-page { width: 100%; }
div:has(> .solara-autorouter-content), .solara-autorouter-content { overflow: visible !important; }
.solara-autorouter-content, div:has(> .solara-autorouter-content) { height: auto !important; }
.solara-content-main, .solara-page-loading .solara-content-main { animation: none !important; opacity: 1 !important; }
"""
"""What makes room for the page within what serves it, and lets it be read at once: no fading in."""


def limits() -> Limits:
    """What this server allows, as `glasshouse dashboard` was told."""
    given = {name: int(os.environ[f"GLASSHOUSE_MOST_{name.upper()}"]) for name in ("citizens", "weeks", "sessions")
             if f"GLASSHOUSE_MOST_{name.upper()}" in os.environ}  # fmt: skip
    return Limits(**given)


def desk_for(search: str | None) -> Desk | str:
    """Session for an address, or in words why there is none."""
    course, week, fault = None, 0, ""
    try:
        course, week = opened(search or "")
        if course is not None:
            return Desk(course, limits(), week)
    except GlasshouseError as error:
        fault = str(error)
    try:
        first = Course.of(os.environ.get("GLASSHOUSE_SCENARIO", DEFAULT))
        return Desk(first, limits(), OPENING, cover=not fault, fault=fault)
    except GlasshouseError as error:
        return str(error)


@solara.component
def Page() -> None:
    """The whole page."""
    solara.Title("Glasshouse")
    solara.Style(FRAME)
    router = solara.use_router()
    desk = solara.use_memo(lambda: desk_for(router.search), [])

    def ending() -> Callable[[], None] | None:
        return desk.close if isinstance(desk, Desk) else None

    solara.use_effect(ending, [])
    if isinstance(desk, str):
        solara.Error(desk)
    else:
        solara.Div(classes=["glasshouse-page"], children=[desk.widget])
