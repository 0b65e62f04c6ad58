"""Detecting acts without a neighbour's eye: what every institution that watches has in common."""

from __future__ import annotations

import numpy as np

from .chance import BATCH, Words, batch_by_domain, fill_by_domain
from .citizens import Citizens
from .columns import Floats
from .compiled import compiled
from .view import Domains, SocietyView


@compiled
def is_detected(draw: float, detection: float) -> bool:
    """Whether the sensors record an act, with probability `detection`; `draw` is uniform in (0, 1)."""
    return draw < detection


@compiled
def is_misread(draw: float, detection: float, false_positive: float) -> bool:
    """Whether a complying act is recorded as a deviation: the share `false_positive` of those that are detected."""
    return draw < detection * false_positive


@compiled
def _detect_loop(
    start: int,
    stop: int,
    c: Citizens,
    domains: Domains,
    in_reach: Floats,
    detection: Floats,
    false_positive: float,
    chance: tuple[Words, int, int],
) -> None:
    seed, step, purpose = chance
    luck = batch_by_domain(len(domains.lanes))
    for first in range(start, stop, BATCH):
        last = min(stop, first + BATCH)
        fill_by_domain(luck[:, : last - first], c.identity[first:last], step, purpose, seed)
        reach, covered, faked = c.reach[first:last], in_reach[first:last], c.faked[first:last]
        noted, detected = c.noted[first:last], c.detected[first:last]
        for d in range(len(domains.lanes)):
            draws, complies, rate = luck[d], c.complies[first:last, d], detection[d]
            for k in range(last - first):
                chance_of_one = covered[k] * reach[k] * rate
                apparent = (complies[k] | (faked[k] >> d & 1)) != 0
                complying = apparent & (not is_misread(draws[k], chance_of_one, false_positive))
                recorded = is_detected(draws[k], chance_of_one)
                noted[k] |= np.uint32((recorded & complying) << d)
                detected[k] |= np.uint32((recorded & (not complying)) << d)


def detect(society: SocietyView, purpose: int, in_reach: Floats, detection: Floats, false_positive: float) -> None:
    """Record the week's acts that are detected, in `noted` (complying) and `detected` (deviating).

    Who lives where it is not registered is out of reach as far as its column `reach` says; a deviation that was faked
    passes for complying.

    Parameters
    ----------
    society
        The society.
    purpose
        Of the draws.
    in_reach
        Shape (N,), [0, 1]: how far each citizen is in reach of these sensors.
    detection
        Shape (D,), [0, 1]: chance that an act in full reach is detected.
    false_positive
        Share of the detected complying acts that are recorded as deviating.
    """
    chance = (society.seed, society.week, purpose)
    society.for_all(_detect_loop, society.citizens, society.domains, in_reach, detection, false_positive, chance)
