"""Running many scenarios: on every core, on any executor, on a cluster; into a store, so that nothing is run twice."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ...agents.compiled import available_threads, is_compiled
from ...agents.plain import plain
from ...model.errors import GlasshouseError, shown
from ...model.numbers import whole
from ...model.scenario import Scenario, scenario_from
from ...model.society import Society
from .pool import Executor, InThisProcess, LostError, OverdueError, check_program, drive, local_pool, outcome
from .results import Results
from .run import Result, Run, RunConfiguration, execute, parts_of, plain_settings, run_key, scenario_key
from .sources import model_hash, names_of_institutions, sources_of, state
from .store import IN_MEMORY, Planned, Store

BATCH = 0.5
"""Seconds of work in a task, where runs are shorter: handing a task to another machine costs milliseconds."""

MOST_IN_A_BATCH = 200
MOST_RUNS = 1_000_000
"""Runs of a study, and seeds of a point, at most."""

WORKERS_A_CORE = 16
ATTEMPTS = 3
"""How often a run is tried whose process dies."""

GRACE = 5.0
"""Seconds after which a process is killed whose run should have ended itself."""


@dataclass(frozen=True)
class Point:
    """One row of a design: a scenario, what is particular to it, the seeds it is run under, and how, if not as all."""

    scenario: Scenario
    factors: Mapping[str, Any]
    seeds: Sequence[int]
    configuration: RunConfiguration | None = None


@dataclass(frozen=True)
class Study:
    """Points to run, and how.

    Attributes
    ----------
    name
        Its name in the store.
    points
        Rows of the design.
    configuration
        How long runs are and what is kept, where a point says nothing else.
    design
        What a reader must know to interpret it, as plain data.
    """

    name: str
    points: Sequence[Point]
    configuration: RunConfiguration
    design: Mapping[str, Any]

    @property
    def size(self) -> int:
        """Number of runs."""
        return sum(len(point.seeds) for point in self.points)


@dataclass(frozen=True)
class Progress:
    """How far a study is: runs in all, there already at the start, recorded since, and of these not well."""

    total: int
    reused: int
    recorded: int
    failed: int


def run_scenarios(
    scenarios: Iterable[Scenario | str | Path],
    configuration: RunConfiguration | None = None,
    *,
    seeds: int | Sequence[int] = 20,
    executor: Executor | None = None,
    store: Store | str | Path | None = None,
    workers: int | None = None,
    time_limit: float | None = None,
    name: str = "runs",
    keep_both: bool = False,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> Results:
    """Run scenarios over paired seeds, on all cores.

    Parameters
    ----------
    scenarios
        The scenarios, each itself, by name or by file: rows of the tables, in this order. Settings that differ among
        them become columns.
    configuration
        How long runs are and what is kept.
    seeds
        How many (1, 2, …), or which. All scenarios get the same: the same people with the same luck.
    executor
        Any `concurrent.futures` executor, or Dask's `Client.get_executor(pure=False)`; by default a pool of this
        machine's processes, one thread each, which replaces a process that dies. As with all of them, start it from a
        script under ``if __name__ == "__main__":``.
    store
        File that keeps the results; what it holds is not run again. Without it they are kept in memory.
    workers
        Processes of the default pool; by default one a core.
    time_limit
        Seconds that a run may take; one that takes longer is recorded as overdue.
    name
        Name of the study in the store.
    keep_both
        Whether to run anew, beside the old, what the store holds of another state of the model, or of a package that
        takes part.
    progress
        Called whenever runs were recorded.

    Returns
    -------
    Results
        Tables. A run that failed is a row with its error.

    Raises
    ------
    GlasshouseError
        If there is nothing to run, a number is out of range, or the store cannot be used.

    Examples
    --------
    >>> plan = Scenario.load("visible-score").change({"population.size": 50})
    >>> found = run_scenarios([plan], RunConfiguration(steps=4, last=2, every=2), seeds=2, workers=1)
    >>> found.runs["status"].tolist()
    ['done', 'done']
    """
    plans, which = scenarios_of(scenarios), seeds_of(seeds)
    if not isinstance(configuration, RunConfiguration | None):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise GlasshouseError(f"configuration {configuration!r:.80}: give a RunConfiguration(steps=260)")
    points = [Point(plan, factors, which) for plan, factors in zip(plans, differences(plans), strict=True)]
    study = Study(name, points, configuration or RunConfiguration(), {"design": "list"})
    how: dict[str, Any] = {"executor": executor, "workers": workers, "time_limit": time_limit, "progress": progress}
    return run_study(study, store, **how, keep_both=keep_both)


def scenarios_of(given: Any) -> list[Scenario]:
    """Scenarios that were given as a list, each itself, by name or by file."""
    # A scenario is itself a sequence, of its settings.
    if isinstance(given, str | bytes | Path | Scenario) or not isinstance(given, Iterable):
        one = f"{given!r}" if isinstance(given, str) else '"baseline"'
        raise GlasshouseError(f"scenarios {given!r:.80}: give a list, such as [{one}]")
    return [scenario_from(each) for each in given]


def seeds_of(given: Any) -> tuple[int, ...]:
    """Seeds 1, 2, … up to a number, or those in a list."""
    one = plain(given)
    if isinstance(one, bool | float | str) or not isinstance(one, int | Iterable):
        raise GlasshouseError(f"seeds {shown(given)}: give a whole number of seeds, or a list of them")
    if isinstance(one, int):
        return tuple(range(1, whole(one, "seeds", 1, MOST_RUNS) + 1))
    seeds = tuple(whole(seed, "seeds", 0, 2**64 - 1) for seed in one)  # pyright: ignore[reportUnknownVariableType]
    if len(set(seeds)) < len(seeds):
        raise GlasshouseError(f"seeds {shown(seeds)}: give each once; the same seed is the same run")
    return seeds


def differences(scenarios: Sequence[Scenario]) -> list[dict[str, Any]]:
    """Settings that differ among scenarios, by path, for each; and their names, where these differ."""
    settings: list[dict[str, Any]] = [{"scenario": plan.name} | plan.settings() for plan in scenarios]
    paths = dict.fromkeys(path for each in settings for path in each)
    differ = [path for path in paths if any(each.get(path) != settings[0].get(path) for each in settings)]
    return [{path: each[path] for path in differ if path in each} for each in settings]


def run_study(
    study: Study,
    store: Store | str | Path | None = None,
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    time_limit: float | None = None,
    retry: bool = False,
    keep_both: bool = False,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> Results:
    """Run what a store does not have yet of a study; see `run_scenarios`.

    Parameters
    ----------
    retry
        Whether to try again what came to nothing before.
    keep_both
        Whether to run a study anew that the store holds of another state of the model.
    """
    if executor is None:
        check_program()
    workers = available_threads() if workers is None else whole(workers, "workers", 1)
    check_workers(workers)
    time_limit = seconds_of(time_limit)
    if not callable(progress):
        raise GlasshouseError(f"progress {shown(progress)}: give a function of what is done so far")
    if executor is not None and not hasattr(executor, "submit"):
        raise GlasshouseError(f"executor {shown(executor)}: give an executor, such as of concurrent.futures")
    if study.size == 0:
        raise GlasshouseError("there is nothing to run; give at least one scenario and one seed")
    if study.size > MOST_RUNS:
        raise GlasshouseError(f"{study.size:,} runs are more than {MOST_RUNS:,}; give fewer scenarios or seeds")
    check(study)
    planned, runs, settings = plan(study)
    if not isinstance(store, Store):
        store = Store(store if store is not None else IN_MEMORY)
    with store.writing():
        factors = [point.factors for point in study.points]
        sources = {name: hashed for _, run in runs.values() for name, hashed in run.sources.items()}
        number = store.register(study.name, study.design, factors, settings, planned, state(sources), keep_both)
        if retry:
            store.forget_failures(number)
        recorded = store.recorded(number)
        todo = [key for key in runs if key not in recorded]
        work = Work(store, {key: runs[key] for key in todo}, time_limit, len(recorded), progress)
        if todo:
            with _submitter(executor, min(workers, len(todo)), time_limit) as (submit, ahead):
                work.do(submit, ahead)
    return Results(store, number)


def seconds_of(time_limit: Any) -> float | None:
    """Limit of a run's time that was given; a GlasshouseError where it is no number of seconds above 0."""
    found = plain(time_limit)
    if found is not None and not (type(found) in (int, float) and found > 0):
        raise GlasshouseError(f"time_limit {shown(time_limit)}: give a number of seconds above 0")
    return found


