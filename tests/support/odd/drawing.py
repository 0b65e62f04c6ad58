"""Keyed draws, and NumPy's generator with which the graph is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import NormalDist

from scipy.special import betaincinv

LOW32, LOW64 = 2**32 - 1, 2**64 - 1

CONVICTION, TRAIT, TIE, NETWORK, LIKENESS, AGE, PEOPLE = range(1, 8)
ACT, REPORT, EXCHANGE, DEPARTURE, PARENT, UPBRINGING = 10, 11, 12, 14, 15, 16
SENSOR, BLIND, VERIFICATION, VERDICT, APPEAL, ENROLMENT, HOTLINE_REACH, DISCOVERY = 20, 21, 22, 23, 24, 25, 26, 110
LISTING, DELISTING, DENIAL, REFUSAL, PAYMENT = 29, 30, 32, 111, 112


def philox(counter: tuple[int, int, int, int], key: tuple[int, int], wide: bool = False) -> tuple[int, ...]:
    """Philox4x32-10, or Philox4x64-10."""
    bits = 64 if wide else 32
    m0, m1 = (0xD2E7470EE14C6C93, 0xCA5A826395121157) if wide else (0xD2511F53, 0xCD9E8D57)
    w0, w1 = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B) if wide else (0x9E3779B9, 0xBB67AE85)
    low = 2**bits - 1
    a, b, c, d = (word & low for word in counter)
    k0, k1 = key
    for _ in range(10):
        p, q = m0 * a, m1 * c
        a, b, c, d = q >> bits ^ b ^ k0, q & low, p >> bits ^ d ^ k1, p & low
        k0, k1 = (k0 + w0) & low, (k1 + w1) & low
    return a, b, c, d


class Luck:
    """Uniforms under one seed."""

    def __init__(self, seed: int) -> None:
        self.key = seed & LOW32, seed >> 32

    def words(self, purpose: int, who: int, whom: int = 0, week: int = 0) -> list[float]:
        """The four uniforms of a block."""
        return [(word + 0.5) / 2**32 for word in philox((who, whom, week, purpose), self.key)]

    def uniform(self, purpose: int, who: int, whom: int = 0, week: int = 0) -> float:
        """The first uniform of a block."""
        return self.words(purpose, who, whom, week)[0]

    def of_domain(self, purpose: int, who: int, domain: int, week: int) -> float:
        """The uniform of one domain."""
        return self.words(purpose, who, domain // 4, week)[domain % 4]


def normal(p: float) -> float:
    """Quantile of the normal distribution; Python's is Wichura's."""
    return NormalDist().inv_cdf(p)


def below(z: float) -> float:
    """Share of the normal distribution below z."""
    return NormalDist().cdf(z)


def beta(p: float, a: float, b: float) -> float:
    """Quantile of the Beta distribution."""
    return float(betaincinv(a, b, p))


class Generator:
    """NumPy's generator: a Philox4x64-10 that a seed sequence gives its key."""

    def __init__(self, seed: int, purpose: int) -> None:
        k = seed_sequence([seed & LOW32, seed >> 32, purpose], 4)
        self.key = k[0] | k[1] << 32, k[2] | k[3] << 32
        self.numbers, self.half = self._numbers(), -1

    def _numbers(self) -> Iterator[int]:
        block = 0
        while True:
            block += 1
            yield from philox((block, 0, 0, 0), self.key, wide=True)

    def random(self) -> float:
        """Uniform in [0, 1)."""
        return (next(self.numbers) >> 11) / 2**53

    def word(self) -> int:
        """32 bits: the lower half of a number, then its upper half."""
        if self.half >= 0:
            found, self.half = self.half, -1
            return found
        number = next(self.numbers)
        self.half = number >> 32
        return number & LOW32

    def integer(self, count: int) -> int:
        """A whole number from 0 to count − 1 (Lemire)."""
        while True:
            product = self.word() * count
            if product & LOW32 >= 2**32 % count:
                return product >> 32


def seed_sequence(entropy: list[int], count: int) -> list[int]:
    """So many words of 32 bits from three: NumPy's SeedSequence."""
    constant = 0x43B0D7E5

    def hashed(value: int) -> int:
        nonlocal constant
        value ^= constant
        constant = constant * 0x931E8875 & LOW32
        value = value * constant & LOW32
        return value ^ value >> 16

    def mixed(x: int, y: int) -> int:
        found = (0xCA01F9DD * x - 0x4973F715 * y) & LOW32
        return found ^ found >> 16

    pool = [hashed(word) for word in [*entropy, 0, 0, 0, 0][:4]]
    for source in range(4):
        for target in range(4):
            if source != target:
                pool[target] = mixed(pool[target], hashed(pool[source]))
    constant, words = 0x8B51F9DD, []
    for k in range(count):
        value = pool[k % 4] ^ constant
        constant = constant * 0x58F38DED & LOW32
        value = value * constant & LOW32
        words.append(value ^ value >> 16)
    return words


def small_world(size: int, degree: int, rewiring: float, luck: Generator) -> set[tuple[int, int]]:
    """Edges of a small world, each as (lower, higher)."""
    half = degree // 2
    ends = [[i, (i + step) % size] for i in range(size) for step in range(1, half + 1)]
    moving = [e for e in range(len(ends)) if luck.random() < rewiring] if size - 1 > 2 * half else []
    while moving:
        for e in moving:
            ends[e][1] = luck.integer(size)
        stay = set(range(len(ends))) - set(moving)
        taken, again = {tuple(sorted(ends[e])) for e in stay}, []
        for e in moving:
            pair = tuple(sorted(ends[e]))
            if pair[0] == pair[1] or pair in taken:
                again.append(e)
            taken.add(pair)
        moving = again
    return {(min(pair), max(pair)) for pair in ends}
