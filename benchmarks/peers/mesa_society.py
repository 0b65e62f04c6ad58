"""The same rules as an ordinary Mesa program: one Python object a citizen, written as a Mesa user would.

It is what the compiled columns are measured against. It follows the equations of the rules (perceive, act, report,
sensors, court, score, rewards, exchange, fear, trust, internalise) with Mesa's own agents, agent sets and random
generator, and with the small economies that a careful Python programmer makes: attributes looked up once, neighbours
kept as lists, nothing computed for what cannot happen. Its draws are Mesa's, so that it agrees with the compiled rules
in distribution, not draw by draw (a test compares the two).
"""

from __future__ import annotations

from itertools import pairwise
from math import exp, log

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
        self.initial_conviction = c.initial_conviction[row].tolist()
        self.conviction = list(self.initial_conviction)
        self.complies = [bool(act) for act in c.complies[row]]
        self.unobserved = list(self.complies)
        self.unchanged = list(self.complies)
        self.expectation = c.expectation[row].tolist()
        self.fear = [0.0] * len(self.conviction)
        self.watched = c.watched[row].tolist()
        self.conformity, self.reactance = float(c.conformity[row]), float(c.reactance[row])
        self.image_concern, self.privacy_concern = float(c.image_concern[row]), float(c.privacy_concern[row])
        self.score = float(c.score[row])
        self.visibility = float(c.visibility[row])
        self.fair, self.unfair = 0.0, float(c.unfair[row])
        self.closeness = self.regard = self.visible_harm = self.coercion = 0.0
        self.authority_trust = 0.5
        self.external = [0.0] * len(self.conviction)
        self.noted: set[int] = set()
        self.charges: set[int] = set()
        self.sanctioned: set[int] = set()
        self.wrongful: set[int] = set()
        self.reports = self.false_reports = 0
        self.received = self.withheld = 0.0

    def perceive(self) -> None:
        model, neighbours = self.model, self.neighbours
        if not neighbours:
            return
        self.regard = 2 * sum(n.authority_trust for n in neighbours) / len(neighbours) - 1
        memory = model.rates.memory
        for d, domain in enumerate(model.domains):
            raised = model.weight[d] * (1 - domain.openness)
            complying = deviating = 0.0
            for n in neighbours:
                seen = domain.openness + n.visibility * raised
                if n.complies[d]:
                    complying += seen
                else:
                    deviating += seen
            if complying + deviating:
                evidence = memory + complying + deviating
                self.expectation[d] = (memory * self.expectation[d] + complying) / evidence

    def act(self) -> None:
        model, rates, random = self.model, self.model.rates, self.random
        fear = external = harm = 0.0
        for d, domain in enumerate(model.domains):
            o = self.watched[d]
            seen = domain.openness + self.visibility * model.weight[d] * (1 - domain.openness)
            own = rates.conviction_weight * (2 * self.conviction[d] - 1) - domain.cost
            conformity = self.conformity * seen * (2 * self.expectation[d] - 1)
            image = self.image_concern * self.visibility * model.weight[d] * o * self.regard
            stake = 0.0
            if model.gain[d] or model.loss[d]:
                stake = model.benefit(self.score + model.gain[d] * o) - model.benefit(self.score - model.loss[d] * o)
            afraid = domain.loss * self.fear[d]
            reactance = -self.reactance * domain.sensitivity * o * (1 - self.authority_trust)
            draw = random.random() or 1e-300
            required = log(draw / (1 - draw)) / rates.rationality
            self.complies[d] = own + conformity + image + stake + afraid + reactance >= required
            self.unobserved[d] = own >= required
            first = rates.conviction_weight * (2 * self.initial_conviction[d] - 1) - domain.cost
            self.unchanged[d] = first >= required
            self.external[d] = max(0.0, conformity) + max(0.0, image) + max(0.0, stake) + afraid
            external += self.external[d]
            fear += afraid
            if domain.harm and not self.complies[d]:
                harm += domain.harm * seen
        self.coercion = fear / external if external else 0.0
        self.visible_harm = harm

    def watch(self) -> None:
        model, random, rates = self.model, self.random, self.model.rates.report
        self.noted.clear()
        self.charges.clear()
        self.reports = self.false_reports = 0
        deviations = [d for d, domain in enumerate(model.domains) if domain.scored and not self.complies[d]]
        innocent = [d for d, domain in enumerate(model.domains) if domain.scored and self.complies[d]]
        for n in self.neighbours:
            trust = n.trust[self.row]
            for d in deviations:
                openness = model.domains[d].openness
                if random.random() < openness + self.visibility * model.weight[d] * (1 - openness):
                    utility = (
                        model.hotline.reward
                        + rates.outrage * n.conviction[d]
                        + rates.legitimacy * (2 * n.authority_trust - 1)
                        + rates.need * n.closeness
                        - rates.loyalty * trust
                        - rates.hassle
                    )
                    if random.random() < 1 / (1 + exp(-model.rates.rationality * utility)):
                        self.charges.add(d)
                        self.reports += 1
            if innocent and random.random() < rates.false_rate * (1 + model.hotline.reward) * (1 - trust):
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
        self.sanctioned.clear()
        self.wrongful.clear()
        for d in list(self.charges):
            if not model.domains[d].sanctioned:
                continue
            if random.random() >= (court.error if self.complies[d] else 1 - court.miss):
                self.charges.discard(d)
            elif random.random() < court.notice:
                self.sanctioned.add(d)
                if self.complies[d]:
                    self.wrongful.add(d)

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
        stranger = random.choice(model.people)
        if sum(trust.values()) / max(1, len(trust)) > random.random():
            model.deals += 1
            model.frauds += not stranger.complies[model.honesty]

    def learn(self) -> None:
        model, neighbours = self.model, self.neighbours
        fears, rates = model.rates.fear, model.rates.trust
        near = [n for n in neighbours if n.sanctioned]
        share = len(near) / max(1, len(neighbours))
        for d in range(len(self.fear)):
            target = 1.0 if d in self.sanctioned else fears.vicarious * share
            self.fear[d] += fears.learning * (target - self.fear[d])
        deserved = sum(any(model.domains[d].harm for d in n.sanctioned - n.wrongful) for n in near)
        wrong = sum(bool(n.wrongful) for n in near)
        intrusion = sum(o * domain.sensitivity for o, domain in zip(self.watched, model.domains, strict=True))
        intrusion *= self.privacy_concern / len(self.watched)
        keep = 1 - rates.forgetting
        self.fair = keep * self.fair + self.received + rates.vicarious * deserved
        self.unfair = keep * self.unfair + bool(self.wrongful) + rates.vicarious * wrong + self.withheld + intrusion
        trust = self.trust
        if self.reports:
            doubt = sum(1 - value for value in trust.values())
            for row, value in trust.items():
                share = (1 - value) / doubt if doubt else 1 / len(trust)
                trust[row] = value * (1 - rates.suspicion * share) ** self.reports
        for n in neighbours:
            value = trust[n.row] * max(0.0, 1 - rates.witnessed * n.visible_harm)
            trust[n.row] = value + rates.recovery * (self.resting[n.row] - value)

    def internalise(self) -> None:
        rates = self.model.rates.internalise
        weight = self.model.rates.conviction_weight
        total = sum(self.trust.values())
        backlash = rates.react * self.reactance * self.coercion * (1 - self.authority_trust)
        self.next_conviction = []
        for d, x in enumerate(self.conviction):
            external = self.external[d]
            justified = external / (external + weight) if external else 0.0
            shift = rates.self * (1 - justified) * (self.complies[d] - x) - backlash * x
            shift += rates.anchor * (self.initial_conviction[d] - x)
            if rates.talk and total:
                heard = sum(self.trust[n.row] * n.conviction[d] for n in self.neighbours)
                shift += rates.talk * (heard / total - x)
            self.next_conviction.append(min(1.0, max(0.0, x + shift)))

    def settle(self) -> None:
        self.conviction = self.next_conviction
        self.authority_trust = (self.fair + 1) / (self.fair + self.unfair + 2)


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
        self.weight = start.conditions.weight.tolist()
        self.gain, self.loss = start.conditions.gain.tolist(), start.conditions.loss.tolist()
        tiers = sorted((floor, self.rewards.benefits.get(name, 0.0)) for name, floor in self.bureau.tiers.items())
        self.tiers = tiers
        self.thresholds = [floor for floor, _ in tiers[1:]]
        self.paid = 1.0
        self.deals = self.frauds = 0
        self.people = [Person(self, row, start) for row in range(len(start.citizens))]
        owners, ties = start.ties.owners(), start.ties
        for owner, other, trust in zip(owners.tolist(), ties.neighbours.tolist(), ties.trust.tolist(), strict=True):
            self.people[owner].neighbours.append(self.people[other])
            self.people[owner].trust[other] = trust
            self.people[owner].resting[other] = trust
        self.datacollector = mesa.DataCollector(
            {
                "compliance": lambda m: m.mean(lambda p: sum(p.complies) / len(p.complies)),
                "unobserved": lambda m: m.mean(lambda p: sum(p.unobserved) / len(p.unobserved)),
                "trust_authority": lambda m: m.mean(lambda p: p.authority_trust),
                "trust_ties": lambda m: m.mean(lambda p: sum(p.trust.values()) / max(1, len(p.trust))),
                "reports": lambda m: m.mean(lambda p: p.reports),
                "score_mean": lambda m: m.mean(lambda p: p.score),
            }
        )

    def mean(self, of) -> float:
        return sum(map(of, self.people)) / len(self.people)

    def promised(self, score: float) -> float:
        tiers = self.tiers
        if score <= tiers[0][0]:
            return tiers[0][1]
        for (low, less), (high, more) in pairwise(tiers):
            if score < high:
                return less + (more - less) * (score - low) / (high - low)
        return tiers[-1][1]

    def benefit(self, score: float) -> float:
        return self.paid * self.promised(score)

    def reward(self) -> None:
        claims = [self.promised(person.score) for person in self.people]
        self.paid = min(1.0, self.rewards.budget * len(self.people) / max(1e-300, sum(claims)))
        largest = max(benefit for _, benefit in self.tiers)
        scored = [d for d, domain in enumerate(self.domains) if domain.scored]
        for person, claim in zip(self.people, claims, strict=True):
            kept = sum(person.complies[d] for d in scored) / len(scored)
            person.received = self.paid * claim / largest * kept
            person.withheld = (1 - self.paid) * claim / largest

    def step(self) -> None:
        for phase in ("perceive", "act", "watch", "judge", "update_score"):
            self.agents.do(phase)
        self.reward()
        for phase in ("exchange", "learn", "internalise", "settle"):
            self.agents.do(phase)
        self.datacollector.collect(self)
