"""The parts of the page that draw by themselves: a few hundred plain lines each, shipped with the package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from .looks import BITS, ENDS, INKS, KINDS, SCALE, TERM_WORDS

STATIC = Path(__file__).parent / "static"


def script(*names: str) -> str:
    """Text of some scripts, one after another."""
    return "\n".join((STATIC / name).read_text("utf-8") for name in names)


def fixed(value: Any) -> Any:
    """Trait that is told to the browser once, so that the scripts need not declare it again."""
    return traitlets.Any(value, read_only=True).tag(sync=True)


class NetworkWidget(anywidget.AnyWidget):
    """The society on a canvas; positions and ties are sent once, a byte a citizen with every frame."""

    _esm = script("network.js")
    kinds = fixed([kind._asdict() for kind in KINDS])
    scale = fixed([*SCALE])
    ends = fixed({look: [*words] for look, words in ENDS.items()})
    bits = fixed(BITS)
    inks = fixed(INKS)
    nodes = traitlets.Bytes().tag(sync=True)
    positions = traitlets.Bytes().tag(sync=True)
    edges = traitlets.Bytes().tag(sync=True)
    marks = traitlets.Bytes().tag(sync=True)
    number = traitlets.Int(0).tag(sync=True)
    look = traitlets.Unicode("act").tag(sync=True)
    note = traitlets.Unicode("").tag(sync=True)
    selected = traitlets.Int(-1).tag(sync=True)
    neighbours = traitlets.List(traitlets.Int()).tag(sync=True)
    dark = traitlets.Bool(False).tag(sync=True)
    drawn = traitlets.Int(0).tag(sync=True)
    picked = traitlets.Int(-1).tag(sync=True)


class ChartsWidget(anywidget.AnyWidget):
    """Charts that grow; only new weeks are sent."""

    _esm = script("uplot.js", "charts.js")
    _css = script("uplot.css")
    inks = fixed(INKS)
    charts = traitlets.List().tag(sync=True)
    more = traitlets.Unicode("").tag(sync=True)
    dark = traitlets.Bool(False).tag(sync=True)
    wanted = traitlets.Int(0).tag(sync=True)


class BarsWidget(anywidget.AnyWidget):
    """Distributions."""

    _esm = script("bars.js")
    titles = traitlets.Dict().tag(sync=True)
    bars = traitlets.Unicode("").tag(sync=True)


class CitizenWidget(anywidget.AnyWidget):
    """One citizen, and why it acted."""

    _esm = script("citizen.js")
    terms = fixed(TERM_WORDS)
    citizen = traitlets.Unicode("").tag(sync=True)


class TourWidget(anywidget.AnyWidget):
    """The tour, and the keys."""

    _esm = script("tour.js")
    steps: Any = traitlets.List().tag(sync=True)
    asked = traitlets.Int(0).tag(sync=True)
