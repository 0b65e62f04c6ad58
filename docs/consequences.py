"""Measure what each institution moves, of people and not of its own books: ``uv run python docs/consequences.py``.

One pair of runs for each institution, the same people with the same luck, with it and without it among others that it
needs. Written is `consequences.csv`, which `docs/institutions.py` prints: how much its citizens differ, mean over them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import glasshouse as gh
from glasshouse.agents.institutions import INSTITUTIONS

HERE = Path(__file__).parent
SIZE, WEEKS, LAST, SEED = 2000, 156, 52, 1

COMPANY: dict[str, Any] = {
    "population.network": "community",
    "population.rewiring": 0.3,
    "population.turnover": 0.0,
    "institutions.blacklist": {},
    "institutions.score_bureau.visibility.firms": 0.5,
}
"""Beside what `visible-score-and-reports` has: what lists, names and gatekeepers need."""

ALONE = ("attention_platform", "commercial_score", "credit_bureau", "commune", "work_unit", "mass_campaign")
"""Institutions of other times and places than the score: tried among people without any other."""

WITH: dict[str, dict[str, Any]] = {
    "broadcaster": {"institutions.broadcaster": {}},
    "household_registry": {"institutions.household_registry": {}, "institutions.score_bureau.unified": False},
    "mass_campaign": {"institutions.mass_campaign": {"start": 1, "end": 104}},
    "predictor": {"institutions.predictor": {"interval": 26}},
    "tie_sorting": {"institutions.tie_sorting": {}, "institutions.score_bureau.association": 0.02},
}
"""How an institution is there, where not by its defaults."""


def lived(changes: dict[str, Any], alone: bool) -> tuple[gh.Society, dict[str, Any]]:
    """A society after its weeks, and the means of its citizens over the last of them."""
    scenario = "baseline" if alone else "visible-score-and-reports"
    company = {path: value for path, value in COMPANY.items() if not (alone and path.startswith("institutions."))}
    society = gh.Society(scenario, rng=SEED, threads=1, changes={"population.size": SIZE, **company, **changes})
    society.run_for(WEEKS - LAST)
    acts = np.zeros((SIZE, len(society.domains)))
    for _ in range(LAST):
        society.step()
        acts[society.citizens.node] += society.citizens.complies / LAST
    return society, {"acts": acts}


def differences(name: str) -> dict[str, float]:
    """How far citizens differ with an institution from themselves without it, mean over those who are in both."""
    alone = name in ALONE
    (there, done), (absent, undone) = (
        lived(changes, alone)
        for changes in (WITH.get(name, {f"institutions.{name}": {}}), {f"institutions.{name}": None})
    )
    rows = there.row_of >= 0
    a, b = there.citizens, absent.citizens
    here, beside = there.row_of[rows], absent.row_of[rows]

    def moved(*columns: str) -> float:
        shifts = [np.abs(getattr(a, column)[here] - getattr(b, column)[beside]) for column in columns]
        return float(np.mean([shift.mean() for shift in shifts]))

    last = {which: society.history.iloc[-LAST:].mean() for which, society in (("there", there), ("absent", absent))}
    return {
        "acts": float(np.abs(done["acts"][rows] - undone["acts"][rows]).mean()),
        "compliance": float(last["there"]["compliance"] - last["absent"]["compliance"]),
        "beliefs": moved("expectation", "approval", "perceived_detection", "believed_guilty"),
        "trust": moved("authority_trust", "generalised_trust"),
        "position": moved("wealth", "hardship"),
        "privacy": float(last["there"]["exposure"] - last["absent"]["exposure"]),
        "conviction": moved("conviction"),
    }


def main() -> None:
    """Write the table."""
    table = pd.DataFrame.from_dict({name: differences(name) for name in INSTITUTIONS}, orient="index")
    print(table.to_string(float_format="%.4f"))
    table.rename_axis("institution").to_csv(HERE / "consequences.csv", float_format="%.4g")


if __name__ == "__main__":
    main()
