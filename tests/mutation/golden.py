"""The golden scenario in which every setting differs, small and interpreted: what a mutant is first tried against.

In the quick suite it is compiled, of hundreds of people. A dozen people and the interpreter see most of the same faults
in seconds, since nothing has to be compiled anew.
"""

from __future__ import annotations

from typing import Any

import numpy as np

STAGES = ((14, 14), (24, 60), (60, 60))
"""People and weeks: first as few as most faults need, then more for those that are left."""

BATCH = 8
"""People that a rule looks at together, instead of hundreds, so that a small society has several batches."""

SETTLE = 2


def masked_philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> tuple[int, int, int, int]:
    """Philox4x32-10 with Python's numbers; NumPy's refuse the negative weeks of settling."""
    a, b, c, d = (int(word) & 0xFFFFFFFF for word in (c0, c1, c2, c3))
    key0, key1 = int(k0), int(k1)
    for _ in range(10):
        p0, p1 = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = p1 >> 32 ^ b ^ key0, p1 & 0xFFFFFFFF, p0 >> 32 ^ d ^ key1, p0 & 0xFFFFFFFF
        key0, key1 = key0 + 0x9E3779B9 & 0xFFFFFFFF, key1 + 0xBB67AE85 & 0xFFFFFFFF
    return a, b, c, d


def interpret() -> None:
    """Give the interpreter what only the compiler has."""
    from glasshouse.agents import compiled

    compiled.BATCH = BATCH  # before the rules import it
    from glasshouse.agents import chance
    from glasshouse.agents.institutions import court

    chance.philox = masked_philox  # pyright: ignore[reportAttributeAccessIssue]
    # Numba's own instruction, which the interpreter does not have.
    court.trailing_zeros = lambda word: (int(word) & -int(word)).bit_length() - 1  # pyright: ignore


def second_program() -> None:
    """What the quick suite asks of the program written after the ODD, with the same people and weeks.

    Raises
    ------
    AssertionError
        If the two differ.
    """
    from tests.model.test_worked_example import LISTING, OPTIONS, QUARTER
    from tests.support.odd.agreement import agree
    from tests.support.odd.blacklist import Blacklist
    from tests.support.odd.society import Society

    interpret()
    for scenario, program, changes in (
        ("visible-score-and-reports", Society, OPTIONS),
        ("court-blacklist", Blacklist, LISTING),
        ("visible-score-and-reports", Society, {}),
    ):
        agree(scenario, program, QUARTER | changes, 13)


COURSE = (60, 52)
"""People and weeks of an institution's course; the quick suite has five times as many people."""

OF_ALL = ("commune", "work_unit", "blacklist", "gatekeepers", "partner_market")
"""Institutions whose courses show what belongs to none."""


def course(name: str) -> tuple[str, np.ndarray]:
    """Digest of the acts, and the measures, of an institution's recorded course with fewer people."""
    import glasshouse as gh
    from tests.support.golden import live

    interpret()
    company = {f"institutions.{other}": {} for other in ("sensor_network", "score_bureau", "hotline", name)}
    small = {"population.size": COURSE[0], "population.settle": SETTLE}
    society = gh.Society(gh.Scenario.load("baseline").change({**company, **small}), rng=9, threads=3)
    return live(society, COURSE[1]), society.history.to_numpy()


def trace(size: int, weeks: int) -> tuple[str, np.ndarray]:
    """Digest of the acts, and the measures, of so many people in so many weeks."""
    import glasshouse as gh
    from tests.support.golden import DIFFERING, live

    interpret()
    small = {"population.size": size, "population.settle": SETTLE, "population.degree": 4}
    society = gh.Society(gh.Scenario.load(DIFFERING), rng=7, threads=3, changes=small)
    return live(society, weeks), society.history.to_numpy()


def same(a: tuple[str, np.ndarray], b: tuple[str, np.ndarray]) -> bool:
    """Whether two runs are the same by the measure of the golden tests: acts to the bit, measures up to rounding."""
    return a[0] == b[0] and bool(np.allclose(a[1], b[1], rtol=1e-9, atol=1e-12, equal_nan=True))
