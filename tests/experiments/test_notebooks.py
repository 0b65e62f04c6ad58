"""The narratives run from their first cell to their last, and what they tell is so."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LARGEST = 200_000
"""Bytes of a notebook with its outputs."""


def runner() -> ModuleType:
    spec = importlib.util.spec_from_file_location("narratives", NOTEBOOKS / "run.py")
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


def told(name: str) -> dict[str, Any]:
    """What the names of a notebook stand for when it has been run."""
    notebook = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text("utf-8"))
    return runner().run(notebook, name)


def test_a_first_society():
    found = told("1-a-first-society")
    apart = found["with_score"] - found["without"]
    assert apart.nlargest(2).index.tolist() == ["compliance_speech", "compliance_inquiry"]
    costs = found["costs"]
    assert costs["exposure"] > 0 and costs["chilling"] > 0
    assert -0.05 < costs["trust_authority"] < 0 and costs["trust_ties"] < 0
    assert 0 < found["false"] < found["reports"]
    course = found["course"]
    assert course["pressure"].iloc[1] > 5 * course["internalised"].iloc[1]
    assert course["internalised"].iloc[-1] > 3 * course["internalised"].iloc[2]


def test_heart_crowd_and_eye():
    found = told("2-heart-crowd-and-eye")
    assert found["exact"]
    town, twin = found["in_town"], found["in_twin"]
    assert abs(twin[["following", "internalised"]]).max() < 0.005 < twin["pressure"]
    assert (town - twin)[["pressure", "following", "internalised"]].min() > 0.005
    without, with_error = found["misread"][0.0], found["misread"][1.0]
    assert with_error["pluralistic_ignorance"] > 3 * without["pluralistic_ignorance"]
    assert abs(with_error["compliance"] - without["compliance"]) < 0.01


def test_what_a_generation_leaves():
    found = told("3-what-a-generation-leaves")
    left, mortal, immortal = found["left"], found["with_generations"], found["without_generations"]
    for years in (2, 30):
        two_years = left(mortal[years], years, 104)
        assert two_years["pressure"] < two_years["following"] < two_years["internalised"]
    hearts = {years: left(mortal[years], years, 260)["internalised"] for years in (2, 30)}
    same_people = {years: left(immortal[years], years, 260)["internalised"] for years in (2, 30)}
    assert hearts[30] > 2 * hearts[2]
    assert hearts[30] > same_people[30] + 0.05 and abs(hearts[2] - same_people[2]) < 0.05
    for trust in ("trust_ties", "trust_strangers"):
        after = {years: mortal[years].loc[52 * (years + 10) - 51 :, trust].mean() for years in (2, 30)}
        assert after[30] < after[2] < 0


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_outputs_are_kept_and_light(path):
    notebook = json.loads(path.read_text("utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1)), "run notebooks/run.py"
    assert any(cell["outputs"] for cell in code) and path.stat().st_size < LARGEST
    text = path.read_text("utf-8")
    assert " object at 0x" not in text and "Traceback" not in text
