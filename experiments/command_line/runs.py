"""The commands of one run: `glasshouse run`, `explain`."""

from __future__ import annotations

from collections.abc import Mapping
from math import nan
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.table import Table

from ...model.errors import shown
from ...model.scenario import Scenario
from ...model.society import MOST_THREADS, Society
from ...model.version import __version__
from ..running.json_text import finite, to_json
from ..running.output import check_writable, write_table
from ..running.run import LONGEST_RUN
from ..running.twin import twin_of
from ..showing.console import console
from ..showing.tables import bar, show
from .terminal import Set, UsageError, Whole, errors, inputs_of, planned, progress_bar, say_if_compiling

DEFAULT = "visible-score-and-reports"


def run(
    scenario: str = DEFAULT,
    /,
    *,
    steps: Whole = 260,
    seed: Whole = 1,
    set_: Set = None,
    graph: Path | None = None,
    nodes: Path | None = None,
    out: Path | None = None,
    figure: Path | None = None,
    threads: Whole | None = None,
    no_twin: bool = False,
    quiet: bool = False,
    json_: Annotated[bool, Parameter(name="--json")] = False,
) -> None:
    """Run a society and say what became of conformity, privacy and trust.

    The same people with the same luck are run without institutions too, and every measure stands with its difference
    to them: that is what the institutions do.

    Parameters
    ----------
    scenario
        Name of a built-in scenario (see `glasshouse scenarios`) or path of a .toml file.
    steps
        Weeks to run.
    seed
        Whole number that, with the scenario, determines the run to the bit.
    graph
        Social graph from a file: table of edges (.csv, .tsv, .txt), GraphML, GEXF, GML, Pajek or MatrixMarket, also
        compressed (.gz).
    nodes
        Table of nodes beside a table of edges: a name a line, further columns are initial state.
    out
        Write every measure in every week to this .parquet, .csv or .json file.
    figure
        Draw compliance and its parts, trust, privacy and justice to this .svg, .pdf or .png file.
    threads
        Threads to use; the result is the same for any number.
    no_twin
        Do not run the same people without institutions.
    quiet
        Print nothing.
    json_
        Print the last week's measures, those of the same people without institutions, and the differences as JSON
        instead of a table.
    """
    if not 1 <= steps <= LONGEST_RUN:
        raise UsageError(f"--steps {shown(steps)} is out of range; give a number of weeks from 1 to {LONGEST_RUN}")
    if threads is not None and not 1 <= threads <= MOST_THREADS:
        raise UsageError(f"--threads {shown(threads)} is out of range; give at least 1, at most {MOST_THREADS:,}")
    plan = planned(scenario, set_ or [], graph, nodes)
    inputs = [scenario, *inputs_of(plan)]
    if out is not None:
        check_writable(out, *inputs)
    if figure is not None:
        from ..showing import figures  # here, since matplotlib would slow down every start by a third of a second

        figures.check_drawable(figure, *inputs)
    society = built(plan, seed, threads, silent=quiet or json_)
    advance(society, steps, silent=quiet or json_)
    if out is not None:
        write_table(society.history.reset_index(), out)
    if figure is not None:
        from ..showing import figures

        figures.save(figures.course(society), figure, figures.provenance(society))
    other = None
    if not no_twin and (json_ or not quiet):
        other = without_institutions(plan, steps, seed, threads, silent=json_)
    if json_:
        print(to_json(summary(society, seed, other), 2))
    elif not quiet:
        show(society, None if other is None else differences(society.history_record.latest, other))
        if out is not None:
            console().print(f"Wrote {len(society.history)} weeks to {out}")
        if figure is not None:
            console().print(f"Drew {figure}")


