"""The sources that a run's result depends on: the model's own, and those of every other package that takes part."""

from __future__ import annotations

import hashlib
import json
import sys
import uuid
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from ...agents.institutions import INSTITUTIONS
from ...model.errors import GlasshouseError
from ...model.scenario import Scenario

OWN = __name__.partition(".")[0]

LIBRARIES = ("mesa", "networkx", "numba", "numpy", "scipy")
"""Libraries that compute: their versions are kept with a run, their sources are no part of its key."""

NOT_COUNTED = {OWN, *sys.stdlib_module_names, *LIBRARIES, "pandas", "pydantic", "pydantic_core", "typing_extensions"}

OF_A_RUN = ("asked.py", "consequences.py", "outcomes.py", "run.py")
"""Files of this folder that a result depends on."""


@cache
def model_hash() -> str:
    """Hash of the model that is installed."""
    return hash_of_sources(Path(__file__).parents[2])


def hash_of_sources(top: Path) -> str:
    """SHA-256 of the sources that a result depends on: the agents, the model and what a run is."""
    sources = [
        *(top / "agents").rglob("*.py"),
        *(top / "model").rglob("*.py"),
        *(top / "experiments" / "running" / name for name in OF_A_RUN),
    ]
    return hash_of_files({source.relative_to(top).as_posix(): source for source in sources})


def hash_of_files(named: Mapping[str, Path]) -> str:
    """SHA-256 of files' names and contents."""
    total = hashlib.sha256()
    for name in sorted(named):
        content = named[name].read_bytes()
        total.update(f"{name}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


def sources_of(scenario: Scenario, others: Iterable[Any] = ()) -> dict[str, str]:
    """Hash of the sources of every package, but ours and libraries, that takes part in a run, by the package's name.

    Parameters
    ----------
    scenario
        Packages take part whose institutions it has, from the start or by a dated change.
    others
        Functions and modules whose packages take part too.

    Raises
    ------
    GlasshouseError
        If an institution is not registered here.
    """
    parts = list(others)
    for name in names_of_institutions(scenario):
        if name not in INSTITUTIONS:
            raise GlasshouseError(
                f"institutions.{name}: is not registered in this process; register it in the module that defines it"
            )
        parts += [*INSTITUTIONS[name].__mro__, *INSTITUTIONS[name].settings_class.__mro__]
    found: dict[str, set[str]] = {}
    for part in parts:
        package = package_of(part)
        if package not in NOT_COUNTED:
            found.setdefault(package, set()).add(_hash_at_first_sight(part))
    return {package: "".join(sorted(hashes)) for package, hashes in sorted(found.items())}


def package_of(part: Any) -> str:
    """Top-level package of a class, a function or a module; `__main__` for the program that was started."""
    module = part.__name__ if isinstance(part, ModuleType) else str(part.__module__)
    top = module.partition(".")[0]
    # A process that works for another has the other's program under this name.
    return "__main__" if top == "__mp_main__" else top


@cache
def _hash_at_first_sight(part: Any) -> str:
    """Hash of all sources of a part's package, as they are when it is first met, which is nearest to what was loaded.

    What was typed at a prompt has no sources: it is another one in every session.
    """
    package = sys.modules.get(package_of(part))
    folders, file = list(getattr(package, "__path__", ())), getattr(package, "__file__", None)
    files = {path.relative_to(folder).as_posix(): path for folder in folders for path in Path(folder).rglob("*.py")}
    if not folders and file is not None and Path(file).suffix == ".py":
        files[package_of(part)] = Path(file)
    return hash_of_files(files) if files else uuid.uuid4().hex


def state(sources: Mapping[str, str]) -> str:
    """Hash of the model together with the sources of other packages that take part."""
    if not sources:
        return model_hash()
    return hashlib.sha256(json.dumps([model_hash(), *sources.items()]).encode()).hexdigest()


def names_of_institutions(scenario: Scenario) -> list[str]:
    """Institutions that a scenario has at some time."""
    paths = [path.split(".") for change in scenario.dated for path in change.set]
    later = [path[1] for path in paths if path[0] == "institutions" and len(path) > 1]
    return sorted({*scenario.institutions, *later})
