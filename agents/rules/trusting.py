"""Trust in the authority, as beta evidence, and trust along the ties (phase `mingle`)."""

from __future__ import annotations

import numpy as np

from ..arithmetic import integer_power
from ..chance import BATCH
from ..citizens import Citizens
from ..compiled import compiled
from ..conditions import Conditions
from ..settings import TrustSettings
from ..sight import fellow_sight
from ..view import Domains, SocietyView, Ties


@compiled
def trust_in_authority(fair: float, unfair: float) -> float:
    """Mean of the beta distribution after `fair` and `unfair` observations from a uniform prior, in (0, 1)."""
    return (fair + 1) / (fair + unfair + 2)


@compiled
def gathered_evidence(evidence: float, forgetting: float, new: float, scar: float) -> float:
    """Evidence after a week, evidence + forgetting · (scar − evidence) + new, in observations.

    What is forgotten is the part above `scar`: unfairness on the scale of persecution, which is passed on in families
    (Wang 2021, doi:10.1017/S0007123419000255), and 0 for evidence of fairness.
    """
    return (1 - forgetting) * evidence + forgetting * scar + new


@compiled
def suspected_trust(trust: float, suspicion: float, share: float, reports: int) -> float:
    """Trust in a neighbour who may have made some of `reports`: trust · (1 − suspicion · share) ** reports.

    `share` is the part of the suspicion that falls on this neighbour, in [0, 1].
    """
    return trust * integer_power(1 - suspicion * share, reports)


@compiled
def settled_trust(trust: float, lowering: float, harm: float, recovery: float, resting: float) -> float:
    """Trust after seeing `harm`, which takes lowering · harm · trust, and a week's slow return to its resting level."""
    trust *= max(0.0, 1 - lowering * harm)
    return trust + recovery * (resting - trust)


@compiled
def _authority_loop(start: int, stop: int, c: Citizens, domains: Domains, rates: TrustSettings) -> None:
    intruded = np.empty(BATCH)
    lanes = len(domains.lanes)
    vicarious, forgetting, healing = rates.vicarious, rates.forgetting, rates.healing
    for first in range(start, stop, BATCH):
        last = min(stop, first + BATCH)
        intruded[:] = 0.0
        for d in range(lanes):
            sensitivity, watched = domains.sensitivity[d], c.watched[first:last, d]
            for k in range(last - first):
                intruded[k] += sensitivity * watched[k]
        reach, concern, scar = c.reach[first:last], c.privacy_concern[first:last], c.scar[first:last]
        fair, unfair = c.fair[first:last], c.unfair[first:last]
        received, withheld = c.received[first:last], c.withheld[first:last]
        wrongful, deserved_near, wrongful_near = (
            c.wrongful[first:last],
            c.deserved_near[first:last],
            c.wrongful_near[first:last],
        )
        for k in range(last - first):
            intrusion = intruded[k] * (reach[k] * concern[k] / lanes)
            deserved = received[k] + vicarious * deserved_near[k]
            fair[k] = gathered_evidence(fair[k], forgetting, deserved, 0.0)
            against = (wrongful[k] != 0) + vicarious * wrongful_near[k] + withheld[k] + intrusion
            unfair[k] = gathered_evidence(unfair[k], forgetting, against, scar[k])
            scar[k] *= 1 - healing


@compiled
def _outside_sight(i: int, c: Citizens, domains: Domains, now: Conditions) -> float:
    """How much of a citizen neighbours outside its group could have seen, as a share of what fellow members could."""
    seen = 0.0
    seen_inside = 0.0
    for d in range(len(domains.lanes)):
        openness = domains.openness[d]
        raised = now.weight[d] * (1 - openness)
        seen += openness + c.visibility[i] * raised
        seen_inside += fellow_sight(openness, raised, c.visibility[i], now.group_sight, c.inside[i])
    return seen / seen_inside if seen_inside > 0 else 1.0


@compiled
def _suspect(
    i: int, c: Citizens, ties: Ties, domains: Domains, now: Conditions, suspicion: float, fellowship: bool
) -> None:
    """Lower a citizen's trust in those who may have reported it, or did."""
    first, last = ties.indptr[i], ties.indptr[i + 1]
    reports, trust, neighbours, group = c.reports_against[i], ties.trust, ties.neighbours, c.group
    outside = _outside_sight(i, c, domains, now) if fellowship else 1.0
    doubt = 0.0
    for t in range(first, last):
        doubt += (1 - trust[t]) * (1.0 if group[neighbours[t]] == group[i] else outside)
    for t in range(first, last):
        if now.anonymous:
            eye = 1.0 if group[neighbours[t]] == group[i] else outside
            share = (1 - trust[t]) * eye / doubt if doubt > 0 else 1 / (last - first)
            trust[t] = suspected_trust(trust[t], suspicion, share, reports)
        else:
            trust[t] = suspected_trust(trust[t], suspicion, 1.0, ties.accusations[t])


@compiled
def _ties_loop(
    start: int,
    stop: int,
    c: Citizens,
    ties: Ties,
    domains: Domains,
    now: Conditions,
    rates: TrustSettings,
    fellowship: bool,
) -> None:
    indptr, harm = ties.indptr, c.visible_harm
    witnessed, recovery = rates.witnessed, rates.recovery
    for i in range(start, stop):
        if c.reports_against[i] > 0:
            _suspect(i, c, ties, domains, now, rates.suspicion, fellowship)
    for first in range(start, stop, BATCH):
        here = slice(indptr[first], indptr[min(stop, first + BATCH)])
        trust, resting, neighbours = ties.trust[here], ties.resting[here], ties.neighbours[here]
        for t in range(len(trust)):
            trust[t] = settled_trust(trust[t], witnessed, harm[neighbours[t]], recovery, resting[t])


def update_authority_trust(society: SocietyView) -> None:
    """Gather the week's evidence about the authority in `fair` and `unfair`.

    Fair are a deserved benefit and a neighbour's rightful sanction for a harmful deviation (weight κ); unfair are a
    wrongful sanction of oneself (1) or of a neighbour (κ), a benefit cut by the budget, and intrusion weighted by
    privacy concern: the mean over domains of sensitivity times the chance of being watched.
    """
    society.for_all(_authority_loop, society.citizens, society.domains, society.rates.trust)


def update_ties(society: SocietyView) -> None:
    """Move the trust on every tie.

    Each report that reached a citizen spreads suspicion over the neighbours, weighted by 1 − trust and by how much of
    it they could have seen (or, where reports are signed, on the reporter); seeing harmful deviance lowers trust; it
    recovers slowly to its resting level.
    """
    c, domains, now = society.citizens, society.domains, society.conditions
    fellowship = bool(c.fellows.any())
    society.for_all(_ties_loop, c, society.ties, domains, now, society.rates.trust, fellowship)
