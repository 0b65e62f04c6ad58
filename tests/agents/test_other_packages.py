"""Institutions of other packages: begun by `glasshouse new`, built, installed, and as good as those of the house."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

import glasshouse as gh

RUN = ("run", "baseline", "--steps", "3", "--set", "population.size=50", "--json")
CURFEW = "institutions.night_curfew"
DESIGN = f"""
scenario = "baseline"
steps = 4
last = 2
seeds = 2
set = {{ "population.size" = 50, "{CURFEW}" = {{}} }}

[parameters."{CURFEW}.chance"]
levels = 2
"""


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A Python of its own that finds our packages, and those that `environment` says."""
    every = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment}
    return subprocess.run([sys.executable, *arguments], env=every, capture_output=True, text=True, check=False)


def glasshouse(environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    code = "from glasshouse.experiments.command_line.main import main; main()"
    return python("-c", code, *arguments, **environment)


class Theirs:
    """A package of somebody else: written by the command, built, and installed into a folder."""

    def __init__(self, folder: Path) -> None:
        self.source, self.site = folder / "source", folder / "site"
        written = glasshouse({}, "new", "institution", "night_curfew", "--folder", str(self.source))
        assert written.returncode == 0, written.stderr
        build = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
        subprocess.run(build, cwd=self.source, capture_output=True, check=True)
        (wheel,) = folder.glob("*.whl")
        zipfile.ZipFile(wheel).extractall(self.site)
        self.module = self.site / "glasshouse_night_curfew.py"
        self.environment = {"PYTHONPATH": str(self.site)}

    def glasshouse(self, *arguments: str) -> str:
        """Print of a command that ends well."""
        found = glasshouse(self.environment, *arguments)
        assert found.returncode == 0, found.stderr
        return found.stdout


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Theirs:
    return Theirs(tmp_path_factory.mktemp("theirs"))


def test_it_is_found_run_and_changed(theirs):
    measures = json.loads(theirs.glasshouse(*RUN, "--set", f"{CURFEW}={{}}", "--set", f"{CURFEW}.chance=1.0"))[
        "measures"
    ]
    assert measures["night_curfew_fines"] == 1.0
    without = json.loads(theirs.glasshouse(*RUN))["measures"]
    assert without["night_curfew_fines"] == 0.0 and without["compliance"] != measures["compliance"]
    example = theirs.glasshouse("run", str(theirs.source / "night_curfew.toml"), "--steps", "2", "--json")
    assert json.loads(example)["measures"]["night_curfew_fines"] > 0


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        (f"{CURFEW}.chanse=0.2", f"did you mean {CURFEW}.chance"),
        (f"{CURFEW}.chance=2.0", f"{CURFEW}.chance = 2.0.*give a number from 0 to 1"),
    ],
)
def test_what_it_cannot_be_is_refused_with_the_remedy(theirs, setting, words):
    wrong = glasshouse(theirs.environment, *RUN, "--set", f"{CURFEW}={{}}", "--set", setting)
    assert wrong.returncode == 2
    with pytest.raises(ValueError, match=words):
        raise ValueError(wrong.stderr)


def test_a_citizen_under_it_is_explained(theirs):
    here = ("--steps", "3", "--set", "population.size=50", "--set", f"{CURFEW}={{burden=1.0, chance=1.0}}", "--json")
    under = json.loads(theirs.glasshouse("explain", "baseline", *here))
    free = json.loads(theirs.glasshouse("explain", "baseline", *here, "--set", f"{CURFEW}.chance=0.0"))
    assert under["draw"] == free["draw"] and under["terms"]["cost"] < free["terms"]["cost"]


def test_its_own_test_passes(theirs):
    folder = str(theirs.source)
    done = python("-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", folder, folder, **theirs.environment)
    assert done.returncode == 0, done.stdout
    # … and can fail: an institution that draws by no seed.
    test = theirs.source / "test_glasshouse_night_curfew.py"
    broken = theirs.module.with_name("broken")
    broken.mkdir()
    source = theirs.module.read_text()
    fined = "society.uniforms(self.FINED, citizens.identity) < self.settings.chance"
    assert fined in source
    changed = source.replace(fined, "np.random.default_rng().random(citizens.size) < self.settings.chance")
    (broken / theirs.module.name).write_text(
        changed.replace("import glasshouse", "import numpy as np\nimport glasshouse")
    )
    (broken / test.name).write_text(test.read_text())
    (broken / "night_curfew.toml").write_text((theirs.source / "night_curfew.toml").read_text())
    done = python("-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(broken), str(broken),
                  PYTHONPATH=f"{broken}{os.pathsep}{theirs.site}")  # fmt: skip
    assert done.returncode == 1 and "is_deterministic" in done.stdout and "is_registered] FAILED" not in done.stdout


