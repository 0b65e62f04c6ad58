"""Trust in the authority and in people at large, as beta evidence, and trust along the ties (phase `mingle`)."""

from __future__ import annotations

import numpy as np

from ..arithmetic import integer_power
from ..belief_rates import TrustSettings
from ..chance import BATCH
from ..citizens import Citizens
from ..compiled import compiled
from ..conditions import Conditions
from ..view import Domains, SocietyView, Ties
from .exchanging import STRANGER_DEAL, STRANGER_FRAUD


@compiled
def trust_in_authority(fair: float, unfair: float) -> float:
    """Mean of the beta distribution after `fair` and `unfair` observations from a uniform prior, in (0, 1)."""
    return (fair + 1) / (fair + unfair + 2)


@compiled
def gathered_evidence(evidence: float, forgetting: float, new: float, rest: float) -> float:
    """Evidence after a week, evidence + forgetting · (rest − evidence) + new, in observations.

    What is forgotten is the part above `rest`: what one began with, and unfairness on the scale of persecution, which
    is passed on in families (Wang 2021, doi:10.1017/S0007123419000255).
    """
    return (1 - forgetting) * evidence + forgetting * rest + new


@compiled
def trust_in_people(disposition: float, weight: float, kept: float, broken: float) -> float:
    """Trust in people one does not know, (weight · disposition + kept) / (weight + kept + broken), in [0, 1]."""
    total = weight + kept + broken
    return (weight * disposition + kept) / total if total > 0 else disposition


@compiled
def suspected_trust(trust: float, suspicion: float, reports: int, heard: int, vicarious: float) -> float:
    """Trust in a neighbour after reports against oneself, and against others one knows.

    trust · (1 − suspicion) ** reports · (1 − suspicion · vicarious) ** heard: it may have been this one.
    """
    return trust * integer_power(1 - suspicion, reports) * integer_power(1 - suspicion * vicarious, heard)


@compiled
def settled_trust(trust: float, lowering: float, harm: float, recovery: float, resting: float) -> float:
    """Trust after seeing `harm`, which takes lowering · harm · trust, and a week's slow return to its resting level."""
    trust *= max(0.0, 1 - lowering * harm)
    return trust + recovery * (resting - trust)


@compiled
def _authority_loop(
    start: int, stop: int, c: Citizens, domains: Domains, rates: TrustSettings, mean_concern: float
) -> None:
    known, deserved = np.empty(BATCH), np.empty(BATCH)
    lanes, promised = len(domains.lanes), domains.scored.sum()
    for first in range(start, stop, BATCH):
        last = min(stop, first + BATCH)
        known[:] = 0.0
        deserved[:] = 0.0
        for d in range(lanes):
            sensitivity, scored = domains.sensitivity[d], domains.scored[d]
            believed, complies = c.perceived_detection[first:last, d], c.complies[first:last, d]
            for k in range(last - first):
                known[k] += sensitivity * believed[k]
                deserved[k] += scored * complies[k]
        concern, scar = c.privacy_concern[first:last], c.scar[first:last]
        fair, unfair = c.fair[first:last], c.unfair[first:last]
        received, withheld = c.received[first:last], c.withheld[first:last]
        for k in range(last - first):
            benefit = rates.benefit * deserved[k] * (1.0 if received[k] > 0 else 0.0)
            fair[k] = gathered_evidence(fair[k], rates.forgetting, benefit, rates.prior)
            intrusion = rates.intrusion * known[k] / lanes * (concern[k] / mean_concern if mean_concern > 0 else 1.0)
            against = intrusion + rates.benefit * promised * withheld[k]
            unfair[k] = gathered_evidence(unfair[k], rates.forgetting, against, rates.prior + scar[k])
            scar[k] = (1 - rates.healing) * scar[k] + rates.slow * against


@compiled
def _believe_loop(start: int, stop: int, c: Citizens) -> None:
    fair, unfair, trust = c.fair[start:stop], c.unfair[start:stop], c.authority_trust[start:stop]
    for k in range(stop - start):
        trust[k] = trust_in_authority(fair[k], unfair[k])


