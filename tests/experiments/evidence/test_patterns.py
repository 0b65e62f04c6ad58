"""Patterns that the model is held against, and how it was tuned on them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import glasshouse as gh
from glasshouse.experiments.command_line.main import main
from glasshouse.experiments.evidence.fit import NEARNESS, SEARCHED, STATISTICS, distance
from glasshouse.experiments.evidence.patterns import PATTERNS, Finding, World, find

ROOT = Path(__file__).parents[3]
NOT_SHOWN = {"poverty trap", "poverty trap, list alone", "no way back", "reports and trust in the authority"}
"""Patterns that do not show; docs/decisions/0005-calibration.md says why."""


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    return find(3, size=500)


def test_every_number_from_0_to_10_is_there():
    assert {pattern.number for pattern in PATTERNS} == set(range(11))
    assert {pattern.number for pattern in PATTERNS if pattern.held_out} == {8, 9, 10}
    assert all(pattern.scenario in gh.scenarios() and pattern.words for pattern in PATTERNS)


@pytest.mark.parametrize("k", range(len(PATTERNS)), ids=[pattern.name for pattern in PATTERNS])
def test_closed_bands_hold_in_a_small_world(findings, k):
    """Half-open bands need more seeds; the slow test has them all."""
    pattern, found = PATTERNS[k], findings[k]
    assert found.low <= found.mean <= found.high
    if np.isfinite([pattern.low, pattern.high]).all():
        width = pattern.high - pattern.low
        assert pattern.low - width / 4 <= found.mean <= pattern.high + width / 4


@pytest.mark.slow
def test_the_patterns_that_show_are_those_that_are_said_to():
    shown = {found.pattern.name for found in find(20, workers=2) if found.passes}
    assert shown == {pattern.name for pattern in PATTERNS} - NOT_SHOWN


def test_worlds_take_changes_only_where_they_apply():
    tried = {"institutions.blacklist.entry": 0.5, "citizens.memory": 9.0}
    a, b = World("baseline", 2).plan(tried, 60), World("court-blacklist", 2, times=5).plan(tried, 60)
    assert a.citizens.memory == b.citizens.memory == 9.0
    assert b.settings()["institutions.blacklist.entry"] == 0.5 and "blacklist" not in a.institutions
    assert a.population.size == 60 and b.population.size == 300


def test_open_bands_need_the_whole_interval():
    below = next(pattern for pattern in PATTERNS if pattern.name == "boomerang")
    assert below.passes(-1, -2, -0.5) and not below.passes(-1, -2, 0.5)
    within = next(pattern for pattern in PATTERNS if pattern.name == "falsification")
    assert within.passes(0.2, 0.1, 0.3) and not within.passes(0.26, 0.2, 0.3)


def test_workers_change_nothing():
    chosen = {"size": 100, "held_out": False}
    assert find(2, workers=1, **chosen) == find(2, workers=2, **chosen)


def test_the_record_of_the_calibration_is_whole_and_the_defaults_are_its_best_point():
    record = pd.read_csv(ROOT / "docs" / "calibration.csv")
    assert set(record["stage"]) == {"start", "hypercube", "local"} and len(record) == 109
    best = record.loc[record["distance"].idxmin()]
    for row in (record.iloc[0], best):
        assert distance(row, row) == pytest.approx(row["distance"])
    defaults = gh.Scenario.load("court-blacklist").settings()
    for name, (_, low, high) in SEARCHED.items():
        assert low <= best[name] <= high
        assert abs(defaults[name] - best[name]) < 0.1 * (high - low), name


def test_the_distance_is_zero_inside_all_bands_and_at_most_one_for_each():
    start = {name: values[0] for name, values in SEARCHED.items()}
    inside = {name: np.clip(0.0, p.low, p.high) for name, p in STATISTICS.items()}
    assert distance(start, inside) == 0
    assert distance(start, {**inside, "7 unravelling": -100.0}) == 1
    assert distance(start, {**inside, "1 falsification": np.nan}) == 1
    moved = {**start, "citizens.reactance": 0.8}
    assert distance(moved, inside) == pytest.approx(NEARNESS * (0.3 / 0.7) ** 2 / len(SEARCHED))


def test_the_command_prints_and_writes_the_table(tmp_path, capsys):
    out = tmp_path / "patterns.csv"
    with pytest.raises(SystemExit, match="0"):
        main(["patterns", "--seeds", "2", "--size", "100", "--workers", "1", "--out", str(out)])
    assert "falsification" in capsys.readouterr().out
    table = pd.read_csv(out)
    assert len(table) == len(PATTERNS) and table["statistic"].str.len().min() > 10
    for arguments, words in ((["--seeds", "1"], "at least 2 seeds"), (["--workers", "-1"], "at least 1")):
        with pytest.raises(SystemExit):
            main(["patterns", *arguments])
        assert words in capsys.readouterr().err
