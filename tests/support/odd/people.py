"""Who the people are, what they believe at first, and how they settle."""

from __future__ import annotations

from math import exp, floor, log, pi, sqrt
from typing import Any

from .drawing import AGE, CONVICTION, LIKENESS, PARENT, PEOPLE, TIE, TRAIT, UPBRINGING, Luck, below, beta, normal

BY_DOMAIN = """
conviction character temperament expectation approval first_approval start_conviction start_expectation intercept
quick_detection slow_detection perceived_detection ordinary_image pressure surprise everyday_unseen complies
habit fellows_loss complies_unobserved complies_alone complies_unchanged complies_at_start watched
"""
EACH = """
punished unpunished punished_innocent spared_innocent believed_guilty believed_innocent reporting fair unfair scar
authority_trust kept_faith broke_faith generalised_trust reports_against false_against reports_heard visible_harm
unjust visibility closeness noted detected reported denounced upheld told untold framed restored sanctioned
wrongful undisclosed undisclosed_wrong received withheld deals can_report hardship noticed
"""


def logistic(x: float) -> float:
    """1 / (1 + exp(−x)), for any x."""
    return 1 / (1 + exp(-x)) if x > -700 else 0.0


class People:
    """N people in D domains; `x[name][i]`, or `x[name][i][d]`, is a column, `trust[i, j]` of the tie from i to j."""

    def __init__(self, size: int, edges: Any, s: dict[str, Any], seed: int) -> None:
        self.s, self.luck, self.size = s, Luck(seed), size
        self.names, self.domains = list(s["domains"]), list(s["domains"].values())
        self.who = list(range(size))
        self.all, self.lanes = range(size), range(len(self.domains))
        self.near = [sorted({j for edge in edges for j in edge if i in edge and j != i}) for i in self.all]
        self.x: dict[str, Any] = {name: [[0.0 for _ in self.lanes] for _ in self.all] for name in BY_DOMAIN.split()}
        self.x |= {name: [0.0 for _ in self.all] for name in EACH.split()}
        self.x["score"] = [float("nan") for _ in self.all]
        self.cost, self.spread, self.terms = [0.0 for _ in self.lanes], [0.0 for _ in self.lanes], {}
        self.loss = [domain["loss"] for domain in self.domains]
        self.offence = [bool(d["sanctioned"] or d["loss"] > 0 or d["harm"] > 0) for d in self.domains]
        self.sure = [(1.0 if d["sanctioned"] else self.c("consequence.ambiguity")) if d["loss"] > 0 else 0.0
                     for d in self.domains]  # fmt: skip
        self.debt = next(d for d in self.lanes if self.domains[d]["role"] == "debt")
        # What institutions state: nothing yet.
        self.weight, self.gain, self.lose, self.bars = ([0.0 for _ in self.lanes] for _ in range(4))
        self.ramps: list[tuple[float, float, float]] = []
        self.own, self.paid, self.reward, self.hotline = 0.0, 1.0, 0.0, False
        self.public, self.anonymous, self.range = 0.0, True, (0.0, 0.0)
        self.x["conviction_share"] = [1.0 for _ in self.all]
        self.make()

    def c(self, name: str) -> float:
        """A setting of the citizens."""
        return self.s[f"citizens.{name}"]

    def make(self) -> None:
        """Draw ties, traits and convictions."""
        luck, x, mean = self.luck, self.x, self.c("trust.resting")
        spread = min(0.3, mean, 1 - mean)
        pairs = [(i, j) for i in self.all for j in self.near[i]]
        drawn = {(i, j): luck.uniform(TIE, min(i, j), max(i, j)) for i, j in pairs}
        self.first = {pair: mean + spread * (2 * u - 1) for pair, u in drawn.items()}
        self.resting, self.trust = dict(self.first), dict(self.first)
        levels = sorted(self.first.values())
        at = (len(levels) - 1) * 0.8
        low, part = levels[floor(at)], at - floor(at)
        enough = low + part * (levels[min(floor(at) + 1, len(levels) - 1)] - low)
        x["close"] = [sum(self.first[i, j] >= enough for j in self.near[i]) for i in self.all]
        x["others"] = [len(self.near[i]) - x["close"][i] for i in self.all]
        sd, gini = self.c("traits_sd"), self.c("wealth_gini")
        rich = sqrt(2) * normal((gini + 1) / 2)
        for k, name in enumerate(("conformity", "image_concern", "reactance", "privacy_concern", "wealth")):
            s, middle = (rich, self.c("wealth_mean")) if name == "wealth" else (sd, self.c(name))
            x[name] = [middle * exp(s * normal(luck.uniform(TRAIT, i, k)) - s * s / 2) for i in self.all]
        x["means"] = list(x["wealth"])
        x["born"] = [-floor(luck.uniform(AGE, i) * 52 * 62) for i in self.all]
        x["disposition"] = [beta(luck.uniform(PEOPLE, i), 2.5, 2.5) for i in self.all]
        w, alike = self.s["population.homophily"], self.likeness()
        much = self.c("conviction_concentration")
        for d, domain in enumerate(self.domains):
            m = domain["conviction_mean"] or self.c("conviction_mean")
            for i in self.all:
                own, around = alike[0][i][d], alike[32][i][d] + sum(alike[32][j][d] for j in self.near[i])
                around /= sqrt(1 + len(self.near[i]))
                share = below(sqrt(1 - w) * own + sqrt(w) * around)
                for name in ("conviction", "character", "temperament", "start_conviction"):
                    x[name][i][d] = beta(share, much * m, much * (1 - m))
                openness, close, others = domain["openness"], x["close"][i], x["others"][i]
                unseen = (1 - openness * self.c("image.counts_close")) ** close
                unseen *= (1 - openness * self.c("image.counts_other")) ** others
                x["everyday_unseen"][i][d] = unseen

    def likeness(self) -> dict[int, list[list[float]]]:
        """Two noises, alike within a person."""
        r, luck = self.c("coherence"), self.luck
        return {
            first: [
                [sqrt(r) * normal(luck.uniform(LIKENESS, i, first))
                 + sqrt(1 - r) * normal(luck.uniform(CONVICTION, i, first + d)) for d in self.lanes]
                for i in self.all
            ]
            for first in (0, 32)
        }  # fmt: skip

    # Before week 1

    def forget(self) -> None:
        """Let evidence return to its priors."""
        x = self.x
        for i in self.all:
            x["fair"][i], x["unfair"][i] = self.c("trust.prior"), self.c("trust.prior") + x["scar"][i]
            for name in ("punished", "unpunished", "punished_innocent", "spared_innocent", "reporting"):
                x[name][i] = 0.0
            x["believed_guilty"][i], x["believed_innocent"][i] = self.c("consequence.prior"), 0.0
            x["authority_trust"][i] = (x["fair"][i] + 1) / (x["fair"][i] + x["unfair"][i] + 2)
            self.meet_strangers(i)

    def meet_strangers(self, i: int) -> None:
        """Set evidence about strangers to where weekly deals leave it."""
        x, honest = self.x, self.domains[self.debt]["level"]
        lasting, n = self.c("trust.people_deals") / self.c("trust.people_forgetting"), self.c("trust.people")
        kept = broken = 0.0
        g = x["disposition"][i]
        for _ in range(30):
            kept, broken = lasting * g * honest, lasting * g * (1 - honest)
            g = (n * x["disposition"][i] + kept) / (n + kept + broken)
        x["kept_faith"][i], x["broke_faith"][i], x["generalised_trust"][i] = kept, broken, g

    def rest(self) -> None:
        """Set beliefs near where they rest."""
        x, t = self.x, lambda name: self.c(f"trust.{name}")
        for i in self.all:
            k = len(self.near[i])
            for d, domain in enumerate(self.domains):
                x["approval"][i][d] = sum(x["conviction"][j][d] for j in self.near[i]) / k
                x["expectation"][i][d] = x["start_expectation"][i][d] = domain["level"]
                x["first_approval"][i][d] = x["approval"][i][d]
                seen = 1 - x["everyday_unseen"][i][d]
                x["ordinary_image"][i][d] = x["image_concern"][i] * seen * (2 * self.approved(i, d) - 1)
                x["pressure"][i][d] = x["ordinary_image"][i][d]
            honest = self.domains[self.debt]["level"]
            for j in self.near[i]:
                now = self.trust[i, j]
                for _ in range(40):
                    up, down = now / k * t("honest") * honest, now / k * t("witnessed") * (1 - honest)
                    now = (t("recovery") * self.resting[i, j] + up) / (t("recovery") + up + down)
                self.trust[i, j] = now

    def approved(self, i: int, d: int) -> float:
        """Approval acted on."""
        share = self.c("projection")
        return (1 - share) * self.x["approval"][i][d] + share * self.x["conviction"][i][d]

    def solve(self) -> None:
        """Find the costs, and the spread of convictions."""
        x, beta_, weight = self.x, self.c("rationality"), self.c("conviction_weight")
        for d, domain in enumerate(self.domains):
            own = [weight * (2 * x["conviction"][i][d] - 1) + x["conformity"][i] * (2 * x["expectation"][i][d] - 1)
                   + x["ordinary_image"][i][d] for i in self.all]  # fmt: skip
            low, high = -64.0, 64.0
            for _ in range(60):
                middle = (low + high) / 2
                share = sum(logistic(beta_ * (u - middle)) for u in own) / self.size
                low, high = (middle, high) if share > domain["level"] else (low, middle)
            self.cost[d] = (low + high) / 2
        self.measure_spread()

    def measure_spread(self) -> None:
        """Note the standard deviation of convictions."""
        for d in self.lanes:
            values = [self.x["conviction"][i][d] for i in self.all]
            mean = sum(values) / self.size
            self.spread[d] = sqrt(sum((v - mean) ** 2 for v in values) / self.size)

    def flattening(self, d: int) -> float:
        """By how much convictions that differ flatten the share."""
        steep = 2 * self.c("rationality") * self.c("conviction_weight") * self.spread[d]
        return 1 / sqrt(1 + pi / 8 * steep * steep)

    def explain(self, acts: Any, seen: Any) -> None:
        """Set intercepts."""
        x, weight = self.x, self.c("conviction_weight")
        for i in self.all:
            for d in self.lanes:
                share = sum(acts[j][d] for j in self.near[i]) / len(self.near[i])
                share = min(0.99, max(0.01, share))
                u = weight * (2 * x["approval"][i][d] - 1) - self.cost[d] + x["conformity"][i] * (2 * seen[i][d] - 1)
                u += x["ordinary_image"][i][d]
                x["intercept"][i][d] = log(share / (1 - share)) - self.flattening(d) * self.c("rationality") * u

    # Newcomers

    def parent(self, i: int) -> int:
        """Row of who brings up the newcomer at a place."""
        left = self.luck.uniform(PARENT, i, 0, self.week) * sum(self.trust[i, j] for j in self.near[i])
        for j in self.near[i]:
            left -= self.trust[i, j]
            if left < 0:
                return j
        return self.near[i][-1]

    def bring_up(self, i: int, j: int) -> None:
        """Make row i a newcomer, brought up by row j."""
        x, luck, heritage = self.x, self.luck, self.c("trust.heritage")
        s, nature, much = (
            self.c(n) for n in ("upbringing.socialisation", "upbringing.nature", "conviction_concentration")
        )
        kept = 1 - s - nature
        much = (much + 1) / (1 - kept * kept) - 1
        for d, domain in enumerate(self.domains):
            own = domain["conviction_mean"] or self.c("conviction_mean")
            mean = kept * x["conviction"][j][d] + s * x["approval"][j][d] + nature * own
            mean = min(0.999, max(0.001, mean))
            draw = luck.of_domain(UPBRINGING, self.who[i], d, self.week)
            for name in ("conviction", "temperament", "character"):
                x[name][i][d] = beta(draw, much * mean, much * (1 - mean))
            x["approval"][i][d], x["habit"][i][d] = x["approval"][j][d], 0.0
        for name in ("fair", "unfair", "scar", "punished", "unpunished", "punished_innocent", "spared_innocent"):
            prior = self.c("trust.prior") if name in ("fair", "unfair") else 0.0
            x[name][i] = prior + heritage * (x[name][j] - prior)
        self.believe(i)
        fresh = beta(luck.uniform(UPBRINGING, self.who[i], 32, self.week), 2.5, 2.5)
        x["disposition"][i] = fresh + heritage * (x["generalised_trust"][j] - fresh)
        self.meet_strangers(i)
        x["closeness"][i], x["born"][i], x["conviction_share"][i] = 0.0, self.week, 1.0
        for j in self.near[i]:
            for pair in ((i, j), (j, i)):
                self.trust[pair] = self.resting[pair] = self.first[pair]

    def believe(self, i: int) -> None:
        """Set trust in the authority, and what is believed of sanctions, from the evidence."""
        x, n = self.x, self.c("consequence.prior_weight")
        x["authority_trust"][i] = (x["fair"][i] + 1) / (x["fair"][i] + x["unfair"][i] + 2)
        bad, fine = x["punished"][i], x["unpunished"][i]
        x["believed_guilty"][i] = (n * self.c("consequence.prior") + bad) / (n + bad + fine)
        bad, fine = x["punished_innocent"][i], x["spared_innocent"][i]
        x["believed_innocent"][i] = bad / (n + bad + fine)
