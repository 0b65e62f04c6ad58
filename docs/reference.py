"""Write settings.md, measures.md, columns.md and draws.md from the code: ``uv run python docs/reference.py``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from keys import KEYS

import glasshouse as gh
from glasshouse.agents.base import KINDS, Measure, Settings
from glasshouse.agents.citizens import Citizens
from glasshouse.agents.columns import Column
from glasshouse.agents.institutions import INSTITUTIONS, known_purposes
from glasshouse.model.declarations import Declaration, declaration, declarations
from glasshouse.model.domains import DEFAULT_DOMAINS, DomainSettings
from glasshouse.model.measures import declared
from glasshouse.model.measures.declaring import DOMAIN

HERE = Path(__file__).parent

SETTINGS = """# The settings

Written by `docs/reference.py` from the code; do not edit. Paths are used as in `--set citizens.memory=9` and in
scenario files; those of the institutions are on [their page](institutions.md). A range has both ends. Where a sweep, or
the slider on the page, goes over a narrower range, it is given as "explored". What is marked "At the start" takes
effect only when a society is built: a dated change of it is refused.
"""

MEASURES = """# The measures

Written by `docs/reference.py` from the code; do not edit. Each is a column of `Society.history`, with a value for every
week; `gh.measures.declared()` gives the same in Python. A measure of an institution that a society does not have is 0,
or NaN where a share would be of nothing.
"""

COLUMNS = """# The columns of citizens

Written by `docs/reference.py` from the code; do not edit. A column has one value for each citizen (N), or for each
citizen and domain (N×D). Its *lifetime* says when it goes back to its neutral value: never (`always`); at the beginning
of that phase of every week, before anybody acts in it; or, `stated`, when institutions state anew what holds (section 3
of [the ODD](odd.md)). Then columns with a *rule* go back too, whatever their lifetime. The rule is how contributions of
several institutions are put together: `max`, `sum`, `product`, or `either`, 1 − (1 − a)(1 − b); a sum never exceeds
the upper end of the range. In a set of domains bit d stands for domain d.
"""

DRAWS = """# The draws

