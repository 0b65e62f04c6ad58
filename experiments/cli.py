"""The command line: `glasshouse run`, `glasshouse scenarios`, `glasshouse explain`."""

from __future__ import annotations

import json
import math
import sys
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from cyclopts import App, CycloptsError, Parameter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Column, Table

from .. import Scenario, Society, __version__, scenarios
from ..agents.compiled import is_compiled
from ..model.errors import GlasshouseError
from .output import check_writable, write_table

DEFAULT = "visible-score-and-reports"
LONGEST_RUN = 1_000_000
NOT_A_RESULT = 2
INTERRUPTED = 130

OUTCOMES = {
    "Conformity": ("compliance_unchanged", "internalised", "pressure", "compliance", "chilling"),
    "Privacy": ("exposure", "disclosed", "adversary_advantage"),
    "Trust": ("trust_authority", "trust_strong_ties", "trust_weak_ties", "trust_strangers"),
    "Reports and order": ("reports", "false_reports", "wrongful", "harm", "fraud"),
}
"""Measures in the closing table."""

WORDS = {
    "compliance_unchanged": "unobserved and unchanged",
    "internalised": "+ internalised since",
    "pressure": "+ only under pressure",
    "compliance": "= complies in public",
    "chilling": "chilling where nobody scores",
    "exposure": "chance that an act is known",
    "disclosed": "score seen by neighbours",
    "adversary_advantage": "dissent told from outside",
    "trust_authority": "trust in the authority",
    "trust_strong_ties": "trust in close ties",
    "trust_weak_ties": "trust in other ties",
    "trust_strangers": "trust in strangers",
    "reports": "reports a citizen",
    "false_reports": "of these false",
    "wrongful": "citizens wrongly sanctioned",
    "harm": "harm done a citizen",
    "fraud": "deals that were fraud",
}

app = App(
    name="glasshouse",
    help="A model of what a visible score and peer reports do to conformity, privacy and trust.",
    version=__version__,
    default_parameter=Parameter(negative=()),
    suppress_keyboard_interrupt=False,
)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


class UsageError(GlasshouseError):
    """A command line that cannot be carried out."""


Set = Annotated[
    list[str] | None,
    Parameter(name="--set", help="Change a setting: PATH=VALUE, such as population.size=2000. Repeat for more."),
]


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
    society = built(plan, seed, threads, silent=quiet or json_)
    advance(society, steps, silent=quiet or json_)
    if out is not None:
        write_table(society.history.reset_index(), out)
    if json_:
        print(json.dumps(summary(society, seed), indent=2, allow_nan=False))
    elif not quiet:
        show(society)
        if out is not None:
            Console(highlight=False).print(f"Wrote {len(society.history)} weeks to {out}")


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
        Row of the citizen, from 0.
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
        raise UsageError(f"--citizen {citizen} does not exist; give a row from 0 to {len(society.citizens) - 1}")
    advance(society, steps, silent=json_)
    why = society.citizen(citizen).explain(domain)
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


def planned(scenario: str, settings: Sequence[str], graph: Path | None) -> Scenario:
    """Scenario of a command line."""
    changes: dict[str, Any] = {}
    for setting in settings:
        path, equals, value = setting.partition("=")
        if not equals or not path:
            raise UsageError(f"--set {setting}: give PATH=VALUE, such as population.size=2000")
        changes[path.strip()] = parsed(value.strip())
    if graph is not None:
        changes |= {"population.network": "file", "population.file": str(graph)}
    plan = Scenario.load(scenario)
    return plan.change(changes) if changes else plan


def parsed(value: str) -> Any:
    """Value of a --set: what it means in TOML, else the word itself."""
    try:
        return tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return value


def built(plan: Scenario, seed: int, threads: int | None, silent: bool) -> Society:
    """Society of a plan; says so where the rules have yet to be compiled."""
    if not silent and not is_compiled():
        errors.print("Compiling the rules for this machine; this happens once and takes up to a minute.")
    if not 0 <= seed < 2**64:
        raise UsageError(f"--seed {seed} is out of range; give a whole number from 0 to 2**64 − 1")
    return Society(plan, rng=seed, threads=threads)


