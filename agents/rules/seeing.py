"""Seeing what neighbours do, and what that tells of what they expect and approve (phase `perceive`)."""

from __future__ import annotations

from math import isinf, pi, sqrt

import numpy as np

from ..arithmetic import logistic
from ..belief_rates import ConsequenceSettings
from ..chance import BATCH
from ..citizens import Citizens
from ..columns import Floats
from ..compiled import compiled
from ..conditions import Conditions
from ..rates import CitizensSettings
from ..sight import fellow_sight
from ..view import Domains, SocietyView, Ties


@compiled
def learned_expectation(expectation: float, memory: float, complying: float, deviating: float) -> float:
    """Share of others believed to comply, after new evidence.

    (memory · expectation + complying) / (memory + complying + deviating)

    Evidence-weighted learning of an empirical expectation. `memory` ≥ 0 is the weight of the past, in
    pseudo-observations; `complying` and `deviating` ≥ 0 are what was seen, in observations. With nothing seen the
    expectation stays.
    """
    learned = (memory * expectation + complying) / (memory + complying + deviating)
    return learned if complying + deviating != 0 else expectation


@compiled
def spreading(rationality: float, weight: float, spread: float) -> float:
    """By how much convictions that differ flatten the share that complies, k = 1 / √(1 + π/8 · (2βλ·sd)²).

    The logistic function averaged over a normal distribution is nearly a flatter logistic function (MacKay 1992,
    doi:10.1162/neco.1992.4.5.720). `weight` λ in utility, `spread` the standard deviation of convictions.
    """
    steepness = 2 * rationality * weight * spread
    return 1 / sqrt(1 + pi / 8 * steepness * steepness)


@compiled
def predicted_share(utility: float, rationality: float, flattening: float, intercept: float) -> float:
    """Share of others expected to comply of their own, σ(k · β · utility + κ).

    `intercept` κ, in logit, is what of the neighbours' acts the rest leaves unexplained. Infinite rationality is
    deterministic, ties comply.
    """
    if isinf(rationality):
        return 1.0 if utility >= 0 else 0.0
    return logistic(flattening * rationality * utility + intercept)


@compiled
def learned_approval(approval: float, memory: float, complying: float, deviating: float, predicted: float) -> float:
    """Share of others believed to approve of complying, after new evidence.

    approval + W / (memory + W) · (s − predicted), within [0, 1], with W = complying + deviating and s = complying / W:
    only what the belief itself does not explain moves it (correspondence bias: Jones & Harris 1967).
    """
    seen = complying + deviating
    moved = approval + (complying - seen * predicted) / (memory + seen)
    return min(1.0, max(0.0, moved)) if seen != 0 else approval


@compiled
def ratio_learned(belief: float, rate: float, events: float, chances: float) -> float:
    """Belief about a frequency after `events` among `chances`: belief + rate · (events / chances − belief)."""
    if chances == 0:
        return belief
    return belief + rate * (min(1.0, events / chances) - belief)


@compiled
def _show_loop(
    start: int, stop: int, c: Citizens, ties: Ties, domains: Domains, now: Conditions, sight: Floats
) -> None:
    """Fill a row a citizen: how visibly it complies by domain, its visibility, reports against it, and witnessings."""
    count = len(domains.lanes)
    visibility, against = c.visibility[start:stop], c.reports_against[start:stop]
    witnessed = np.zeros(stop - start)
    for d in range(count):
        openness, complies = domains.openness[d], c.complies[start:stop, d]
        raised, offence = now.weight[d] * (1 - openness), 1.0 if domains.offences >> d & 1 else 0.0
        for k in range(stop - start):
            seen = openness + visibility[k] * raised
            sight[start + k, d] = complies[k] * seen
            witnessed[k] += offence * (1 - complies[k]) * seen
    for k in range(stop - start):
        sight[start + k, count] = visibility[k]
        sight[start + k, count + 1] = against[k]
        sight[start + k, count + 2] = witnessed[k] * (ties.indptr[start + k + 1] - ties.indptr[start + k])


@compiled
def _see_fellows(
    i: int, c: Citizens, ties: Ties, domains: Domains, now: Conditions, seen: Floats, complying: Floats
) -> None:
    """Add to `seen` and `complying` what fellow members show a citizen beyond what others would, by domain."""
    for t in range(ties.indptr[i], ties.indptr[i + 1]):
        j = ties.neighbours[t]
        if c.group[j] == c.group[i]:
            for d in range(len(domains.lanes)):
                openness, visibility = domains.openness[d], c.visibility[j]
                raised = now.weight[d] * (1 - openness)
                more = fellow_sight(openness, raised, visibility, now.group_sight, c.inside[j])
                more -= openness + visibility * raised
                seen[d] += more
                complying[d] += more * c.complies[j, d]


