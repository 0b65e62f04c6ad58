"""Time of a week and of building, with pytest-benchmark: ``uv run pytest benchmarks``."""

from __future__ import annotations

import pytest

import glasshouse as gh


@pytest.mark.parametrize("size", [1_000, 10_000])
@pytest.mark.parametrize("scenario", gh.scenarios())
def test_week(benchmark, scenario, size):
    society = gh.Society(scenario, rng=1, threads=1, **{"population.size": size})
    society.run_for(5)
    benchmark(society.step)
    assert society.week > 5


@pytest.mark.parametrize("network", ["small-world", "random", "scale-free", "community"])
def test_build(benchmark, network):
    changes = {"population.size": 10_000, "population.network": network}
    society = benchmark(gh.Society, "visible-score-and-reports", rng=1, **changes)
    assert len(society.citizens) == 10_000
