"""The part of the page that runs in the browser: plain modules without a build step, shipped with the package."""

from __future__ import annotations

import re
from pathlib import Path

import anywidget
import traitlets

STATIC = Path(__file__).parent / "static"

MODULES = (
    "dom.js", "marks.js", "state.js", "figure.js", "world.js", "charts.js", "levers.js", "citizen.js", "guess.js",
    "sheets.js", "page.js",
)  # fmt: skip
"""Modules of the page, each after those that it imports."""

LIBRARY = "htm-preact.js"
"""Preact and htm, as published: what makes elements of the page's words, and changes only what has changed."""

LIBRARY_NAMES = ("Component", "html", "render", "useEffect", "useRef", "useState")
"""What our modules use of it."""


def bundle() -> str:
    """All modules as the one that a widget has.

    The library is a script that hangs its names on what it finds as `this` or `self`; our modules follow without their
    imports, which are all of each other.
    """
    library = (STATIC / LIBRARY).read_text("utf-8")
    parts = [
        f"const library = {{}};\n(function () {{ const exports = library, module = {{}};\n{library}\n}})();",
        f"const {{ {', '.join(LIBRARY_NAMES)} }} = library;",
    ]
    for name in MODULES:
        text = (STATIC / name).read_text("utf-8")
        text = re.sub(r"^import [^;]*;\n", "", text, flags=re.MULTILINE)
        parts.append(re.sub(r"^export (?!default)", "", text, flags=re.MULTILINE))
    return "\n".join(parts)


class PageWidget(anywidget.AnyWidget):
    """The page. What it shows comes in traits; what a reader does goes back as messages."""

    _esm = bundle()
    _css = (STATIC / "style.css").read_text("utf-8")
    words = traitlets.Dict().tag(sync=True)
    """What is said once: names of parts, costs, kinds; scenarios; how to read the page."""
    place = traitlets.Dict().tag(sync=True)
    """Circles in both shapes, number of citizens, a note."""
    nodes = traitlets.Bytes().tag(sync=True)
    edges = traitlets.Bytes().tag(sync=True)
    wide = traitlets.Bytes().tag(sync=True)
    tall = traitlets.Bytes().tag(sync=True)
    scene = traitlets.Unicode("").tag(sync=True)
    """The scenario, its levers and all settings; sent when one changes."""
    frame = traitlets.Unicode("").tag(sync=True)
    """The week: numbers, sentences, what happened."""
    kinds = traitlets.Bytes().tag(sync=True)
    """A byte for everyone drawn, of both worlds."""
    rows = traitlets.Bytes().tag(sync=True)
    """New weeks of the charts, in single precision."""
    drawn = traitlets.Int(0).tag(sync=True)
    """Number of the last frame that was drawn."""
