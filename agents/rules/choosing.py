"""Choosing, in every domain, whether to comply (phase `act`)."""

from __future__ import annotations

import numpy as np

from ..arithmetic import exp
from ..belief_rates import ConsequenceSettings, ImageSettings
from ..chance import ACT, BATCH, Words, batch_by_domain, fill_by_domain
from ..citizens import CONFORMITY, CONVICTION, COST, FEAR, IMAGE, REACTANCE, STAKE, Citizens
from ..columns import Floats
from ..compiled import compiled
from ..conditions import Conditions
from ..rates import CitizensSettings
from ..sight import escaping, open_sight, unseen
from ..view import Domains, SocietyView
from .utility import (
    choice_probability,
    conformity_term,
    conviction_term,
    cost_term,
    fear_term,
    honest_stake,
    image_term,
    justified,
    justifying_pressure,
    known_chance,
    projected_approval,
    reactance_term,
    required_utility,
)


@compiled
def _foresee(
    d: int,
    c: Citizens,
    domains: Domains,
    now: Conditions,
    rates: ConsequenceSettings,
    here: tuple[int, int],
    seen: Floats,
) -> None:
    """Update perceived detection in domain d; fill `seen` with the rate at which a neighbour sees the act."""
    first, last = here
    openness, group_sight = domains.openness[d], now.group_sight
    raised, reportable = now.weight[d] * (1 - openness), domains.offences >> d & 1 != 0
    watched, reach, reporting = c.watched[first:last, d], c.reach[first:last], c.reporting[first:last]
    visibility, inside, fellows = c.visibility[first:last], c.inside[first:last], c.fellows[first:last]
    close, others = c.close[first:last], c.others[first:last]
    quick, slow = c.quick_detection[first:last, d], c.slow_detection[first:last, d]
    believed = c.perceived_detection[first:last, d]
    listened, unreported = False, np.ones(last - first)
    for k in range(last - first):
        seen[k] = open_sight(openness, raised, visibility[k], group_sight, inside[k], fellows[k])
        listened |= reporting[k] > 0
    if reportable and listened:
        for k in range(last - first):
            unreported[k] = exp(-reporting[k] * seen[k] * (close[k] + others[k]))
    for k in range(last - first):
        chance = known_chance(reach[k] * watched[k], unreported[k])
        quick[k] += rates.alertness * (chance - quick[k])
        slow[k] += rates.slow_alertness * (chance - slow[k])
        believed[k] = (1 - rates.slow_weight) * quick[k] + rates.slow_weight * slow[k]


@compiled
def _expect(d: int, c: Citizens, now: Conditions, here: tuple[int, int], up: Floats, down: Floats) -> None:
    """Fill `up` and `down` with the benefits a week of the score after complying and after deviating in domain d.

    The benefit of a score above that of the lowest tier is Σ slope · min(max(score − floor, 0), width) over the tiers:
    interpolated between their floors, constant below the first and from the last on. Promised benefits, which come
    first, are as much as is `allotted` where the citizen lives. For each citizen from here[0] to, not including,
    here[1]; what it comes to for who has no score is without meaning.
    """
    first, last = here
    score, allotted = c.score[first:last], c.allotted[first:last]
    gain, loss = now.gain[d], now.loss[d]
    count = last - first
    for k in range(count):
        up[k] = 0.0
        down[k] = 0.0
    # Ramp by ramp, so that the compiler can work on several citizens at once.
    for ramp in range(len(now.felt_floors)):
        floor, width, slope = now.felt_floors[ramp], now.felt_widths[ramp], now.felt_slopes[ramp]
        for k in range(count):
            up[k] += slope * min(max(score[k] + gain - floor, 0.0), width)
            down[k] += slope * min(max(score[k] - loss - floor, 0.0), width)
        if ramp == len(now.slopes) - 1:
            for k in range(count):
                up[k] *= allotted[k]
                down[k] *= allotted[k]


