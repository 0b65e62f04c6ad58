"""The commands of studies: `glasshouse sweep`, `status`, `export`, `sensitivity`, `figures`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated, Any, Literal

import pandas as pd
from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Column, Table

from ...agents.compiled import available_threads
from ...model.errors import GlasshouseError, shown
from ...model.signals import exit_code
from ..asking.design import Design
from ..running.cluster import cluster_executor
from ..running.damage import changes_in, damage_of
from ..running.output import check_writable, write_table
from ..running.results import Results
from ..running.runner import Progress, Study, check_workers, run_study, seconds_of
from ..running.store import Store, StoreError
from ..showing.console import console
from ..showing.tables import sensitivity_tables
from .terminal import UsageError, Whole, errors, inputs_of, say_if_compiling

COUNTS = ("runs", "done", "to do", "not well", "s a run")
EXPLAINED = ("compliance", "pressure", "following", "internalised", "exposure", "trust_authority", "trust_ties")
SILENCE = 30.0
"""Seconds between two lines about how far it is, where there is no terminal to draw a bar on."""


def sweep(
    design: str,
    /,
    *,
    store: Path,
    workers: Whole = 0,
    on: str | None = None,
    time_limit: float | None = None,
    retry: bool = False,
    keep_both: bool = False,
    quiet: bool = False,
) -> None:
    """Run a design: many settings, each over the same seeds. Stopped at any moment, the same command goes on.

    Parameters
    ----------
    design
        Name of a built-in design or path of a .toml file.
    store
        File that keeps the results (SQLite, on a local disk). What it holds is not run again.
    workers
        Processes; 0 is one for each core.
    on
        Run on a Dask cluster instead: dask://HOST:PORT, or the scheduler's file (.json).
    time_limit
        Seconds that a run may take; one that takes longer is recorded as overdue.
    retry
        Try again what came to nothing before.
    keep_both
        Run anew beside what another version of the model found.
    quiet
        Print nothing.
    """
    study = Design.load(design).study()
    seconds_of(time_limit)
    with told(study.name, store, quiet) as tell, on_processes(on, workers, quiet) as where, Store(store) as opened:
        options = {"time_limit": time_limit, "retry": retry, "keep_both": keep_both, "progress": tell}
        found = run_study(study, opened, **options, **where)
        if not quiet:
            out = console()
            out.print(f"{study.name}: {study.size:,} runs of {len(study.points):,} points are in {store}")
            print_errors(out, found)
        if study.size == len(found.runs) and (found.runs["status"] != "done").all():
            raise UsageError(f"{study.name}: every run came to nothing: {errors_of(found)[0]}; --retry runs them again")


def status(store: Path, /) -> None:
    """Tell how far the studies in a store are, also while one runs.

    Parameters
    ----------
    store
        File of a sweep.
    """
    out = console()
    with reading(store) as opened:
        table = Table(
            Column("Study", overflow="fold"),
            Column("model", no_wrap=True),
            *(Column(name, justify="right", no_wrap=True) for name in COUNTS),
            box=None,
            pad_edge=False,
        )
        rows = opened.studies().to_dict("records")
        for each in rows:
            counts = (each["runs"], each["done"], each["left"], each["runs"] - each["done"] - each["left"])
            seconds = f"{each['wall_s']:.2f}" if pd.notna(each["wall_s"]) else ""
            model = f"{each['version']} {each['model_hash'][:8]}"
            table.add_row(each["name"], model, *(f"{int(count):,}" for count in counts), seconds)
        out.print(table if rows else "No study has been started.")
        for each in rows:
            print_errors(out, Results(opened, int(each["study"])))
            if each["library_sets"] > 1:
                out.print(f"{each['name']}: made with {each['library_sets']} different sets of library versions")


def export(
    store: Path,
    out: Path,
    /,
    *,
    study: str | None = None,
    series: bool = False,
) -> None:
    """Write a study as one table: a row a run, its factors and every measure; for pandas, Polars, DuckDB, R.

    Parameters
    ----------
    store
        File of a sweep.
    out
        File to write, .parquet, .csv or .json.
    study
        Name of the study, where the store has several; of several versions of the model the newest is taken.
    series
        A row a run and stretch of weeks instead: how each run went.
    """
    check_writable(out, store)
    with reading(store) as opened:
        found = Results(opened, opened.find(study))
        table = found.series if series else found.runs
        if table.empty:
            raise UsageError(f"{store}: nothing is recorded yet")
        write_table(table, out)
    console().print(f"Wrote {len(table):,} rows of {len(table.columns)} columns to {out}")


@contextmanager
def reading(path: Path) -> Generator[Store]:
    """A store to read from; what is damaged in it is said in a line."""
    with Store(path, must_exist=True) as opened:
        try:
            if changed := changes_in(opened.sql):
                raise StoreError(f"{path}: is damaged: {changed}; give another file, or a copy of before")
            yield opened
        except Exception as error:
            damage = "" if isinstance(error, (UsageError, StoreError)) else damage_of(opened.sql)
            if not damage and isinstance(error, (GlasshouseError, OSError, MemoryError)):
                raise
            damage = damage or f"what it says of a study does not go together ({type(error).__name__}: {error})"
            raise StoreError(f"{path}: is damaged: {damage}; give another file, or a copy of before") from error


def errors_of(found: Results) -> list[str]:
    """What went wrong in a study, each error once: how often, where first, and its last line."""
    rows = found.errors.to_dict("records")
    return [
        f"{row['runs']:,} {row['status']}, first in row {row['design_row']} of the design: "
        f"{row['error'].strip().rpartition(chr(10))[2]}"
        for row in rows
    ]


def print_errors(out: Console, found: Results) -> None:
    """Say what went wrong in a study, each error once."""
    for words in errors_of(found):
        out.print(words)
    if len(found.errors):
        out.print("These are kept as they are; --retry runs them again.")


@contextmanager
def on_processes(on: str | None, workers: int, quiet: bool) -> Generator[dict[str, Any]]:
    """What tells `run_study` where to run: on this machine, or on a cluster."""
    if workers < 0:
        raise UsageError(f"--workers {shown(workers)} is out of range; give at least 1, or 0 for one for each core")
    check_workers(workers)
    if on is None:
        if not quiet:
            say_if_compiling()
        yield {"workers": workers or available_threads()}
    else:
        with cluster_executor(on) as executor:
            yield {"executor": executor}


@contextmanager
def carried_out(name: str, store: Path | None, on: str | None, workers: int) -> Generator[dict[str, Any]]:
    """What tells a question how its runs are made: where, into which store, and whom to tell how far they are."""
    with (
        told(name, store, quiet=False) as tell,
        on_processes(on, workers, quiet=False) as where,
        Store(store) if store is not None else nullcontext() as opened,
    ):
        yield {"store": opened, "progress": tell, **where}


@contextmanager
def told(name: str, store: Path | None, quiet: bool) -> Generator[Callable[[Progress], None]]:
    """Function that tells the progress, on a terminal as a bar, else in a line now and then; and what was stopped."""
    bar = Bar(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}", markup=False),
        TimeRemainingColumn(),
        console=errors,
        transient=True,
        disable=quiet or not errors.is_terminal,
    )
    task = bar.add_task(name, total=None, rate="")
    start = last = time.monotonic()
    latest: Progress | None = None

    def tell(progress: Progress) -> None:
        nonlocal last, latest
        latest = progress
        now = time.monotonic()
        rate = progress.recorded / max(now - start, 1e-9)
        failed = f", {progress.failed:,} not well" if progress.failed else ""
        words = f"{rate:.3g} a second{failed}"
        done = progress.reused + progress.recorded
        bar.update(task, total=progress.total, completed=done, rate=words)
        if bar.disable and not quiet and now - last > SILENCE:
            last = now
            left = (progress.total - done) / rate
            errors.print(f"{name}: {done:,} of {progress.total:,} runs, {words}, {left / 60:.0f} min left")

    try:
        with bar:
            yield tell
    except KeyboardInterrupt as interrupt:
        done = (
            "nothing new is" if latest is None else f"{latest.reused + latest.recorded:,} of {latest.total:,} runs are"
        )
        kept = f"{done} in {store}, and the same command goes on from there"
        words = kept if store is not None else "nothing is kept; with --store the same command would go on from there"
        errors.print(f"glasshouse: stopped; {words}")
        sys.exit(exit_code(interrupt))


def sensitivity(
    design: str,
    /,
    *,
    store: Path,
    trajectories: Whole = 16,
    samples: Whole = 128,
    keep: Whole = 5,
    outcome: list[str] | None = None,
    workers: Whole = 0,
    on: str | None = None,
    out: Path | None = None,
    figure: Path | None = None,
    quiet: bool = False,
) -> None:
    """Find which settings matter: screen all of a design's parameters, then share out the variance among the first.

    Runs (parameters + 1) · trajectories points, then (keep + 2) · samples points, each over the design's seeds.

    Parameters
    ----------
    design
        Name of a built-in design or path of a .toml file; its parameters and seeds are used.
    store
        File that keeps the results (SQLite, on a local disk). What it holds is not run again.
    trajectories
        Trajectories of the screening (Morris).
    samples
        Base points of the variance shares (Saltelli), a power of two.
    keep
        Parameters that the variance is shared out among; the others stay as in the scenario.
    outcome
        Measure to explain. Repeat for more.
    workers
        Processes; 0 is one for each core.
    on
        Run on a Dask cluster instead: dask://HOST:PORT, or the scheduler's file (.json).
    out
        Write everything as one table to this .parquet, .csv or .json file.
    figure
        Draw the shares to this .svg, .pdf or .png file.
    quiet
        Print nothing.
    """
    from ..asking import sensitivity as analysis

    plan = Design.load(design)
    if len(plan.parameters) < 2:
        raise UsageError(f"{design}: varies {len(plan.parameters)} parameters; give at least 2 to compare")
    if trajectories < 2 or not 2 <= keep <= len(plan.parameters):
        raise UsageError(
            f"--trajectories {shown(trajectories)} --keep {shown(keep)}: give at least 2 trajectories, and keep 2 to "
            f"{len(plan.parameters)} parameters"
        )
    outcomes = outcome or list(EXPLAINED)
    screening_design, first = analysis.screening_study(plan, trajectories)
    analysis.check_outcomes(outcomes, first)
    inputs = [design, store, *map(str, [plan.scenario]), *inputs_of(first.points[0].scenario)]
    if out is not None:
        check_writable(out, *inputs)
    if figure is not None:
        from ..showing import figures

        figures.check_drawable(figure, *inputs)
    analysis.variance_study(plan, samples, list(plan.parameters)[:keep])
    with Store(store) as opened:

        def carry_out(study: Study) -> Results:
            with told(study.name, store, quiet) as tell, on_processes(on, workers, quiet) as where:
                return run_study(study, opened, progress=tell, **where)

        screening = analysis.screen(screening_design, carry_out(first), outcomes)
        kept = analysis.most_important(screening, keep)
        shares_design, second = analysis.variance_study(plan, samples, kept)
        results = carry_out(second)
        found = analysis.analyse(shares_design, results, screening, outcomes)
        doubts = analysis.doubts(found)
        if not quiet:
            for table in sensitivity_tables(found, shares=not doubts):
                console().print(table)
        if doubts:
            raise GlasshouseError(
                f"shares of variance that cannot be trusted: {'; '.join(doubts)}. Give --samples {2 * samples}, or "
                "more seeds in the design; the runs that were made are kept"
            )
        if out is not None:
            write_table(analysis.long_table(found), out)
        if figure is not None:
            from ..showing import figures, sensitivity_figures, study_figures

            drawn = sensitivity_figures.variance_shares(found)
            figures.save(drawn, figure, study_figures.provenance(results))


def draw(
    store: Path,
    folder: Path,
    /,
    *,
    study: str | None = None,
    outcome: list[str] | None = None,
    format_: Annotated[Literal["svg", "pdf", "png"], Parameter(name="--format")] = "svg",
) -> None:
    """Draw every figure that a study's design admits into a folder.

    One or more parameters: effects. Two: phase diagrams with tipping lines, exchange rates. A ramp: hysteresis loops.
    Always: what compliance costs in privacy and trust (Pareto front).

    Parameters
    ----------
    store
        File of a sweep.
    folder
        Folder to draw into; made where it does not exist.
    study
        Name of the study, where the store has several.
    outcome
        Measure to draw. Repeat for more.
    format_
        Kind of file.
    """
    from ..showing import figures, study_figures

    with reading(store) as opened:
        found = Results(opened, opened.find(study))
        drawn = study_figures.all_figures(found, outcome or list(EXPLAINED))
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{folder}: is no folder to draw into: {error.strerror}; give another") from error
        paths = {name: folder / f"{name}.{format_}" for name in drawn}
        for path in paths.values():
            figures.check_drawable(path, store)
        for name, figure in drawn.items():
            path = paths[name]
            figures.save(figure, path, study_figures.provenance(found))
            console().print(f"Drew {path}")
