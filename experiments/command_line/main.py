"""The command line: `glasshouse run`, `scenarios`, `explain`, `compare`, `patterns`, and where the others are."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, CycloptsError, Parameter
from rich.console import Console
from rich.table import Table

from ...agents.compiled import available_threads
from ...model.errors import GlasshouseError
from ...model.scenario import Scenario, scenarios
from ...model.society import Society
from ...model.version import __version__
from ..asking.comparison import compare as paired
from ..running.output import check_writable, write_table
from ..showing.tables import bar, comparison_tables, pattern_frame, pattern_table, show
from .terminal import (
    INTERRUPTED,
    NOT_A_RESULT,
    Set,
    UsageError,
    errors,
    planned,
    progress_bar,
    say_if_compiling,
    settings_of,
)

DEFAULT = "visible-score-and-reports"
LONGEST_RUN = 1_000_000

app = App(
    name="glasshouse",
    help="A model of what a visible score and peer reports do to conformity, privacy and trust.",
    version=__version__,
    default_parameter=Parameter(negative=()),
    suppress_keyboard_interrupt=False,
)


@app.command
def run(
    scenario: str = DEFAULT,
    /,
    *,
    steps: int = 260,
    seed: int = 1,
    set_: Set = None,
    graph: Path | None = None,
    out: Path | None = None,
    figure: Path | None = None,
    threads: int | None = None,
    quiet: bool = False,
    json_: Annotated[bool, Parameter(name="--json")] = False,
) -> None:
    """Run a society and say what became of conformity, privacy and trust.

    Parameters
    ----------
    scenario
        Name of a built-in scenario (see `glasshouse scenarios`) or path of a .toml file.
    steps
        Weeks to run.
    seed
        Whole number that, with the scenario, determines the run to the bit.
    graph
        Social graph from a file: GraphML, GEXF, edge list or CSV, also compressed (.gz).
    out
        Write every measure in every week to this .parquet or .csv file.
    figure
        Draw compliance and its parts, trust, privacy and justice to this .svg, .pdf or .png file.
    threads
        Threads to use; the result is the same for any number.
    quiet
        Print nothing.
    json_
        Print the last week's measures as JSON instead of a table.
    """
    if not 1 <= steps <= LONGEST_RUN:
        raise UsageError(f"--steps {steps} is out of range; give a number of weeks from 1 to {LONGEST_RUN}")
    if threads is not None and threads < 1:
        raise UsageError(f"--threads {threads} is out of range; give at least 1")
    plan = planned(scenario, set_ or [], graph)
    if out is not None:
        check_writable(out)
    if figure is not None:
        from ..showing import figures  # here, since matplotlib would slow down every start by a third of a second

        figures.check_drawable(figure)
    society = built(plan, seed, threads, silent=quiet or json_)
    advance(society, steps, silent=quiet or json_)
    if out is not None:
        write_table(society.history.reset_index(), out)
    if figure is not None:
        figures.save(figures.course(society), figure, figures.provenance(society))
    if json_:
        print(json.dumps(summary(society, seed), indent=2, allow_nan=False))
    elif not quiet:
        show(society)
        if out is not None:
            Console(highlight=False).print(f"Wrote {len(society.history)} weeks to {out}")
        if figure is not None:
            Console(highlight=False).print(f"Drew {figure}")


@app.command(name="scenarios")
def list_scenarios(name: str | None = None, /) -> None:
    """List the built-in scenarios, or tell what one stands for.

    Parameters
    ----------
    name
        Scenario to tell about.
    """
    console = Console(highlight=False)
    if name is None:
        table = Table("Scenario", "What it is", box=None, pad_edge=False)
        for key, title in scenarios().items():
            table.add_row(key, title)
        console.print(table)
        return
    plan = Scenario.load(name)
    console.print(f"[bold]{plan.name}[/]: {plan.title}\n\n{' '.join(plan.about.split())}\n")
    console.print(f"Institutions: {', '.join(plan.institution_names) or 'none'}")
    for change in plan.dated:
        console.print(f"From week {change.week}: {change.says or ', '.join(change.set)}")
    console.print(f"Look at: {plan.look_at}")
    for source in plan.sources:
        console.print(f"Source: {source}")


@app.command
def explain(
    scenario: str = DEFAULT,
    /,
    *,
    citizen: int = 0,
    domain: str = "speech",
    steps: int = 52,
    seed: int = 1,
    set_: Set = None,
    graph: Path | None = None,
    json_: Annotated[bool, Parameter(name="--json")] = False,
) -> None:
    """Run a society, then explain why one citizen acted as it did in the last week.

    Parameters
    ----------
    scenario
        Name of a built-in scenario or path of a .toml file.
    citizen
        Number of the citizen, from 0: its place in the graph.
    domain
        Domain of behaviour.
    steps
        Weeks to run before.
    seed
        Whole number that, with the scenario, determines the run to the bit.
    graph
        Social graph from a file.
    json_
        Print JSON instead of a table.
    """
    if not 1 <= steps <= LONGEST_RUN:
        raise UsageError(f"--steps {steps} is out of range; give a number of weeks from 1 to {LONGEST_RUN}")
    plan = planned(scenario, set_ or [], graph)
    if domain not in plan.domain_names:
        raise UsageError(f"--domain {domain}: the scenario's domains are {', '.join(plan.domain_names)}")
    society = built(plan, seed, None, silent=json_)
    if not 0 <= citizen < len(society.citizens):
        raise UsageError(f"--citizen {citizen} does not exist; give a number from 0 to {len(society.citizens) - 1}")
    advance(society, steps, silent=json_)
    row = int(society.row_of[citizen])
    if row < 0:
        raise UsageError(f"--citizen {citizen} has emigrated by week {steps}; give another, or fewer --steps")
    why = society.citizen(row).explain(domain)
    if json_:
        print(json.dumps(vars(why), indent=2, allow_nan=False))
        return
    table = Table("Term", "Utility", "", box=None, title=f"Citizen {citizen}, {domain}, week {why.week}")
    for name, value in why.terms.items():
        table.add_row(name, f"{value + 0.0:+.4f}", bar(value))
    table.add_section()
    table.add_row("sum", f"{why.utility:+.4f}", bar(why.utility))
    console = Console(highlight=False)
    console.print(table)
    act = {True: "complies", False: "deviates"}
    console.print(f"Chance of complying {why.probability:.4f}, draw {why.draw:.4f}: in public it {act[why.complies]}.")
    console.print(
        f"If nobody could see, it {act[why.complies_unobserved]}; "
        f"with the conviction it started with, it {act[why.complies_unchanged]}."
    )


@app.command
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


@app.command
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


STUDIES = "glasshouse.experiments.command_line.studies"
LATER = {
    "sweep": (
        f"{STUDIES}:sweep",
        "Run a design: many settings under the same seeds; goes on where it stopped.",
    ),
    "status": (f"{STUDIES}:status", "Tell how far the studies in a store are, also while one runs."),
    "export": (f"{STUDIES}:export", "Write a study as one table: a row a run, its factors and every measure."),
    "sensitivity": (f"{STUDIES}:sensitivity", "Find which settings matter."),
    "figures": (f"{STUDIES}:draw", "Draw every figure that a study's design admits."),
    "dashboard": ("glasshouse.dashboard.serve:dashboard", "Open a page on which the society lives. Needs no internet."),
}
"""Commands that are imported when they are called, since what they need would slow down every start."""

for command, (function, words) in LATER.items():
    app.command(function, name=command, help=words)


def built(plan: Scenario, seed: int, threads: int | None, silent: bool) -> Society:
    """Society of a plan; says so where the rules have yet to be compiled."""
    if not silent:
        say_if_compiling()
    if not 0 <= seed < 2**64:
        raise UsageError(f"--seed {seed} is out of range; give a whole number from 0 to 2**64 − 1")
    return Society(plan, rng=seed, threads=threads)


def advance(society: Society, steps: int, silent: bool) -> None:
    """Run a society, with a progress bar once it takes longer than a second."""
    with progress_bar(silent) as progress:
        task = progress.add_task("weeks", total=steps, visible=False)
        for done in range(steps):
            society.step()
            progress.update(task, completed=done + 1, visible=progress.tasks[0].elapsed > 1)


def summary(society: Society, seed: int) -> dict[str, Any]:
    """What a run came to, as plain data; measures that do not exist are null."""
    last = {name: value if math.isfinite(value) else None for name, value in society.history_record.latest.items()}
    return {
        "version": __version__,
        "scenario": society.plan.name,
        "seed": seed,
        "weeks": society.week,
        "citizens": len(society.citizens),
        "ties": len(society.ties) // 2,
        "measures": last,
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point: bad input is one line on stderr and exit code 2; an interrupt is 130."""
    try:
        app(arguments, exit_on_error=False, print_error=False)
    except (GlasshouseError, CycloptsError) as error:
        errors.print(f"glasshouse: {' '.join(str(error).split())}", markup=False)
        sys.exit(NOT_A_RESULT)
    except KeyboardInterrupt:
        errors.print("glasshouse: interrupted; nothing was written", markup=False)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        sys.exit(1)