@compiled
def _weigh(
    d: int,
    c: Citizens,
    domains: Domains,
    now: Conditions,
    rates: CitizensSettings,
    image: ImageSettings,
    habit_weight: float,
    here: tuple[int, int],
    seen: Floats,
) -> None:
    """Fill the terms of domain d, but for the stake; and `ordinary_image`."""
    first, last = here
    cost, openness, sensitivity = domains.cost[d], domains.openness[d], domains.sensitivity[d]
    sanction_loss, certainty, pull = domains.loss[d] + now.bars[d], domains.certainty[d], now.pull[d]
    conviction, expectation, approval = (
        c.conviction[first:last, d],
        c.expectation[first:last, d],
        c.approval[first:last, d],
    )
    share, habit, believed = (
        c.conviction_share[first:last],
        c.habit[first:last, d],
        c.perceived_detection[first:last, d],
    )
    online, hardship, fellows_loss = c.online[first:last], c.hardship[first:last], c.fellows_loss[first:last, d]
    conformity, image_concern, reactance = (
        c.conformity[first:last],
        c.image_concern[first:last],
        c.reactance[first:last],
    )
    close, others, trust = c.close[first:last], c.others[first:last], c.authority_trust[first:last]
    raised, visibility, close_sight = (
        now.weight[d] * (1 - openness),
        c.visibility[first:last],
        c.close_sight[first:last],
    )
    guilty, innocent = c.believed_guilty[first:last], c.believed_innocent[first:last]
    of_conviction, of_cost = c.terms[first:last, d, CONVICTION], c.terms[first:last, d, COST]
    of_conformity, of_image = c.terms[first:last, d, CONFORMITY], c.terms[first:last, d, IMAGE]
    of_fear, of_reactance = c.terms[first:last, d, FEAR], c.terms[first:last, d, REACTANCE]
    ordinary = c.ordinary_image[first:last, d]
    everyday, alone = c.everyday_unseen[first:last, d], np.empty(last - first)
    by_close, by_others = np.empty(last - first), np.empty(last - first)
    # Most are seen as well as the citizen before: logarithms are taken where it is otherwise.
    close_seen = others_seen = -1.0
    close_escape = other_escape = 0.0
    for k in range(last - first):
        better = seen[k] + max(0.0, close_sight[k] - visibility[k]) * raised
        if better != close_seen:
            close_seen, close_escape = better, escaping(better, image.counts_close)
        if seen[k] != others_seen:
            others_seen, other_escape = seen[k], escaping(seen[k], image.counts_other)
        by_close[k], by_others[k] = close_escape, other_escape
    for k in range(last - first):
        alone[k] = unseen(by_close[k], by_others[k], close[k], others[k])
    # Loops over few columns each, so that the compiler can work on several citizens at once.
    weight, projection, authority_counts = rates.conviction_weight, rates.projection, image.counts_authority
    for k in range(last - first):
        of_conviction[k] = conviction_term(conviction[k], weight * share[k]) + habit_weight * habit[k]
        of_cost[k] = cost_term(cost + online[k] * pull, hardship[k])
        of_conformity[k] = conformity_term(conformity[k], expectation[k])
    for k in range(last - first):
        approved = projected_approval(approval[k], conviction[k], projection)
        known = 1 - alone[k] * (1 - believed[k] * authority_counts)
        of_image[k] = image_term(image_concern[k], known, approved, fellows_loss[k])
        ordinary[k] = image_term(image_concern[k], 1 - everyday[k], approved, 0.0)
    for k in range(last - first):
        of_fear[k] = fear_term(sanction_loss, believed[k], certainty, guilty[k], innocent[k])
        of_reactance[k] = reactance_term(reactance[k], sensitivity * believed[k], trust[k])


