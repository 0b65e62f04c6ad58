"""Settling: a society lives for a while without institutions, so that nothing drifts when its first week begins."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..agents.arithmetic import logit
from ..agents.belief_rates import TrustSettings
from ..agents.citizens import Citizens
from ..agents.columns import Floats
from ..agents.compiled import compiled
from ..agents.rates import CitizensSettings
from ..agents.rules.choosing import act
from ..agents.rules.generations import settled_faith
from ..agents.rules.seeing import spreading
from ..agents.rules.trusting import believe_in_authority, trust_in_people
from ..agents.rules.utility import choice_probability, image_term, projected_approval
from ..agents.view import Domains, SocietyView, Ties
from .domains import Solved
from .scenario import Scenario

QUARTER = 13
"""Weeks at the end of settling over which beliefs and acts are averaged."""

WIDEST, ROUNDS = 64.0, 60
"""Costs are sought from −WIDEST to WIDEST by so many halvings."""


class Settling(SocietyView, Protocol):
    """A society that can live a week without institutions."""

    plan: Scenario

    def use(self, solved: Solved) -> None:
        """Take costs and spreads that were found."""
        ...

    def live(self, week: int) -> None:
        """Let the citizens' rules act for a week, and nobody else."""
        ...


@compiled
def compliance_at(cost: float, d: int, c: Citizens, rationality: float, weight: float) -> float:
    """Expected share that complies in domain d at some cost, at convictions, beliefs and everyday image as they are."""
    total = 0.0
    for i in range(len(c.conformity)):
        private = weight * (2 * c.conviction[i, d] - 1) - cost + c.conformity[i] * (2 * c.expectation[i, d] - 1)
        total += choice_probability(private + c.ordinary_image[i, d], rationality)
    return total / len(c.conformity)


@compiled
def solved_cost(level: float, d: int, c: Citizens, rationality: float, weight: float) -> float:
    """Cost at which the expected share that complies is `level`, by bisection; the share falls with the cost."""
    low, high = -WIDEST, WIDEST
    for _ in range(ROUNDS):
        middle = (low + high) / 2
        if compliance_at(middle, d, c, rationality, weight) > level:
            low = middle
        else:
            high = middle
    return (low + high) / 2


@compiled
def _everyday_loop(start: int, stop: int, c: Citizens, domains: Domains, projection: float) -> None:
    for d in range(len(domains.lanes)):
        for i in range(start, stop):
            approved = projected_approval(c.approval[i, d], c.conviction[i, d], projection)
            c.ordinary_image[i, d] = image_term(c.image_concern[i], 1 - c.everyday_unseen[i, d], approved, 0.0)


@compiled
def _rest_loop(start: int, stop: int, c: Citizens, ties: Ties, rates: TrustSettings, honest: float) -> None:
    for i in range(start, stop):
        first, last = ties.indptr[i], ties.indptr[i + 1]
        for t in range(first, last):
            trust = ties.trust[t]
            for _ in range(40):
                # One deals with one neighbour a week.
                raised = trust / (last - first) * rates.honest * honest
                lowered = trust / (last - first) * rates.witnessed * (1 - honest)
                trust = (rates.recovery * ties.resting[t] + raised) / max(1e-300, rates.recovery + raised + lowered)
            ties.trust[t] = trust


@compiled
def _note_loop(
    start: int, stop: int, c: Citizens, rationality: float, acts: Floats, seen: Floats, approved: Floats
) -> None:
    for d in range(acts.shape[1]):
        for i in range(start, stop):
            utility = 0.0
            for term in range(c.terms.shape[2]):
                utility += c.terms[i, d, term]
            acts[i, d] += choice_probability(utility, rationality)
            seen[i, d] += c.expectation[i, d]
            approved[i, d] += c.approval[i, d]


@compiled
def _intercept_loop(
    start: int,
    stop: int,
    c: Citizens,
    ties: Ties,
    cost: Floats,
    spread: Floats,
    rates: CitizensSettings,
    acts: Floats,
    seen: Floats,
) -> None:
    rationality, weight = rates.rationality, rates.conviction_weight
    for d in range(acts.shape[1]):
        steep = spreading(rationality, weight, spread[d]) * rationality if rationality < np.inf else 0.0
        for i in range(start, stop):
            total, degree = 0.0, ties.indptr[i + 1] - ties.indptr[i]
            for t in range(ties.indptr[i], ties.indptr[i + 1]):
                total += acts[ties.neighbours[t], d]
            share = min(0.99, max(0.01, total / degree if degree > 0 else acts[i, d]))
            believed = weight * (2 * c.approval[i, d] - 1) - cost[d] + c.conformity[i] * (2 * seen[i, d] - 1)
            c.intercept[i, d] = logit(share) - steep * (believed + c.ordinary_image[i, d])


