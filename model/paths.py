"""Dotted paths of settings: all of them, which are fixed, and what is wrong with a value."""

from __future__ import annotations

import math

from pydantic import ValidationError

from ..agents.settings import Settings
from .declarations import Declaration, declaration, declarations
from .errors import nearest, shown


def all_paths(root: type[Settings]) -> list[str]:
    """Dotted path of every setting there is by default, of every institution too."""
    return [declared.path for declared in declarations(root)]


def is_fixed(root: type[Settings], path: str) -> bool:
    """Whether a setting takes effect only when a society is built."""
    declared = declaration(root, path)
    return declared is not None and declared.at_start


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
    if fault["type"] in ("model_type", "model_attributes_type"):
        return f"{prefix}{path.rstrip('.')} = {shown(fault['input'])}: give a table of settings, or true or false{more}"
    return f"{prefix}{path} = {shown(fault['input'])}: {fault['msg'].lower()}{_range(declaration(kind, path))}{more}"


def _range(declared: Declaration | None) -> str:
    if declared is None or declared.low is None or declared.high is None:
        return ""
    unit = f" ({declared.unit})" if declared.unit else ""
    default = "" if declared.default is None else f", the default is {declared.default}"
    beyond = "" if math.isfinite(declared.high) else " and inf is allowed"
    return f"; give a number from {declared.low:,.16g} to {declared.high:,.16g}{unit}{default}{beyond}"
