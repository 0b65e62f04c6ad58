"""Sensitivity: known answers, an independent oracle, and the whole command on a small question."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import glasshouse as gh
from glasshouse.experiments.asking.design import Design
from glasshouse.experiments.asking.sampling import morris, saltelli
from glasshouse.experiments.asking.sensitivity import (
    Sensitivity,
    doubts,
    elementary_effects,
    most_important,
    outcome_values,
    sobol_indices,
    variance_parts,
    variance_study,
)
from glasshouse.experiments.command_line.main import main

ISHIGAMI_FIRST = [0.3139, 0.4424, 0.0]
ISHIGAMI_TOTAL = [0.5576, 0.4424, 0.2437]


def ishigami(units):
    """Ishigami & Homma's function, a = 7, b = 0.1; the indices are known."""
    x = np.pi * (2 * np.asarray(units) - 1)
    return np.sin(x[..., 0]) + 7 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0])


def test_sobol_indices_of_a_function_whose_indices_are_known():
    values = ishigami(saltelli(3, 4096, 1))[:, None]
    table = sobol_indices(values, 3, np.random.default_rng(1), resamples=100)
    np.testing.assert_allclose(table["first"], ISHIGAMI_FIRST, atol=0.02)
    np.testing.assert_allclose(table["total"], ISHIGAMI_TOTAL, atol=0.02)
    assert (table["first_low"] <= table["first"]).all() and (table["first"] <= table["first_high"]).all()
    assert (table["total_high"] - table["total_low"] < 0.15).all()


def test_an_independent_program_agrees():
    other = stats.sobol_indices(func=lambda x: ishigami(x.T)[None], n=2048, dists=[stats.uniform()] * 3, rng=3)
    ours = sobol_indices(ishigami(saltelli(3, 2048, 2))[:, None], 3, np.random.default_rng(1), resamples=0)
    np.testing.assert_allclose(ours["first"], other.first_order.ravel(), atol=0.03)
    np.testing.assert_allclose(ours["total"], other.total_order.ravel(), atol=0.03)


def test_intervals_hold_for_other_seeds_too():
    """With 6 noisy seeds the intervals miss the truth seldom: in 150 cases more than 30 misses are very unlikely."""
    units, misses = saltelli(3, 256, 3), 0
    for case in range(50):
        rng = np.random.default_rng(case)
        # Luck common to a seed's points: it shifts a seed, and tilts it along the first parameter.
        tilt = 0.5 * rng.normal(size=6) * (units[:, [0]] - 0.5)
        values = ishigami(units)[:, None] + rng.normal(size=6) + tilt
        table = sobol_indices(values, 3, rng, resamples=150)
        misses += int(((table["total_low"] > ISHIGAMI_TOTAL) | (table["total_high"] < ISHIGAMI_TOTAL)).sum())
    assert misses <= 30


def test_what_does_not_vary_has_no_shares():
    table = sobol_indices(np.ones((5 * 8, 4)), 3, np.random.default_rng(1), resamples=5)
    assert (table == 0).all().all()


def test_elementary_effects_of_a_plane_are_its_slopes():
    units = morris(3, 10, 1)
    seeds = np.random.default_rng(1).normal(size=4)
    values = (units @ [2.0, -0.5, 0.0])[:, None] + seeds
    table = elementary_effects(units, values, np.random.default_rng(1))
    np.testing.assert_allclose(table["mu_star"], [2.0, 0.5, 0.0], atol=1e-12)
    np.testing.assert_allclose(table[["low", "high"]].to_numpy().T, [[2.0, 0.5, 0.0]] * 2, atol=1e-12)
    np.testing.assert_allclose(table["sigma"], 0.0, atol=1e-12)


def test_interaction_shows_as_spread():
    units = morris(2, 20, 1)
    table = elementary_effects(units, (units[:, 0] * units[:, 1])[:, None], np.random.default_rng(1))
    assert (table["sigma"] > 0.2).all() and (table["low"] < table["high"]).all()


def test_variance_is_shared_out_as_it_was_made():
    rng = np.random.default_rng(2)
    values = 2.0 * rng.normal(size=(400, 1)) + 1.0 * rng.normal(size=(1, 300)) + 0.5 * rng.normal(size=(400, 300))
    parts = variance_parts(values)
    total = 4 + 1 + 0.25
    # Errors of variances of 400 and 300 draws: 7% and 8%.
    assert parts["parameters"] == pytest.approx(4 / total, abs=0.08)
    assert parts["seeds"] == pytest.approx(1 / total, abs=0.06)
    assert parts["both"] == pytest.approx(0.25 / total, abs=0.01)
    assert sum(parts.values()) == pytest.approx(1)
    assert all(np.isnan(part) for part in variance_parts(values[:, :1]).values())
    assert variance_parts(np.ones((5, 5))) == {"parameters": 0.0, "seeds": 0.0, "both": 0.0}


def test_one_missing_value_is_refused_rather_than_spoiling_all():
    table = pd.DataFrame({"design_row": [0, 0, 1, 1], "replicate": [0, 1, 0, 1], "x": [1.0, 2.0, np.nan, 4.0],
                          "y": [1.0, 2.0, 3.0, 4.0]})  # fmt: skip
    assert outcome_values(table, "y", 4).tolist() == [[1.0, 2.0], [3.0, 4.0]]
    with pytest.raises(gh.GlasshouseError, match="x does not exist in 1 of 4 runs"):
        outcome_values(table, "x", 4)
    with pytest.raises(gh.GlasshouseError, match="1 of 5 runs came to nothing"):
        outcome_values(table, "y", 5)
    with pytest.raises(gh.GlasshouseError, match="there is no outcome 'z'"):
        outcome_values(table, "z", 4)


