"""How a measure is declared: beside the function that computes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from ...agents.base import Measure
from ...agents.view import SocietyView
from .sums import Sums

Weekly = Callable[[SocietyView, Sums], dict[str, float]]
"""What gives some measures of a week, by column name."""

GIVEN: dict[Weekly, tuple[Measure, ...]] = {}
"""What each function gives, in the order of its values."""

DOMAIN = "<domain>"
"""Stands for the name of every domain in the declaration of what is measured in each."""


def gives(kind: str, *measures: Measure) -> Callable[[Weekly], Weekly]:
    """Declare the measures that a function gives, in their order, all of one kind."""

    def declare(function: Weekly) -> Weekly:
        GIVEN[function] = tuple(replace(measure, kind=kind) for measure in measures)
        return function

    return declare


def in_domains(measure: Measure, domains: Iterable[str]) -> Iterator[Measure]:
    """A measure as it stands, or one for each domain where its name stands for that of a domain."""
    if DOMAIN not in measure.name:
        yield measure
        return
    for domain in domains:
        name, label, says = (text.replace(DOMAIN, domain) for text in (measure.name, measure.label, measure.says))
        yield replace(measure, name=name, label=label, says=says)
