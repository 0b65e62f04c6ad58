"""One run as a task: what determines it, its key, and what is kept of it."""

from __future__ import annotations

import hashlib
import platform
import socket
import time
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...agents.institutions import known_columns
from ...model.errors import GlasshouseError
from ...model.numbers import whole
from ...model.paths import nearest
from ...model.scenario import Scenario
from ...model.settings import PopulationSettings
from ...model.society import Society
from .asked import STOPPED, Outcome, check, read_outcome, read_stop
from .json_text import spelled
from .outcomes import forget, record
from .sources import LIBRARIES, model_hash, sources_of, state

NUMBERS = ("steps", "last", "every")
LONGEST_RUN = 1_000_000
"""Weeks of a run at most."""

TEXTS = ("name", "title", "about", "look_at", "shows", "begins", "sources")


@dataclass(frozen=True)
class RunConfiguration:
    """How long a run is and what is kept of it.

    Parameters
    ----------
    steps
        Weeks.
    last
        Weeks at the end over which a measure is averaged to give the run's outcome.
    every
        Weeks of a stretch: the course of a run is kept as means over stretches of so many weeks.
    citizens
        Columns of the citizens to keep as they are after the last week.
    outcomes
        What else a run comes to, as ``NAME ARGUMENT …`` or ``COLUMN = NAME ARGUMENT …``: a built-in outcome such as
        ``total reports`` (`experiments.running.outcomes`), or ``module:function`` of an installed package, which takes
        the society at the end and gives a number.
    stop
        Condition that ends a run early, such as ``compliance > 0.9 for 13``; the week is then the metric ``stopped``.
    record
        Columns of the citizens of which outcomes find a copy from every week, beyond those that they declare.

    Raises
    ------
    GlasshouseError
        If a number is out of range, a column unknown, or an outcome or the condition cannot be read.

    Examples
    --------
    >>> RunConfiguration(52, outcomes=("total reports", "norm = between compliance 27 52"), stop="trust_ties < .1").last
    26
    """

    steps: int = 260
    last: int = 26
    every: int = 13
    citizens: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    stop: str = ""
    record: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        given = self.steps, self.last, self.every
        numbers = [whole(number, name, 1, LONGEST_RUN) for name, number in zip(NUMBERS, given, strict=True)]
        for name, number in zip(NUMBERS, numbers, strict=True):
            object.__setattr__(self, name, number)
        if self.last > self.steps:
            raise GlasshouseError(f"steps {self.steps}, last {self.last}: give a last from 1 to the steps")
        for name in ("citizens", "outcomes", "record"):
            if isinstance(getattr(self, name), str) or not isinstance(getattr(self, name), Iterable):
                raise GlasshouseError(f"{name}: give a list, such as {name}=({getattr(self, name)!r},)")
            object.__setattr__(self, name, tuple(getattr(self, name)))
        for name in ("citizens", "record"):
            for column in getattr(self, name):
                if column not in known_columns():
                    raise GlasshouseError(f"{name}: there is no column {column!r}; {nearest(column, known_columns())}")
        columns = [outcome.column for outcome in self.read_outcomes()]
        for column in columns:
            if columns.count(column) > 1:
                raise GlasshouseError(f"outcomes: {column!r} is there twice; give each another name")
        read_stop(self.stop)

    def read_outcomes(self) -> list[Outcome]:
        """The outcomes, read."""
        return [read_outcome(text) for text in self.outcomes]

    @property
    def recorded(self) -> dict[str, int]:
        """Columns to record in every week, with how many weeks at the end of a run are needed; 0 is all."""
        asked = [dict.fromkeys(self.record, 0), *(outcome.recorded for outcome in self.read_outcomes())]
        found: dict[str, list[int]] = {}
        for columns in asked:
            for name, weeks in columns.items():
                found.setdefault(name, []).append(weeks)
        return {name: 0 if 0 in weeks else max(weeks) for name, weeks in found.items()}

    def check(self, scenario: Scenario) -> None:
        """Refuse outcomes and conditions that name what a scenario does not have.

        Raises
        ------
        GlasshouseError
            Naming the nearest that it has.
        """
        if self.outcomes or self.stop:
            small = scenario.model_copy(update={"population": PopulationSettings(size=50)})
            check(self.read_outcomes(), read_stop(self.stop), Society(small, rng=1, threads=1))


