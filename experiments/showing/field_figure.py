"""Figure of the model held against the field: a row a statistic, its mean and interval over its band."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..evidence.field import Finding
from .colours import OKABE_ITO
from .figures import styled

BAND = "#d9d9d9"
COLOURS = {"pass": OKABE_ITO[2], "fail": OKABE_ITO[5], "undecided": OKABE_ITO[0], "": "#777777"}
"""Colour of a mean by its verdict; the verdict is written beside it too."""


def draw(findings: Sequence[Finding]) -> Figure:
    """Every statistic on an axis of its own, with its band in grey, open where the band is."""
    with styled():
        figure = Figure(figsize=(7, 0.42 * len(findings) + 0.4), layout="constrained")
        axes = np.atleast_1d(figure.subplots(len(findings), 1)).ravel()
        for axis, each in zip(axes, findings, strict=True):
            _row(axis, each)
    return figure


def _row(axis: Axes, each: Finding) -> None:
    found, band = each.found, (each.statistic.low, each.statistic.high)
    ends = [value for value in (*band, found.low, found.high) if np.isfinite(value)] or [0.0]
    margin = 0.15 * (max(ends) - min(ends)) or 1.0
    left, right = min(ends) - margin, max(ends) + margin
    axis.set_xlim(left, right)
    axis.set_ylim(-1, 1)
    if each.verdict:
        axis.axvspan(max(left, band[0]), min(right, band[1]), color=BAND, lw=0)
    colour = COLOURS[each.verdict]
    axis.plot([found.low, found.high], [0, 0], color=colour, lw=1.5)
    axis.plot([found.mean], [0], "o", color=colour, ms=4)
    axis.set_yticks([0], [each.statistic.name])
    axis.tick_params(axis="x", labelsize=5, pad=1)
    axis.spines[["left", "bottom"]].set_visible(False)
    axis.annotate(each.verdict or "reported", (1.01, 0.5), xycoords="axes fraction", va="center", fontsize=6)
