"""Trust in the authority, as beta evidence, and trust along the ties (phase `mingle`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..compiled import compiled
from ..sight import fellow_sight

if TYPE_CHECKING:
    from ...model.society import Society
    from ..citizens import Bits, Floats, Ints, Mask, Rows


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
    return trust * (1 - suspicion * share) ** reports


@compiled
def settled_trust(trust: float, lowering: float, harm: float, recovery: float, resting: float) -> float:
    """Trust after seeing `harm`, which takes lowering · harm · trust, and a week's slow return to its resting level."""
    trust *= max(0.0, 1 - lowering * harm)
    return trust + recovery * (resting - trust)


@compiled
def _authority_loop(
    start: int,
    stop: int,
    lanes: tuple[int, ...],
    forgetting: float,
    vicarious: float,
    healing: float,
    wrongful: Mask,
    deserved_near: Ints,
    wrongful_near: Ints,
    received: Floats,
    withheld: Floats,
    privacy_concern: Floats,
    watched: Floats,
    reach: Floats,
    sensitivity: Floats,
    scar: Floats,
    fair: Floats,
    unfair: Floats,
) -> None:
    for i in range(start, stop):
        intrusion = 0.0
        for d in range(len(lanes)):
            intrusion += sensitivity[d] * watched[i, d]
        intrusion *= reach[i] * privacy_concern[i] / len(lanes)
        fair[i] = gathered_evidence(fair[i], forgetting, received[i] + vicarious * deserved_near[i], 0.0)
        against = (wrongful[i] != 0) + vicarious * wrongful_near[i] + withheld[i] + intrusion
        unfair[i] = gathered_evidence(unfair[i], forgetting, against, scar[i])
        scar[i] *= 1 - healing


@compiled
def _ties_loop(
    start: int,
    stop: int,
    lanes: tuple[int, ...],
    suspicion: float,
    anonymous: bool,
    witnessed: float,
    recovery: float,
    indptr: Ints,
    neighbours: Rows,
    reports_against: Ints,
    accusations: Bits,
    visible_harm: Floats,
    fellowship: bool,
    group_sight: float,
    group: Ints,
    inside: Floats,
    visibility: Floats,
    openness: Floats,
    raised: Floats,
    resting: Floats,
    trust: Floats,
) -> None:
    for i in range(start, stop):
        first, last = indptr[i], indptr[i + 1]
        reports = reports_against[i]
        if reports > 0:
            # How much less neighbours outside the group could have seen than fellow members.
            outside = 1.0
            if fellowship:
                seen = 0.0
                seen_inside = 0.0
                for d in range(len(lanes)):
                    seen += openness[d] + visibility[i] * raised[d]
                    seen_inside += fellow_sight(openness[d], raised[d], visibility[i], group_sight, inside[i])
                outside = seen / seen_inside if seen_inside > 0 else 1.0
            doubt = 0.0
            for t in range(first, last):
                doubt += (1 - trust[t]) * (1.0 if group[neighbours[t]] == group[i] else outside)
            for t in range(first, last):
                if anonymous:
                    eye = 1.0 if group[neighbours[t]] == group[i] else outside
                    share = (1 - trust[t]) * eye / doubt if doubt > 0 else 1 / (last - first)
                    trust[t] = suspected_trust(trust[t], suspicion, share, reports)
                else:
                    trust[t] = suspected_trust(trust[t], suspicion, 1.0, accusations[t])
        for t in range(first, last):
            trust[t] = settled_trust(trust[t], witnessed, visible_harm[neighbours[t]], recovery, resting[t])


def update_authority_trust(society: Society) -> None:
    """Gather the week's evidence about the authority in `fair` and `unfair`.

    Fair are a deserved benefit and a neighbour's rightful sanction for a harmful deviation (weight κ); unfair are a
    wrongful sanction of oneself (1) or of a neighbour (κ), a benefit cut by the budget, and intrusion weighted by
    privacy concern: the mean over domains of sensitivity times the chance of being watched.
    """
    c, domains, rates = society.citizens, society.domains, society.plan.citizens.trust
    society.for_all(
        _authority_loop,
        domains.lanes,
        rates.forgetting,
        rates.vicarious,
        rates.healing,
        c.wrongful,
        c.deserved_near,
        c.wrongful_near,
        c.received,
        c.withheld,
        c.privacy_concern,
        c.watched,
        c.reach,
        domains.sensitivity,
        c.scar,
        c.fair,
        c.unfair,
    )


def update_ties(society: Society) -> None:
    """Move the trust on every tie.

    Each report that reached a citizen spreads suspicion over the neighbours, weighted by 1 − trust and by how much of
    it they could have seen (or, where reports are signed, on the reporter); seeing harmful deviance lowers trust; it
    recovers slowly to its resting level.
    """
    c, ties, rates = society.citizens, society.ties, society.plan.citizens.trust
    domains, now = society.domains, society.conditions
    society.for_all(
        _ties_loop,
        domains.lanes,
        rates.suspicion,
        now.anonymous,
        rates.witnessed,
        rates.recovery,
        ties.indptr,
        ties.neighbours,
        c.reports_against,
        ties.accusations,
        c.visible_harm,
        bool(c.fellows.any()),
        now.group_sight,
        c.group,
        c.inside,
        c.visibility,
        domains.openness,
        now.weight * (1 - domains.openness),
        ties.resting,
        ties.trust,
    )
