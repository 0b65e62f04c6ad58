"""The institutions, one file each; here is the one registry."""

from __future__ import annotations

from ..base import Institution
from .court import Court
from .hotline import Hotline
from .reward_scheme import RewardScheme
from .score_bureau import ScoreBureau
from .sensor_network import SensorNetwork

INSTITUTIONS: dict[str, type[Institution]] = {
    kind.name: kind for kind in (SensorNetwork, ScoreBureau, Hotline, RewardScheme, Court)
}
"""Every institution under its name in scenario files."""
