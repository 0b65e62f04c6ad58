"""What the tests of studies share."""

from __future__ import annotations

import pytest

from tests.support.studies import glasshouse, write


@pytest.fixture(scope="session")
def uninterrupted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("uninterrupted")
    done = glasshouse("sweep", write(folder), "--store", folder / "s.sqlite", "--workers", 1)
    assert done.returncode == 0, done.stderr
    assert "question: 120 runs of 4 points are in" in done.stdout
    return folder / "s.sqlite"
