"""The mean-field map: its known limits, and societies beside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from glasshouse.experiments.evidence.verification import tipping
from glasshouse.experiments.evidence.verification.mean_field import Map, Setting, State, course, error, lived

ALIKE = Setting(image=0.0, concentration=1e7, cost=0.2, visibility=0.0)
"""Nobody is for or against it by conviction, and nobody minds being seen."""


def fold_of_cost(conformity: float, rationality: float) -> float:
    """Cost at which the upper state of m = tanh(β (J m − cost) / 2) ends (Brock & Durlauf 2001): m² = 1 − 2 / (β J)."""
    m = np.sqrt(1 - 2 / (rationality * conformity))
    return float(conformity * m - 2 / rationality * np.arctanh(m))


def test_without_convictions_it_ends_where_brock_and_durlauf_say():
    found = tipping.folds(ALIKE, "conformity", 3.2, 0.8, 0.98)
    assert len(found) == 1
    assert fold_of_cost(found[0], ALIKE.rationality) == pytest.approx(ALIKE.cost, abs=1e-6)


def test_its_fixed_points_are_the_roots_of_a_hyperbolic_tangent():
    of = replace(ALIKE, conformity=2.0)
    for start in (0.02, 0.98):
        m = 2 * tipping.settled(of, start).share - 1
        assert m == pytest.approx(np.tanh(of.rationality * (of.conformity * m - of.cost) / 2), abs=1e-6)


def test_a_branch_is_made_of_fixed_points_and_turns_unstable_at_folds():
    found = tipping.branch(tipping.TIPPING, "visibility", 0.0, 1.0)
    for k in range(0, len(found.at), 10):
        world = Map(replace(tipping.TIPPING, visibility=float(found.at[k])))
        p, y = float(found.share[k]), float(found.approval[k])
        after = world.week(State(p, p, y, world.image(y)))
        assert (after.share, after.approval) == (pytest.approx(p, abs=1e-9), pytest.approx(y, abs=1e-9))
    turns = np.flatnonzero(np.diff(found.stable.astype(int)))
    up, down = tipping.folds(tipping.TIPPING, "visibility", 0.0, 1.0)
    assert found.at[turns] == pytest.approx([up, down], abs=0.01)
    assert found.stable[[0, -1]].all()


def test_a_society_follows_the_map():
    """Over 40 weeks 300 people err by some √(p (1 − p) / N); a map that leaves image out is far away."""
    assert error(tipping.COSTLY, 300, 0.2, seeds=2, weeks=40) < 2
    blind = course(replace(tipping.COSTLY, image=0.0), 300, 0.2, 40)
    acts = lived(tipping.COSTLY, 300, 0.2, 1, 40)
    off = (acts - blind)[10:] / np.sqrt(blind * (1 - blind) / 300)[10:]
    assert np.sqrt(np.mean(off**2)) > 3


def test_the_default_conformity_has_one_state_and_five_times_as_much_has_two():
    assert tipping.folds(tipping.COSTLY, "visibility", 0.0, 1.0) == []
    of = replace(tipping.TIPPING, visibility=0.5)
    low, high = (lived(of, 400, start, 1, 60)[-10:].mean() for start in (0.05, 0.95))
    assert low < 0.25 and high > 0.7