@compiled
def _perceive_loop(
    start: int,
    stop: int,
    c: Citizens,
    ties: Ties,
    domains: Domains,
    now: Conditions,
    rates: CitizensSettings,
    consequence: ConsequenceSettings,
    sight: Floats,
    fellowship: bool,
    lines: bool,
) -> None:
    lanes = len(domains.lanes)
    indptr, neighbours = ties.indptr, ties.neighbours
    seen = np.zeros((lanes + 3, BATCH))
    by_fellows, complying_fellows = np.zeros((lanes, BATCH)), np.zeros((lanes, BATCH))
    of_one, inside, inside_complying = np.empty(lanes + 3), np.zeros(lanes), np.zeros(lanes)
    for first in range(start, stop, BATCH):
        last = min(stop, first + BATCH)
        for i in range(first, last):
            of_one[:] = 0.0
            for t in range(indptr[i], indptr[i + 1]):
                j = neighbours[t]
                for d in range(lanes + 3):
                    of_one[d] += sight[j, d]
            for d in range(lanes + 3):
                seen[d, i - first] = of_one[d]
            if fellowship:
                inside[:] = 0.0
                inside_complying[:] = 0.0
                _see_fellows(i, c, ties, domains, now, inside, inside_complying)
                for d in range(lanes):
                    by_fellows[d, i - first] = inside[d]
                    complying_fellows[d, i - first] = inside_complying[d]
        _learn(c, ties, domains, now, rates, consequence, (first, last), seen, by_fellows, complying_fellows)
        _learn_reporting(c, consequence, sight, (first, last), seen[lanes + 1], seen[lanes + 2], lines)


@compiled
def _learn(
    c: Citizens,
    ties: Ties,
    domains: Domains,
    now: Conditions,
    rates: CitizensSettings,
    consequence: ConsequenceSettings,
    here: tuple[int, int],
    seen: Floats,
    by_fellows: Floats,
    complying_fellows: Floats,
) -> None:
    """Update expectation, approval, and the evidence of what nothing followed from, by what was seen of neighbours."""
    first, last = here
    lanes, count = len(domains.lanes), last - first
    start, end = ties.indptr[first:last], ties.indptr[first + 1 : last + 1]
    behind, conformity, shown = c.behind[first:last], c.conformity[first:last], seen[lanes, :count]
    unpunished, spared = c.unpunished[first:last], c.spared_innocent[first:last]
    weight, memory, trusting = rates.conviction_weight, rates.memory_norm, rates.face_value
    rationality, recent = rates.rationality, rates.memory
    complying, deviating, predicted = np.empty(count), np.empty(count), np.empty(count)
    for d in range(lanes):
        openness, hidden, exemplars = domains.openness[d], now.hidden[d], now.exemplars[d]
        raised, cost = now.weight[d] * (1 - openness), domains.cost[d]
        flattening = spreading(rationality, weight, domains.spread[d]) if not isinf(rationality) else 1.0
        heard = consequence.vicarious * domains.certainty[d]
        expectation, approval, complied = c.expectation[first:last, d], c.approval[first:last, d], seen[d, :count]
        ordinary, pressure = c.ordinary_image[first:last, d], c.pressure[first:last, d]
        intercept, believed = c.intercept[first:last, d], c.perceived_detection[first:last, d]
        fellows, complying_ones = by_fellows[d, :count], complying_fellows[d, :count]
        for k in range(count):
            left = max(0.0, openness * (end[k] - start[k]) + raised * shown[k] - complied[k])
            deviating[k] = (left + fellows[k] - complying_ones[k]) * (1 - behind[k] * hidden)
            complying[k] = complied[k] + complying_ones[k] + exemplars
        for k in range(count):
            discounted = ordinary[k] + (1 - trusting) * (pressure[k] - ordinary[k])
            utility = weight * (2 * approval[k] - 1) - cost + conformity[k] * (2 * expectation[k] - 1)
            predicted[k] = utility + discounted
        for k in range(count):
            predicted[k] = predicted_share(predicted[k], rationality, flattening, intercept[k])
        for k in range(count):
            approval[k] = learned_approval(approval[k], memory, complying[k], deviating[k], predicted[k])
            expectation[k] = learned_expectation(expectation[k], recent, complying[k], deviating[k])
        if heard > 0:
            for k in range(count):
                unpunished[k] += heard * believed[k] * deviating[k]
                spared[k] += heard * believed[k] * complying[k]


@compiled
def _learn_reporting(
    c: Citizens,
    consequence: ConsequenceSettings,
    sight: Floats,
    here: tuple[int, int],
    reports: Floats,
    witnessings: Floats,
    lines: bool,
) -> None:
    """Update `reporting` by reports and witnessings of oneself and, less, neighbours; it fades without a line."""
    first, last = here
    rate, vicarious = consequence.reporting, consequence.vicarious
    reporting, own = c.reporting[first:last], sight.shape[1] - 2
    for k in range(last - first):
        events = sight[first + k, own] + vicarious * reports[k]
        chances = sight[first + k, own + 1] + vicarious * witnessings[k]
        learned = ratio_learned(reporting[k], rate, events, chances)
        reporting[k] = learned if lines else (1 - rate) * reporting[k]


def perceive(society: SocietyView) -> None:
    """Update `expectation`, `approval`, `reporting` and the uneventful evidence by last week's acts of neighbours.

    A neighbour's act is seen with rate v = openness + visibility · weight · (1 − openness), where `visibility` is
    the neighbour's, and `weight` the domain's share of the score; members of a group that watches its own see each
    other at the rate `fellow_sight`. A firewall hides deviance at rate h from those who are behind it.
    """
    c, ties, domains, now, rates = (
        society.citizens,
        society.ties,
        society.domains,
        society.conditions,
        society.rates,
    )
    # What is to be seen of a citizen, in one row.
    sight = np.empty((len(c), len(domains) + 3))
    society.for_all(_show_loop, c, ties, domains, now, sight)
    fellowship = bool(c.fellows.any())
    society.for_all(
        _perceive_loop, c, ties, domains, now, rates, rates.consequence, sight, fellowship, bool(now.hotline)
    )
