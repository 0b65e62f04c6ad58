"""The scripts that write pages of the documentation."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

DOCS = Path(__file__).parents[2] / "docs"


def page_script(name: str) -> ModuleType:
    """A script of the documentation, as it is when it is started there: it may import those beside it."""
    spec = importlib.util.spec_from_file_location(f"page_{name}", DOCS / f"{name}.py")
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(DOCS))
    try:
        spec.loader.exec_module(script)
    finally:
        sys.path.remove(str(DOCS))
    return script
