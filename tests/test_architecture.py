"""The house: imports run one way and in no circle, files and functions stay short, public names are public."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import grimp
import networkx as nx
import pytest

import glasshouse as gh

ROOT = Path(__file__).parents[1]
LAYERS = ("dashboard", "experiments", "model", "agents")
"""Each may import those after it."""

FILES = [path for folder in (*LAYERS, "src", "tests", "benchmarks", "docs") for path in (ROOT / folder).rglob("*.py")]
SOURCES = [path for path in FILES if path.relative_to(ROOT).parts[0] in LAYERS]

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 60
MOST_ARGUMENTS = 12


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def house() -> grimp.ImportGraph:
    """Which module of the package imports which, for its types or at run time, at the top or in a function."""
    # In a checkout the package's path has the repository's root, and with it the tests and benchmarks.
    graph = grimp.build_graph("glasshouse", cache_dir=None)
    for module in graph.modules:
        if module.count(".") and module.split(".")[1] not in LAYERS:
            graph.remove_module(module)
    return graph


def upward(graph: grimp.ImportGraph) -> set[tuple[str, str]]:
    """Imports that run the wrong way: who imports what."""
    found = set()
    for place, layer in enumerate(LAYERS):
        for module in graph.find_descendants(f"glasshouse.{layer}") | {f"glasshouse.{layer}"}:
            later = {f"glasshouse.{above}" for above in LAYERS[:place]} | {"glasshouse"}
            for imported in graph.find_modules_directly_imported_by(module):
                # The public names at the top of the package need the model, from wherever they are taken.
                if ".".join(imported.split(".")[:2]) in later:
                    found.add((module, imported))
    return found


def circles(graph: grimp.ImportGraph) -> list[list[str]]:
    """Modules that import each other, directly or by way of others."""
    imports = nx.DiGraph((a, b) for a in graph.modules for b in graph.find_modules_directly_imported_by(a))
    return [sorted(each) for each in nx.strongly_connected_components(imports) if len(each) > 1]


def test_imports_run_one_way_and_in_no_circle():
    graph = house()
    assert {f"glasshouse.{layer}" for layer in LAYERS} <= graph.find_children("glasshouse")
    assert not upward(graph)
    assert not circles(graph)


def test_the_rules_of_imports_can_fail():
    graph = house()
    wrong = ("glasshouse.agents.chance", "glasshouse.experiments.running.run")
    graph.add_import(importer=wrong[0], imported=wrong[1])
    assert wrong in upward(graph)
    graph.add_import(importer="glasshouse.model.phases", imported="glasshouse")
    assert ("glasshouse.model.phases", "glasshouse") in upward(graph)
    graph.add_import(importer="glasshouse.model.errors", imported="glasshouse.model.files")
    assert any({"glasshouse.model.errors", "glasshouse.model.files"} <= set(circle) for circle in circles(graph))


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.walk(ast.parse(path.read_text("utf-8")))
    return [node for node in tree if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_files_and_functions_stay_short(path):
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES_OF_A_FILE
    for node in functions(path):
        body = node.body[1:] if ast.get_docstring(node) else node.body
        first = body[0].lineno if body else node.lineno
        assert (node.end_lineno or first) - first < MOST_LINES_OF_A_FUNCTION, node.name


def test_no_function_takes_too_many_arguments():
    crowded = set()
    for path in SOURCES:
        for node in functions(path):
            taken = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            if len([each for each in taken if each.arg not in ("self", "cls")]) > MOST_ARGUMENTS:
                crowded.add(f"{name_of(path)}: {node.name}")
    assert not crowded


def shadowed(package: Path) -> set[str]:
    """Modules of a package that are hidden by what the package calls by the same name."""
    modules = {path.stem for path in package.parent.iterdir() if path.suffix == ".py" or path.is_dir()}
    named = set()
    for node in ast.walk(ast.parse(package.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            named |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            named.add(node.name)
    return modules & named


@pytest.mark.parametrize("package", [path for path in SOURCES if path.name == "__init__.py"], ids=name_of)
def test_no_module_is_shadowed_by_what_its_package_exports(package):
    assert not shadowed(package)


def test_the_rule_of_shadows_can_fail(tmp_path):
    package = tmp_path / "__init__.py"
    package.write_text("from .act import act\nfrom . import watch\n")
    for name in ("act", "watch"):
        (tmp_path / f"{name}.py").touch()
    assert shadowed(package) == {"act"}


def test_public_names():
    for name in gh.__all__:
        assert getattr(gh, name).__doc__
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert gh.__version__ == version
    assert f"version: {version}" in (ROOT / "CITATION.cff").read_text()
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text()
