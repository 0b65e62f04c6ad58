"""The figure of a sensitivity analysis."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..asking.sensitivity import Sensitivity
from .colours import OKABE_ITO
from .figures import styled
from .labels import titled
from .study_figures import panel_grid


def variance_shares(found: Sensitivity) -> Figure:
    """A row an outcome: shares of variance, the total ones by size of the sample, and in the course of the runs."""
    most = found.indices.index.get_level_values("samples").max()
    outcomes = list(found.noise.index)
    with styled():
        figure, panels = panel_grid(len(outcomes), 3, 3.4, 2.0)
        for row, outcome in zip(panels, outcomes, strict=True):
            indices: Any = found.indices.xs(outcome, level="outcome")
            _bars(row[0], indices.xs(most, level="samples"))
            row[0].set_title(titled(outcome))
            course = found.course.xs(outcome, level="outcome")["total"].unstack("parameter")
            for k, path in enumerate(indices.xs(most, level="samples").index):
                colour = OKABE_ITO[k % len(OKABE_ITO)]
                by_size = indices.xs(path, level="parameter").sort_index()
                ends = by_size["total_low"], by_size["total_high"]
                row[1].fill_between(by_size.index, *ends, color=colour, alpha=0.15, linewidth=0)
                row[1].plot(by_size.index, by_size["total"], color=colour, marker="o", markersize=2.5)
                row[2].plot(course.index, course[path], color=colour, label=path.split(".", 1)[-1])
            row[1].set_xscale("log", base=2)
            for axes in row[1:]:
                axes.set_ylim(0, 1.2)
        for axes, words in zip(panels[-1], ("share of variance", "base points", "week"), strict=True):
            axes.set_xlabel(words)
        panels[0, 0].legend(loc="best")
        panels[0, 1].set_title("with others, by size of the sample")
        panels[0, 2].set_title("with others, in the course of runs")
        panels[0, 2].legend(loc="best", fontsize=6)
        words = f"Which settings matter: shares of variance, {most} base points, 95% intervals"
        figure.suptitle(words, x=0.01, ha="left", fontsize=10)
    return figure


def _bars(axes: Axes, table: pd.DataFrame) -> None:
    place = np.arange(len(table))
    for shift, kind, words in ((-0.2, "first", "alone"), (0.2, "total", "with others")):
        value = table[kind].to_numpy()
        reach = np.abs([value - table[f"{kind}_low"], table[f"{kind}_high"] - value])
        colour = "0.35" if kind == "first" else "0.7"
        axes.barh(place + shift, value, 0.38, color=colour, label=words, xerr=reach, ecolor="black")
    axes.set_yticks(place, [path.split(".", 1)[-1] for path in table.index])
    axes.invert_yaxis()
