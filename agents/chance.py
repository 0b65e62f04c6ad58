"""Keyed draws: every draw is a pure function of (seed, purpose, step, who, with whom).

The generator is Philox4x32-10, counter-based: it has no state, so a draw does not depend on which others were made,
in what order or on which thread. Two runs under one seed are the same people with the same luck, and their
difference is the effect of what was changed alone (common random numbers).

The counter's four words are *who*, *with whom*, *step* and *purpose*; the key is the seed. A block has four words of
32 random bits. Where one draw is needed it is the first; where several are needed at once they are the block's.

References
----------
.. [1] Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC '11,
   doi:10.1145/2063384.2063405.
.. [2] Klein et al. 2024, arXiv:2409.02086 (common random numbers in agent-based models).
"""

from __future__ import annotations

from enum import IntEnum, unique
from typing import Any

import numpy as np
import numpy.typing as npt

from .compiled import BATCH as BATCH
from .compiled import compiled


@unique
class Purpose(IntEnum):
    """What a draw decides. A number, once given, is never given to another purpose."""

    CONVICTION = 1
    TRAIT = 2
    TIE = 3
    NETWORK = 4
    ACT = 10
    REPORT = 11
    EXCHANGE = 12
    GLIMPSE = 13
    SENSOR = 20
    BLIND = 21
    VERIFICATION = 22
    VERDICT = 23
    APPEAL = 24
    ENROLMENT = 25
    HOTLINE_REACH = 26
    CIRCUMVENTION = 27
    MONITORING = 28
    LISTING = 29
    DELISTING = 30
    BAR = 31
    DENIAL = 32
    PLATFORM = 33
    COMMUNE = 34
    WORK_UNIT = 35
    SUPERVISION = 36
    MOVE = 37
    ZEAL = 38
    COMMERCE = 39
    JOINING = 40
    SHARING = 41
    ELIGIBLE = 42
    SEEKING = 43
    DISCLOSURE = 44
    DATING = 45
    PREDICTION = 46
    STRANGER = 47
    STRANGER_REPORT = 48
    INTEGRITY = 49
    SCRUPLES = 50
    HONESTY = 51
    CUSTOMER = 52
    COMPLAINT = 53
    EXECUTIVE = 54
    FAKING = 55
    SORTING = 56
    LEAVING = 57
    CREDIT_SENSOR = 58


# Plain integers for the compiled rules, which cannot read an enumeration's members.
ACT = np.uint32(Purpose.ACT)
REPORT = np.uint32(Purpose.REPORT)
GLIMPSE = np.uint32(Purpose.GLIMPSE)
EXCHANGE = np.uint32(Purpose.EXCHANGE)
VERIFICATION = np.uint32(Purpose.VERIFICATION)
VERDICT = np.uint32(Purpose.VERDICT)
SORTING = np.uint32(Purpose.SORTING)

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_LOW, _32 = np.uint64(0xFFFFFFFF), np.uint64(32)
_STEP = 2.0**-32

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint32]
Word = int | np.unsignedinteger[Any]


@compiled
def philox(c0: Word, c1: Word, c2: Word, c3: Word, k0: Word, k1: Word) -> tuple[Word, Word, Word, Word]:
    """Four random words of 32 bits for a counter of four words and a key of two: Philox4x32-10 [1]_."""
    # Words are kept in 64 bits, of which only the lower 32 are read: so the processor multiplies several at once.
    a, b, c, d = np.uint64(c0), np.uint64(c1), np.uint64(c2), np.uint64(c3)
    key0, key1 = np.uint64(k0), np.uint64(k1)
    for _ in range(10):
        p0, p1 = _M0 * (a & _LOW), _M1 * (c & _LOW)
        a, b, c, d = (p1 >> _32) ^ b ^ key0, p1, (p0 >> _32) ^ d ^ key1, p0
        key0, key1 = key0 + _W0, key1 + _W1
    return a & _LOW, b & _LOW, c & _LOW, d & _LOW


@compiled
def unit(word: Word) -> float:
    """Number in (0, 1) of a random word: the midpoint of one of 2**32 equal cells, so never 0 or 1."""
    return (np.float64(word) + 0.5) * _STEP


@compiled
def draws(who: Word, whom: Word, step: int, purpose: Word, seed: Words) -> tuple[float, float, float, float]:
    """Four uniforms in (0, 1) for a pair."""
    a, b, c, d = philox(who, whom, step, purpose, seed[0], seed[1])
    return unit(a), unit(b), unit(c), unit(d)


@compiled
def uniform(who: Word, whom: Word, step: int, purpose: Word, seed: Words) -> float:
    """Uniform in (0, 1) for a pair."""
    return unit(philox(who, whom, step, purpose, seed[0], seed[1])[0])


@compiled
def fill_by_domain(out: Floats, who: Words, step: int, purpose: Word, seed: Words) -> None:
    """Uniforms for each of `who` (columns of `out`) in each domain (rows, a multiple of 4).

    Domain d has word d mod 4 of the block whose "with whom" is d // 4.
    """
    count, key0, key1 = len(who), seed[0], seed[1]
    for block in range(out.shape[0] // 4):
        first, second = out[4 * block, :count], out[4 * block + 1, :count]
        third, fourth = out[4 * block + 2, :count], out[4 * block + 3, :count]
        for k in range(count):
            a, b, c, d = philox(who[k], block, step, purpose, key0, key1)
            first[k], second[k], third[k], fourth[k] = unit(a), unit(b), unit(c), unit(d)


@compiled
def batch_by_domain(domains: int) -> Floats:
    """Room for a batch's draws in each domain, shape (domains rounded up to a multiple of 4, BATCH)."""
    return np.empty(((domains + 3) // 4 * 4, BATCH))


@compiled
def uniform_by_domain(who: Word, domain: int, step: int, purpose: Word, seed: Words) -> float:
    """Uniform in (0, 1) that `fill_by_domain` gives one citizen in one domain."""
    return draws(who, domain // 4, step, purpose, seed)[domain % 4]


@compiled
def fill_by_pair(out: Floats, who: Words, whom: Words, step: int, purpose: Word, seed: Words) -> None:
    """Uniforms for each pair of `who` and `whom`."""
    key0, key1 = seed[0], seed[1]
    for k in range(len(who)):
        out[k] = unit(philox(who[k], whom[k], step, purpose, key0, key1)[0])


def uniforms(seed: Words, purpose: Purpose, step: int, who: npt.ArrayLike, whom: npt.ArrayLike = 0) -> Floats:
    """Uniforms in (0, 1), one for each pair of `who` and `whom` (broadcast against each other)."""
    a, b = np.broadcast_arrays(np.asarray(who, np.uint32), np.asarray(whom, np.uint32))
    out = np.empty(a.size)
    fill_by_pair(out, np.ascontiguousarray(a).ravel(), np.ascontiguousarray(b).ravel(), step, int(purpose), seed)
    return out.reshape(a.shape)


def seed_words(seed: int) -> Words:
    """The generator's key: the two 32-bit words of `seed`, which must be in 0 … 2**64 − 1."""
    if not 0 <= seed < 2**64:
        raise ValueError(f"seed {seed} is out of range; give a whole number from 0 to {2**64 - 1}")
    return np.array([seed & 0xFFFFFFFF, seed >> 32], dtype=np.uint32)


def generator(seed: Words, purpose: Purpose) -> np.random.Generator:
    """NumPy generator for one purpose, for draws made once, before the first step (the network)."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([int(seed[0]), int(seed[1]), int(purpose)])))
