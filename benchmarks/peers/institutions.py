"""Institutions of the plain program, each there where the scenario has it; they act in the order of `KINDS`."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, Any

from .draws import (
    APPEAL,
    BLIND,
    DELISTING,
    DENIAL,
    DISCOVERY,
    ENROLMENT,
    HOTLINE_REACH,
    LISTING,
    PAYMENT,
    REFUSAL,
    SENSOR,
    VERDICT,
    VERIFICATION,
)

if TYPE_CHECKING:
    from .mesa_society import PlainSociety
    from .person import Person

CHANNELS = {"curiosity": "search", "order": "place", "civic": "place", "debt": "payment", "consumption": "payment",
            "dissent": "talk"}  # fmt: skip


class Institution:
    """Something that does nothing yet in any phase."""

    def __init__(self, model: PlainSociety, settings: Any) -> None:
        self.model, self.settings = model, settings

    def state(self) -> None:
        """State what holds for all."""

    def take_in(self, person: Person) -> None:
        """Take in somebody who is new."""

    def watch(self) -> None: ...

    def judge(self) -> None: ...

    def update_scores(self) -> None: ...

    def sanction(self) -> None: ...

    def mingle(self) -> None: ...

    def one(self, purpose: int, person: Person, whom: int = 0) -> float:
        return self.model.luck.one(purpose, person.identity, whom, self.model.week)


class Sensors(Institution):
    """Record acts, and misread some."""

    def take_in(self, person: Person) -> None:
        blind = self.model.luck.one(BLIND, person.identity, 0, 0) < self.settings.blind_share
        reach = 0.0 if blind else min(1.0, self.settings.coverage)
        channels = self.settings.channels
        person.watched = [
            reach * domain.detection * (getattr(channels, CHANNELS[domain.role]) if domain.role in CHANNELS else 1.0)
            for domain in self.model.domains
        ]

    def watch(self) -> None:
        model, misread = self.model, self.settings.false_positive
        for person in model.people:
            if not any(person.watched):
                continue
            draws = model.luck.by_domain(SENSOR, person.identity, model.week, len(model.domains))
            for d, chance in enumerate(person.watched):
                if draws[d] < chance:
                    fine = person.complies[d] and draws[d] >= chance * misread
                    (person.noted if fine else person.detected).add(d)


class Bureau(Institution):
    """Keep a score, and show it."""

    def state(self) -> None:
        model, s = self.model, self.settings
        for d, name in enumerate(model.domain_names):
            if name in s.points:
                model.gain[d], model.loss[d] = s.points[name].gain, s.points[name].loss
        total = sum(model.gain) + sum(model.loss)
        model.weight = [(g + l) / total if total else 0.0 for g, l in zip(model.gain, model.loss, strict=True)]  # noqa: E741
        model.own, model.public = s.visibility.self, s.visibility.public
        self.floors = sorted(s.tiers.values())
        model.tiers = [(floor, 0.0) for floor in self.floors]

    def take_in(self, person: Person) -> None:
        if self.model.luck.one(ENROLMENT, person.identity, 0, 0) < self.settings.enrolled:
            person.score = self.settings.start
            person.show(self.settings.visibility.peers)

    def update_scores(self) -> None:
        s, gain, loss = self.settings, self.model.gain, self.model.loss
        for person in self.model.people:
            if person.score is None:
                continue
            points = sum(gain[d] for d in person.noted) - sum(loss[d] for d in person.upheld)
            points += sum(loss[d] for d in person.restored)
            score = person.score + points + s.decay * (s.start - person.score)
            score = person.score = min(s.ceiling, max(s.floor, score))
            gap = min((abs(score - floor) for floor in self.floors[1:]), default=s.near)
            person.closeness = max(0.0, 1 - gap / s.near)


class Rewards(Institution):
    """Pay the benefits of tiers, as far as the budget goes."""

    def state(self) -> None:
        s, bureau = self.settings, self.model.bureau
        tiers = bureau.tiers if bureau else {}
        self.model.tiers = sorted((floor, s.benefits.get(name, 0.0)) for name, floor in tiers.items())

    def sanction(self) -> None:
        model = self.model
        people, scored = model.people, model.scored
        claims = [0.0 if person.score is None else model.promised(person.score) for person in people]
        budget, total = self.settings.budget * len(people), sum(claims)
        largest = max((benefit for _, benefit in model.tiers), default=0.0)
        if not largest:
            return
        paid = model.paid = 1.0 if total <= budget else budget / total
        for person, claim in zip(people, claims, strict=True):
            kept = sum(person.complies[d] for d in scored) / len(scored)
            person.received = min(1.0, paid * claim / largest) * kept
            person.withheld = (1 - paid) * claim / largest


class Hotline(Institution):
    """Take reports, and dismiss some that are false."""

    def state(self) -> None:
        self.model.signed = not self.settings.anonymous

    def take_in(self, person: Person) -> None:
        person.can_report = self.model.luck.one(HOTLINE_REACH, person.identity, 0, 0) < self.settings.reach

    def watch(self) -> None:
        model = self.model
        for person in model.people:
            if person.denounced:
                draws = model.luck.by_domain(VERIFICATION, person.identity, model.week, len(model.domains))
                kept = self.settings.verification
                person.denounced = {d for d in person.denounced if draws[d] >= kept}


class Court(Institution):
    """Judge as many of the charges as it can hear, and decide appeals."""

    def __init__(self, model: PlainSociety, settings: Any) -> None:
        super().__init__(model, settings)
        self.docket: list[tuple[int, Person, int, set[int]]] = []

    def state(self) -> None:
        self.model.discretion = self.settings.discretion if self.settings.caseload > 0 else 1.0

    def judge(self) -> None:
        model = self.model
        charges = [(person, d) for person in model.people for d in sorted(person.upheld & model.sanctioned)]
        hearing = min(1.0, self.settings.caseload * len(model.people) / max(1, len(charges)))
        for person, d in charges:
            self.hear(person, d, hearing)
        due = [appeal for appeal in self.docket if appeal[0] <= model.week]
        self.docket = [appeal for appeal in self.docket if appeal[0] > model.week]
        for _, person, identity, domains in due:
            # Nobody goes on with the appeal of somebody who has left.
            if person.identity == identity and self.one(APPEAL, person) < self.settings.appeal_success:
                person.restored |= domains
                person.blame(-len(domains))

    def hear(self, person: Person, d: int, hearing: float) -> None:
        s, complied = self.settings, person.complies[d]
        heard, verdict, notified, _ = self.model.luck.four(VERDICT, person.identity, d, self.model.week)
        if heard >= hearing:
            return
        error = min(1.0, s.error * self.model.against_dissent(person))
        if verdict >= (error if complied else 1 - s.miss):
            person.upheld.discard(d)
        elif notified >= s.notice:
            person.untold.add(d)
        else:
            person.told.add(d)
            if complied:
                person.framed.add(d)

    def sanction(self) -> None:
        for person in self.model.people:
            if person.untold:
                person.undisclosed |= person.untold
                person.undisclosed_wrong |= {d for d in person.untold if person.complies[d]}

    def mingle(self) -> None:
        """Let some find out what they were not told, and take the appeals of innocents who know."""
        salience, delay = self.model.rates.consequence.salience, self.settings.appeal_delay
        for person in self.model.people:
            appealed = set(person.framed)
            unknown, wrong = person.undisclosed, person.undisclosed_wrong
            if unknown and (person.noticed or self.one(DISCOVERY, person) < self.settings.discovery):
                person.unaware = False
                person.punished += salience * (len(unknown) - len(wrong))
                person.punished_innocent += salience * len(wrong)
                person.blame(len(unknown) + 2 * len(wrong))
                appealed |= wrong
                person.undisclosed, person.undisclosed_wrong = set(), set()
            if appealed:
                self.docket.append((self.model.week + delay, person, person.identity, appealed))


class Blacklist(Institution):
    """List who is convicted, bar the listed, and let them off who pay, apologise or win an appeal."""

    def state(self) -> None:
        model, s = self.model, self.settings
        court = model.settings.get("court")
        if court and court.caseload > 0:
            dread = sum(bar.dread for bar in s.bars.values())
            for d in model.sanctioned:
                model.bars[d] = dread * (s.entry if d == model.debt else s.verdicts)

    def sanction(self) -> None:
        people = self.model.people
        before = [person for person in people if person.listed]
        for person in before:
            if self.let_off(person):
                person.listed = person.unaware = False
        for person in people:
            if not person.listed and (person.told or person.untold):
                self.put_on(person)
        hardship = min(1.0, sum(bar.hardship for bar in self.settings.bars.values()))
        for person in people:
            person.noticed = False
            if person.listed:
                self.deny(person)
            person.hardship = hardship if person.listed else 0.0

    def let_off(self, person: Person) -> bool:
        """Let a listed person pay and apologise; return whether it comes off."""
        s, week, knows = self.settings, self.model.week, not person.unaware
        payment = min(person.owed, s.saving * person.wealth) if knows else 0.0
        person.wealth -= payment
        paid, person.owed = payment > 0 and payment == person.owed, person.owed - payment
        again = knows and person.unpaid
        lost = paid and self.one(PAYMENT, person) < s.lost_payment
        if again:
            person.unpaid = False
        elif lost:
            person.unpaid = True
        if lost:
            person.unaware = True
        sorry = knows and week - person.listed_since >= s.term
        sorry = sorry and self.one(DELISTING, person) < 1 - exp(-s.repair / 52)
        refusal = min(1.0, s.refusal * self.model.against_dissent(person))
        refused = sorry and self.one(REFUSAL, person) < refusal
        if refused:
            person.listed_since = week
        if refused or again:
            person.blame(1.0)
        return (paid and not lost) or again or (sorry and not refused) or bool(person.listed_for & person.restored)

    def put_on(self, person: Person) -> None:
        """List somebody whom this week's verdicts bring there."""
        model, s = self.model, self.settings
        convicted = person.told | person.untold
        others = convicted - {model.debt}
        broke = model.debt in convicted and person.wealth < s.debt and self.one(LISTING, person) < s.entry
        others = others if others and self.one(LISTING, person, 1) < s.verdicts else set[int]()
        causes = ({model.debt} if broke else set[int]()) | others
        if causes:
            person.listed, person.listed_since, person.listed_for = True, model.week, causes
            person.owed, person.unpaid = s.debt - person.wealth if broke else 0.0, False
            person.unaware = bool(causes & person.untold)

    def deny(self, person: Person) -> None:
        """Turn a listed person away at counters; who did not know that it is listed learns of it so."""
        for k, bar in enumerate(self.settings.bars.values() if person.unaware else ()):
            if self.one(DENIAL, person, k) < bar.attempts:
                person.noticed = True
        if person.noticed:
            person.unaware = False


KINDS: dict[str, type[Institution]] = {
    "sensor_network": Sensors,
    "score_bureau": Bureau,
    "reward_scheme": Rewards,
    "hotline": Hotline,
    "court": Court,
    "blacklist": Blacklist,
}
