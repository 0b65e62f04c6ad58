"""Who leaves its place to a newcomer, and what the newcomer takes from a parent (between weeks)."""

from __future__ import annotations

import numpy as np

from ..belief_rates import ConsequenceSettings, TrustSettings
from ..chance import Purpose, Words, uniform, uniform_by_domain, uniforms
from ..citizens import Citizens
from ..columns import Floats, Ints, Mask
from ..compiled import compiled
from ..groups import MONTH
from ..quantiles import beta_quantile
from ..rates import UpbringingSettings
from ..view import Domains, SocietyView, Ties
from .consequences import believed_chance
from .trusting import trust_in_authority, trust_in_people

UPBRINGING = np.uint32(Purpose.UPBRINGING)

YOUTH = 32
"""Which of a newcomer's draws for `Purpose.UPBRINGING` decides what it is disposed to think of strangers."""

DISPOSITION = 2.5
"""Both parameters of the Beta distribution of dispositions toward strangers."""


@compiled
def brought_up(conviction: float, approval: float, mean: float, socialisation: float, nature: float) -> float:
    """Mean of a newcomer's conviction, (1 − s − ν) · conviction + s · approval + ν · mean.

    `conviction` is the parent's, `approval` the share that the parent believes to approve, `mean` the domain's own
    (vertical and oblique transmission: Cavalli-Sforza & Feldman 1981; Bisin & Verdier 2001).
    """
    return (1 - socialisation - nature) * conviction + socialisation * approval + nature * mean


@compiled
def resemblance(concentration: float, kept: float) -> float:
    """Concentration of a newcomer's Beta distribution that keeps the population's spread, (c + 1) / (1 − k²) − 1.

    `kept` k is the weight of the parent's conviction.
    """
    return (concentration + 1) / (1 - kept * kept) - 1 if kept < 1 else np.inf


@compiled
def inherited(prior: float, heritage: float, parents: float) -> float:
    """What a newcomer starts with, prior + heritage · (the parent's − prior)."""
    return prior + heritage * (parents - prior)


@compiled
def parent_of(i: int, ties: Ties, draw: float) -> int:
    """Row of the parent, drawn among the ties by trust; one's own place where there are none."""
    first, last = ties.indptr[i], ties.indptr[i + 1]
    total = 0.0
    for t in range(first, last):
        total += ties.trust[t]
    if total == 0:
        return i
    left = draw * total
    for t in range(first, last):
        left -= ties.trust[t]
        if left < 0:
            return int(ties.neighbours[t])
    return int(ties.neighbours[last - 1])


@compiled
def settled_faith(disposition: float, rates: TrustSettings, honest: float) -> tuple[float, float]:
    """Evidence about people at large at which weekly deals with strangers, honest with some chance, leave it."""
    lasting = rates.people_deals / rates.people_forgetting if rates.people_forgetting > 0 else 0.0
    trust, kept, broken = disposition, 0.0, 0.0
    for _ in range(30):
        kept, broken = lasting * trust * honest, lasting * trust * (1 - honest)
        trust = trust_in_people(disposition, rates.people, kept, broken)
    return kept, broken