@dataclass(frozen=True)
class Run:
    """A scenario under a seed; and the sources of other packages that take part, which must be the same elsewhere."""

    scenario: Scenario
    seed: int
    configuration: RunConfiguration
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What became of a run.

    Attributes
    ----------
    status
        `done`, `failed` (an error in the model), `overdue` (took longer than it may) or `lost` (its process died).
    metrics
        Mean of every measure over those of the last weeks in which it exists, not finite where there is none; then the
        outcomes asked for.
    measures, weeks, series
        Names of the measures, last week of every stretch, and the measures' means over it, shape (stretches, measures).
    citizens
        Columns of the citizens asked for.
    error
        What went wrong, with the place in the program.
    wall
        Seconds it took.
    host, started
        Where and when.
    """

    status: str = "done"
    metrics: Mapping[str, float] = field(default_factory=dict)
    measures: Sequence[str] = ()
    weeks: Sequence[int] = ()
    series: npt.NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 0)))
    citizens: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    wall: float = 0.0
    host: str = ""
    started: str = ""


def execute(runs: Sequence[Run], model: str, limit: float | None = None) -> list[Result]:
    """Results of some runs, in a worker. A run that fails is a result too.

    Parameters
    ----------
    runs
        The runs.
    model
        Hash of the model wanted.
    limit
        Seconds that a run may take.

    Raises
    ------
    GlasshouseError
        If the model installed here is another one.
    """
    if model != model_hash():
        raise GlasshouseError(
            f"{socket.gethostname()} has another version of the model ({model_hash()[:8]}, wanted is {model[:8]}); "
            "install the same glasshouse everywhere"
        )
    for run in runs:
        if run.sources and sources_of(run.scenario, parts_of(run.configuration)) != run.sources:
            raise GlasshouseError(
                f"{socket.gethostname()} has other sources of {', '.join(run.sources)} than where the study was "
                "started; install the same everywhere, and start Python anew after a change"
            )
    return [_execute(run, limit) for run in runs]


def _execute(run: Run, limit: float | None) -> Result:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    start = time.perf_counter()
    status, error, kept = "done", "", {}
    try:
        society = Society(run.scenario, rng=run.seed, threads=1)
        stopped = _live(society, run.configuration, None if limit is None else start + limit)
        kept = _keep(society, run.configuration, stopped)
    except _OverdueError as late:
        status, error = "overdue", f"took longer than {limit:g} s; it was in {late}"
    except Exception:
        status, error = "failed", traceback.format_exc()
    wall = time.perf_counter() - start
    return Result(status=status, error=error, wall=wall, host=socket.gethostname(), started=at, **kept)


class _OverdueError(Exception):
    """A run takes longer than it may."""


def _live(society: Society, configuration: RunConfiguration, deadline: float | None) -> float:
    """Live the weeks of a run; returns the week in which it was stopped by its condition, NaN where it was not."""
    stop, recorded, held = read_stop(configuration.stop), configuration.recorded, 0
    record(society, recorded)
    for _ in range(configuration.steps):
        society.step()
        forget(society, recorded)
        if stop is not None:
            held = held + 1 if stop.holds(society.history_record.latest) else 0
            if held == stop.weeks:
                return float(society.week)
        if deadline is not None and time.perf_counter() > deadline:
            raise _OverdueError(f"week {society.week}")
    return float("nan")


def _keep(society: Society, configuration: RunConfiguration, stopped: float) -> dict[str, Any]:
    rows = np.array(society.history_record.rows)
    stops = [*range(configuration.every, len(rows), configuration.every), len(rows)]
    starts = [0, *stops[:-1]]
    measures = list(society.history_record.latest)
    metrics = dict(zip(measures, known_mean(rows[-configuration.last :]).tolist(), strict=True))
    for outcome in configuration.read_outcomes():
        metrics[outcome.column] = outcome.value(society, metrics)
    return {
        "metrics": metrics | ({STOPPED: stopped} if configuration.stop else {}),
        "measures": measures,
        "weeks": stops,
        "series": np.array([known_mean(rows[a:b]) for a, b in zip(starts, stops, strict=True)]),
        "citizens": {
            name: society.citizens.read(name, known_columns()[name]) for name in ("node", *configuration.citizens)
        }
        if configuration.citizens
        else {},
    }


def known_mean(rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Mean over rows of what is there in each column, to the bit that of `Society.history`; NaN where nothing is."""
    columns = np.ascontiguousarray(rows.T)
    missing = np.isnan(columns)
    count = len(rows) - missing.sum(axis=1)
    total = np.where(missing, 0.0, columns).sum(axis=1)
    return np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0)


def plain_settings(scenario: Scenario) -> dict[str, Any]:
    """Settings of a scenario as JSON has them: infinity in words, tuples as lists, texts left out."""
    data = {name: value for name, value in scenario.to_dict().items() if name not in TEXTS}
    data["change"] = [{"week": change["week"], "set": change["set"]} for change in data.get("change", ())]
    return spelled(data)


def scenario_key(scenario: Scenario) -> str:
    """Digest of a scenario's settings, in their order, and of the content of its graph file."""
    scenario.refuse_given()
    content = ""
    if scenario.population.network == "file":
        files = [name for name in (scenario.population.file, scenario.population.nodes) if name]
        for name in files:
            try:
                content += hashlib.sha256(Path(name).read_bytes()).hexdigest()
            except (OSError, ValueError) as error:
                raise GlasshouseError(f"{name}: cannot be read: {getattr(error, 'strerror', error)}") from error
        population = scenario.population.model_copy(update={"file": "", "nodes": ""})
        scenario = scenario.model_copy(update={"population": population})
    return digest([_in_order(plain_settings(scenario)), content])


def _in_order(value: Any) -> Any:
    # Canonical JSON sorts names; pairs keep the order, which numbers domains and so their draws.
    if isinstance(value, dict):
        return [[name, _in_order(inner)] for name, inner in value.items()]
    return [_in_order(inner) for inner in value] if isinstance(value, list) else value


def run_key(scenario: str, seed: int, configuration: RunConfiguration, sources: Mapping[str, str] | None = None) -> str:
    """Digest of everything that a run's result depends on: same key, same result.

    Parameters
    ----------
    scenario
        Key of the scenario.
    seed
        Seed.
    configuration
        How long it is and what is kept.
    sources
        Hashes of the sources of other packages that take part.
    """
    c = configuration
    kept = [c.steps, c.last, c.every, list(c.citizens), list(c.outcomes), c.stop, list(c.record)]
    return digest([scenario, str(seed), *kept, state(sources or {})])


def parts_of(configuration: RunConfiguration) -> list[Any]:
    """Functions and modules that outcomes come from."""
    return [part for outcome in configuration.read_outcomes() for part in outcome.parts]


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON (RFC 8785) of a value."""
    import rfc8785  # here, since only studies need it

    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()


@cache
def library_versions() -> str:
    """Versions of Python and of the libraries that compute."""
    return ", ".join([f"python {platform.python_version()}", *(f"{name} {version(name)}" for name in LIBRARIES)])
