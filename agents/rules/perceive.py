"""Seeing what neighbours do, and what a high score would be worth among them (phase `perceive`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..compiled import compiled
from .trust import trust_in_authority

if TYPE_CHECKING:
    from ...model.society import Society
    from ..citizens import Bits, Floats, Ints, Mask


@compiled
def learned_expectation(expectation: float, memory: float, complying: float, deviating: float) -> float:
    """Share of others believed to comply, after new evidence.

    (memory · expectation + complying) / (memory + complying + deviating)

    Evidence-weighted learning of an empirical expectation. `memory` ≥ 0 is the weight of the past, in
    pseudo-observations; `complying` and `deviating` ≥ 0 are what was seen, in observations. With nothing seen and no
    memory the expectation stays.
    """
    evidence = memory + complying + deviating
    if evidence == 0:
        return expectation
    return (memory * expectation + complying) / evidence


@compiled
def _trust_loop(start: int, stop: int, fair: Floats, unfair: Floats, authority_trust: Floats) -> None:
    for i in range(start, stop):
        authority_trust[i] = trust_in_authority(fair[i], unfair[i])


@compiled
def _perceive_loop(
    start: int,
    stop: int,
    indptr: Ints,
    neighbours: Mask,
    complies: Bits,
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
    domains = complies.shape[1]
    complying = np.empty(domains)
    for i in range(start, stop):
        complying[:] = 0.0
        shown = 0.0
        esteem = 0.0
        ties = indptr[i + 1] - indptr[i]
        for t in range(indptr[i], indptr[i + 1]):
            j = neighbours[t]
            shown += visibility[j]
            esteem += authority_trust[j]
            for d in range(domains):
                complying[d] += complies[j, d] * (openness[d] + visibility[j] * raised[d])
        regard[i] = 2 * esteem / ties - 1 if ties > 0 else 0.0
        for d in range(domains):
            deviating = (1 - hidden[d]) * (openness[d] * ties + raised[d] * shown - complying[d])
            expectation[i, d] = learned_expectation(expectation[i, d], memory, complying[d] + exemplars[d], deviating)


def perceive(society: Society) -> None:
    """Update `authority_trust`, `regard` and `expectation` of all citizens.

    A neighbour's act is seen with rate v = openness + visibility · weight · (1 − openness), where `visibility` is
    the neighbour's, and `weight` the domain's share of the score. A firewall hides deviance at rate h.
    """
    c, domains, now = society.citizens, society.domains, society.conditions
    raised = now.weight * (1 - domains.openness)
    society.for_all(_trust_loop, c.fair, c.unfair, c.authority_trust)
    society.for_all(
        _perceive_loop,
        society.ties.indptr,
        society.ties.neighbours,
        c.complies,
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