@compiled
def _renew(
    i: int,
    j: int,
    c: Citizens,
    ties: Ties,
    domains: Domains,
    rates: TrustSettings,
    upbringing: UpbringingSettings,
    consequence: ConsequenceSettings,
    means: Floats,
    concentration: float,
    honest: float,
    chance: tuple[Words, int],
) -> None:
    """Make the citizen in row i a newcomer, brought up by the one in row j."""
    seed, week = chance
    who, kept = c.identity[i], 1 - upbringing.socialisation - upbringing.nature
    spread = resemblance(concentration, kept)
    for d in range(len(domains.lanes)):
        mean = brought_up(c.conviction[j, d], c.approval[j, d], means[d], upbringing.socialisation, upbringing.nature)
        mean = min(1 - 1e-3, max(1e-3, mean))
        draw = uniform_by_domain(who, d, week, UPBRINGING, seed)
        own = beta_quantile(draw, spread * mean, spread * (1 - mean)) if spread < np.inf else mean
        c.conviction[i, d] = c.temperament[i, d] = c.character[i, d] = own
        c.approval[i, d] = c.approval[j, d]
        c.habit[i, d] = 0.0
    for evidence, prior in (
        (c.fair, rates.prior), (c.unfair, rates.prior), (c.scar, 0.0), (c.punished, 0.0), (c.unpunished, 0.0),
        (c.punished_innocent, 0.0), (c.spared_innocent, 0.0),
    ):  # fmt: skip
        evidence[i] = inherited(prior, rates.heritage, evidence[j])
    weight = consequence.prior_weight
    c.authority_trust[i] = trust_in_authority(c.fair[i], c.unfair[i])
    c.believed_guilty[i] = believed_chance(consequence.prior, weight, c.punished[i], c.unpunished[i])
    c.believed_innocent[i] = believed_chance(0.0, weight, c.punished_innocent[i], c.spared_innocent[i])
    c.closeness[i] = 0.0
    fresh = beta_quantile(uniform(who, YOUTH, week, UPBRINGING, seed), DISPOSITION, DISPOSITION)
    c.disposition[i] = inherited(fresh, rates.heritage, c.generalised_trust[j])
    c.kept_faith[i], c.broke_faith[i] = settled_faith(c.disposition[i], rates, honest)
    c.generalised_trust[i] = trust_in_people(c.disposition[i], rates.people, c.kept_faith[i], c.broke_faith[i])
    c.conviction_share[i] = 1.0
    c.born[i] = week
    for t in range(ties.indptr[i], ties.indptr[i + 1]):
        back = ties.reverse[t]
        ties.who[t] = ties.whom[back] = who
        ties.trust[t] = ties.resting[t] = ties.first[t]
        ties.trust[back] = ties.resting[back] = ties.first[back]


@compiled
def _renew_all(
    gone: Ints,
    parents: Ints,
    c: Citizens,
    ties: Ties,
    domains: Domains,
    rates: TrustSettings,
    upbringing: UpbringingSettings,
    consequence: ConsequenceSettings,
    means: Floats,
    concentration: float,
    honest: float,
    chance: tuple[Words, int],
) -> None:
    for k in range(len(gone)):
        one, parent = gone[k], parents[k]
        _renew(one, parent, c, ties, domains, rates, upbringing, consequence, means, concentration, honest, chance)


@compiled
def _parents(gone: Ints, draws: Floats, ties: Ties, found: Ints) -> None:
    for k in range(len(gone)):
        found[k] = parent_of(gone[k], ties, draws[k])


def departing(society: SocietyView, turnover: float) -> Ints:
    """Rows of those who leave their places, drawn by place once in four weeks; `turnover` is a rate a week."""
    if society.week % MONTH:
        return np.empty(0, np.int64)
    stays = 1.0
    for _ in range(MONTH):
        stays *= 1 - turnover
    draws = uniforms(society.seed, Purpose.DEPARTURE, society.week, places(society))
    return np.flatnonzero(draws < 1 - stays)


def places(society: SocietyView) -> Mask:
    """Identity of the first person at each citizen's place: the key of what is drawn for places."""
    return society.citizens.identity % np.uint32(society.founders)


def renew(society: SocietyView, gone: Ints, means: Floats, concentration: float, honest: float) -> None:
    """Let newcomers take the places of those in some rows, with luck of their own.

    The place's ties, group, region and traits stay, and what is expected of others. A parent is drawn among the ties by
    trust; convictions are drawn around what it passes on, evidence about the authority and its consequences is
    inherited in part, and what the newcomer believes of both follows from that at once.
    """
    c, ties, rates = society.citizens, society.ties, society.rates
    draws = uniforms(society.seed, Purpose.PARENT, society.week, places(society)[gone])
    parents = np.empty(len(gone), np.int64)
    owners = (c, ties, society.domains, rates.trust, rates.upbringing, rates.consequence)
    of_citizens, of_ties, of_domains, of_trust, of_upbringing, of_consequence = map(society.record_of, owners)
    _parents(gone, draws, of_ties, parents)
    c.identity[gone] += np.uint32(society.founders)
    chance = (society.seed, society.week)
    _renew_all(
        gone, parents, of_citizens, of_ties, of_domains, of_trust, of_upbringing, of_consequence, means, concentration,
        honest, chance,
    )  # fmt: skip
