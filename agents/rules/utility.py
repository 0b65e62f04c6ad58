"""What complying is worth, term by term, and the chance of it: functions of one citizen."""

from __future__ import annotations

from math import isinf

import numpy as np

from ..arithmetic import exp, log
from ..columns import Floats
from ..compiled import compiled


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
def conformity_term(conformity: float, expectation: float) -> float:
    """What is usual, conformity · (2 · expectation − 1) (Brock & Durlauf 2001); it guides also who is alone.

    Cialdini's descriptive norm: `expectation` is the share of others believed to comply.
    """
    return conformity * (2 * expectation - 1)


@compiled
def projected_approval(approval: float, conviction: float, projection: float) -> float:
    """Approval that one acts on, (1 − projection) · approval + projection · conviction (social projection)."""
    return (1 - projection) * approval + projection * conviction


@compiled
def image_term(image_concern: float, seen: float, approval: float, fellows_loss: float) -> float:
    """What others think of one who complies, image_concern · seen · (2 · approval − 1 + fellows_loss).

    Bénabou & Tirole 2006. `seen` is the chance that someone whose opinion counts knows the act, `approval` the share
    believed to approve of complying, `fellows_loss` how far deviating costs those who see it; all in [0, 1].
    """
    return image_concern * seen * (2 * approval - 1 + fellows_loss)


@compiled
def fear_term(loss: float, detection: float, certainty: float, punished: float, punished_innocent: float) -> float:
    """What a sanction costs times how much likelier it is after deviating.

    loss · detection · certainty · max(0, φ₁ − φ₀), with the believed chances φ₁ that a known deviation and φ₀ that a
    complying act is sanctioned: errors of both kinds dilute deterrence (Becker 1968; Png 1986).
    """
    return loss * detection * certainty * max(0.0, punished - punished_innocent)


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
def known_chance(recorded: float, unreported: float) -> float:
    """Chance that an act becomes known to the authority, 1 − (1 − recorded) · unreported.

    By sensors with chance `recorded`, or by a report. `unreported` is exp(−q v k): each of k neighbours sees it at rate
    v, and reports it then with chance q, as one believes.
    """
    return 1 - (1 - recorded) * unreported


@compiled
def justified(external: float, weight: float) -> float:
    """How far an act is justified from outside, J = external / (external + weight), in [0, 1)."""
    return external / (external + weight) if external > 0 else 0.0


@compiled
def justifying_pressure(
    act: float, image: float, ordinary: float, stake: float, fear: float, reactance: float
) -> float:
    """What spoke from outside for the act done, in utility; everyday image is nothing to explain.

    max(0, image − ordinary) + max(0, stake) + fear where it complied (act 1), |reactance| + max(0, ordinary − image)
    where it deviated (act 0).
    """
    for_complying = max(0.0, image - ordinary) + max(0.0, stake) + fear
    for_deviating = abs(reactance) + max(0.0, ordinary - image)
    return act * for_complying + (1 - act) * for_deviating
