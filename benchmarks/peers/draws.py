"""Where the plain program takes its chances from: the model's keyed draws, or Python's generator.

With keyed draws it lives the luck of the compiled rules, so that the two can be held against each other act by act.
For the measurement of speed it draws from Mesa's `random`, as a Mesa program would.
"""

from __future__ import annotations

from random import Random

LOW = 0xFFFFFFFF

ACT, REPORT, EXCHANGE, DEPARTURE, PARENT, UPBRINGING = 10, 11, 12, 14, 15, 16
SENSOR, BLIND, VERIFICATION, VERDICT, APPEAL, ENROLMENT, HOTLINE_REACH = 20, 21, 22, 23, 24, 25, 26
LISTING, DELISTING, DENIAL, DISCOVERY, REFUSAL, PAYMENT = 29, 30, 32, 110, 111, 112

YOUTH = 32
"""With whom a newcomer's disposition is drawn."""


def philox(a: int, b: int, c: int, d: int, k: int, l: int) -> tuple[int, int, int, int]:  # noqa: E741
    """Give four random words of 32 bits from a counter of four words and a key of two, Philox4x32-10."""
    for _ in range(10):
        p, q = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = q >> 32 ^ b ^ k, q & LOW, p >> 32 ^ d ^ l, p & LOW
        k, l = k + 0x9E3779B9 & LOW, l + 0xBB67AE85 & LOW  # noqa: E741
    return a, b, c, d


class Keyed:
    """Draws that are functions of the seed, the purpose, the week, who, and with whom."""

    def __init__(self, seed: int) -> None:
        self.key = seed & LOW, seed >> 32

    def four(self, purpose: int, who: int, whom: int, week: int) -> list[float]:
        return [(word + 0.5) / 2**32 for word in philox(who, whom, week & LOW, purpose, *self.key)]

    def one(self, purpose: int, who: int, whom: int, week: int) -> float:
        return (philox(who, whom, week & LOW, purpose, *self.key)[0] + 0.5) / 2**32

    def by_domain(self, purpose: int, who: int, week: int, count: int) -> list[float]:
        draws: list[float] = []
        for block in range((count + 3) // 4):
            draws += self.four(purpose, who, block, week)
        return draws


class Unkeyed:
    """Draws of a generator, one after the other, whatever they are for."""

    def __init__(self, random: Random) -> None:
        # A draw of exactly 0 has no logit.
        self.draw = lambda: random.random() or 2**-53

    def four(self, purpose: int, who: int, whom: int, week: int) -> list[float]:
        return [self.draw() for _ in range(4)]

    def one(self, purpose: int, who: int, whom: int, week: int) -> float:
        return self.draw()

    def by_domain(self, purpose: int, who: int, week: int, count: int) -> list[float]:
        return [self.draw() for _ in range(count)]
