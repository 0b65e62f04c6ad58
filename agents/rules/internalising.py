"""How convictions move (phase `internalise`)."""

from __future__ import annotations

import numpy as np

from ..chance import BATCH
from ..citizens import CONFORMITY, FEAR, IMAGE, STAKE, Citizens
from ..columns import Floats
from ..compiled import compiled
from ..conditions import Conditions
from ..settings import InternaliseSettings
from ..view import Domains, SocietyView, Ties


@compiled
def justification(external: float, conviction_weight: float) -> float:
    """How far an act is justified from outside, J = external / (external + conviction_weight), in [0, 1).

    `external` ≥ 0 is the positive part of conformity, image, stake and fear, in utility.
    """
    if external == 0:
        return 0.0
    return external / (external + conviction_weight)


@compiled
def external_terms(conformity: float, image: float, stake: float, fear: float) -> float:
    """What moves a citizen from outside, in utility: the positive parts of these terms, added up."""
    return max(0.0, conformity) + max(0.0, image) + max(0.0, stake) + max(0.0, fear)


@compiled
def dissonance(rate: float, justified: float, act: float, conviction: float) -> float:
    """Shift toward one's own insufficiently justified act, rate · (1 − justified) · (act − conviction)."""
    return rate * (1 - justified) * (act - conviction)


@compiled
def attraction(rate: float, toward: float, conviction: float) -> float:
    """Shift toward a position, rate · (toward − conviction): talk (DeGroot), anchor (Friedkin & Johnsen)."""
    return rate * (toward - conviction)


@compiled
def persuaded(trust: float, persuasion: float, reach: float, conviction: float) -> float:
    """Shift by persuasion, trust in the authority · (persuasion − reach · conviction).

    `persuasion` is reach times the conviction aimed at, added up over all who persuade; in rates a week.
    """
    return trust * (persuasion - reach * conviction)


@compiled
def backlash(rate: float, reactance: float, coercion: float, trust: float, conviction: float) -> float:
    """Shift away from what is enforced, −rate · reactance · coercion · (1 − trust in the authority) · conviction."""
    return -rate * reactance * coercion * (1 - trust) * conviction


@compiled
def _press(c: Citizens, domains: Domains, first: int, last: int) -> Floats:
    """How far the acts of citizens from `first` to `last` are enforced: fear's share of all external terms, [0, 1]."""
    count = last - first
    pressed, feared = np.zeros(count), np.zeros(count)
    for d in range(len(domains.lanes)):
        conformity, image = c.terms[first:last, d, CONFORMITY], c.terms[first:last, d, IMAGE]
        stake, fear = c.terms[first:last, d, STAKE], c.terms[first:last, d, FEAR]
        for k in range(count):
            pressed[k] += external_terms(conformity[k], image[k], stake[k], fear[k])
            feared[k] += max(0.0, fear[k])
    for k in range(count):
        feared[k] = feared[k] / pressed[k] if pressed[k] > 0 else 0.0
    return feared


@compiled
def _hear(c: Citizens, ties: Ties, first: int, last: int, heard: Floats) -> None:
    """Fill `heard`, shape (D, citizens), with the trusted neighbours' mean conviction; one's own without any."""
    before, trust, neighbours = c.conviction_before, ties.trust, ties.neighbours
    domains = heard.shape[0]
    sums = np.empty(domains)
    for i in range(first, last):
        total = 0.0
        sums[:] = 0.0
        for t in range(ties.indptr[i], ties.indptr[i + 1]):
            total += trust[t]
            for d in range(domains):
                sums[d] += trust[t] * before[neighbours[t], d]
        for d in range(domains):
            heard[d, i - first] = sums[d] / total if total > 0 else before[i, d]


@compiled
def _internalise_loop(
    start: int,
    stop: int,
    c: Citizens,
    ties: Ties,
    domains: Domains,
    now: Conditions,
    rates: InternaliseSettings,
    weight: float,
) -> None:
    heard = np.empty((len(domains.lanes), BATCH))
    for first in range(start, stop, BATCH):
        last = min(stop, first + BATCH)
        coercion = _press(c, domains, first, last)
        if rates.talk > 0:
            _hear(c, ties, first, last, heard)
        reactance, authority_trust = c.reactance[first:last], c.authority_trust[first:last]
        own, talk, react, anchor = rates.self, rates.talk, rates.react, rates.anchor
        for d in range(len(domains.lanes)):
            conformity, image = c.terms[first:last, d, CONFORMITY], c.terms[first:last, d, IMAGE]
            stake, fear = c.terms[first:last, d, STAKE], c.terms[first:last, d, FEAR]
            conviction, initial = c.conviction[first:last, d], c.initial_conviction[first:last, d]
            complies, talked = c.complies[first:last, d], heard[d, : last - first]
            persuasion, reach = rates.broadcast * now.persuasion[d], rates.broadcast * now.broadcast[d]
            for k in range(last - first):
                x, trust = conviction[k], authority_trust[k]
                justified = justification(external_terms(conformity[k], image[k], stake[k], fear[k]), weight)
                shift = dissonance(own, justified, complies[k], x)
                shift += attraction(talk, talked[k], x) if talk > 0 else 0.0
                shift += persuaded(trust, persuasion, reach, x)
                shift += backlash(react, reactance[k], coercion[k], trust, x)
                shift += attraction(anchor, initial[k], x)
                conviction[k] = min(1.0, max(0.0, x + shift))


def internalise(society: SocietyView) -> None:
    """Move every conviction by dissonance, talk, broadcast, backlash and anchor, all from the week's start at once."""
    c, rates = society.citizens, society.rates
    np.copyto(c.conviction_before, c.conviction)
    society.for_all(
        _internalise_loop,
        c,
        society.ties,
        society.domains,
        society.conditions,
        rates.internalise,
        rates.conviction_weight,
    )
