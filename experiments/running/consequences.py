"""Outcomes that show what single institutions do to people: asked for by name, like those in `outcomes`."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...agents.rules.reporting import Motives, report_utility
from ...model.society import Society
from .outcomes import CitizensColumn, Measure, functions_of

# The rule of one citizen, for arrays.
_report_utility: Any = report_utility


def change(society: Society, measure: Measure, weeks: int = 10) -> float:
    """Mean of a measure over the last weeks, minus that over the first."""
    values = society.history[measure]
    return float(values.iloc[-weeks:].mean() - values.iloc[:weeks].mean())


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
