"""What the runner costs, a second worker gives and pairing saves. Run: ``uv run python -m benchmarks.studies``."""

from __future__ import annotations

import argparse
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

import glasshouse as gh
from glasshouse.experiments.running.run import Run, RunConfiguration, execute
from glasshouse.experiments.running.runner import Point, Study, run_study
from glasshouse.experiments.running.sources import model_hash
from glasshouse.experiments.running.store import Store

SCENARIO = "visible-score-and-reports"
VISIBILITY = "institutions.score_bureau.visibility.peers"
MEASURES = ("compliance", "pressure", "internalised", "exposure", "trust_authority", "trust_ties")


def bare(runs: list[Run]) -> None:
    """The same runs, one after another, results thrown away."""
    for run in runs:
        execute([run], model_hash())


def bare_loop(runs: list[Run], workers: int) -> float:
    """Seconds of a plain loop in each of some processes."""
    start = time.perf_counter()
    processes = [get_context("spawn").Process(target=bare, args=(runs[k::workers],)) for k in range(workers)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return time.perf_counter() - start


def runner(study: Study, workers: int) -> float:
    """Seconds of the runner with its store."""
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "s.sqlite") as store:
        start = time.perf_counter()
        run_study(study, store, workers=workers)
        return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=160)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    plan, configuration = gh.Scenario.load(SCENARIO), RunConfiguration()
    seeds = tuple(range(1, options.runs + 1))
    study = Study("benchmark", [Point(plan, {}, seeds)], configuration, {})
    runs = [Run(plan, seed, configuration) for seed in seeds]
    bare(runs[:1])
    print(
        f"{options.runs} runs of {SCENARIO}, 260 weeks; the fastest of {options.rounds} rounds, start and end included"
    )
    seconds: dict[str, list[float]] = {}
    for _ in range(options.rounds):
        for workers in (1, 2):
            seconds.setdefault(f"bare loop, {workers} processes", []).append(bare_loop(runs, workers))
            seconds.setdefault(f"runner, {workers} workers", []).append(runner(study, workers))
    for name, times in seconds.items():
        print(f"{name:25} {min(times):6.1f} s   {[f'{value:.1f}' for value in times]}")
    best = {name: min(times) for name, times in seconds.items()}
    for workers in (1, 2):
        overhead = best[f"runner, {workers} workers"] / best[f"bare loop, {workers} processes"] - 1
        print(f"overhead with {workers}: {overhead:+.1%}")
    for name in ("bare loop, {} processes", "runner, {} workers"):
        print(f"{name.format('1 → 2')}: {best[name.format(1)] / best[name.format(2)]:.2f} times as fast")

    print("\nRuns saved by pairing: times as many it would take with independent seeds (40 seeds)")
    low, half, high = (plan.change({VISIBILITY: value}) for value in (0.0, 0.5, 1.0))
    pairs = {
        "visibility 0.5 → 1": (half, high),
        "visibility 0 → 1": (low, high),
        "reports off → on": (gh.Scenario.load("visible-score"), plan),
    }
    print(f"{'':20}" + "".join(f"{name:>17}" for name in MEASURES))
    for name, (a, b) in pairs.items():
        saved = gh.compare(a, b, seeds=40, workers=2).measures["variance_saved"]
        print(f"{name:20}" + "".join(f"{saved[measure]:>17.1f}" for measure in MEASURES))


if __name__ == "__main__":
    main()
