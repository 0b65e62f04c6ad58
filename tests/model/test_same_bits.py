"""The same bits whatever the processor can do, with special instructions and without."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SCRIPT = """
import hashlib
import numpy as np
import glasshouse as gh
from tests.support.golden import DIFFERING, live
for plan, seed in ((gh.Scenario.load(DIFFERING), 7), (gh.Scenario.load("visible-score-and-reports"), 1)):
    society = gh.Society(plan, rng=seed, changes={"population.size": 400})
    digest = hashlib.sha256(live(society, 40).encode())
    for name in sorted(society.citizens.columns):
        digest.update(np.ascontiguousarray(getattr(society.citizens, name)).tobytes())
    digest.update(society.ties.trust.tobytes() + society.history.to_numpy().tobytes())
    print(digest.hexdigest())
"""


def digests(**environment: str) -> str:
    """What the script prints in a process of its own."""
    found = subprocess.run(
        [sys.executable, "-c", SCRIPT], env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return found.stdout


def test_the_c_library_does_not_matter():
    without = "glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2_Usable,-AVX2"
    assert digests() == digests(GLIBC_TUNABLES=without)


@pytest.mark.slow
def test_the_compiler_s_choice_of_instructions_does_not_matter(tmp_path):
    assert digests() == digests(NUMBA_CPU_NAME="generic", NUMBA_CPU_FEATURES="", GLASSHOUSE_CACHE=str(tmp_path))
