"""Settings: each with default, range, unit, meaning and source; and those of the citizens' rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .plain import plain

ASSUMPTION = "model assumption"


def parameter(
    default: Any,
    low: float,
    high: float,
    *,
    unit: str,
    says: str,
    source: str = ASSUMPTION,
    symbol: str = "",
    explore: tuple[float, float] | None = None,
    at_start: bool = False,
) -> Any:
    """Declare a setting once: default, range, unit, meaning and source.

    Parameters
    ----------
    default
        Value where a scenario names none.
    low, high
        Hard bounds, both included. An infinite `high` allows infinity as a value.
    unit
        Unit in words.
    says
        What the setting means, in one sentence.
    source
        Where the default or the mechanism comes from.
    symbol
        Its symbol in the equations.
    explore
        Range for sweeps, where narrower than the hard bounds.
    at_start
        Whether it only takes effect when the society is built, so that a dated change of it is refused.
    """
    extra: dict[str, Any] = {
        "unit": unit,
        "source": source,
        "symbol": symbol,
        "at_start": at_start,
        "explore": list(explore or ()),
    }
    return Field(default, ge=low, le=high, description=says, json_schema_extra=extra)


def option(default: Any, *, says: str, unit: str = "", source: str = "", at_start: bool = False) -> Any:
    """Declare a setting that has no range: a switch, a choice, a text or a table; as `parameter` for the rest."""
    extra: dict[str, Any] = {"unit": unit, "source": source, "at_start": at_start}
    return Field(default, description=says, json_schema_extra=extra)


class Settings(BaseModel):
    """Validated, immutable settings: unknown names, wrong types, NaN and values out of range are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, ser_json_inf_nan="strings")

    @model_validator(mode="before")
    @classmethod
    def _take_plain(cls, given: Any) -> Any:
        return plain(given)

    def numbers(self) -> dict[str, Any]:
        """The settings that are numbers or switches, by name, as compiled loops read them."""
        return {name: value for name, value in self if isinstance(value, int | float)}


def leaves(settings: Settings, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every setting as (dotted path, value), in order of declaration."""
    for name, value in settings:
        yield from _leaves(value, f"{prefix}{name}")


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Settings):
        yield from leaves(value, f"{path}.")
    elif isinstance(value, Mapping):
        for name, inner in value.items():  # pyright: ignore[reportUnknownVariableType]
            yield from _leaves(inner, f"{path}.{name}")
    else:
        yield path, value
