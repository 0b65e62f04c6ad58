"""What a society is judged by: pure functions of it, each giving some columns of the history."""

from __future__ import annotations

from collections.abc import Callable

from ...agents.view import SocietyView
from . import conformity, justice, order, privacy, structure, trust

MEASURES: tuple[Callable[[SocietyView], dict[str, float]], ...] = (
    conformity.acts,
    conformity.beliefs,
    privacy.exposure,
    privacy.inference,
    trust.trust,
    trust.reports,
    order.order,
    justice.sanctions,
    justice.scores,
    structure.structure,
    structure.standings,
)
"""In the order of the history's columns."""


def measure(society: SocietyView) -> dict[str, float]:
    """All measures of a society as it stands, by column name."""
    return {name: value for function in MEASURES for name, value in function(society).items()}