def explain(
    scenario: str = DEFAULT,
    /,
    *,
    citizen: Whole = 0,
    domain: str = "speech",
    steps: Whole = 52,
    seed: Whole = 1,
    set_: Set = None,
    graph: Path | None = None,
    nodes: Path | None = None,
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
    nodes
        Table of nodes beside a table of edges.
    json_
        Print JSON instead of a table.
    """
    if not 1 <= steps <= LONGEST_RUN:
        raise UsageError(f"--steps {shown(steps)} is out of range; give a number of weeks from 1 to {LONGEST_RUN}")
    plan = planned(scenario, set_ or [], graph, nodes)
    if domain not in plan.domain_names:
        raise UsageError(f"--domain {domain}: the scenario's domains are {', '.join(plan.domain_names)}")
    society = built(plan, seed, None, silent=json_)
    if not 0 <= citizen < len(society.citizens):
        raise UsageError(
            f"--citizen {shown(citizen)} does not exist; give a number from 0 to {len(society.citizens) - 1}"
        )
    advance(society, steps, silent=json_)
    row = int(society.row_of[citizen])
    if row < 0:
        raise UsageError(f"--citizen {citizen} has emigrated by week {steps}; give another, or fewer --steps")
    why = society.citizen(row).explain(domain)
    if json_:
        print(to_json(vars(why), 2))
        return
    table = Table("Term", "Utility", "", box=None, title=f"Citizen {citizen}, {domain}, week {why.week}")
    for name, value in why.terms.items():
        table.add_row(name, f"{value + 0.0:+.4f}", bar(value))
    table.add_section()
    table.add_row("sum", f"{why.utility:+.4f}", bar(why.utility))
    out = console(soft_wrap=False)
    out.print(table)
    did = "complies" if why.complies else "deviates"
    out.print(f"Chance of complying {why.probability:.4f}, draw {why.draw:.4f}: in public it {did}.")
    out.print(why.otherwise)
    out.print(why.verdict)


def built(plan: Scenario, seed: int, threads: int | None, silent: bool) -> Society:
    """Society of a plan; says so where the rules have yet to be compiled."""
    if not silent:
        say_if_compiling()
    if not 0 <= seed < 2**64:
        raise UsageError(f"--seed {shown(seed)} is out of range; give a whole number from 0 to 2**64 − 1")
    society = Society(plan, rng=seed, threads=threads)
    if society.graph_said and not silent:
        errors.print(f"{plan.population.file}: {society.graph_said}.")
    return society


def advance(society: Society, steps: int, silent: bool, says: str = "weeks") -> None:
    """Run a society, with a progress bar once it takes longer than a second."""
    with progress_bar(silent) as progress:
        task = progress.add_task(says, total=steps, visible=False)
        for done in range(steps):
            society.step()
            progress.update(task, completed=done + 1, visible=(progress.tasks[0].elapsed or 0) > 1)


def without_institutions(
    plan: Scenario, steps: int, seed: int, threads: int | None, silent: bool
) -> dict[str, float] | None:
    """The last week's measures of the same people without institutions; None where there never is one."""
    twin = twin_of(plan)
    if twin is None:
        return None
    society = Society(twin, rng=seed, threads=threads)
    advance(society, steps, silent, "weeks without institutions")
    return dict(society.history_record.latest)


def differences(here: Mapping[str, float], there: Mapping[str, float]) -> dict[str, float]:
    """What every measure has more here than there; NaN where it does not exist in both."""
    return {name: value - there.get(name, nan) for name, value in here.items()}


def summary(society: Society, seed: int, twin: Mapping[str, float] | None = None) -> dict[str, Any]:
    """What a run came to, as plain data; measures that do not exist are null."""
    latest = society.history_record.latest
    against = {} if twin is None else {"twin": finite(twin), "differences": finite(differences(latest, twin))}
    return {
        "version": __version__,
        "scenario": society.plan.name,
        "seed": seed,
        "weeks": society.week,
        "citizens": len(society.citizens),
        "ties": len(society.ties) // 2,
        "measures": finite(latest),
        **against,
    }
