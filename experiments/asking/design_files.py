"""What a design's file says, before it is a design: paths in quotes, and files that stand beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ...model.errors import GlasshouseError


class DesignError(GlasshouseError):
    """A design that cannot be carried out."""


def check_quoted(paths: Iterable[str]) -> None:
    """Refuse a name without a dot, as TOML has the first part of a path without quotes.

    Raises
    ------
    DesignError
        With the remedy.
    """
    for path in paths:
        if "." not in path:
            raise DesignError(f'{path}: write the whole path in quotes, such as "population.size"')


FILES = ("population.file", "population.nodes")
"""Settings that are paths."""


def with_files(data: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """A design whose files are found beside it, wherever the command is started."""

    def beside(named: Any, ending: str = "") -> Any:
        if isinstance(named, list):
            return [beside(each, ending) for each in named]  # pyright: ignore[reportUnknownVariableType]
        return str(folder / named) if isinstance(named, str) and named and named.endswith(ending) else named

    def settings(table: Any) -> Any:
        if not isinstance(table, Mapping):
            return table
        return {path: beside(value) if path in FILES else value for path, value in table.items()}  # pyright: ignore[reportUnknownVariableType]

    def values(path: str, given: Any) -> Any:
        known = path in FILES and isinstance(given, Mapping) and "values" in given
        return {**given, "values": beside(given["values"])} if known else given

    found = dict(data)
    if "scenario" in found:
        found["scenario"] = beside(found["scenario"], ".toml")
    if "set" in found:
        found["set"] = settings(found["set"])
    for name in ("points", "leave_out"):
        if isinstance(found.get(name), list):
            found[name] = [settings(each) for each in found[name]]
    if isinstance(found.get("parameters"), Mapping):
        found["parameters"] = {path: values(path, given) for path, given in found["parameters"].items()}
    return found
