"""What a society is judged by: each measure a pure function of the week's sums, declared beside it."""

from __future__ import annotations

from collections.abc import Iterable

from ...agents.base import Measure
from ...agents.institutions import INSTITUTIONS
from ...agents.view import SocietyView
from ..domains import DEFAULT_DOMAINS
from . import conformity, justice, order, privacy, structure, trust
from .declaring import GIVEN, Weekly, in_domains
from .sums import sum_up

MEASURES: tuple[Weekly, ...] = (
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


def declared(domains: Iterable[str] = DEFAULT_DOMAINS) -> dict[str, Measure]:
    """Declaration of every measure by column name, in the order of the history's columns, institutions' last.

    Parameters
    ----------
    domains
        Names of the domains, as in `Society.domains.names` or `Scenario.domain_names`; some measures are of each.

    Examples
    --------
    >>> declared()["pressure"].label
    'Only under pressure'
    """
    names = tuple(domains)
    common = (one for function in MEASURES for given in GIVEN[function] for one in in_domains(given, names))
    own = (measure for kind in INSTITUTIONS.values() for measure in kind.measures)
    return {measure.name: measure for measure in (*common, *own)}
