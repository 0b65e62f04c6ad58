"""Files that a reader can keep: the scenario, the history, figures, and what a small sweep found."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from ...experiments.running.output import write_table
from ...experiments.showing import figures
from ...model.errors import GlasshouseError
from ...model.society import Society
from ..page.sweep import Sweeping
from .course import Course


def file_of(name: str, society: Society, course: Course, sweeping: Sweeping | None) -> bytes:
    """A file by its name.

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
        return written(name, course.scenario().save)
    if name in ("history.csv", "history.parquet", "figure.svg", "figure.png") and society.week == 0:
        raise GlasshouseError("nothing has been lived yet; go to a week first")
    if name in ("history.csv", "history.parquet"):
        return written(name, lambda path: write_table(society.history.reset_index(), path))
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
