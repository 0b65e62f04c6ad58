"""Outcomes that show what single institutions do to people: asked for by name, like those in `outcomes`."""

from __future__ import annotations

import numpy as np

from ...agents.citizens import TERMS, Lists
from ...model.society import Society
from .outcomes import CitizensColumn, Domain, ListName, Measure, copies, functions_of, recording


def change(society: Society, measure: Measure, weeks: int = 10) -> float:
    """Mean of a measure over the last weeks, minus that over the first."""
    values = society.history[measure]
    return float(values.iloc[-weeks:].mean() - values.iloc[:weeks].mean())


def listed_gap(society: Society, name: ListName, column: CitizensColumn) -> float:
    """Mean of a column over those on a list, minus that over all others; NaN where nobody is on it."""
    c = society.citizens
    on, values = c.on(Lists[name.upper()]), getattr(c, column)
    return float(values[on].mean() - values[~on].mean()) if on.any() and not on.all() else np.nan


def listed_conviction(society: Society, name: ListName, domain: Domain) -> float:
    """Mean conviction in a domain of those on a list, minus that of all others; NaN where nobody is on it."""
    c, d = society.citizens, society.domains.names.index(domain)
    on = c.on(Lists[name.upper()])
    return float(c.conviction[on, d].mean() - c.conviction[~on, d].mean()) if on.any() and not on.all() else np.nan


def fear_in(society: Society, domain: Domain) -> float:
    """Mean fear in a domain, in utility."""
    return float(society.citizens.terms[:, society.domains.names.index(domain), TERMS.index("fear")].mean())


@recording("flags")
def listed_years(society: Society) -> float:
    """Years on the blacklist a citizen, over the whole run."""
    on = (copies(society, "flags") & np.uint32(Lists.BLACKLISTED)) > 0
    return float(on.sum() / society.founders / 52)


def wealth_of_poorest(society: Society) -> float:
    """Mean wealth of the poorest tenth."""
    wealth = np.sort(society.citizens.wealth)
    return float(wealth[: max(1, len(wealth) // 10)].mean())


def wealth_of_lowest_scores(society: Society) -> float:
    """Mean wealth of the tenth with the lowest scores."""
    c = society.citizens
    return float(c.wealth[c.score <= np.nanquantile(c.score, 0.1)].mean())


def left_a_year(society: Society) -> float:
    """Share of the people at the start who emigrate in a year."""
    return float((society.row_of < 0).mean() / society.week * 52)


OUTCOMES = functions_of(vars())
"""Every outcome defined here, by name."""
