"""What every institution is made of: its settings, and the nine phases in which it may act."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import mesa
from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from ..model.society import Society

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


class Settings(BaseModel):
    """Validated, immutable settings: unknown names, wrong types, NaN and values out of range are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, ser_json_inf_nan="strings")


class Institution(mesa.Agent[Any]):
    """Something with power over citizens; acts in any of the nine phases by defining a method of that name.

    An institution touches citizens only through their columns and the society's `conditions`, never another
    institution. Its life has three moments besides the phases:

    `enter` (once, when it comes into being), `establish` (whenever the set of institutions or any setting has
    changed, or citizens moved, joined or left, after `conditions` and the columns in `STATED` were reset: state what
    holds for all citizens until then) and `leave`. Rows of citizens close up behind those who emigrate, between weeks:
    what an institution keeps of its own for each citizen is by `node`, or in a column.

    Attributes
    ----------
    name
        Its name in scenario files: the class's name in snake case.
    settings
        Its settings, replaced as a whole by a dated change. The annotation of `settings` in a subclass names their
        class, which is then found as `settings_class`.
    zero
        Settings under which it has no strength at all: with them a run is the same, bit for bit, as without it.
    """

    name: ClassVar[str]
    settings_class: ClassVar[type[Settings]]
    zero: ClassVar[Mapping[str, Any]]
    settings: Any

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()
        cls.settings_class = inspect.get_annotations(cls, eval_str=True)["settings"]

    def __init__(self, society: Society, settings: Settings) -> None:
        super().__init__(society)  # pyright: ignore[reportUnknownMemberType]
        self.settings = settings

    def enter(self, society: Society) -> None:
        """Come into being."""

    def establish(self, society: Society) -> None:
        """State what holds for all citizens from now on."""

    def leave(self, society: Society) -> None:
        """Cease to exist."""

    def perceive(self, society: Society) -> None:
        """Phase 1."""

    def act(self, society: Society) -> None:
        """Phase 2."""

    def watch(self, society: Society) -> None:
        """Phase 3."""

    def judge(self, society: Society) -> None:
        """Phase 4."""

    def score(self, society: Society) -> None:
        """Phase 5."""

    def sanction(self, society: Society) -> None:
        """Phase 6."""

    def mingle(self, society: Society) -> None:
        """Phase 7."""

    def internalise(self, society: Society) -> None:
        """Phase 8."""

    def measure(self, society: Society) -> None:
        """Phase 9."""


def leaves(settings: Settings, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every setting as (dotted path, value), in order of declaration."""
    for name in type(settings).model_fields:
        yield from _leaves(getattr(settings, name), f"{prefix}{name}")


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Settings):
        yield from leaves(value, f"{path}.")
    elif isinstance(value, Mapping):
        for name, inner in value.items():  # pyright: ignore[reportUnknownVariableType]
            yield from _leaves(inner, f"{path}.{name}")
    else:
        yield path, value
