"""What a society is given: a scenario in one of its forms, a seed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..agents.plain import plain
from .errors import ScenarioError, shown
from .mesa_face import MesaScenario
from .scenario import Scenario, scenario_from


def planned(scenario: Any, changes: Mapping[str, Any]) -> Scenario:
    """Scenario that was given as itself, as Mesa has it, by its name or by its file, with changes.

    Raises
    ------
    ScenarioError
        If it is none of these, does not exist, or the changes are not possible.
    """
    if isinstance(scenario, MesaScenario):
        scenario = scenario.beginning.plan
    plan = scenario_from(scenario)
    return plan.change(changes) if changes else plan


def seed_number(rng: Any) -> int:
    """Seed that was given as a number or as what NumPy makes generators of; a fresh one for None.

    Raises
    ------
    ScenarioError
        If it is neither.
    """
    if rng is None:
        return int(np.random.SeedSequence().generate_state(1, np.uint64)[0] >> np.uint64(1))
    fault = ScenarioError(f"rng {shown(rng)} is no seed; give a whole number from 0 to {2**64 - 1}")
    one = plain(rng)
    # True and False are whole numbers to Python, and are drawn from by NumPy.
    if isinstance(one, bool | float):
        raise fault
    if isinstance(one, int):
        if not 0 <= one < 2**64:
            raise fault
        return one
    try:
        return int(np.random.default_rng(rng).integers(2**63))
    except (TypeError, ValueError):
        raise fault from None
