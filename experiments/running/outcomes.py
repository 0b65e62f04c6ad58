"""Outcomes of a run, computed from the society as it is at the end and from what was recorded until then.

A design, an effect or a pattern names an outcome with plain arguments, such as ``total reports``. What an argument may
be is said by its annotation: the kinds below are checked before anything is run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import isfunction
from typing import Any, NewType

import numpy as np
import numpy.typing as npt

from ...agents.citizens import TERMS, Lists
from ...model.measures.course import exit_rate, hole
from ...model.society import Society

Measure = NewType("Measure", str)
"""Argument of an outcome: the name of a measure."""

CitizensColumn = NewType("CitizensColumn", str)
"""Argument of an outcome: the name of a column of the citizens."""

TiesColumn = NewType("TiesColumn", str)
"""Argument of an outcome: the name of a column of the ties."""

Domain = NewType("Domain", str)
"""Argument of an outcome: the name of a domain."""

Term = NewType("Term", str)
"""Argument of an outcome: the name of a term of the utility of complying."""

ListName = NewType("ListName", str)
"""Argument of an outcome: the name of a list that citizens can be on, such as ``blacklisted``."""

SettingPath = NewType("SettingPath", str)
"""Argument of an outcome: the path of a setting that the scenario has."""

KINDS: dict[Any, Callable[[Society], Any]] = {
    Measure: lambda society: society.history_record.latest,
    CitizensColumn: lambda society: society.citizens.columns,
    TiesColumn: lambda society: ("accusations", "resting", "strong", "trust"),
    Domain: lambda society: society.domains.names,
    Term: lambda society: TERMS,
    ListName: lambda society: [flag.name.lower() for flag in Lists if flag.name],
    SettingPath: lambda society: society.plan.settings(),
}
"""What an argument of each kind may be, in a society."""


def recording[F: Callable[..., float]](*columns: str, over: str = "") -> Callable[[F], F]:
    """Declare which columns of the citizens an outcome needs a copy of from every week.

    Parameters
    ----------
    columns
        Their names; `copies` reads them.
    over
        Name of the outcome's argument that says how many weeks at the end are enough; by default all are kept.
    """

    def declare(function: F) -> F:
        function.recorded = columns  # pyright: ignore[reportFunctionMemberAccess]
        function.recorded_over = over  # pyright: ignore[reportFunctionMemberAccess]
        return function

    return declare


def record(society: Society, columns: Mapping[str, int]) -> None:
    """Let a society keep copies of its citizens' columns, from the next week on; `forget` drops what is too old."""
    society.history_record.columns = tuple(columns)


def forget(society: Society, columns: Mapping[str, int]) -> None:
    """Drop copies that are older than so many weeks, by column; 0 keeps all."""
    for name, weeks in columns.items():
        if weeks:
            del society.history_record.copies[name][:-weeks]


def copies(society: Society, column: str, weeks: int = 0) -> npt.NDArray[Any]:
    """Copies of a column of the citizens from the last so many weeks, or all: shape (weeks, founders, …)."""
    return np.array(society.history_record.copies[column][-weeks:])


WALL: dict[str, Any] = {"monitors": {}, "cost": 0.9}
"""The firewall of the effects on who is behind it and who gets round it."""


def last(society: Society, measure: Measure, weeks: int = 10) -> float:
    """Mean of a measure over the last weeks."""
    return float(society.history[measure].iloc[-weeks:].mean())


def first(society: Society, measure: Measure, weeks: int = 10) -> float:
    """Mean of a measure over the first weeks."""
    return float(society.history[measure].iloc[:weeks].mean())


def between(society: Society, measure: Measure, start: int, end: int) -> float:
    """Mean of a measure from one week to another, both included; NaN where the run has none of them."""
    return float(society.history[measure].loc[start:end].mean())


def total(society: Society, measure: Measure) -> float:
    """Sum of a measure over all weeks."""
    return float(society.history[measure].sum())


def setting(society: Society, path: SettingPath) -> float:
    """Value of a setting at the end of the run."""
    return float(society.plan.settings()[path])


def by_tie(society: Society, values: TiesColumn) -> float:
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


@recording("flags", "identity")
def returns(society: Society) -> float:
    """Expelled citizens who were taken back, over the whole run; NaN where nobody was expelled."""
    on = (copies(society, "flags") & np.uint32(Lists.EXPELLED)) > 0
    # Newcomers who take the place of an expelled are other people.
    who = copies(society, "identity")
    return float((on[:-1] & ~on[1:] & (who[:-1] == who[1:])).sum()) if on.any() else np.nan


def correlation(society: Society, a: CitizensColumn, b: CitizensColumn) -> float:
    """Correlation of two columns over citizens."""
    x, y = getattr(society.citizens, a).astype(float), getattr(society.citizens, b).astype(float)
    return float(np.corrcoef(x, y)[0, 1]) if x.std() > 0 and y.std() > 0 else np.nan


def expectation(society: Society, domain: Domain) -> float:
    """Mean expectation in a domain."""
    return float(society.citizens.expectation[:, society.domains.names.index(domain)].mean())


def walled(society: Society) -> npt.NDArray[np.bool_]:
    """Who is, or would be, behind the firewall."""
    plan = society.plan.change({"population.size": society.founders, "institutions.firewall": WALL})
    return Society(plan, rng=society.seed_number).citizens.behind == 1


