"""Institutions of other packages: found by entry point, run, swept and stored like those of the house."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

INSTITUTION = """
import numpy as np
import glasshouse.agents.base as gh
from glasshouse.agents.chance import Purpose
from glasshouse.agents.columns import Floats, each


class CurfewSettings(gh.Settings):
    strictness: float = gh.parameter(0.5, 0, 1, unit="share", says="Citizens who are kept at home.")


class Curfew(gh.Institution):
    \"\"\"Keep people at home, which makes life harder.\"\"\"

    settings: CurfewSettings
    zero = {"strictness": 0.0}
    nights: Floats = each(0, np.inf, "nights", "nights spent at home")
    measures = (gh.Measure("at_home", "At home", "share of citizens", 0, 1, "Citizens kept at home.", absent=0.0),)

    def sanction(self, society):
        kept = society.citizens.draw(society.seed, Purpose.BLIND) < self.settings.strictness
        self.nights += kept
        society.citizens.contribute("hardship", kept * 0.5)

    def measured(self, society):
        return {"at_home": float((self.nights > 0).mean())}
"""

BROKEN = "class Curfew:\n    pass\n"


def install(folder: Path, source: str) -> dict[str, str]:
    """Install a package of one module beside ours; return the environment of a process that finds it."""
    (folder / "curfew.py").write_text(source)
    metadata = folder / "curfew-1.0.dist-info"
    metadata.mkdir(exist_ok=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: curfew\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[glasshouse.institutions]\ncurfew = curfew:Curfew\n")
    return {**os.environ, "PYTHONPATH": str(folder)}


def glasshouse(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from glasshouse.experiments.command_line.main import main; main()", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


RUN = ("run", "baseline", "--steps", "3", "--set", "population.size=50", "--set", "institutions.curfew={}", "--json")


def test_an_installed_institution_is_found_run_and_changed(tmp_path):
    environment = install(tmp_path, INSTITUTION)
    found = glasshouse(environment, *RUN, "--set", "institutions.curfew.strictness=1.0")
    assert found.returncode == 0, found.stderr
    assert '"at_home": 1.0' in found.stdout
    wrong = glasshouse(environment, *RUN, "--set", "institutions.curfew.strictnes=1.0")
    assert wrong.returncode == 2 and "did you mean institutions.curfew.strictness" in wrong.stderr


def test_one_that_cannot_be_used_is_left_out_in_words(tmp_path):
    found = glasshouse(install(tmp_path, BROKEN), *RUN)
    assert found.returncode == 2
    assert "curfew:Curfew is no subclass of glasshouse.Institution and is left out" in found.stderr
    assert "unknown institution" in found.stderr or "unknown name" in found.stderr


@pytest.mark.parametrize("institution", ["predictor", "blacklist", "debtor_map"])
def test_an_institution_without_its_domain_is_refused_with_the_remedy(institution):
    import glasshouse as gh

    gone = {"predictor": "speech", "blacklist": "credit", "debtor_map": "consumption"}[institution]
    plan = gh.Scenario.load("baseline").change({f"domains.{gone}": None})
    with pytest.raises(gh.ScenarioError, match="needs a domain of the role .* give one domains"):
        plan.change({f"institutions.{institution}": {}})
    renamed = plan.change({"domains.other": {"role": gh.Scenario.load("baseline").domains[gone].role}})
    society = gh.Society(renamed.change({f"institutions.{institution}": {}, "population.size": 60}), rng=1)
    society.run_for(3)
    assert institution in society.institutions and "Society" in repr(society)
