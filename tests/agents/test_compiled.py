"""Loops are split among threads without anybody noticing."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.agents.compiled import SMALLEST_SHARE, for_all


@pytest.mark.parametrize("threads", [1, 2, 3, 7])
@pytest.mark.parametrize("count", [0, 1, SMALLEST_SHARE, 5 * SMALLEST_SHARE + 3])
def test_every_row_is_visited_once(count, threads):
    visits = np.zeros(count, int)

    def loop(start: int, stop: int, column: np.ndarray) -> None:
        column[start:stop] += 1

    for_all(loop, count, threads, visits)
    assert (visits == 1).all()


def test_an_error_in_a_thread_is_raised():
    def loop(start: int, stop: int) -> None:
        if start > 0:
            raise ArithmeticError("in the second share")

    with pytest.raises(ArithmeticError, match="second share"):
        for_all(loop, 2 * SMALLEST_SHARE, 2)


def compliance(seed: int) -> float:
    society = gh.Society("baseline", rng=seed, threads=2, **{"population.size": 2 * SMALLEST_SHARE})
    society.step()
    return society.history["compliance"].iloc[-1]


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_has_threads_of_its_own():
    here = compliance(3)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as pool:
        assert pool.submit(compliance, 3).result(timeout=120) == here
