"""Designs: a question in a small TOML file, turned into points to run."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, ValidationError

from ...agents.base import Settings
from ...agents.institutions import INSTITUTIONS
from ...model.declarations import declaration
from ...model.errors import GlasshouseError, shown
from ...model.files import read_toml
from ...model.limits import check_data
from ...model.paths import all_paths, describe_errors, is_fixed, nearest
from ...model.scenario import Change, Scenario
from ..running.json_text import to_json
from ..running.run import RunConfiguration
from ..running.runner import MOST_RUNS, Point, Study, check
from .design_files import DesignError, check_quoted, with_files
from .sampling import SAMPLERS

BUILT_IN = Path(__file__).parent / "designs"
MOST_POINTS = 100_000
MOST_LOOKS = 10_000_000
"""Points to compare with entries of leave_out, at most."""

LEVELS = 5


class Parameter(Settings):
    """A setting that varies, and over what."""

    low: float | None = Field(default=None, description="Lowest value; by default as declared for the setting.")
    high: float | None = Field(default=None, description="Highest value; by default as declared for the setting.")
    levels: int = Field(default=LEVELS, ge=2, le=10_000, description="Number of equally spaced values.")
    scale: Literal["linear", "log"] = Field(default="linear", description="What is equally spaced: values or logs.")
    values: list[Any] | None = Field(default=None, min_length=1, description="The values, instead of a range.")


class Ramp(Settings):
    """A setting that goes up and down again within each run, level by level."""

    parameter: str = Field(description="Path of the setting.")
    low: float | None = Field(default=None, description="Where it starts and ends.")
    high: float | None = Field(default=None, description="Where it turns.")
    levels: int = Field(default=11, ge=2, le=1000, description="Number of levels, both ends included.")
    hold: int = Field(default=26, ge=1, le=10_000, description="Weeks at each level.")
    settle: int = Field(default=0, ge=0, le=10_000, description="Weeks before, at the lowest level.")


class Design(Settings):
    """What varies, how, and what is kept."""

    name: str = Field(default="", description="Name of the study; by default the file's.")
    title: str = Field(default="", description="The question, in a line.")
    about: str = Field(default="", description="What it is for, and what to look at.")
    sources: list[str] = Field(default=[], description="Sources.")
    scenario: str | list[str] = Field(
        default="visible-score-and-reports", description="Scenario, or several to cross with everything else."
    )
    set: dict[str, Any] = Field(default={}, description="Settings that hold in all runs, by path.")
    design: Literal["factorial", "one-at-a-time", "latin-hypercube", "sobol-sequence", "morris", "saltelli", "list"] = (
        Field(default="factorial", description="How points are chosen.")
    )
    parameters: dict[str, Parameter] = Field(default={}, description="Settings that vary, by path.")
    samples: int = Field(default=64, ge=1, le=MOST_POINTS, description="Points, trajectories or base points.")
    sampler_seed: int = Field(default=1, ge=0, description="Seed of the samples.")
    points: list[dict[str, Any]] = Field(default=[], description="With design list: settings of each point.")
    leave_out: list[dict[str, Any]] = Field(
        default=[], description="Points to leave out: those for which all of an entry holds (value, list or low, high)."
    )
    ramp: Ramp | None = Field(default=None, description="A setting that goes up and down within each run.")
    seeds: int | list[int] = Field(default=20, description="How many seeds (1, 2, …), or which.")
    paired: bool = Field(default=True, description="Whether all points have the same people with the same luck.")
    steps: int = Field(default=260, ge=1, le=1_000_000, description="Weeks of a run.")
    last: int = Field(default=26, ge=1, description="Weeks at the end that give the outcome.")
    every: int = Field(default=13, ge=1, description="Weeks of a stretch of which the course keeps the mean.")
    citizens: list[str] = Field(default=[], description="Columns of the citizens to keep from the last week.")
    outcomes: list[str] | dict[str, str] = Field(
        default=[], description="What else a run comes to: functions and their arguments, or these by name."
    )
    stop: str = Field(default="", description="Condition that ends a run early: compliance > 0.9 for 13.")
    record: list[str] = Field(default=[], description="Columns of the citizens that outcomes find from every week.")

    @classmethod
    def load(cls, source: str | Path) -> Design:
        """Load a built-in design by name, or one from a `.toml` file.

        Raises
        ------
        DesignError
            If there is none, or it is not valid.
        """
        path, data = read_toml(source, BUILT_IN, "design", DesignError)
        return cls.from_dict({"name": path.stem, **with_files(data, path.parent)}, where=str(source))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], where: str = "") -> Design:
        """Validate a design given as nested tables."""
        at = f"{where}: " if where else ""
        try:
            check_data(data)
            given = data.get("parameters")
            if isinstance(given, Mapping):
                check_quoted(given)  # pyright: ignore[reportUnknownArgumentType]
            return cls.model_validate(data)
        except ValidationError as error:
            raise DesignError(f"{at}{describe_errors(error, cls)}") from None
        except GlasshouseError as error:
            raise DesignError(f"{at}{error}") from None

    @property
    def seed_numbers(self) -> tuple[int, ...]:
        """The seeds, where all points share them."""
        return tuple(range(1, self.seeds + 1)) if isinstance(self.seeds, int) else tuple(self.seeds)

    def study(self) -> Study:
        """Points to run.

        Raises
        ------
        GlasshouseError
            If a path is unknown, a value out of range, or the design too large; the message names the point.
        """
        check_quoted((*self.set, *self.parameters, *(path for out in self.leave_out for path in out)))
        if isinstance(self.seeds, int) and self.seeds > MOST_RUNS:
            raise DesignError(f"seeds = {shown(self.seeds)}: give at most {MOST_RUNS:,}")
        seeds = self.seed_numbers
        if not seeds or len(set(seeds)) < len(seeds) or not all(0 <= seed < 2**63 for seed in seeds):
            raise DesignError(f"seeds = {shown(self.seeds)}: give at least one, each once, from 0 to 2**63 − 1")
        rows = self.rows()
        names = [self.scenario] if isinstance(self.scenario, str) else self.scenario
        count = len(names) * len(rows)
        if count * len(seeds) > MOST_RUNS:
            raise DesignError(f"{count:,} points of {len(seeds):,} seeds are more than {MOST_RUNS:,} runs; give fewer")
        configuration, ramp = self._configuration(), self.ramp_values()
        points: list[Point] = []
        for name in names:
            base = Scenario.load(name).change(self.set)
            for row in rows:
                factors = ({"scenario": base.name} if len(names) > 1 else {}) | _labels(row)
                points.append(self._point(base, row, factors, ramp, seeds))
        study = Study(self.name or "study", points, configuration, self.model_dump(exclude_unset=True))
        check(study)
        return study

    def _point(
        self, base: Scenario, row: dict[str, Any], factors: dict[str, Any], ramp: Sequence[Any], seeds: Sequence[int]
    ) -> Point:
        try:
            scenario = base.change(row)
            if self.ramp is not None:
                scenario = _ramped(scenario, self.ramp, ramp)
        except GlasshouseError as error:
            where = ", ".join(f"{path} = {value}" for path, value in row.items())
            raise DesignError(f"{self.name}: at {where or 'the only point'}: {error}") from None
        return Point(scenario, factors, seeds if self.paired else [_own_seed(factors, seed) for seed in seeds])

    def _configuration(self) -> RunConfiguration:
        steps = self.steps
        if self.ramp is not None:
            if "steps" in self.model_fields_set:
                raise DesignError("steps: the ramp says how long a run is; leave steps out")
            if self.ramp.hold % self.every or self.ramp.settle % self.every:
                raise DesignError(f"every = {self.every}: must divide the ramp's hold and settle")
            steps = self.ramp.settle + self.ramp.hold * (2 * self.ramp.levels - 1)
        last = self.last if "last" in self.model_fields_set else min(self.last, steps)
        named = self.outcomes
        outcomes = [f"{name} = {text}" for name, text in named.items()] if isinstance(named, dict) else named
        return RunConfiguration(
            steps, last, self.every, tuple(self.citizens), tuple(outcomes), self.stop, tuple(self.record)
        )

    def ramp_values(self) -> list[Any]:
        """Values that the ramp's setting takes, in turn, each held for as long."""
        if self.ramp is None:
            return []
        r = self.ramp
        if is_fixed(Scenario, r.parameter):
            raise DesignError(f"ramp.parameter: {r.parameter} takes effect only at the start")
        up = self._range(r.parameter, Parameter(low=r.low, high=r.high, levels=r.levels), np.linspace(0, 1, r.levels))
        return [*up, *up[-2::-1]]

    def rows(self) -> list[dict[str, Any]]:
        """Settings of every point, by path."""
        if self.design == "list":
            if not self.points or self.parameters:
                raise DesignError("design list: give [[points]], and no parameters")
            rows = [dict(point) for point in self.points]
        elif self.points:
            raise DesignError(f"points: belong to design list, this one is {self.design}")
        elif not self.parameters:
            rows = [{}]
        else:
            rows = {"factorial": self._factorial, "one-at-a-time": self._one_at_a_time}.get(
                self.design, self._sampled
            )()
        for path in (path for out in self.leave_out for path in out):
            if not any(path in row for row in rows):
                raise DesignError(f"leave_out: {path} does not vary; {nearest(path, rows[0])}")
        if len(rows) * len(self.leave_out) > MOST_LOOKS:
            raise DesignError(f"leave_out: has {len(self.leave_out):,} entries for {len(rows):,} points; give fewer")
        rows = [_existing(row) for row in rows]
        if self.design not in SAMPLERS:
            rows = list({json.dumps(row, default=str): row for row in rows}.values())
        kept = [row for row in rows if not any(_matches(row, out) for out in self.leave_out)]
        if not kept:
            raise DesignError("leave_out: leaves nothing; give fewer entries")
        if self.leave_out and self.design in ("morris", "saltelli"):
            raise DesignError(f"leave_out: design {self.design} needs all of its points")
        return kept

    def _levels(self, path: str, parameter: Parameter) -> list[Any]:
        if parameter.values is not None:
            return parameter.values
        switch = _switch(path)
        if switch is not None:
            return switch
        # Whole numbers may coincide when rounded.
        return list(dict.fromkeys(self._range(path, parameter, np.linspace(0, 1, parameter.levels))))

    def _factorial(self) -> list[dict[str, Any]]:
        levels = [self._levels(path, parameter) for path, parameter in self.parameters.items()]
        if math.prod(len(values) for values in levels) > MOST_POINTS:
            raise DesignError(f"the levels of the parameters make more than {MOST_POINTS:,} points; give fewer")
        return [dict(zip(self.parameters, values, strict=True)) for values in product(*levels)]

    def _one_at_a_time(self) -> list[dict[str, Any]]:
        """The scenario as it is, and each level of each parameter with the others as they are."""
        if not isinstance(self.scenario, str):
            raise DesignError("design one-at-a-time: give one scenario, around which to vary")
        base = Scenario.load(self.scenario).change(self.set)
        start = {path: _value_at(base, path) for path in self.parameters}
        rows = [start]
        for path, parameter in self.parameters.items():
            rows += [start | {path: value} for value in self._levels(path, parameter) if value != start[path]]
        return rows

    def _sampled(self) -> list[dict[str, Any]]:
        units = self.sample()
        columns = [self._quantiles(path, parameter, units[:, k]) for k, (path, parameter) in
                   enumerate(self.parameters.items())]  # fmt: skip
        return [dict(zip(self.parameters, values, strict=True)) for values in zip(*columns, strict=True)]

    def sample(self) -> npt.NDArray[np.float64]:
        """Sample of the unit cube, shape (points, parameters): every parameter's place between its low and high."""
        count = len(self.parameters)
        points = self.samples * {"morris": count + 1, "saltelli": count + 2}.get(self.design, 1)
        if not 1 <= self.samples <= points <= MOST_POINTS:
            raise DesignError(f"samples = {shown(self.samples)}: give from 1 to {MOST_POINTS:,} points in all")
        try:
            return SAMPLERS[self.design](count, self.samples, self.sampler_seed)
        except ValueError as error:
            raise DesignError(f"samples = {self.samples}: {error}") from error

    def _quantiles(self, path: str, parameter: Parameter, units: npt.NDArray[np.float64]) -> list[Any]:
        choices = parameter.values if parameter.values is not None else _switch(path)
        if choices is None:
            return self._range(path, parameter, units)
        return [choices[k] for k in np.minimum(units * len(choices), len(choices) - 1).astype(int)]

    def _range(self, path: str, parameter: Parameter, units: npt.NDArray[np.float64]) -> list[Any]:
        low, high, whole = self._bounds(path, parameter)
        if parameter.scale == "log":
            if low <= 0:
                raise DesignError(f"parameters.{path}: a log scale needs a low above 0, it is {low:g}")
            values = low * (high / low) ** units
        else:
            values = low + (high - low) * units
        # Twelve digits: 0.3 rather than 0.30000000000000004, on every machine.
        return [round(value) for value in values.tolist()] if whole else [float(f"{v:.12g}") for v in values.tolist()]

    def _bounds(self, path: str, parameter: Parameter) -> tuple[float, float, bool]:
        declared = declaration(Scenario, path)
        if declared is None:
            raise DesignError(f"parameters.{path}: unknown name; {nearest(path, all_paths(Scenario))}")
        if declared.kind not in ("number", "whole"):
            raise DesignError(f"parameters.{path}: is no number; give its values")
        low, high = (
            end if end is not None else otherwise
            for end, otherwise in zip((parameter.low, parameter.high), declared.explored, strict=True)
        )
        if low is None or high is None or not math.isfinite(low) or not math.isfinite(high):
            raise DesignError(f"parameters.{path}: its declared range has no end; give low and high")
        if not math.isfinite(high - low):
            raise DesignError(f"parameters.{path}: low {low:g} and high {high:g} are too far apart; give a range")
        if not low < high:
            raise DesignError(f"parameters.{path}: low {low:g} is not below high {high:g}")
        return float(low), float(high), declared.kind == "whole"


