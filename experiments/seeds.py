"""The same task for several seeds, in one process or several."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


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
    results: list[T] = []
    if workers == 1:
        for seed in range(1, seeds + 1):
            results.append(task(seed))
            done(len(results))
        return results
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for result in pool.map(task, range(1, seeds + 1)):
            results.append(result)
            done(len(results))
    return results
