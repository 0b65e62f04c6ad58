"""The twin of a scenario: the same people with the same luck, without institutions."""

from __future__ import annotations

from collections.abc import Mapping

from ...model.scenario import Scenario


def twin_of(plan: Scenario) -> Scenario | None:
    """The scenario without any institution and without the changes that are about one.

    Under the same seed its people are the same and have the same luck, so that every difference to it is what the
    institutions do.

    Returns
    -------
    Scenario or None
        None where the scenario never has an institution, and so is its own twin.
    """
    dated = [change.model_copy(update={"set": _others(change.set)}) for change in plan.dated]
    if not plan.institutions and all(one.set == other.set for one, other in zip(plan.dated, dated, strict=True)):
        return None
    return plan.model_copy(update={"institutions": {}, "dated": tuple(change for change in dated if change.set)})


def _others(changes: Mapping[str, object]) -> dict[str, object]:
    """What is changed besides institutions."""
    return {path: value for path, value in changes.items() if path.split(".")[0] != "institutions"}
