"""Purchases, searches, location, cameras: acts detected without a neighbour's eye."""

from __future__ import annotations

import numpy as np

from ..base import Institution, Settings, parameter
from ..chance import OwnPurpose
from ..sensing import detect
from ..view import SocietyView


class SensorNetworkSettings(Settings):
    """Settings of the sensors; how well each domain can be sensed is `detection` of the domain."""

    coverage: float = parameter(
        1.0, 0, 1, unit="share", says="Scales every domain's detection rate: how much of life is in reach of sensors."
    )
    false_positive: float = parameter(
        0.02, 0, 1, unit="rate", says="Chance that a detected complying act is recorded as a deviation."
    )
    blind_share: float = parameter(
        0.05, 0, 1, unit="share of citizens", says="Citizens outside the reach of all sensors."
    )


class SensorNetwork(Institution):
    """Detect acts in each domain at `coverage` · detection, for all but the blind share of citizens.

    Phases: `watch`. Being watched is felt as intrusion (reactance, distrust) whether or not anything follows from it.
    """

    settings: SensorNetworkSettings
    zero = {"coverage": 0.0}
    SENSOR = OwnPurpose(20)
    BLIND = OwnPurpose(21)

    def establish(self, society: SocietyView) -> None:
        """Add the chance of detection to `watched`."""
        c = society.citizens
        coverage = min(1.0, self.settings.coverage * society.conditions.funded("sensors"))
        blind = c.draw(society.seed, self.BLIND) < self.settings.blind_share
        self.reach = np.where(blind, 0.0, coverage)
        c.contribute("watched", self.reach[:, None] * society.domains.detection)

    def watch(self, society: SocietyView) -> None:
        """Write the week's detected acts into `noted` and `detected`."""
        detect(society, self.SENSOR, self.reach, society.domains.detection, self.settings.false_positive)
