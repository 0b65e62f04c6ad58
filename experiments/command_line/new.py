"""The command that writes a package to begin with: `glasshouse new institution`."""

from __future__ import annotations

import keyword
import shutil
from pathlib import Path
from string import Template
from typing import Literal
from uuid import uuid4

from ...agents.base import snake_case
from ...agents.institutions import INSTITUTIONS
from ..showing.console import console
from .terminal import UsageError

TEMPLATES = Path(__file__).parent / "templates"

FILES = {
    "pyproject.toml": "pyproject.txt",
    "README.md": "readme.txt",
    "${module}.py": "institution.txt",
    "test_${module}.py": "test.txt",
    "${name}.toml": "scenario.txt",
}
"""Template of each file of the package, by the file's name."""


def new(kind: Literal["institution"], name: str, /, *, folder: Path | None = None) -> None:
    """Write a small package with an institution of your own, its test and a scenario.

    Installed, it is found like those built in: in scenarios, `--set`, designs and on the page.

    Parameters
    ----------
    kind
        What it is to have.
    name
        Name of the institution in scenario files, such as night_curfew.
    folder
        Folder to write; by default glasshouse-NAME in the current one. There must be nothing of that name yet.
    """
    check_name(name)
    words = {
        "name": name,
        "Class": class_of(name),
        "Title": name.replace("_", " ").capitalize(),
        "module": f"glasshouse_{name}",
        "project": f"glasshouse-{name.replace('_', '-')}",
    }
    target = folder if folder is not None else Path(words["project"])
    texts = {Template(file).substitute(words): filled(template, words) for file, template in FILES.items()}
    write_folder(target, texts)
    out = console()
    out.print(f"Wrote {', '.join(texts)} to {target}")
    out.print(f"Next: cd {target}; pip install -e .; pytest; glasshouse run {name}.toml")


def class_of(name: str) -> str:
    """Name of an institution's class, from that in scenario files."""
    return "".join(part.capitalize() for part in name.split("_"))


def check_name(name: str) -> None:
    """Refuse a name that an institution cannot have.

    Raises
    ------
    UsageError
        If it is taken, a word of Python's, or its class would have another.
    """
    if not (name.isascii() and name.isidentifier() and snake_case(class_of(name)) == name):
        raise UsageError(
            f"{name!r} cannot be the name of an institution; give lower-case words of letters, joined by one "
            "underscore each, such as night_curfew"
        )
    if keyword.iskeyword(name):
        raise UsageError(f"{name!r} is a word of Python's own; give another name, such as {name}_office")
    if name in INSTITUTIONS:
        raise UsageError(f"there is an institution {name!r} already; give another name, such as other_{name}")


def filled(template: str, words: dict[str, str]) -> str:
    """Text of a template."""
    return Template((TEMPLATES / template).read_text("utf-8")).substitute(words)


def write_folder(target: Path, texts: dict[str, str]) -> None:
    """Write a new folder of files, whole or not at all.

    Raises
    ------
    UsageError
        If there is something of that name, or nothing can be written there.
    """
    if target.exists() or target.is_symlink():
        raise UsageError(f"{target} is there already; give another --folder, or move it away")
    unfinished = target.with_name(f".{target.name}.{uuid4().hex}")
    try:
        unfinished.mkdir()
        for name, text in texts.items():
            (unfinished / name).write_text(text, "utf-8")
        unfinished.rename(target)
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
