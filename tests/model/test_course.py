"""Measures of a whole run, against answers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from glasshouse.model.measures.course import exit_rate, hole, hysteresis_area


def test_hysteresis_is_the_area_of_the_loop():
    assert hysteresis_area([0, 1, 1, 0], [0, 0, 1, 1]) == pytest.approx(1)
    assert hysteresis_area([0, 1, 2, 1, 0], [0, 1, 2, 1, 0]) == 0
    assert hysteresis_area([0, 1, 1, 0], [1, 1, 0, 0]) == pytest.approx(-1)
    with pytest.raises(ValueError, match="same list"):
        hysteresis_area([0, 1], [0, 1, 2])


def test_a_hole_is_the_chance_of_climbing_out():
    down, up = np.zeros(60), np.concatenate([np.zeros(30), np.ones(30)])
    assert hole(np.stack([down, up], axis=1), 0.5) == 0.5
    assert np.isnan(hole(np.ones((60, 3)), 0.5))
    assert np.isnan(hole(np.zeros((20, 3)), 0.5))


def test_exits_are_counted_a_year_on_the_list():
    on = np.array([[0, 1], [1, 1], [1, 0], [0, 1]], bool)
    assert exit_rate(on) == pytest.approx(2 / 4 * 52)
    assert np.isnan(exit_rate(np.zeros((3, 2), bool)))
