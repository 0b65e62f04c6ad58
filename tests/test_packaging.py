"""The package: what an import costs, and that it is found in a checkout, in a wheel and without symbolic links."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from glasshouse.experiments.command_line.app import COMMANDS

ROOT = Path(__file__).parents[1]
HEAVY = {"duckdb", "matplotlib", "mesa", "networkx", "numba", "pandas", "scipy", "solara"}
CALL = "from glasshouse.experiments.command_line.app import app; app({}, result_action='return_value')"


def in_a_process(code: str, folder: Path = ROOT, **environment: str) -> str:
    """Printed by a Python of its own, that finds only what `environment` and its own packages give."""
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "code",
    [
        "import glasshouse",
        "import glasshouse; glasshouse.scenarios()",
        CALL.format(["--version"]),
        CALL.format(["--help"]),
        CALL.format(["scenarios"]),
    ],
)
def test_what_needs_no_model_imports_none(code):
    printed = in_a_process(f"{code}\nimport sys\nprint('modules', *sys.modules)")
    modules = {name.partition(".")[0] for name in printed.rpartition("modules")[2].split()}
    assert "glasshouse" in modules and not modules & HEAVY


@pytest.mark.parametrize("command", COMMANDS)
def test_the_list_of_commands_says_what_each_says_of_itself(command):
    place, words = COMMANDS[command]
    module, _, function = place.partition(":")
    assert getattr(import_module(module), function).__doc__.startswith(words.rstrip("."))


def test_an_installed_package_looks_nowhere_else(tmp_path):
    # The folders beside it bear the names of the package's parts, as another project's might.
    site = tmp_path / "lib" / "site-packages"
    shutil.copytree(ROOT / "src" / "glasshouse", site / "glasshouse")
    for folder in ("agents", "model"):
        shutil.copytree(ROOT / folder, site / "glasshouse" / folder)
        (tmp_path / folder).mkdir()
    found = in_a_process("import glasshouse; print(*glasshouse.__path__)", tmp_path, PYTHONPATH=str(site))
    assert found.split() == [str(site / "glasshouse")]
    found = in_a_process("import glasshouse; print(*glasshouse.__path__)")
    assert found.split() == [str(ROOT / "src" / "glasshouse"), str(ROOT)]


def test_no_symbolic_link_is_tracked():
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    tracked = subprocess.run(["git", "ls-files", "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert tracked and not [line for line in tracked.splitlines() if line.startswith("120000")]
