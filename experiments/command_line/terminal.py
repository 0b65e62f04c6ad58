"""What the commands share: reading --set, and what is said while a user waits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter, Token
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ...model.errors import GlasshouseError, shortened
from ...model.limits import tables
from ..showing.console import console

if TYPE_CHECKING:
    from ...model.scenario import Scenario

NOT_A_RESULT = 2

errors = console(stderr=True)


def whole_number(_: Any, tokens: Sequence[Token]) -> int:
    """Whole number that an option is given, which is never rounded."""
    text = tokens[0].value
    if not re.fullmatch(r"[+-]?[0-9]{1,40}", text):
        raise ValueError(f"{text!r:.50} is none of the numbers it can be; give a whole one, written without a point")
    return int(text)


Whole = Annotated[int, Parameter(converter=whole_number)]

Set = Annotated[
    list[str] | None,
    Parameter(name="--set", help="Change a setting: PATH=VALUE, such as population.size=2000. Repeat for more."),
]


class UsageError(GlasshouseError):
    """A command line that cannot be carried out."""


def say_if_compiling() -> None:
    """Say why nothing happens yet, where the rules have yet to be compiled."""
    from ...agents.compiled import is_compiled  # here, since Numba would slow down every start

    if not is_compiled():
        errors.print("Compiling the rules for this machine; this happens once and takes up to a minute.")


def planned(scenario: str, settings: Sequence[str], graph: Path | None, nodes: Path | None = None) -> Scenario:
    """Scenario of a command line."""
    from ...model.scenario import Scenario  # here, since the model would slow down every start

    changes = settings_of(settings)
    if graph is not None:
        if changes.get("population.network", "file") != "file":
            raise UsageError("--graph: goes together with no other population.network; leave one of them out")
        changes |= {"population.network": "file", "population.file": str(graph)}
    if nodes is not None:
        changes |= {"population.nodes": str(nodes)}
    plan = Scenario.load(scenario)
    return plan.change(changes) if changes else plan


def inputs_of(*plans: Scenario) -> list[str]:
    """Files that scenarios read."""
    return [name for plan in plans for name in (plan.population.file, plan.population.nodes)]


def settings_of(settings: Sequence[str]) -> dict[str, Any]:
    """Value by path of every --set."""
    changes: dict[str, Any] = {}
    for setting in settings:
        path, equals, value = setting.partition("=")
        if not equals or not path:
            raise UsageError(f"--set {setting}: give PATH=VALUE, such as population.size=2000")
        changes[path.strip()] = parsed(value.strip())
    return changes


def parsed(value: str) -> Any:
    """Value of a --set: what it means in TOML, else the word itself."""
    try:
        return tables(f"value = {value}")["value"]
    except GlasshouseError as error:
        raise UsageError(f"--set …={shortened(value, 60)}: {error}") from None
    # Not every fault that the parser finds is of its own class: a date that does not exist is a ValueError.
    except ValueError:
        return value


def progress_bar(silent: bool) -> Progress:
    """Bar on stderr, on a terminal only, gone when it is full."""
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=errors,
        transient=True,
        disable=silent or not errors.is_terminal,
    )
