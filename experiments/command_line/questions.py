"""The commands of questions that runs answer: `glasshouse compare`, `patterns`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from ...agents.compiled import available_threads
from ..asking.comparison import compare as paired
from ..running.output import check_writable, write_table
from ..showing.tables import comparison_tables, pattern_frame, pattern_table
from .terminal import Set, UsageError, planned, progress_bar, settings_of


def compare(
    a: str,
    b: str,
    /,
    *,
    seeds: int = 20,
    steps: int = 260,
    last: int = 26,
    workers: int = 0,
    set_: Set = None,
    set_b: Annotated[list[str] | None, Parameter(name="--set-b")] = None,
    out: Path | None = None,
) -> None:
    """Compare two scenarios: the same people with the same luck, under one and under the other.

    Parameters
    ----------
    a
        Name of a built-in scenario or path of a .toml file.
    b
        The other one.
    seeds
        Pairs of runs.
    steps
        Weeks of each run.
    last
        Weeks at the end over which measures are averaged.
    workers
        Processes; 0 is one for each core.
    set_b
        Change a setting in the second scenario only. Repeat for more.
    out
        Write the table of measures to this .parquet or .csv file.
    """
    if out is not None:
        check_writable(out)
    plans = [planned(a, set_ or [], None), planned(b, [*(set_ or []), *(set_b or [])], None)]
    with progress_bar(silent=False) as progress:
        task = progress.add_task("pairs", total=seeds)
        found = paired(
            *plans,
            seeds,
            steps,
            last=last,
            workers=workers if workers != 0 else available_threads(),
            done=lambda count: progress.update(task, completed=count),
        )
    console = Console(highlight=False, soft_wrap=True)
    for table in comparison_tables(found):
        console.print(table)
    if out is not None:
        write_table(found.measures.reset_index(), out)
        console.print(f"Wrote {len(found.measures)} measures to {out}")


def patterns(
    *,
    seeds: int = 20,
    size: int = 1000,
    workers: int = 0,
    out: Path | None = None,
    set_: Set = None,
) -> None:
    """Compute the patterns that the model is held against, each with its band, and say which it shows.

    Parameters
    ----------
    seeds
        Seeds 1, 2, … over which each statistic is averaged.
    size
        Citizens in each world.
    workers
        Processes; 0 is one for each core.
    out
        Write the table to this .parquet or .csv file.
    """
    if seeds < 2 or size < 100:
        raise UsageError(f"--seeds {seeds} --size {size}: give at least 2 seeds and 100 citizens")
    if workers < 0:
        raise UsageError(f"--workers {workers} is out of range; give at least 1, or 0 for one for each core")
    if out is not None:
        check_writable(out)
    from ..evidence.patterns import find

    changes = settings_of(set_ or [])
    with progress_bar(silent=False) as progress:
        task = progress.add_task("seeds", total=seeds)
        findings = find(
            seeds,
            changes,
            size,
            workers=workers or available_threads(),
            done=lambda n: progress.update(task, completed=n),
        )
    Console(highlight=False, soft_wrap=True).print(pattern_table(findings))
    if out is not None:
        write_table(pattern_frame(findings), out)
