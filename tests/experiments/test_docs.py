"""What the pages on studies show works as it is written there."""

from __future__ import annotations

import re
import sys
import tomllib
from types import ModuleType

import pytest

import glasshouse as gh
from glasshouse.experiments.asking.design import Design
from glasshouse.testing import contract
from tests.support.docs import DOCS, page_script


def blocks(page: str, language: str) -> list[str]:
    """Code blocks of a page."""
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)


def test_the_question_can_be_asked():
    (question,) = blocks("studies.md", "toml")
    study = Design.from_dict({"name": "reward", **tomllib.loads(question)}).study()
    assert len(study.points) == 22 and study.size == 440


def test_every_setting_of_a_design_is_in_the_page():
    page = (DOCS / "studies.md").read_text("utf-8")
    spoken_of_otherwise = {"name", "about", "sources", "points", "parameters", "set", "leave_out", "ramp"}
    for name in set(Design.model_fields) - spoken_of_otherwise:
        assert f"`{name}`" in page or f"{name} = " in page, name


@pytest.mark.parametrize("name", ["settings", "measures", "columns", "draws"])
def test_the_pages_of_declarations_are_what_the_code_says(name):
    page = getattr(page_script("reference"), f"{name}_page")()
    assert page == (DOCS / f"{name}.md").read_text("utf-8"), "run `uv run python docs/reference.py`"


def test_every_setting_and_every_measure_is_in_a_page():
    settings, institutions, measures = (
        (DOCS / f"{name}.md").read_text("utf-8") for name in ("settings", "institutions", "measures")
    )
    for path, value in gh.Scenario().settings().items():
        part, *rest = path.split(".")
        name = f"domains.<name>.{rest[-1]}" if part == "domains" else path
        if value != {}:
            assert f"`{name}`" in settings, path
    for name, kind in gh.INSTITUTIONS.items():
        section = institutions.split(f"`institutions.{name}`")[1].split("\n## ")[0]
        for setting, _ in kind.settings_class():
            assert f"| `{setting}" in section, f"{name}.{setting}"
    for name in gh.measures.declared(["<domain>"]):
        assert f"| `{name}` |" in measures, name


def test_the_python_can_be_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    program = next(block for block in blocks("studies.md", "python") if "run_scenarios" in block)
    small = (
        program.replace("steps=260", "steps=4, last=2")
        .replace("seeds=20", "seeds=2")
        .replace(
            'load("visible-score-and-reports")', 'load("visible-score-and-reports").change({"population.size": 60})'
        )
    )
    assert small.count("60}") == 1
    exec(compile(small, "studies.md", "exec"), {"__name__": "__main__"})
    assert "std" in capsys.readouterr().out and (tmp_path / "reward.sqlite").is_file()
    assert gh.RunConfiguration(steps=260).steps == 260


def test_the_institution_keeps_the_contract(monkeypatch):
    (program,) = blocks("own-institution.md", "python")
    # By a name under which pickle finds the class again.
    page = ModuleType("own_institution")
    monkeypatch.setitem(sys.modules, page.__name__, page)
    exec(compile(program, "own-institution.md", "exec"), vars(page))
    monkeypatch.setitem(gh.INSTITUTIONS, "night_curfew", page.NightCurfew)
    contract(page.NightCurfew)


@pytest.mark.filterwarnings("ignore")
def test_the_cluster_can_be_made():
    jobqueue = pytest.importorskip("dask_jobqueue", reason="dask-jobqueue is not installed; it comes with `cluster`")
    (program,) = blocks("cluster.md", "python")
    call = re.search(r"SLURMCluster\(.*?\n    \)", program, re.DOTALL)
    assert call is not None
    text = call.group().replace('"port": 8786', '"port": 0')
    cluster = eval(text, {"SLURMCluster": jobqueue.SLURMCluster})
    try:
        script = cluster.job_script()
        assert "--nthreads 1" in script and "--nworkers 32" in script and "#SBATCH -t 08:00:00" in script
        assert cluster.scheduler_address.startswith("tcp://")
    finally:
        cluster.close()
