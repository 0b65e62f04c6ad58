"""Other people's tools run a society: Mesa's batch_run (see tests/model/test_mesa.py) and the EMA workbench."""

from __future__ import annotations

import warnings

import pytest

import glasshouse as gh

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    ema = pytest.importorskip("ema_workbench", reason="the EMA workbench is not installed")

PATHS = {"visibility": "institutions.score_bureau.visibility.peers", "reward": "institutions.hotline.reward"}


def society(visibility: float, reward: float, network: str, seed: int) -> dict[str, float | list[float]]:
    """Run of a society as a function of its uncertainties, as the workbench wants it."""
    changes = {PATHS["visibility"]: visibility, PATHS["reward"]: reward, "population.network": network}
    model = gh.Society(rng=seed, **changes, **{"population.size": 60})
    model.run_for(10)
    return {"compliance": model.history["compliance"].iloc[-1], "reports": model.history["reports"].tolist()}


@pytest.mark.filterwarnings("ignore")
def test_the_ema_workbench_explores_a_society():
    model = ema.Model("glasshouse", function=society)
    model.uncertainties = [
        ema.RealParameter("visibility", 0, 1),
        ema.CategoricalParameter("network", ["small-world", "random"]),
    ]
    model.levers = [ema.RealParameter("reward", 0, 2)]
    model.constants = [ema.Constant("seed", 5)]
    model.outcomes = [ema.ScalarOutcome("compliance"), ema.TimeSeriesOutcome("reports")]
    experiments, outcomes = ema.perform_experiments(model, scenarios=4, policies=2)
    assert len(experiments) == 8 and outcomes["reports"].shape == (8, 10)
    for k in (0, 7):
        row = experiments.iloc[k]
        again = society(row["visibility"], row["reward"], row["network"], 5)
        assert again["compliance"] == outcomes["compliance"][k] and again["reports"] == outcomes["reports"][k].tolist()
