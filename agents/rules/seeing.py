"""Seeing what neighbours do, and what a high score would be worth among them (phase `perceive`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..compiled import compiled
from ..sight import fellow_sight
from .trusting import trust_in_authority

if TYPE_CHECKING:
    from ...model.society import Society
    from ..citizens import Bits, Floats, Ints, Rows


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
def _show_loop(
    start: int,
    stop: int,
    lanes: tuple[int, ...],
    complies: Bits,
    visibility: Floats,
    fair: Floats,
    unfair: Floats,
    openness: Floats,
    raised: Floats,
    authority_trust: Floats,
    sight: Floats,
) -> None:
    for i in range(start, stop):
        authority_trust[i] = trust_in_authority(fair[i], unfair[i])
        for d in range(len(lanes)):
            sight[i, d] = complies[i, d] * (openness[d] + visibility[i] * raised[d])
        sight[i, len(lanes)] = visibility[i]
        sight[i, len(lanes) + 1] = authority_trust[i]


@compiled
def _perceive_loop(
    start: int,
    stop: int,
    lanes: tuple[int, ...],
    indptr: Ints,
    neighbours: Rows,
    sight: Floats,
    openness: Floats,
    raised: Floats,
    hidden: Floats,
    behind: Floats,
    exemplars: Floats,
    memory: float,
    fellowship: bool,
    group_sight: float,
    group: Ints,
    inside: Floats,
    complies: Bits,
    visibility: Floats,
    expectation: Floats,
    regard: Floats,
) -> None:
    seen = np.empty(len(lanes) + 2)
    inner = np.zeros((2, len(lanes)))
    for i in range(start, stop):
        seen[:] = 0.0
        for t in range(indptr[i], indptr[i + 1]):
            j = neighbours[t]
            for d in range(len(lanes) + 2):
                seen[d] += sight[j, d]
        if fellowship:
            inner[:] = 0.0
            for t in range(indptr[i], indptr[i + 1]):
                j = neighbours[t]
                if group[j] == group[i]:
                    for d in range(len(lanes)):
                        more = fellow_sight(openness[d], raised[d], visibility[j], group_sight, inside[j])
                        more -= openness[d] + visibility[j] * raised[d]
                        inner[0, d] += more * complies[j, d]
                        inner[1, d] += more
        ties = indptr[i + 1] - indptr[i]
        shown, esteem = seen[len(lanes)], seen[len(lanes) + 1]
        regard[i] = 2 * esteem / ties - 1 if ties > 0 else 0.0
        for d in range(len(lanes)):
            deviating = max(0.0, openness[d] * ties + raised[d] * shown - seen[d]) + inner[1, d] - inner[0, d]
            deviating *= 1 - behind[i] * hidden[d]
            complying = seen[d] + inner[0, d] + exemplars[d]
            expectation[i, d] = learned_expectation(expectation[i, d], memory, complying, deviating)


def perceive(society: Society) -> None:
    """Update `authority_trust`, `regard` and `expectation` of all citizens.

    A neighbour's act is seen with rate v = openness + visibility · weight · (1 − openness), where `visibility` is
    the neighbour's, and `weight` the domain's share of the score; members of a group that watches its own see each
    other at the rate `fellow_sight`. A firewall hides deviance at rate h from those who are behind it.
    """
    c, domains, now = society.citizens, society.domains, society.conditions
    raised = now.weight * (1 - domains.openness)
    # What is to be seen of a citizen, in one row: how visibly it complies in each domain, its score, its trust.
    sight = np.empty((len(c), len(domains) + 2))
    society.for_all(
        _show_loop,
        domains.lanes,
        c.complies,
        c.visibility,
        c.fair,
        c.unfair,
        domains.openness,
        raised,
        c.authority_trust,
        sight,
    )
    society.for_all(
        _perceive_loop,
        domains.lanes,
        society.ties.indptr,
        society.ties.neighbours,
        sight,
        domains.openness,
        raised,
        now.hidden,
        c.behind,
        now.exemplars,
        society.plan.citizens.memory,
        bool(c.fellows.any()),
        now.group_sight,
        c.group,
        c.inside,
        c.complies,
        c.visibility,
        c.expectation,
        c.regard,
    )