def behind_wall(society: Society, domain: Domain) -> float:
    """Mean expectation in a domain of those who are, or would be, behind the firewall."""
    return float(society.citizens.expectation[walled(society), society.domains.names.index(domain)].mean())


def term(society: Society, name: Term) -> float:
    """Mean of a term of the last decision."""
    return float(society.citizens.terms[:, :, TERMS.index(name)].mean())


def paid(society: Society) -> float:
    """Share of the promised benefits that the budget pays."""
    return society.conditions.paid


def movers_distance(society: Society) -> float:
    """Mean distance from the start of the scores of those who live elsewhere than they are registered."""
    c = society.citizens
    away = c.place != c.region
    return float(np.abs(c.score[away] - society.conditions.score_start).mean())


def joiners(society: Society, column: CitizensColumn) -> float:
    """Mean of a trait of those who joined the commercial score, minus that of the others."""
    c = society.citizens
    joined, values = ~np.isnan(c.read("commercial_score")), getattr(c, column)
    return float(values[joined].mean() - values[~joined].mean()) if joined.any() and not joined.all() else np.nan


def outsiders_watched(society: Society) -> float:
    """Mean chance that the authority knows an act of those who did not join the commercial score."""
    c = society.citizens
    return float(c.watched[np.isnan(c.read("commercial_score"))].mean())


def _lowest(society: Society) -> npt.NDArray[np.bool_]:
    return society.citizens.score <= np.nanquantile(society.citizens.score, 0.1)


def ties_of_lowest(society: Society) -> float:
    """Ties of the lowest tenth of scorers, mean."""
    return float(np.diff(society.ties.indptr)[_lowest(society)].mean())


def near_threshold(society: Society) -> float:
    """Compliance in scored domains of those in the lowest quarter of scores, the lowest tenth left out."""
    c = society.citizens
    low, high = np.nanquantile(c.score, [0.1, 0.25])
    near = (c.score > low) & (c.score <= high)
    return float(c.complies[near][:, society.domains.scored == 1].mean())


@recording("flags", over="weeks")
def listed(society: Society, weeks: int = 52) -> float:
    """Mean share of citizens on the blacklist over the last weeks."""
    return float(((copies(society, "flags", weeks) & np.uint32(Lists.BLACKLISTED)) > 0).mean())


@recording("flags", over="weeks")
def listed_exits(society: Society, weeks: int = 0) -> float:
    """Exits from the blacklist a listed citizen and year, over the last weeks, or all."""
    return exit_rate((copies(society, "flags", weeks) & np.uint32(Lists.BLACKLISTED)) > 0)


@recording("complies", "complies_unobserved", over="weeks")
def falsification(society: Society, domain: Domain, weeks: int = 52) -> float:
    """Public minus unobserved compliance in a domain, over the last weeks."""
    d = society.domains.names.index(domain)
    public, private = (copies(society, name, weeks)[:, :, d].mean() for name in ("complies", "complies_unobserved"))
    return float(public - private)


@recording("terms", over="weeks")
def pull(society: Society, name: Term, weeks: int = 13) -> float:
    """Mean of a term of the decisions of the last weeks, where it speaks for complying, else 0."""
    return float(np.maximum(0, copies(society, "terms", weeks)[..., TERMS.index(name)]).mean())


@recording("score")
def recovery(society: Society, floor: float) -> float:
    """Chance that someone whose score is below a floor reaches it within a year; NaN where there is nobody."""
    return hole(copies(society, "score"), floor)


def listed_exposure(society: Society) -> float:
    """Mean of how far strangers know of the listed; NaN where nobody is listed."""
    c = society.citizens
    on = c.on(Lists.BLACKLISTED)
    return float(c.displayed[on].mean()) if on.any() else np.nan


def turned(society: Society) -> float:
    """Whether the authority turned to penalties."""
    return float(any("penalties" in says for _, says, _ in society.events))


def honest_standing(society: Society) -> float:
    """Mean enterprise score of the half of the firms that are more honest by themselves."""
    firm: Any = society.institutions["firm"]
    return float(firm.score_of[firm.honesty > 0.5].mean())


def inflation(society: Society) -> float:
    """Reported minus true compliance."""
    return society.conditions.inflated


def leavers(society: Society, column: CitizensColumn) -> float:
    """Mean at the start of a trait of those who emigrated, minus that of those who stayed; NaN if nobody left."""
    start = Society(society.plan.change({"population.size": society.founders}), rng=society.seed_number)
    values = getattr(start.citizens, column).reshape(society.founders, -1).mean(axis=1)
    gone = society.row_of < 0
    return float(values[gone].mean() - values[~gone].mean()) if gone.any() else np.nan


def functions_of(module: Mapping[str, Any]) -> dict[str, Callable[..., float]]:
    """Outcomes that a module defines, by name: its public functions of a society that return a number."""
    return {
        name: each
        for name, each in module.items()
        if isfunction(each)
        and each.__module__ == module["__name__"]
        and not name.startswith("_")
        and list(each.__annotations__.values())[:1] == ["Society"]
        and each.__annotations__["return"] == "float"
    }


OUTCOMES = functions_of(vars())
"""Built-in outcomes, by name."""
