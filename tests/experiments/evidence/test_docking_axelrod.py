"""The norms game: its numbers, its payoffs, and the rule of boldness as a limit of citizens' fear."""

from __future__ import annotations

import numpy as np
import pytest

from glasshouse.experiments.evidence.docking import axelrod as docked
from tests.support.docking import watched

QUICK = [check for check in docked.CHECKS if not check.full]


@pytest.mark.parametrize("check", QUICK, ids=lambda check: check.name)
def test_numbers(check):
    assert check.low <= check.measure() <= check.high


def test_payoffs_of_players_who_are_all_alike_are_those_of_the_article():
    """All bold and none vengeful: T + (n − 1) H; all vengeful: 20 are punished half of the time, by 19."""
    bold, none = np.ones(20), np.zeros(20)
    assert docked.expected_payoffs(bold, none, False) == pytest.approx(np.full(20, 3 - 19))
    assert docked.expected_payoffs(bold, bold, False) == pytest.approx(np.full(20, 3 - 19 - 9 * 19 / 2 - 2 * 19 / 2))
    # Nobody lets anything pass: metanorms cost nothing.
    assert docked.expected_payoffs(bold, bold, True) == pytest.approx(docked.expected_payoffs(bold, bold, False))


def test_boldness_is_what_deviating_is_worth_by_what_a_sanction_costs():
    """Citizens defect iff S < B with B = (cost − λ (2x − 1)) / (loss · φ₁), as players do."""
    rng = np.random.default_rng(2)
    boldness = rng.integers(0, docked.MOST + 1, 2000) / docked.MOST
    chances = rng.random(2000)
    # With λ = 1, cost ½, loss 2 and φ₁ = ½ the boldness is 1½ − 2x.
    changes = {"domains.speech.cost": 0.5, "domains.speech.loss": 2.0, "citizens.consequence.prior": 0.5}
    society = watched(changes, (1.5 - boldness) / 2, chances)
    society.step()
    deviates = society.citizens.complies[:, 0] == 0
    np.testing.assert_array_equal(deviates, docked.defects(chances, boldness))
    assert 0.3 < deviates.mean() < 0.7
