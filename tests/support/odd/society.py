"""The institutions of `visible-score-and-reports`, and the course of the whole."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from .drawing import (
    APPEAL,
    BLIND,
    DEPARTURE,
    DISCOVERY,
    ENROLMENT,
    HOTLINE_REACH,
    SENSOR,
    VERDICT,
    VERIFICATION,
)
from .people import logistic
from .week import Week, has

QUARTER = 13
CHANNELS = {"debt": "payment", "consumption": "payment", "order": "place", "civic": "place", "dissent": "talk",
            "curiosity": "search"}  # fmt: skip


class Society(Week):
    """People under institutions."""

    def settle(self) -> dict[int, Any]:
        """Live without institutions; return acts, beliefs and convictions after each week."""
        x, weeks, kept = self.x, int(self.s["population.settle"]), {}
        quarter = min(QUARTER, weeks)
        self.forget()
        self.rest()
        self.solve()
        self.explain([[domain["level"] for domain in self.domains] for _ in self.all], x["expectation"])
        self.week = -weeks
        self.early = {name: [list(row) for row in x[name]] for name in ("conviction", "approval", "intercept")}
        self.early |= {"cost": list(self.cost), "spread": list(self.spread), "trust": dict(self.trust)}
        self.act()
        sums = {name: [[0.0 for _ in self.lanes] for _ in self.all] for name in ("acts", "expectation", "approval")}
        for k in range(weeks):
            if k == weeks - quarter:
                self.solve()
            self.week = k - weeks
            self.perceive()
            self.act()
            self.report()
            self.mingle()
            self.internalise()
            names = ["complies", "expectation", "approval", "conviction"]
            kept[self.week] = {name: [list(row) for row in x[name]] for name in names}
            for i in self.all if k >= weeks - quarter else ():
                for d in self.lanes:
                    sums["acts"][i][d] += self.chance(i, d)
                    for name in ("expectation", "approval"):
                        sums[name][i][d] += x[name][i][d]
        means = {name: [[value / quarter for value in row] for row in rows] for name, rows in sums.items()}
        self.explain(means["acts"], means["expectation"])
        x["start_expectation"], x["first_approval"] = means["expectation"], means["approval"]
        x["start_conviction"] = [list(row) for row in x["conviction"]]
        self.measure_spread()
        self.forget()
        self.week = 0
        return kept

    def chance(self, i: int, d: int) -> float:
        """Chance of complying at the last terms."""
        return logistic(self.c("rationality") * self.terms[i, d]["utility"])

    def i(self, name: str) -> Any:
        """A setting of an institution."""
        return self.s[f"institutions.{name}"]

    def establish(self) -> None:
        """Let the institutions come, and state what holds for all."""
        enrolled, start = self.i("score_bureau.enrolled"), self.i("score_bureau.start")
        draws = [self.luck.uniform(ENROLMENT, self.who[i]) for i in self.all]
        self.x["score"] = [start if draw < enrolled else float("nan") for draw in draws]
        self.docket: list[tuple[int, int, int, int]] = []
        self.state()

    def state(self) -> None:
        """State what holds for all."""
        x, uniform = self.x, self.luck.uniform
        self.sense()
        points = [self.i("score_bureau.points").get(name, {"gain": 0.0, "loss": 0.0}) for name in self.names]
        self.gain, self.lose = [p["gain"] for p in points], [p["loss"] for p in points]
        total = sum(self.gain) + sum(self.lose)
        self.weight = [(self.gain[d] + self.lose[d]) / total for d in self.lanes]
        self.show()
        self.own, self.public = self.i("score_bureau.visibility.self"), self.i("score_bureau.visibility.public")
        self.range, self.anonymous = (
            (self.i("score_bureau.floor"), self.i("score_bureau.ceiling")),
            self.i("hotline.anonymous"),
        )
        tiers = self.i("score_bureau.tiers")
        benefits = {name: self.i("reward_scheme.benefits").get(name, 0.0) for name in tiers}
        ladder = sorted((floor, benefits[name]) for name, floor in tiers.items())
        self.ramps = [(a, b - a, (q - p) / (b - a)) for (a, p), (b, q) in pairwise(ladder)]
        self.thresholds = [floor for floor, _ in ladder[1:]]
        self.lowest, self.largest = ladder[0][1], max(benefits.values())
        self.hotline, self.reward = True, self.i("hotline.reward")
        x["can_report"] = [int(uniform(HOTLINE_REACH, self.who[i]) < self.i("hotline.reach")) for i in self.all]

    def sense(self) -> None:
        """Let the sensors come."""
        x, uniform = self.x, self.luck.uniform
        coverage, blind = self.i("sensor_network.coverage"), self.i("sensor_network.blind_share")
        self.reach = [0.0 if uniform(BLIND, self.who[i]) < blind else min(1.0, coverage) for i in self.all]
        channels = [f"sensor_network.channels.{CHANNELS[domain['role']]}" for domain in self.domains]
        self.detects = [self.domains[d]["detection"] * self.i(channels[d]) for d in self.lanes]
        x["watched"] = [[self.reach[i] * self.detects[d] for d in self.lanes] for i in self.all]

    def mind(self) -> None:
        """With association, mind what neighbours' deviations cost one's score."""
        x, pull, decay = self.x, self.i("score_bureau.association"), self.i("score_bureau.decay")
        if pull == 0 or not self.ramps:
            return
        worth = []
        for score in x["score"]:
            slopes = [slope for at, width, slope in self.ramps if 0 <= score - at < width]
            worth.append(self.c("horizon") * self.own * self.paid * sum(slopes))
        for i in self.all:
            mean = sum(worth[j] for j in self.near[i]) / len(self.near[i]) if x["score"][i] == x["score"][i] else 0.0
            for d in self.lanes:
                lost = x["perceived_detection"][i][d] * pull / (pull + decay) * (self.gain[d] + self.lose[d])
                x["fellows_loss"][i][d] = min(1.0, lost * mean)

    def show(self) -> None:
        """Let neighbours see the scored."""
        peers = self.i("score_bureau.visibility.peers")
        self.x["visibility"] = [peers if score == score else 0.0 for score in self.x["score"]]

    def watch(self) -> None:
        """Let neighbours report, sensors record, and the hotline dismiss some false reports."""
        x, luck = self.x, self.luck
        self.clear("noted", "detected", "reported", "denounced", "reports_against", "false_against")
        self.report()
        for i in self.all:
            for d in self.lanes:
                draw, chance = luck.of_domain(SENSOR, self.who[i], d, self.week), self.reach[i] * self.detects[d]
                misread = draw < chance * self.i("sensor_network.false_positive")
                kind = "noted" if x["complies"][i][d] and not misread else "detected"
                x[kind][i] = int(x[kind][i]) | (draw < chance) << d
                if has(x["denounced"][i], d):
                    dismissed = luck.of_domain(VERIFICATION, self.who[i], d, self.week) < self.i("hotline.verification")
                    x["denounced"][i] = int(x["denounced"][i]) ^ dismissed << d

    def judge(self) -> None:
        """Let the court judge, and decide appeals."""
        x, court = self.x, lambda name: self.i(f"court.{name}")
        self.clear("told", "untold", "framed", "restored")
        x["upheld"] = [int(x["detected"][i]) | int(x["reported"][i]) | int(x["denounced"][i]) for i in self.all]
        charges = [(i, d) for i in self.all for d in self.lanes
                   if has(x["upheld"][i], d) and self.domains[d]["sanctioned"]]  # fmt: skip
        hearing = min(1.0, court("caseload") * self.size / max(1, len(charges)))
        for i, d in charges:
            heard, verdict, notified, _ = self.luck.words(VERDICT, self.who[i], d, self.week)
            good = x["complies"][i][d]
            if heard >= hearing:
                continue
            if verdict >= (min(1.0, court("error")) if good else 1 - court("miss")):
                x["upheld"][i] ^= 1 << d
                continue
            for kind in (("told", "framed") if good else ("told",)) if notified < court("notice") else ("untold",):
                x[kind][i] = int(x[kind][i]) | 1 << d
        for week, i, person, appealed in self.docket:
            due = week == self.week and person == self.who[i]
            if due and self.luck.uniform(APPEAL, person, 0, week) < court("appeal_success"):
                x["restored"][i] = int(x["restored"][i]) | appealed
                self.blame(i, -2.0 * appealed.bit_count() / 2)

    def blame(self, i: int, unfairness: float) -> None:
        """Add to the evidence that the authority is unfair."""
        self.x["unfair"][i] = max(0.0, self.x["unfair"][i] + unfairness)
        self.x["scar"][i] = max(0.0, self.x["scar"][i] + self.c("trust.slow") * unfairness)

    def score(self) -> None:
        """Move scores."""
        x, bureau = self.x, lambda name: self.i(f"score_bureau.{name}")
        self.show()
        before = list(x["score"])
        for i in self.all:
            score = before[i]
            if score != score:
                continue
            points = 0.0
            for d in self.lanes:
                points += self.gain[d] * has(x["noted"][i], d) - self.lose[d] * has(x["upheld"][i], d)
                points += self.lose[d] * has(x["restored"][i], d)
            near = [before[j] for j in self.near[i] if before[j] == before[j]]
            pull = bureau("association") * (sum(near) / len(near) - score) if near else 0.0
            score += points + bureau("decay") * (bureau("start") - score) + pull
            x["score"][i] = score = min(bureau("ceiling"), max(bureau("floor"), score))
            x["closeness"][i] = max(max(0.0, 1 - abs(score - at) / bureau("near")) for at in self.thresholds)

    def sanction(self) -> None:
        """Pay benefits, then sanction."""
        x, claims = self.x, []
        for i in self.all:
            score = x["score"][i]
            steps = sum(slope * min(max(score - at, 0.0), width) for at, width, slope in self.ramps)
            claims.append(self.lowest + steps if score == score else 0.0)
        budget = self.i("reward_scheme.budget") * self.size
        self.paid = 1.0 if sum(claims) <= budget else budget / sum(claims)
        scored = [d for d in self.lanes if self.domains[d]["scored"]]
        for i in self.all:
            kept = sum(x["complies"][i][d] for d in scored) / len(scored)
            x["received"][i] = min(1.0, self.paid * claims[i] / self.largest) * kept
            x["withheld"][i] = max(0.0, 1 - self.paid) * claims[i] / self.largest
        self.convict()
        for i in self.all if self.i("score_bureau.penalises") else ():
            if x["score"][i] < self.i("score_bureau.penalty_below"):
                for d in self.lanes:
                    if has(x["upheld"][i], d) and self.domains[d]["sanctioned"]:
                        x["sanctioned"][i] = int(x["sanctioned"][i]) | 1 << d
                        x["wrongful"][i] = int(x["wrongful"][i]) | x["complies"][i][d] << d

    def convict(self) -> None:
        """Sanction those who were told, and keep what was not told."""
        x = self.x
        for i in self.all:
            x["sanctioned"][i], x["wrongful"][i] = x["told"][i], x["framed"][i]
            good = sum(x["complies"][i][d] << d for d in self.lanes)
            x["undisclosed"][i] = int(x["undisclosed"][i]) | int(x["untold"][i])
            x["undisclosed_wrong"][i] = int(x["undisclosed_wrong"][i]) | int(x["untold"][i]) & good

    def renew(self) -> None:
        """Let newcomers take the places of those who leave them; the score bureau takes them in."""
        stays = (1 - self.s["population.turnover"]) ** 4
        gone = [i for i in self.all if self.luck.uniform(DEPARTURE, i, 0, self.week) < 1 - stays]
        parents = {i: self.parent(i) for i in gone}
        for i in gone:
            self.who[i] += self.size
        for i, j in parents.items():
            self.bring_up(i, j)
            self.welcome(i)
        if gone:
            self.state()

    def welcome(self, i: int) -> None:
        """Take in a newcomer."""
        enrolled = self.luck.uniform(ENROLMENT, self.who[i]) < self.i("score_bureau.enrolled")
        self.x["score"][i] = self.i("score_bureau.start") if enrolled else float("nan")
        self.x["undisclosed"][i] = self.x["undisclosed_wrong"][i] = 0

    def find_out(self) -> None:
        """Let some learn of verdicts that they were not told of, and take appeals."""
        x, court = self.x, lambda name: self.i(f"court.{name}")
        for i in self.all:
            wrong, unknown, appealed = int(x["undisclosed_wrong"][i]), int(x["undisclosed"][i]), int(x["framed"][i])
            learns = unknown and self.luck.uniform(DISCOVERY, self.who[i], 0, self.week) < court("discovery")
            if learns or (unknown and x["noticed"][i]):
                if "unaware" in x:
                    x["unaware"][i] = 0
                verdicts, mistakes = unknown.bit_count(), wrong.bit_count()
                x["punished"][i] += self.c("consequence.salience") * (verdicts - mistakes)
                x["punished_innocent"][i] += self.c("consequence.salience") * mistakes
                self.blame(i, verdicts + 2.0 * mistakes)
                x["undisclosed"][i] = x["undisclosed_wrong"][i] = 0
                appealed |= wrong
            if appealed:
                self.docket.append((self.week + int(court("appeal_delay")), i, self.who[i], appealed))

    def step(self, see: Any) -> None:
        """Live a week; `see(phase)` is called after each phase."""
        self.week += 1
        if self.week % 4 == 0 and self.s["population.turnover"] > 0:
            self.renew()
        self.seen = self.perceive()
        self.mind()
        see("perceive")
        for phase in ("act", "watch", "judge", "score", "sanction"):
            getattr(self, phase)()
            see(phase)
        self.clear("unjust")
        self.mingle()
        self.find_out()
        see("mingle")
        self.internalise()
        see("internalise")
