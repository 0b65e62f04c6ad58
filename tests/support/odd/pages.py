"""Reading numbers and settings from the pages of the documentation."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[3] / "docs"

Tables = dict[str, list[list[str]]]


def tables(text: str) -> Tables:
    """Rows of cells of every table, by the headings above it, those of one heading one after the other."""
    found: Tables = {}
    chapter = part = ""
    for line in text.splitlines():
        if line.startswith("## "):
            chapter, part = line[3:], ""
        elif line.startswith("### "):
            part = line[4:]
        elif line.startswith("| ") and not line.startswith("|---"):
            cells = [cell.strip().strip("`") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            found.setdefault(f"{chapter}, {part}" if part else chapter, []).append(cells)
    return found


def value(words: str) -> Any:
    """A setting as it is written in a table."""
    if words in ("yes", "no"):
        return words == "yes"
    if ": " in words:
        return {name: value(inner) for name, inner in (part.split(": ", 1) for part in words.split("; "))}
    pairs = words.split()
    if len(pairs) > 1 and len(pairs) % 2 == 0:
        return {name: value(inner) for name, inner in zip(pairs[::2], pairs[1::2], strict=True)}
    try:
        return float(words.replace(",", ""))
    except ValueError:
        return None if words == "none" else words


def settings(changed: list[list[str]]) -> dict[str, Any]:
    """Every setting by its path: the defaults of the pages, and what the example changes."""
    found: dict[str, Any] = {}
    for part in ("Population", "Citizens"):
        found |= {path: value(default) for path, default, *_ in tables((DOCS / "settings.md").read_text("utf-8"))[part]}
    text = (DOCS / "institutions.md").read_text("utf-8")
    for section in text.split("\n## ")[1:]:
        name = re.search(r"`institutions\.(\w+)`", section)
        if name:
            for path, default, *_ in tables(f"## x\n{section}")["x"]:
                found[f"institutions.{name[1]}.{path}"] = value(default)
    head, *rows = tables((DOCS / "settings.md").read_text("utf-8"))["Domains"][-7:]
    domains = {row[0]: dict(zip(head[1:], map(value, row[1:]), strict=True)) for row in rows}
    for path, new in changed:
        if path.startswith("domains."):
            del domains[path.split(".")[1]]
        else:
            assert path == "setting" or path in found, path
            found[path] = value(new)
    return found | {"domains": domains}