@compiled
def _faith_loop(start: int, stop: int, c: Citizens, rates: TrustSettings, honest: float) -> None:
    for i in range(start, stop):
        c.kept_faith[i], c.broke_faith[i] = settled_faith(c.disposition[i], rates, honest)
        c.generalised_trust[i] = trust_in_people(c.disposition[i], rates.people, c.kept_faith[i], c.broke_faith[i])


def forget_evidence(society: Settling) -> None:
    """Let all evidence return to its priors, and what citizens believe of the authority, sanctions and strangers."""
    c, rates = society.citizens, society.plan.citizens
    c.fair[:] = rates.trust.prior
    c.unfair[:] = rates.trust.prior + c.scar
    for evidence in (c.punished, c.unpunished, c.punished_innocent, c.spared_innocent, c.reporting):
        evidence[:] = 0
    c.believed_guilty[:], c.believed_innocent[:] = rates.consequence.prior, 0.0
    believe_in_authority(society)
    society.for_all(_faith_loop, c, rates.trust, honest_share(society.plan))


def honest_share(plan: Scenario) -> float:
    """Share of strangers who deal honestly where no institution exists."""
    return next((domain.level for domain in plan.domains.values() if domain.role == "debt"), 1.0)


def found(society: Settling) -> Solved:
    """Costs at which levels are as the scenario says, where it does not give costs, and the spread of convictions."""
    c, rates = society.citizens, society.plan.citizens
    record = society.record_of(c)
    cost = np.array([
        solved_cost(domain.level, d, record, rates.rationality, rates.conviction_weight)
        if domain.cost is None else domain.cost
        for d, domain in enumerate(society.plan.domains.values())
    ])  # fmt: skip
    return Solved(cost, c.conviction.std(axis=0))


def near_rest(society: Settling) -> None:
    """Set beliefs near where they rest: others comply as much as the level says, and approve as much as they do."""
    c, ties = society.citizens, society.ties
    degree = np.diff(ties.indptr)
    owners, neighbours = ties.owners(), np.asarray(ties.neighbours)
    for d, domain in enumerate(society.plan.domains.values()):
        around = np.bincount(owners, weights=c.conviction[neighbours, d], minlength=len(c)) / np.maximum(degree, 1)
        c.approval[:, d] = np.where(degree > 0, around, c.conviction[:, d])
        c.expectation[:, d] = domain.level
    rates = society.rates
    society.for_all(_everyday_loop, c, society.domains, rates.projection)
    c.pressure[:] = c.ordinary_image
    if rates.trust.recovery > 0:
        society.for_all(_rest_loop, c, society.ties, rates.trust, honest_share(society.plan))
    c.first_approval[:] = c.approval
    c.start_expectation[:] = c.expectation


def settle(society: Settling, weeks: int) -> Solved:
    """Live some weeks without institutions, departures or newcomers; then start from what was found.

    Costs are solved at the beginning and before the last quarter. What a citizen's beliefs leave unexplained of its
    neighbours' acts in that quarter becomes its `intercept`, means of its beliefs become those of the start, and
    evidence returns to its priors.
    """
    c = society.citizens
    forget_evidence(society)
    near_rest(society)
    society.use(found(society))
    shape = (len(c), len(society.domains))
    acts, seen, approved = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    levels = np.array([domain.level for domain in society.plan.domains.values()])
    _explain(society, np.broadcast_to(levels, shape).copy(), c.expectation.copy())
    quarter = min(QUARTER, weeks)
    act(society)
    for week in range(weeks):
        if week == weeks - quarter:
            society.use(found(society))
        society.live(week)
        if week >= weeks - quarter:
            society.for_all(_note_loop, c, society.rates.rationality, acts, seen, approved)
    if weeks > 0:
        _explain(society, acts / quarter, seen / quarter)
    c.start_expectation[:] = seen / quarter if weeks > 0 else c.expectation
    c.first_approval[:] = approved / quarter if weeks > 0 else c.approval
    c.start_conviction[:] = c.conviction
    solved = Solved(society.domains.cost.copy(), c.conviction.std(axis=0))
    society.use(solved)
    forget_evidence(society)
    return solved


def _explain(society: Settling, acts: npt.NDArray[np.float64], seen: npt.NDArray[np.float64]) -> None:
    domains, rates = society.domains, society.rates
    society.for_all(_intercept_loop, society.citizens, society.ties, domains.cost, domains.spread, rates, acts, seen)