@compiled
def _decide(
    d: int,
    c: Citizens,
    domains: Domains,
    now: Conditions,
    rates: CitizensSettings,
    here: tuple[int, int],
    required: Floats,
    seen: Floats,
    gained: Floats,
) -> None:
    """Fill the stake, the five acts, `pressure` and `surprise` in domain d; add to `visible_harm` what is seen.

    `gained` are the benefits a week of complying instead of deviating.
    """
    first, last = here
    fakeable, fake_cost, has_stake = now.fakeable[d], now.fake_cost, len(now.felt_floors) > 0
    harm, at_first, weight = domains.harm[d], -domains.cost[d], rates.conviction_weight
    score, bonus, before = c.score[first:last], c.bonus[first:last, d], c.start_conviction[first:last, d]
    expected, conformity = c.start_expectation[first:last, d], c.conformity[first:last]
    believed, ordinary = c.perceived_detection[first:last, d], c.ordinary_image[first:last, d]
    of_conviction, of_cost = c.terms[first:last, d, CONVICTION], c.terms[first:last, d, COST]
    of_conformity, of_image = c.terms[first:last, d, CONFORMITY], c.terms[first:last, d, IMAGE]
    of_fear, of_reactance = c.terms[first:last, d, FEAR], c.terms[first:last, d, REACTANCE]
    of_stake, visible_harm = c.terms[first:last, d, STAKE], c.visible_harm[first:last]
    complies, unobserved = c.complies[first:last, d], c.complies_unobserved[first:last, d]
    alone, unchanged = c.complies_alone[first:last, d], c.complies_unchanged[first:last, d]
    at_start, surprise, pressure = (
        c.complies_at_start[first:last, d],
        c.surprise[first:last, d],
        c.pressure[first:last, d],
    )
    count, horizon, rationality = last - first, rates.horizon, rates.rationality
    private, by_itself = np.empty(count), np.empty(count)
    for k in range(count):
        stake = honest_stake(horizon * believed[k] * gained[k], fakeable, fake_cost)
        of_stake[k] = bonus[k] + (stake if has_stake & (score[k] == score[k]) else 0.0)
    for k in range(count):
        pressure[k] = of_image[k] + of_stake[k] + of_fear[k] + of_reactance[k]
        private[k] = of_conviction[k] + of_cost[k] + of_conformity[k]
        by_itself[k] = private[k] + ordinary[k]
    for k in range(count):
        by_itself[k] = choice_probability(by_itself[k], rationality)
    for k in range(count):
        complies[k] = private[k] + pressure[k] >= required[k]
        unobserved[k] = private[k] >= required[k]
    for k in range(count):
        as_before = conviction_term(before[k], weight)
        as_usual = conformity_term(conformity[k], expected[k])
        alone[k] = of_conviction[k] + of_cost[k] + as_usual >= required[k]
        unchanged[k] = as_before + of_cost[k] + as_usual >= required[k]
        at_start[k] = as_before + at_first + as_usual >= required[k]
    for k in range(count):
        act = 1.0 if private[k] + pressure[k] >= required[k] else 0.0
        external = justifying_pressure(act, of_image[k], ordinary[k], of_stake[k], of_fear[k], of_reactance[k])
        surprise[k] = (1 - justified(external, weight)) * (act - by_itself[k])
        visible_harm[k] += harm * seen[k] * (1 - act)


@compiled
def _act_loop(
    start: int,
    stop: int,
    c: Citizens,
    domains: Domains,
    now: Conditions,
    rates: CitizensSettings,
    consequence: ConsequenceSettings,
    image: ImageSettings,
    habit_weight: float,
    seed: Words,
    step: int,
) -> None:
    luck = batch_by_domain(len(domains.lanes))
    up, down, seen = np.empty(BATCH), np.empty(BATCH), np.empty(BATCH)
    rationality = rates.rationality
    for first in range(start, stop, BATCH):
        last = min(stop, first + BATCH)
        here, count = (first, last), last - first
        fill_by_domain(luck[:, :count], c.identity[first:last], step, ACT, seed)
        c.visible_harm[first:last] = 0.0
        for d in range(len(domains.lanes)):
            required = luck[d, :count]
            for k in range(count):
                required[k] = required_utility(required[k], rationality)
            _foresee(d, c, domains, now, consequence, here, seen)
            _expect(d, c, now, here, up, down)
            for k in range(count):
                up[k] -= down[k]
            _weigh(d, c, domains, now, rates, image, habit_weight, here, seen)
            _decide(d, c, domains, now, rates, here, required, seen, up)


def act(society: SocietyView) -> None:
    """Decide the five acts of every citizen in every domain from one draw, and keep the seven terms.

    `complies` follows from all terms. The others take one thing away after the other: `complies_unobserved` the terms
    that need an eye, `complies_alone` what others have come to do since the start, `complies_unchanged` what has become
    of the conviction, `complies_at_start` what has become of the costs. Before, `perceived_detection` follows from the
    chance to be recorded or reported.
    """
    rates = society.rates
    society.for_all(
        _act_loop,
        society.citizens,
        society.domains,
        society.conditions,
        rates,
        rates.consequence,
        rates.image,
        rates.habit.weight,
        society.seed,
        society.week,
    )


@compiled
def _stakes_loop(
    start: int, stop: int, c: Citizens, now: Conditions, domain: int, horizon: float, stakes: Floats
) -> None:
    up, down = np.empty(BATCH), np.empty(BATCH)
    for first in range(start, stop, BATCH):
        last = min(stop, first + BATCH)
        _expect(domain, c, now, (first, last), up, down)
        for i in range(first, last):
            gained = up[i - first] - down[i - first]
            stakes[i] = horizon * c.perceived_detection[i, domain] * gained if c.score[i] == c.score[i] else 0.0


def stakes_in(society: SocietyView, domain: int) -> Floats:
    """What is at stake in the score in a domain, in utility, before any faking; 0 without a score. Shape (N,)."""
    stakes = np.empty(len(society.citizens))
    horizon = society.rates.horizon
    society.for_all(_stakes_loop, society.citizens, society.conditions, domain, horizon, stakes)
    return stakes
