"""Learning what follows from being known (phase `mingle`; what nothing follows from is learnt in `perceive`)."""

from __future__ import annotations

from ..belief_rates import ConsequenceSettings, TrustSettings
from ..chance import BATCH
from ..citizens import Citizens
from ..compiled import compiled
from ..conditions import Conditions
from ..sight import fellow_sight
from ..view import Domains, SocietyView, Ties

HEARD = 0.98
"""Chance that a neighbour's sanction is heard of."""


@compiled
def believed_chance(prior: float, weight: float, events: float, others: float) -> float:
    """Mean of the beta distribution after `events` and `others`, from a prior of some weight."""
    total = weight + events + others
    return (weight * prior + events) / total if total > 0 else prior


@compiled
def believed_guilt(seen: float, deviated: bool, trust: float) -> float:
    """How far a sanctioned neighbour is believed guilty: as it acted if seen, else as the authority is trusted.

    seen · deviated + (1 − seen) · trust ("no smoke without fire").
    """
    return seen * (1.0 if deviated else 0.0) + (1 - seen) * trust


@compiled
def _learn_loop(start: int, stop: int, c: Citizens, domains: Domains, rates: ConsequenceSettings) -> None:
    salience, kept = rates.salience, 1 - rates.forgetting
    for first in range(start, stop, BATCH):
        last = min(stop, first + BATCH)
        punished, unpunished = c.punished[first:last], c.unpunished[first:last]
        innocent, spared = c.punished_innocent[first:last], c.spared_innocent[first:last]
        sanctioned = c.sanctioned[first:last]
        for k in range(last - first):
            punished[k] *= kept
            unpunished[k] *= kept
            innocent[k] *= kept
            spared[k] *= kept
        for d in range(len(domains.lanes)):
            if not domains.punishable >> d & 1:
                continue
            certainty, complies = domains.certainty[d], c.complies[first:last, d]
            believed = c.perceived_detection[first:last, d]
            for k in range(last - first):
                hit = sanctioned[k] >> d & 1 != 0
                known = certainty * believed[k]
                punished[k] += salience if hit and complies[k] == 0 else 0.0
                innocent[k] += salience if hit and complies[k] == 1 else 0.0
                unpunished[k] += known if not hit and complies[k] == 0 else 0.0
                spared[k] += known if not hit and complies[k] == 1 else 0.0


@compiled
def _news_loop(
    start: int,
    stop: int,
    c: Citizens,
    ties: Ties,
    domains: Domains,
    now: Conditions,
    rates: ConsequenceSettings,
    trust: TrustSettings,
) -> None:
    # Few are sanctioned in a week: going from these to their neighbours is faster than asking all about all.
    for i in range(start, stop):
        if not c.sanctioned[i]:
            continue
        for d in range(len(domains.lanes)):
            if not c.sanctioned[i] >> d & 1:
                continue
            openness, deviated = domains.openness[d], c.complies[i, d] == 0
            raised = now.weight[d] * (1 - openness)
            counts = rates.vicarious * rates.salience * HEARD if domains.punishable >> d & 1 else 0.0
            # One's own guilt is known: a sanction without it is unjust, and twice so.
            own = c.conviction[i, d] if deviated else 0.0
            c.fair[i] += own
            against = 1 - own + (0.0 if deviated else 1.0)
            c.unfair[i] += against
            c.scar[i] += trust.slow * against
            c.unjust[i] += 0.0 if deviated else 1.0
            for t in range(ties.indptr[i], ties.indptr[i + 1]):
                j = ties.neighbours[t]
                seen = openness + c.visibility[i] * raised
                if c.group[i] == c.group[j] and c.fellows[i] > 0:
                    seen = fellow_sight(openness, raised, c.visibility[i], now.group_sight, c.inside[i])
                guilt = believed_guilt(seen, deviated, c.authority_trust[j])
                c.punished[j] += counts * guilt
                c.punished_innocent[j] += counts * (1 - guilt)
                just = guilt * c.conviction[j, d]
                c.fair[j] += trust.vicarious * just
                c.unfair[j] += trust.vicarious * (1 - just)
                c.scar[j] += trust.slow * trust.vicarious * (1 - just)
                c.unjust[j] += rates.vicarious * (1 - guilt)


@compiled
def _believe_loop(start: int, stop: int, c: Citizens, rates: ConsequenceSettings) -> None:
    punished, unpunished = c.punished[start:stop], c.unpunished[start:stop]
    innocent, spared = c.punished_innocent[start:stop], c.spared_innocent[start:stop]
    guilty, blameless = c.believed_guilty[start:stop], c.believed_innocent[start:stop]
    for k in range(stop - start):
        guilty[k] = believed_chance(rates.prior, rates.prior_weight, punished[k], unpunished[k])
        blameless[k] = believed_chance(0.0, rates.prior_weight, innocent[k], spared[k])


def learn_consequences(society: SocietyView) -> None:
    """Update the evidence about sanctions by one's own this week, then by those of neighbours, and what is believed.

    A sanction counts `salience`, an uneventful act as much as it was believed known. A neighbour's sanction is heard of
    with chance `HEARD`; it counts κ as evidence about the guilty as far as the neighbour is believed guilty. The news
    are evidence about the authority too: a sanction of believed guilt G in a domain of conviction x is fair by G · x.
    """
    c, domains, rates = society.citizens, society.domains, society.rates
    society.for_all(_learn_loop, c, domains, rates.consequence)
    society.once(_news_loop, c, society.ties, domains, society.conditions, rates.consequence, rates.trust)
    society.for_all(_believe_loop, c, rates.consequence)
