"""The commands of questions that runs answer: `glasshouse compare`, `effects`, `patterns`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ...model.errors import shown
from ..asking.comparison import compare as paired
from ..asking.comparison import comparison_study
from ..evidence.effects import chosen_effects, effects_study, load_effects, measure_effects
from ..evidence.effects import effects as built_in
from ..evidence.patterns import PATTERNS, find, pattern_points
from ..running.output import check_writable, write_table
from ..showing.console import console
from ..showing.tables import comparison_tables, effect_frame, effect_table, pattern_frame, pattern_table
from .studies import carried_out
from .terminal import Set, UsageError, Whole, inputs_of, planned, settings_of


def compare(
    a: str,
    b: str,
    /,
    *,
    seeds: Whole = 20,
    steps: Whole = 260,
    last: Whole = 26,
    outcome: list[str] | None = None,
    store: Path | None = None,
    workers: Whole = 0,
    on: str | None = None,
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
    outcome
        What else to compare, as in a design: "total reports". Repeat for more.
    store
        File that keeps the runs (SQLite, on a local disk). What it holds is not run again.
    workers
        Processes; 0 is one for each core.
    on
        Run on a Dask cluster instead: dask://HOST:PORT, or the scheduler's file (.json).
    set_b
        Change a setting in the second scenario only. Repeat for more.
    out
        Write the table of measures to this .parquet or .csv file.
    """
    first, second = planned(a, set_ or [], None), planned(b, [*(set_ or []), *(set_b or [])], None)
    comparison_study(first, second, seeds, steps, last, outcome or ())  # what is wrong is said before a store is made
    if out is not None:
        check_writable(out, a, b, store, *inputs_of(first, second))
    with carried_out("runs", store, on, workers) as how:
        found = paired(first, second, seeds, steps, last=last, outcomes=outcome or (), **how)
    for table in comparison_tables(found):
        console().print(table)
    if out is not None:
        write_table(found.measures.reset_index(), out)
        console().print(f"Wrote {len(found.measures)} measures to {out}")


def effects(
    *names: str,
    seeds: Whole = 20,
    size: Whole = 1000,
    file: Path | None = None,
    store: Path | None = None,
    workers: Whole = 0,
    on: str | None = None,
    out: Path | None = None,
) -> None:
    """Measure what institutions are there for: the same people with the same luck, with them and without.

    Parameters
    ----------
    names
        Institutions, or words of what an effect says; without any all are measured.
    seeds
        Pairs of runs, under seeds 1, 2, ….
    size
        Citizens in each world.
    file
        Effects of your own, in a .toml file with [[effect]], instead of those built in.
    store
        File that keeps the runs (SQLite, on a local disk). What it holds is not run again.
    workers
        Processes; 0 is one for each core.
    on
        Run on a Dask cluster instead: dask://HOST:PORT, or the scheduler's file (.json).
    out
        Write the table to this .parquet or .csv file.
    """
    check_numbers(seeds, size)
    if out is not None:
        check_writable(out, file, store)
    chosen = chosen_effects(names, built_in() if file is None else load_effects(file))
    effects_study(chosen, seeds, size)
    with carried_out("runs", store, on, workers) as how:
        measured = measure_effects(chosen, seeds, size, **how)
    console().print(effect_table(chosen, measured))
    if out is not None:
        write_table(effect_frame(chosen, measured), out)


def patterns(
    *,
    seeds: Whole = 20,
    size: Whole = 1000,
    store: Path | None = None,
    workers: Whole = 0,
    on: str | None = None,
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
    store
        File that keeps the runs (SQLite, on a local disk). What it holds is not run again.
    workers
        Processes; 0 is one for each core.
    on
        Run on a Dask cluster instead: dask://HOST:PORT, or the scheduler's file (.json).
    out
        Write the table to this .parquet or .csv file.
    """
    check_numbers(seeds, size)
    if out is not None:
        check_writable(out, store)
    changes = settings_of(set_ or [])
    pattern_points(changes, seeds, size, PATTERNS)
    with carried_out("runs", store, on, workers) as how:
        findings = find(seeds, changes, size, **how)
    console().print(pattern_table(findings))
    if out is not None:
        write_table(pattern_frame(findings), out)


def check_numbers(seeds: int, size: int) -> None:
    """Refuse so few seeds or citizens that nothing could be said."""
    if seeds < 2 or size < 100:
        raise UsageError(f"--seeds {shown(seeds)} --size {shown(size)}: give at least 2 seeds and 100 citizens")
