"""Dotted paths of settings: finding the setting a path names, and saying what is wrong with a value."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from ..agents.base import Settings
from ..agents.institutions import INSTITUTIONS
from .errors import nearest


def field_at(root: type[Settings], path: str) -> FieldInfo | None:
    """Declaration of the setting that a dotted path names; None where it names none.

    The keys of an open table (a domain's points, a tier's floor) may be any, and share the table's declaration.
    """
    return _descend(root, path.split("."))


def _descend(kind: Any, names: list[str]) -> FieldInfo | None:
    for field_name, field in kind.model_fields.items():
        if names[0] not in (field_name, field.alias):
            continue
        rest = names[1:]
        if kind.__name__ == "Scenario" and field_name == "institutions" and rest:
            if rest[0] not in INSTITUTIONS:
                return None
            return field if len(rest) == 1 else _descend(INSTITUTIONS[rest[0]].settings_class, rest[1:])
        inner = field.annotation
        if get_origin(inner) is dict and rest:
            inner, rest = get_args(inner)[1], rest[1:]
        if not rest:
            return field
        return _descend(inner, rest) if isinstance(inner, type) and issubclass(inner, BaseModel) else None
    return None


def all_paths(root: type[Settings]) -> list[str]:
    """Dotted path of every setting there is by default, of every institution too."""
    return list(_all(root(), ""))


def _all(value: Any, prefix: str) -> Iterator[str]:
    if isinstance(value, BaseModel):
        items = {name: getattr(value, name) for name in type(value).model_fields}
    elif isinstance(value, Mapping):
        items = value  # pyright: ignore[reportUnknownVariableType]
    else:
        return
    for name, inner in items.items():
        if prefix == "" and name == "institutions":
            inner = {key: kind.settings_class() for key, kind in INSTITUTIONS.items()}
        yield f"{prefix}{name}"
        yield from _all(inner, f"{prefix}{name}.")


def is_fixed(root: type[Settings], path: str) -> bool:
    """Whether a setting takes effect only when a society is built."""
    field = field_at(root, path)
    extra = field.json_schema_extra if field is not None else None
    return isinstance(extra, dict) and bool(extra.get("at_start"))


def describe_errors(error: ValidationError, kind: type[Settings], prefix: str = "") -> str:
    """First fault found by the validation, in one line: the place, the fault and the remedy."""
    faults = error.errors(include_url=False)
    fault = faults[0]
    path = ".".join(str(part) for part in fault["loc"])
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    if fault["type"] == "value_error":
        words = str(fault.get("ctx", {}).get("error", fault["msg"]))
        place = "" if path and words.startswith(path) else f"{prefix}{path}".rstrip(".")
        return f"{place}{': ' if place else ''}{words}{more}"
    if fault["type"] == "extra_forbidden":
        return f"{prefix}{path}: unknown name; {nearest(path, all_paths(kind))}{more}"
    field = field_at(kind, path)
    return f"{prefix}{path} = {fault['input']!r}: {fault['msg'].lower()}{_range(field)}{more}"


def _range(field: FieldInfo | None) -> str:
    if field is None:
        return ""
    low = next((m.ge for m in field.metadata if hasattr(m, "ge")), None)
    high = next((m.le for m in field.metadata if hasattr(m, "le")), None)
    if low is None or high is None:
        return ""
    extra = field.json_schema_extra
    unit = extra.get("unit", "") if isinstance(extra, dict) else ""
    return f"; give a number from {low:,.16g} to {high:,.16g} ({unit}), the default is {field.default}" + (
        "" if math.isfinite(high) else " and inf is allowed"
    )
