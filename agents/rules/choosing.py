"""Choosing, in every domain, whether to comply (phase `act`)."""

from __future__ import annotations

from math import isinf

import numpy as np

from ..arithmetic import exp, log
from ..chance import ACT, BATCH, Words, batch_by_domain, fill_by_domain
from ..citizens import CONFORMITY, CONVICTION, COST, FEAR, IMAGE, REACTANCE, STAKE, Citizens
from ..columns import Floats
from ..compiled import compiled
from ..conditions import Conditions
from ..settings import CitizensSettings
from ..sight import open_sight
from ..view import Domains, SocietyView


@compiled
def choice_probability(utility: float, rationality: float) -> float:
    """Probability of complying, 1 / (1 + exp(−rationality · utility)).

    Logit choice (Brock & Durlauf 2001). Infinite rationality is deterministic, ties comply.
    """
    if isinf(rationality):
        return 1.0 if utility >= 0 else 0.0
    return 1 / (1 + exp(-rationality * utility))


@compiled
def choice_probabilities(utilities: Floats, rationality: float) -> Floats:
    """`choice_probability` for each of several utilities."""
    chances = np.empty(len(utilities))
    for k in range(len(utilities)):
        chances[k] = choice_probability(utilities[k], rationality)
    return chances


@compiled
def required_utility(draw: float, rationality: float) -> float:
    """Utility from which a citizen with this `draw` in (0, 1) complies: log(draw / (1 − draw)) / rationality.

    The logit choice as a random-utility model: utility ≥ required_utility exactly when
    choice_probability(utility) ≥ draw. One draw so decides the act under any utility.
    """
    if isinf(rationality):
        return 0.0
    return log(draw / (1 - draw)) / rationality


@compiled
def conviction_term(conviction: float, weight: float) -> float:
    """Personal norm: weight · (2 · conviction − 1) (Gavrilets 2021). Indifference, 0.5, weighs nothing."""
    return weight * (2 * conviction - 1)


@compiled
def cost_term(cost: float, hardship: float) -> float:
    """What complying costs, −cost − hardship · |cost|; it is harder for those barred from services.

    For a cost above 0 that is −cost · (1 + hardship); where complying is a pleasure, hardship takes from it.
    """
    return -cost - hardship * abs(cost)


@compiled
def conformity_term(conformity: float, seen: float, expectation: float) -> float:
    """Others' behaviour, conformity · seen · (2 · expectation − 1) (Brock & Durlauf 2001).

    `seen` in [0, 1] is how openly the own act shows.
    """
    return conformity * seen * (2 * expectation - 1)


@compiled
def image_term(image_concern: float, visibility: float, weight: float, watched: float, regard: float) -> float:
    """Image of a high score, image_concern · visibility · weight · watched · regard (Bénabou & Tirole 2006).

    `regard` in [−1, 1]: where the authority is despised, its praise shames.
    """
    return image_concern * visibility * weight * watched * regard


@compiled
def fear_term(loss: float, fear: float) -> float:
    """Perceptual deterrence, loss · fear: what a sanction costs times its perceived chance."""
    return loss * fear


@compiled
def reactance_term(reactance: float, intrusion: float, trust: float) -> float:
    """Resentment at being watched, −reactance · intrusion · (1 − trust in the authority) (Brehm 1966)."""
    return -reactance * intrusion * (1 - trust)


@compiled
def honest_stake(stake: float, fakeable: float, fake_cost: float) -> float:
    """Stake in complying where the act can be faked: stake − fakeable · max(0, stake − fake_cost).

    With chance `fakeable` the sensors could be deceived, and then complying is worth no more than what faking costs.
    """
    return stake - fakeable * max(0.0, stake - fake_cost)


@compiled
def _expect(d: int, c: Citizens, now: Conditions, here: tuple[int, int], up: Floats, down: Floats) -> None:
    """Fill `up` and `down` with the benefits expected of the score after complying and after deviating in domain d.

    B(score + gain · sensed) and B(score − loss · sensed), where `sensed` is the chance of being detected and B the
    benefit perceived of a score, Σ slope · min(max(score − floor, 0), width): that of the tiers, interpolated between
    their floors, constant below the first and from the last on. For citizens from here[0] to, not including, here[1];
    what it comes to for who has no score is without meaning.
    """
    first, last = here
    score, reach, watched = c.score[first:last], c.reach[first:last], c.watched[first:last, d]
    gain, loss = now.gain[d], now.loss[d]
    count = last - first
    for k in range(count):
        up[k] = 0.0
        down[k] = 0.0
    # Ramp by ramp, so that the compiler can work on several citizens at once.
    for ramp in range(len(now.felt_floors)):
        floor, width, slope = now.felt_floors[ramp], now.felt_widths[ramp], now.felt_slopes[ramp]
        for k in range(count):
            sensed = reach[k] * watched[k]
            up[k] += slope * min(max(score[k] + gain * sensed - floor, 0.0), width)
            down[k] += slope * min(max(score[k] - loss * sensed - floor, 0.0), width)


