"""How a person of the plain program deals with others, and what it learns of sanctions and of whom to trust."""

from __future__ import annotations

import mesa

from .draws import EXCHANGE

HEARD = 0.98
"""Chance that a neighbour's sanction is heard of."""


class Learner(mesa.Agent):
    """The side of a person that deals, and learns from what happens to it and to its neighbours."""

    def exchange(self) -> None:
        """Earn; then deal with a neighbour and with a stranger, where trust is enough."""
        model, trust, rates = self.model, self.trust, self.model.rates.trust
        self.wealth += model.rates.income * (self.means * (1 - self.hardship) - self.wealth)
        pick, caution, other, wariness = model.luck.four(EXCHANGE, self.identity, 0, model.week)
        if self.neighbours:
            n = self.neighbours[int(pick * len(self.neighbours))]
            if trust[n.row] > caution:
                if n.complies[model.debt]:
                    trust[n.row] += rates.honest * (1 - trust[n.row])
                else:
                    trust[n.row] *= 1 - rates.witnessed
        left, deal = 1 - rates.people_forgetting, rates.people_deals
        self.kept_faith *= left
        self.broke_faith *= left
        row = int(other * (len(model.people) - 1))
        stranger = model.people[row + 1 if row >= self.row else row]
        believed = self.generalised_trust
        if model.public and stranger.score is not None:
            assured = model.public * self.authority_trust
            standing = (stranger.score - model.bureau.floor) / (model.bureau.ceiling - model.bureau.floor)
            believed = (1 - assured) * believed + assured * standing
        if believed > wariness:
            if stranger.complies[model.debt]:
                self.kept_faith += deal
            else:
                self.broke_faith += deal

    def learn(self) -> None:
        """Forget, and learn by one's own acts; what is heard of neighbours comes after everybody has."""
        model, rates = self.model, self.model.rates
        consequence, trust = rates.consequence, rates.trust
        kept = 1 - consequence.forgetting
        self.punished *= kept
        self.unpunished *= kept
        self.punished_innocent *= kept
        self.spared_innocent *= kept
        for d, domain in enumerate(model.domains):
            if not domain.loss:
                continue
            known = model.certainty[d] * self.perceived[d]
            if d in self.told:
                if self.complies[d]:
                    self.punished_innocent += consequence.salience
                else:
                    self.punished += consequence.salience
            elif self.complies[d]:
                self.spared_innocent += known
            else:
                self.unpunished += known
        scored = model.scored
        deserved = sum(self.complies[d] for d in scored) if self.received > 0 else 0
        known = sum(domain.sensitivity * b for domain, b in zip(model.domains, self.perceived, strict=True))
        concern = self.privacy_concern / rates.privacy_concern if rates.privacy_concern else 1.0
        against = trust.intrusion * known / len(model.domains) * concern + trust.benefit * len(scored) * self.withheld
        keep, prior = 1 - trust.forgetting, trust.forgetting * trust.prior
        self.fair = keep * self.fair + prior + trust.benefit * deserved
        self.unfair = keep * self.unfair + prior + trust.forgetting * self.scar + against
        self.scar = (1 - trust.healing) * self.scar + trust.slow * against
        self.unjust = 0.0

    def tell(self) -> None:
        """Let oneself and the neighbours draw their conclusions from one's sanctions."""
        model, rates = self.model, self.model.rates
        consequence, trust = rates.consequence, rates.trust
        for d in sorted(self.told):
            deviated = not self.complies[d]
            own = self.conviction[d] if deviated else 0.0
            against = 1 - own + (not deviated)
            self.fair += own
            self.unfair += against
            self.scar += trust.slow * against
            self.unjust += not deviated
            counts = consequence.vicarious * consequence.salience * HEARD if model.domains[d].loss else 0.0
            seen = self.sight[d]
            for n in self.neighbours:
                guilt = seen * deviated + (1 - seen) * n.authority_trust
                n.punished += counts * guilt
                n.punished_innocent += counts * (1 - guilt)
                just = guilt * n.conviction[d]
                n.fair += trust.vicarious * just
                n.unfair += trust.vicarious * (1 - just)
                n.scar += trust.slow * trust.vicarious * (1 - just)
                n.unjust += consequence.vicarious * (1 - guilt)

    def believe(self) -> None:
        """Set what is believed of sanctions, and trust in the authority, from the evidence."""
        consequence = self.model.rates.consequence
        weight, prior = consequence.prior_weight, consequence.prior
        known = weight + self.punished + self.unpunished
        self.guilty = (weight * prior + self.punished) / known if known else prior
        known = weight + self.punished_innocent + self.spared_innocent
        self.innocent = self.punished_innocent / known if known else 0.0
        self.authority_trust = (self.fair + 1) / (self.fair + self.unfair + 2)

    def conclude(self) -> None:
        """Believe by the evidence, and trust people at large and along ties accordingly."""
        rates, signed = self.model.rates.trust, self.model.signed
        self.believe()
        heard = sum(n.reports for n in self.neighbours)
        self.broke_faith += rates.people_reports * (self.reports + rates.vicarious * heard)
        total = rates.people + self.kept_faith + self.broke_faith
        self.generalised_trust = (rates.people * self.disposition + self.kept_faith) / total
        factor = (1 - rates.suspicion) ** self.reports * (1 - rates.suspicion * rates.vicarious) ** heard
        for n in self.neighbours:
            if signed:
                factor = (1 - rates.suspicion) ** self.accusers.count(n.row)
            before = self.trust[n.row]
            value = before * factor
            resting = max(0.0, self.resting[n.row] - rates.scarring * (before - value))
            resting += rates.healing * (self.first[n.row] - resting)
            value *= max(0.0, 1 - rates.witnessed * n.visible_harm)
            self.resting[n.row] = resting
            self.trust[n.row] = value + rates.recovery * (resting - value)

    def blame(self, unfairness: float) -> None:
        """Add to, or take from, the evidence that the authority is unfair."""
        self.unfair = max(0.0, self.unfair + unfairness)
        self.scar = max(0.0, self.scar + self.model.rates.trust.slow * unfairness)