@compiled
def _hear_loop(start: int, stop: int, c: Citizens, ties: Ties) -> None:
    # Few are reported in a week.
    for i in range(start, stop):
        if c.reports_against[i] > 0:
            for t in range(ties.indptr[i], ties.indptr[i + 1]):
                c.reports_heard[ties.neighbours[t]] += c.reports_against[i]


@compiled
def _people_loop(start: int, stop: int, c: Citizens, rates: TrustSettings, vicarious: float) -> None:
    kept_faith, broke_faith = c.kept_faith[start:stop], c.broke_faith[start:stop]
    against, heard, deals = c.reports_against[start:stop], c.reports_heard[start:stop], c.deals[start:stop]
    disposition, trust = c.disposition[start:stop], c.generalised_trust[start:stop]
    left, deal = 1 - rates.people_forgetting, rates.people_deals
    for k in range(stop - start):
        dealt, cheated = (deals[k] & STRANGER_DEAL) != 0, (deals[k] & STRANGER_FRAUD) != 0
        reports = against[k] + vicarious * heard[k]
        kept_faith[k] = left * kept_faith[k] + (deal if dealt and not cheated else 0.0)
        broke_faith[k] = left * broke_faith[k] + (deal if cheated else 0.0) + rates.people_reports * reports
        trust[k] = trust_in_people(disposition[k], rates.people, kept_faith[k], broke_faith[k])


@compiled
def _ties_loop(
    start: int, stop: int, c: Citizens, ties: Ties, now: Conditions, rates: TrustSettings, vicarious: float
) -> None:
    indptr, harm = ties.indptr, c.visible_harm
    witnessed, recovery, healing = rates.witnessed, rates.recovery, rates.healing
    for i in range(start, stop):
        reports, heard = c.reports_against[i], c.reports_heard[i]
        if reports + heard == 0:
            continue
        for t in range(indptr[i], indptr[i + 1]):
            before = ties.trust[t]
            # Where reports are signed one knows who made them.
            own = reports if now.anonymous else int(ties.accusations[t])
            after = suspected_trust(before, rates.suspicion, own, heard if now.anonymous else 0, vicarious)
            ties.trust[t] = after
            ties.resting[t] = max(0.0, ties.resting[t] - rates.scarring * (before - after))
    for first in range(start, stop, BATCH):
        here = slice(indptr[first], indptr[min(stop, first + BATCH)])
        trust, resting, origin, neighbours = (
            ties.trust[here],
            ties.resting[here],
            ties.first[here],
            ties.neighbours[here],
        )
        for t in range(len(trust)):
            resting[t] += healing * (origin[t] - resting[t])
            trust[t] = settled_trust(trust[t], witnessed, harm[neighbours[t]], recovery, resting[t])


def update_authority_trust(society: SocietyView) -> None:
    """Gather the week's evidence about the authority in `fair`, `unfair` and `scar`, sanctions left out.

    Fair is a deserved benefit, by the scored domains in which one complied; unfair are a benefit cut by the budget, and
    intrusion: the mean over domains of sensitivity times the believed chance of being known, times privacy concern over
    its mean.
    """
    c = society.citizens
    mean_concern = float(society.rates.privacy_concern)
    society.for_all(_authority_loop, c, society.domains, society.rates.trust, mean_concern)


def believe_in_authority(society: SocietyView) -> None:
    """Set `authority_trust` from the evidence."""
    society.for_all(_believe_loop, society.citizens)


def update_people(society: SocietyView) -> None:
    """Set `generalised_trust` by reports against oneself and, less, neighbours, and by how strangers dealt."""
    c, rates = society.citizens, society.rates
    society.once(_hear_loop, c, society.ties)
    society.for_all(_people_loop, c, rates.trust, rates.trust.vicarious)


def update_ties(society: SocietyView) -> None:
    """Move the trust on every tie, and the level at which it rests.

    Each report against oneself, and less each heard of against a neighbour, lowers trust in all neighbours alike, or,
    where reports are signed, in the reporter; a share of the loss lowers the resting level too. Seeing harmful deviance
    lowers trust; it recovers slowly to its resting level, and that over a generation to the first one.
    """
    c, now, rates = society.citizens, society.conditions, society.rates.trust
    society.for_all(_ties_loop, c, society.ties, now, rates, rates.vicarious)
