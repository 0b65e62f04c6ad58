"""Learning what deviating leads to (phase `mingle`)."""

from __future__ import annotations

from ..citizens import Citizens
from ..compiled import compiled
from ..settings import FearSettings
from ..view import Domains, SocietyView, Ties


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
def _news_loop(start: int, stop: int, c: Citizens, ties: Ties, domains: Domains) -> None:
    # Few are sanctioned in a week: going from these to their neighbours is faster than asking all about all.
    sanctioned, wrongful = c.sanctioned, c.wrongful
    for i in range(start, stop):
        if sanctioned[i]:
            deserved = (sanctioned[i] & ~wrongful[i] & domains.harmful) != 0
            for t in range(ties.indptr[i], ties.indptr[i + 1]):
                j = ties.neighbours[t]
                c.sanctioned_near[j] += 1
                c.deserved_near[j] += deserved
                c.wrongful_near[j] += wrongful[i] != 0


def spread_news(society: SocietyView) -> None:
    """Count in `sanctioned_near`, `deserved_near` and `wrongful_near` the neighbours sanctioned this week."""
    society.once(_news_loop, society.citizens, society.ties, society.domains)


@compiled
def _fear_loop(start: int, stop: int, c: Citizens, ties: Ties, domains: Domains, rates: FearSettings) -> None:
    indptr, sanctioned, near = ties.indptr[start : stop + 1], c.sanctioned[start:stop], c.sanctioned_near[start:stop]
    learning, vicarious = rates.learning, rates.vicarious
    for d in range(len(domains.lanes)):
        fear = c.fear[start:stop, d]
        for k in range(stop - start):
            share = near[k] / max(1, indptr[k + 1] - indptr[k])
            fear[k] = learned_fear(fear[k], learning, (sanctioned[k] >> d & 1) != 0, vicarious, share)


def learn_fear(society: SocietyView) -> None:
    """Update `fear` of all citizens from this week's sanctions."""
    society.for_all(_fear_loop, society.citizens, society.ties, society.domains, society.rates.fear)
