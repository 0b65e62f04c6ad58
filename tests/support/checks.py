"""Checks for the tests of the verification: one that passes, one that fails, one that cannot be computed."""

from __future__ import annotations

from glasshouse.experiments.evidence.verification.check import Check

CHECKS = (
    Check.near("two and two", "Sums <i>", "2 + 2 against 4", "Peano 1889", 4.0, 0.0, lambda: 2.0 + 2.0),
    Check("a third", "Sums <i>", "1 / 3 in a range", "Peano 1889", 0.4, 0.5, lambda: 1 / 3),
    Check("nothing", "Limits", "1 / 0", "none", 0.0, 1.0, lambda: 1 / 0),
    Check("long", "Limits", "takes long", "none", 0.0, 1.0, lambda: 0.5, full=True),
)
