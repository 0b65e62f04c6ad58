"""What a society is judged by: each measure a pure function of the week's sums, declared beside it."""

from __future__ import annotations

from collections.abc import Callable

from ...agents.institutions import INSTITUTIONS
from ...agents.view import SocietyView
from . import conformity, justice, order, privacy, structure, trust
from .sums import Sums, sum_up

MEASURES: tuple[Callable[[SocietyView, Sums], dict[str, float]], ...] = (
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
)
"""In the order of the history's columns; those of institutions follow."""


def measure(society: SocietyView) -> dict[str, float]:
    """All measures of a society as it stands, by column name, whether or not the institutions that give them exist."""
    sums = sum_up(society)
    row: dict[str, float] = {}
    for function in MEASURES:
        row |= function(society, sums)
    for name, kind in INSTITUTIONS.items():
        if kind.measures:
            here = society.institutions.get(name)
            row |= here.measured(society) if here is not None else {m.name: m.absent for m in kind.measures}
    return row
