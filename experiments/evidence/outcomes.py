"""Outcomes of a run that effects are measured by, beyond the measures of the history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from ...agents.citizens import TERMS, Lists
from ...model.measures.course import exit_rate
from ...model.scenario import Scenario
from ...model.society import Society

WALL: dict[str, Any] = {"monitors": {}, "circumvention": 0.3}
"""The firewall of the effects on who is behind it and who gets round it."""


def last(society: Society, column: str) -> float:
    """Mean of a measure over the last ten weeks."""
    return float(society.history[column].iloc[-10:].mean())


def total(society: Society, column: str) -> float:
    """Sum of a measure over all weeks."""
    return float(society.history[column].sum())


def by_tie(society: Society, values: str) -> float:
    """Mean of a property of ties within groups, minus that of ties across groups."""
    ties, group = society.ties, society.citizens.group
    inside = group[ties.owners()] == group[ties.neighbours]
    column = getattr(ties, values)
    return float(column[inside].mean() - column[~inside].mean())


def trust_inside(society: Society) -> float:
    """Mean trust on ties within groups."""
    ties, group = society.ties, society.citizens.group
    return float(ties.trust[group[ties.owners()] == group[ties.neighbours]].mean())


def expelled_gap(society: Society) -> float:
    """Mean wealth of the expelled minus that of the others; NaN where nobody is expelled."""
    c = society.citizens
    out = c.on(Lists.EXPELLED)
    return float(c.wealth[out].mean() - c.wealth[~out].mean()) if out.any() else np.nan


def returns(society: Society) -> float:
    """Expelled citizens who were taken back, over the whole run; NaN where nobody was expelled."""
    on = (np.array(society.history_record.copies["flags"]) & np.uint32(Lists.EXPELLED)) > 0
    return float((on[:-1] & ~on[1:]).sum()) if on.any() else np.nan


def correlation(society: Society, a: str, b: str) -> float:
    """Correlation of two columns over citizens."""
    x, y = getattr(society.citizens, a).astype(float), getattr(society.citizens, b).astype(float)
    return float(np.corrcoef(x, y)[0, 1]) if x.std() > 0 and y.std() > 0 else np.nan


def expectation(society: Society, domain: str) -> float:
    """Mean expectation in a domain."""
    return float(society.citizens.expectation[:, society.domains.names.index(domain)].mean())


def _walled(society: Society) -> npt.NDArray[np.bool_]:
    plan = Scenario.load("baseline").change({"population.size": society.founders, "institutions.firewall": WALL})
    return Society(plan, rng=society.seed_number).citizens.behind == 1


def behind_wall(society: Society, domain: str) -> float:
    """Mean expectation in a domain of those who are, or would be, behind the firewall."""
    return float(society.citizens.expectation[_walled(society), society.domains.names.index(domain)].mean())


def beyond_wall(society: Society, domain: str) -> float:
    """Mean expectation in a domain of those who get, or would get, round the firewall."""
    return float(society.citizens.expectation[~_walled(society), society.domains.names.index(domain)].mean())


def term(society: Society, name: str) -> float:
    """Mean of a term of the last decision."""
    return float(society.citizens.terms[:, :, TERMS.index(name)].mean())


def image_of_honoured(society: Society) -> float:
    """Mean image term of those on the honour board, or 0 where there is none."""
    honoured = society.citizens.flags > 0
    return float(society.citizens.terms[honoured, :, TERMS.index("image")].mean()) if honoured.any() else 0.0


def paid(society: Society) -> float:
    """Share of the promised benefits that the budget pays."""
    return society.conditions.paid


def movers_distance(society: Society) -> float:
    """Mean distance from the start of the scores of those who live elsewhere than they are registered."""
    c = society.citizens
    away = c.place != c.region
    return float(np.abs(c.score[away] - society.conditions.score_start).mean())


def joiners(society: Society, column: str) -> float:
    """Mean of a trait of those who joined the commercial score, minus that of the others."""
    c = society.citizens
    joined, values = ~np.isnan(c.commercial_score), getattr(c, column)
    return float(values[joined].mean() - values[~joined].mean()) if joined.any() and not joined.all() else np.nan


def outsiders_watched(society: Society) -> float:
    """Mean chance that the authority knows an act of those who did not join the commercial score."""
    c = society.citizens
    return float(c.watched[np.isnan(c.commercial_score)].mean())


def _lowest(society: Society) -> npt.NDArray[np.bool_]:
    return society.citizens.score <= np.nanquantile(society.citizens.score, 0.1)


def trust_in_lowest(society: Society) -> float:
    """Mean trust of their neighbours in the lowest tenth of scorers."""
    return float(society.ties.trust[_lowest(society)[society.ties.neighbours]].mean())


def ties_of_lowest(society: Society) -> float:
    """Ties of the lowest tenth of scorers, mean."""
    return float(np.diff(society.ties.indptr)[_lowest(society)].mean())


def near_threshold(society: Society) -> float:
    """Compliance in scored domains of those in the lowest quarter of scores, the lowest tenth left out."""
    c = society.citizens
    low, high = np.nanquantile(c.score, [0.1, 0.25])
    near = (c.score > low) & (c.score <= high)
    return float(c.complies[near][:, society.domains.scored == 1].mean())


def resigned(society: Society) -> float:
    """Compliance in `speech` of the lowest tenth of scorers."""
    return float(society.citizens.complies[_lowest(society), society.domains.names.index("speech")].mean())


def listed_exits(society: Society) -> float:
    """Exits from the blacklist a listed citizen and year."""
    return exit_rate((np.array(society.history_record.copies["flags"]) & np.uint32(Lists.BLACKLISTED)) > 0)


def listed_exposure(society: Society) -> float:
    """Mean of how far strangers know of the listed; NaN where nobody is listed."""
    c = society.citizens
    on = c.on(Lists.BLACKLISTED)
    return float(c.displayed[on].mean()) if on.any() else np.nan


def turned(society: Society) -> float:
    """Whether the authority turned to penalties."""
    return float(any("penalties" in says for _, says, _ in society.events))


def stranger_reports(society: Society) -> float:
    """Reports by strangers this week, a listed citizen."""
    c = society.citizens
    return float(c.stranger_reports.sum() / max(1, c.on(Lists.BLACKLISTED).sum()))


def honest_standing(society: Society) -> float:
    """Mean enterprise score of the half of the firms that are more honest by themselves."""
    firm: Any = society.institutions["firm"]
    return float(firm.score_of[firm.honesty > 0.5].mean())


def inflation(society: Society) -> float:
    """Reported minus true compliance."""
    return society.conditions.inflated


def leavers(society: Society, column: str) -> float:
    """Mean at the start of a trait of those who emigrated, minus that of those who stayed; NaN if nobody left."""
    start = Society(society.plan, rng=society.seed_number, **{"population.size": society.founders})
    values = getattr(start.citizens, column).reshape(society.founders, -1).mean(axis=1)
    gone = society.row_of < 0
    return float(values[gone].mean() - values[~gone].mean()) if gone.any() else np.nan


OUTCOMES: dict[str, Callable[..., float]] = {
    function.__name__: function
    for function in (
        last,
        total,
        by_tie,
        trust_inside,
        expelled_gap,
        returns,
        correlation,
        expectation,
        behind_wall,
        beyond_wall,
        term,
        image_of_honoured,
        paid,
        movers_distance,
        joiners,
        outsiders_watched,
        trust_in_lowest,
        ties_of_lowest,
        near_threshold,
        resigned,
        listed_exits,
        listed_exposure,
        turned,
        stranger_reports,
        honest_standing,
        inflation,
        leavers,
    )
}
"""Outcomes by their name in `effects.toml`."""
