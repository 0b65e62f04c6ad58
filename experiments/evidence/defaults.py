"""The defaults that were fixed before any held-out fact was computed, known by their digest."""

from __future__ import annotations

import hashlib

import rfc8785

from ...agents import institutions
from ...agents.institutions import INSTITUTIONS
from ...model.errors import GlasshouseError
from ...model.scenario import Scenario
from ..running.json_text import spelled

OURS = institutions.__name__
"""Institutions of other packages have defaults of their own."""

RECORDED = "4f9f67a7742f185d373b06fc983febdf076b13486b8a4cc11bb91c9f105f0f7d"
"""Digest of the defaults that were fixed on the facts that are tuned on."""

RECORDED_ON = "2026-11-26"
"""The day it was recorded: before any held-out fact was computed."""


def defaults_hash() -> str:
    """SHA-256 of the defaults of every setting, in canonical JSON (RFC 8785)."""
    baseline = Scenario.load("baseline")
    found = baseline.settings()
    for name, kind in INSTITUTIONS.items():
        if not kind.__module__.startswith(OURS):
            continue
        alone = baseline.change({f"institutions.{name}": {}}).settings()
        found |= {path: value for path, value in alone.items() if path.startswith(f"institutions.{name}.")}
    return hashlib.sha256(rfc8785.dumps(spelled(found))).hexdigest()


def check_fixed() -> None:
    """Refuse to compute held-out facts with defaults that were changed since they were recorded.

    Raises
    ------
    GlasshouseError
        Saying what to do.
    """
    now = defaults_hash()
    if now != RECORDED:
        raise GlasshouseError(
            f"the defaults have changed since they were fixed on {RECORDED_ON} (digest {now[:12]}, recorded "
            f"{RECORDED[:12]}): held-out facts would be tuned on; hold the trials T against the new defaults first, "
            "record their digest in experiments/evidence/defaults.py, and say so in docs/decisions"
        )