def advance(society: Society, steps: int, silent: bool) -> None:
    """Run a society, with a progress bar once it takes longer than a second."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=errors,
        transient=True,
        disable=silent or not errors.is_terminal,
    ) as progress:
        task = progress.add_task("weeks", total=steps, visible=False)
        for done in range(steps):
            society.step()
            progress.update(task, completed=done + 1, visible=progress.tasks[0].elapsed > 1)


def summary(society: Society, seed: int) -> dict[str, Any]:
    """What a run came to, as plain data; measures that do not exist are null."""
    last = {name: value if math.isfinite(value) else None for name, value in society.history_record.latest.items()}
    return {
        "version": __version__,
        "scenario": society.scenario.name,
        "seed": seed,
        "weeks": society.week,
        "citizens": len(society.citizens),
        "ties": len(society.ties) // 2,
        "measures": last,
    }


def show(society: Society) -> None:
    """Print the closing table."""
    history = society.history
    console = Console(highlight=False)
    table = Table(
        Column("", no_wrap=True),
        Column("week 1", justify="right"),
        Column(f"week {society.week}", justify="right"),
        Column("lowest to highest", no_wrap=True),
        box=None,
        pad_edge=False,
        title=f"{society.scenario.title}\n{len(society.citizens):,} citizens, {len(society.ties) // 2:,} ties",
        title_justify="left",
    )
    first, last = history.iloc[0], history.iloc[-1]
    shown = {name: (f"{first[name]:.4f}", f"{last[name]:.4f}") for name in history.columns}
    # The parts of compliance are rounded so that they add up to the last digit shown.
    parts = OUTCOMES["Conformity"][:3]
    for column, row in enumerate((first, last)):
        rounded = rounded_parts([row[name] for name in parts], 4)
        for name, value in zip(parts, rounded, strict=True):
            shown[name] = (*shown[name][:column], value, *shown[name][column + 1 :])
    for heading, names in OUTCOMES.items():
        table.add_section()
        table.add_row(f"[bold]{heading}[/]")
        for name in names:
            values = history[name].to_numpy()
            if not np.isfinite(values).any():
                continue
            table.add_row(f"  {WORDS[name]}", *(text.replace("nan", "–") for text in shown[name]), sparkline(values))
    console.print(table)
    for week, says, changes in society.events:
        console.print(f"Week {week}: {says or ', '.join(changes)}")


def rounded_parts(parts: Sequence[float], digits: int) -> list[str]:
    """Parts rounded so that they add up to their rounded sum (largest remainders)."""
    scale = 10**digits
    floors = [math.floor(part * scale) for part in parts]
    missing = round(sum(parts) * scale) - sum(floors)
    order = sorted(range(len(parts)), key=lambda k: floors[k] - parts[k] * scale)
    for k in order[: max(0, missing)]:
        floors[k] += 1
    return [f"{floor / scale:.{digits}f}" for floor in floors]


BARS = "▁▂▃▄▅▆▇█"


def sparkline(values: Iterable[float], width: int = 26) -> str:
    """Small in-line chart of a series, from its lowest to its highest value."""
    series = np.asarray(list(values), dtype=float)
    chunks = [chunk[np.isfinite(chunk)] for chunk in np.array_split(series, min(width, len(series)))]
    means = np.array([chunk.mean() if len(chunk) else np.nan for chunk in chunks])
    low, high = np.nanmin(means), np.nanmax(means)
    spread = high - low
    return "".join(
        " " if math.isnan(mean) else BARS[int((mean - low) / spread * (len(BARS) - 1) + 0.5) if spread > 0 else 0]
        for mean in means
    )


def bar(value: float, scale: float = 20.0) -> str:
    """Bar of a signed value."""
    return ("█" if value > 0 else "░") * min(40, round(abs(value) * scale))


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
