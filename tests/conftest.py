"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.studies import glasshouse, write

settings.register_profile("thorough", max_examples=500, deadline=None)
settings.register_profile("default", max_examples=100, deadline=None, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="Write the golden traces anew.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):  # one of several processes of pytest-xdist
        for item in items:
            if item.get_closest_marker("alone"):
                item.add_marker(pytest.mark.skip(reason="has the machine for itself: pytest -m alone"))


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture
def graphs() -> Path:
    """Folder of the real social graphs; the test skips where they are absent."""
    folder = Path(os.environ.get("GLASSHOUSE_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not (folder / "facebook_combined.txt.gz").is_file():
        pytest.skip("the real social graphs are not here; set GLASSHOUSE_DATA to their folder")
    return folder


@pytest.fixture(scope="session")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Store of a small sweep that nothing has interrupted."""
    folder = tmp_path_factory.mktemp("uninterrupted")
    done = glasshouse("sweep", write(folder), "--store", folder / "s.sqlite", "--workers", 1)
    assert done.returncode == 0, done.stderr
    assert "question: 120 runs of 4 points are in" in done.stdout
    return folder / "s.sqlite"
