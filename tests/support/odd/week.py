"""The rules of citizens, phase by phase."""

from __future__ import annotations

from math import exp, log
from typing import Any

from .drawing import ACT, EXCHANGE, REPORT
from .people import People, logistic

KEYS = ("conviction", "cost", "conformity", "image", "stake", "fear", "reactance")


def has(members: float, d: int) -> bool:
    """Whether a set has a domain."""
    return bool(int(members) >> d & 1)


class Week(People):
    """People who live by the rules."""

    week = 0

    def sight(self, i: int, d: int) -> float:
        """Rate at which a neighbour sees an act of i."""
        openness = self.domains[d]["openness"]
        return openness + self.x["visibility"][i] * self.weight[d] * (1 - openness)

    def clear(self, *names: str) -> None:
        """Set columns to 0."""
        for name in names:
            self.x[name] = [0.0 for _ in self.all]

    def perceive(self) -> dict[str, Any]:
        """See last week's acts; return what was seen and predicted."""
        x, weight, found = self.x, self.c("conviction_weight"), {}
        last = [list(row) for row in x["complies"]]
        for i in self.all:
            for d in self.lanes:
                up = sum(self.sight(j, d) for j in self.near[i] if last[j][d])
                down = sum(self.sight(j, d) for j in self.near[i] if not last[j][d])
                y, z, plain = x["approval"][i][d], x["expectation"][i][d], x["ordinary_image"][i][d]
                u = weight * (2 * y - 1) - self.cost[d] + x["conformity"][i] * (2 * z - 1)
                u += plain + (1 - self.c("face_value")) * (x["pressure"][i][d] - plain)
                p = logistic(self.flattening(d) * self.c("rationality") * u + x["intercept"][i][d])
                x["expectation"][i][d] = (self.c("memory") * z + up) / (self.c("memory") + up + down)
                y += (up - (up + down) * p) / (self.c("memory_norm") + up + down)
                x["approval"][i][d] = min(1.0, max(0.0, y))
                if self.loss[d] > 0:
                    known = self.c("consequence.vicarious") * self.sure[d] * x["perceived_detection"][i][d]
                    x["unpunished"][i] += known * down
                    x["spared_innocent"][i] += known * up
                found[i, d] = up, down, p
        self.hear_of_reports(last)
        return found

    def hear_of_reports(self, last: Any) -> None:
        """Update how often witnesses are believed to report."""
        x, rate, vicarious = self.x, self.c("consequence.reporting"), self.c("consequence.vicarious")
        could = [len(self.near[i]) * sum(self.sight(i, d) for d in self.lanes if self.offence[d] and not last[i][d])
                 for i in self.all]  # fmt: skip
        new = []
        for i in self.all:
            events = x["reports_against"][i] + vicarious * sum(x["reports_against"][j] for j in self.near[i])
            chances = could[i] + vicarious * sum(could[j] for j in self.near[i])
            q = x["reporting"][i]
            if not self.hotline:
                q *= 1 - rate
            elif chances > 0:
                q += rate * (min(1.0, events / chances) - q)
            new.append(q)
        x["reporting"] = new

    def benefit(self, score: float) -> float:
        """What a score is expected to bring a week."""
        return sum(self.own * self.paid * slope * min(max(score - at, 0.0), width) for at, width, slope in self.ramps)

    def act(self) -> None:
        """Decide the five acts."""
        x, beta = self.x, self.c("rationality")
        x["visible_harm"] = [0.0 for _ in self.all]
        for i in self.all:
            for d, domain in enumerate(self.domains):
                v, ties = self.sight(i, d), len(self.near[i])
                silent = exp(-x["reporting"][i] * v * ties) if self.offence[d] else 1.0
                delta = 1 - (1 - x["watched"][i][d]) * silent
                for name, speed in (("quick_detection", "alertness"), ("slow_detection", "slow_alertness")):
                    x[name][i][d] += self.c(f"consequence.{speed}") * (delta - x[name][i][d])
                w = self.c("consequence.slow_weight")
                x["perceived_detection"][i][d] = (1 - w) * x["quick_detection"][i][d] + w * x["slow_detection"][i][d]
                t = self.weigh(i, d, v)
                self.terms[i, d] = t
                r = self.luck.of_domain(ACT, self.who[i], d, self.week)
                need = log(r / (1 - r)) / beta
                private = t["conviction"] + t["cost"] + t["conformity"]
                pressure = t["image"] + t["stake"] + t["fear"] + t["reactance"]
                usual = x["conformity"][i] * (2 * x["start_expectation"][i][d] - 1)
                before = self.c("conviction_weight") * (2 * x["start_conviction"][i][d] - 1)
                acts = (private + pressure, private, t["conviction"] + t["cost"] + usual, before + t["cost"] + usual,
                        before - self.cost[d] + usual)  # fmt: skip
                names = ["complies", "complies_unobserved", "complies_alone", "complies_unchanged", "complies_at_start"]
                for name, utility in zip(names, acts, strict=True):
                    x[name][i][d] = int(utility >= need)
                x["pressure"][i][d] = pressure
                plain, a = x["ordinary_image"][i][d], x["complies"][i][d]
                e = max(0.0, t["image"] - plain) + max(0.0, t["stake"]) + t["fear"] if a else (
                    abs(t["reactance"]) + max(0.0, plain - t["image"]))  # fmt: skip
                justified = e / (e + self.c("conviction_weight"))
                x["surprise"][i][d] = (1 - justified) * (a - logistic(beta * (private + plain)))
                x["visible_harm"][i] += domain["harm"] * v * (1 - a)
                self.terms[i, d] |= {"required": need, "utility": private + pressure}

    def weigh(self, i: int, d: int, v: float) -> dict[str, float]:
        """The seven terms; sets the ordinary image."""
        x, domain, b = self.x, self.domains[d], self.x["perceived_detection"][i][d]
        approved = self.approved(i, d)
        alone = (1 - v * self.c("image.counts_close")) ** x["close"][i]
        alone *= (1 - v * self.c("image.counts_other")) ** x["others"][i]
        known = 1 - alone * (1 - b * self.c("image.counts_authority"))
        everyday = 1 - x["everyday_unseen"][i][d]
        x["ordinary_image"][i][d] = x["image_concern"][i] * everyday * (2 * approved - 1)
        score = x["score"][i]
        more = self.benefit(score + self.gain[d]) - self.benefit(score - self.lose[d]) if score == score else 0.0
        risk = max(0.0, x["believed_guilty"][i] - x["believed_innocent"][i])
        return {
            "conviction": self.c("conviction_weight") * x["conviction_share"][i] * (2 * x["conviction"][i][d] - 1)
            + self.c("habit.weight") * x["habit"][i][d],
            "cost": -self.cost[d] - x["hardship"][i] * abs(self.cost[d]),
            "conformity": x["conformity"][i] * (2 * x["expectation"][i][d] - 1),
            "image": x["image_concern"][i] * known * (2 * approved - 1 + x["fellows_loss"][i][d]),
            "stake": self.c("horizon") * b * more,
            "fear": (self.loss[d] + self.bars[d]) * b * self.sure[d] * risk,
            "reactance": -x["reactance"][i] * domain["sensitivity"] * b * (1 - x["authority_trust"][i]),
        }

    def report(self) -> None:
        """Let neighbours report, truly and falsely."""
        x, r, beta = self.x, lambda name: self.c(f"report.{name}"), self.c("rationality")
        self.accused = dict.fromkeys(self.trust, 0)
        for i, j in sorted(self.trust) if self.hotline else ():
            if not x["can_report"][j]:
                continue
            rest, trust = self.luck.uniform(REPORT, self.who[i], self.who[j], self.week), self.trust[j, i]
            for d in self.lanes:
                if self.offence[d] and not x["complies"][i][d]:
                    u = self.reward + r("outrage") * x["conviction"][j][d] - r("hassle") - r("loyalty") * trust
                    u += r("legitimacy") * (2 * x["authority_trust"][j] - 1) + r("need") * x["closeness"][j]
                    p = self.sight(i, d) * logistic(beta * u)
                    if rest < p:
                        x["reported"][i] = int(x["reported"][i]) | 1 << d
                        x["reports_against"][i] += 1
                        self.accused[i, j] += 1
                        rest /= p
                    else:
                        rest = (rest - p) / (1 - p)
            innocent = [d for d in self.lanes if self.offence[d] and x["complies"][i][d]]
            p = min(1.0, r("false_rate") * exp(beta * self.reward) * (1 - trust))
            if innocent and rest > 1 - p:
                d = innocent[min(int((1 - rest) / p * len(innocent)), len(innocent) - 1)]
                x["denounced"][i] = int(x["denounced"][i]) | 1 << d
                for name in ("reports_against", "false_against"):
                    x[name][i] += 1
                self.accused[i, j] += 1

    def mingle(self) -> None:
        """Earn, deal, learn of sanctions, and trust accordingly."""
        self.exchange()
        self.gather()
        self.learn()
        for i in self.all:
            self.believe(i)
        self.trust_people()
        self.trust_neighbours()

    def exchange(self) -> None:
        """Deal with a neighbour and with a stranger."""
        x, t = self.x, lambda name: self.c(f"trust.{name}")
        for i in self.all:
            income = x["means"][i] * (1 - x["hardship"][i])
            x["wealth"][i] += self.c("income") * (income - x["wealth"][i])
            pick, caution, other, wary = self.luck.words(EXCHANGE, self.who[i], 0, self.week)
            j, made = self.near[i][int(pick * len(self.near[i]))], 0
            trust = self.trust[i, j]
            if trust > caution:
                honest = x["complies"][j][self.debt]
                made = 1 if honest else 3
                self.trust[i, j] = trust + t("honest") * (1 - trust) if honest else trust * (1 - t("witnessed"))
            j = int(other * (self.size - 1))
            j += j >= i
            trust = believed = x["generalised_trust"][i]
            if self.public > 0 and x["score"][j] == x["score"][j]:
                a, (low, high) = self.public * x["authority_trust"][i], self.range
                believed = (1 - a) * trust + a * (x["score"][j] - low) / (high - low)
            if believed > wary:
                made |= 4 if x["complies"][j][self.debt] else 12
                made |= 16 if trust <= wary else 0
            x["deals"][i] = made

    def gather(self) -> None:
        """Gather the week's evidence about the authority, sanctions left out."""
        x, t = self.x, lambda name: self.c(f"trust.{name}")
        scored = [d for d in self.lanes if self.domains[d]["scored"]]
        for i in self.all:
            earned = sum(x["complies"][i][d] for d in scored) if x["received"][i] > 0 else 0
            known = sum(self.domains[d]["sensitivity"] * x["perceived_detection"][i][d] for d in self.lanes)
            against = t("intrusion") * known / len(self.domains) * x["privacy_concern"][i] / self.c("privacy_concern")
            against += t("benefit") * len(scored) * x["withheld"][i]
            keep, rest = 1 - t("forgetting"), t("forgetting")
            x["fair"][i] = keep * x["fair"][i] + rest * t("prior") + t("benefit") * earned
            x["unfair"][i] = keep * x["unfair"][i] + rest * (t("prior") + x["scar"][i]) + against
            x["scar"][i] = (1 - t("healing")) * x["scar"][i] + t("slow") * against

    def learn(self) -> None:
        """Learn of sanctions: one's own, then those of neighbours."""
        x, q, t = self.x, lambda name: self.c(f"consequence.{name}"), lambda name: self.c(f"trust.{name}")
        for i in self.all:
            for name in ("punished", "unpunished", "punished_innocent", "spared_innocent"):
                x[name][i] *= 1 - q("forgetting")
            for d in self.lanes:
                if self.loss[d] > 0:
                    hit, good = has(x["sanctioned"][i], d), x["complies"][i][d]
                    known = q("salience") if hit else self.sure[d] * x["perceived_detection"][i][d]
                    kinds = ("punished_innocent", "spared_innocent") if good else ("punished", "unpunished")
                    x[kinds[not hit]][i] += known
        for i in self.all:
            for d in self.lanes:
                if not has(x["sanctioned"][i], d):
                    continue
                good = x["complies"][i][d]
                own = 0.0 if good else x["conviction"][i][d]
                against = 1 - own + good
                x["fair"][i] += own
                x["unfair"][i] += against
                x["scar"][i] += t("slow") * against
                x["unjust"][i] += good
                for j in self.near[i]:
                    v = self.sight(i, d)
                    guilt = v * (1 - good) + (1 - v) * x["authority_trust"][j]
                    if self.loss[d] > 0:
                        x["punished"][j] += 0.98 * q("vicarious") * q("salience") * guilt
                        x["punished_innocent"][j] += 0.98 * q("vicarious") * q("salience") * (1 - guilt)
                    just = guilt * x["conviction"][j][d]
                    x["fair"][j] += t("vicarious") * just
                    x["unfair"][j] += t("vicarious") * (1 - just)
                    x["scar"][j] += t("slow") * t("vicarious") * (1 - just)
                    x["unjust"][j] += q("vicarious") * (1 - guilt)

    def trust_people(self) -> None:
        """Update trust in people at large."""
        x, t = self.x, lambda name: self.c(f"trust.{name}")
        for i in self.all:
            x["reports_heard"][i] = sum(x["reports_against"][j] for j in self.near[i])
            deals, keep = int(x["deals"][i]), 1 - t("people_forgetting")
            honest, fraud = deals & 4 and not deals & 8, deals & 8
            reports = x["reports_against"][i] + t("vicarious") * x["reports_heard"][i]
            x["kept_faith"][i] = keep * x["kept_faith"][i] + (t("people_deals") if honest else 0.0)
            x["broke_faith"][i] = keep * x["broke_faith"][i] + (t("people_deals") if fraud else 0.0)
            x["broke_faith"][i] += t("people_reports") * reports
            kept, broken, n = x["kept_faith"][i], x["broke_faith"][i], t("people")
            x["generalised_trust"][i] = (n * x["disposition"][i] + kept) / (n + kept + broken)

    def trust_neighbours(self) -> None:
        """Update trust along ties, and where it rests."""
        x, t = self.x, lambda name: self.c(f"trust.{name}")
        for i, j in self.trust:
            own, heard = int(x["reports_against"][i]), int(x["reports_heard"][i])
            if not self.anonymous:
                own, heard = self.accused[i, j], 0
            before = self.trust[i, j]
            after = before * (1 - t("suspicion")) ** own * (1 - t("suspicion") * t("vicarious")) ** heard
            rest = max(0.0, self.resting[i, j] - t("scarring") * (before - after))
            rest += t("healing") * (self.first[i, j] - rest)
            after *= max(0.0, 1 - t("witnessed") * x["visible_harm"][j])
            self.resting[i, j], self.trust[i, j] = rest, after + t("recovery") * (rest - after)

    def internalise(self) -> None:
        """Move convictions and character."""
        x, a, weight = self.x, lambda name: self.c(f"internalise.{name}"), self.c("conviction_weight")
        moved = [[x["conviction"][i][d] - x["temperament"][i][d] for d in self.lanes] for i in self.all]
        for i in self.all:
            open_to = 1 + a("plasticity") * exp(-max(0.0, self.week - x["born"][i]) / (52 * 7))
            trusted = sum(self.trust[i, j] for j in self.near[i])
            for d in self.lanes:
                told = sum(self.trust[i, j] * moved[j][d] for j in self.near[i]) / trusted
                own, m, h = x["conviction"][i][d], x["temperament"][i][d], x["character"][i][d]
                fear, lasting = self.terms[i, d]["fear"], a("temperament_share")
                anger = (fear / (fear + weight) + x["unjust"][i]) * (1 - x["authority_trust"][i])
                shift = a("self") * x["surprise"][i][d] + a("talk") * (told - moved[i][d])
                shift += a("norm") * (x["approval"][i][d] - x["first_approval"][i][d] - moved[i][d])
                shift -= a("react") * x["reactance"][i] * anger * own
                shift += a("anchor") * (lasting * m + (1 - lasting) * h - own)
                x["conviction"][i][d] = own = min(1.0, max(0.0, own + open_to * shift))
                x["character"][i][d] = h + a("character") * (own - h)
        self.grow_used()

    def grow_used(self) -> None:
        """Form habits, and let prices erode the weight of conviction."""
        x, h, w = self.x, lambda name: self.c(f"habit.{name}"), lambda name: self.c(f"crowding.{name}")
        for i in self.all:
            for d in self.lanes if h("weight") > 0 else ():
                t, habit = self.terms[i, d], x["habit"][i][d]
                alone = t["conviction"] + t["cost"] + t["conformity"] - h("weight") * habit
                own = logistic(self.c("rationality") * alone)
                x["habit"][i][d] = habit + h("forming") * (x["complies"][i][d] - own - habit)
            if w("erosion") > 0:
                priced, share = (
                    min(1.0, max(abs(self.terms[i, d]["stake"]) for d in self.lanes)),
                    x["conviction_share"][i],
                )
                share += w("recovery") * (1 - share) - w("erosion") * priced * share
                x["conviction_share"][i] = min(1.0, max(0.0, share))
