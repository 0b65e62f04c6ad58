"""What measures and settings are called in tables, figures and on the page: by their declarations."""

from __future__ import annotations

from collections.abc import Iterable

from ...agents.base import Measure
from ...model.declarations import declaration
from ...model.measures import declared
from ...model.scenario import Scenario

MEASURES = declared()
"""Of the default domains."""


def measure_of(column: str) -> Measure | None:
    """The measure that a column of a history has, None where it has none."""
    # Some columns are named after a domain: whatever follows may be one.
    return MEASURES.get(column) or declared([column.removeprefix("compliance_")]).get(column)


def label(name: str) -> str:
    """Name of a measure in words."""
    measure = measure_of(name)
    return name if measure is None else measure.label


def titled(name: str) -> str:
    """Name of an outcome or a setting with its unit."""
    measure = measure_of(name)
    if measure is not None:
        return f"{measure.label} ({measure.unit})"
    setting = declaration(Scenario, name) if "." in name else None
    unit = f" ({setting.unit})" if setting is not None and setting.unit else ""
    return name.removeprefix("institutions.") + unit


def units(names: Iterable[str]) -> str:
    """Units of some measures, for an axis that they share."""
    return ", or ".join(dict.fromkeys(measure.unit for name in names if (measure := measure_of(name))))
