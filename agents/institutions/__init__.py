"""The institutions, one file each; here is the one registry."""

from __future__ import annotations

from ..base import Institution
from .attention_platform import AttentionPlatform
from .blacklist import Blacklist
from .broadcaster import Broadcaster
from .court import Court
from .firewall import Firewall
from .honour_board import HonourBoard
from .hotline import Hotline
from .name_and_shame import NameAndShame
from .reward_scheme import RewardScheme
from .score_bureau import ScoreBureau
from .sensor_network import SensorNetwork

INSTITUTIONS: dict[str, type[Institution]] = {
    kind.name: kind
    for kind in (
        SensorNetwork,
        ScoreBureau,
        Hotline,
        RewardScheme,
        Court,
        Firewall,
        Broadcaster,
        HonourBoard,
        NameAndShame,
        Blacklist,
        AttentionPlatform,
    )
}
"""Every institution under its name in scenario files."""
