"""Purchases, searches, location, conversations: acts detected without a neighbour's eye."""

from __future__ import annotations

import numpy as np

from ..base import Institution, Settings, parameter
from ..chance import OwnPurpose
from ..columns import Floats
from ..sensing import detect
from ..view import SocietyView

SENSED = {
    "curiosity": "search",
    "order": "place",
    "civic": "place",
    "debt": "payment",
    "consumption": "payment",
    "dissent": "talk",
}
"""Channel that shows the acts of a domain, by the domain's role."""


class ChannelSettings(Settings):
    """How far each channel is in reach of the sensors, as a share of `coverage`."""

    search: float = parameter(
        1.0, 0, 1, unit="share of coverage", says="Searches: what people look up (role `curiosity`)."
    )
    place: float = parameter(
        1.0, 0, 1, unit="share of coverage", says="Cameras and location: roles `order` and `civic`."
    )
    payment: float = parameter(1.0, 0, 1, unit="share of coverage", says="Payments: roles `debt` and `consumption`.")
    talk: float = parameter(1.0, 0, 1, unit="share of coverage", says="Messages and calls: the role `dissent`.")


class SensorNetworkSettings(Settings):
    """Settings of the sensors; how well each domain can be sensed is `detection` of the domain."""

    coverage: float = parameter(
        1.0, 0, 1, unit="share", says="Scales every domain's detection rate: how much of life is in reach of sensors."
    )
    channels: ChannelSettings = ChannelSettings()
    false_positive: float = parameter(
        0.02, 0, 1, unit="rate", says="Chance that a detected complying act is recorded as a deviation."
    )
    blind_share: float = parameter(
        0.05, 0, 1, unit="share of citizens", says="Citizens outside the reach of all sensors."
    )


class SensorNetwork(Institution):
    """Detect acts in each domain at `coverage` · channel · detection, for all but the blind share of citizens.

    Phases: `watch`. The channel is the one that shows acts in the domain: searches what is looked up, places what is
    done in public, payments what is bought and paid, talk what is said; a domain of another role, or of none, is sensed
    by all of them together, at `coverage` alone. What can be sensed can have consequences, as people believe: they act
    by the chance of being known, whether or not anything follows from it, and feel it as intrusion (reactance,
    distrust).
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
        c.contribute("watched", self.reach, self._detection(society))

    def _detection(self, society: SocietyView) -> Floats:
        """Chance that sensors at full coverage detect an act, shape (D,)."""
        detection = society.domains.detection.copy()
        for role, channel in SENSED.items():
            d = society.domains.role(role)
            if d >= 0:
                detection[d] *= getattr(self.settings.channels, channel)
        return detection

    def watch(self, society: SocietyView) -> None:
        """Write the week's detected acts into `noted` and `detected`."""
        detect(society, self.SENSOR, self.reach, self._detection(society), self.settings.false_positive)
