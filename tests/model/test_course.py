"""Measures of a whole run, against answers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from glasshouse.model.measures.course import (
    exit_rate,
    hole,
    hysteresis_area,
    mobility,
    spells,
    tiers_of,
    time_to_norm,
    trust_per_report,
)


def test_time_to_norm_is_the_first_week_after_the_last_fall():
    assert time_to_norm([0.1, 0.9, 0.4, 0.8, 0.9], 0.5) == 4
    assert time_to_norm([0.6, 0.7], 0.5) == 1
    assert np.isnan(time_to_norm([0.9, 0.1], 0.5))


def test_hysteresis_is_the_area_of_the_loop():
    assert hysteresis_area([0, 1, 1, 0], [0, 0, 1, 1]) == pytest.approx(1)
    assert hysteresis_area([0, 1, 2, 1, 0], [0, 1, 2, 1, 0]) == 0
    assert hysteresis_area([0, 1, 1, 0], [1, 1, 0, 0]) == pytest.approx(-1)
    with pytest.raises(ValueError, match="same list"):
        hysteresis_area([0, 1], [0, 1, 2])


def test_trust_per_report_is_of_the_paired_difference():
    assert trust_per_report([0.8, 0.5], [0.8, 0.7], [1.0, 3.0]) == pytest.approx(0.05)
    assert np.isnan(trust_per_report([0.8], [0.8], [0.0]))


def test_tiers_begin_at_their_floors():
    assert tiers_of([0, 599.9, 600, 1050, np.nan, -5], [0, 600, 1050]).tolist() == [0, 0, 1, 2, -1, 0]


def test_mobility_rows_add_up_and_chances_are_counted():
    scores = np.array([[0, 10, np.nan], [10, 10, 0], [0, 0, 10]], float)
    matrix = mobility(scores, [0, 5, 100], weeks=1)
    np.testing.assert_allclose(matrix[:2, :2], [[0, 1], [2 / 3, 1 / 3]])
    assert np.isnan(matrix[2]).all()
    np.testing.assert_allclose(matrix[:2].sum(axis=1), 1)
    assert np.isnan(mobility(scores[:1], [0, 5], weeks=1)).all()


def test_a_hole_is_the_chance_of_climbing_out():
    down, up = np.zeros(60), np.concatenate([np.zeros(30), np.ones(30)])
    assert hole(np.stack([down, up], axis=1), 0.5) == 0.5
    assert np.isnan(hole(np.ones((60, 3)), 0.5))
    assert np.isnan(hole(np.zeros((20, 3)), 0.5))


def test_spells_are_counted_to_their_end_or_to_that_of_the_record():
    on = np.array([[0, 1], [1, 1], [1, 0], [0, 1]], bool)
    lengths, ended = spells(on)
    assert sorted(zip(lengths.tolist(), ended.tolist(), strict=True)) == [(1, False), (2, True), (2, True)]
    assert exit_rate(on) == pytest.approx(2 / 4 * 52)
    assert np.isnan(exit_rate(np.zeros((3, 2), bool)))
