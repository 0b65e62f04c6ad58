"""Witnessing neighbours' deviations, and reporting them (phase `watch`)."""

from __future__ import annotations

from math import isinf
from typing import NamedTuple

import numpy as np

from ..arithmetic import exp
from ..chance import BATCH, REPORT, Words, fill_by_pair
from ..citizens import Citizens
from ..columns import Floats
from ..compiled import compiled
from ..conditions import Conditions
from ..rates import ReportSettings
from ..sight import fellow_sight
from ..view import Domains, SocietyView, Ties
from .utility import choice_probability


class Motives(NamedTuple):
    """What moves citizens to report, in utility."""

    outrage: float
    legitimacy: float
    need: float
    loyalty: float
    hassle: float


@compiled
def motives_of(rates: ReportSettings) -> Motives:
    """The weights among the settings of reporting."""
    return Motives(rates.outrage, rates.legitimacy, rates.need, rates.loyalty, rates.hassle)


@compiled
def report_utility(
    motives: Motives,
    reward: float,
    conviction: float,
    authority_trust: float,
    closeness: float,
    trust: float,
    shared_loss: float,
) -> float:
    """Utility of reporting a witnessed deviation.

    reward + outrage · conviction + legitimacy · (2 · authority_trust − 1) + need · closeness − loyalty · trust − hassle
    + shared_loss, in utility: what the deviation of a fellow member of the group costs the witness, else 0.

    `conviction`, `authority_trust` and `closeness` (of the own score to a threshold) are the witness's, `trust` is its
    trust in the neighbour; all in [0, 1]. To denounce out of need is false enforcement (Centola, Willer & Macy 2005).
    """
    outrage, legitimacy, need, loyalty, hassle = motives
    own = reward + outrage * conviction + legitimacy * (2 * authority_trust - 1) + need * closeness
    return own - loyalty * trust - hassle + shared_loss


