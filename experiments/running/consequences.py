"""Outcomes that show what single institutions do to people: asked for by name, like those in `outcomes`."""

from __future__ import annotations

from ...model.society import Society
from .outcomes import Measure, functions_of


def change(society: Society, measure: Measure, weeks: int = 10) -> float:
    """Mean of a measure over the last weeks, minus that over the first."""
    values = society.history[measure]
    return float(values.iloc[-weeks:].mean() - values.iloc[:weeks].mean())


OUTCOMES = functions_of(vars())
"""Every outcome defined here, by name."""
