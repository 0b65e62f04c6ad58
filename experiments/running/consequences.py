"""Outcomes that show what single institutions do to people: asked for by name, like those in `outcomes`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...agents.citizens import Lists
from ...agents.institutions import known_columns
from ...model.society import Society
from .outcomes import CitizensColumn, Domain, Measure, functions_of, walled


def change(society: Society, measure: Measure, weeks: int = 10) -> float:
    """Mean of a measure over the last weeks, minus that over the first."""
    values = society.history[measure]
    return float(values.iloc[-weeks:].mean() - values.iloc[:weeks].mean())


def above(society: Society, measure: Measure, level: float, weeks: int = 52) -> float:
    """Mean of a measure over the last weeks, above a level."""
    return float(society.history[measure].iloc[-weeks:].mean()) - level


def ratio(society: Society, measure: Measure, of: Measure) -> float:
    """Sum of a measure over all weeks, as a share of that of another; NaN where that is 0."""
    whole = float(society.history[of].sum())
    return float(society.history[measure].sum()) / whole if whole > 0 else np.nan


def mean_of(society: Society, column: CitizensColumn) -> float:
    """Mean of a column of the citizens, over domains too."""
    return float(getattr(society.citizens, column).mean())


def wall_gap(society: Society, domain: Domain) -> float:
    """How far expectation is above what one's neighbours do: those behind the firewall minus those beyond it."""
    ties, d, behind = society.ties, society.domains.names.index(domain), walled(society)
    owners, size = ties.owners(), len(society.citizens)
    complying = society.citizens.complies[ties.neighbours, d]
    truth = np.bincount(owners, complying, size) / np.maximum(1, np.bincount(owners, minlength=size))
    error = society.citizens.expectation[:, d] - truth
    return float(error[behind].mean() - error[~behind].mean())


def trust_in_listed(society: Society) -> float:
    """Mean trust of their neighbours in those on the blacklist; NaN where nobody is."""
    toward = society.citizens.on(Lists.BLACKLISTED)[society.ties.neighbours]
    return float(society.ties.trust[toward].mean()) if toward.any() else np.nan


def _returned(society: Society) -> npt.NDArray[np.bool_]:
    c = society.citizens
    return (c.read("arrested", known_columns()["arrested"]) > 0) & ~c.on(Lists.DETAINED)


def returned(society: Society, column: CitizensColumn) -> float:
    """Mean of a column over those who were arrested and are back, of convictions in dissent; NaN where nobody is."""
    values, back = getattr(society.citizens, column), _returned(society)
    values = values if values.ndim == 1 else values[:, society.domains.role("dissent")]
    return float(values[back].mean()) if back.any() else np.nan


def trust_in_returned(society: Society) -> float:
    """Mean trust of their neighbours in those who were arrested and are back; NaN where nobody is."""
    toward = _returned(society)[society.ties.neighbours]
    return float(society.ties.trust[toward].mean()) if toward.any() else np.nan


OUTCOMES = functions_of(vars())
"""Every outcome defined here, by name."""
