"""Other people's institutions and outcomes: their sources are part of a run's key. Real files, real processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import glasshouse as gh
from glasshouse.experiments.running.run import Run, execute
from glasshouse.experiments.running.sources import model_hash, sources_of, state
from tests.support.studies import PLANS, SHORT

INSTITUTION = '''
"""Somebody's own institution."""
from glasshouse.agents.base import Institution, Settings, parameter
from glasshouse.agents.institutions import INSTITUTIONS
{imports}

class SermonSettings(Settings):
    zeal: float = parameter(0.5, 0, 1, unit="share", says="How much of the sermon is heeded.")

class Sermon(Institution):
    """Say what is right."""
    settings: SermonSettings

    def internalise(self, society):
        society.citizens.conviction[:] = FIRMNESS * self.settings.zeal

def size(society) -> float:
    return len(society.citizens) * FACTOR

INSTITUTIONS["sermon"] = Sermon
'''
RULE = "FIRMNESS = {firmness}\nFACTOR = {factor}\n"

PROGRAM = """
import json, sys
import glasshouse as gh
import sermons

if __name__ == "__main__":
    store, keep_both, what = sys.argv[1], sys.argv[2] == "keep", json.loads(sys.argv[3])
    change = {"population.size": 60} | ({"institutions.sermon": {}} if what["institution"] else {})
    plan = gh.Scenario.load("visible-score").change(change)
    if what["later"]:
        later = {"week": 3, "set": {"institutions.sermon": {}}}
        plan = gh.Scenario.from_dict(plan.to_dict() | {"change": [later]})
    asked = gh.RunConfiguration(8, last=4, every=4, outcomes=("sermons:size",) if what["outcome"] else ())
    try:
        found = gh.run_scenarios([plan], asked, seeds=2, workers=2, store=store, keep_both=keep_both)
    except gh.GlasshouseError as error:
        print(json.dumps(str(error)))
    else:
        columns = ["compliance", *asked.outcomes]
        print(json.dumps([found.runs[columns].to_numpy().tolist(), found.store.one("SELECT count(*) FROM run"),
                          found.runs["error"].tolist()]))
"""


class Theirs:
    """A package, or a module, of somebody, and a program that uses it."""

    def __init__(self, folder: Path, package: bool, **what: bool) -> None:
        self.folder, self.store = folder, folder / "s.sqlite"
        self.what = {"institution": False, "later": False, "outcome": False} | what
        self.rule = folder / "sermons" / "rule.py" if package else folder / "sermons.py"
        self.package = package
        (folder / "program.py").write_text(PROGRAM)
        if package:
            self.rule.parent.mkdir()
            text = INSTITUTION.format(imports="from .rule import FACTOR, FIRMNESS")
            (folder / "sermons" / "__init__.py").write_text(text)

    def write(self, firmness: float = 0.0, factor: int = 1) -> None:
        rule = RULE.format(firmness=firmness, factor=factor)
        self.rule.write_text(rule if self.package else INSTITUTION.format(imports=rule))

    def run(self, store: Path | str | None = None, keep: str = "") -> list:
        arguments = [str(store or self.store), keep, json.dumps(self.what)]
        done = subprocess.run(
            [sys.executable, "program.py", *arguments], cwd=self.folder, capture_output=True, text=True, timeout=120,
            env=os.environ | {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("package", "what"),
    [(False, {"institution": True}), (True, {"institution": True, "outcome": True}), (True, {"later": True})],
    ids=["a module", "a file that a package imports", "a dated change"],
)
def test_an_institution_that_was_edited_never_gives_old_rows(tmp_path, package, what):
    theirs = Theirs(tmp_path, package, **what)
    theirs.write(firmness=-9.0)
    first, count, errors = theirs.run()
    assert errors == ["", ""] and count == 2
    assert theirs.run() == [first, 2, errors]
    theirs.write(firmness=9.0)
    assert "another state of the model" in theirs.run() and "--keep-both" in theirs.run()
    second, count, errors = theirs.run(keep="keep")
    assert count == 4 and second != first and errors == ["", ""]
    assert theirs.run(":memory:")[0] == second
    # As it was, it is the same again, and nothing is left to run.
    theirs.write(firmness=-9.0)
    assert theirs.run() == [first, 4, errors]


def test_an_outcome_that_was_edited_never_gives_old_rows(tmp_path):
    theirs = Theirs(tmp_path, package=False, outcome=True)
    theirs.write(factor=1)
    (first, *_), _, errors = theirs.run()
    assert first[1] == 60 and errors == ["", ""]
    theirs.write(factor=2)
    (second, *_), count, _ = theirs.run(keep="keep")
    assert second == [first[0], 120] and count == 4


def test_what_does_not_take_part_does_not_count(tmp_path):
    theirs = Theirs(tmp_path, package=True)
    theirs.write(factor=1)
    first = theirs.run()
    theirs.write(factor=2)
    assert theirs.run() == first and first[1] == 2


def test_what_is_typed_at_a_prompt_is_another_in_every_session(tmp_path):
    code = INSTITUTION.format(imports=RULE.format(firmness=0.0, factor=1)) + (
        "import glasshouse as gh\n"
        "from glasshouse.experiments.running.pool import InThisProcess\n"
        "plan = gh.Scenario.load('visible-score').change({'population.size': 60, 'institutions.sermon': {}})\n"
        "for time in 1, 2:\n"
        "    found = gh.run_scenarios([plan], gh.RunConfiguration(4, last=2), seeds=2, executor=InThisProcess(),\n"
        "                             store='s.sqlite', keep_both=True)\n"
        "    print(found.store.one('SELECT count(*) FROM run'), found.runs['status'].tolist())\n"
    )
    printed = [
        subprocess.run(
            [sys.executable, "-"], input=code, cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]
    assert printed == ["2 ['done', 'done']\n" * 2, "4 ['done', 'done']\n" * 2]


def test_other_sources_elsewhere_are_refused():
    with pytest.raises(gh.GlasshouseError, match="other sources of theirs"):
        execute([Run(PLANS[0], 1, SHORT, {"theirs": "0"})], model_hash())


def test_our_own_are_in_the_hash_of_the_model():
    assert sources_of(PLANS[0]) == {} and state({}) == model_hash() != state({"theirs": "0"})
    assert sources_of(PLANS[0], [json.dumps, pytest.approx]).keys() == {"_pytest"}
