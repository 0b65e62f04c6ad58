"""Purchases, searches, location, cameras: acts detected without a neighbour's eye."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..base import Institution, Settings, parameter
from ..chance import BATCH, SENSOR, Purpose, batch_by_domain, fill_by_domain
from ..compiled import compiled
from ..conditions import either

if TYPE_CHECKING:
    from ...model.society import Society
    from ..citizens import Bits, Floats, Mask


class SensorNetworkSettings(Settings):
    """Settings of the sensors; how well each domain can be sensed is `detection` of the domain."""

    coverage: float = parameter(
        0.8, 0, 1, unit="share", says="Scales every domain's detection rate: how much of life is in reach of sensors."
    )
    false_positive: float = parameter(
        0.02, 0, 1, unit="rate", says="Chance that a detected complying act is recorded as a deviation."
    )
    blind_share: float = parameter(
        0.05, 0, 1, unit="share of citizens", says="Citizens outside the reach of all sensors."
    )


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
    identity: Mask,
    complies: Bits,
    reach: Floats,
    detection: Floats,
    false_positive: float,
    noted: Mask,
    detected: Mask,
) -> None:
    luck = batch_by_domain(len(lanes))
    for first in range(start, stop, BATCH):
        last = min(stop, first + BATCH)
        fill_by_domain(luck[:, : last - first], identity[first:last], step, SENSOR, seed)
        for i in range(first, last):
            good = np.uint32(0)
            bad = np.uint32(0)
            for d in range(len(lanes)):
                chance = reach[i] * detection[d]
                draw = luck[d, i - first]
                complying = complies[i, d] & (not is_misread(draw, chance, false_positive))
                recorded = is_detected(draw, chance)
                good |= np.uint32((recorded & complying) << d)
                bad |= np.uint32((recorded & (complying ^ 1)) << d)
            noted[i] |= good
            detected[i] |= bad


class SensorNetwork(Institution):
    """Detect acts in each domain at `coverage` · detection, for all but the blind share of citizens.

    Phases: `watch`. Being watched is felt as intrusion (reactance, distrust) whether or not anything follows from it.
    """

    settings: SensorNetworkSettings
    zero = {"coverage": 0.0}

    def establish(self, society: Society) -> None:
        """Tell citizens the chance that an act of theirs is detected."""
        c = society.citizens
        blind = c.draw(society, Purpose.BLIND) < self.settings.blind_share
        self.reach = np.where(blind, 0.0, self.settings.coverage)
        c.watched[:] = either(c.watched, self.reach[:, None] * society.domains.detection)

    def watch(self, society: Society) -> None:
        """Record what is detected this week."""
        c = society.citizens
        society.for_all(
            _detect_loop,
            society.domains.lanes,
            society.seed,
            society.week,
            c.identity,
            c.complies,
            self.reach,
            society.domains.detection,
            self.settings.false_positive,
            c.noted,
            c.detected,
        )
