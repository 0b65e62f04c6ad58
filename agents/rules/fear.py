"""Learning what deviating leads to (phase `mingle`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..compiled import compiled

if TYPE_CHECKING:
    from ...model.society import Society
    from ..citizens import Floats, Ints, Mask


@compiled
def learned_fear(fear: float, rate: float, sanctioned: bool, vicarious: float, neighbours: float) -> float:
    """Fear after a week: fear + rate · (target − fear).

    The target is 1 where the citizen was itself sanctioned, else `vicarious` times the share of sanctioned
    `neighbours`; where nobody is, fear decays. All in [0, 1].
    """
    target = 1.0 if sanctioned else vicarious * neighbours
    return fear + rate * (target - fear)


@compiled
def _fear_loop(
    start: int,
    stop: int,
    rate: float,
    vicarious: float,
    indptr: Ints,
    neighbours: Mask,
    sanctioned: Mask,
    fear: Floats,
) -> None:
    domains = fear.shape[1]
    count = np.empty(domains)
    for i in range(start, stop):
        count[:] = 0.0
        for t in range(indptr[i], indptr[i + 1]):
            of_neighbour = sanctioned[neighbours[t]]
            if of_neighbour:
                for d in range(domains):
                    count[d] += of_neighbour >> d & 1
        ties = max(1, indptr[i + 1] - indptr[i])
        for d in range(domains):
            fear[i, d] = learned_fear(fear[i, d], rate, sanctioned[i] >> d & 1, vicarious, count[d] / ties)


def learn_fear(society: Society) -> None:
    """Update `fear` of all citizens from this week's sanctions."""
    c, rates = society.citizens, society.scenario.citizens.fear
    society.for_all(
        _fear_loop, rates.learning, rates.vicarious, society.ties.indptr, society.ties.neighbours, c.sanctioned, c.fear
    )
