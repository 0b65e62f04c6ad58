"""Settings as a page shows them, made from their own declarations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal, get_args, get_origin

from ...model.paths import field_at, is_fixed
from ...model.scenario import Scenario

GROUPS = {
    "population": "The people",
    "citizens": "What moves them",
    "domains": "Domains of behaviour",
}


NOT_HERE = ("population.file", "population.nodes", "population.ratings")
"""Settings about files, which a page does not open."""


@dataclass(frozen=True)
class Control:
    """One setting.

    Attributes
    ----------
    path, group, label
        Its path, where it stands, and its name.
    kind
        What it is: a number, a whole number, a switch, or a choice.
    value
        Its value now.
    low, high
        Ends of a slider: the range for sweeps, else the hard bounds, else around the value.
    choices
        What a choice is among.
    unit, says, source
        As declared.
    fixed
        Whether it takes effect only at the start.
    """

    path: str
    group: str
    label: str
    kind: Literal["number", "whole", "switch", "choice"]
    value: Any
    low: float = 0.0
    high: float = 1.0
    choices: tuple[str, ...] = ()
    unit: str = ""
    says: str = ""
    source: str = ""
    fixed: bool = False

    @property
    def hint(self) -> str:
        """What it means, its unit and range, and where the default comes from."""
        parts = [
            self.says,
            f"Unit: {self.unit}." if self.unit else "",
            f"Source: {self.source}." if self.source else "",
        ]
        return " ".join(part for part in [*parts, "Takes effect from the start." if self.fixed else ""] if part)


def controls(scenario: Scenario, most_citizens: int) -> list[Control]:
    """Controls of every setting that a page may change, in the order of declaration."""
    return [control for path, value in scenario.settings().items() for control in _control(path, value, most_citizens)]


def _control(path: str, value: Any, most_citizens: int) -> Iterator[Control]:
    field = field_at(Scenario, path)
    if field is None or path in NOT_HERE:
        return
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    first, *rest = path.split(".")
    group = rest[0] if first == "institutions" else GROUPS[first]
    if first == "domains":
        group = f"Domain: {rest[0]}"
    label = ".".join(rest[1:] if first in ("institutions", "domains") else rest).replace("_", " ")
    common: dict[str, Any] = {
        "path": path,
        "group": group,
        "label": label,
        "value": value,
        "unit": str(extra.get("unit", "")),
        "says": field.description or "",
        "source": str(extra.get("source", "")),
        "fixed": is_fixed(Scenario, path),
    }
    kind = field.annotation
    if isinstance(value, bool):
        yield Control(kind="switch", **common)
    elif get_origin(kind) is Literal:
        yield Control(kind="choice", choices=tuple(name for name in get_args(kind) if name != "file"), **common)
    elif isinstance(value, int | float) and isfinite(value):
        low, high = _ends(field, extra, float(value))
        if path == "population.size":
            high = min(high, most_citizens)
        yield Control(kind="whole" if isinstance(value, int) else "number", low=low, high=high, **common)


def _ends(field: Any, extra: Mapping[str, Any], value: float) -> tuple[float, float]:
    explore = extra.get("explore")
    if explore:
        low, high = explore
    else:
        low, high = (next((getattr(m, n) for m in field.metadata if hasattr(m, n)), None) for n in ("ge", "le"))
        # A hard bound that nobody goes to would leave the slider no room where it matters.
        far = 50 * max(1.0, abs(value))
        high = max(1.0, 4 * value) if high is None or high > far else high
        low = min(0.0, 4 * value) if low is None or low < -far else low
    return min(float(low), value), max(float(high), value)
