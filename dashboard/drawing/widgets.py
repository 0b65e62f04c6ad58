"""The parts of the page that draw by themselves: a few hundred plain lines each, shipped with the package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

STATIC = Path(__file__).parent / "static"


def script(*names: str) -> str:
    """Text of some scripts, one after another."""
    return "\n".join((STATIC / name).read_text("utf-8") for name in names)


class NetworkWidget(anywidget.AnyWidget):
    """The society on a canvas; positions and ties are sent once, a byte a citizen with every frame."""

    _esm = script("network.js")
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
    citizen = traitlets.Unicode("").tag(sync=True)


class TourWidget(anywidget.AnyWidget):
    """The tour, and the keys."""

    _esm = script("tour.js")
    steps: Any = traitlets.List().tag(sync=True)
    asked = traitlets.Int(0).tag(sync=True)
