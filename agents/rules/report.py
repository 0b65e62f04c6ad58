"""Reporting neighbours, rightly and falsely (phase `watch`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..chance import REPORT, uniform
from ..compiled import compiled
from .act import choice_probability

if TYPE_CHECKING:
    from ...model.society import Society
    from ..citizens import Bits, Floats, Ints, Mask


@compiled
def report_utility(
    reward: float, outrage: float, legitimacy: float, need: float, loyalty: float, hassle: float
) -> float:
    """Utility of reporting a witnessed deviation: reward + outrage + legitimacy + need − loyalty − hassle.

    Each argument is the weight times what it weighs: outrage · own conviction, legitimacy · (2 · trust in the
    authority − 1), need · closeness of the own score to a threshold, loyalty · trust in the neighbour. To denounce out
    of need is false enforcement (Centola, Willer & Macy 2005).
    """
    return reward + outrage + legitimacy + need - loyalty - hassle


@compiled
def false_report_probability(rate: float, reward: float, trust: float) -> float:
    """Weekly chance of reporting a neighbour for nothing: rate · (1 + reward) · (1 − trust), at most 1."""
    return min(1.0, rate * (1 + reward) * (1 - trust))


@compiled
def nth_member(members: int, n: int) -> int:
    """The n-th domain (from 0) of a set of domains."""
    d = 0
    while True:
        if members >> d & 1:
            if n == 0:
                return d
            n -= 1
        d += 1


@compiled
def _report_loop(
    start: int,
    stop: int,
    seed: Mask,
    step: int,
    rationality: float,
    reward: float,
    outrage: float,
    legitimacy: float,
    need: float,
    loyalty: float,
    hassle: float,
    false_rate: float,
    indptr: Ints,
    neighbours: Mask,
    reverse: Mask,
    trust: Floats,
    identity: Mask,
    can_report: Bits,
    complies: Bits,
    conviction: Floats,
    visibility: Floats,
    authority_trust: Floats,
    closeness: Floats,
    openness: Floats,
    raised: Floats,
    scored: Bits,
    reported: Mask,
    denounced: Mask,
    reports_against: Ints,
    false_against: Ints,
    accusations: Bits,
) -> None:
    domains = complies.shape[1]
    most_false = false_report_probability(false_rate, reward, 0.0)
    for i in range(start, stop):
        innocent = 0
        innocents = 0
        unseen = 1.0
        for d in range(domains):
            if scored[d]:
                if complies[i, d]:
                    innocent |= 1 << d
                    innocents += 1
                else:
                    unseen *= 1 - (openness[d] + visibility[i] * raised[d])
        for t in range(indptr[i], indptr[i + 1]):
            j = neighbours[t]
            draw = uniform(np.uint64(identity[i]), np.uint64(identity[j]), np.uint64(step), REPORT, seed)
            if 1 - unseen <= draw < 1 - most_false or not can_report[j]:
                continue
            trust_ji = trust[reverse[t]]
            # One draw decides for all domains in turn: after each it is uniform again, given what was decided.
            rest = draw
            for d in range(domains):
                if scored[d] and not complies[i, d]:
                    utility = report_utility(
                        reward,
                        outrage * conviction[j, d],
                        legitimacy * (2 * authority_trust[j] - 1),
                        need * closeness[j],
                        loyalty * trust_ji,
                        hassle,
                    )
                    witnessed = openness[d] + visibility[i] * raised[d]
                    p = witnessed * choice_probability(utility, rationality)
                    if rest < p:
                        reported[i] |= np.uint32(1 << d)
                        reports_against[i] += 1
                        accusations[t] += 1
                        rest /= p
                    else:
                        rest = (rest - p) / (1 - p) if p < 1 else 0.0
            p = false_report_probability(false_rate, reward, trust_ji)
            if innocents > 0 and rest > 1 - p:
                choice = min(int((1 - rest) / p * innocents), innocents - 1)
                denounced[i] |= np.uint32(1 << nth_member(innocent, choice))
                reports_against[i] += 1
                false_against[i] += 1
                accusations[t] += 1


def report(society: Society) -> None:
    """Let every neighbour j of every citizen i report what it saw of i, or what it did not.

    j witnesses i's deviation in a scored domain at rate v (as in `perceive`) and reports it with the logit
    probability of `report_utility`; against a neighbour who complied it makes a false report with
    `false_report_probability`, in one of the domains drawn evenly. Without a hotline nobody reports.
    """
    c, domains, now = society.citizens, society.domains, society.conditions
    rates = society.scenario.citizens.report
    c.reports_against[:] = 0
    c.false_against[:] = 0
    society.ties.accusations[:] = 0
    if not now.hotline:
        return
    society.for_all(
        _report_loop,
        society.seed,
        society.week,
        society.scenario.citizens.rationality,
        now.reward,
        rates.outrage,
        rates.legitimacy,
        rates.need,
        rates.loyalty,
        rates.hassle,
        rates.false_rate,
        society.ties.indptr,
        society.ties.neighbours,
        society.ties.reverse,
        society.ties.trust,
        c.identity,
        c.can_report,
        c.complies,
        c.conviction,
        c.visibility,
        c.authority_trust,
        c.closeness,
        domains.openness,
        now.weight * (1 - domains.openness),
        domains.scored,
        c.reported,
        c.denounced,
        c.reports_against,
        c.false_against,
        society.ties.accusations,
    )
