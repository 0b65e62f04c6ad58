"""JSON as every reader takes it: RFC 8259 has no infinity and no NaN."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from ...agents.plain import plain


def spelled(value: Any) -> Any:
    """The same as JSON has it: infinity in words, NaN as null, tuples as lists, names as text."""
    if isinstance(value, Mapping):
        return {str(name): spelled(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [spelled(inner) for inner in value]
    value = plain(value)
    if isinstance(value, list):
        return spelled(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    return value


def finite(values: Mapping[str, float]) -> dict[str, float | None]:
    """Values by name, those that are not finite as null."""
    return {name: value if math.isfinite(value) else None for name, value in values.items()}


def to_json(value: Any, indent: int | None = None) -> str:
    """Text of a value."""
    return json.dumps(spelled(value), indent=indent, allow_nan=False)


def number(value: Any) -> Any:
    """A value that was read, with an infinity that was spelled as a number again."""
    return float(value) if value in ("inf", "-inf") else value
