"""The command that lists what is built in: `glasshouse scenarios`."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from ...model.files import scenarios
from ..showing.console import console


def list_scenarios(name: str | None = None, /) -> None:
    """List the built-in scenarios, or tell what one stands for.

    Parameters
    ----------
    name
        Scenario to tell about.
    """
    out = console(soft_wrap=False)
    if name is None:
        table = Table("Scenario", "What it is", box=None, pad_edge=False)
        for key, title in scenarios().items():
            table.add_row(key, title)
        out.print(table)
        return
    from ...model.scenario import Scenario  # here, since a list of names needs no model

    plan = Scenario.load(name)
    out.print(Text(plan.name, "bold"), end="")
    out.print(f": {plan.title}\n\n{' '.join(plan.about.split())}\n")
    out.print(f"Institutions: {', '.join(plan.institution_names) or 'none'}")
    for change in plan.dated:
        out.print(f"From week {change.week}: {change.says or ', '.join(change.set)}")
    out.print(f"Look at: {plan.look_at}")
    if plan.shows:
        out.print(f"Measures: {', '.join(plan.shows)}")
    for source in plan.sources:
        out.print(f"Source: {source}")
