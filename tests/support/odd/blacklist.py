"""The scenario `court-blacklist`: sensors, a court and its blacklist; no score, and nowhere to report."""

from __future__ import annotations

from math import exp
from typing import Any

from .drawing import DELISTING, DENIAL, LISTING, PAYMENT, REFUSAL
from .society import Society
from .week import has

KEPT = ("listed", "unaware", "listed_since", "listed_for", "owed", "unpaid")


class Blacklist(Society):
    """People under a court with a blacklist; all bars hold at once."""

    def b(self, name: str) -> Any:
        """A setting of the list."""
        return self.i(f"blacklist.{name}")

    def establish(self) -> None:
        """Let the institutions come."""
        self.docket = []
        for name in KEPT:
            self.x[name] = [0 for _ in self.all]
        self.state()

    def welcome(self, i: int) -> None:
        """Take in a newcomer."""
        for name in (*KEPT, "undisclosed", "undisclosed_wrong"):
            self.x[name][i] = 0

    def state(self) -> None:
        """State what a sanction costs besides, and bar the listed."""
        self.sense()
        dread = sum(bar["dread"] for bar in self.b("bars").values())
        chances = [self.b("entry") if d == self.debt else self.b("verdicts") for d in self.lanes]
        self.bars = [dread * chances[d] * self.domains[d]["sanctioned"] for d in self.lanes]
        self.bar()

    def bar(self) -> None:
        """Let life be harder for the listed."""
        hardship = min(1.0, sum(bar["hardship"] for bar in self.b("bars").values()))
        self.x["hardship"] = [hardship if listed else 0.0 for listed in self.x["listed"]]

    def score(self) -> None:
        """Keep no score."""

    def sanction(self) -> None:
        """Sanction; then let off, list, deny and bar."""
        self.clear("noticed")
        self.convict()
        for i in self.all:
            if self.x["listed"][i] and self.released(i):
                self.x["listed"][i] = self.x["unaware"][i] = 0
        for i in self.all:
            if not self.x["listed"][i]:
                self.list(i)
        for i in self.all:
            for k, bar in enumerate(self.b("bars").values()):
                denied = self.luck.uniform(DENIAL, self.who[i], k, self.week) < bar["attempts"]
                if self.x["listed"][i] and self.x["unaware"][i] and denied:
                    self.x["noticed"][i] = 1
            if self.x["noticed"][i]:
                self.x["unaware"][i] = 0
        self.bar()

    def released(self, i: int) -> bool:
        """Let a listed citizen pay and apologise; return whether it gets off."""
        x, luck, who, week = self.x, self.luck.uniform, self.who[i], self.week
        knows = not x["unaware"][i]
        payment = min(x["owed"][i], self.b("saving") * x["wealth"][i]) if knows else 0.0
        x["wealth"][i] -= payment
        paid, x["owed"][i] = payment > 0 and payment == x["owed"][i], x["owed"][i] - payment
        again = knows and x["unpaid"][i]
        lost = paid and luck(PAYMENT, who, 0, week) < self.b("lost_payment")
        x["unpaid"][i] = 0 if again else 1 if lost else x["unpaid"][i]
        if lost:
            x["unaware"][i] = 1
        over = week - x["listed_since"][i] >= self.b("term")
        sorry = knows and over and luck(DELISTING, who, 0, week) < 1 - exp(-self.b("repair") / 52)
        refused = sorry and luck(REFUSAL, who, 0, week) < min(1.0, self.b("refusal"))
        if refused:
            x["listed_since"][i] = week
        if refused or again:
            x["unfair"][i] += 1
            x["scar"][i] += self.c("trust.slow")
        cleared = int(x["listed_for"][i]) & int(x["restored"][i])
        return bool((paid and not lost) or again or (sorry and not refused) or cleared)

    def list(self, i: int) -> None:
        """List a citizen whom this week's verdicts bring there."""
        x, luck = self.x, self.luck.uniform
        convicted = int(x["told"][i]) | int(x["untold"][i])
        draws = [luck(LISTING, self.who[i], k, self.week) for k in (0, 1)]
        broke = has(convicted, self.debt) and x["wealth"][i] < self.b("debt") and draws[0] < self.b("entry")
        others = convicted & ~(1 << self.debt)
        other = others and draws[1] < self.b("verdicts")
        if broke or other:
            x["listed"][i], x["listed_since"][i], x["unpaid"][i] = 1, self.week, 0
            causes = (1 << self.debt if broke else 0) | (others if other else 0)
            x["listed_for"][i] = causes
            x["owed"][i] = self.b("debt") - x["wealth"][i] if broke else 0.0
            x["unaware"][i] = int(bool(causes & int(x["untold"][i])))
