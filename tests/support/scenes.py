"""Small societies in which the answer is known."""

from __future__ import annotations

from scipy import stats

from glasshouse.experiments.evidence.contract import assert_same as assert_same
from glasshouse.experiments.evidence.contract import state as state
from glasshouse.experiments.evidence.verification.scenes import ALONE as ALONE
from glasshouse.experiments.evidence.verification.scenes import STILL as STILL
from glasshouse.experiments.evidence.verification.scenes import one_domain as one_domain


def assert_proportion(hits: int, trials: int, chance: float, error: float = 1e-6) -> None:
    """The hits are as likely as `chance` says; a true chance fails with probability `error` at most."""
    low, high = stats.binom.interval(1 - error, trials, chance)
    assert low <= hits <= high, f"{hits} of {trials} is not a chance of {chance}: expected {low:.0f} to {high:.0f}"
