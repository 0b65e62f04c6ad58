"""How convictions move (phase `internalise`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..citizens import TERMS, Rows
from ..compiled import compiled

if TYPE_CHECKING:
    from ...model.society import Society
    from ..citizens import Bits, Floats, Ints

CONFORMITY, IMAGE, STAKE, FEAR = (TERMS.index(name) for name in ("conformity", "image", "stake", "fear"))


@compiled
def justification(external: float, conviction_weight: float) -> float:
    """How far an act is justified from outside, J = external / (external + conviction_weight), in [0, 1).

    `external` ≥ 0 is the positive part of conformity, image, stake and fear, in utility.
    """
    if external == 0:
        return 0.0
    return external / (external + conviction_weight)


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
def _internalise_loop(
    start: int,
    stop: int,
    lanes: tuple[int, ...],
    own: float,
    talk: float,
    broadcast: Floats,
    react: float,
    anchor: float,
    conviction_weight: float,
    indptr: Ints,
    neighbours: Rows,
    trust: Floats,
    complies: Bits,
    initial_conviction: Floats,
    before: Floats,
    terms: Floats,
    reactance: Floats,
    authority_trust: Floats,
    persuasion: Floats,
    conviction: Floats,
) -> None:
    heard = np.empty(len(lanes))
    external = np.empty(len(lanes))
    for i in range(start, stop):
        total = 0.0
        if talk > 0:
            heard[:] = 0.0
            for t in range(indptr[i], indptr[i + 1]):
                total += trust[t]
                for d in range(len(lanes)):
                    heard[d] += trust[t] * before[neighbours[t], d]
        pressed = 0.0
        feared = 0.0
        for d in range(len(lanes)):
            row = terms[i, d]
            afraid = max(0.0, row[FEAR])
            external[d] = max(0.0, row[CONFORMITY]) + max(0.0, row[IMAGE]) + max(0.0, row[STAKE]) + afraid
            pressed += external[d]
            feared += afraid
        coercion = feared / pressed if pressed > 0 else 0.0
        for d in range(len(lanes)):
            x = before[i, d]
            shift = dissonance(own, justification(external[d], conviction_weight), complies[i, d], x)
            if total > 0:
                shift += attraction(talk, heard[d] / total, x)
            shift += persuaded(authority_trust[i], persuasion[d], broadcast[d], x)
            shift += backlash(react, reactance[i], coercion, authority_trust[i], x)
            shift += attraction(anchor, initial_conviction[i, d], x)
            conviction[i, d] = min(1.0, max(0.0, x + shift))


def internalise(society: Society) -> None:
    """Move every conviction by dissonance, talk, broadcast, backlash and anchor, all from the week's start at once."""
    c, ties, now, rates = society.citizens, society.ties, society.conditions, society.plan.citizens.internalise
    np.copyto(c.conviction_before, c.conviction)
    society.for_all(
        _internalise_loop,
        society.domains.lanes,
        rates.self,
        rates.talk,
        rates.broadcast * now.broadcast,
        rates.react,
        rates.anchor,
        society.plan.citizens.conviction_weight,
        ties.indptr,
        ties.neighbours,
        ties.trust,
        c.complies,
        c.initial_conviction,
        c.conviction_before,
        c.terms,
        c.reactance,
        c.authority_trust,
        rates.broadcast * now.persuasion,
        c.conviction,
    )
