"""Keyed draws: every draw is a pure function of (seed, purpose, step, who, with whom).

The generator is Philox4x32-10, counter-based: it has no state, so a draw does not depend on which others were made,
in what order or on which thread. Two runs under one seed are the same people with the same luck, and their
difference is the effect of what was changed alone (common random numbers).

The counter's four words are *who*, *with whom*, *step* and *purpose*; the key is the seed. A block has four words of
32 random bits; which of them is used is part of "with whom" (see `uniform`).

References
----------
.. [1] Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC '11,
   doi:10.1145/2063384.2063405.
.. [2] Klein et al. 2024, arXiv:2409.02086 (common random numbers in agent-based models).
"""

from __future__ import annotations

from enum import IntEnum, unique

import numpy as np
import numpy.typing as npt

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


# Plain integers for the compiled rules, which cannot read an enumeration's members.
ACT = np.uint64(Purpose.ACT)
REPORT = np.uint64(Purpose.REPORT)
EXCHANGE = np.uint64(Purpose.EXCHANGE)
SENSOR = np.uint64(Purpose.SENSOR)
VERDICT = np.uint64(Purpose.VERDICT)

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_LOW, _32, _2, _3 = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(2), np.uint64(3)
_STEP = 2.0**-32

Word = int
"""An unsigned 64-bit integer below 2**32."""


@compiled
def philox(c0: Word, c1: Word, c2: Word, c3: Word, k0: Word, k1: Word) -> tuple[Word, Word, Word, Word]:
    """Four random words of 32 bits for a counter of four words and a key of two: Philox4x32-10 [1]_."""
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0, c1, c2, c3 = (p1 >> _32) ^ c1 ^ k0, p1 & _LOW, (p0 >> _32) ^ c3 ^ k1, p0 & _LOW
        k0 = (k0 + _W0) & _LOW
        k1 = (k1 + _W1) & _LOW
    return c0, c1, c2, c3


@compiled
def unit(word: Word) -> float:
    """Number in (0, 1) of a random word: the midpoint of one of 2**32 equal cells, so never 0 or 1."""
    return (word + 0.5) * _STEP


@compiled
def draws(
    who: Word, block: Word, step: Word, purpose: Word, seed: npt.NDArray[np.uint64]
) -> tuple[float, float, float, float]:
    """Four uniforms in (0, 1) for one citizen."""
    a, b, c, d = philox(who, block, step, purpose, seed[0], seed[1])
    return unit(a), unit(b), unit(c), unit(d)


@compiled
def uniform(who: Word, whom: Word, step: Word, purpose: Word, seed: npt.NDArray[np.uint64]) -> float:
    """Uniform in (0, 1) for a pair; four neighbouring numbers of `whom` share a block of four words."""
    a, b, c, d = philox(who, whom >> _2, step, purpose, seed[0], seed[1])
    word = whom & _3
    if word < _2:
        return unit(a) if word == 0 else unit(b)
    return unit(c) if word == _2 else unit(d)


@compiled
def _fill(
    out: npt.NDArray[np.float64],
    who: npt.NDArray[np.uint32],
    whom: npt.NDArray[np.uint32],
    step: int,
    purpose: int,
    seed: npt.NDArray[np.uint64],
) -> None:
    for i in range(len(who)):
        out[i] = uniform(np.uint64(who[i]), np.uint64(whom[i]), np.uint64(step), np.uint64(purpose), seed)


def uniforms(
    seed: npt.NDArray[np.uint64], purpose: Purpose, step: int, who: npt.ArrayLike, whom: npt.ArrayLike = 0
) -> npt.NDArray[np.float64]:
    """Uniforms in (0, 1), one for each pair of `who` and `whom` (broadcast against each other)."""
    a, b = np.broadcast_arrays(np.asarray(who, np.uint32), np.asarray(whom, np.uint32))
    out = np.empty(a.shape)
    _fill(out.ravel(), a.ravel(), b.ravel(), step, int(purpose), seed)
    return out


def seed_words(seed: int) -> npt.NDArray[np.uint64]:
    """The generator's key: the two 32-bit words of `seed`, which must be in 0 … 2**64 − 1."""
    if not 0 <= seed < 2**64:
        raise ValueError(f"seed {seed} is out of range; give a whole number from 0 to {2**64 - 1}")
    return np.array([seed & 0xFFFFFFFF, seed >> 32], dtype=np.uint64)


def generator(seed: npt.NDArray[np.uint64], purpose: Purpose) -> np.random.Generator:
    """NumPy generator for one purpose, for draws made once, before the first step (the network)."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([int(seed[0]), int(seed[1]), int(purpose)])))
