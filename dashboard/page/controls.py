"""Settings as a page shows them, made from their own declarations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import Any, Literal

from ...agents.institutions import INSTITUTIONS
from ...model.declarations import Declaration, declaration
from ...model.scenario import Scenario
from .levers import LEVERS, Lever, in_percent, institution_name, setting_name
from .words import acts_in

GROUPS = {
    "population": "The people",
    "citizens": "What moves them",
    "domains": "What they do",
    "institutions": "Institutions",
}


NOT_HERE = ("population.file", "population.nodes", "population.ratings")
"""Settings about files, which a page does not open."""


@dataclass(frozen=True)
class Control:
    """One setting.

    Attributes
    ----------
    path, group, heading, label
        Its path, where it stands, under which heading, and its name.
    kind
        What it is: a number, a whole number, a switch, or a choice.
    value
        Its value now.
    low, high
        Ends of a slider: the range for sweeps, else the hard bounds, else around the value.
    choices
        What a choice is among.
    unit, symbol, says, source
        As declared.
    fixed
        Whether it takes effect only at the start.
    percent
        Whether it is shown in percent.
    ends
        What its lowest and its highest value mean.
    """

    path: str
    group: str
    heading: str
    label: str
    kind: Literal["number", "whole", "switch", "choice"]
    value: Any
    low: float = 0.0
    high: float = 1.0
    choices: tuple[str, ...] = ()
    unit: str = ""
    symbol: str = ""
    says: str = ""
    source: str = ""
    fixed: bool = False
    percent: bool = False
    ends: tuple[str, str] = ("", "")

    @property
    def step(self) -> float:
        """Smallest move of a slider: a whole number, or about a hundredth of the range, rounded."""
        if self.kind == "whole":
            return float(max(1, round((self.high - self.low) / 200)))
        return float(10 ** floor(log10((self.high - self.low) or 1)) / 100)

    @property
    def hint(self) -> str:
        """What it means, its unit and symbol, and where the default comes from."""
        parts = [
            self.says,
            f"Unit: {self.unit}." if self.unit else "",
            f"Symbol: {self.symbol}." if self.symbol else "",
            f"Source: {self.source}." if self.source else "",
        ]
        return " ".join(part for part in [*parts, "Takes effect from the start." if self.fixed else ""] if part)


def controls(scenario: Scenario, most_citizens: int) -> list[Control]:
    """Controls of every setting that a page may change, in the order of declaration; first a switch an institution."""
    switches = [
        Control(
            f"institutions.{name}", GROUPS["institutions"], GROUPS["institutions"], institution_name(name), "switch",
            name in scenario.institutions, says=(kind.__doc__ or name).strip().splitlines()[0],
        )
        for name, kind in INSTITUTIONS.items()
    ]  # fmt: skip
    settings = [
        control for path, value in scenario.settings().items() for control in _control(path, value, most_citizens)
    ]
    return [*settings, *switches]


def _control(path: str, value: Any, most_citizens: int) -> Iterator[Control]:
    declared = declaration(Scenario, path)
    if declared is None or path in NOT_HERE:
        return
    first, *rest = path.split(".")
    heading = GROUPS[first]
    if first == "domains":
        heading = acts_in(rest[0]).where.capitalize()
    elif first == "institutions":
        heading = institution_name(rest[0])
    elif first == "citizens" and len(rest) > 1:
        heading = f"{heading}: {rest[0].replace('_', ' ')}"
    lever = LEVERS.get(path, Lever(setting_name(path)))
    common: dict[str, Any] = {
        "path": path,
        "group": heading if first == "institutions" else GROUPS[first],
        "heading": heading,
        "label": lever.name,
        "value": value,
        "unit": declared.unit,
        "symbol": declared.symbol,
        "says": declared.says,
        "source": declared.source,
        "fixed": declared.at_start,
        "percent": in_percent(declared),
        "ends": (lever.low, lever.high),
    }
    kind = declared.kind
    if kind == "switch":
        yield Control(kind=kind, **common)
    elif kind == "choice":
        yield Control(kind=kind, choices=tuple(name for name in declared.choices if name != "file"), **common)
    elif kind in ("number", "whole") and value is not None and isfinite(value):
        low, high = _ends(declared, float(value))
        if path == "population.size":
            high = min(high, most_citizens)
        yield Control(kind=kind, low=low, high=high, **common)


def _ends(declared: Declaration, value: float) -> tuple[float, float]:
    if declared.explore is not None:
        low, high = declared.explore
    else:
        low, high = declared.low, declared.high
        # A hard bound that nobody goes to would leave the slider no room where it matters. The range follows from the
        # default, so that it does not move under the hand.
        usual = float(declared.default) if isinstance(declared.default, int | float) else value
        usual = usual if isfinite(usual) else value
        far = 50 * max(1.0, abs(usual))
        high = max(1.0, 4 * usual) if high is None or high > far else high
        low = min(0.0, 4 * usual) if low is None or low < -far else low
    return min(float(low), value), max(float(high), value)
