"""Seeing what neighbours do, and what a high score would be worth among them (phase `perceive`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..compiled import compiled
from .trust import trust_in_authority

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
    shown: Floats,
    authority_trust: Floats,
) -> None:
    for i in range(start, stop):
        authority_trust[i] = trust_in_authority(fair[i], unfair[i])
        for d in range(len(lanes)):
            shown[i, d] = complies[i, d] * (openness[d] + visibility[i] * raised[d])


@compiled
def _perceive_loop(
    start: int,
    stop: int,
    lanes: tuple[int, ...],
    indptr: Ints,
    neighbours: Rows,
    shown: Floats,
    visibility: Floats,
    authority_trust: Floats,
    openness: Floats,
    raised: Floats,
    hidden: Floats,
    exemplars: Floats,
    memory: float,
    expectation: Floats,
    regard: Floats,
) -> None:
    complying = np.empty(len(lanes))
    for i in range(start, stop):
        complying[:] = 0.0
        scores_shown = 0.0
        esteem = 0.0
        for t in range(indptr[i], indptr[i + 1]):
            j = neighbours[t]
            scores_shown += visibility[j]
            esteem += authority_trust[j]
            for d in range(len(lanes)):
                complying[d] += shown[j, d]
        ties = indptr[i + 1] - indptr[i]
        regard[i] = 2 * esteem / ties - 1 if ties > 0 else 0.0
        for d in range(len(lanes)):
            deviating = (1 - hidden[d]) * max(0.0, openness[d] * ties + raised[d] * scores_shown - complying[d])
            expectation[i, d] = learned_expectation(expectation[i, d], memory, complying[d] + exemplars[d], deviating)


def perceive(society: Society) -> None:
    """Update `authority_trust`, `shown`, `regard` and `expectation` of all citizens.

    A neighbour's act is seen with rate v = openness + visibility · weight · (1 − openness), where `visibility` is
    the neighbour's, and `weight` the domain's share of the score. A firewall hides deviance at rate h.
    """
    c, domains, now = society.citizens, society.domains, society.conditions
    raised = now.weight * (1 - domains.openness)
    society.for_all(
        _show_loop,
        domains.lanes,
        c.complies,
        c.visibility,
        c.fair,
        c.unfair,
        domains.openness,
        raised,
        c.shown,
        c.authority_trust,
    )
    society.for_all(
        _perceive_loop,
        domains.lanes,
        society.ties.indptr,
        society.ties.neighbours,
        c.shown,
        c.visibility,
        c.authority_trust,
        domains.openness,
        raised,
        now.hidden,
        now.exemplars,
        society.scenario.citizens.memory,
        c.expectation,
        c.regard,
    )
