"""One run as a task: what determines it, its key, and what is kept of it."""

from __future__ import annotations

import hashlib
import platform
import socket
import time
import traceback
from collections.abc import Mapping, Sequence
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
from ...model.paths import nearest
from ...model.scenario import Scenario
from ...model.society import Society

LIBRARIES = ("mesa", "networkx", "numba", "numpy", "scipy")
TEXTS = ("name", "title", "about", "look_at", "sources")


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

    Raises
    ------
    GlasshouseError
        If a number is out of range or a column unknown.
    """

    steps: int = 260
    last: int = 26
    every: int = 13
    citizens: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.steps < 1 or not 1 <= self.last <= self.steps or self.every < 1:
            raise GlasshouseError(
                f"steps {self.steps}, last {self.last}, every {self.every}: give at least 1 step, a last from 1 to the "
                "steps and an every of at least 1"
            )
        for name in self.citizens:
            if name not in known_columns():
                raise GlasshouseError(f"citizens: there is no column {name!r}; {nearest(name, known_columns())}")


@dataclass(frozen=True)
class Run:
    """A scenario under a seed."""

    scenario: Scenario
    seed: int
    configuration: RunConfiguration


@dataclass(frozen=True)
class Result:
    """What became of a run.

    Attributes
    ----------
    status
        `done`, `failed` (an error in the model), `overdue` (took longer than it may) or `lost` (its process died).
    metrics
        Mean of every measure over the last weeks; not finite where it does not exist.
    weeks, series
        Last week of every stretch, and the measures' means over it, shape (stretches, measures).
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
    return [_execute(run, limit) for run in runs]


def _execute(run: Run, limit: float | None) -> Result:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    start = time.perf_counter()
    status, error, kept = "done", "", {}
    try:
        society = Society(run.scenario, rng=run.seed, threads=1)
        for _ in range(run.configuration.steps):
            society.step()
            if limit is not None and time.perf_counter() - start > limit:
                status, error = "overdue", f"took longer than {limit:g} s; it was in week {society.week}"
                break
        else:
            kept = _keep(society, run.configuration)
    except Exception:
        status, error = "failed", traceback.format_exc()
    wall = time.perf_counter() - start
    return Result(status=status, error=error, wall=wall, host=socket.gethostname(), started=at, **kept)


def _keep(society: Society, configuration: RunConfiguration) -> dict[str, Any]:
    rows = np.array(society.history_record.rows)
    stops = [*range(configuration.every, len(rows), configuration.every), len(rows)]
    starts = [0, *stops[:-1]]
    means = rows[-configuration.last :].mean(axis=0)
    return {
        "metrics": dict(zip(society.history_record.latest, means.tolist(), strict=True)),
        "weeks": stops,
        "series": np.array([rows[a:b].mean(axis=0) for a, b in zip(starts, stops, strict=True)]),
        "citizens": {
            name: society.citizens.read(name, known_columns()[name]) for name in ("node", *configuration.citizens)
        }
        if configuration.citizens
        else {},
    }


def plain_settings(scenario: Scenario) -> dict[str, Any]:
    """Settings of a scenario as JSON has them: infinity in words, tuples as lists, texts left out."""
    data = {name: value for name, value in scenario.to_dict().items() if name not in TEXTS}
    data["change"] = [{"week": change["week"], "set": change["set"]} for change in data.get("change", ())]
    return _plain(data)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return "inf" if value == float("inf") else value


def scenario_key(scenario: Scenario) -> str:
    """Digest of a scenario's settings, in their order, and of the content of its graph file."""
    content = ""
    if scenario.population.network == "file":
        try:
            content = hashlib.sha256(Path(scenario.population.file).read_bytes()).hexdigest()
        except OSError as error:
            raise GlasshouseError(f"{scenario.population.file}: cannot be read: {error.strerror}") from error
        population = scenario.population.model_copy(update={"file": ""})
        scenario = scenario.model_copy(update={"population": population})
    return digest([_in_order(plain_settings(scenario)), content])


def _in_order(value: Any) -> Any:
    # Canonical JSON sorts names; pairs keep the order, which numbers domains and so their draws.
    if isinstance(value, dict):
        return [[name, _in_order(inner)] for name, inner in value.items()]
    return [_in_order(inner) for inner in value] if isinstance(value, list) else value


def run_key(scenario: str, seed: int, configuration: RunConfiguration) -> str:
    """Digest of everything that a run's result depends on: same key, same result.

    Parameters
    ----------
    scenario
        Key of the scenario.
    seed
        Seed.
    configuration
        How long it is and what is kept.
    """
    c = configuration
    return digest([scenario, str(seed), c.steps, c.last, c.every, list(c.citizens), model_hash()])


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON (RFC 8785) of a value."""
    import rfc8785  # here, since only studies need it

    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()


@cache
def model_hash() -> str:
    """Hash of the model that is installed."""
    return hash_of_sources(Path(__file__).parents[2])


def hash_of_sources(top: Path) -> str:
    """SHA-256 of the sources that a result depends on: the agents, the model and this file."""
    sources = [
        *(top / "agents").rglob("*.py"),
        *(top / "model").rglob("*.py"),
        top / "experiments" / "running" / "run.py",
    ]
    named = {source.relative_to(top).as_posix(): source.read_bytes() for source in sources}
    total = hashlib.sha256()
    for name in sorted(named):
        total.update(f"{name}\0{len(named[name])}\0".encode() + named[name])
    return total.hexdigest()


@cache
def library_versions() -> str:
    """Versions of Python and of the libraries that compute."""
    return ", ".join([f"python {platform.python_version()}", *(f"{name} {version(name)}" for name in LIBRARIES)])
