"""Learning what deviating leads to (phase `mingle`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..compiled import compiled

if TYPE_CHECKING:
    from ...model.society import Society
    from ..citizens import Floats, Ints, Mask


@compiled
def learned_fear(fear: float, rate: float, sanctioned: bool, vicarious: float, neighbours: float) -> float:
    """Fear after a week: fear + rate · (target − fear).

    The target is 1 in the domains where the citizen was itself sanctioned, else `vicarious` times the share of its
    `neighbours` that were sanctioned, for whatever deviation; where nobody is, fear decays. All in [0, 1]. That what
    happens to others is feared in every domain is what lets sanctions chill acts that nobody scores.
    """
    target = 1.0 if sanctioned else vicarious * neighbours
    return fear + rate * (target - fear)


@compiled
def _news_loop(
    indptr: Ints,
    neighbours: Mask,
    harmful: np.uint32,
    sanctioned: Mask,
    wrongful: Mask,
    sanctioned_near: Ints,
    deserved_near: Ints,
    wrongful_near: Ints,
) -> None:
    # Few are sanctioned in a week: going from these to their neighbours is faster than asking all about all.
    for i in range(len(sanctioned)):
        if sanctioned[i]:
            deserved = (sanctioned[i] & ~wrongful[i] & harmful) != 0
            for t in range(indptr[i], indptr[i + 1]):
                j = neighbours[t]
                sanctioned_near[j] += 1
                deserved_near[j] += deserved
                wrongful_near[j] += wrongful[i] != 0


def spread_news(society: Society) -> None:
    """Let citizens learn which neighbours were sanctioned this week, and whether they had deserved it."""
    c = society.citizens
    for count in (c.sanctioned_near, c.deserved_near, c.wrongful_near):
        count[:] = 0
    _news_loop(
        society.ties.indptr,
        society.ties.neighbours,
        society.domains.harmful,
        c.sanctioned,
        c.wrongful,
        c.sanctioned_near,
        c.deserved_near,
        c.wrongful_near,
    )


@compiled
def _fear_loop(
    start: int,
    stop: int,
    lanes: tuple[int, ...],
    rate: float,
    vicarious: float,
    indptr: Ints,
    sanctioned: Mask,
    sanctioned_near: Ints,
    fear: Floats,
) -> None:
    for i in range(start, stop):
        share = sanctioned_near[i] / max(1, indptr[i + 1] - indptr[i])
        for d in range(len(lanes)):
            fear[i, d] = learned_fear(fear[i, d], rate, sanctioned[i] >> d & 1, vicarious, share)


def learn_fear(society: Society) -> None:
    """Update `fear` of all citizens from this week's sanctions."""
    c, rates = society.citizens, society.plan.citizens.fear
    society.for_all(
        _fear_loop,
        society.domains.lanes,
        rates.learning,
        rates.vicarious,
        society.ties.indptr,
        c.sanctioned,
        c.sanctioned_near,
        c.fear,
    )
