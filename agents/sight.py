"""How openly acts show: to any neighbour, to fellow members of a group, and to anyone whose opinion counts."""

from __future__ import annotations

import numpy as np

from .arithmetic import exp, log
from .belief_rates import ImageSettings
from .citizens import Citizens, Rows
from .columns import Floats, Ints
from .compiled import compiled
from .view import Domains, SocietyView, Ties


@compiled
def fellow_sight(openness: float, raised: float, visibility: float, group_sight: float, inside: float) -> float:
    """Rate at which a neighbour in the same group sees an act, v + inside · (1 − v).

    v = openness + max(visibility, group_sight) · raised is what the score adds where the group sees it better than
    other neighbours do. `inside` is the chance that a fellow member sees what others do not. All in [0, 1].
    """
    seen = openness + max(visibility, group_sight) * raised
    return seen + inside * (1 - seen)


@compiled
def open_sight(
    openness: float, raised: float, visibility: float, group_sight: float, inside: float, fellows: float
) -> float:
    """Rate at which a neighbour sees an act, mean over the citizen's neighbours, of whom the share `fellows` is inside.

    Without fellows that is openness + visibility · raised.
    """
    seen = openness + visibility * raised
    return seen + fellows * (fellow_sight(openness, raised, visibility, group_sight, inside) - seen)


@compiled
def escaping(seen: float, counts: float) -> float:
    """Logarithm of the chance that one tie does not see an act or its opinion does not count, 1 − seen · counts."""
    # Where it sees it for certain the chance is 0; it is 1 without such ties, which no multiple of infinity is.
    return log(max(1e-300, 1 - seen * counts))


@compiled
def unseen(by_close: float, by_others: float, close: float, others: float) -> float:
    """Chance that no neighbour whose opinion counts sees an act, exp(m · `by_close` + n · `by_others`).

    That is (1 − v₁·c₁)ᵐ · (1 − v₂·c₂)ⁿ: m close and n other ties see it at rates v₁ and v₂ each, and their opinions
    count with chances c₁ and c₂; the logarithms of the bases are from `escaping`.
    """
    return exp(close * by_close + others * by_others)


@compiled
def _fellows_loop(
    start: int,
    stop: int,
    c: Citizens,
    ties: Ties,
    domains: Domains,
    image: ImageSettings,
    fellowship: bool,
    ties_only: bool,
) -> None:
    lanes = len(domains.lanes)
    by_close, by_others = np.empty(lanes), np.empty(lanes)
    for d in range(lanes):
        by_close[d] = escaping(domains.openness[d], image.counts_close)
        by_others[d] = escaping(domains.openness[d], image.counts_other)
    for i in range(start, stop):
        same, close = 0, 0
        for t in range(ties.indptr[i], ties.indptr[i + 1]):
            close += ties.strong[t] > 0
            same += c.group[ties.neighbours[t]] == c.group[i]
        ties_of = ties.indptr[i + 1] - ties.indptr[i]
        c.fellows[i] = same / max(1, ties_of) if fellowship else 0.0
        if ties_only and c.close[i] == close and c.others[i] == ties_of - close:
            continue
        c.close[i], c.others[i] = close, ties_of - close
        for d in range(lanes):
            c.everyday_unseen[i, d] = unseen(by_close[d], by_others[d], close, ties_of - close)


@compiled
def sum_over_neighbours(indptr: Ints, neighbours: Rows, values: Floats) -> Floats:
    """Sum of a value over each citizen's neighbours, shape (N,)."""
    total = np.zeros(len(indptr) - 1)
    for i in range(len(total)):
        for t in range(indptr[i], indptr[i + 1]):
            total[i] += values[neighbours[t]]
    return total


def find_fellows(society: SocietyView, ties_only: bool = False) -> None:
    """Fill `close`, `others` and `everyday_unseen`; and `fellows`, which stays 0 where no group watches its own.

    `ties_only`: nothing but ties has changed since.
    """
    c, watched = society.citizens, groups_watch(society)
    society.for_all(_fellows_loop, c, society.ties, society.domains, society.rates.image, watched, ties_only)


def groups_watch(society: SocietyView) -> bool:
    """Whether any group watches its own."""
    return bool(society.conditions.group_sight > 0 or society.citizens.inside.any())