def check_workers(workers: int) -> None:
    """Refuse more processes than a machine can be meant to have.

    Raises
    ------
    GlasshouseError
        With the most there may be.
    """
    most = WORKERS_A_CORE * available_threads()
    if workers > most:
        raise GlasshouseError(
            f"workers {shown(workers)}: this machine has {available_threads()} cores; give at most {most}, or 0 for "
            "one a core"
        )


def carry_out(
    study: Study,
    store: Store | str | Path | None = None,
    *,
    executor: Executor | None = None,
    workers: int = 1,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> Results:
    """Run a study of which every run is needed; with one worker in this process, which then needs no other.

    What came to nothing before is tried again; runs of another state of the model stay beside those of this one.

    Raises
    ------
    GlasshouseError
        As `run_study`, and if a run came to nothing.
    """
    if executor is None and workers == 1:
        executor = InThisProcess()
    how: dict[str, Any] = {"executor": executor, "workers": workers, "progress": progress}
    results = run_study(study, store, **how, retry=True, keep_both=True)
    results.require_all()
    return results


def check(study: Study) -> None:
    """Refuse outcomes and conditions of runs that name what their scenario does not have.

    Raises
    ------
    GlasshouseError
        Naming the nearest that it has.
    """
    seen: set[Any] = set()
    for point in study.points:
        configuration = point.configuration or study.configuration
        kind = (configuration, point.scenario.domain_names, *names_of_institutions(point.scenario))
        if kind not in seen:
            seen.add(kind)
            configuration.check(point.scenario)


def plan(study: Study) -> tuple[list[Planned], dict[str, tuple[Planned, Run]], dict[str, Mapping[str, Any]]]:
    """Every run of a study in order, the different ones by key, and the scenarios' settings by key."""
    planned: list[Planned] = []
    runs: dict[str, tuple[Planned, Run]] = {}
    settings: dict[str, Mapping[str, Any]] = {}
    for row, point in enumerate(study.points):
        scenario = scenario_key(point.scenario)
        settings.setdefault(scenario, plain_settings(point.scenario))
        configuration = point.configuration or study.configuration
        sources = sources_of(point.scenario, parts_of(configuration))
        for replicate, seed in enumerate(point.seeds):
            key = run_key(scenario, seed, configuration, sources)
            planned.append(Planned(row, replicate, seed, key, scenario, state(sources)))
            runs.setdefault(key, (planned[-1], Run(point.scenario, seed, configuration, sources)))
    return planned, runs, settings


class Work:
    """Runs that are left to do, and what becomes of them."""

    def __init__(
        self,
        store: Store,
        runs: Mapping[str, tuple[Planned, Run]],
        time_limit: float | None,
        reused: int,
        progress: Callable[[Progress], None],
    ) -> None:
        self.store, self.runs, self.time_limit, self.reused, self.progress = store, runs, time_limit, reused, progress
        self.left = deque(runs)
        self.alone: deque[str] = deque()
        self.attempts: Counter[str] = Counter()
        self.seconds = self.recorded = self.failed = 0

    def do(self, submit: Callable[..., Future[Any]], ahead: int) -> None:
        """Do all of it; `submit` starts ``execute(runs, model, limit)`` somewhere."""
        for batch, future in drive(self._take, partial(self._submit, submit), ahead):
            try:
                results = outcome(future)
            except OverdueError:
                self._again(batch, "overdue", f"took longer than {self.time_limit:g} s and was ended", most=1)
            except LostError as error:
                self._again(batch, "lost", str(error), most=ATTEMPTS)
            else:
                self._record(batch, results)

    def _submit(self, submit: Callable[..., Future[Any]], batch: Sequence[str]) -> Future[Any]:
        return submit(execute, [self.runs[key][1] for key in batch], model_hash(), self.time_limit)

    def _take(self) -> list[str] | None:
        if self.alone:
            return [self.alone.popleft()]
        count = int(BATCH * self.recorded / self.seconds) if self.seconds > 0 else 1
        batch = [self.left.popleft() for _ in range(min(len(self.left), max(1, count), MOST_IN_A_BATCH))]
        return batch or None

    def _again(self, batch: Sequence[str], status: str, error: str, most: int) -> None:
        """Try the runs of a batch again, each alone; record those that were tried often enough."""
        for key in batch:
            self.attempts[key] += len(batch) == 1
            if self.attempts[key] >= most:
                self._record([key], [Result(status=status, error=error)])
            else:
                self.store.note(key, error)
                self.alone.append(key)

    def _record(self, batch: Sequence[str], results: Sequence[Result]) -> None:
        done = [(self.runs[key], result) for key, result in zip(batch, results, strict=True)]
        self.store.add((planned, run.configuration, result) for (planned, run), result in done)
        self.recorded += len(done)
        self.seconds += sum(result.wall for result in results)
        self.failed += sum(result.status != "done" for result in results)
        self.progress(Progress(len(self.runs) + self.reused, self.reused, self.recorded, self.failed))


@contextmanager
def _submitter(
    executor: Executor | None, workers: int, time_limit: float | None
) -> Generator[tuple[Callable[..., Future[Any]], int]]:
    """Function that starts a task, and how many tasks to have under way."""
    if executor is not None:
        # What is done at once is recorded at once.
        yield executor.submit, 1 if isinstance(executor, InThisProcess) else MOST_IN_A_BATCH
        return
    if not is_compiled():
        # Here and once, rather than in every process at the same time.
        Society("visible-score-and-reports", rng=1, threads=1, changes={"population.size": 50}).run_for(2)
    with local_pool(workers) as pool:

        def submit(function: Callable[..., Any], runs: Sequence[Run], *arguments: Any) -> Future[Any]:
            hard = None if time_limit is None else len(runs) * (time_limit + GRACE)
            return pool.schedule(function, (runs, *arguments), timeout=hard)

        yield submit, 2 * workers
