"""The same rules as an ordinary Mesa program: one Python object a citizen, written as a Mesa user would.

It is a second implementation of the citizens' rules, of newcomers and of six institutions, with Mesa's own agents and
agent sets and with the small economies of a careful Python programmer: attributes looked up once, neighbours kept as
lists, nothing computed for what cannot happen. It starts from the settled citizens of a compiled society and shares
none of its rules. Under keyed draws it lives the same luck, and does the same acts (`agreement` compares the two); the
compiled columns are measured against it too.
"""

from __future__ import annotations

from itertools import pairwise
from math import inf, pi

import mesa

import glasshouse as gh

from .draws import Keyed, Unkeyed
from .institutions import KINDS
from .newcomers import MONTH, replace_some
from .person import Person


def lacking(scenario: gh.Scenario) -> list[str]:
    """What a scenario has that this program has not."""
    found = [name for name in scenario.institutions if name not in KINDS]
    rates, bureau = scenario.citizens, scenario.institutions.get("score_bureau")
    blacklist = scenario.institutions.get("blacklist")
    options = {
        "changes in the course": scenario.dated,
        "citizens.rationality": rates.rationality == inf,
        "citizens.habit": rates.habit.weight,
        "citizens.crowding": rates.crowding.erosion,
        "score_bureau.association": bureau and bureau.association,
        "score_bureau.visibility.group": bureau and bureau.visibility.group,
        "score_bureau.penalises": bureau and bureau.penalises,
        "blacklist.below": blacklist and blacklist.below > -1e6,
        "blacklist.joint_punishment": blacklist and not blacklist.joint_punishment,
    }
    return found + [name for name, there in options.items() if there]


def mean(people: list[Person], of) -> float:
    return sum(map(of, people)) / len(people)


class PlainSociety(mesa.Model):
    """People and institutions of a scenario, started from the citizens and ties of a compiled society.

    Parameters
    ----------
    start
        A society in which no week was lived.
    keyed
        Whether its luck is that of `start`; else it draws from Mesa's generator.
    rng
        Seed of that generator.
    """

    def __init__(self, start: gh.Society, keyed: bool = True, rng: int = 1) -> None:
        super().__init__(rng=rng)
        scenario = start.scenario
        if missing := lacking(scenario):
            raise ValueError(f"the plain program does not have {', '.join(missing)}")
        self.luck = Keyed(start.seed_number) if keyed else Unkeyed(self.random)
        self.rates, self.turnover, self.settings = (
            scenario.citizens,
            scenario.population.turnover,
            scenario.institutions,
        )
        self.week = 0
        self.know_domains(scenario, start)
        self.bureau, self.hotline = self.settings.get("score_bureau"), self.settings.get("hotline")
        self.gain, self.loss, self.weight, self.bars = ([0.0 for _ in self.domains] for _ in range(4))
        self.tiers: list[tuple[float, float]] = []
        self.own = self.paid = self.discretion = 1.0
        self.public, self.signed = 0.0, False
        self.institutions = [kind(self, self.settings[name]) for name, kind in KINDS.items() if name in self.settings]
        for institution in self.institutions:
            institution.state()
        self.people = [Person(self, row, start) for row in range(len(start.citizens))]
        self.tie(start)
        for person in self.people:
            for institution in self.institutions:
                institution.take_in(person)
        self.datacollector = mesa.DataCollector(
            {
                "compliance": lambda m: mean(m.people, lambda p: sum(p.complies) / len(p.complies)),
                "unobserved": lambda m: mean(m.people, lambda p: sum(p.complies_unobserved) / len(p.complies)),
                "trust_authority": lambda m: mean(m.people, lambda p: p.authority_trust),
                "trust_ties": lambda m: mean(m.people, lambda p: sum(p.trust.values()) / max(1, len(p.trust))),
                "reports": lambda m: mean(m.people, lambda p: p.reports),
                "score_mean": lambda m: mean(m.people, lambda p: p.score or 0.0),
            }
        )

    def know_domains(self, scenario: gh.Scenario, start: gh.Society) -> None:
        """Take domains from the scenario; their costs and the spread of convictions were found while settling."""
        self.domain_names, self.domains = scenario.domain_names, list(scenario.domains.values())
        self.debt = next(d for d, domain in enumerate(self.domains) if domain.role == "debt")
        self.dissent = next((d for d, domain in enumerate(self.domains) if domain.role == "dissent"), None)
        self.offences = [d for d, domain in enumerate(self.domains) if domain.sanctioned or domain.loss or domain.harm]
        self.sanctioned = {d for d, domain in enumerate(self.domains) if domain.sanctioned}
        self.scored = [d for d, domain in enumerate(self.domains) if domain.scored]
        ambiguity = self.rates.consequence.ambiguity
        self.certainty = [1.0 if domain.sanctioned else ambiguity if domain.loss else 0.0 for domain in self.domains]
        self.cost = start.domains.cost.tolist()
        steepness = 2 * self.rates.rationality * self.rates.conviction_weight * start.domains.spread
        self.flattening = (1 / (1 + pi / 8 * steepness**2) ** 0.5).tolist()

    def tie(self, start: gh.Society) -> None:
        """Let people know their neighbours, in the order of the ties."""
        ties = start.ties
        columns = (ties.owners(), ties.neighbours, ties.trust, ties.resting, ties.first)
        for owner, other, trust, resting, first in zip(*(column.tolist() for column in columns), strict=True):
            person = self.people[owner]
            person.neighbours.append(self.people[other])
            person.trust[other], person.resting[other], person.first[other] = trust, resting, first

    def promised(self, score: float) -> float:
        """Benefit of a score, interpolated between the floors of tiers."""
        tiers = self.tiers
        if not tiers:
            return 0.0
        if score <= tiers[0][0]:
            return tiers[0][1]
        for (low, less), (high, more) in pairwise(tiers):
            if score < high:
                return less + (more - less) * (score - low) / (high - low)
        return tiers[-1][1]

    def against_dissent(self, person: Person) -> float:
        """By how much more a person is wronged for what it thinks."""
        dissents = self.dissent is not None and person.conviction[self.dissent] < 0.5
        return self.discretion if dissents else 1.0

    def bring_in(self, phase: str) -> None:
        """Let the institutions act, one after the other."""
        for institution in self.institutions:
            getattr(institution, phase)()

    def file(self) -> None:
        """Make what was detected or reported the charges of the week."""
        for person in self.people:
            person.upheld = person.detected | person.reported | person.denounced
            person.told, person.untold, person.framed, person.restored = set(), set(), set(), set()

    def step(self) -> None:
        self.week += 1
        if self.turnover and self.week % MONTH == 0:
            replace_some(self)
        for phase in ("look_back", "perceive", "act", "be_reported"):
            self.agents.do(phase)
        for person in self.people:
            person.noted, person.detected = set(), set()
        self.bring_in("watch")
        self.file()
        for phase in ("judge", "update_scores", "sanction"):
            self.bring_in(phase)
        for phase in ("exchange", "learn", "tell", "conclude"):
            self.agents.do(phase)
        self.bring_in("mingle")
        for phase in ("internalise", "change"):
            self.agents.do(phase)
        self.datacollector.collect(self)
