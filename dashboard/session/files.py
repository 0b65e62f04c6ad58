"""Files that a reader can keep: the scenario, the history, figures, and what a small sweep found."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from ...experiments.running.output import write_table
from ...experiments.showing import figures
from ...model.errors import GlasshouseError
from ...model.society import Society
from ..page.picture import picture
from ..page.sweep import Sweeping
from .player import Frame

LIVED = ("history.csv", "history.parquet", "picture.svg", "picture.png", "figure.svg", "figure.png")
"""Files of the weeks that were lived."""


def file_of(name: str, societies: Sequence[Society], frame: Frame, sweeping: Sweeping | None) -> bytes:
    """A file by its name; of both worlds, if it has the weeks that were lived.

    Raises
    ------
    GlasshouseError
        If there is none of the name, or nothing to put into it yet.
    """
    if name in ("sweep.csv", "sweep.svg", "study.toml"):
        if sweeping is None or sweeping.found is None:
            raise GlasshouseError("there is no sweep to be kept yet; run one")
        return {"sweep.csv": sweeping.table, "sweep.svg": sweeping.figure, "study.toml": sweeping.study}[name]()
    if name == "scenario.toml":
        return written(name, frame.course.scenario().save)
    society, other = societies
    # The frame shows what was there a moment ago.
    if name in LIVED and min(society.week, frame.week) == 0:
        raise GlasshouseError("nothing has been lived yet; go to a week first")
    if name in ("history.csv", "history.parquet"):
        beside = f"beside: {frame.course.starts[1].preset}" if frame.course.has_other else "unwatched"
        table = pd.concat({"watched": society.history, beside: other.history}, names=["world"]).reset_index()
        return written(name, lambda path: write_table(table, path))
    if name in ("picture.svg", "picture.png"):
        made = figures.provenance(society)
        drawn = picture(frame, society.founders, "; ".join(made))
        return written(name, lambda path: figures.save(drawn, path, made))
    if name in ("figure.svg", "figure.png"):

        def draw(path: Path) -> None:
            figures.save(figures.course(society), path, figures.provenance(society))

        return written(name, draw)
    raise GlasshouseError(f"there is no file {name[:40]!r} to be kept")


def written(name: str, write: Callable[[Path], None]) -> bytes:
    """Bytes of a file that something writes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path)
        return path.read_bytes()