@compiled
def false_report_probability(rate: float, reward: float, trust: float, rationality: float) -> float:
    """Weekly chance of reporting a neighbour for nothing: rate · exp(β · reward) · (1 − trust), at most 1.

    Where rationality β is infinite the reward counts as at β = 1.
    """
    steepness = 1.0 if isinf(rationality) else rationality
    return min(1.0, rate * exp(steepness * reward) * (1 - trust))


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
def smallest(values: Floats) -> float:
    """The smallest of some shares; 1 without any."""
    least = also = 1.0
    for pair in range(len(values) // 2):
        least = min(least, values[2 * pair])
        also = min(also, values[2 * pair + 1])
    if len(values) % 2:
        least = min(least, values[len(values) - 1])
    return min(least, also)


@compiled
def _zeal_loop(
    start: int,
    stop: int,
    c: Citizens,
    ties: Ties,
    domains: Domains,
    now: Conditions,
    rates: ReportSettings,
    rationality: float,
    zeal: Floats,
) -> None:
    # The largest chance that a citizen reports any neighbour, for a deviation it has witnessed.
    strongest, least = np.empty(BATCH), np.empty(BATCH)
    for first in range(start, stop, BATCH):
        last = min(stop, first + BATCH)
        strongest[:] = 0.0
        for d in range(len(domains.lanes)):
            conviction = c.conviction[first:last, d]
            for k in range(last - first):
                strongest[k] = max(strongest[k], conviction[k])
        for i in range(first, last):
            least[i - first] = smallest(ties.trust[ties.indptr[i] : ties.indptr[i + 1]])
        authority_trust, closeness = c.authority_trust[first:last], c.closeness[first:last]
        shared_loss, can_report, chances = c.shared_loss[first:last], c.can_report[first:last], zeal[first:last]
        reward, motives = now.reward, motives_of(rates)
        for k in range(last - first):
            utility = report_utility(
                motives, reward, strongest[k], authority_trust[k], closeness[k], least[k], shared_loss[k]
            )
            chances[k] = can_report[k] * choice_probability(utility, rationality)


@compiled
def _offend(
    c: Citizens, domains: Domains, now: Conditions, first: int, last: int, fellowship: bool, offences: Floats
) -> None:
    """Fill `offences` with the most that any neighbour can witness of each citizen's deviations, added up."""
    offences[:] = 0.0
    visibility, inside = c.visibility[first:last], c.inside[first:last]
    for d in range(len(domains.lanes)):
        openness, complies = domains.openness[d], c.complies[first:last, d]
        offence = 1.0 if domains.offences >> d & 1 else 0.0
        raised = now.weight[d] * (1 - openness)
        for k in range(last - first):
            witnessed = openness + visibility[k] * raised
            if fellowship:
                witnessed = fellow_sight(openness, raised, visibility[k], now.group_sight, inside[k])
            offences[k] += offence * (1 - complies[k]) * witnessed


@compiled
def _report_truly(
    i: int,
    j: int,
    t: int,
    rest: float,
    c: Citizens,
    ties: Ties,
    domains: Domains,
    now: Conditions,
    rates: ReportSettings,
    rationality: float,
    fellowship: bool,
) -> float:
    """Let neighbour j report what it witnessed of citizen i; return the draw, stretched to be uniform again."""
    fellow = fellowship and c.group[i] == c.group[j]
    shared = c.shared_loss[j] if fellow else 0.0
    trust = ties.trust[ties.reverse[t]]
    for d in range(len(domains.lanes)):
        if not domains.offences >> d & 1 or c.complies[i, d]:
            continue
        utility = report_utility(
            motives_of(rates), now.reward, c.conviction[j, d], c.authority_trust[j], c.closeness[j], trust, shared
        )
        openness = domains.openness[d]
        raised = now.weight[d] * (1 - openness)
        witnessed = openness + c.visibility[i] * raised
        if fellow:
            witnessed = fellow_sight(openness, raised, c.visibility[i], now.group_sight, c.inside[i])
        p = witnessed * choice_probability(utility, rationality)
        if rest < p:
            c.reported[i] |= np.uint32(1 << d)
            c.reports_against[i] += 1
            ties.accusations[t] += 1
            rest /= p
        else:
            rest = (rest - p) / (1 - p)
    return rest


@compiled
def _report_falsely(i: int, t: int, rest: float, p: float, c: Citizens, ties: Ties, domains: Domains) -> None:
    """Let a neighbour report, with chance p, what citizen i did not do, in a domain of offences drawn evenly."""
    innocent = 0
    innocents = 0
    for d in range(len(domains.lanes)):
        if domains.offences >> d & 1 and c.complies[i, d]:
            innocent |= 1 << d
            innocents += 1
    if innocents > 0 and rest > 1 - p:
        choice = min(int((1 - rest) / p * innocents), innocents - 1)
        c.denounced[i] |= np.uint32(1 << nth_member(innocent, choice))
        c.reports_against[i] += 1
        c.false_against[i] += 1
        ties.accusations[t] += 1


@compiled
def _report_loop(
    start: int,
    stop: int,
    c: Citizens,
    ties: Ties,
    domains: Domains,
    now: Conditions,
    rates: ReportSettings,
    rationality: float,
    chance: tuple[Words, int],
    fellowship: bool,
    zeal: Floats,
) -> None:
    seed, step = chance
    indptr, neighbours = ties.indptr, ties.neighbours
    truthful = 1 - false_report_probability(rates.false_rate, now.reward, 0.0, rationality)
    offence = np.empty(BATCH)
    for first in range(start, stop, BATCH):
        last = min(stop, first + BATCH)
        here = slice(indptr[first], indptr[last])
        base = indptr[first]
        luck, most = np.empty(indptr[last] - base), np.empty(indptr[last] - base)
        near, moves = neighbours[here], np.empty(indptr[last] - base, np.bool_)
        fill_by_pair(luck, ties.who[here], ties.whom[here], step, REPORT, seed)
        _offend(c, domains, now, first, last, fellowship, offence)
        for i in range(first, last):
            for t in range(indptr[i] - base, indptr[i + 1] - base):
                most[t] = offence[i - first]
        # One draw decides it all: after each decision it is stretched to be uniform again. Most draws lie between the
        # largest chances of a true report and of a false one, and nothing need be worked out.
        for t in range(len(luck)):
            moves[t] = (luck[t] < most[t] * zeal[near[t]]) | (luck[t] >= truthful)
        for i in range(first, last):
            for t in range(indptr[i], indptr[i + 1]):
                j = neighbours[t]
                if moves[t - base] and c.can_report[j]:
                    rest = float(luck[t - base])
                    p = false_report_probability(rates.false_rate, now.reward, ties.trust[ties.reverse[t]], rationality)
                    # Stretching makes a draw no larger: one below 1 − p leads to no false report.
                    if most[t - base] * zeal[j] <= rest <= 1 - p:
                        continue
                    rest = _report_truly(i, j, t, rest, c, ties, domains, now, rates, rationality, fellowship)
                    _report_falsely(i, t, rest, p, c, ties, domains)


def report(society: SocietyView) -> None:
    """Let every neighbour j of every citizen i report what it saw of i, or what it did not.

    j witnesses i's deviation where it can be an offence at rate v (as in `perceive`) and reports it with the logit
    probability of `report_utility`; against a neighbour who complied it makes a false report with
    `false_report_probability`, in one of the domains drawn evenly. Without a hotline nobody reports.
    """
    c, ties, domains, now = society.citizens, society.ties, society.domains, society.conditions
    rationality, rates = society.rates.rationality, society.rates.report
    ties.accusations.fill(0)
    if not now.hotline:
        return
    zeal = np.empty(len(c))
    society.for_all(_zeal_loop, c, ties, domains, now, rates, rationality, zeal)
    chance, fellowship = (society.seed, society.week), bool(c.fellows.any())
    society.for_all(_report_loop, c, ties, domains, now, rates, rationality, chance, fellowship, zeal)
