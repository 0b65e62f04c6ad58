"""The model held against the field, and which settings the trials leave possible."""

from __future__ import annotations

from math import inf

import numpy as np
import pandas as pd
import pytest

import glasshouse as gh
from glasshouse.experiments.evidence import field, fit
from glasshouse.experiments.evidence.statistics import Estimate
from glasshouse.experiments.evidence.trials.trial import Place, Statistic, Trial, log_odds, show_record
from tests.support.answers import answer
from tests.support.studies import glasshouse

UNSURE = {"T1", "T6", "T13", "T4 longer", "T7 exits"}
"""Statistics so near an edge that the mean of a few seeds may fall on either side of it."""


@pytest.mark.slow
def test_the_trials_come_out_as_they_are_said_to():
    """At full size all that were tuned on pass; what fails held out is explained. A third of the seeds must do."""
    findings = field.hold_against_field(seeds=4, workers=2)
    failed = {f.statistic.name for f in findings if f.verdict not in ("", "pass") and not f.trial.held_out}
    assert not failed - UNSURE, {f.statistic.name: f.found for f in findings}
    assert all(f.trial.explains for f in findings if f.trial.held_out and f.verdict == "fail")


@pytest.mark.parametrize(
    ("band", "found", "verdict"),
    [
        ((0, 1), Estimate(0.5, 0.2, 0.8, 12), "pass"), ((0, 1), Estimate(1.2, 1.1, 1.3, 12), "fail"),
        ((0, 1), Estimate(0.5, -0.2, 1.2, 12), "undecided"), ((0, inf), Estimate(0.5, 0.1, 0.9, 12), "pass"),
        ((0, inf), Estimate(0.5, -0.1, 1.1, 12), "undecided"), ((0, inf), Estimate(-0.5, -0.9, -0.1, 12), "fail"),
        ((-inf, inf), Estimate(0.5, 0.1, 0.9, 12), ""), ((0, 1), Estimate(0.5, np.nan, np.nan, 1), "undecided"),
    ],
)  # fmt: skip
def test_verdicts(band, found, verdict):
    assert field.verdict_of(Statistic("x", "x", *band), found) == verdict


def test_a_trial_measures_the_same_people_treated_and_untreated():
    """Shown to nobody nothing changes, to the bit; shown to all the treated change and no act before does."""
    place = Place(300, 2, {})
    plain, nobody, shown = place.society(), place.society(), place.society()
    who = place.tenth(plain)
    show_record(nobody, "civic", np.zeros(300, bool), "all")
    show_record(shown, "civic", who, "all")
    for society in (plain, nobody, shown):
        society.step()
    d = plain.domains.names.index("civic")
    np.testing.assert_array_equal(plain.citizens.terms, nobody.citizens.terms)
    image = shown.citizens.terms[:, d, 3] - plain.citizens.terms[:, d, 3]
    # The others see their acts, and believe a little more or less approved.
    assert (image[who] > 0.05).mean() > 0.5 and np.abs(image[~who]).max() < 0.02
    assert log_odds(np.array([0.75]), np.array([0.5])) == pytest.approx(np.log(3))


def test_the_mechanism_is_what_makes_the_effect():
    """Without image nothing comes of being seen; without a prior nothing is feared of watching alone."""
    seen, still = field.chosen_trials(["T1"])[0], {"citizens.reactance": 0.0}
    assert seen.measure(Place(400, 1, still))["T1"] > 0.1
    assert abs(seen.measure(Place(400, 1, {**still, "citizens.image_concern": 0.0}))["T1"]) < 0.02
    watched = field.chosen_trials(["T5"])[0]
    assert watched.measure(Place(400, 1, still))["T5"] < -0.04
    fearless = {**still, "citizens.consequence.prior": 0.0, "citizens.image.counts_authority": 0.0}
    assert watched.measure(Place(400, 1, fearless))["T5"] == pytest.approx(0, abs=2e-3)


