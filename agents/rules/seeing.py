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
    if complying + deviating == 0:
        return expectation
    return (memory * expectation + complying) / (memory + complying + deviating)


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
    inner = np.zeros((lanes, BATCH, 2))
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
                    inner[d, i - first, 0] = inside_complying[d]
                    inner[d, i - first, 1] = inside[d]
        _learn(c, ties, domains, now, memory, first, last, seen, inner)


@compiled
def _learn(
    c: Citizens,
    ties: Ties,
    domains: Domains,
    now: Conditions,
    memory: float,
    first: int,
    last: int,
    seen: Floats,
    inner: Floats,
) -> None:
    """Fill `regard` and `expectation` from what was seen of neighbours, and of fellow members besides."""
    lanes = len(domains.lanes)
    indptr, regard, behind = ties.indptr[first : last + 1], c.regard[first:last], c.behind[first:last]
    shown, esteem = seen[lanes], seen[lanes + 1]
    for k in range(last - first):
        ties_of = indptr[k + 1] - indptr[k]
        regard[k] = 2 * esteem[k] / ties_of - 1 if ties_of > 0 else 0.0
    for d in range(lanes):
        openness, hidden, exemplars = domains.openness[d], now.hidden[d], now.exemplars[d]
        raised = now.weight[d] * (1 - openness)
        expectation, complied, fellow = c.expectation[first:last, d], seen[d], inner[d]
        for k in range(last - first):
            ties_of = indptr[k + 1] - indptr[k]
            deviating = max(0.0, openness * ties_of + raised * shown[k] - complied[k]) + fellow[k, 1] - fellow[k, 0]
            deviating *= 1 - behind[k] * hidden
            complying = complied[k] + fellow[k, 0] + exemplars
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
