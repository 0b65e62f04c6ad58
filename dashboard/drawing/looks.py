"""What a citizen looks like: one byte each, a week."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib import colormaps
from matplotlib.colors import to_hex

from ...agents.citizens import TERMS
from ...experiments.showing.colours import KIND_COLOURS
from ...model.society import Society

ENDS = {
    "conviction": ("thinks it wrong", "thinks it right"),
    "fear": ("no fear", "sure to be sanctioned"),
    "score": ("lowest scores", "highest scores"),
    "trust": ("no trust in the authority", "full trust"),
}
"""What the lowest and the highest level of a look mean."""

LOOKS = ("act", *ENDS)
"""What colours can show: the act in a domain, conviction or fear in it, the score, trust in the authority."""


class Kind(NamedTuple):
    """A kind of act: what the citizen does in words, its colour, and whether it would do otherwise unobserved."""

    says: str
    colour: str
    pretends: bool


KINDS = (
    Kind("complies from the heart", KIND_COLOURS[0], False),
    Kind("has come to believe in it", KIND_COLOURS[1], False),
    Kind("complies under pressure", KIND_COLOURS[2], True),
    Kind("deviates", KIND_COLOURS[3], False),
)
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
    "how a high score makes it look", "what points are worth", "what deviating may lead to", "resentment at intrusion",
), strict=True))  # fmt: skip
"""What each term of the utility stands for."""


def kinds(society: Society, domain: int) -> npt.NDArray[np.uint8]:
    """Place in `KINDS` of every citizen that is there."""
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