def test_the_page_has_its_sliders(theirs):
    code = f"""
import glasshouse as gh
from glasshouse.dashboard.page.controls import controls
plan = gh.Scenario.load("baseline").change({{"{CURFEW}": {{}}}})
for control in controls(plan, 1000):
    if control.path.startswith("{CURFEW}."):
        print(control.path, control.kind, control.low, control.high, control.unit, control.says, sep="|")
"""
    printed = python("-c", code, **theirs.environment).stdout.splitlines()
    assert printed[0] == f"{CURFEW}.chance|number|0.0|1.0|rate a week|Chance that a citizen is fined in a week."
    assert len(printed) == 2


@pytest.mark.slow
def test_a_sweep_over_its_setting_is_kept_until_its_source_changes(theirs, tmp_path):
    design, store = tmp_path / "fines.toml", tmp_path / "fines.sqlite"
    design.write_text(DESIGN)
    sweep = ("sweep", str(design), "--store", str(store), "--workers", "1")

    def fines(*more: str) -> list[float]:
        theirs.glasshouse(*sweep, *more)
        theirs.glasshouse("export", str(store), str(tmp_path / "fines.csv"))
        return [float(line) for line in column(tmp_path / "fines.csv", "night_curfew_fines")]

    assert fines() == [0.0, 0.0, 1.0, 1.0]
    source = theirs.module.read_text()
    theirs.module.write_text(source.replace('return {"night_curfew_fines": ', 'return {"night_curfew_fines": 0.5 * '))
    try:
        refused = glasshouse(theirs.environment, *sweep)
        assert refused.returncode == 2 and "--keep-both" in refused.stderr
        assert fines("--keep-both") == [0.0, 0.0, 0.5, 0.5]
    finally:
        theirs.module.write_text(source)


def column(table: Path, name: str) -> list[str]:
    """One column of a CSV file."""
    head, *rows = (line.split(",") for line in table.read_text().splitlines())
    return [row[head.index(name)] for row in rows]


BROKEN = {
    "nothing": ("class Thing: pass", "is no subclass of glasshouse.Institution and is left out"),
    "unknown": ("import nothing_of_that_name", "cannot be imported (No module named 'nothing_of_that_name')"),
    "bare": (
        "import glasshouse as gh\nclass Thing(gh.Institution): pass",
        "cannot be imported (Thing does not say what its settings are; annotate `settings` with their class)",
    ),
    "taken": ("from glasshouse.agents.institutions.exit import Exit as Thing", "has the name of another, exit"),
}
"""Modules with an entry point that cannot be used, each with what is said of it."""


def test_those_that_cannot_be_used_are_left_out_in_words(tmp_path):
    for name, (source, _) in BROKEN.items():
        (tmp_path / f"{name}.py").write_text(source)
        metadata = tmp_path / f"{name}-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (metadata / "entry_points.txt").write_text(f"[glasshouse.institutions]\n{name} = {name}:Thing\n")
    found = glasshouse({"PYTHONPATH": str(tmp_path)}, *RUN)
    assert found.returncode == 0
    for name, (_, words) in BROKEN.items():
        assert f"institution {name}:Thing {words}" in found.stderr


@pytest.mark.parametrize("institution", ["predictor", "blacklist", "debtor_map"])
def test_an_institution_without_its_domain_is_refused_with_the_remedy(institution):
    gone = {"predictor": "speech", "blacklist": "credit", "debtor_map": "consumption"}[institution]
    plan = gh.Scenario.load("baseline").change({f"domains.{gone}": None})
    with pytest.raises(gh.ScenarioError, match="needs a domain of the role .* give one domains"):
        plan.change({f"institutions.{institution}": {}})
    renamed = plan.change({"domains.other": {"role": gh.Scenario.load("baseline").domains[gone].role}})
    society = gh.Society(renamed.change({f"institutions.{institution}": {}, "population.size": 60}), rng=1)
    society.run_for(3)
    assert institution in society.institutions and "Society" in repr(society)
