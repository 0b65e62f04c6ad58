"""Dealing with a neighbour and with a stranger (phase `mingle`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..chance import BATCH, EXCHANGE, batch_by_domain, fill_by_domain
from ..compiled import compiled

if TYPE_CHECKING:
    from ...model.society import Society
    from ..citizens import Bits, Floats, Ints, Mask, Rows

HONESTY = "credit"
"""The domain in which complying is dealing honestly."""

NEIGHBOUR_DEAL, NEIGHBOUR_FRAUD, STRANGER_DEAL, STRANGER_FRAUD = 1, 2, 4, 8
"""Bits of the column `deals`."""


@compiled
def assured_trust(trust: float, visibility: float, authority_trust: float, standing: float) -> float:
    """Belief that a stranger is honest, a mixture of one's own trust and the assurance of a visible score.

    (1 − a) · trust + a · standing with a = visibility · authority_trust: a score that is seen, and believed as far as
    the authority is trusted, replaces trust (Yamagishi's assurance). `standing` is the stranger's score as a share of
    the score's range. All in [0, 1].
    """
    assurance = visibility * authority_trust
    return (1 - assurance) * trust + assurance * standing


@compiled
def raised_trust(trust: float, rate: float) -> float:
    """Trust after an honest exchange, trust + rate · (1 − trust)."""
    return trust + rate * (1 - trust)


@compiled
def _exchange_loop(
    start: int,
    stop: int,
    seed: Mask,
    step: int,
    honesty: int,
    honest: float,
    witnessed: float,
    public: float,
    floor: float,
    ceiling: float,
    resting: float,
    indptr: Ints,
    neighbours: Rows,
    rows: Rows,
    identity: Mask,
    complies: Bits,
    score: Floats,
    authority_trust: Floats,
    trust: Floats,
    deals: Bits,
) -> None:
    count = len(rows)
    luck = batch_by_domain(4)
    for batch in range(start, stop, BATCH):
        until = min(stop, batch + BATCH)
        fill_by_domain(luck[:, : until - batch], identity[batch:until], step, EXCHANGE, seed)
        for i in range(batch, until):
            k = i - batch
            pick, caution, stranger, wariness = luck[0, k], luck[1, k], luck[2, k], luck[3, k]
            made = 0
            first, last = indptr[i], indptr[i + 1]
            circle = 0.0
            for t in range(first, last):
                circle += trust[t]
            circle = circle / (last - first) if last > first else resting
            if last > first:
                t = int(first) + int(pick * (last - first))
                if trust[t] > caution:
                    made |= NEIGHBOUR_DEAL
                    if complies[neighbours[t], honesty]:
                        trust[t] = raised_trust(trust[t], honest)
                    else:
                        made |= NEIGHBOUR_FRAUD
                        trust[t] *= max(0.0, 1 - witnessed)
            if count > 1:
                who = int(stranger * (count - 1))
                j = rows[who + 1 if who >= identity[i] else who]
                # Where the stranger has emigrated the next person stands in, who may be oneself: then nobody is met.
                believed = circle if j != i else 0.0
                if public > 0 and j != i and not np.isnan(score[j]):
                    standing = (score[j] - floor) / (ceiling - floor)
                    believed = assured_trust(circle, public, authority_trust[i], standing)
                if believed > wariness:
                    made |= STRANGER_DEAL
                    if not complies[j, honesty]:
                        made |= STRANGER_FRAUD
            deals[i] = made


def exchange(society: Society) -> None:
    """Let every citizen meet one neighbour and one stranger and deal with whom it trusts enough.

    How much trust a deal needs is drawn evenly from (0, 1) for each meeting, since deals differ in what is at stake:
    a citizen deals with probability equal to its trust. In a stranger it has the mean trust of its own circle, from
    which trust in people at large is learnt, and the assurance of a visible score. The partner is honest if it
    complies in `credit`; an honest deal with a neighbour raises trust in it, a fraud lowers it like harm seen for
    certain. Where the domain `credit` does not exist nobody deals.
    """
    c, ties, now, rates = society.citizens, society.ties, society.conditions, society.plan.citizens.trust
    c.deals[:] = 0
    if HONESTY not in society.domains.names:
        return
    society.for_all(
        _exchange_loop,
        society.seed,
        society.week,
        society.domains.names.index(HONESTY),
        rates.honest,
        rates.witnessed,
        now.public,
        now.score_range[0],
        now.score_range[1],
        rates.resting,
        ties.indptr,
        ties.neighbours,
        society.rows,
        c.identity,
        c.complies,
        c.score,
        c.authority_trust,
        ties.trust,
        c.deals,
    )
