"""The institutions, one file each; here is the one registry."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import Any

from ..base import Institution
from ..chance import Purpose
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
from .gatekeepers import Gatekeepers
from .honour_board import HonourBoard
from .hotline import Hotline
from .household_registry import HouseholdRegistry
from .local_government import LocalGovernment
from .mass_campaign import MassCampaign
from .name_and_shame import NameAndShame
from .partner_market import PartnerMarket
from .pilots import Pilots
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
        Pilots,
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
        Gatekeepers,
        PartnerMarket,
        AttentionPlatform,
        TieSorting,
        Exit,
    )
}
"""Every institution under its name in scenario files, in the order in which they act.

What an authority funds and a government corrupts is stated before it is used; a false report is verified after all
reports were made; verdicts come before lists, lists before names; the last to move are the people themselves. Those of
other packages follow, by name.
"""


def installed() -> dict[str, type[Institution]]:
    """Institutions of other packages, by the entry point `glasshouse.institutions`, in the order of their names.

    One that cannot be used is left out, with a warning that says why.
    """
    found: dict[str, type[Institution]] = {}
    for point in sorted(entry_points(group="glasshouse.institutions"), key=lambda point: point.name):
        try:
            kind = point.load()
        except Exception as error:
            warnings.warn(f"institution {point.value} cannot be imported ({error}) and is left out", stacklevel=2)
            continue
        if fault := fault_of(kind, INSTITUTIONS | found):
            warnings.warn(f"institution {point.value} {fault} and is left out", stacklevel=2)
        else:
            found[kind.name] = kind
    return found


def fault_of(kind: Any, others: Mapping[str, type[Institution]]) -> str:
    """Why something cannot be an institution beside others, in words; empty where it can."""
    if not (isinstance(kind, type) and issubclass(kind, Institution)):
        return "is no subclass of glasshouse.Institution"
    if kind.name in others:
        return f"has the name of another, {kind.name}"
    if taken := kind.columns.keys() & known_columns(others).keys():
        return f"has a column that exists already, {', '.join(sorted(taken))}"
    owners = known_purposes(others)
    for name, number in kind.purposes.items():
        if number in owners:
            return f"has a purpose {name} with the number of {owners[number]}; give it another name"
        owners[number] = f"its {name}"
    return ""


def known_columns(kinds: Mapping[str, type[Institution]] = INSTITUTIONS) -> dict[str, Column]:
    """Every column of citizens by name: their own, then those that institutions keep as long as they exist."""
    columns = dict(Citizens.own)
    for kind in kinds.values():
        columns |= kind.columns
    return columns


def known_purposes(kinds: Mapping[str, type[Institution]] = INSTITUTIONS) -> dict[int, str]:
    """What draws are for, by number: those that depend on no institution, then each institution's own."""
    own = {number: f"{kind.name}.{name}" for kind in kinds.values() for name, number in kind.purposes.items()}
    return {int(purpose): purpose.name for purpose in Purpose} | own


INSTITUTIONS.update(installed())