@compiled
def _weigh(d: int, c: Citizens, domains: Domains, now: Conditions, weight: float, here: tuple[int, int]) -> None:
    """Fill the terms of domain d, but for the stake."""
    first, last = here
    cost, openness = domains.cost[d], domains.openness[d]
    sensitivity, sanction_loss = domains.sensitivity[d], domains.loss[d]
    share, pull, group_sight = now.weight[d], now.pull[d], now.group_sight
    raised = share * (1 - openness)
    conviction, expectation, fear = c.conviction[first:last, d], c.expectation[first:last, d], c.fear[first:last, d]
    watched, reach, displayed = c.watched[first:last, d], c.reach[first:last], c.displayed[first:last]
    online, hardship, visibility = c.online[first:last], c.hardship[first:last], c.visibility[first:last]
    inside, fellows, conformity = c.inside[first:last], c.fellows[first:last], c.conformity[first:last]
    image_concern, regard, reactance = c.image_concern[first:last], c.regard[first:last], c.reactance[first:last]
    trust = c.authority_trust[first:last]
    of_conviction, of_cost = c.terms[first:last, d, CONVICTION], c.terms[first:last, d, COST]
    of_conformity, of_image = c.terms[first:last, d, CONFORMITY], c.terms[first:last, d, IMAGE]
    of_fear, of_reactance = c.terms[first:last, d, FEAR], c.terms[first:last, d, REACTANCE]
    for k in range(last - first):
        sensed = reach[k] * watched[k]
        seen = open_sight(openness, raised, visibility[k], group_sight, inside[k], fellows[k])
        known = 1 - (1 - sensed) * (1 - displayed[k])
        of_conviction[k] = conviction_term(conviction[k], weight)
        of_cost[k] = cost_term(cost + online[k] * pull, hardship[k])
        of_conformity[k] = conformity_term(conformity[k], seen, expectation[k])
        of_image[k] = image_term(image_concern[k], visibility[k], share, sensed, regard[k])
        of_fear[k] = fear_term(sanction_loss, fear[k])
        of_reactance[k] = reactance_term(reactance[k], sensitivity * known, trust[k])


@compiled
def _decide(
    d: int,
    c: Citizens,
    domains: Domains,
    now: Conditions,
    weight: float,
    here: tuple[int, int],
    required: Floats,
    up: Floats,
    down: Floats,
) -> None:
    """Fill the stake and the three acts in domain d, and add to `visible_harm` what is seen of deviating."""
    first, last = here
    fakeable, fake_cost, has_stake = now.fakeable[d], now.fake_cost, len(now.felt_floors) > 0
    harm, openness, group_sight = domains.harm[d], domains.openness[d], now.group_sight
    raised = now.weight[d] * (1 - openness)
    score, bonus, before = c.score[first:last], c.bonus[first:last, d], c.initial_conviction[first:last, d]
    visibility, inside, fellows = c.visibility[first:last], c.inside[first:last], c.fellows[first:last]
    of_conviction, of_cost = c.terms[first:last, d, CONVICTION], c.terms[first:last, d, COST]
    of_conformity, of_image = c.terms[first:last, d, CONFORMITY], c.terms[first:last, d, IMAGE]
    of_fear, of_reactance = c.terms[first:last, d, FEAR], c.terms[first:last, d, REACTANCE]
    of_stake, visible_harm = c.terms[first:last, d, STAKE], c.visible_harm[first:last]
    complies, unobserved = c.complies[first:last, d], c.complies_unobserved[first:last, d]
    unchanged = c.complies_unchanged[first:last, d]
    for k in range(last - first):
        stake = honest_stake(up[k] - down[k], fakeable, fake_cost)
        of_stake[k] = bonus[k] + (stake if has_stake and score[k] == score[k] else 0.0)
        private = of_conviction[k] + of_cost[k]
        utility = private + of_conformity[k] + of_image[k] + of_stake[k] + of_fear[k] + of_reactance[k]
        complies[k] = utility >= required[k]
        unobserved[k] = private >= required[k]
        unchanged[k] = conviction_term(before[k], weight) + of_cost[k] >= required[k]
        seen = open_sight(openness, raised, visibility[k], group_sight, inside[k], fellows[k])
        visible_harm[k] += harm * seen * (0.0 if utility >= required[k] else 1.0)


@compiled
def _act_loop(
    start: int,
    stop: int,
    c: Citizens,
    domains: Domains,
    now: Conditions,
    rates: CitizensSettings,
    seed: Words,
    step: int,
) -> None:
    luck = batch_by_domain(len(domains.lanes))
    up, down = np.empty(BATCH), np.empty(BATCH)
    rationality, weight = rates.rationality, rates.conviction_weight
    for first in range(start, stop, BATCH):
        last = min(stop, first + BATCH)
        count = last - first
        fill_by_domain(luck[:, :count], c.identity[first:last], step, ACT, seed)
        c.visible_harm[first:last] = 0.0
        for d in range(len(domains.lanes)):
            required = luck[d, :count]
            for k in range(count):
                required[k] = required_utility(required[k], rationality)
            _expect(d, c, now, (first, last), up, down)
            _weigh(d, c, domains, now, weight, (first, last))
            _decide(d, c, domains, now, weight, (first, last), required, up, down)


def act(society: SocietyView) -> None:
    """Decide the three acts of every citizen in every domain from one draw, and keep the seven terms.

    `complies` follows from all terms, `complies_unobserved` from conviction and cost alone, and `complies_unchanged`
    from these at the initial conviction.
    """
    society.for_all(
        _act_loop,
        society.citizens,
        society.domains,
        society.conditions,
        society.rates,
        society.seed,
        society.week,
    )
