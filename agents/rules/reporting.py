"""Reporting neighbours, rightly and falsely (phase `watch`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..chance import BATCH, REPORT, fill_by_pair
from ..compiled import compiled
from ..sight import fellow_sight
from .choosing import choice_probability

if TYPE_CHECKING:
    from ...model.society import Society
    from ..citizens import Bits, Floats, Ints, Mask, Rows


Weights = tuple[float, float, float, float, float, float]
"""Reward of the hotline, then the citizens' outrage, legitimacy, need, loyalty and hassle; all in utility."""


@compiled
def report_utility(
    weights: Weights, conviction: float, authority_trust: float, closeness: float, trust: float, shared_loss: float
) -> float:
    """Utility of reporting a witnessed deviation.

    reward + outrage · conviction + legitimacy · (2 · authority_trust − 1) + need · closeness − loyalty · trust − hassle
    + shared_loss, in utility: what the deviation of a fellow member of the group costs the witness, else 0.

    `conviction`, `authority_trust` and `closeness` (of the own score to a threshold) are the witness's, `trust` is its
    trust in the neighbour; all in [0, 1]. To denounce out of need is false enforcement (Centola, Willer & Macy 2005).
    """
    reward, outrage, legitimacy, need, loyalty, hassle = weights
    own = reward + outrage * conviction + legitimacy * (2 * authority_trust - 1) + need * closeness
    return own - loyalty * trust - hassle + shared_loss


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
def _zeal_loop(
    start: int,
    stop: int,
    lanes: tuple[int, ...],
    rationality: float,
    weights: Weights,
    indptr: Ints,
    trust: Floats,
    can_report: Bits,
    conviction: Floats,
    authority_trust: Floats,
    closeness: Floats,
    shared_loss: Floats,
    zeal: Floats,
) -> None:
    # The largest chance that a citizen reports any neighbour, for a deviation it has witnessed.
    for i in range(start, stop):
        strongest = 0.0
        for d in range(len(lanes)):
            strongest = max(strongest, conviction[i, d])
        least = 1.0
        for t in range(indptr[i], indptr[i + 1]):
            least = min(least, trust[t])
        utility = report_utility(weights, strongest, authority_trust[i], closeness[i], least, shared_loss[i])
        zeal[i] = can_report[i] * choice_probability(utility, rationality)


@compiled
def _report_loop(
    start: int,
    stop: int,
    lanes: tuple[int, ...],
    seed: Mask,
    step: int,
    rationality: float,
    weights: Weights,
    false_rate: float,
    indptr: Ints,
    who: Mask,
    whom: Mask,
    neighbours: Rows,
    reverse: Rows,
    trust: Floats,
    can_report: Bits,
    zeal: Floats,
    complies: Bits,
    conviction: Floats,
    visibility: Floats,
    authority_trust: Floats,
    closeness: Floats,
    fellowship: bool,
    group_sight: float,
    group: Ints,
    inside: Floats,
    shared_loss: Floats,
    openness: Floats,
    raised: Floats,
    scored: Bits,
    reported: Mask,
    denounced: Mask,
    reports_against: Ints,
    false_against: Ints,
    accusations: Bits,
) -> None:
    most_false = false_report_probability(false_rate, weights[0], 0.0)
    for first in range(start, stop, BATCH):
        last = min(stop, first + BATCH)
        here = slice(indptr[first], indptr[last])
        luck = np.empty(indptr[last] - indptr[first])
        fill_by_pair(luck, who[here], whom[here], step, REPORT, seed)
        for i in range(first, last):
            offence = 0.0
            for d in range(len(lanes)):
                witnessed = openness[d] + visibility[i] * raised[d]
                if fellowship:
                    witnessed = fellow_sight(openness[d], raised[d], visibility[i], group_sight, inside[i])
                offence += scored[d] * (1 - complies[i, d]) * witnessed
            for t in range(indptr[i], indptr[i + 1]):
                # One draw decides it all: after each decision it is stretched to be uniform again. Most draws lie
                # between the largest chances of a true report and of a false one, and nothing need be worked out.
                rest = luck[t - indptr[first]]
                j = neighbours[t]
                if offence * zeal[j] <= rest < 1 - most_false or not can_report[j]:
                    continue
                trust_ji = trust[reverse[t]]
                fellow = fellowship and group[i] == group[j]
                shared = shared_loss[j] if fellow else 0.0
                for d in range(len(lanes)):
                    if not scored[d] or complies[i, d]:
                        continue
                    utility = report_utility(
                        weights, conviction[j, d], authority_trust[j], closeness[j], trust_ji, shared
                    )
                    witnessed = openness[d] + visibility[i] * raised[d]
                    if fellow:
                        witnessed = fellow_sight(openness[d], raised[d], visibility[i], group_sight, inside[i])
                    p = witnessed * choice_probability(utility, rationality)
                    if rest < p:
                        reported[i] |= np.uint32(1 << d)
                        reports_against[i] += 1
                        accusations[t] += 1
                        rest /= p
                    else:
                        rest = (rest - p) / (1 - p)
                p = false_report_probability(false_rate, weights[0], trust_ji)
                innocent = 0
                innocents = 0
                for d in range(len(lanes)):
                    if scored[d] and complies[i, d]:
                        innocent |= 1 << d
                        innocents += 1
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
    rates = society.plan.citizens.report
    for events in (c.reports_against, c.false_against, c.stranger_reports, society.ties.accusations):
        events[:] = 0
    if not now.hotline:
        return
    zeal = np.empty(len(c))
    weights = (now.reward, rates.outrage, rates.legitimacy, rates.need, rates.loyalty, rates.hassle)
    society.for_all(
        _zeal_loop,
        domains.lanes,
        society.plan.citizens.rationality,
        weights,
        society.ties.indptr,
        society.ties.trust,
        c.can_report,
        c.conviction,
        c.authority_trust,
        c.closeness,
        c.shared_loss,
        zeal,
    )
    society.for_all(
        _report_loop,
        domains.lanes,
        society.seed,
        society.week,
        society.plan.citizens.rationality,
        weights,
        rates.false_rate,
        society.ties.indptr,
        society.ties.who,
        society.ties.whom,
        society.ties.neighbours,
        society.ties.reverse,
        society.ties.trust,
        c.can_report,
        zeal,
        c.complies,
        c.conviction,
        c.visibility,
        c.authority_trust,
        c.closeness,
        bool(c.fellows.any()),
        now.group_sight,
        c.group,
        c.inside,
        c.shared_loss,
        domains.openness,
        now.weight * (1 - domains.openness),
        domains.scored,
        c.reported,
        c.denounced,
        c.reports_against,
        c.false_against,
        society.ties.accusations,
    )
