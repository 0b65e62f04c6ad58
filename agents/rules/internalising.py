"""How convictions move (phase `internalise`)."""

from __future__ import annotations

import numpy as np

from ..arithmetic import exp
from ..belief_rates import InternaliseSettings
from ..chance import BATCH
from ..citizens import CONFORMITY, CONVICTION, COST, FEAR, STAKE, Citizens
from ..columns import Floats
from ..compiled import compiled
from ..conditions import Conditions
from ..rates import CrowdingSettings, HabitSettings
from ..view import Domains, SocietyView, Ties
from .utility import choice_probability

OF_AGE = 18
"""Age in years at which a citizen comes of age."""

FORMATIVE = 7.0
"""Years in which the plasticity of youth falls to 1/e of it."""


@compiled
def plasticity(extra: float, weeks: float) -> float:
    """How much more than an old person's a conviction moves, 1 + extra · exp(−years since coming of age / 7)."""
    return 1 + extra * exp(-max(0.0, weeks) / (52 * FORMATIVE))


@compiled
def attraction(rate: float, toward: float, conviction: float) -> float:
    """Shift toward a position, rate · (toward − conviction)."""
    return rate * (toward - conviction)


@compiled
def persuaded(trust: float, persuasion: float, reach: float, conviction: float) -> float:
    """Shift by persuasion, trust in the authority · (persuasion − reach · conviction).

    `persuasion` is reach times the conviction aimed at, added up over all who persuade; in rates a week.
    """
    return trust * (persuasion - reach * conviction)


@compiled
def backlash(rate: float, reactance: float, coercion: float, unjust: float, trust: float, conviction: float) -> float:
    """Shift away from what is enforced, −rate · reactance · (coercion + unjust) · (1 − trust) · conviction.

    `coercion` in [0, 1) is how far fear alone would justify the act, `unjust` this week's unjust sanctions suffered or
    seen: outrage at injustice.
    """
    return -rate * reactance * (coercion + unjust) * (1 - trust) * conviction


@compiled
def eroded(share: float, erosion: float, recovery: float, priced: float) -> float:
    """What prices leave of the weight of conviction, share − erosion · priced · share + recovery · (1 − share)."""
    return min(1.0, max(0.0, share - erosion * priced * share + recovery * (1 - share)))


@compiled
def _hear(ties: Ties, domains: Domains, first: int, last: int, moved: Floats, heard: Floats) -> None:
    """Fill `heard`, shape (D, citizens), with how far trusted neighbours have come from who they are."""
    trust, neighbours = ties.trust, ties.neighbours
    lanes = len(domains.lanes)
    sums = np.empty(lanes)
    for i in range(first, last):
        total = 0.0
        sums[:] = 0.0
        for t in range(ties.indptr[i], ties.indptr[i + 1]):
            trusted, j = trust[t], neighbours[t]
            total += trusted
            for d in range(lanes):
                sums[d] += trusted * moved[j, d]
        for d in range(lanes):
            heard[d, i - first] = sums[d] / total if total > 0 else moved[i, d]


@compiled
def _note_loop(start: int, stop: int, c: Citizens, domains: Domains, moved: Floats) -> None:
    for d in range(len(domains.lanes)):
        conviction, temperament = c.conviction[start:stop, d], c.temperament[start:stop, d]
        for k in range(stop - start):
            c.conviction_before[start + k, d] = conviction[k]
            moved[start + k, d] = conviction[k] - temperament[k]


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
    week: int,
    moved: Floats,
) -> None:
    lanes = len(domains.lanes)
    # No fear is no coercion, also where convictions weigh nothing.
    scale = max(weight, 1e-300)
    heard, open_to, shift = np.zeros((lanes, BATCH)), np.empty(BATCH), np.empty(BATCH)
    for first in range(start, stop, BATCH):
        last = min(stop, first + BATCH)
        count = last - first
        if rates.talk > 0:
            _hear(ties, domains, first, last, moved, heard)
        born, trust, reactance = c.born[first:last], c.authority_trust[first:last], c.reactance[first:last]
        unjust = c.unjust[first:last]
        for k in range(count):
            open_to[k] = plasticity(rates.plasticity, week - born[k])
        for d in range(lanes):
            reach, persuasion = rates.broadcast * now.broadcast[d], rates.broadcast * now.persuasion[d]
            conviction, character = c.conviction[first:last, d], c.character[first:last, d]
            temperament, surprise = c.temperament[first:last, d], c.surprise[first:last, d]
            approval, usual, fear = (
                c.approval[first:last, d],
                c.first_approval[first:last, d],
                c.terms[first:last, d, FEAR],
            )
            told = heard[d]
            # Loops over few columns each, so that the compiler can work on several citizens at once.
            for k in range(count):
                mine = conviction[k] - temperament[k]
                shift[k] = rates.self * surprise[k] + attraction(rates.talk, told[k], mine)
                shift[k] += attraction(rates.norm, approval[k] - usual[k], mine)
            for k in range(count):
                coercion = fear[k] / (fear[k] + scale)
                shift[k] += persuaded(trust[k], persuasion, reach, conviction[k])
                shift[k] += backlash(rates.react, reactance[k], coercion, unjust[k], trust[k], conviction[k])
            for k in range(count):
                rest = rates.temperament_share * temperament[k] + (1 - rates.temperament_share) * character[k]
                shift[k] += attraction(rates.anchor, rest, conviction[k])
            for k in range(count):
                conviction[k] = min(1.0, max(0.0, conviction[k] + open_to[k] * shift[k]))
                character[k] += attraction(rates.character, conviction[k], character[k])


@compiled
def _habit_loop(
    start: int, stop: int, c: Citizens, domains: Domains, habits: HabitSettings, rationality: float
) -> None:
    for d in range(len(domains.lanes)):
        complies, habit = c.complies[start:stop, d], c.habit[start:stop, d]
        of_conviction, of_cost = c.terms[start:stop, d, CONVICTION], c.terms[start:stop, d, COST]
        of_conformity = c.terms[start:stop, d, CONFORMITY]
        for k in range(stop - start):
            private = of_conviction[k] + of_cost[k] + of_conformity[k] - habits.weight * habit[k]
            own = choice_probability(private, rationality)
            habit[k] += habits.forming * (complies[k] - own - habit[k])


@compiled
def _crowd_loop(start: int, stop: int, c: Citizens, domains: Domains, crowding: CrowdingSettings, stake: int) -> None:
    for i in range(start, stop):
        priced = 0.0
        for d in range(len(domains.lanes)):
            priced = max(priced, abs(c.terms[i, d, stake]))
        c.conviction_share[i] = eroded(c.conviction_share[i], crowding.erosion, crowding.recovery, min(1.0, priced))


def internalise(society: SocietyView) -> None:
    """Move every conviction by surprise at one's own acts, talk, norm, persuasion, backlash and anchor; and character.

    What one does, and what one learns others think, moves a conviction only as far as it differs from what was to be
    expected: talk and norm work on how far people have come from who they are. Character follows conviction over years.
    """
    c, rates = society.citizens, society.rates
    moved = np.empty((len(c), len(society.domains)))
    society.for_all(_note_loop, c, society.domains, moved)
    society.for_all(
        _internalise_loop,
        c,
        society.ties,
        society.domains,
        society.conditions,
        rates.internalise,
        rates.conviction_weight,
        society.week,
        moved,
    )
    if rates.habit.weight > 0:
        society.for_all(_habit_loop, c, society.domains, rates.habit, rates.rationality)
    if rates.crowding.erosion > 0:
        society.for_all(_crowd_loop, c, society.domains, rates.crowding, STAKE)
