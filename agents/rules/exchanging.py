"""Dealing with a neighbour and with a stranger (phase `mingle`)."""

from __future__ import annotations

import numpy as np

from ..belief_rates import TrustSettings
from ..chance import BATCH, EXCHANGE, Words, batch_by_domain, fill_by_domain
from ..citizens import Citizens, Rows
from ..compiled import compiled
from ..conditions import Conditions
from ..view import Domains, SocietyView, Ties

NEIGHBOUR_DEAL, NEIGHBOUR_FRAUD, STRANGER_DEAL, STRANGER_FRAUD, ASSURED_DEAL = 1, 2, 4, 8, 16
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
def _deal_with_neighbour(
    i: int, c: Citizens, ties: Ties, debt: int, rates: TrustSettings, pick: float, caution: float
) -> int:
    """Deal with the neighbour that `pick` chooses if trust in it is above `caution`; return the bits of `deals`."""
    # Whatever happens is worked out and one of it chosen: to branch on what cannot be foreseen takes longer.
    first, last = ties.indptr[i], ties.indptr[i + 1]
    t = int(first) + int(pick * (last - first))
    trust = ties.trust[t]
    deals, honest = trust > caution, c.complies[ties.neighbours[t], debt] != 0
    after = raised_trust(trust, rates.honest) if honest else trust * max(0.0, 1 - rates.witnessed)
    ties.trust[t] = after if deals else trust
    made = NEIGHBOUR_DEAL if honest else NEIGHBOUR_DEAL | NEIGHBOUR_FRAUD
    return made if deals else 0


@compiled
def _exchange_loop(
    start: int,
    stop: int,
    c: Citizens,
    ties: Ties,
    domains: Domains,
    now: Conditions,
    rates: TrustSettings,
    rows: Rows,
    seed: Words,
    step: int,
) -> None:
    count, debt = len(rows), domains.debt
    luck = batch_by_domain(4)
    for batch in range(start, stop, BATCH):
        until = min(stop, batch + BATCH)
        fill_by_domain(luck[:, : until - batch], c.identity[batch:until], step, EXCHANGE, seed)
        for i in range(batch, until):
            pick, caution, stranger, wariness = (
                luck[0, i - batch],
                luck[1, i - batch],
                luck[2, i - batch],
                luck[3, i - batch],
            )
            made = 0
            first, last = ties.indptr[i], ties.indptr[i + 1]
            if last > first:
                made = _deal_with_neighbour(i, c, ties, debt, rates, pick, caution)
            if count > 1:
                who = int(stranger * (count - 1))
                j = rows[who + 1 if who >= c.identity[i] % count else who]
                # Where the stranger has emigrated the next person stands in, who may be oneself: then nobody is met.
                trust = c.generalised_trust[i] if j != i else 0.0
                believed = trust
                score = c.score[j]
                if now.public > 0 and j != i and not np.isnan(score):
                    standing = (score - now.floor) / (now.ceiling - now.floor)
                    believed = assured_trust(trust, now.public, c.authority_trust[i], standing)
                with_stranger = STRANGER_DEAL if c.complies[j, debt] != 0 else STRANGER_DEAL | STRANGER_FRAUD
                made |= with_stranger if believed > wariness else 0
                made |= ASSURED_DEAL if believed > wariness >= trust else 0
            c.deals[i] = made


@compiled
def earned(wealth: float, rate: float, means: float, earnings: float, hardship: float) -> float:
    """Wealth after a week's income, wealth + rate · (means · earnings · (1 − hardship) − wealth).

    `earnings` is what work, pay and punishment leave of the income, `hardship` what being barred takes of that.
    """
    return wealth + rate * (means * earnings * (1 - hardship) - wealth)


@compiled
def _earn_loop(start: int, stop: int, c: Citizens, rate: float) -> None:
    wealth, means = c.wealth[start:stop], c.means[start:stop]
    earnings, hardship = c.earnings[start:stop], c.hardship[start:stop]
    for k in range(stop - start):
        wealth[k] = earned(wealth[k], rate, means[k], earnings[k], hardship[k])


def earn(society: SocietyView) -> None:
    """Let the wealth of every citizen follow its income."""
    society.for_all(_earn_loop, society.citizens, society.rates.income)


def exchange(society: SocietyView) -> None:
    """Let every citizen meet one neighbour and one stranger and deal with whom it trusts enough.

    How much trust a deal needs is drawn evenly from (0, 1) for each meeting, since deals differ in what is at stake:
    a citizen deals with probability equal to its trust. A stranger it trusts as it trusts people at large, and by the
    assurance of a visible score; deals that this alone made are told apart. The partner is honest if it complies in the
    domain of the role `debt`; an honest deal with a neighbour raises trust in it, a fraud lowers it like harm seen for
    certain. Where no domain has that role nobody deals.
    """
    if society.domains.role("debt") < 0:
        return
    society.for_all(
        _exchange_loop,
        society.citizens,
        society.ties,
        society.domains,
        society.conditions,
        society.rates.trust,
        society.rows,
        society.seed,
        society.week,
    )
