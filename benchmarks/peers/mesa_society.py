"""The same rules as an ordinary Mesa program: one Python object a citizen, written as a Mesa user would.

It is what the compiled columns are measured against. It follows the equations of the rules (perceive, act, report,
sensors, court, score, rewards, exchange, consequences, trust, internalise; no newcomers, no appeals) with Mesa's own
agents, agent sets and random generator, and with the small economies of a careful Python programmer: attributes looked
up once, neighbours kept as lists, nothing computed for what cannot happen. Its draws are Mesa's, so that it agrees with
the compiled rules in distribution, not draw by draw (a test compares the two).
"""

from __future__ import annotations

from itertools import pairwise
from math import exp, log, pi

import mesa

import glasshouse as gh


class Person(mesa.Agent):
    """A citizen with its own lists and dictionaries."""

    def __init__(self, model: PlainSociety, row: int, start: gh.Society) -> None:
        super().__init__(model)
        c = start.citizens
        self.row = row
        self.neighbours: list[Person] = []
        self.trust: dict[int, float] = {}
        self.resting: dict[int, float] = {}
        self.first: dict[int, float] = {}
        for name in (
            "conviction", "character", "temperament", "start_conviction", "expectation", "approval", "first_approval",
            "intercept", "everyday_unseen", "ordinary_image", "pressure", "watched",
        ):  # fmt: skip
            setattr(self, name, getattr(c, name)[row].tolist())
        for name in (
            "conformity", "image_concern", "reactance", "privacy_concern", "score", "visibility", "fair", "unfair",
            "scar", "punished", "unpunished", "punished_innocent", "spared_innocent", "reporting", "generalised_trust",
            "disposition", "kept_faith", "broke_faith", "authority_trust", "close", "others", "reach", "can_report",
        ):  # fmt: skip
            setattr(self, name, float(getattr(c, name)[row]))
        self.age_in_weeks = -int(c.born[row])
        domains = range(len(self.conviction))
        self.complies = [bool(act) for act in c.complies[row]]
        self.unobserved = list(self.complies)
        self.quick, self.slow = c.quick_detection[row].tolist(), c.slow_detection[row].tolist()
        self.perceived = c.perceived_detection[row].tolist()
        self.surprise, self.fear = [0.0 for _ in domains], [0.0 for _ in domains]
        self.guilty, self.innocent = float(c.believed_guilty[row]), float(c.believed_innocent[row])
        self.closeness = self.visible_harm = self.unjust = 0.0
        self.noted, self.charges, self.told = set[int](), set[int](), set[int]()
        self.reports = self.reports_heard = self.false_reports = 0
        self.received = self.withheld = 0.0

    def sight(self, d: int) -> float:
        model = self.model
        openness = model.domains[d].openness
        return openness + self.visibility * model.weight[d] * (1 - openness)

    def perceive(self) -> None:
        model, neighbours = self.model, self.neighbours
        if not neighbours:
            return
        rates, consequence = model.rates, model.rates.consequence
        beta, lam = rates.rationality, rates.conviction_weight
        for d in range(len(model.domains)):
            complying = deviating = 0.0
            for n in neighbours:
                if n.complies[d]:
                    complying += n.sight(d)
                else:
                    deviating += n.sight(d)
            seen = complying + deviating
            ordinary, pressure = self.ordinary_image[d], self.pressure[d]
            own = lam * (2 * self.approval[d] - 1) - model.cost[d] + self.conformity * (2 * self.expectation[d] - 1)
            own += ordinary + (1 - rates.face_value) * (pressure - ordinary)
            predicted = 1 / (1 + exp(-(model.flattening[d] * beta * own + self.intercept[d])))
            if seen:
                moved = self.approval[d] + (complying - seen * predicted) / (rates.memory_norm + seen)
                self.approval[d] = min(1.0, max(0.0, moved))
                memory = rates.memory
                self.expectation[d] = (memory * self.expectation[d] + complying) / (memory + seen)
            heard = consequence.vicarious * model.certainty[d]
            self.unpunished += heard * self.perceived[d] * deviating
            self.spared_innocent += heard * self.perceived[d] * complying
        kappa = consequence.vicarious
        events = self.reports + kappa * sum(n.reports for n in neighbours)
        chances = self.witnessings() + kappa * sum(n.witnessings() for n in neighbours)
        if chances:
            self.reporting += consequence.reporting * (min(1.0, events / chances) - self.reporting)

    def witnessings(self) -> float:
        model = self.model
        return len(self.neighbours) * sum(self.sight(d) for d in model.offences if not self.complies[d])

    def act(self) -> None:
        model, rates, random = self.model, self.model.rates, self.random
        consequence, image = rates.consequence, rates.image
        beta, lam = rates.rationality, rates.conviction_weight
        harm = 0.0
        next_acts = []
        for d, domain in enumerate(model.domains):
            seen = self.sight(d)
            reported = 1 - exp(-self.reporting * seen * (self.close + self.others)) if d in model.offences else 0.0
            known = 1 - (1 - self.reach * self.watched[d]) * (1 - reported)
            self.quick[d] += consequence.alertness * (known - self.quick[d])
            self.slow[d] += consequence.slow_alertness * (known - self.slow[d])
            believed = (1 - consequence.slow_weight) * self.quick[d] + consequence.slow_weight * self.slow[d]
            self.perceived[d] = believed
            approved = (1 - rates.projection) * self.approval[d] + rates.projection * self.conviction[d]
            alone = (1 - seen * image.counts_close) ** self.close * (1 - seen * image.counts_other) ** self.others
            public = 1 - alone * (1 - believed * image.counts_authority)
            of_image = self.image_concern * public * (2 * approved - 1)
            ordinary = self.image_concern * (1 - self.everyday_unseen[d]) * (2 * approved - 1)
            stake = 0.0
            if model.gain[d] or model.loss[d]:
                stake = model.promised(self.score + model.gain[d]) - model.promised(self.score - model.loss[d])
                stake *= model.paid * rates.horizon * believed
            self.fear[d] = domain.loss * believed * model.certainty[d] * max(0.0, self.guilty - self.innocent)
            reactance = -self.reactance * domain.sensitivity * believed * (1 - self.authority_trust)
            private = lam * (2 * self.conviction[d] - 1) - model.cost[d]
            private += self.conformity * (2 * self.expectation[d] - 1)
            draw = random.random() or 1e-300
            required = log(draw / (1 - draw)) / beta
            pressure = of_image + stake + self.fear[d] + reactance
            complies = private + pressure >= required
            self.unobserved[d] = private >= required
            next_acts.append(complies)
            if complies:
                external = max(0.0, of_image - ordinary) + max(0.0, stake) + self.fear[d]
            else:
                external = abs(reactance) + max(0.0, ordinary - of_image)
            itself = 1 / (1 + exp(-beta * (private + ordinary)))
            excuse = external / (external + lam) if external > 0 else 0.0
            self.surprise[d] = (1 - excuse) * (complies - itself)
            self.pressure[d], self.ordinary_image[d] = pressure, ordinary
            if domain.harm and not complies:
                harm += domain.harm * seen
        self.complies = next_acts
        self.visible_harm = harm

    def watch(self) -> None:
        model, random, rates = self.model, self.random, self.model.rates.report
        beta = model.rates.rationality
        self.noted.clear()
        self.charges.clear()
        self.reports = self.false_reports = 0
        deviations = [d for d in model.offences if not self.complies[d]]
        innocent = [d for d in model.offences if self.complies[d]]
        for n in self.neighbours:
            if not n.can_report:
                continue
            trust = n.trust[self.row]
            for d in deviations:
                if random.random() < self.sight(d):
                    utility = (
                        model.hotline.reward
                        + rates.outrage * n.conviction[d]
                        + rates.legitimacy * (2 * n.authority_trust - 1)
                        + rates.need * n.closeness
                        - rates.loyalty * trust
                        - rates.hassle
                    )
                    if random.random() < 1 / (1 + exp(-beta * utility)):
                        self.charges.add(d)
                        self.reports += 1
            if innocent and random.random() < rates.false_rate * exp(beta * model.hotline.reward) * (1 - trust):
                self.reports += 1
                self.false_reports += 1
                if random.random() >= model.hotline.verification:
                    self.charges.add(random.choice(innocent))
        for d, chance in enumerate(self.watched):
            if chance and random.random() < chance:
                if self.complies[d] and random.random() >= model.sensors.false_positive:
                    self.noted.add(d)
                else:
                    self.charges.add(d)

    def judge(self) -> None:
        model, random, court = self.model, self.random, self.model.court
        self.told.clear()
        for d in list(self.charges):
            if not model.domains[d].sanctioned or random.random() >= model.hearing:
                continue
            if random.random() >= (court.error if self.complies[d] else 1 - court.miss):
                self.charges.discard(d)
            elif random.random() < court.notice:
                self.told.add(d)

    def update_score(self) -> None:
        bureau, model = self.model.bureau, self.model
        points = sum(model.gain[d] for d in self.noted) - sum(model.loss[d] for d in self.charges)
        score = self.score + points + bureau.decay * (bureau.start - self.score)
        self.score = min(bureau.ceiling, max(bureau.floor, score))
        gap = min(abs(self.score - floor) for floor in model.thresholds)
        self.closeness = max(0.0, 1 - gap / bureau.near)

    def exchange(self) -> None:
        model, random, rates, trust = self.model, self.random, self.model.rates.trust, self.trust
        if self.neighbours:
            n = random.choice(self.neighbours)
            if trust[n.row] > random.random():
                if n.complies[model.honesty]:
                    trust[n.row] += rates.honest * (1 - trust[n.row])
                else:
                    trust[n.row] *= 1 - rates.witnessed
        left, deal = 1 - rates.people_forgetting, rates.people_deals
        self.kept_faith *= left
        self.broke_faith *= left
        stranger = random.choice(model.people)
        if stranger is not self and self.generalised_trust > random.random():
            honest = stranger.complies[model.honesty]
            self.kept_faith += deal * honest
            self.broke_faith += deal * (not honest)

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
        scored = [d for d, domain in enumerate(model.domains) if domain.scored]
        deserved = sum(self.complies[d] for d in scored)
        known = sum(domain.sensitivity * b for domain, b in zip(model.domains, self.perceived, strict=True))
        concern = self.privacy_concern / rates.privacy_concern
        against = trust.intrusion * known / len(model.domains) * concern + trust.benefit * len(scored) * self.withheld
        keep, prior = 1 - trust.forgetting, trust.forgetting * trust.prior
        self.fair = keep * self.fair + prior + (trust.benefit * deserved if self.received > 0 else 0.0)
        self.unfair = keep * self.unfair + prior + trust.forgetting * self.scar + against
        self.scar = (1 - trust.healing) * self.scar + trust.slow * against
        self.unjust = 0.0

    def tell(self) -> None:
        """Let oneself and the neighbours draw their conclusions from one's sanctions."""
        model, rates = self.model, self.model.rates
        consequence, trust = rates.consequence, rates.trust
        for d in self.told:
            deviated = not self.complies[d]
            own = self.conviction[d] if deviated else 0.0
            against = 1 - own + (not deviated)
            self.fair += own
            self.unfair += against
            self.scar += trust.slow * against
            self.unjust += not deviated
            counts = consequence.vicarious * consequence.salience * 0.98 if model.domains[d].loss else 0.0
            seen = self.sight(d)
            for n in self.neighbours:
                guilt = seen * deviated + (1 - seen) * n.authority_trust
                n.punished += counts * guilt
                n.punished_innocent += counts * (1 - guilt)
                just = guilt * n.conviction[d]
                n.fair += trust.vicarious * just
                n.unfair += trust.vicarious * (1 - just)
                n.scar += trust.slow * trust.vicarious * (1 - just)
                n.unjust += consequence.vicarious * (1 - guilt)

    def conclude(self) -> None:
        rates = self.model.rates.trust
        consequence = self.model.rates.consequence
        weight = consequence.prior_weight
        self.guilty = (weight * consequence.prior + self.punished) / (weight + self.punished + self.unpunished)
        self.innocent = self.punished_innocent / (weight + self.punished_innocent + self.spared_innocent)
        heard = sum(n.reports for n in self.neighbours)
        self.broke_faith += rates.people_reports * (self.reports + rates.vicarious * heard)
        total = rates.people + self.kept_faith + self.broke_faith
        self.generalised_trust = (rates.people * self.disposition + self.kept_faith) / total
        factor = (1 - rates.suspicion) ** self.reports * (1 - rates.suspicion * rates.vicarious) ** heard
        for n in self.neighbours:
            before = self.trust[n.row]
            value = before * factor
            resting = max(0.0, self.resting[n.row] - rates.scarring * (before - value))
            resting += rates.healing * (self.first[n.row] - resting)
            value *= max(0.0, 1 - rates.witnessed * n.visible_harm)
            self.resting[n.row] = resting
            self.trust[n.row] = value + rates.recovery * (resting - value)
        self.authority_trust = (self.fair + 1) / (self.fair + self.unfair + 2)

    def internalise(self) -> None:
        model, rates, lam = self.model, self.model.rates.internalise, self.model.rates.conviction_weight
        total = sum(self.trust.values())
        plastic = 1 + rates.plasticity * exp(-max(0, self.age_in_weeks + model.week) / (52 * 7))
        self.next_conviction = []
        for d, x in enumerate(self.conviction):
            mine = x - self.temperament[d]
            heard = mine
            if total:
                heard = sum(self.trust[n.row] * (n.conviction[d] - n.temperament[d]) for n in self.neighbours) / total
            fear = self.fear[d]
            shift = rates.self * self.surprise[d] + rates.talk * (heard - mine)
            shift += rates.norm * (self.approval[d] - self.first_approval[d] - mine)
            shift -= rates.react * self.reactance * (fear / (fear + lam) + self.unjust) * (1 - self.authority_trust) * x
            share = rates.temperament_share
            shift += rates.anchor * (share * self.temperament[d] + (1 - share) * self.character[d] - x)
            self.next_conviction.append(min(1.0, max(0.0, x + plastic * shift)))

    def settle(self) -> None:
        self.conviction = self.next_conviction
        rate = self.model.rates.internalise.character
        self.character = [h + rate * (x - h) for h, x in zip(self.character, self.conviction, strict=True)]


