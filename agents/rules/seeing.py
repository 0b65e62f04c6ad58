"""Seeing what neighbours do, and what a high score would be worth among them (phase `perceive`)."""

from __future__ import annotations

import numpy as np

from ..chance import BATCH
from ..citizens import Citizens
from ..columns import Floats
from ..compiled import compiled
from ..conditions import Conditions
from ..sight import fellow_sight
from ..view import Domains, SocietyView, Ties
from .trusting import trust_in_authority


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
def _show_loop(start: int, stop: int, c: Citizens, domains: Domains, now: Conditions, sight: Floats) -> None:
    count = len(domains.lanes)
    visibility, fair, unfair = c.visibility[start:stop], c.fair[start:stop], c.unfair[start:stop]
    authority_trust = c.authority_trust[start:stop]
    for k in range(stop - start):
        authority_trust[k] = trust_in_authority(fair[k], unfair[k])
        sight[start + k, count] = visibility[k]
        sight[start + k, count + 1] = authority_trust[k]
    for d in range(count):
        openness, complies = domains.openness[d], c.complies[start:stop, d]
        raised = now.weight[d] * (1 - openness)
        for k in range(stop - start):
            sight[start + k, d] = complies[k] * (openness + visibility[k] * raised)


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
    memory: float,
    sight: Floats,
    fellowship: bool,
) -> None:
    lanes = len(domains.lanes)
    indptr, neighbours = ties.indptr, ties.neighbours
    seen = np.zeros((lanes + 2, BATCH))
    by_fellows, complying_fellows = np.zeros((lanes, BATCH)), np.zeros((lanes, BATCH))
    of_one, inside, inside_complying = np.empty(lanes + 2), np.zeros(lanes), np.zeros(lanes)
    for first in range(start, stop, BATCH):
        last = min(stop, first + BATCH)
        for i in range(first, last):
            of_one[:] = 0.0
            for t in range(indptr[i], indptr[i + 1]):
                j = neighbours[t]
                for d in range(lanes + 2):
                    of_one[d] += sight[j, d]
            for d in range(lanes + 2):
                seen[d, i - first] = of_one[d]
            if fellowship:
                inside[:] = 0.0
                inside_complying[:] = 0.0
                _see_fellows(i, c, ties, domains, now, inside, inside_complying)
                for d in range(lanes):
                    by_fellows[d, i - first] = inside[d]
                    complying_fellows[d, i - first] = inside_complying[d]
        _learn(c, ties, domains, now, memory, (first, last), seen, by_fellows, complying_fellows)


@compiled
def _learn(
    c: Citizens,
    ties: Ties,
    domains: Domains,
    now: Conditions,
    memory: float,
    here: tuple[int, int],
    seen: Floats,
    by_fellows: Floats,
    complying_fellows: Floats,
) -> None:
    """Fill `regard` and `expectation` from what was seen of neighbours, and of fellow members besides."""
    first, last = here
    lanes, count = len(domains.lanes), last - first
    start, end = ties.indptr[first:last], ties.indptr[first + 1 : last + 1]
    regard, behind = c.regard[first:last], c.behind[first:last]
    shown, esteem = seen[lanes, :count], seen[lanes + 1, :count]
    for k in range(count):
        ties_of = end[k] - start[k]
        regard[k] = 2 * esteem[k] / ties_of - 1 if ties_of > 0 else 0.0
    for d in range(lanes):
        openness, hidden, exemplars = domains.openness[d], now.hidden[d], now.exemplars[d]
        raised = now.weight[d] * (1 - openness)
        expectation, complied = c.expectation[first:last, d], seen[d, :count]
        fellows, complying_ones = by_fellows[d, :count], complying_fellows[d, :count]
        for k in range(count):
            deviating = max(0.0, openness * (end[k] - start[k]) + raised * shown[k] - complied[k])
            deviating = deviating + fellows[k] - complying_ones[k]
            deviating *= 1 - behind[k] * hidden
            complying = complied[k] + complying_ones[k] + exemplars
            expectation[k] = learned_expectation(expectation[k], memory, complying, deviating)


def perceive(society: SocietyView) -> None:
    """Update `authority_trust`, `regard` and `expectation` of all citizens.

    A neighbour's act is seen with rate v = openness + visibility · weight · (1 − openness), where `visibility` is
    the neighbour's, and `weight` the domain's share of the score; members of a group that watches its own see each
    other at the rate `fellow_sight`. A firewall hides deviance at rate h from those who are behind it.
    """
    c, domains, now = society.citizens, society.domains, society.conditions
    # What is to be seen of a citizen, in one row: how visibly it complies in each domain, its score, its trust.
    sight = np.empty((len(c), len(domains) + 2))
    society.for_all(_show_loop, c, domains, now, sight)
    fellowship = bool(c.fellows.any())
    society.for_all(_perceive_loop, c, society.ties, domains, now, society.rates.memory, sight, fellowship)
