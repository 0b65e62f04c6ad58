"""Write docs/settings.md and docs/measures.md from the declarations: ``uv run python docs/reference.py``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import glasshouse as gh
from glasshouse.agents.base import KINDS, Measure, Settings
from glasshouse.agents.institutions import INSTITUTIONS
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


def main() -> None:
    """Write both pages."""
    (HERE / "settings.md").write_text(settings_page(), "utf-8")
    (HERE / "measures.md").write_text(measures_page(), "utf-8")


if __name__ == "__main__":
    main()