def mean(people: list[Person], of) -> float:
    return sum(map(of, people)) / len(people)


class PlainSociety(mesa.Model):
    """The society of `visible-score-and-reports`, started from the citizens and ties of a compiled one."""

    def __init__(self, start: gh.Society, rng: int = 1) -> None:
        super().__init__(rng=rng)
        scenario = start.scenario
        self.rates = scenario.citizens
        self.domains = list(scenario.domains.values())
        self.honesty = scenario.domain_names.index("credit")
        self.sensors, self.bureau, self.rewards, self.hotline, self.court = (
            scenario.institutions[name]
            for name in ("sensor_network", "score_bureau", "reward_scheme", "hotline", "court")
        )
        of = start.domains
        self.week = 0
        self.cost, self.certainty = of.cost.tolist(), of.certainty.tolist()
        steepness = 2 * self.rates.rationality * self.rates.conviction_weight * of.spread
        self.flattening = (1 / (1 + pi / 8 * steepness**2) ** 0.5).tolist()
        self.offences = [d for d, domain in enumerate(self.domains) if domain.sanctioned or domain.loss or domain.harm]
        self.hearing = 1.0
        self.weight = start.conditions.weight.tolist()
        self.gain, self.loss = start.conditions.gain.tolist(), start.conditions.loss.tolist()
        tiers = sorted((floor, self.rewards.benefits.get(name, 0.0)) for name, floor in self.bureau.tiers.items())
        self.tiers = tiers
        self.thresholds = [floor for floor, _ in tiers[1:]]
        self.paid = 1.0
        self.people = [Person(self, row, start) for row in range(len(start.citizens))]
        owners, ties = start.ties.owners(), start.ties
        columns = (owners, ties.neighbours, ties.trust, ties.resting, ties.first)
        for owner, other, trust, resting, first in zip(*(column.tolist() for column in columns), strict=True):
            person = self.people[owner]
            person.neighbours.append(self.people[other])
            person.trust[other], person.resting[other], person.first[other] = trust, resting, first
        self.datacollector = mesa.DataCollector(
            {
                "compliance": lambda m: mean(m.people, lambda p: sum(p.complies) / len(p.complies)),
                "unobserved": lambda m: mean(m.people, lambda p: sum(p.unobserved) / len(p.unobserved)),
                "trust_authority": lambda m: mean(m.people, lambda p: p.authority_trust),
                "trust_ties": lambda m: mean(m.people, lambda p: sum(p.trust.values()) / max(1, len(p.trust))),
                "reports": lambda m: mean(m.people, lambda p: p.reports),
                "score_mean": lambda m: mean(m.people, lambda p: p.score),
            }
        )

    def promised(self, score: float) -> float:
        tiers = self.tiers
        if score <= tiers[0][0]:
            return tiers[0][1]
        for (low, less), (high, more) in pairwise(tiers):
            if score < high:
                return less + (more - less) * (score - low) / (high - low)
        return tiers[-1][1]

    def reward(self) -> None:
        claims = [self.promised(person.score) for person in self.people]
        self.paid = min(1.0, self.rewards.budget * len(self.people) / max(1e-300, sum(claims)))
        largest = max(benefit for _, benefit in self.tiers)
        scored = [d for d, domain in enumerate(self.domains) if domain.scored]
        for person, claim in zip(self.people, claims, strict=True):
            kept = sum(person.complies[d] for d in scored) / len(scored)
            person.received = self.paid * claim / largest * kept
            person.withheld = (1 - self.paid) * claim / largest

    def file(self) -> None:
        """Take up so many of the charges that the court can hear."""
        charges = sum(self.domains[d].sanctioned for person in self.people for d in person.charges)
        self.hearing = min(1.0, self.court.caseload * len(self.people) / max(1, charges))

    def step(self) -> None:
        self.week += 1
        for phase in ("perceive", "act", "watch"):
            self.agents.do(phase)
        self.file()
        for phase in ("judge", "update_score"):
            self.agents.do(phase)
        self.reward()
        for phase in ("exchange", "learn", "tell", "conclude", "internalise", "settle"):
            self.agents.do(phase)
        self.datacollector.collect(self)
