"""Outcomes that show what single institutions do to people: asked for by name, like those in `outcomes`."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...agents.groups import means_by
from ...agents.institutions.local_government import LocalGovernment
from ...model.society import Society
from .outcomes import CitizensColumn, Measure, functions_of


def change(society: Society, measure: Measure, weeks: int = 10) -> float:
    """Mean of a measure over the last weeks, minus that over the first."""
    values = society.history[measure]
    return float(values.iloc[-weeks:].mean() - values.iloc[:weeks].mean())


def column_mean(society: Society, column: CitizensColumn) -> float:
    """Mean of a column over citizens, and over domains where it has them."""
    return float(np.nanmean(getattr(society.citizens, column)))


def honest_regions(society: Society, column: CitizensColumn) -> float:
    """Mean of a column where governments have more integrity than most, minus that where they have less."""
    government: Any = society.institutions[LocalGovernment.name]
    values, integrity = getattr(society.citizens, column), government.integrity
    honest = (integrity > np.median(integrity))[society.citizens.place]
    return float(values[honest].mean() - values[~honest].mean())


def between_regions(society: Society, column: CitizensColumn) -> float:
    """Standard deviation between regions of a column's mean."""
    c = society.citizens
    return float(means_by(c.place, getattr(c, column), society.regions).std())


def turning_week(society: Society) -> float:
    """Week in which the authority turned to penalties; the last where it did not."""
    return float(min([society.week, *(week for week, says, _ in society.events if "penalties" in says)]))


OUTCOMES = functions_of(vars())
"""Every outcome defined here, by name."""
