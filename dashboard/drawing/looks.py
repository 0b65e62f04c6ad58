"""What a citizen looks like: one byte each, a week."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib import colormaps
from matplotlib.colors import to_hex

from ...agents.citizens import ACTS, TERMS
from ...experiments.showing.colours import KIND_COLOURS
from ...model.society import Society

ENDS = {
    "conviction": ("thinks it wrong", "thinks it right"),
    "detection": ("thinks that nobody learns of it", "sure to be found out"),
    "score": ("lowest scores", "highest scores"),
    "trust": ("no trust in the authority", "full trust"),
}
"""What the lowest and the highest level of a look mean."""

LOOKS = ("act", *ENDS)
"""What colours can show: the act in a domain, conviction or perceived detection in it, score, trust."""


class Kind(NamedTuple):
    """A kind of act: what the citizen does in words, its colour, and whether it would do otherwise unobserved."""

    says: str
    colour: str
    pretends: bool


KINDS = tuple(Kind(says, colour, pretends) for (says, pretends), colour in zip((
    ("complies as at the start", False),
    ("complies as circumstances have changed", False),
    ("has come to believe in it", False),
    ("complies since others do", False),
    ("complies only under the eye", True),
    ("deviates", False),
), KIND_COLOURS, strict=True))  # fmt: skip
"""For those who comply, in the order of the parts of compliance, what decided it."""

HIGHEST = 31
SCALE = tuple(to_hex(colormaps["cividis"](level / HIGHEST)) for level in range(HIGHEST + 1))
"""Colours of the levels from 0 to `HIGHEST`."""

GONE, PRETENDS, DIFFERS = 32, 64, 128
"""Bits beside the value's five: has emigrated; would act otherwise unobserved; acts otherwise in the other world."""

BITS = {"value": HIGHEST, "gone": GONE, "pretends": PRETENDS, "differs": DIFFERS}

INKS = {
    "light": {"text": "#333333", "grid": "#00000012", "tie": "#00000014", "chosen": "#000000b3", "circle": "#000000"},
    "dark": {"text": "#dddddd", "grid": "#ffffff17", "tie": "#ffffff1a", "chosen": "#ffffffcc", "circle": "#ffffff"},
}
"""Colours of what is drawn beside the data, on a light and on a dark page."""

TERM_WORDS = dict(zip(TERMS, (
    "what it privately holds right", "what complying costs", "what it expects others to do",
    "what those who see it think of it", "what points are worth", "what deviating may lead to",
    "resentment at intrusion",
), strict=True))  # fmt: skip
"""What each term of the utility stands for."""


def kinds(society: Society, domain: int) -> npt.NDArray[np.uint8]:
    """Place in `KINDS` of every citizen that is there."""
    deviates = [getattr(society.citizens, name)[:, domain] == 0 for name in ACTS]
    return np.select(deviates, [5, 4, 3, 2, 1], 0).astype(np.uint8)


def levels(society: Society, domain: int, look: str) -> npt.NDArray[np.uint8]:
    """What a look shows of every citizen that is there, from 0 to `HIGHEST`."""
    c = society.citizens
    if look == "score":
        low, high = np.quantile(c.score, [0.01, 0.99])
        share = (c.score - low) / (high - low) if high > low else np.full(len(c), 0.5)
    elif look == "trust":
        share = (c.fair + 1) / (c.fair + c.unfair + 2)
    else:
        share = (c.perceived_detection if look == "detection" else c.conviction)[:, domain]
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
