"""Figures of studies: what they say is what was found, and the files are reproducible."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.experiments.asking.design import Design
from glasshouse.experiments.command_line.main import main
from glasshouse.experiments.evidence.statistics import ratio_and_half
from glasshouse.experiments.running.runner import run_study
from glasshouse.experiments.running.store import Store
from glasshouse.experiments.showing import study_figures as sf
from glasshouse.experiments.showing.figures import save

VISIBILITY, REWARD = "institutions.score_bureau.visibility.peers", "institutions.hotline.reward"
SMALL = {"set": {"population.size": 60}, "seeds": 3, "steps": 20, "last": 10, "every": 10}
OUTCOMES = ["compliance", "trust_ties"]


def results(folder, **data):
    design = Design.from_dict({"name": "small", "title": "A small question", **SMALL, **data})
    return run_study(design.study(), Store(folder / "s.sqlite"), executor=ThreadPoolExecutor(1))


@pytest.fixture(scope="module")
def plane(tmp_path_factory):
    parameters = {VISIBILITY: {"levels": 3}, REWARD: {"low": 0.0, "high": 6.0, "levels": 4}}
    return results(tmp_path_factory.mktemp("plane"), parameters=parameters)


def test_two_factors_give_effects_phases_rates_and_a_front(plane):
    drawn = sf.all_figures(plane, OUTCOMES)
    assert list(drawn) == ["effects", "phase", "exchange-rates", "front"]
    line = drawn["effects"].axes[2].lines[0]
    by_reward = plane.runs.groupby(REWARD)["compliance"].mean()
    np.testing.assert_allclose(line.get_xdata(), by_reward.index)
    np.testing.assert_allclose(line.get_ydata(), by_reward)
    mesh = drawn["phase"].axes[0].collections[0]
    expected = plane.runs.pivot_table(index=REWARD, columns=VISIBILITY, values="compliance")
    np.testing.assert_allclose(np.ravel(mesh.get_array()), expected.to_numpy().ravel())
    labels = {axes.get_xlabel() for axes in drawn["phase"].axes}
    assert "score_bureau.visibility.peers (rate)" in labels


def test_a_switch_and_a_scenario_are_drawn_as_such(tmp_path):
    found = results(tmp_path, scenario=["visible-score", "baseline"], parameters={"institutions.firewall": {}})
    (effects, front) = sf.all_figures(found, OUTCOMES).items()
    assert effects[0] == "effects" and front[0] == "front"
    words = [[text.get_text() for text in axes.get_xticklabels()] for axes in effects[1].axes]
    assert ["off", "on"] in words and ["baseline", "visible-score"] in words


def test_one_factor_at_a_time_is_drawn_with_the_others_as_they_are(tmp_path):
    parameters = {VISIBILITY: {"values": [0.0, 1.0]}, REWARD: {"values": [0.5, 2.0]}}
    found = results(tmp_path, design="one-at-a-time", parameters=parameters)
    drawn = sf.all_figures(found, ["compliance"])["effects"]
    some = found.runs[found.runs[REWARD] == 0.5].groupby(VISIBILITY)["compliance"].mean()
    np.testing.assert_allclose(drawn.axes[0].lines[0].get_ydata(), some)


def test_samples_are_drawn_in_ten_parts(tmp_path):
    found = results(tmp_path, design="latin-hypercube", samples=40, seeds=2, parameters={REWARD: {}, VISIBILITY: {}})
    drawn = sf.all_figures(found, ["compliance"])
    assert set(drawn) == {"effects", "front"}
    assert len(drawn["effects"].axes[0].lines[0].get_xdata()) == 10


def test_a_ramp_gives_loops_with_their_area(tmp_path):
    data = {key: value for key, value in SMALL.items() if key not in ("steps", "last")}
    ramp = {"parameter": VISIBILITY, "levels": 3, "hold": 10, "settle": 20}
    design = Design.from_dict({"name": "ramp", **data, "ramp": ramp, "parameters": {"institutions.hotline": {}}})
    with Store(tmp_path / "s.sqlite") as store:
        found = run_study(design.study(), store, executor=ThreadPoolExecutor(1))
        strength, values = sf.loops(found, "exposure_peers")
        assert strength.tolist() == [0.0, 0.5, 1.0, 0.5, 0.0] and values.shape == (2, 3, 5)
        # What neighbours see is what visibility is now: no loop, and the same on both ways.
        np.testing.assert_allclose(values[:, :, 0], values[:, :, 4])
        assert (values[:, :, 2] > values[:, :, 1]).all()
        figure = sf.all_figures(found, ["exposure_peers"])["hysteresis"]
        words = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
        assert words == ["hotline off: area +0.000 ± 0.000", "hotline on: area +0.000 ± 0.000"]


def test_rates_of_exchange_are_ratios_of_paired_differences():
    rng = np.random.default_rng(1)
    won = np.array([[0.0], [1.0], [2.0]]) + 0.01 * rng.normal(size=(3, 400))
    lost = 3.0 * won + 0.1 * rng.normal(size=(3, 400))
    rate, about = ratio_and_half(lost, won)
    assert (np.abs(rate[1:] - 3.0) < 2 * about[1:]).all()
    # Standard error of the ratio: 0.1 / (won · √400).
    np.testing.assert_allclose(about[1:], 1.97 * 0.1 / np.array([1.0, 2.0]) / 20, rtol=0.15)


def test_the_rate_is_missing_where_nothing_is_won(plane):
    found = sf.exchange(plane, "reports", "trust_ties", -1)
    assert found["won"].iloc[0] == 0 and np.isnan(found["rate"].iloc[0])
    last = plane.points[(plane.points[VISIBILITY] == 0) & (plane.points[REWARD] == 6)].index[0]
    means = plane.runs.groupby("design_row")[["reports", "trust_ties"]].mean()
    difference = means.loc[last] - means.loc[0]
    assert found.loc[last, "rate"] == pytest.approx(-difference["trust_ties"] / difference["reports"])


def test_the_front_is_what_none_beats():
    values = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5], [0.4, 0.5], [0.5, 0.5], [1.0, -1.0]])
    assert sf.undominated(values).tolist() == [True, True, True, False, True, False]


def test_the_command_draws_the_same_files_with_their_provenance(plane, tmp_path):
    for folder in ("a", "b"):
        with pytest.raises(SystemExit, match="0"):
            main(["figures", str(plane.store.path), str(tmp_path / folder), "--outcome", "compliance"])
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert files == ["effects.svg", "exchange-rates.svg", "front.svg", "phase.svg"]
    for name in files:
        text = (tmp_path / "a" / name).read_bytes()
        assert text == (tmp_path / "b" / name).read_bytes()
        assert f"glasshouse {gh.__version__}; study small; model".encode() in text
    for ending in ("png", "pdf"):
        save(sf.front(plane), tmp_path / f"front.{ending}", sf.provenance(plane))
        assert (tmp_path / f"front.{ending}").stat().st_size > 5000


def test_provenance_tells_other_runs_apart(plane, tmp_path):
    other = results(tmp_path, parameters={REWARD: {"levels": 2}})
    assert sf.provenance(plane) != sf.provenance(other) and sf.provenance(plane) == sf.provenance(plane)


def test_nothing_to_draw_is_said(plane, tmp_path):
    with pytest.raises(gh.GlasshouseError, match="there is no outcome 'complience'; did you mean compliance"):
        sf.all_figures(plane, ["complience"])
