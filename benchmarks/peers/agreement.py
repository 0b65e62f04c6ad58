"""The plain program beside the compiled rules: which acts differ, and by how much anything else does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

import glasshouse as gh

from .mesa_society import PlainSociety
from .person import ACTS, LISTS, NUMBERS

BELIEFS = {"perceived": "perceived_detection", "quick": "quick_detection", "slow": "slow_detection",
           "guilty": "believed_guilty", "innocent": "believed_innocent"}  # fmt: skip
OTHERS = ("surprise", "score", "closeness", "hardship", "received", "withheld", "visible_harm", "unjust")
"""Columns that the people of the plain program have besides those that they start with."""

TIES = ("trust", "resting")


class Agreement(NamedTuple):
    """What a year side by side came to.

    Attributes
    ----------
    differing
        Week, citizen and domain of every act that differs, of any of the five acts; shape (n, 3).
    compared
        Acts compared, of the five kinds together.
    gap
        Largest difference of each other quantity, relative to the size of those beyond 1.
    newcomers
        Citizens who took somebody's place.
    """

    differing: np.ndarray
    compared: int
    gap: dict[str, float]
    newcomers: int


def column(peer: PlainSociety, name: str) -> np.ndarray:
    """A quantity of all people; missing scores are not a number."""
    return np.array([getattr(person, name) for person in peer.people], float)


def _gaps(peer: PlainSociety, society: gh.Society) -> dict[str, float]:
    names = {name: name for name in (*LISTS, *NUMBERS, *OTHERS)} | BELIEFS
    pairs = {name: (column(peer, name), np.asarray(getattr(society.citizens, of))) for name, of in names.items()}
    pairs["reports"] = column(peer, "reports"), society.citizens.reports_against
    for name in TIES:
        values = [value for person in peer.people for value in getattr(person, name).values()]
        pairs[f"ties: {name}"] = np.array(values), getattr(society.ties, name)
    gaps = {}
    for name, (got, wanted) in pairs.items():
        wanted = np.asarray(wanted, float)
        # A score that only one of them has is as far apart as can be.
        lost = np.isnan(got) != np.isnan(wanted)
        apart = np.nan_to_num(np.abs(got - wanted) / np.maximum(1.0, np.abs(wanted)))
        gaps[name] = float(np.where(lost, np.inf, apart).max())
    return gaps


def live_side_by_side(scenario: str, weeks: int, changes: Mapping[str, Any] | None = None, seed: int = 1) -> Agreement:
    """Live a scenario in both programs, and compare all acts and quantities after every week."""
    society = gh.Society(scenario, rng=seed, changes=dict(changes or {}), threads=1)
    peer = PlainSociety(society)
    founders = len(society.citizens)
    differing, compared, worst = [], 0, dict[str, float]()
    for week in range(1, weeks + 1):
        society.step()
        peer.step()
        wrong = np.zeros(society.citizens.complies.shape, bool)
        for name in ACTS:
            wrong |= column(peer, name) != getattr(society.citizens, name)
        compared += len(ACTS) * wrong.size
        who, domains = np.nonzero(wrong)
        differing.append(np.column_stack([np.full(len(who), week), who, domains]))
        for name, gap in _gaps(peer, society).items():
            worst[name] = max(gap, worst.get(name, 0.0))
    same = np.array_equal(column(peer, "identity"), society.citizens.identity)
    worst["identity"] = 0.0 if same else np.inf
    newcomers = int((society.citizens.identity >= founders).sum())
    return Agreement(np.concatenate(differing), compared, worst, newcomers)


def differing_acts(scenario: str, weeks: int, changes: Mapping[str, Any] | None = None, seed: int = 1) -> np.ndarray:
    """Week, citizen and domain of every act in which the two programs differ."""
    return live_side_by_side(scenario, weeks, changes, seed).differing
