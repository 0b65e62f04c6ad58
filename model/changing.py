"""Changing settings by their paths, without losing others."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from ..agents.plain import plain
from ..agents.settings import Settings
from .declarations import declaration
from .errors import ScenarioError, shown
from .paths import all_paths, nearest


def refuse_unread(settings: Mapping[str, Any]) -> None:
    """Refuse files of a graph beside a network that is generated, where nothing says which is meant."""
    for path in ("population.file", "population.nodes"):
        if settings.get(path) and "population.network" not in settings:
            raise ScenarioError(f'{path}: is read only where population.network = "file"; set that too')


def put(root: type[Settings], data: dict[str, Any], path: str, value: Any) -> None:
    """Set one value in nested tables, refusing a path that leads nowhere."""
    *tables, last = path.split(".")
    if declaration(root, path) is None:
        raise ScenarioError(f"{path}: unknown name; {nearest(path, all_paths(root))}")
    table_of = isinstance(value, Mapping)
    if not table_of and path in ("population", "citizens", "domains", "institutions"):
        raise ScenarioError(f"{path}: is a whole table; change one of its settings, by its path")
    if table_of and not _stands_alone(root, path) and not _is_whole(root, path, value):
        raise ScenarioError(
            f"{path}: is a whole table, of which every other setting would be lost; "
            + (
                f"write the whole path in quotes, such as {_spelled(path, value)}"
                if value
                else "remove each by its path"
            )
        )
    table = data
    for name in tables:
        inner = table.get(name)
        if not isinstance(inner, dict):
            raise ScenarioError(f"{path}: there is no {'.'.join(tables)} in this scenario; add it first")
        table = inner
    if tables in (["domains"], ["institutions"]):
        value = False if value is None else {} if plain(value) is True else value
    # A copy: a later change of a path below would else be written into the caller's own table.
    table[last] = deepcopy(value)


def _stands_alone(root: type[Settings], path: str) -> bool:
    """Whether a table is given as one: an institution, a domain, an open table or an entry of one.

    All other tables are parts of the scenario. TOML has a path without quotes as such tables within each other.
    """
    parent = path.rpartition(".")[0]
    tables = (path, parent) if parent else (path,)
    return parent in ("domains", "institutions") or any(declaration(root, f"{table}.?") is not None for table in tables)


def _is_whole(root: type[Settings], path: str, value: Mapping[str, Any]) -> bool:
    """Whether a table gives every setting that it has, so that none is lost."""
    names = {inner.removeprefix(f"{path}.") for inner in all_paths(root) if inner.startswith(f"{path}.")}
    return bool(names) and names == set(value)


def _spelled(path: str, value: Any) -> str:
    """The first setting in tables within each other, as it should be written."""
    while isinstance(value, Mapping) and value:
        name, value = next(iter(value.items()))  # pyright: ignore[reportUnknownVariableType]
        path = f"{path}.{name}"
    return f'"{path}" = {shown(value)}'
