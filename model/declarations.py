"""What is declared of a setting, by its dotted path: the one place that reads it from the classes of settings."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from ..agents.institutions import INSTITUTIONS
from ..agents.settings import Settings

KINDS: Mapping[Any, Literal["number", "whole", "switch", "text"]] = {
    float: "number",
    int: "whole",
    bool: "switch",
    str: "text",
}


@dataclass(frozen=True)
class Declaration:
    """What is declared of one setting, for everything that reads, shows, varies or describes it.

    Attributes
    ----------
    path
        Its dotted path.
    kind
        What it is: a number, a whole number, a switch, a choice among words, a text, or a table of others.
    default
        Its value where a scenario names none; None where there is none.
    low, high
        Hard bounds, both included; None where there are none.
    explore
        Range for sweeps, where it is narrower than the hard bounds.
    unit, symbol
        Its unit in words, and its symbol in the equations.
    says, source
        What it means, and where the default or the mechanism comes from.
    at_start
        Whether it only takes effect when a society is built.
    choices
        What a choice is among.
    """

    path: str
    kind: Literal["number", "whole", "switch", "choice", "text", "table"]
    default: Any = None
    low: float | None = None
    high: float | None = None
    explore: tuple[float, float] | None = None
    unit: str = ""
    symbol: str = ""
    says: str = ""
    source: str = ""
    at_start: bool = False
    choices: tuple[str, ...] = ()

    @property
    def explored(self) -> tuple[float | None, float | None]:
        """Range for sweeps: the one declared for them, else the hard bounds."""
        return self.explore or (self.low, self.high)


def declaration(root: type[Settings], path: str) -> Declaration | None:
    """Declaration of the setting that a dotted path names; None where it names none.

    The keys of an open table (a domain's points, a tier's floor) may be any; each is as its table says.
    """
    first, *rest = path.split(".")
    place = _below(_top(root), first)
    for name in rest:
        if place is None:
            return None
        place = _below(place, name)
    return None if place is None else _declared(path, place)


def declarations(root: type[Settings]) -> Iterator[Declaration]:
    """Every setting there is by default, of every institution too, tables before what is in them."""
    yield from _all(_top(root), "")


class _Place(NamedTuple):
    """A place in the tree of settings."""

    field: FieldInfo
    """Its type and bounds."""
    default: Any
    about: FieldInfo
    """What is said about it: in an open table, about the table."""


def _top(root: type[Settings]) -> _Place:
    field = FieldInfo.from_annotation(root)
    return _Place(field, None, field)


def _all(place: _Place, prefix: str) -> Iterator[Declaration]:
    for name in _names(place):
        inner = _below(place, name)
        if inner is not None:
            yield _declared(f"{prefix}{name}", inner)
            yield from _all(inner, f"{prefix}{name}.")


def _names(place: _Place) -> Iterable[str]:
    """Names of what is directly below a place by default."""
    kind = _type(place.field)
    if _is_model(kind):
        return kind.model_fields
    if get_origin(kind) is dict:
        return INSTITUTIONS if _type(_entry(kind)) is Settings else place.default or ()
    return ()


def _below(place: _Place, name: str) -> _Place | None:
    kind = _type(place.field)
    if _is_model(kind):
        for known, field in kind.model_fields.items():
            if name in (known, field.alias):
                given = getattr(place.default, known, field.get_default(call_default_factory=True))
                return _Place(field, None if given is PydanticUndefined else given, field)
    elif get_origin(kind) is dict:
        entry = _entry(kind)
        if _type(entry) is Settings:  # a table of settings of any class is that of the institutions
            if name not in INSTITUTIONS:
                return None
            entry = FieldInfo.from_annotation(INSTITUTIONS[name].settings_class)
        return _Place(entry, (place.default or {}).get(name), place.about)
    return None


def _entry(table: Any) -> FieldInfo:
    """Type and bounds of what stands in an open table."""
    return FieldInfo.from_annotation(get_args(table)[1])


def _type(field: FieldInfo) -> Any:
    """Type of a field, without the None that may stand for no value."""
    kind: Any = field.annotation
    if get_origin(kind) in (Union, UnionType):
        kinds = [one for one in get_args(kind) if one is not NoneType]
        return kinds[0] if len(kinds) == 1 else kind
    return kind


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _declared(path: str, place: _Place) -> Declaration:
    kind, about = _type(place.field), place.about
    extra: Any = about.json_schema_extra if isinstance(about.json_schema_extra, dict) else {}
    low, high = (
        next((getattr(bound, end) for bound in place.field.metadata if hasattr(bound, end)), None)
        for end in ("ge", "le")
    )
    choice = get_origin(kind) is Literal
    own = inspect.cleandoc(kind.__doc__ or "").partition("\n")[0] if _is_model(kind) else ""
    return Declaration(
        path,
        "choice" if choice else KINDS.get(kind, "table"),
        place.default,
        low,
        high,
        tuple(extra.get("explore") or ()) or None,
        extra.get("unit", ""),
        extra.get("symbol", ""),
        place.field.description or own or about.description or "",
        extra.get("source", ""),
        bool(extra.get("at_start")),
        get_args(kind) if choice else (),
    )
