"""The house: imports run one way, files and functions stay short, public names are public."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

import glasshouse as gh

ROOT = Path(__file__).parents[1]
ORDER = ("agents", "model", "experiments", "dashboard")
FILES = [path for folder in (*ORDER, "tests", "benchmarks") for path in sorted((ROOT / folder).rglob("*.py"))]
SOURCES = [path for path in FILES if path.relative_to(ROOT).parts[0] in ORDER]


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def run_time_imports(tree: ast.AST, package: list[str]) -> set[str]:
    """Folders that a module imports at run time, relative imports resolved within `glasshouse`."""
    found = set()
    for node in ast.iter_child_nodes(tree):
        if is_type_checking(node):
            continue
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            full = [*base, *(node.module or "").split(".")] if node.level else (node.module or "").split(".")
            full = [part for part in full if part and part != "glasshouse"]
            names = [full[0]] if full else [alias.name for alias in node.names]
            if node.level or (node.module or "").startswith("glasshouse"):
                found |= set(names)
        found |= run_time_imports(node, package)
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path):
    parts = path.relative_to(ROOT).parts
    later = set(ORDER[ORDER.index(parts[0]) + 1 :])
    imports = run_time_imports(ast.parse(path.read_text("utf-8")), ["glasshouse", *parts[:-1]])
    # `from .. import X` at the top of a folder reaches the public names, which need the model.
    if parts[0] in ("agents", "model"):
        assert not imports & set(gh.__all__), "takes a public name from the top, which imports the model"
    assert not imports & later


def test_the_import_rule_can_fail():
    tree = ast.parse("from ...model.society import Society\n")
    assert run_time_imports(tree, ["glasshouse", "agents", "rules"]) == {"model"}
    assert (
        run_time_imports(ast.parse("if TYPE_CHECKING:\n    from ..model import x\n"), ["glasshouse", "agents"]) == set()
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_short(path):
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            first = body[0].lineno if body else node.lineno
            assert node.end_lineno - first < 60, node.name


def test_public_names():
    for name in gh.__all__:
        assert getattr(gh, name).__doc__
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert gh.__version__ == version
    assert f"version: {version}" in (ROOT / "CITATION.cff").read_text()
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text()
