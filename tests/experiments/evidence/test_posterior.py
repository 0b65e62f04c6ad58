"""What the facts leave of each setting: against posteriors that are known."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np
import pandas as pd
import pytest
from scipy.stats import truncnorm

import glasshouse as gh
from glasshouse.experiments.evidence import fit, posterior
from glasshouse.experiments.evidence.trials.trial import Statistic, Trial
from tests.support.answers import answer
from tests.support.docs import page_script

SEARCHED = {"a": (0.0, 2.0), "b": (-1.0, 1.0), "idle": (0.0, 1.0)}
STATISTICS = (Statistic("x", "", 0.5, 1.5), Statistic("y", "", -1, 1), Statistic("z", "", 0, inf))


def draws(n: int = 500, seed: int = 1) -> posterior.Simulated:
    """A model whose statistics are sums of its settings; the last tells the sign of the second."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({path: rng.uniform(low, high, n) for path, (low, high) in SEARCHED.items()})
    table["x"], table["y"], table["z"] = table["a"], table["b"] + table["a"], table["b"]
    return posterior.simulated(table, SEARCHED, [Trial("T", "", "", STATISTICS, lambda place: {})])


def test_a_known_posterior_is_found():
    """A setting measured with known noise over an even range has a normal posterior, cut off at the range's ends."""
    of = draws(2000)
    found = posterior.summary(of, posterior.Posterior(of).given(np.array([1.0, 1.0]), possible=False))
    exact = truncnorm(-4, 4, loc=1.0, scale=0.25)
    # The second statistic says a little more of the first setting, which narrows it by a few hundredths.
    assert found.loc["a", "mean"] == pytest.approx(1.0, abs=0.06)
    assert found.loc["a", "low"] == pytest.approx(exact.ppf(0.05), abs=0.08)
    assert found.loc["a", "high"] == pytest.approx(exact.ppf(0.95), abs=0.08)
    assert 0.85 < found.loc["idle", "spread"] < 1.15


def test_a_fact_with_an_open_band_is_a_condition():
    of = draws()
    left = posterior.Posterior(of).given(np.array([1.0, 0.8]))
    without = posterior.Posterior(of).given(np.array([1.0, 0.8]), possible=False)
    # What is kept lies at the edge or above it, but for the width of the regression's residuals.
    assert (without[:, 1] < -0.1).mean() > 0.4 and (left[:, 1] < -0.1).mean() < 0.1


def test_nothing_leaves_its_range():
    of = draws()
    left = posterior.Posterior(of).given(np.array([30.0, -30.0]), possible=False)
    assert ((left >= of.low) & (left <= of.high)).all()


def test_intervals_cover_as_often_as_they_say():
    """Of 300 truths and intervals, 90% are to be covered; below 85% or above 95% comes by chance once in 250."""
    found = posterior.recovered(draws(400))
    assert 0.85 <= found["coverage"].mean() <= 0.95
    assert found.loc["a", "recovery"] > 0.8 and abs(found.loc["idle", "recovery"]) < 0.35


def test_intervals_cover_where_there_are_few_draws_for_many_settings():
    """Asked about what it has learned from, the regression leaves 73% covered; as it is, .86 to .89 over six seeds."""
    rng = np.random.default_rng(2)
    searched = {f"s{k}": (0.0, 1.0) for k in range(12)}
    table = pd.DataFrame(rng.uniform(size=(300, 12)), columns=list(searched))
    mixed = table.to_numpy() @ rng.normal(size=(12, 18)) + rng.normal(0, 0.3, (300, 18))
    names = [f"x{k}" for k in range(18)]
    table[names] = mixed
    statistics = tuple(
        Statistic(name, "", m - 1, m + 1) for name, m in zip(names, mixed.mean(axis=0), strict=True)
    )  # fmt: skip
    of = posterior.simulated(table, searched, [Trial("T", "", "", statistics, lambda place: {})])
    found = posterior.recovered(of)
    assert 0.83 <= found["coverage"].mean() <= 0.95


def test_some_draws_are_settings_by_path():
    of = draws()
    left = posterior.Posterior(of).given(np.array([1.0, 1.0]))
    first, *_, last = posterior.spread_out(of, left, 5)
    assert list(first) == list(SEARCHED) and first["a"] == left[0, 0] and last["b"] == left[-1, 1]


def test_the_page_draws_what_is_left_and_claims_are_ratios_of_means(tmp_path):
    of = draws()
    left = posterior.Posterior(of).given(np.array([1.0, 1.0]))
    found = posterior.summary(of, left, posterior.recovered(of, 10))
    rows = [
        {"draw": draw, "seed": seed, "compliance, fifth year, points": draw}
        | {f"{part} at the end of {years:g} years": seed for part in ("heart", "eye") for years in (0.5, 2, 10, 30)}
        | {f"{part} two years after {years:g} years": 1 for part in ("heart", "eye") for years in (0.5, 2, 10, 30)}
        for draw in (-1, 0, 1) for seed in (1, 3)
    ]  # fmt: skip
    claims = page_script("claims")
    table = claims.table(claims.claims(pd.DataFrame(rows)))
    assert table.loc["share of the heart left two years after 10 years", "mean"] == 0.5
    assert table.loc["compliance, fifth year, points", ["defaults", "mean"]].tolist() == [-1, 0.5]
    # The page shows the settings of the model alone.
    of = replace(of, paths=("citizens.conformity", "citizens.image_concern", "citizens.reactance"))
    page_script("fit").draw(found, of, left, tmp_path / "fit.svg")
    assert "citizens.reactance" in (tmp_path / "fit.svg").read_text("utf-8")


def test_too_few_draws_are_refused():
    with pytest.raises(gh.GlasshouseError, match="too few"):
        draws(60)


def test_draws_come_from_what_the_waves_left_and_trials_are_predicted(tmp_path):
    searched = {"citizens.image_concern": (0.2, 3.0), "citizens.habit.forming": (0.01, 0.9)}
    how = {"searched": searched, "names": ["T1"], "store": tmp_path / "s.sqlite"}
    tried = fit.history_match(1, 16, 2, 150, **how)
    drawn = fit.draw_possible(tried, 12, 2, 150, **how)
    assert len(drawn) == 12 and set(drawn["wave"]) == {2}
    before, after = (each["citizens.image_concern"].std() for each in (tried, drawn))
    assert after < before
    predictions = fit.predicted(drawn[list(searched)].head(3).to_dict("records"), ["T3"], 1, 150)
    row = predictions.loc["T3"]
    assert row["low"] <= row["mean"] <= row["high"] and row["band_high"] == 0.2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--draws", 5), "at least 100"),
        (("--draws", 0, "--predict", 3), "--predict"),
        (("--posterior", "p.xlsx"), "format by its ending"),
    ],
)
def test_bad_input_is_refused(words, says):
    assert says in answer("fit", *words).err
