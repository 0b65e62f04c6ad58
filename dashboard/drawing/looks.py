"""What a citizen looks like: what it did, and what decided that."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...agents.citizens import ACTS
from ...model.society import Society


class Kind(NamedTuple):
    """A kind of act: the token of its colour, its shape, and what it is called."""

    token: str
    shape: str
    says: str


KINDS = (
    Kind("ever", "dot", "anyway"),
    Kind("chance", "square", "by circumstances"),
    Kind("heart", "disc", "in the heart"),
    Kind("crowd", "disc", "in the crowd"),
    Kind("eye", "ring", "under the eye"),
    Kind("deviates", "diamond", "deviate"),
)
"""For those who comply, in the order of the parts of compliance, what decided it; and those who do not."""

GONE = len(KINDS)
"""In the place of a kind where a citizen has emigrated."""


def kinds_of(society: Society) -> npt.NDArray[np.uint8]:
    """Place in `KINDS` of what every citizen that is there did in every domain, shape (N, D)."""
    deviates = [getattr(society.citizens, name) == 0 for name in ACTS]
    return np.select(deviates, [5, 4, 3, 2, 1], 0).astype(np.uint8)
