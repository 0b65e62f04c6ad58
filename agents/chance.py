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

import hashlib
from enum import IntEnum, unique
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from .compiled import BATCH as BATCH
from .compiled import compiled


@unique
class Purpose(IntEnum):
    """What a draw decides that does not depend on any institution; each institution declares its own, `OwnPurpose`.

    A number, once given, is never given to another purpose.
    """

    CONVICTION = 1
    TRAIT = 2
    TIE = 3
    NETWORK = 4
    LIKENESS = 5
    AGE = 6
    PEOPLE = 7
    ACT = 10
    REPORT = 11
    EXCHANGE = 12
    GLIMPSE = 13
    DEPARTURE = 14
    PARENT = 15
    UPBRINGING = 16
    GROUP = 17


HOUSE = 2**16
"""Numbers below are given by hand, to this package's purposes alone; the others are derived from names."""


class OwnPurpose:
    """What a draw of one institution decides, declared as an attribute of it; read there, it is the purpose's number.

    Nothing needs to be known of other institutions: the number follows from the institution's name and the
    attribute's, so that it is the same on every machine and in every version.

    Parameters
    ----------
    number
        Number given by hand, for institutions of this package only.

    Examples
    --------
    >>> class Curfew:
    ...     name = "curfew"
    ...     CAUGHT = OwnPurpose()
    >>> Curfew.CAUGHT
    2487931832
    """

    def __init__(self, number: int | None = None) -> None:
        self.number = number

    def __set_name__(self, owner: type, name: str) -> None:
        self.owner, self.name = owner, name
        if self.number is not None and not (owner.__module__.startswith(f"{__package__}.") and 0 < self.number < HOUSE):
            raise TypeError(f"{owner.__name__}.{name}: write OwnPurpose() without a number; it is given one of its own")

    def __get__(self, instance: object, owner: Any) -> int:
        # A class that inherits the purpose is another institution, with luck of its own.
        return self.number if self.number is not None and owner is self.owner else derived(owner.name, self.name)


@cache
def derived(institution: str, purpose: str) -> int:
    """Number of a purpose by names, from 2**16 to 2**32 − 1: the first eight bytes of their SHA-256."""
    hashed = hashlib.sha256(f"{institution}\0{purpose}".encode()).digest()
    return HOUSE + int.from_bytes(hashed[:8]) % (2**32 - HOUSE)


# Plain integers for the compiled rules, which cannot read an enumeration's members.
ACT = np.uint32(Purpose.ACT)
REPORT = np.uint32(Purpose.REPORT)
GLIMPSE = np.uint32(Purpose.GLIMPSE)
EXCHANGE = np.uint32(Purpose.EXCHANGE)

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


def uniforms(seed: Words, purpose: int, step: int, who: npt.ArrayLike, whom: npt.ArrayLike = 0) -> Floats:
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


def generator(seed: Words, purpose: int) -> np.random.Generator:
    """NumPy generator for one purpose, for draws made once, before the first step (the network)."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([int(seed[0]), int(seed[1]), int(purpose)])))
