"""Figures of a run, drawn from its history: vector or PNG, colour-blind safe, with their provenance."""

from __future__ import annotations

import io
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...model.errors import GlasshouseError
from ...model.files import refuse_overwriting, written_whole
from ...model.society import Society
from ...model.version import __version__
from .colours import OKABE_ITO, PARTS
from .labels import MEASURES, label, units

ENDINGS = (".svg", ".pdf", ".png")

STYLE: Any = {
    "font.size": 8,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "axes.titlepad": 14,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(color=OKABE_ITO),
    "legend.frameon": False,
    "legend.fontsize": 7,
    "svg.fonttype": "none",
    "svg.hashsalt": "glasshouse",
    "pdf.fonttype": 42,
}

PANELS = {
    "Trust": ("trust_authority", "trust_strong_ties", "trust_weak_ties", "trust_strangers"),
    "Privacy": ("exposure", "exposure_authority", "exposure_peers", "exposure_firms", "exposure_strangers"),
    "Justice": ("sanctions", "wrongful", "blacklisted", "emigrated"),
}
"""Panels beside the compliance: measures by title."""

MOST_POINTS = 600
"""Points of a line; longer series are drawn as means of equal stretches, so that a week's noise does not hide them."""


@contextmanager
def styled() -> Generator[None]:
    """Draw by our own style alone: the same figure is the same bytes, whatever a user's matplotlibrc says."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        yield


def check_drawable(path: Path, *inputs: str | Path | None) -> None:
    """Refuse a figure that could not be written, before any work is done for it.

    Raises
    ------
    GlasshouseError
        If the ending is unknown, the folder does not exist, or the file is one of the inputs.
    """
    if path.suffix.lower() not in ENDINGS:
        raise GlasshouseError(f"{path}: cannot tell the format by its ending; use {', '.join(ENDINGS)}")
    if not path.parent.is_dir():
        raise GlasshouseError(f"{path}: there is no folder {path.parent}; make it first")
    refuse_overwriting(path, *inputs)


def course(society: Society) -> Figure:
    """Panels of a run: compliance and its parts, trust, privacy, justice, and what its scenario says to look at.

    Regimes are shaded and named below; where the scenario's weeks have dates the axis has years.
    """
    history, shows = society.history, _in_panels(society)
    count = len(PANELS) + 1 + len(shows)
    rows = (count + 1) // 2
    with styled():
        figure = Figure(figsize=(10, 2.6 * rows + 0.4), layout="constrained")
        panels: Any = figure.subplots(rows, 2, sharex=True).ravel()
        weeks = _stretch(history.index.to_numpy(float))
        _compliance(panels[0], _dates(society, weeks), history)
        for axes, (title, names) in zip(panels[1:], {**PANELS, **shows}.items(), strict=False):
            axes.set_title(title)
            axes.set_ylabel(units(names))
            for name in names:
                values = history[name].to_numpy()
                if np.isfinite(values).any() and (name in ALWAYS or title in shows or np.nanmax(values) > 0):
                    axes.plot(_dates(society, weeks), _stretch(values), label=label(name), linewidth=1.2)
            if title in PANELS:
                axes.set_ylim(0, None if title == "Justice" else 1)
            if axes.lines:
                axes.legend(**BESIDE)
            else:
                axes.text(0.5, 0.5, "nobody is sanctioned", transform=axes.transAxes, ha="center", color="0.4")
        for axes in panels[count:]:
            axes.set_axis_off()
        for axes in panels[:count]:
            _shade(axes, society)
        for axes in panels[max(0, count - 2) : count]:
            axes.tick_params(labelbottom=True)
            axes.set_xlabel("week" if society.plan.begins is None else "year")
        words = [f"{_letter(k)}  {_when(society, week)}{says}" for k, (week, says) in enumerate(_regimes(society))]
        title = f"{society.plan.title}\n{len(society.citizens):,} citizens, seed {society.seed_number}"
        figure.suptitle(title, x=0.01, ha="left", fontsize=10)
        if words:
            figure.supxlabel("\n".join(words), x=0.01, ha="left", fontsize=7)
    return figure


ALWAYS = ("trust_authority", "trust_strong_ties", "trust_weak_ties", "trust_strangers", "exposure")

BESIDE: Any = {"loc": "upper left", "bbox_to_anchor": (1.0, 1.0), "borderaxespad": 0.2}
"""Where legends are: beside what they explain, never over it."""


def _in_panels(society: Society) -> dict[str, list[str]]:
    """What a scenario says to look at and no other panel shows: measures of one unit in one panel."""
    known = {*PARTS, "compliance", *(name for names in PANELS.values() for name in names)}
    by_unit: dict[str, list[str]] = {}
    for name in society.plan.shows:
        if name not in known and name in society.history and np.isfinite(society.history[name]).any():
            by_unit.setdefault(units([name]), []).append(name)
    return {f"Look at: {unit}": names for unit, names in by_unit.items()}


def _dates(society: Society, weeks: Any) -> Any:
    """Weeks as years where the scenario says when it begins."""
    return weeks if society.plan.begins is None else society.plan.begins + (weeks - 1) / 52


def _when(society: Society, week: int) -> str:
    # What is said of a dated change has its year.
    return f"week {week}: " if society.plan.begins is None else ""


def _letter(k: int) -> str:
    return chr(65 + k % 26)


def _stretch(values: Any) -> Any:
    if len(values) <= MOST_POINTS:
        return values
    return np.array([chunk.mean() for chunk in np.array_split(values, MOST_POINTS)])


def _compliance(axes: Axes, dates: Any, history: Any) -> None:
    axes.set_title(MEASURES["compliance"].label)
    axes.set_ylabel(units(PARTS))
    levels = np.cumsum([_stretch(history[name].to_numpy()) for name in PARTS], axis=0)
    # What a part takes away is missing from those below it.
    tops = np.minimum.accumulate(levels[::-1], axis=0)[::-1]
    for (name, colour), low, high in zip(PARTS.items(), (np.zeros_like(tops[0]), *tops), tops, strict=False):
        axes.fill_between(dates, low, high, color=colour, alpha=0.8, label=MEASURES[name].label, linewidth=0)
    axes.plot(dates, levels[-1], color="black", linewidth=0.8, label=MEASURES["compliance"].label)
    axes.set_ylim(0.0, min(1.0, float(levels.max()) + 0.05))
    axes.legend(**BESIDE)


def _regimes(society: Society) -> list[tuple[int, str]]:
    return [(week, says or ", ".join(changes)) for week, says, changes in society.events]


def _shade(axes: Axes, society: Society) -> None:
    starts = [_dates(society, week) for week in (1, *(week for week, _ in _regimes(society)), max(2, society.week))]
    axes.set_xlim(starts[0], starts[-1])
    for k, (start, stop) in enumerate(pairwise(starts)):
        if k % 2:
            axes.axvspan(start, stop, color="0.5", alpha=0.12, linewidth=0, zorder=0)
        if k:
            # Two that are near each other stand on both sides of what lies between.
            near = stop - start < 0.025 * (starts[-1] - starts[0])
            at = axes.get_xaxis_transform()
            axes.text(start, 1.0, _letter(k - 1), transform=at, fontsize=7, ha="right" if near else "left", va="bottom")


def save(figure: Figure, path: Path, provenance: Sequence[str]) -> None:
    """Write a figure by its file's ending, whole or not at all; its metadata say how it was made.

    The same figure is the same file, bit for bit.
    """
    check_drawable(path)
    ending = path.suffix.lower()[1:]
    words = "; ".join(provenance)
    keys = {"svg": ("Description", "Date"), "pdf": ("Subject", "CreationDate"), "png": ("Description", None)}[ending]
    metadata: dict[str, Any] = {keys[0]: words, **({keys[1]: None} if keys[1] else {})}
    drawn = io.BytesIO()
    with styled():
        figure.savefig(drawn, format=ending, dpi=200, metadata=metadata)
    try:
        with written_whole(path) as temporary:
            temporary.write_bytes(drawn.getvalue())
    except OSError as error:
        raise GlasshouseError(f"{path}: could not be written: {error.strerror or error}") from error


def provenance(society: Society) -> list[str]:
    """What it takes to make a run again: version, scenario, seed and length."""
    return [
        f"glasshouse {__version__}",
        f"scenario {society.plan.name or 'unnamed'}",
        f"seed {society.seed_number}",
        f"{society.week} weeks",
        f"{society.founders} citizens",
    ]
