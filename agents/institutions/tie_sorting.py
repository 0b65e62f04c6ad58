"""Who you associate with: ties to low scorers are dropped and remade with one's like."""

from __future__ import annotations

import numpy as np

from ..base import Institution, Settings, parameter
from ..chance import OwnPurpose, Words, uniform
from ..citizens import Citizens
from ..columns import Ints
from ..compiled import compiled
from ..sight import find_fellows
from ..view import SocietyView, Ties

TRIES = 4
"""Friends of friends that are looked at for a new tie."""


class TieSortingSettings(Settings):
    """How often people look at whom they know, and what they mind."""

    rate: float = parameter(
        0.3, 0, 1, unit="rate a review", says="How often one drops a much lower scorer met by chance, if it is seen."
    )
    gap: float = parameter(30.0, 0, 1e6, unit="points", says="How much lower a score must be to be dropped.")
    review: int = parameter(4, 1, 5200, unit="weeks", says="Time from one review to the next.")


@compiled
def pick(luck: float, first: int, last: int) -> int:
    """One of the numbers from `first` up to, not including, `last`, by a draw in (0, 1)."""
    return first + int(luck * (last - first))


@compiled
def _propose_loop(
    start: int,
    stop: int,
    c: Citizens,
    ties: Ties,
    sorting: TieSortingSettings,
    chance: tuple[Words, int, int],
    dropped: Ints,
    taken: Ints,
) -> None:
    seed, step, purpose = chance
    for i in range(start, stop):
        dropped[i] = -1
        first, last = ties.indptr[i], ties.indptr[i + 1]
        if last == first or np.isnan(c.score[i]):
            continue
        t = pick(uniform(c.identity[i], 0, step, purpose, seed), first, last)
        j = np.int64(ties.neighbours[t])
        noticed = uniform(c.identity[i], 1, step, purpose, seed) < sorting.rate * c.visibility[j]
        if not noticed or np.isnan(c.score[j]) or c.score[j] >= c.score[i] - sorting.gap:
            continue
        for attempt in range(TRIES):
            f = np.int64(
                ties.neighbours[pick(uniform(c.identity[i], 2 + 2 * attempt, step, purpose, seed), first, last)]
            )
            luck = uniform(c.identity[i], 3 + 2 * attempt, step, purpose, seed)
            k = np.int64(ties.neighbours[pick(luck, ties.indptr[f], ties.indptr[f + 1])])
            known = k == i or np.isnan(c.score[k]) or abs(c.score[k] - c.score[i]) > sorting.gap
            for other in range(first, last):
                known |= np.int64(ties.neighbours[other]) == k
            if not known:
                dropped[i] = t
                taken[i] = k
                break


class TieSorting(Institution):
    """Let citizens drop neighbours of much lower score for friends of friends like themselves.

    Phases: `mingle`, once a `review`. A citizen looks at one neighbour by chance; it is dropped at `rate` times the
    rate at which its score is seen, if that is more than `gap` points below one's own, and if among four friends of
    friends there is one within `gap` of one's own who is not tied yet. The new tie starts at the trust drawn for the
    pair. So the number of ties stays the same.
    """

    settings: TieSortingSettings
    zero = {"rate": 0.0}
    SORTING = OwnPurpose(56)

    def mingle(self, society: SocietyView) -> None:
        """Once a review replace ties to much lower scorers by ties to friends of friends."""
        s, c, ties = self.settings, society.citizens, society.ties
        if society.week % s.review or s.rate == 0:
            return
        luck = (society.seed, society.week, self.SORTING)
        dropped, taken = np.full(len(c), -1), np.empty(len(c), np.int64)
        society.for_all(_propose_loop, c, ties, s, luck, dropped, taken)
        who = np.flatnonzero(dropped >= 0)
        who = who[np.argsort(c.identity[who])]
        # Two who propose to each other make one tie; the second keeps what it has.
        codes = np.minimum(who, taken[who]) * len(c) + np.maximum(who, taken[who])
        who = who[np.sort(np.unique(codes, return_index=True)[1])]
        if len(who):
            resting = society.rates.trust.resting
            ties.replace(dropped[who], who, taken[who], c.identity, society.seed, resting)
            find_fellows(society, ties_only=True)
