"""What institutions over groups and regions have in common: means, ranks, membership, fellows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .chance import Purpose, uniforms
from .columns import Floats, Ints
from .view import SocietyView

MONTH = 4
"""Weeks from one time that people leave their places, the country or each other to the next."""

QUARTER = 13
"""Weeks after which units, governments and budgets are reviewed."""


def means_by(number: Ints, values: Floats, count: int) -> Floats:
    """Mean of the values in each group, shape (count,); 0 in a group that has nobody."""
    sizes = np.bincount(number, minlength=count)
    return np.bincount(number, weights=values, minlength=count) / np.maximum(1, sizes)


def quantiles(values: Floats) -> Floats:
    """Rank of each value among all, evenly from 0 (lowest) to 1 (highest); equal values share theirs."""
    if len(values) < 2:
        return np.full(len(values), 0.5)
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    # Equal values take the mean of the ranks that they fill.
    rank = np.cumsum(count) - (count + 1) / 2
    return rank[place] / (len(values) - 1)


def taken_in(society: SocietyView, share: float, from_the_end: bool = False) -> npt.NDArray[np.bool_]:
    """Citizens whose group is among the `share` of groups taken in, in an order drawn once for each group.

    Two institutions that take in groups from opposite ends share none, as long as their shares add up to at most 1.
    """
    place = uniforms(society.seed, Purpose.GROUP, 0, society.citizens.group)
    return place >= 1 - share if from_the_end else place < share


def fellows_among_eyes(society: SocietyView) -> Floats:
    """Share of fellow members of the group among the neighbours who see a citizen's act, shape (N, D).

    f · w / (f · w + (1 − f) · v): the share f of its ties is within the group and sees it at rate w = v + inside · (1 −
    v), the others at the domain's openness v.
    """
    c, openness = society.citizens, society.domains.openness
    within = c.fellows[:, None] * (openness + c.inside[:, None] * (1 - openness))
    seen = within + (1 - c.fellows[:, None]) * openness
    return within / np.where(seen > 0, seen, 1.0)
