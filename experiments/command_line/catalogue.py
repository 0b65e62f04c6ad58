"""The command that lists what is built in: `glasshouse scenarios`."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from ...model.files import scenarios


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
    from ...model.scenario import Scenario  # here, since a list of names needs no model

    plan = Scenario.load(name)
    console.print(f"[bold]{plan.name}[/]: {plan.title}\n\n{' '.join(plan.about.split())}\n")
    console.print(f"Institutions: {', '.join(plan.institution_names) or 'none'}")
    for change in plan.dated:
        console.print(f"From week {change.week}: {change.says or ', '.join(change.set)}")
    console.print(f"Look at: {plan.look_at}")
    for source in plan.sources:
        console.print(f"Source: {source}")