def shares_of(values, count):
    """What `analyse` makes of an outcome's values: shares at the whole sample and at half of it."""
    most, size = len(values) // (count + 2), count + 2
    tables = {
        ("y", n): sobol_indices(values[: n * size], count, np.random.default_rng(1)).set_axis(
            pd.Index([f"p{k}" for k in range(count)], name="parameter")
        )
        for n in (most // 2, most)
    }
    indices = pd.concat(tables, names=["outcome", "samples"])
    nothing = pd.DataFrame()
    return Sensitivity(nothing, indices, nothing, pd.DataFrame(index=["y"]))


def test_shares_of_too_few_points_are_doubted_and_those_of_many_are_not():
    assert doubts(shares_of(ishigami(saltelli(3, 16, 1))[:, None], 3))
    assert doubts(shares_of(ishigami(saltelli(3, 1024, 1))[:, None], 3)) == []
    assert doubts(shares_of(np.ones((5 * 16, 2)), 3)) == []


def test_an_estimate_that_contradicts_itself_is_doubted():
    good = shares_of(ishigami(saltelli(3, 1024, 1))[:, None], 3)
    for column, words in (("first", "alone"), ("total", "with others")):
        bad = good.indices.copy()
        row = bad.index[-2]
        if column == "first":
            bad.loc[row, ["first", "first_low", "first_high"]] = [0.9, 0.85, 0.95]
        else:
            bad[["total", "total_low", "total_high"]] *= 0.5
        said = doubts(Sensitivity(good.screening, bad, good.course, good.noise))
        assert said and any(words in one for one in said)
    moved = good.indices.copy()
    moved.loc[("y", 512, "p0"), "total"] = 0.1
    said = doubts(Sensitivity(good.screening, moved, good.course, good.noise))
    assert len(said) == 1 and said[0].startswith("y: p0 had 0.10 of half the sample")


def test_who_matters_for_anything_is_kept():
    index = pd.MultiIndex.from_product([["a", "b"], ["p", "q", "r"]], names=["outcome", "parameter"])
    screening = pd.DataFrame({"mu_star": [100.0, 50.0, 0.0, 0.0, 0.1, 0.2]}, index=index)
    assert most_important(screening, 2) == ["p", "r"]
    assert most_important(screening, 3) == ["p", "q", "r"]


def test_designs_that_cannot_be_analysed_are_refused():
    one = Design.from_dict({"name": "d", "parameters": {"citizens.memory": {"low": 0.0, "high": 9.0}}})
    with pytest.raises(gh.GlasshouseError, match="at least two parameters"):
        variance_study(one, 8, list(one.parameters))


QUESTION = """
title = "What makes people report?"
seeds = 3
steps = 20
last = 10
every = 10
[set]
"population.size" = 80
[parameters."institutions.hotline.reward"]
[parameters."institutions.court.appeal_delay"]
low = 2
high = 30
[parameters."institutions.hotline.verification"]
"""


def test_the_command_finds_what_matters_and_resumes(tmp_path, capsys):
    design, store, out = tmp_path / "why.toml", tmp_path / "s.sqlite", tmp_path / "why.csv"
    design.write_text(QUESTION)

    def asking(samples: int) -> list[str]:
        return ["sensitivity", str(design), "--store", str(store), "--trajectories", "4", "--samples", str(samples),
                "--keep", "2", "--outcome", "reports", "--outcome", "false_reports", "--out", str(out),
                "--figure", str(tmp_path / "bars.svg")]  # fmt: skip

    # Of so few points the shares are not told; those that follow begin with them.
    with pytest.raises(SystemExit, match="2"):
        main(asking(16))
    said = capsys.readouterr()
    assert "reports: institutions.hotline.reward has 0." in said.err and "--samples 32" in said.err
    assert "μ*" in said.out and " … " not in said.out and not out.exists()
    arguments = asking(64)
    for _ in range(2):
        with pytest.raises(SystemExit, match="0"):
            main(arguments)
        printed = capsys.readouterr().out
    assert "μ*" in printed and "of the variance of runs" in printed
    table = pd.read_csv(out)
    of_reports = table[table["outcome"] == "reports"]
    screening = of_reports[of_reports["quantity"] == "mu_star"].set_index("parameter")["value"]
    reward = "institutions.hotline.reward"
    assert screening.idxmax() == reward and screening["institutions.court.appeal_delay"] < 0.02 * screening[reward]
    last = of_reports[(of_reports["stage"] == "variance") & (of_reports["samples"] == 64)]
    shares = last.set_index(["parameter", "quantity"])["value"]
    assert shares[reward, "total"] > 0.9 and len(shares) == 4
    assert sorted(table.loc[table["stage"] == "variance", "samples"].unique()) == [8, 16, 32, 64]
    assert sorted(table.loc[table["stage"] == "course", "week"].unique()) == [10, 20]
    noise = of_reports[of_reports["stage"] == "noise"]["value"]
    assert noise.sum() == pytest.approx(1)
    assert "<svg" in (tmp_path / "bars.svg").read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--trajectories", "1"], "at least 2 trajectories"),
        (["--keep", "4"], "keep 2 to 3"),
        (["--samples", "12", "--keep", "2", "--trajectories", "2"], "power of two"),
        (["--outcome", "report", "--keep", "2"], "there is no outcome 'report'"),
    ],
)
def test_bad_input_is_refused(arguments, words, tmp_path, capsys):
    design = tmp_path / "why.toml"
    design.write_text(QUESTION)
    with pytest.raises(SystemExit) as end:
        main(["sensitivity", str(design), "--store", str(tmp_path / "s.sqlite"), *arguments])
    assert end.value.code == 2 and words in capsys.readouterr().err
