"""Short trials of the field computed anew: those of at most three years that settings were tuned on."""

from __future__ import annotations

from functools import cache

from ..field import hold_against_field
from .check import Check

TRIALS = ("T0b", "T1", "T3", "T4", "T5", "T12", "T13", "T14")
"""Trials, each named by its first statistic."""


@cache
def share_passing() -> float:
    """Share of the statistics with a band that pass, over 12 seeds of 2,000 people."""
    verdicts = [each.verdict for each in hold_against_field(TRIALS) if each.verdict]
    return sum(verdict == "pass" for verdict in verdicts) / len(verdicts)


CHECKS = (
    Check("short facts computed anew", "Field",
          f"statistics of {', '.join(TRIALS)} with a band, 12 seeds of 2,000 people: share that passes",
          "published facts, each with its source: docs/field.md", 0.9, 1.0, share_passing, full=True),
)  # fmt: skip
