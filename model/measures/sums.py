"""The week in sums: everything that measures take from citizens, in one pass over them.

Sums are made by blocks of rows, in an order that depends neither on the number of threads nor on the processor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...agents.arithmetic import exp
from ...agents.chance import BATCH
from ...agents.citizens import Citizens, Lists
from ...agents.columns import Floats
from ...agents.compiled import compiled
from ...agents.conditions import Conditions
from ...agents.rules.exchanging import ASSURED_DEAL, NEIGHBOUR_DEAL, NEIGHBOUR_FRAUD, STRANGER_DEAL, STRANGER_FRAUD
from ...agents.sight import escaping, open_sight
from ...agents.view import Domains, SocietyView, Ties

(
    PUBLIC,
    UNOBSERVED,
    ALONE,
    UNCHANGED,
    AT_START,
    CONVICTION,
    SQUARE,
    APPROVAL,
    APPROVING,
    HEARD,
    KNOWN,
) = range(11)
"""Rows of `Sums.by_domain`."""

ROWS = 11
(
    ANYONE,
    AUTHORITY,
    PEERS,
    FIRMS,
    STRANGERS,
    DISCLOSED,
    TRUST,
    TIED,
    AWAY,
    SANCTIONED,
    WRONGFUL,
    RESTORED,
    REPORTS,
    FALSE_REPORTS,
    DEALS,
    FRAUDS,
    STRANGER_DEALS,
    SCORED,
    SCORE,
    SCORE_SQUARE,
    ASSENT,
    ASSENT_SQUARE,
    ASSENT_SCORE,
    PRIVATE,
    PRIVATE_SQUARE,
    PRIVATE_SCORE,
    WEALTH,
    WEALTH_SQUARE,
    WEALTH_SCORE,
    LEAVING,
    PEOPLE,
    ASSURED,
    RECORDS,
) = range(33)
"""Places in `Sums.of`."""

NUMBERS = 33

EMIGRATED = np.uint32(Lists.EMIGRATED)

TIE_TRUST, STRONG_TRUST, PAIRS, NEAR, NEAR_SQUARE, NEAR_PRODUCT = range(6)
"""Places in `Sums.ties`."""


@dataclass(frozen=True)
class Sums:
    """Sums over the citizens of one week.

    Attributes
    ----------
    count
        Citizens.
    by_domain
        Shape (11, D): of the five acts, of conviction and its square, of approval, of the approval of those with ties,
        of conviction weighted by how much it is heard, and of perceived detection.
    of
        Shape (33,): of exposure by audience, of what a neighbour sees of the score, of trust in the authority, counts
        of events, and moments of the score with conviction, unobserved compliance and wealth.
    ties
        Shape (6,): sums over ties of trust and of trust in strong ones, their number between citizens with a score,
        and the moments of the score at either end.
    around
        What is taken off the scores for accuracy: a number near their mean, in points.
    """

    count: int
    by_domain: list[list[float]]
    of: list[float]
    ties: list[float]
    around: float


@compiled
def dot(x: Floats, y: Floats) -> float:
    """Sum of the products of two columns, by eight partial sums in a fixed order: the compiler adds side by side."""
    a = b = c = d = e = f = g = h = 0.0
    eighths = len(x) // 8
    for eight in range(eighths):
        k = 8 * eight
        a += x[k] * y[k]
        b += x[k + 1] * y[k + 1]
        c += x[k + 2] * y[k + 2]
        d += x[k + 3] * y[k + 3]
        e += x[k + 4] * y[k + 4]
        f += x[k + 5] * y[k + 5]
        g += x[k + 6] * y[k + 6]
        h += x[k + 7] * y[k + 7]
    for k in range(8 * eighths, len(x)):
        a += x[k] * y[k]
    return ((a + b) + (c + d)) + ((e + f) + (g + h))


@compiled
def total(values: Floats) -> float:
    """Sum of a column, as `dot` adds."""
    a = b = c = d = e = f = g = h = 0.0
    eighths = len(values) // 8
    for eight in range(eighths):
        k = 8 * eight
        a += values[k]
        b += values[k + 1]
        c += values[k + 2]
        d += values[k + 3]
        e += values[k + 4]
        f += values[k + 5]
        g += values[k + 6]
        h += values[k + 7]
    for k in range(8 * eighths, len(values)):
        a += values[k]
    return ((a + b) + (c + d)) + ((e + f) + (g + h))


@compiled
def _sum_domains(c: Citizens, domains: Domains, heard: Floats, first: int, last: int, out: Floats) -> None:
    """Fill `out`, shape (11, D), with the sums by domain over some rows."""
    tied, weight = np.empty(last - first), heard[first:last]
    for k in range(last - first):
        tied[k] = 1.0 if weight[k] > 0 else 0.0
    for d in range(len(domains.lanes)):
        public, unobserved = c.complies[first:last, d], c.complies_unobserved[first:last, d]
        alone, unchanged = c.complies_alone[first:last, d], c.complies_unchanged[first:last, d]
        at_start = c.complies_at_start[first:last, d]
        complying = private = by_itself = before = at_first = 0
        for k in range(last - first):
            complying += public[k]
            private += unobserved[k]
            by_itself += alone[k]
            before += unchanged[k]
            at_first += at_start[k]
        out[PUBLIC, d], out[UNOBSERVED, d], out[ALONE, d] = complying, private, by_itself
        out[UNCHANGED, d], out[AT_START, d] = before, at_first
        conviction, approval = c.conviction[first:last, d], c.approval[first:last, d]
        out[CONVICTION, d], out[SQUARE, d] = total(conviction), dot(conviction, conviction)
        out[APPROVAL, d], out[APPROVING, d] = total(approval), dot(tied, approval)
        out[HEARD, d], out[KNOWN, d] = dot(weight, conviction), total(c.perceived_detection[first:last, d])


@compiled
def _sum_exposure(c: Citizens, domains: Domains, now: Conditions, first: int, last: int, out: Floats) -> None:
    """Fill the sums of exposure: the chance that an act is known, by audience, weighted by how private domains are."""
    count = last - first
    anyone, authority, peers = np.zeros(count), np.zeros(count), np.zeros(count)
    firms, strangers, records = np.zeros(count), np.zeros(count), np.zeros(count)
    by_peers = np.empty(count)
    close, others = c.close[first:last], c.others[first:last]
    noted, detected = c.noted[first:last], c.detected[first:last]
    reported, denounced = c.reported[first:last], c.denounced[first:last]
    score, visibility, reach = c.score[first:last], c.visibility[first:last], c.reach[first:last]
    inside, fellows, displayed = c.inside[first:last], c.fellows[first:last], c.displayed[first:last]
    private = domains.sensitivity.sum()
    group_sight = now.group_sight
    for d in range(len(domains.lanes)):
        weight = domains.sensitivity[d] / private if private > 0 else domains.sensitivity[d]
        openness, share = domains.openness[d], now.weight[d]
        raised, public, seen_by_firms = share * (1 - openness), now.public * share, now.firms * share
        watched, extracted = c.watched[first:last, d], c.extracted[first:last, d]
        # Most are seen as well as the citizen before: logarithms are taken where it is otherwise.
        before, missed = -1.0, 0.0
        for k in range(count):
            seen = open_sight(openness, raised, visibility[k], group_sight, inside[k], fellows[k])
            if seen != before:
                before, missed = seen, escaping(seen, 1.0)
            by_peers[k] = (close[k] + others[k]) * missed
        for k in range(count):
            by_peers[k] = 1 - exp(by_peers[k])
        for k in range(count):
            sensed = reach[k] * watched[k]
            scored = 1.0 if score[k] == score[k] else 0.0
            taken = 1 - (1 - extracted[k]) * (1 - scored * seen_by_firms)
            told = 1 - (1 - displayed[k]) * (1 - scored * public)
            recorded = 1.0 if (noted[k] | detected[k] | reported[k] | denounced[k]) >> d & 1 else 0.0
            known = max(sensed, recorded)
            anyone[k] += weight * (1 - (1 - by_peers[k]) * (1 - known) * (1 - taken) * (1 - told))
            authority[k] += weight * known
            records[k] += recorded
            peers[k] += weight * by_peers[k]
            firms[k] += weight * taken
            strangers[k] += weight * told
    out[ANYONE], out[AUTHORITY], out[PEERS] = total(anyone), total(authority), total(peers)
    out[RECORDS] = total(records)
    out[FIRMS], out[STRANGERS], out[DISCLOSED] = total(firms), total(strangers), total(visibility)


@compiled
def _count_events(c: Citizens, heard: Floats, first: int, last: int, out: Floats) -> None:
    """Fill trust in the authority and the counts of events."""
    weight = heard[first:last]
    place, region, deals = c.place[first:last], c.region[first:last], c.deals[first:last]
    sanctioned, wrongful, restored = c.sanctioned[first:last], c.wrongful[first:last], c.restored[first:last]
    flags = c.flags[first:last]
    against, false = c.reports_against[first:last], c.false_against[first:last]
    tied = away = punished = wronged = won = reports = lies = made = cheated = strangers = left = assured = 0
    for k in range(last - first):
        tied += weight[k] > 0
        away += place[k] != region[k]
        punished += sanctioned[k] != 0
        wronged += wrongful[k] != 0
        won += restored[k] != 0
        reports += against[k]
        lies += false[k]
        made += (deals[k] & NEIGHBOUR_DEAL != 0) + (deals[k] & STRANGER_DEAL != 0)
        cheated += (deals[k] & NEIGHBOUR_FRAUD != 0) + (deals[k] & STRANGER_FRAUD != 0)
        strangers += deals[k] & STRANGER_DEAL != 0
        assured += deals[k] & ASSURED_DEAL != 0
        left += flags[k] & EMIGRATED != 0
    out[TRUST], out[TIED], out[AWAY] = total(c.authority_trust[first:last]), tied, away
    out[PEOPLE], out[ASSURED] = total(c.generalised_trust[first:last]), assured
    out[SANCTIONED], out[WRONGFUL], out[RESTORED] = punished, wronged, won
    out[REPORTS], out[FALSE_REPORTS], out[STRANGER_DEALS] = reports, lies, strangers
    out[DEALS], out[FRAUDS], out[LEAVING] = made, cheated, left


@compiled
def _sum_scores(c: Citizens, domains: Domains, around: float, first: int, last: int, out: Floats) -> None:
    """Fill the moments of the score, taken off `around`, with conviction, unobserved compliance and wealth."""
    count = last - first
    score, assent, private, wealth = np.empty(count), np.zeros(count), np.zeros(count), np.empty(count)
    has = np.empty(count)
    given, means = c.score[first:last], c.wealth[first:last]
    for k in range(count):
        has[k] = 1.0 if given[k] == given[k] else 0.0
        score[k] = given[k] - around if given[k] == given[k] else 0.0
        wealth[k] = has[k] * means[k]
    for d in range(len(domains.lanes)):
        weight = domains.scored[d] / max(1, domains.scored.sum())
        conviction, unobserved = c.conviction[first:last, d], c.complies_unobserved[first:last, d]
        for k in range(count):
            assent[k] += has[k] * weight * conviction[k]
            private[k] += has[k] * weight * unobserved[k]
    out[SCORED], out[SCORE], out[SCORE_SQUARE] = total(has), total(score), dot(score, score)
    out[ASSENT], out[ASSENT_SQUARE], out[ASSENT_SCORE] = total(assent), dot(assent, assent), dot(assent, score)
    out[PRIVATE], out[PRIVATE_SQUARE], out[PRIVATE_SCORE] = total(private), dot(private, private), dot(private, score)
    out[WEALTH], out[WEALTH_SQUARE], out[WEALTH_SCORE] = total(wealth), dot(wealth, wealth), dot(wealth, score)


@compiled
def _sums_loop(
    start: int,
    stop: int,
    c: Citizens,
    domains: Domains,
    now: Conditions,
    heard: Floats,
    scored: bool,
    around: float,
    by_domain: Floats,
    of: Floats,
) -> None:
    for first in range(start, stop, BATCH):
        last = min(stop, first + BATCH)
        block = first // BATCH
        _sum_domains(c, domains, heard, first, last, by_domain[block])
        _sum_exposure(c, domains, now, first, last, of[block])
        _count_events(c, heard, first, last, of[block])
        if scored:
            _sum_scores(c, domains, around, first, last, of[block])


@compiled
def _ties_loop(start: int, stop: int, c: Citizens, ties: Ties, scored: bool, around: float, out: Floats) -> None:
    indptr, neighbours, score = ties.indptr, ties.neighbours, c.score
    for first in range(start, stop, BATCH):
        last = min(stop, first + BATCH)
        of = out[first // BATCH]
        here = slice(indptr[first], indptr[last])
        of[TIE_TRUST], of[STRONG_TRUST] = total(ties.trust[here]), dot(ties.trust[here], ties.strong[here])
        if not scored:
            continue
        for i in range(first, last):
            if score[i] != score[i]:
                continue
            near, others, known = score[i] - around, 0.0, 0.0
            for t in range(indptr[i], indptr[i + 1]):
                other = score[neighbours[t]]
                others += other - around if other == other else 0.0
                known += 1.0 if other == other else 0.0
            of[PAIRS] += known
            of[NEAR] += known * near
            of[NEAR_SQUARE] += known * near * near
            of[NEAR_PRODUCT] += near * others


@compiled
def mean_known(values: Floats) -> float:
    """Mean of the values that are numbers; NaN without any."""
    found = 0
    summed = 0.0
    for k in range(len(values)):
        known = values[k] == values[k]
        found += known
        summed += values[k] if known else 0.0
    return summed / found if found > 0 else np.nan


def sum_up(society: SocietyView) -> Sums:
    """Sums over the citizens and ties of a society as it stands."""
    c, ties, domains, now = society.citizens, society.ties, society.domains, society.conditions
    scored = now.score_range[1] > now.score_range[0]
    around = mean_known(c.score) if scored else np.nan
    scored &= around == around
    blocks = -(-len(c) // BATCH)
    by_domain, of, of_ties = np.empty((blocks, ROWS, len(domains))), np.zeros((blocks, NUMBERS)), np.zeros((blocks, 6))
    society.for_all(_sums_loop, c, domains, now, ties.heard(), scored, around, by_domain, of)
    society.for_all(_ties_loop, c, ties, scored, around, of_ties)
    sums = by_domain.sum(axis=0).tolist(), of.sum(axis=0).tolist(), of_ties.sum(axis=0).tolist()
    return Sums(len(c), *sums, around)
