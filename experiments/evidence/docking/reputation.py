"""Indirect reciprocity: image scoring and the leading eight, with opinions that differ.

Nowak & Sigmund 1998, Ohtsuki & Iwasa 2004; private assessment after Hilbe et al. 2018.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import mesa
import numpy as np

from ..verification.check import Check

SCORING = "Nowak & Sigmund 1998, doi:10.1038/31225"
LEADING = "Ohtsuki & Iwasa 2004, 2006; Hilbe et al. 2018, doi:10.1073/pnas.1810565115; computed from their rules"

GOOD, BAD = 1, 0
FREE = {"L1": "110", "L2": "010", "L3": "111", "L4": "101", "L5": "011", "L6": "001", "L7": "100", "L8": "000"}
"""What the leading eight think of a donor in the three cases that are left open: good gives to bad (GB,C), bad to bad
(BB,C), bad refuses bad (BB,D)."""

LEVELS = {"L1": 0.90, "L2": 0.66, "L3": 0.90, "L4": 0.89, "L5": 0.69, "L6": 0.50, "L7": 0.88, "L8": 0.00}
"""Cooperation among 50 players of one kind who each see nine of ten acts, one in twenty wrongly."""


def assessment(name: str) -> np.ndarray:
    """What is thought of a donor, by [donor good, recipient good, gave].

    All agree on five cases: who gives to the good is good, who refuses them is bad, and a good one may refuse the bad.
    """
    rule = np.empty((2, 2, 2), np.int8)
    rule[:, GOOD, 1], rule[:, GOOD, 0], rule[GOOD, BAD, 0] = GOOD, BAD, GOOD
    rule[GOOD, BAD, 1], rule[BAD, BAD, 1], rule[BAD, BAD, 0] = (int(bit) for bit in FREE[name])
    return rule


def action(name: str) -> np.ndarray:
    """Whether one gives, by [donor good, recipient good] in the donor's own eyes: L1 and L2 also as bad to bad."""
    gives = np.array([[0, 1], [0, 1]], np.int8)
    gives[BAD, BAD] = name in ("L1", "L2")
    return gives


class Player(mesa.Agent[Any]):
    """One who has an opinion of everybody.

    Attributes
    ----------
    row
        Its place in the table of opinions.
    """

    def __init__(self, model: Village, row: int) -> None:
        super().__init__(model)
        self.row = row

    def gives_to(self, other: Player) -> bool:
        """Whether it gives, by what it thinks of itself and of the other."""
        opinions = self.model.opinions[self.row]
        return bool(self.model.gives[opinions[self.row], opinions[other.row]])


class Village(mesa.Model[Any, Any]):
    """Players of one of the leading eight, each with opinions of its own.

    Parameters
    ----------
    name
        Of the rule, L1 to L8.
    rng
        The seed.
    people, observing, error
        How many they are; the chance to see an act of others, and that of seeing the wrong one.
    """

    def __init__(self, name: str, rng: int = 0, people: int = 50, observing: float = 0.9, error: float = 0.05) -> None:
        super().__init__(rng=rng)
        self.assess, self.gives = assessment(name), action(name)
        self.observing, self.error = observing, error
        self.players = [Player(self, row) for row in range(people)]
        self.opinions = np.ones((people, people), np.int8)

    def step(self) -> None:
        """One gives or refuses; donor, recipient and who sees it think anew of the donor."""
        donor, other = (self.players[k] for k in self.rng.choice(len(self.players), 2, replace=False))
        self.gave = donor.gives_to(other)
        sees = self.rng.random(len(self.players)) < self.observing
        sees[[donor.row, other.row]] = True
        wrong = self.rng.random(len(self.players)) < self.error
        seen = np.where(wrong, not self.gave, self.gave).astype(np.int8)
        new = self.assess[self.opinions[:, donor.row], self.opinions[:, other.row], seen]
        self.opinions[:, donor.row] = np.where(sees, new, self.opinions[:, donor.row])


@cache
def cooperation(name: str, rounds: int = 60_000, seed: int = 1) -> float:
    """Share of acts in which somebody gives, after a tenth of the rounds."""
    village, gave = Village(name, seed), 0
    for k in range(rounds):
        village.step()
        gave += village.gave if k >= rounds // 10 else 0
    return gave / (rounds - rounds // 10)


def advantage(known: float, benefit: float, cost: float, rounds: int = 60_000, seed: int = 1) -> float:
    """Payoff a round of one who discriminates by image, less that of a lone defector among a hundred of them.

    A donor knows the recipient's last act with chance `known`, and gives unless it knows of a refusal.
    """
    rng, people = np.random.default_rng(seed), 100
    gave_last, payoff, played = np.ones(people, bool), np.zeros(people), np.zeros(people)
    for _ in range(rounds):
        donor, other = rng.choice(people, 2, replace=False)
        gives = donor != 0 and not (rng.random() < known and not gave_last[other])
        if gives:
            payoff[donor] -= cost
            payoff[other] += benefit
        # A refusal of one who is known to refuse is no stain here, so that errors do not spread among discriminators.
        if donor == 0 or gives:
            gave_last[donor] = gives
        played[[donor, other]] += 0.5
    rates = payoff / np.maximum(played, 1)
    return float(rates[1:].mean() - rates[0])


def _level(name: str, expected: float) -> Check:
    title, says = f"leading eight: {name}", f"Cooperation among 50 players of {name}, each with opinions of its own."
    return Check.near(title, "Docking", says, LEADING, expected, 0.04, lambda: cooperation(name), True)


CHECKS: tuple[Check, ...] = (
    Check("image scoring: known often", "Docking", "Payoff of discriminators less a lone defector's, at q = c/b + .2.",
          SCORING, 0.0, 10.0, lambda: advantage(0.7, 2.0, 1.0)),
    Check("image scoring: known rarely", "Docking", "The same at q = c/b − .2.", SCORING, -10.0, 0.0,
          lambda: advantage(0.3, 2.0, 1.0)),
    *(_level(name, expected) for name, expected in LEVELS.items()),
)  # fmt: skip
