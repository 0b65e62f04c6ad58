"""Choosing, in every domain, whether to comply (phase `act`)."""

from __future__ import annotations

from math import exp, isinf, log
from typing import TYPE_CHECKING

import numpy as np

from ..chance import ACT, BATCH, batch_by_domain, fill_by_domain
from ..compiled import compiled
from ..sight import open_sight

if TYPE_CHECKING:
    from ...model.society import Society
    from ..citizens import Bits, Floats, Mask


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
def benefit(score: float, floors: Floats, widths: Floats, slopes: Floats) -> float:
    """Benefit of a score above that of the lowest tier: Σ slope · min(max(score − floor, 0), width) over the tiers.

    That is the benefit interpolated between tier floors, constant below the first and from the last on. `widths` are
    the distances to the next floor in points, `slopes` the benefits a point.
    """
    total = 0.0
    for k in range(len(floors)):
        total += slopes[k] * min(max(score - floors[k], 0.0), widths[k])
    return total


@compiled
def stake_term(score: float, gain: float, loss: float, floors: Floats, widths: Floats, slopes: Floats) -> float:
    """Perceived benefit of the score after complying minus after deviating, B(score + gain) − B(score − loss).

    `gain` and `loss` are the expected points: those of the scheme times the chance of being detected.
    """
    return benefit(score + gain, floors, widths, slopes) - benefit(score - loss, floors, widths, slopes)


@compiled
def honest_stake(stake: float, fakeable: float, fake_cost: float) -> float:
    """Stake in complying where the act can be faked: stake − fakeable · max(0, stake − fake_cost).

    With chance `fakeable` the sensors could be deceived, and then complying is worth no more than what faking costs.
    """
    return stake - fakeable * max(0.0, stake - fake_cost)


@compiled
def _act_loop(
    start: int,
    stop: int,
    lanes: tuple[int, ...],
    seed: Mask,
    step: int,
    rationality: float,
    conviction_weight: float,
    identity: Mask,
    conviction: Floats,
    initial_conviction: Floats,
    expectation: Floats,
    fear: Floats,
    watched: Floats,
    bonus: Floats,
    conformity: Floats,
    image_concern: Floats,
    reactance: Floats,
    hardship: Floats,
    online: Floats,
    reach: Floats,
    displayed: Floats,
    visibility: Floats,
    inside: Floats,
    fellows: Floats,
    regard: Floats,
    authority_trust: Floats,
    score: Floats,
    cost: Floats,
    pull: Floats,
    openness: Floats,
    sensitivity: Floats,
    sanction_loss: Floats,
    harm: Floats,
    raised: Floats,
    weight: Floats,
    group_sight: float,
    fakeable: Floats,
    fake_cost: float,
    gain: Floats,
    loss: Floats,
    floors: Floats,
    widths: Floats,
    slopes: Floats,
    terms: Floats,
    complies: Bits,
    complies_unobserved: Bits,
    complies_unchanged: Bits,
    visible_harm: Floats,
) -> None:
    luck = batch_by_domain(len(lanes))
    for first in range(start, stop, BATCH):
        last = min(stop, first + BATCH)
        fill_by_domain(luck[:, : last - first], identity[first:last], step, ACT, seed)
        # All logarithms first: their calls would empty the registers in the loop that follows.
        for d in range(len(lanes)):
            for k in range(last - first):
                luck[d, k] = required_utility(luck[d, k], rationality)
        for i in range(first, last):
            has_stake = len(floors) > 0 and not np.isnan(score[i])
            harmful = 0.0
            for d in range(len(lanes)):
                required = luck[d, i - first]
                o = reach[i] * watched[i, d]
                seen = open_sight(openness[d], raised[d], visibility[i], group_sight, inside[i], fellows[i])
                a = conviction_term(conviction[i, d], conviction_weight)
                b = cost_term(cost[d] + online[i] * pull[d], hardship[i])
                c = conformity_term(conformity[i], seen, expectation[i, d])
                e = image_term(image_concern[i], visibility[i], weight[d], o, regard[i])
                f = bonus[i, d]
                if has_stake:
                    stake = stake_term(score[i], gain[d] * o, loss[d] * o, floors, widths, slopes)
                    f += honest_stake(stake, fakeable[d], fake_cost)
                g = fear_term(sanction_loss[d], fear[i, d])
                known = 1 - (1 - o) * (1 - displayed[i])
                h = reactance_term(reactance[i], sensitivity[d] * known, authority_trust[i])
                row = terms[i, d]
                row[0], row[1], row[2], row[3], row[4], row[5], row[6] = a, b, c, e, f, g, h
                complies[i, d] = a + b + c + e + f + g + h >= required
                complies_unobserved[i, d] = a + b >= required
                complies_unchanged[i, d] = conviction_term(initial_conviction[i, d], conviction_weight) + b >= required
                harmful += harm[d] * seen * (1 - complies[i, d])
            visible_harm[i] = harmful


def act(society: Society) -> None:
    """Decide the three acts of every citizen in every domain from one draw, and keep the seven terms.

    `complies` follows from all terms, `complies_unobserved` from conviction and cost alone, and `complies_unchanged`
    from these at the initial conviction.
    """
    c, domains, now, rates = society.citizens, society.domains, society.conditions, society.plan.citizens
    floors, widths, slopes = now.promised
    slopes = now.own * now.paid * slopes
    if now.shame[2] > 0:
        floors, widths = np.append(floors, now.shame[0]), np.append(widths, now.shame[1])
        slopes = np.append(slopes, now.own * now.shame[2])
    society.for_all(
        _act_loop,
        domains.lanes,
        society.seed,
        society.week,
        rates.rationality,
        rates.conviction_weight,
        c.identity,
        c.conviction,
        c.initial_conviction,
        c.expectation,
        c.fear,
        c.watched,
        c.bonus,
        c.conformity,
        c.image_concern,
        c.reactance,
        c.hardship,
        c.online,
        c.reach,
        c.displayed,
        c.visibility,
        c.inside,
        c.fellows,
        c.regard,
        c.authority_trust,
        c.score,
        domains.cost,
        now.pull,
        domains.openness,
        domains.sensitivity,
        domains.loss,
        domains.harm,
        now.weight * (1 - domains.openness),
        now.weight,
        now.group_sight,
        now.fakeable,
        now.fake_cost,
        now.gain,
        now.loss,
        floors,
        widths,
        slopes,
        c.terms,
        c.complies,
        c.complies_unobserved,
        c.complies_unchanged,
        c.visible_harm,
    )
