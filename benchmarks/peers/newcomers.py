"""Who leaves its place in the plain program, and how its successor is brought up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scipy.special import betaincinv

from .draws import DEPARTURE, PARENT, UPBRINGING, YOUTH

if TYPE_CHECKING:
    from .mesa_society import PlainSociety
    from .person import Person

MONTH = 4
"""Weeks from one replacement to the next."""


def replace_some(model: PlainSociety) -> None:
    """Let newcomers take the places of those who leave them."""
    chance = 1 - (1 - model.turnover) ** MONTH
    luck, week = model.luck, model.week
    leaving = [person for person in model.people if luck.one(DEPARTURE, person.row, 0, week) < chance]
    parents = [parent_of(person, luck.one(PARENT, person.row, 0, week)) for person in leaving]
    for person in leaving:
        person.identity += len(model.people)
    for person, parent in zip(leaving, parents, strict=True):
        bring_up(person, parent)
    for person in leaving:
        person.clear_records()
        for institution in model.institutions:
            institution.take_in(person)


def parent_of(person: Person, draw: float) -> Person:
    """Draw a neighbour by how far it is trusted."""
    left = draw * sum(person.trust[n.row] for n in person.neighbours)
    if not left:
        return person
    for n in person.neighbours:
        left -= person.trust[n.row]
        if left < 0:
            return n
    return person.neighbours[-1]


def bring_up(person: Person, parent: Person) -> None:
    """Make somebody a newcomer with convictions and evidence of its own, near those of its parent."""
    model, rates = person.model, person.model.rates
    prior, heritage = rates.trust.prior, rates.trust.heritage
    conviction = [upbringing(model, parent, d) for d in range(len(model.domains))]
    draws = model.luck.by_domain(UPBRINGING, person.identity, model.week, len(model.domains))
    kept = 1 - rates.upbringing.socialisation - rates.upbringing.nature
    much = (rates.conviction_concentration + 1) / (1 - kept**2) - 1 if kept < 1 else 0.0
    person.conviction = [
        float(betaincinv(much * mean, much * (1 - mean), draw)) if much else mean
        for mean, draw in zip(conviction, draws, strict=False)
    ]
    person.temperament, person.character = list(person.conviction), list(person.conviction)
    person.approval = list(parent.approval)
    for name in ("fair", "unfair", "scar", "punished", "unpunished", "punished_innocent", "spared_innocent"):
        usual = prior if name in ("fair", "unfair") else 0.0
        setattr(person, name, usual + heritage * (getattr(parent, name) - usual))
    person.believe()
    fresh = float(betaincinv(2.5, 2.5, model.luck.one(UPBRINGING, person.identity, YOUTH, model.week)))
    person.disposition = fresh + heritage * (parent.generalised_trust - fresh)
    meet_strangers(person)
    person.born = model.week
    for n in person.neighbours:
        for a, b in ((person, n), (n, person)):
            a.trust[b.row] = a.resting[b.row] = a.first[b.row]


def upbringing(model: PlainSociety, parent: Person, d: int) -> float:
    """Mean of the convictions that a parent may pass on."""
    rates = model.rates
    own = model.domains[d].conviction_mean
    own = rates.conviction_mean if own is None else own
    s, nature = rates.upbringing.socialisation, rates.upbringing.nature
    mean = (1 - s - nature) * parent.conviction[d] + s * parent.approval[d] + nature * own
    return min(0.999, max(0.001, mean))


def meet_strangers(person: Person) -> None:
    """Set evidence about strangers to where weekly deals leave it."""
    model, rates = person.model, person.model.rates.trust
    honest = model.domains[model.debt].level
    lasting = rates.people_deals / rates.people_forgetting if rates.people_forgetting else 0.0
    trust = person.disposition
    for _ in range(30):
        person.kept_faith, person.broke_faith = lasting * trust * honest, lasting * trust * (1 - honest)
        total = rates.people + person.kept_faith + person.broke_faith
        trust = (rates.people * person.disposition + person.kept_faith) / total
    person.generalised_trust = trust
