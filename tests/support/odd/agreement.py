"""The second program beside the first: the same acts, and the same numbers to 1e-12, week by week."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

import glasshouse as gh
from glasshouse.agents.citizens import Lists

from .drawing import NETWORK, Generator, small_world
from .pages import settings
from .society import Society

LEVEL, ATTEMPTS = "domains.credit.level", "institutions.blacklist.bars.travel.attempts"
LISTS = {"listed": Lists.BLACKLISTED, "unaware": Lists.UNAWARE}
TOLERANCE = {"rtol": 1e-12, "atol": 1e-12}


class Alone(Society):
    """People without institutions: nobody states, watches, judges, scores or sanctions anything."""

    def establish(self) -> None:
        """Nobody comes."""

    state = watch = judge = score = sanction = find_out = mind = establish

    def welcome(self, i: int) -> None:
        """Nobody takes in a newcomer."""


def written(value: Any) -> str:
    """A value as the tables of the documentation have it."""
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


def agree(scenario: str, program: type[Society], changes: Mapping[str, Any], weeks: int, seed: int = 4) -> set[str]:
    """Live both programs, and hold every column and tie of the second against the first in every week.

    Returns
    -------
    set of str
        Columns that were ever something else than zero.
    """
    society = gh.Society(scenario, rng=seed, changes=changes, threads=1)
    found = settings([[name, written(number)] for name, number in changes.items() if name not in (LEVEL, ATTEMPTS)])
    found["domains"]["credit"]["level"] = changes.get(LEVEL, 0.97)
    found["institutions.blacklist.bars"]["travel"]["attempts"] = changes.get(ATTEMPTS, 0.016)
    size = changes["population.size"]
    people = program(size, small_world(size, 10, 0.1, Generator(seed, NETWORK)), found, seed)
    people.settle()
    people.establish()
    ever: set[str] = set()
    for _ in range(weeks):
        society.step()
        people.step(lambda phase: None)
        c, ties = society.citizens, society.ties
        for name, column in people.x.items():
            # What an institution would keep that is not there stays empty in the second program.
            missing = np.zeros(len(c)) if name not in c.columns else None
            got = c.on(LISTS[name]) if name in LISTS else getattr(c, name, missing)
            np.testing.assert_allclose(column, got, err_msg=f"{name}, week {society.week}", **TOLERANCE)
            ever |= {name} if np.any(np.asarray(column) != 0) else set()
        np.testing.assert_array_equal(people.x["complies"], c.complies)
        for name in ("trust", "resting"):
            np.testing.assert_allclose(list(getattr(people, name).values()), getattr(ties, name), **TOLERANCE)
    assert list(c.identity) == people.who
    return ever
