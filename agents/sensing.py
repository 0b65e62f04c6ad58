"""Detecting acts without a neighbour's eye: what every institution that watches has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .chance import BATCH, Purpose, batch_by_domain, fill_by_domain
from .compiled import compiled

if TYPE_CHECKING:
    from ..model.society import Society
    from .citizens import Bits, Floats, Mask


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
    lanes: tuple[int, ...],
    seed: Mask,
    step: int,
    purpose: int,
    identity: Mask,
    complies: Bits,
    in_reach: Floats,
    reach: Floats,
    faked: Mask,
    detection: Floats,
    false_positive: float,
    noted: Mask,
    detected: Mask,
) -> None:
    luck = batch_by_domain(len(lanes))
    for first in range(start, stop, BATCH):
        last = min(stop, first + BATCH)
        fill_by_domain(luck[:, : last - first], identity[first:last], step, purpose, seed)
        for i in range(first, last):
            good = np.uint32(0)
            bad = np.uint32(0)
            for d in range(len(lanes)):
                chance = in_reach[i] * reach[i] * detection[d]
                draw = luck[d, i - first]
                apparent = (complies[i, d] | (faked[i] >> d & 1)) != 0
                complying = apparent & (not is_misread(draw, chance, false_positive))
                recorded = is_detected(draw, chance)
                good |= np.uint32((recorded & complying) << d)
                bad |= np.uint32((recorded & (not complying)) << d)
            noted[i] |= good
            detected[i] |= bad


def detect(society: Society, purpose: Purpose, in_reach: Floats, detection: Floats, false_positive: float) -> None:
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
    c = society.citizens
    society.for_all(
        _detect_loop,
        society.domains.lanes,
        society.seed,
        society.week,
        int(purpose),
        c.identity,
        c.complies,
        in_reach,
        c.reach,
        c.faked,
        detection,
        false_positive,
        c.noted,
        c.detected,
    )
