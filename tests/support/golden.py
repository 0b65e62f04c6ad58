"""Golden traces: the recorded course of a run, changed only by `pytest --update-golden`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

import glasshouse as gh

FOLDER = Path(__file__).parents[1] / "golden"


def check_golden(name: str, society: gh.Society, update: bool) -> None:
    """Hold a run's measures, every fourth week, against the record; equal up to rounding in the last digits."""
    trace = society.history.iloc[3::4]
    path = FOLDER / f"{name}.csv"
    if update:
        FOLDER.mkdir(exist_ok=True)
        trace.to_csv(path, float_format="%.12g")
    recorded = pd.read_csv(path, index_col="week")
    assert list(recorded.columns) == list(trace.columns)
    np.testing.assert_allclose(trace.to_numpy(), recorded.to_numpy(), rtol=1e-9, atol=1e-12)
