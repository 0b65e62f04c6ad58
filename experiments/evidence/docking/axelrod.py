"""The norms game and the metanorms game, in which punishers are themselves at risk (Axelrod 1986)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import mesa
import numpy as np

from ..verification.check import Check

SOURCE = "Axelrod 1986, doi:10.2307/1960858; Galán & Izquierdo 2005, JASSS 8(3)2; shares computed from their rules"

PLAYERS = 20
OPPORTUNITIES = 4
"""Chances to defect of each player in a generation."""

TEMPTATION, HURT, PUNISHMENT, ENFORCEMENT = 3.0, -1.0, -9.0, -2.0
"""T, H, P and E; being punished for not punishing and punishing that cost P and E too."""

MUTATION = 0.01
"""Chance that a bit of an offspring flips."""

BITS = 3
MOST = 2**BITS - 1


def defects(seen: np.ndarray, boldness: np.ndarray) -> np.ndarray:
    """Whether players of this boldness defect where the chance of being seen is `seen`: S < B."""
    return seen < boldness


class Player(mesa.Agent[Any]):
    """A view of one row of the genes and payoffs.

    Attributes
    ----------
    row
        Its place.
    """

    def __init__(self, model: NormsGame, row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def boldness(self) -> float:
        """B: it defects iff the chance of being seen is smaller."""
        return float(self.model.boldness[self.row])

    @property
    def vengefulness(self) -> float:
        """V, the chance that it punishes a defection that it saw."""
        return float(self.model.vengefulness[self.row])

    @property
    def payoff(self) -> float:
        """What it earned in the last generation."""
        return float(self.model.payoffs[self.row])


class NormsGame(mesa.Model[Any, Any]):
    """Players who defect where they are hardly seen, punish, and are followed by copies of who does well.

    Parameters
    ----------
    metanorms
        Whether who saw a defection and let it pass can be punished for it.
    rng
        The seed.
    restore
        Where there are fewer offspring than places: draw the missing among the `"offspring"` or the `"parents"`. The
        article does not say. Where there are more, those who stay are drawn.
    """

    def __init__(self, metanorms: bool = False, rng: int = 0, restore: str = "offspring") -> None:
        super().__init__(rng=rng)
        self.metanorms, self.restore = metanorms, restore
        self.genes = self.rng.integers(0, 2, (PLAYERS, 2, BITS))
        self.payoffs = np.zeros(PLAYERS)
        self.express()
        self.players = [Player(self, row) for row in range(PLAYERS)]

    def express(self) -> None:
        """Read boldness and vengefulness, in sevenths, from the genes: plain binary, the highest bit first."""
        values = self.genes @ (1 << np.arange(BITS)[::-1]) / MOST
        self.boldness, self.vengefulness = values[:, 0], values[:, 1]

    def play(self, opportunities: int = OPPORTUNITIES) -> None:
        """Give each player its opportunities, and write the payoffs."""
        rng = self.rng
        seen = rng.random((opportunities, PLAYERS))
        _, offender = defections = np.nonzero(defects(seen, self.boldness))
        chance = seen[defections][:, None]
        others = offender[:, None] != np.arange(PLAYERS)
        payoffs = TEMPTATION * np.bincount(offender, minlength=PLAYERS) + HURT * others.sum(axis=0)
        saw = others & (rng.random(others.shape) < chance)
        punishes = saw & (rng.random(others.shape) < self.vengefulness)
        payoffs += PUNISHMENT * np.bincount(offender, punishes.sum(axis=1), PLAYERS)
        payoffs += ENFORCEMENT * punishes.sum(axis=0)
        if self.metanorms:
            # The chance of being seen of the defection is also that of letting it pass.
            case, lenient = np.nonzero(saw & ~punishes)
            third = others[case] & (lenient[:, None] != np.arange(PLAYERS))
            saw = third & (rng.random(third.shape) < chance[case])
            punishes = saw & (rng.random(third.shape) < self.vengefulness)
            payoffs += PUNISHMENT * np.bincount(lenient, punishes.sum(axis=1), PLAYERS)
            payoffs += ENFORCEMENT * punishes.sum(axis=0)
        self.payoffs = payoffs

    def step(self) -> None:
        """Play one generation, and have players with good payoffs take the places of the others."""
        self.play()
        mean, spread = self.payoffs.mean(), self.payoffs.std()
        # Two offspring from a standard deviation above the mean on, none below a standard deviation under it.
        count = np.where(self.payoffs >= mean + spread, 2, np.where(self.payoffs >= mean - spread, 1, 0))
        parents = np.repeat(np.arange(PLAYERS), count)
        if len(parents) > PLAYERS:
            parents = self.rng.permutation(parents)[:PLAYERS]
        elif len(parents) < PLAYERS:
            pool = parents if self.restore == "offspring" else np.arange(PLAYERS)
            parents = np.append(parents, self.rng.choice(pool, PLAYERS - len(parents)))
        self.genes = self.genes[parents] ^ (self.rng.random(self.genes.shape) < MUTATION)
        self.express()

    def collapsed(self) -> bool:
        """Whether the norm has collapsed: mean boldness of 6/7 at least, mean vengefulness of 1/7 at most."""
        return bool(self.boldness.mean() >= 6 / 7 and self.vengefulness.mean() <= 1 / 7)

    def established(self) -> bool:
        """Whether the norm is established: mean boldness of 2/7 at most, mean vengefulness of 5/7 at least."""
        return bool(self.boldness.mean() <= 2 / 7 and self.vengefulness.mean() >= 5 / 7)


def expected_payoffs(boldness: np.ndarray, vengefulness: np.ndarray, metanorms: bool) -> np.ndarray:
    """Expected payoff of each player for one opportunity of everybody.

    T b_j + H Σ b_i + P b_j²/2 Σ v_i + E v_j Σ b_i²/2, and with metanorms
    P (1 − v_j) Σ_i b_i³/3 Σ_k v_k + E v_j Σ_i b_i³/3 Σ_k (1 − v_k), where i ≠ j and k is neither i nor j: the chance S
    of being seen is uniform, a defection needs S < b, to be seen in it has chance S, and to be seen letting it pass
    S again, hence b²/2 and b³/3.
    """
    b, v = boldness, vengefulness
    payoff = TEMPTATION * b + HURT * (b.sum() - b)
    payoff += PUNISHMENT * b**2 / 2 * (v.sum() - v) + ENFORCEMENT * v * (b**2 / 2).sum() - ENFORCEMENT * v * b**2 / 2
    if metanorms:
        for j in range(len(b)):
            for i in np.flatnonzero(np.arange(len(b)) != j):
                avengers = v.sum() - v[i] - v[j]
                passes = len(b) - 2 - avengers
                payoff[j] += b[i] ** 3 / 3 * (PUNISHMENT * (1 - v[j]) * avengers + ENFORCEMENT * v[j] * passes)
    return payoff


@cache
def payoff_gap(metanorms: bool, rounds: int = 3000, seed: int = 1) -> float:
    """Largest distance of any player's mean played payoff from the expected one, in its standard errors."""
    game = NormsGame(metanorms, rng=seed)
    played = np.empty((rounds, PLAYERS))
    for k in range(rounds):
        game.play(1)
        played[k] = game.payoffs
    error = played.std(axis=0, ddof=1) / np.sqrt(rounds)
    gap = played.mean(axis=0) - expected_payoffs(game.boldness, game.vengefulness, metanorms)
    return float(np.abs(gap / error).max())


