"""A small sweep on the page: one setting, one outcome, a few seeds, in the background."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any

import numpy as np
import tomli_w
from matplotlib.figure import Figure

from ...agents.plain import plain
from ...experiments.evidence.statistics import mean_and_half
from ...experiments.running.run import RunConfiguration
from ...experiments.running.runner import Progress, run_scenarios
from ...experiments.showing.labels import MEASURES
from ...model.errors import GlasshouseError, nearest
from ...model.scenario import Scenario
from .controls import Control, controls

OUTCOMES = (
    "compliance",
    "pressure",
    "following",
    "internalised",
    "exposure",
    "trust_authority",
    "trust_ties",
    "reports",
)
LEVELS, SEEDS, MOST_CITIZENS, MOST_WEEKS, FEWEST_WEEKS = 7, 4, 1000, 156, 8


class CancelledError(GlasshouseError):
    """The sweep was cancelled."""


@dataclass(frozen=True)
class Found:
    """Means over seeds with half the width of their 95% intervals, by value of the setting."""

    values: list[float]
    means: list[float]
    halves: list[float]


class Sweeping:
    """A sweep of one setting, on a thread of its own beside the page.

    Parameters
    ----------
    plan
        Scenario; of its citizens at most `MOST_CITIZENS` take part.
    path
        The setting; its range is that of its control.
    outcome, weeks
        Measure, averaged over the last quarter of so many weeks.
    told
        Called whenever there is news.

    Raises
    ------
    GlasshouseError
        If there is no such setting or outcome.
    """

    def __init__(self, plan: Scenario, path: str, outcome: str, weeks: int, told: Callable[[], None]) -> None:
        numbers = {one.path: one for one in controls(plan, MOST_CITIZENS) if one.kind in ("number", "whole")}
        if path not in numbers:
            raise GlasshouseError(f"no number here is called {path[:60]!r}; {nearest(path[:60], numbers)}")
        if outcome not in OUTCOMES:
            raise GlasshouseError(f"no outcome is called {outcome[:60]!r}; {nearest(outcome[:60], OUTCOMES)}")
        self.plan, self.outcome = plan, outcome
        self.control: Control = numbers[path]
        self.weeks = max(FEWEST_WEEKS, min(weeks, MOST_WEEKS))
        self.found: Found | None = None
        self._share = 0.0
        self._fault = ""
        self._cancelled = Event()
        self._tell = told
        Thread(target=self._run, daemon=True).start()

    def cancel(self) -> None:
        """End it."""
        self._cancelled.set()

    @property
    def told(self) -> dict[str, Any]:
        """What the page is told of it: `share` done in percent, `fault`, and what it `done` came to."""
        done = None
        if self.found is not None:
            done = {
                "name": self.control.label, "unit": self.control.unit, "outcome": MEASURES[self.outcome].label,
                "values": self.found.values, "means": self.found.means, "halves": self.found.halves,
            }  # fmt: skip
        return {"share": self._share, "fault": self._fault, "done": False if self._fault else done}

    def _run(self) -> None:
        def progress(so_far: Progress) -> None:
            if self._cancelled.is_set():
                raise CancelledError("cancelled")
            self._share = 100 * so_far.recorded / so_far.total
            self._tell()

        try:
            self.found = small_sweep(self.plan, self.control, self.outcome, self.weeks, progress)
        except GlasshouseError as error:
            self._fault = str(error)
        self._tell()

    # What can be kept of it

    def table(self) -> bytes:
        """Means and half widths of intervals as CSV."""
        assert self.found is not None
        rows = zip(self.found.values, self.found.means, self.found.halves, strict=True)
        lines = [
            f"{self.control.path},{self.outcome},half_of_95%_interval",
            *(",".join(map(repr, row)) for row in rows),
        ]
        return ("\n".join(lines) + "\n").encode()

    def figure(self) -> bytes:
        """Means with their intervals as SVG."""
        assert self.found is not None
        drawn = Figure(figsize=(6, 3.4), layout="constrained")
        axes = drawn.subplots()
        means, halves = np.array(self.found.means), np.array(self.found.halves)
        axes.fill_between(self.found.values, means - halves, means + halves, color="0.85", label="95% interval")
        axes.plot(self.found.values, means, "o-", color="0.1")
        axes.set_xlabel(f"{self.control.label}{f' ({self.control.unit})' if self.control.unit else ''}")
        axes.set_ylabel(f"{MEASURES[self.outcome].label} ({MEASURES[self.outcome].unit})")
        axes.legend(frameon=False)
        into = io.BytesIO()
        drawn.savefig(into, format="svg", metadata={"Title": f"{self.outcome} against {self.control.path}"})
        return into.getvalue()

    def study(self) -> bytes:
        """The same question as a study file, for `glasshouse sweep`."""
        control = self.control
        asked: dict[str, Any] = {
            "title": f"{MEASURES[self.outcome].label} against {control.path}",
            "scenario": self.plan.name, "steps": self.weeks, "seeds": SEEDS, "last": max(1, self.weeks // 4),
            "set": {**differing(self.plan), "population.size": min(self.plan.population.size, MOST_CITIZENS)},
            "parameters": {control.path: {"values": values_of(control)}},
        }  # fmt: skip
        asked["set"].pop(control.path, None)
        return tomli_w.dumps(asked).encode()


def differing(plan: Scenario) -> Mapping[str, Any]:
    """Settings of a plan that differ from its built-in scenario, as a study file sets them."""
    found: dict[str, Any] = {}
    usual = Scenario.load(plan.name)
    for name in {*plan.institutions, *usual.institutions}:
        if name not in plan.institutions:
            found[f"institutions.{name}"] = False
        elif name not in usual.institutions:
            found[f"institutions.{name}"] = plain(plan.institutions[name].model_dump(exclude_none=True))
    for path, (here, there) in plan.diff(usual).items():
        if here is not None and there is not None and path != "change":
            found[path] = plain(here)
    return found


def values_of(control: Control) -> list[Any]:
    """Values that are tried, over the range of a control."""
    values = np.linspace(control.low, control.high, LEVELS)
    return [int(value) for value in np.unique(values.round())] if control.kind == "whole" else values.tolist()


def small_sweep(
    plan: Scenario, control: Control, outcome: str, weeks: int, progress: Callable[[Progress], None]
) -> Found:
    """Run a sweep of one setting, on one thread.

    Raises
    ------
    GlasshouseError
        If a value of the setting is impossible, or `progress` says so.
    """
    small = plan.change({"population.size": min(plan.population.size, MOST_CITIZENS)})
    values = values_of(control)
    scenarios = [small.change({control.path: value}) for value in values]
    configuration = RunConfiguration(steps=weeks, last=max(1, weeks // 4), every=weeks)
    with ThreadPoolExecutor(1) as pool:
        try:
            results = run_scenarios(scenarios, configuration, seeds=SEEDS, executor=pool, progress=progress)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    by_seed = results.runs.pivot(index="design_row", columns="replicate", values=outcome).to_numpy(float)
    means, halves = mean_and_half(by_seed)
    return Found([float(value) for value in values], means.tolist(), halves.tolist())
