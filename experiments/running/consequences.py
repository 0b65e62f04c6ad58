"""Outcomes that show what single institutions do to people: asked for by name, like those in `outcomes`."""

from __future__ import annotations

import numpy as np

from ...agents.citizens import TERMS, Lists
from ...model.society import Society
from .outcomes import CitizensColumn, Domain, Measure, Term, functions_of


def change(society: Society, measure: Measure, weeks: int = 10) -> float:
    """Mean of a measure over the last weeks, minus that over the first."""
    values = society.history[measure]
    return float(values.iloc[-weeks:].mean() - values.iloc[:weeks].mean())


def average(society: Society, column: CitizensColumn) -> float:
    """Mean of a column over citizens, and over domains where it has any."""
    return float(getattr(society.citizens, column).mean())


def tells(society: Society, score: CitizensColumn, domain: Domain) -> float:
    """Correlation of a score with the conviction in a domain, over those who have the score."""
    c = society.citizens
    points, conviction = getattr(c, score), c.conviction[:, society.domains.names.index(domain)]
    known = ~np.isnan(points)
    varied = known.sum() > 1 and points[known].std() > 0 and conviction[known].std() > 0
    return float(np.corrcoef(points[known], conviction[known])[0, 1]) if varied else np.nan


def wealth_of_lowest(society: Society, score: CitizensColumn) -> float:
    """Mean wealth of the lowest tenth by a score, minus that of the others who have it."""
    points, wealth = getattr(society.citizens, score), society.citizens.wealth
    low, others = points < np.nanquantile(points, 0.1), points >= np.nanquantile(points, 0.1)
    return float(wealth[low].mean() - wealth[others].mean()) if low.any() else np.nan


def seekers_stake(society: Society, domain: Domain) -> float:
    """Compliance in a domain of those who show their score to partners, minus that of the others; NaN if none does."""
    c = society.citizens
    shows, complies = c.on(Lists.DISCLOSING), c.complies[:, society.domains.names.index(domain)]
    return float(complies[shows].mean() - complies[~shows].mean()) if shows.any() else np.nan


def term_in(society: Society, name: Term, domain: Domain) -> float:
    """Mean of a term of the last decision in a domain."""
    return float(society.citizens.terms[:, society.domains.names.index(domain), TERMS.index(name)].mean())


OUTCOMES = functions_of(vars())
"""Every outcome defined here, by name."""
