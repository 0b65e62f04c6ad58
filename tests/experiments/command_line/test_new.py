"""`glasshouse new`: what it writes, and what it refuses without writing anything."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from glasshouse.experiments.command_line.main import main
from glasshouse.experiments.command_line.new import write_folder
from glasshouse.experiments.command_line.terminal import UsageError


def refused(capsys, *arguments: str) -> str:
    with pytest.raises(SystemExit) as end:
        main(["new", "institution", *arguments])
    assert end.value.code == 2
    return capsys.readouterr().err


def new(*arguments: str) -> None:
    with pytest.raises(SystemExit) as end:
        main(["new", "institution", *arguments])
    assert end.value.code == 0


def test_it_writes_a_package(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    new("night_curfew")
    folder = tmp_path / "glasshouse-night-curfew"
    files = {"README.md", "glasshouse_night_curfew.py", "night_curfew.toml", "pyproject.toml"}
    assert {path.name for path in folder.iterdir()} == files | {"test_glasshouse_night_curfew.py"}
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    points = project["entry-points"]["glasshouse.institutions"]
    assert points == {"night_curfew": "glasshouse_night_curfew:NightCurfew"}
    for path in folder.glob("*.py"):
        ast.parse(path.read_text())
    assert not [path.name for path in folder.iterdir() if "$" in path.read_text()]
    assert "glasshouse run night_curfew.toml" in capsys.readouterr().out
    assert "is there already; give another --folder" in refused(capsys, "night_curfew")
    new("night_curfew", "--folder", "another")
    assert (tmp_path / "another" / "README.md").is_file()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("3x", "'3x' cannot be the name of an institution; give lower-case words"),
        ("Curfew", "cannot be the name"),
        ("night-curfew", "cannot be the name"),
        ("night__curfew", "cannot be the name"),
        ("zone2_curfew", "cannot be the name"),
        ("../curfew", "cannot be the name"),
        ("é", "cannot be the name"),
        ("", "cannot be the name"),
        ("class", "is a word of Python's own; give another name, such as class_office"),
        ("court", "there is an institution 'court' already; give another name"),
    ],
)
def test_a_name_that_cannot_be_is_refused(name, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert words in refused(capsys, name)
    assert not list(tmp_path.iterdir())


def test_nothing_half_is_written(tmp_path, capsys):
    assert "cannot be written: No such file" in refused(capsys, "curfew", "--folder", str(tmp_path / "nowhere" / "x"))
    with pytest.raises(UsageError, match="cannot be written"):
        write_folder(tmp_path / "package", {"first.py": "", "no/such/folder.py": ""})
    (tmp_path / "file").write_text("mine")
    assert "is there already" in refused(capsys, "curfew", "--folder", str(tmp_path / "file"))
    assert [path.name for path in tmp_path.iterdir()] == ["file"] and Path(tmp_path / "file").read_text() == "mine"
