"""A citizen of the plain program: what it sees, does and reports, and what becomes of its convictions."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

from .draws import ACT, REPORT
from .learning import Learner

if TYPE_CHECKING:
    import glasshouse as gh

    from .mesa_society import PlainSociety

LISTS = (
    "conviction", "character", "temperament", "start_conviction", "start_expectation", "expectation", "approval",
    "first_approval", "intercept", "everyday_unseen", "ordinary_image", "pressure",
)  # fmt: skip
NUMBERS = (
    "conformity", "image_concern", "reactance", "privacy_concern", "wealth", "means", "fair", "unfair", "scar",
    "punished", "unpunished", "punished_innocent", "spared_innocent", "reporting", "generalised_trust", "disposition",
    "kept_faith", "broke_faith", "authority_trust",
)  # fmt: skip
ACTS = ("complies", "complies_unobserved", "complies_alone", "complies_unchanged", "complies_at_start")


class Person(Learner):
    """A citizen with its own lists and dictionaries, who starts as one of the settled citizens of a society."""

    def __init__(self, model: PlainSociety, row: int, start: gh.Society) -> None:
        super().__init__(model)
        c = start.citizens
        self.row, self.identity, self.born = row, int(c.identity[row]), int(c.born[row])
        self.neighbours: list[Person] = []
        self.trust: dict[int, float] = {}
        self.resting: dict[int, float] = {}
        self.first: dict[int, float] = {}
        for name in LISTS:
            setattr(self, name, getattr(c, name)[row].tolist())
        for name in NUMBERS:
            setattr(self, name, float(getattr(c, name)[row]))
        for name in ACTS:
            setattr(self, name, [bool(act) for act in getattr(c, name)[row]])
        self.close, self.others = int(c.close[row]), int(c.others[row])
        self.quick, self.slow = c.quick_detection[row].tolist(), c.slow_detection[row].tolist()
        self.perceived = c.perceived_detection[row].tolist()
        self.guilty, self.innocent = float(c.believed_guilty[row]), float(c.believed_innocent[row])
        domains = range(len(self.conviction))
        self.surprise, self.fear = [0.0 for _ in domains], [0.0 for _ in domains]
        self.visible_harm = self.unjust = self.witnessings = 0.0
        self.reports = self.false_reports = 0
        self.accusers: list[int] = []
        self.noted, self.detected, self.reported, self.denounced = set[int](), set[int](), set[int](), set[int]()
        self.clear_records()

    def clear_records(self) -> None:
        """Be somebody of whom no institution has heard."""
        self.score: float | None = None
        self.closeness = self.visibility = self.hardship = self.received = self.withheld = 0.0
        self.watched = [0.0 for _ in self.conviction]
        self.can_report = False
        self.upheld, self.told, self.untold = set[int](), set[int](), set[int]()
        self.framed, self.restored = set[int](), set[int]()
        self.undisclosed, self.undisclosed_wrong = set[int](), set[int]()
        self.listed = self.unaware = self.unpaid = self.noticed = False
        self.listed_since, self.owed, self.listed_for = 0, 0.0, set[int]()
        self.show(0.0)

    def show(self, visibility: float) -> None:
        """Let neighbours see the record, and acts in as far as the record shows them."""
        self.visibility = visibility
        model = self.model
        self.sight = [
            domain.openness + visibility * weight * (1 - domain.openness)
            for domain, weight in zip(model.domains, model.weight, strict=True)
        ]

    def look_back(self) -> None:
        """Count who could have witnessed last week's offences."""
        seen = sum(self.sight[d] for d in self.model.offences if not self.complies[d])
        self.witnessings = len(self.neighbours) * seen

    def perceive(self) -> None:
        """See the neighbours' acts of last week, and what came of them."""
        model, neighbours = self.model, self.neighbours
        rates, consequence = model.rates, model.rates.consequence
        beta, lam = rates.rationality, rates.conviction_weight
        for d in range(len(model.domains) if neighbours else 0):
            complying = deviating = 0.0
            for n in neighbours:
                if n.complies[d]:
                    complying += n.sight[d]
                else:
                    deviating += n.sight[d]
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
            if model.domains[d].loss:
                heard = consequence.vicarious * model.certainty[d] * self.perceived[d]
                self.unpunished += heard * deviating
                self.spared_innocent += heard * complying
        if model.hotline is None:
            self.reporting *= 1 - consequence.reporting
            return
        kappa = consequence.vicarious
        events = self.reports + kappa * sum(n.reports for n in neighbours)
        chances = self.witnessings + kappa * sum(n.witnessings for n in neighbours)
        if chances:
            self.reporting += consequence.reporting * (min(1.0, events / chances) - self.reporting)

    def act(self) -> None:
        """Decide in every domain what to do, and what one would do with one thing after the other taken away."""
        draws = self.model.luck.by_domain(ACT, self.identity, self.model.week, len(self.model.domains))
        self.visible_harm = 0.0
        for d, draw in enumerate(draws[: len(self.model.domains)]):
            self.expect_to_be_known(d)
            self.decide(d, log(draw / (1 - draw)) / self.model.rates.rationality)

    def expect_to_be_known(self, d: int) -> None:
        """Set the believed chance that the authority will know of an act."""
        consequence = self.model.rates.consequence
        silent = 1.0
        if self.reporting and d in self.model.offences:
            silent = exp(-self.reporting * self.sight[d] * len(self.neighbours))
        known = 1 - (1 - self.watched[d]) * silent
        self.quick[d] += consequence.alertness * (known - self.quick[d])
        self.slow[d] += consequence.slow_alertness * (known - self.slow[d])
        self.perceived[d] = (1 - consequence.slow_weight) * self.quick[d] + consequence.slow_weight * self.slow[d]

    def image(self, d: int) -> tuple[float, float]:
        """What others think of an act, with those who see it and with everyday eyes alone."""
        rates, image, seen = self.model.rates, self.model.rates.image, self.sight[d]
        approved = (1 - rates.projection) * self.approval[d] + rates.projection * self.conviction[d]
        alone = (1 - seen * image.counts_close) ** self.close * (1 - seen * image.counts_other) ** self.others
        public = 1 - alone * (1 - self.perceived[d] * image.counts_authority)
        worth = self.image_concern * (2 * approved - 1)
        return worth * public, worth * (1 - self.everyday_unseen[d])

    def stake(self, d: int) -> float:
        """What an act is expected to bring by way of the score."""
        model = self.model
        if self.score is None or not (model.gain[d] or model.loss[d]):
            return 0.0
        better, worse = model.promised(self.score + model.gain[d]), model.promised(self.score - model.loss[d])
        return model.own * model.paid * model.rates.horizon * self.perceived[d] * (better - worse)

    def decide(self, d: int, required: float) -> None:
        """Do the five acts of a domain, which comply where their utility is at or above what is required."""
        model, rates, domain = self.model, self.model.rates, self.model.domains[d]
        lam, cost, believed = rates.conviction_weight, model.cost[d], self.perceived[d]
        of_image, ordinary = self.image(d)
        stake = self.stake(d)
        dread = (domain.loss + model.bars[d]) * believed * model.certainty[d]
        fear = self.fear[d] = dread * max(0.0, self.guilty - self.innocent)
        reactance = -self.reactance * domain.sensitivity * believed * (1 - self.authority_trust)
        burden = cost + self.hardship * abs(cost)
        reason = lam * (2 * self.conviction[d] - 1) - burden
        private = reason + self.conformity * (2 * self.expectation[d] - 1)
        usual = self.conformity * (2 * self.start_expectation[d] - 1)
        unchanged = lam * (2 * self.start_conviction[d] - 1) + usual
        pressure = of_image + stake + fear + reactance
        complies = self.complies[d] = private + pressure >= required
        self.complies_unobserved[d] = private >= required
        self.complies_alone[d] = reason + usual >= required
        self.complies_unchanged[d] = unchanged - burden >= required
        self.complies_at_start[d] = unchanged - cost >= required
        if complies:
            external = max(0.0, of_image - ordinary) + max(0.0, stake) + fear
        else:
            external = abs(reactance) + max(0.0, ordinary - of_image)
        itself = 1 / (1 + exp(-rates.rationality * (private + ordinary)))
        excuse = external / (external + lam) if external > 0 else 0.0
        self.surprise[d] = (1 - excuse) * (complies - itself)
        self.pressure[d], self.ordinary_image[d] = pressure, ordinary
        if domain.harm and not complies:
            self.visible_harm += domain.harm * self.sight[d]

    def be_reported(self) -> None:
        """Let every neighbour report what it saw, or what it did not."""
        model = self.model
        self.reports = self.false_reports = 0
        self.reported, self.denounced = set(), set()
        self.accusers = []
        if model.hotline is None:
            return
        deviations = [d for d in model.offences if not self.complies[d]]
        innocent = [d for d in model.offences if self.complies[d]]
        rates, beta = model.rates.report, model.rates.rationality
        invented = rates.false_rate * exp(beta * model.hotline.reward)
        one, week = model.luck.one, model.week
        for n in self.neighbours:
            if not n.can_report:
                continue
            draw, trust = one(REPORT, self.identity, n.identity, week), n.trust[self.row]
            if deviations:
                legitimacy = rates.legitimacy * (2 * n.authority_trust - 1)
                others = model.hotline.reward + legitimacy + rates.need * n.closeness
                others -= rates.loyalty * trust + rates.hassle
            for d in deviations:
                chance = self.sight[d] / (1 + exp(-beta * (others + rates.outrage * n.conviction[d])))
                if draw < chance:
                    self.reported.add(d)
                    self.accusers.append(n.row)
                    draw /= chance
                else:
                    draw = (draw - chance) / (1 - chance)
            chance = min(1.0, invented * (1 - trust))
            if innocent and draw > 1 - chance:
                self.denounced.add(innocent[min(int((1 - draw) / chance * len(innocent)), len(innocent) - 1)])
                self.accusers.append(n.row)
                self.false_reports += 1
        self.reports = len(self.accusers)

    def internalise(self) -> None:
        """Work out the convictions of next week."""
        model, rates, lam = self.model, self.model.rates.internalise, self.model.rates.conviction_weight
        total = sum(self.trust.values())
        plastic = 1 + rates.plasticity * exp(-max(0, model.week - self.born) / (52 * 7))
        self.next_conviction: list[float] = []
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

    def change(self) -> None:
        """Take on the convictions worked out, and let character follow."""
        self.conviction = self.next_conviction
        rate = self.model.rates.internalise.character
        self.character = [h + rate * (x - h) for h, x in zip(self.character, self.conviction, strict=True)]