Written by `docs/reference.py` from the code; do not edit. A draw is a block of four words of 32 bits, Philox4x32-10 of
a counter of four words, *who*, *with whom*, *week* and *purpose*, under the seed as key
([section 4](odd.md#4-design-concepts)). *Person* is the identity of a citizen, *place* its remainder by the number of
founders, d the number of a domain from 0. Where week is 0 the draw is the same whenever it is made. Weeks of settling
are below 0: the word is their remainder by 2³². The last column says which of the four random words count.
"""


def table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> list[str]:
    """Lines of a table."""
    names = list(head)
    lines = ([str(cell).replace("|", "\\|") for cell in row] for row in (names, *rows))
    first, *rest = (f"| {' | '.join(cells)} |" for cells in lines)
    return [first, "|" + "---|" * len(names), *rest]


def described(root: type[Settings]) -> Iterator[Declaration]:
    """Settings of a class; an open table once, with the bounds of what stands in it, and what that is made of."""
    everything = list(declarations(root))
    opened: tuple[str, ...] = ()
    for each in everything:
        if each.path.startswith(opened or "."):
            continue
        if isinstance(each.default, dict):
            opened += (f"{each.path}.",)
            entry = declaration(root, f"{each.path}.<name>") or each
            yield replace(each, low=entry.low, high=entry.high)
            first = f"{each.path}.{next(iter(each.default), '')}."
            inner = [below.path.removeprefix(first) for below in everything if below.path.startswith(first)]
            yield from filter(None, (declaration(root, f"{each.path}.<name>.{name}") for name in inner))
        elif each.kind != "table":
            yield each


def settings_table(found: Iterable[Declaration]) -> list[str]:
    """Table of settings."""
    return table(("setting", "default", "range", "unit", "symbol", "meaning", "source"), map(_row, found))


def _row(each: Declaration) -> tuple[str, ...]:
    spans = [", ".join(each.choices)]
    spans += ["" if low is None or high is None else words + span(low, high) for words, (low, high) in
              (("", (each.low, each.high)), ("explored ", each.explore or (None, None)))]  # fmt: skip
    fixed = " At the start." if each.at_start else ""
    return (f"`{each.path}`", shown(each.default), "; ".join(filter(None, spans)), each.unit, each.symbol,
            each.says + fixed, each.source)  # fmt: skip


def span(low: float, high: float) -> str:
    """A range in words."""
    return f"{low:,.16g} … {high:,.16g}"


def shown(value: Any) -> str:
    """A default in words."""
    if isinstance(value, Settings):
        return " ".join(f"{name} {shown(inner)}" for name, inner in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {shown(inner)}" for name, inner in value.items()) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,.16g}" if isinstance(value, int | float) else "none" if value in (None, "") else str(value)


def settings_page() -> str:
    """All settings but those of institutions."""
    lines = [SETTINGS]
    for part in ("population", "citizens", "domains"):
        found = (each for each in described(gh.Scenario) if each.path.startswith(f"{part}."))
        lines += [f"## {part.capitalize()}", "", *settings_table(found), ""]
    lines += ["A scenario may add domains of any name. These are there unless it removes them:", ""]
    domains = ((f"`{name}`", *(shown(value) for _, value in domain)) for name, domain in DEFAULT_DOMAINS.items())
    lines += [*table(("domain", *(name for name, _ in DomainSettings())), domains), ""]
    return "\n".join(lines)


def measures_page() -> str:
    """All measures, by what they are about."""
    lines = [MEASURES]
    givers = {measure.name: name for name, kind in INSTITUTIONS.items() for measure in kind.measures}
    known = declared([DOMAIN]).values()
    for kind in (*KINDS, ""):
        found = [measure for measure in known if measure.kind == kind]
        if found:
            head = ("measure", "label", "unit", "range", "what it is", "source")
            rows = table(head, (_measure(measure, givers) for measure in found))
            lines += [f"## {kind.capitalize() or 'Other'}", "", *rows, ""]
    return "\n".join(lines)


def _measure(measure: Measure, givers: dict[str, str]) -> tuple[str, ...]:
    by = f" Given by `{givers[measure.name]}`." if measure.name in givers else ""
    return (f"`{measure.name}`", measure.label.replace("<domain>", "…"), measure.unit,
            span(measure.low, measure.high), measure.says.replace(" <domain>", "") + by, measure.source)  # fmt: skip


def columns_page() -> str:
    """All columns: those of the citizens' rules, then those that institutions keep."""
    lines = [COLUMNS]
    for name, columns in (
        ("Citizens", Citizens.own),
        *((kind.__name__, kind.columns) for kind in INSTITUTIONS.values()),
    ):
        if columns:
            head = ("column", "shape", "range", "unit", "neutral", "lifetime", "rule", "meaning")
            lines += [f"## {name}", "", *table(head, (_column(column) for column in columns.values())), ""]
    return "\n".join(lines)


def _column(column: Column) -> tuple[str, ...]:
    neutral = "none" if column.neutral != column.neutral else f"{column.neutral:g}"
    return (f"`{column.name}`", "N×D" if column.by_domain else "N", span(column.low, column.high), column.unit, neutral,
            column.until, column.rule, column.says)  # fmt: skip


def draws_page() -> str:
    """All purposes of draws, each with its key."""
    head = ("number", "purpose", "decides", "who", "with whom", "week", "random words")
    rows = ((number, f"`{name}`", *KEYS[name]) for number, name in sorted(known_purposes().items()))
    return "\n".join([DRAWS, *table(head, rows), ""])


def main() -> None:
    """Write all pages."""
    for name, page in (("settings", settings_page), ("measures", measures_page), ("columns", columns_page),
                       ("draws", draws_page)):  # fmt: skip
        (HERE / f"{name}.md").write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
