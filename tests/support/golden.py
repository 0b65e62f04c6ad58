"""Golden traces: the recorded course of a run, changed only by `pytest --update-golden`."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd

import glasshouse as gh

FOLDER = Path(__file__).parents[1] / "golden"
DIFFERING = FOLDER / "every-setting-differs.toml"
"""Scenario with every institution, in which no setting has the value of another."""

ACTS = FOLDER / "acts.json"


def check_golden(name: str, society: gh.Society, update: bool) -> None:
    """Hold a run's measures, every fourth week, against the record; equal up to rounding in the last digits."""
    trace = society.history.iloc[3::4]
    path = FOLDER / f"{name}.csv"
    if update:
        FOLDER.mkdir(exist_ok=True)
        trace.to_csv(path, float_format="%.12g")
    recorded = pd.read_csv(path, index_col="week")
    assert set(recorded.columns) == set(trace.columns)
    np.testing.assert_allclose(trace[recorded.columns].to_numpy(), recorded.to_numpy(), rtol=1e-9, atol=1e-12)


def live(society: gh.Society, weeks: int) -> str:
    """Let a society live, and return a digest of every act, list and event of every citizen in every week."""
    digest = hashlib.sha256()
    for _ in range(weeks):
        society.step()
        c = society.citizens
        for column in (
            c.complies,
            c.complies_unobserved,
            c.complies_alone,
            c.complies_unchanged,
            c.complies_at_start,
            c.deals,
            c.noted,
            c.detected,
            c.reported,
            c.denounced,
            c.upheld,
            c.sanctioned,
            c.wrongful,
            c.flags,
            c.place,
        ):
            digest.update(np.ascontiguousarray(column).astype(np.int64).tobytes())
    return digest.hexdigest()


def check_acts(name: str, found: str, update: bool) -> None:
    """Hold the digest of a run's acts against the record, to the bit."""
    recorded: dict[str, str] = json.loads(ACTS.read_text("utf-8")) if ACTS.exists() else {}
    if update:
        recorded[name] = found
        ACTS.write_text(json.dumps(dict(sorted(recorded.items())), indent=2) + "\n", "utf-8")
    assert found == recorded[name], f"{name}: citizens acted otherwise than recorded"
