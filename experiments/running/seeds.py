"""The same task for several seeds, in one process or several."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .pool import drive, local_pool, outcome


def over_seeds[T](
    task: Callable[[int], T], seeds: int, workers: int = 1, done: Callable[[int], None] = lambda count: None
) -> list[T]:
    """Results of a task for seeds 1, 2, …, in this order for any number of processes.

    Parameters
    ----------
    task
        Function of the seed; with more than one worker it must be one that can be pickled.
    seeds
        How many.
    workers
        Processes.
    done
        Called with the number of seeds done.
    """
    results: dict[int, Any] = {}
    left = iter(range(1, seeds + 1))
    if workers == 1:
        for seed in left:
            results[seed] = task(seed)
            done(len(results))
    else:
        with local_pool(workers) as pool:
            for seed, future in drive(lambda: next(left, None), lambda seed: pool.schedule(task, (seed,)), 2 * workers):
                results[seed] = outcome(future)
                done(len(results))
    return [results[seed] for seed in range(1, seeds + 1)]
