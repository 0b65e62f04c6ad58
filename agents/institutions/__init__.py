"""The institutions, one file each; here is the one registry."""

from __future__ import annotations

from ..base import Institution
from ..citizens import Citizens
from ..columns import Column
from .attention_platform import AttentionPlatform
from .authority import Authority
from .blacklist import Blacklist
from .broadcaster import Broadcaster
from .commercial_score import CommercialScore
from .commune import Commune
from .court import Court
from .credit_bureau import CreditBureau
from .debtor_map import DebtorMap
from .exit import Exit
from .firewall import Firewall
from .firm import Firm
from .honour_board import HonourBoard
from .hotline import Hotline
from .household_registry import HouseholdRegistry
from .local_government import LocalGovernment
from .mass_campaign import MassCampaign
from .name_and_shame import NameAndShame
from .partner_market import PartnerMarket
from .point_market import PointMarket
from .predictor import Predictor
from .reward_scheme import RewardScheme
from .score_bureau import ScoreBureau
from .sensor_network import SensorNetwork
from .tie_sorting import TieSorting
from .work_unit import WorkUnit

INSTITUTIONS: dict[str, type[Institution]] = {
    kind.name: kind
    for kind in (
        Authority,
        LocalGovernment,
        Commune,
        WorkUnit,
        HouseholdRegistry,
        MassCampaign,
        Firewall,
        SensorNetwork,
        Broadcaster,
        ScoreBureau,
        CommercialScore,
        CreditBureau,
        Predictor,
        RewardScheme,
        HonourBoard,
        DebtorMap,
        Hotline,
        PointMarket,
        Firm,
        Court,
        Blacklist,
        NameAndShame,
        PartnerMarket,
        AttentionPlatform,
        TieSorting,
        Exit,
    )
}
"""Every institution under its name in scenario files, in the order in which they act.

What an authority funds and a government corrupts is stated before it is used; a false report is verified after all
reports were made; verdicts come before lists, lists before names; the last to move are the people themselves.
"""


def known_columns() -> dict[str, Column]:
    """Every column of citizens by name: their own, then those that institutions keep as long as they exist."""
    columns = dict(Citizens.own)
    for kind in INSTITUTIONS.values():
        columns |= kind.columns
    return columns