@cache
def fates(metanorms: bool, runs: int, generations: tuple[int, ...], restore: str = "offspring") -> np.ndarray:
    """Shares of runs collapsed and established after so many generations. Shape (generations, 2)."""
    found = np.zeros((len(generations), 2))
    for seed in range(runs):
        game, before = NormsGame(metanorms, seed, restore), 0
        for k, generation in enumerate(generations):
            for _ in range(generation - before):
                game.step()
            before = generation
            found[k] += game.collapsed(), game.established()
    return found / runs


NORMS, META = (100, 300, 1000), (100, 300)


def _fate(metanorms: bool, index: int, established: bool, restore: str = "offspring") -> Callable[[], float]:
    runs, generations = (200, META) if metanorms else (300, NORMS)
    return lambda: float(fates(metanorms, runs, generations, restore)[index, int(established)])


def _many_runs() -> list[Check]:
    found = []
    for restore in ("offspring", "parents"):
        drawn = f"places left free go to {restore} drawn at random"
        for index, share in enumerate((0.18, 0.56, 0.94)):
            name = f"norms game: collapsed at {NORMS[index]}, {restore}"
            says = f"Share of 300 runs collapsed at generation {NORMS[index]}; {drawn}."
            found.append(
                Check.near(name, "Docking", says, SOURCE, share, 0.1, _fate(False, index, False, restore), True)
            )
        for index, share in enumerate((0.915, 0.92)):
            name = f"metanorms: established at {META[index]}, {restore}"
            says = f"Share of 200 runs established at generation {META[index]}; {drawn}."
            found.append(Check.near(name, "Docking", says, SOURCE, share, 0.1, _fate(True, index, True, restore), True))
        name, says = (
            f"metanorms: never collapsed, {restore}",
            f"Share of 200 runs collapsed at generation 300; {drawn}.",
        )
        found.append(Check.near(name, "Docking", says, SOURCE, 0.0, 0.0, _fate(True, 1, False, restore), True))
    return found


def _payoffs(metanorms: bool) -> Check:
    name = f"{'metanorms' if metanorms else 'norms game'}: payoffs"
    says = "Largest distance of any player's mean payoff of 3,000 rounds from the expected one, in standard errors."
    return Check(name, "Docking", says, SOURCE, 0, 4.5, lambda: payoff_gap(metanorms))


# Of forty and thirty runs the shares err by .06 and .05; the bands are nearly three times as wide.
CHECKS: tuple[Check, ...] = (
    _payoffs(False),
    _payoffs(True),
    Check.near(
        "norms game: few collapsed at 100", "Docking", "Share of 40 runs collapsed at generation 100.", SOURCE,
        0.18, 0.16, lambda: float(fates(False, 40, (100,))[0, 0]),
    ),
    Check.near(
        "metanorms: most established at 100", "Docking", "Share of 30 runs established at generation 100.", SOURCE,
        0.915, 0.15, lambda: float(fates(True, 30, (100,))[0, 1]),
    ),
    *_many_runs(),
)  # fmt: skip
