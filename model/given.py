"""What a society is given: a scenario in one of its forms, a seed, a number of threads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .errors import ScenarioError
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
        scenario = type(scenario).plan
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
    fault = ScenarioError(f"rng {rng!r:.80} is no seed; give a whole number from 0 to {2**64 - 1}")
    if isinstance(rng, int | np.integer):
        # True and False are whole numbers to Python.
        if isinstance(rng, bool) or not 0 <= rng < 2**64:
            raise fault
        return int(rng)
    try:
        return int(np.random.default_rng(rng).integers(2**63))
    except (TypeError, ValueError):
        raise fault from None


def checked_threads(threads: Any) -> int:
    """Number of threads that was given; a ScenarioError where it is no whole number from 1 on."""
    if not isinstance(threads, int) or threads < 1:
        raise ScenarioError(f"threads {threads!r:.80}: give a whole number of at least 1, or None for as many as help")
    return threads