def test_what_was_stopped_goes_on(tmp_path):
    store = tmp_path / "s.sqlite"
    first = field.hold_against_field(["T1", "T3"], 2, 120, store=store)
    assert [f.statistic.name for f in first] == ["T1", "T1 order", "T1 authority", "T1 close ties", "T2", "T3"]
    again = field.hold_against_field(["T1", "T3"], 2, 120, store=store, progress=lambda p: assert_reused(p))
    assert again == first
    with pytest.raises(gh.GlasshouseError, match="there is no trial 'T99'"):
        field.chosen_trials(["T99"])
    with pytest.raises(gh.GlasshouseError, match="trials choose institutions themselves"):
        field.field_study(field.chosen_trials(["T1"]), 2, 120, {"institutions.court": {}})


def assert_reused(progress) -> None:
    assert progress.recorded == 0


def test_the_command_prints_writes_and_draws(tmp_path):
    out, figure = tmp_path / "field.csv", tmp_path / "field.svg"
    done = glasshouse("field", "T1", "T3", "--seeds", 2, "--size", 120, "--out", out, "--figure", figure)
    assert done.returncode == 0 and "log-odds of" in done.stdout, done.stderr
    table = pd.read_csv(out)
    assert list(table["statistic"]) == ["T1", "T1 order", "T1 authority", "T1 close ties", "T2", "T3"]
    assert table["verdict"].fillna("").tolist()[2:4] == ["", ""] and figure.read_text().startswith("<?xml")
    assert "there is no trial" in answer("field", "T99").err
    assert "at least 2 seeds" in answer("field", "--seeds", 1).err


def test_history_matching_finds_where_the_truth_was(tmp_path):
    """Settings of a truth that is in the range stay possible, others do not, and an idle setting is not identified."""
    truth = field.hold_against_field(["T1"], 2, 150)
    searched = {"citizens.image_concern": (0.2, 3.0), "citizens.habit.forming": (0.01, 0.9)}
    tried = fit.history_match(1, 16, 2, 150, searched=searched, names=["T1"], store=tmp_path / "s.sqlite")
    assert len(tried) == 16 and truth[0].statistic.name == "T1"
    possible = tried[tried["implausibility"] <= fit.IMPLAUSIBLE]
    assert 0 < len(possible) < 16
    assert tried["citizens.image_concern"].corr(tried["T1"]) > 0.9
    found = fit.identified(tried, searched, ["T1"])
    assert 0 < found.attrs["possible"] < 1
    assert found.loc["citizens.image_concern", "spread"] < found.loc["citizens.habit.forming", "spread"]
    again = fit.history_match(1, 16, 2, 150, searched=searched, names=["T1"], store=tmp_path / "s.sqlite")
    pd.testing.assert_frame_equal(again, tried)
    for wrong in ({"waves": 0}, {"points": 28}):
        with pytest.raises(gh.GlasshouseError, match="at least 1 wave, 29 points for 13 settings"):
            fit.history_match(**wrong)


def test_an_emulator_finds_a_parabola():
    """What depends on settings by their squares is predicted, and what is known to be out of a band is implausible."""
    searched = {"a": (0.0, 2.0), "b": (-1.0, 1.0)}
    rng = np.random.default_rng(1)
    tried = pd.DataFrame({"a": rng.uniform(0, 2, 40), "b": rng.uniform(-1, 1, 40)})
    tried["x"] = 3 + tried["a"] ** 2 - tried["b"] + rng.normal(0, 0.01, 40)
    trial = Trial("T", "", "", (Statistic("x", "", 3.9, 4.1),), lambda place: {})
    worst = fit.emulated(tried, searched, np.array([[1.0, 0.0], [1.5, 0.0], [0.5, -0.75]]), [trial])
    assert worst[0] < 1 and worst[2] < 1.5 and worst[1] > 50


def test_implausibility_is_in_standard_errors_beyond_the_band():
    band = Statistic("x", "x", 0.0, 1.0)
    assert fit.implausibility(band, [0.4, 0.6]) == 0
    assert fit.implausibility(band, [1.4, 1.6]) == pytest.approx(0.5 / (np.std([1.4, 1.6], ddof=1) / np.sqrt(2)))
    assert fit.implausibility(band, [1.5, 1.5]) == pytest.approx(0.5 / 0.02)
    assert fit.implausibility(band, [np.nan, 1.0]) == inf
