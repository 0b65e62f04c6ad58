"""Outcomes that show what single institutions do to people: asked for by name, like those in `outcomes`."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...agents.citizens import TERMS, Lists
from ...agents.rules.reporting import Motives, report_utility
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


_report_utility: Any = report_utility


def wealth_inequality(society: Society) -> float:
    """Gini coefficient of wealth."""
    wealth = np.sort(society.citizens.wealth)
    rank = 2 * np.arange(len(wealth)) - len(wealth) + 1
    return float((rank * wealth).sum() / (len(wealth) * wealth.sum()))


def prosperity(society: Society) -> float:
    """Mean wealth as a share of what income would keep up if nothing hindered it."""
    return float((society.citizens.wealth / society.citizens.means).mean())


def prosperity_by(society: Society, column: CitizensColumn) -> float:
    """Correlation of a column with wealth as a share of what income would keep up if nothing hindered it."""
    c = society.citizens
    return float(np.corrcoef(getattr(c, column).astype(float), c.wealth / c.means)[0, 1])


def report_gap(society: Society) -> float:
    """Chance a week that a true report is made over a tie within a group, minus that over a tie across.

    Reports are too few to be counted in one society; their chances are not.
    """
    c, ties, domains, now, rates = society.citizens, society.ties, society.domains, society.conditions, society.rates
    weights = rates.report
    motives = Motives(weights.outrage, weights.legitimacy, weights.need, weights.loyalty, weights.hassle)
    i, j = ties.owners(), ties.neighbours
    inside = c.group[i] == c.group[j]
    fellow = inside & (c.fellows[i] > 0)
    trust, lost = ties.trust[ties.reverse], np.where(fellow, c.shared_loss[j], 0.0)
    missed = np.ones(len(ties))
    for d in range(len(domains)):
        if domains.offences >> d & 1:
            openness, group_sight = domains.openness[d], np.where(fellow, now.group_sight, 0.0)
            seen = openness + np.maximum(c.visibility[i], group_sight) * now.weight[d] * (1 - openness)
            seen += np.where(fellow, c.inside[i], 0.0) * (1 - seen)
            utility = _report_utility(
                motives, now.reward, c.conviction[j, d], c.authority_trust[j], c.closeness[j], trust, lost
            )
            reports = c.can_report[j] / (1 + np.exp(-rates.rationality * utility))
            missed *= 1 - (1 - c.complies[i, d]) * seen * reports
    return float((1 - missed)[inside].mean() - (1 - missed)[~inside].mean())


OUTCOMES = functions_of(vars())
"""Every outcome defined here, by name."""