def _switch(path: str) -> list[Any] | None:
    """Values of what is on or off: an institution, or a setting that is true or false."""
    parts = path.split(".")
    if len(parts) == 2 and parts[0] == "institutions" and parts[1] in INSTITUTIONS:
        return [False, {}]
    declared = declaration(Scenario, path)
    return [False, True] if declared is not None and declared.kind == "switch" else None


def _existing(row: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of a point without those of institutions that it switches off, which would not make another world."""
    off = tuple(f"{path}." for path, value in row.items() if value is False and _switch(path) == [False, {}])
    return {path: value for path, value in row.items() if not path.startswith(off)}


def _labels(row: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of a point as tables show them: on or off, and tables of settings as text."""
    return {
        path: True if value == {} else to_json(value) if isinstance(value, dict | list) else value
        for path, value in row.items()
    }


def _value_at(scenario: Scenario, path: str) -> Any:
    settings = scenario.settings()
    if path in settings:
        return settings[path]
    if _switch(path) is not None:
        return False
    if declaration(Scenario, path) is None:
        raise DesignError(f"parameters.{path}: unknown name; {nearest(path, all_paths(Scenario))}")
    raise DesignError(f"parameters.{path}: the scenario does not have it; add it with set")


def _matches(row: Mapping[str, Any], out: Mapping[str, Any]) -> bool:
    for path, wanted in out.items():
        if path not in row:
            return False
        value = row[path]
        if isinstance(wanted, Mapping) and wanted and set(wanted) <= {"low", "high"}:
            ends = (wanted.get("low", -math.inf), value, wanted.get("high", math.inf))
            if not all(isinstance(end, int | float) for end in ends):
                raise DesignError(f"leave_out: {path}: low and high are numbers, for numbers; {shown(ends)} are not")
            if not ends[0] <= value <= ends[2]:
                return False
        elif value not in (wanted if isinstance(wanted, list) else [wanted]):
            return False
    return True


def _ramped(scenario: Scenario, ramp: Ramp, values: Sequence[Any]) -> Scenario:
    """Scenario in which the setting takes each value in turn, from the start on."""
    first = scenario.change({ramp.parameter: values[0]})
    weeks = (1 + ramp.settle + k * ramp.hold for k in range(1, len(values)))
    dated = [Change(week=week, set={ramp.parameter: value}) for week, value in zip(weeks, values[1:], strict=True)]
    return Scenario.from_dict(first.to_dict() | {"change": [*first.to_dict().get("change", ()),
                                                            *(change.model_dump() for change in dated)]})  # fmt: skip


def _own_seed(factors: Mapping[str, Any], seed: int) -> int:
    """Seed of a point's own, the same whatever other points there are."""
    text = json.dumps([factors, seed], sort_keys=True)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1
