"""The report of the verification: a table for the terminal, and a page and data to keep."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape
from math import isfinite
from pathlib import Path
from typing import Any

from rich.table import Column, Table
from rich.text import Text

from ...model.files import written_whole
from ...model.version import __version__
from ..evidence.verification.verify import Verified

STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --soft: #555; --line: #ccc; --bad: #a4161a; --paper: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eee; --soft: #b5b5b5; --line: #444; --bad: #ff8a80; --paper: #161616; }
}
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 76rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
p.of { color: var(--soft); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem .35rem 0; border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td small { color: var(--soft); display: block; overflow-wrap: anywhere; }
strong.fail, strong.error { color: var(--bad); }
"""


def headline(found: Sequence[Verified]) -> str:
    """How many checks there are, and how many do not pass."""
    passed, absent = (sum(each.verdict == verdict for each in found) for verdict in ("pass", "not here"))
    bad = len(found) - passed - absent
    words = "all pass" if passed == len(found) else f"{passed} pass, {bad} do not"
    return f"{len(found)} check{'s' * (len(found) != 1)}: {words}" + (f", {absent} not here" if absent else "")


def number(value: float) -> str:
    """A number as it is printed; empty for one that is none."""
    return f"{value:.6g}" if isfinite(value) else ("" if value != value else ("∞" if value > 0 else "−∞"))


def asked(each: Verified) -> str:
    """The number that is expected with its tolerance, or the range."""
    check = each.check
    if check.expected is None:
        return f"{number(check.low)} … {number(check.high)}"
    off = check.high - check.expected
    return number(check.expected) + (f" ± {number(off)}" if off > 0 else "")


def groups(found: Iterable[Verified]) -> dict[str, list[Verified]]:
    """Checks by group, in the order in which groups come first."""
    by_group: dict[str, list[Verified]] = {}
    for each in found:
        by_group.setdefault(each.check.group, []).append(each)
    return by_group


def table(found: Sequence[Verified]) -> Table:
    """Checks with what was expected, what came out, and the verdict."""
    columns = (Column(name, justify="right", no_wrap=True) for name in ("expected", "got"))
    rows = Table("Check", *columns, Column("", no_wrap=True), box=None, title=headline(found), title_justify="left")
    for group, checks in groups(found).items():
        rows.add_row(Text(group, "bold"))
        for each in checks:
            verdict = each.verdict if each.verdict == "pass" else Text(each.verdict, "bold red")
            rows.add_row(f"  {each.check.name}", asked(each), number(each.got), verdict)
    return rows


def as_data(found: Sequence[Verified]) -> list[dict[str, Any]]:
    """Checks as data; numbers that are none, or have no end, are null."""

    def plain(value: float | None) -> float | None:
        return value if value is not None and isfinite(value) else None

    return [
        {
            "check": each.check.name,
            "group": each.check.group,
            "compares": each.check.compares,
            "source": each.check.source,
            "expected": plain(each.check.expected),
            "low": plain(each.check.low),
            "high": plain(each.check.high),
            "tolerance": None if each.check.expected is None else each.check.high - each.check.expected,
            "got": plain(each.got),
            "verdict": each.verdict,
        }
        for each in found
    ]


def write_json(found: Sequence[Verified], path: Path) -> None:
    """Write checks as JSON, whole or not at all."""
    text = json.dumps({"glasshouse": __version__, "checks": as_data(found)}, indent=1, ensure_ascii=False)
    with written_whole(path) as temporary:
        temporary.write_text(f"{text}\n", "utf-8")


def write_page(found: Sequence[Verified], path: Path) -> None:
    """Write checks as one page that needs nothing else, whole or not at all."""
    sections = "".join(_section(group, checks) for group, checks in groups(found).items())
    text = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>glasshouse: verification</title><style>{STYLE}</style></head>\n<body><main>"
        f"<h1>{escape(headline(found))}</h1>\n"
        f'<p class="of">glasshouse {escape(__version__)}. Every number below was computed for this page, save those '
        "whose source says “as recorded”, which are counted from a table that took hours; each must lie in the range "
        f"that is expected, for the reason that its source gives.</p>\n{sections}</main></body></html>\n"
    )
    with written_whole(path) as temporary:
        temporary.write_text(text, "utf-8")


def _section(group: str, checks: Sequence[Verified]) -> str:
    rows = "".join(
        f"<tr><td>{escape(each.check.name)}<small>{escape(each.check.compares)}</small>"
        f"<small>{escape(each.check.source)}</small></td>"
        f'<td class="number">{escape(asked(each))}</td><td class="number">{escape(number(each.got))}</td>'
        f"<td>{_verdict(each.verdict)}</td></tr>\n"
        for each in checks
    )
    heads = (
        '<tr><th scope="col">Check</th><th scope="col" class="number">Expected</th>'
        '<th scope="col" class="number">Got</th><th scope="col">Verdict</th></tr>'
    )
    # What scrolls must be reached by keyboard.
    return (
        f"<h2>{escape(group)}</h2>\n"
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(group)}"><table><thead>{heads}</thead>'
        f"<tbody>\n{rows}</tbody></table></div>\n"
    )


def _verdict(verdict: str) -> str:
    return verdict if verdict in ("pass", "not here") else f'<strong class="{verdict}">{verdict}</strong>'
