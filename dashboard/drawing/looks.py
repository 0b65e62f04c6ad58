"""What a citizen looks like: one byte each, a week."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...model.society import Society

LOOKS = ("act", "conviction", "fear", "score", "trust")
"""What colours can show: the act in a domain, conviction or fear in it, the score, trust in the authority."""

HIGHEST = 31
GONE, PRETENDS, DIFFERS = 32, 64, 128
"""Bits beside the value's five: has emigrated; would act otherwise unobserved; acts otherwise in the other world."""


def kinds(society: Society, domain: int) -> npt.NDArray[np.uint8]:
    """What every citizen that is there does: 0 complies from the heart, 1 has come to, 2 under pressure, 3 deviates."""
    c = society.citizens
    complies, unobserved = c.complies[:, domain] == 1, c.complies_unobserved[:, domain] == 1
    unchanged = c.complies_unchanged[:, domain] == 1
    return np.select([~complies, ~unobserved, unchanged], [3, 2, 0], 1).astype(np.uint8)


def levels(society: Society, domain: int, look: str) -> npt.NDArray[np.uint8]:
    """What a look shows of every citizen that is there, from 0 to `HIGHEST`."""
    c = society.citizens
    if look == "score":
        low, high = np.quantile(c.score, [0.01, 0.99])
        share = (c.score - low) / (high - low) if high > low else np.full(len(c), 0.5)
    elif look == "trust":
        share = (c.fair + 1) / (c.fair + c.unfair + 2)
    else:
        share = getattr(c, look)[:, domain]
    return np.round(np.clip(share, 0, 1) * HIGHEST).astype(np.uint8)


def codes(society: Society, domain: int, look: str) -> npt.NDArray[np.uint8]:
    """A byte for every node of the graph at the start."""
    c = society.citizens
    found = np.full(society.founders, GONE, np.uint8)
    pretends = c.complies[:, domain] != c.complies_unobserved[:, domain]
    value = kinds(society, domain) if look == "act" else levels(society, domain, look)
    found[c.node] = value + PRETENDS * pretends.astype(np.uint8)
    return found


def differing(a: Society, b: Society, domain: int) -> npt.NDArray[np.bool_]:
    """Which nodes act otherwise in public in one world than in the other, or are in one only."""
    acts: list[npt.NDArray[np.int8]] = []
    for society in (a, b):
        act = np.full(society.founders, -1, np.int8)
        act[society.citizens.node] = society.citizens.complies[:, domain]
        acts.append(act)
    return acts[0] != acts[1]
