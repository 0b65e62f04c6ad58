"""The page's picture, to be kept: what the watching adds, week by week, and the sentence about it."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from ...experiments.showing import figures
from ...experiments.showing.colours import PARTS as COLOURS
from ..session.player import Frame
from .saying import SMOOTH, numbers, parts, signed
from .words import PARTS

MOST_WEEKS = 300
"""Weeks that are drawn; of more, some evenly."""


def picture(frame: Frame, founders: int, note: str) -> Figure:
    """The chart of the difference between both worlds, as the page has it, with the same numbers.

    Parameters
    ----------
    frame
        What the page shows.
    founders
        Citizens at the start.
    note
        What it takes to make it again.
    """
    weeks = np.unique(np.linspace(1, frame.week, min(frame.week, MOST_WEEKS)).round().astype(int))
    each = [parts(frame.rows, week) for week in weeks]
    plan, said = frame.course.scenario(), numbers(frame)
    times = weeks if plan.begins is None else plan.begins + (weeks - 1) / 52
    off = frame.ended
    told = [part["value"] for part in said["parts"]] + [signed(said["circumstances"])]
    with figures.styled():
        figure = Figure(figsize=(7, 4.2), layout="constrained")
        axes: Any = figure.subplots()
        above, below = np.zeros(len(weeks)), np.zeros(len(weeks))
        for (name, (_, label, _)), value in zip(PARTS.items(), told, strict=True):
            values = np.array([one[name] for one in each])
            if not np.abs(values).max() >= 0.05:
                continue
            high, low = above + np.maximum(0, values), below + np.minimum(0, values)
            words = f"{label} {value}"
            axes.fill_between(times, above, high, color=COLOURS[name], alpha=0.85, linewidth=0, label=words)
            axes.fill_between(times, low, below, color=COLOURS[name], alpha=0.85, linewidth=0)
            above, below = high, low
        axes.axhline(0, color="black", linewidth=1.2)
        beside = "other world" if frame.course.has_other else "unwatched"
        axes.annotate(beside, (1, 0), (4, 0), ("axes fraction", "data"), "offset points", va="center", fontsize=7)
        if off is not None:
            axes.axvline(times[0] + (off - 1) / (1 if plan.begins is None else 52), color="black", linestyle=":")
        axes.set_xlim(times[0], max(times[-1], times[0] + 1e-9))
        axes.set_xlabel("week" if plan.begins is None else "year")
        axes.set_ylabel(f"acts of 100, mean of {SMOOTH} weeks")
        if axes.get_legend_handles_labels()[0]:
            axes.legend(loc="upper left", reverse=True)
        title = said["banner"] or "".join(said["caption"])
        figure.suptitle(title, x=0.01, ha="left", fontsize=10, wrap=True)
        made = f"{plan.title}: {founders:,} citizens against the same people {beside}, week {frame.week:,}. {note}"
        figure.supxlabel(made, x=0.01, ha="left", fontsize=6.5, wrap=True)
    return figure
