"""What to do about a name that is not known, in words."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

LONGEST = 200
"""Characters up to which a name is compared with others: the time grows with its square."""


FORMER = {
    "citizens.fear": "citizens.consequence",
    "citizens.fear.learning": "citizens.consequence.forgetting",
    "citizens.fear.vicarious": "citizens.consequence.vicarious",
    **{f"citizens.{trait}_sd": "citizens.traits_sd" for trait in ("conformity", "image_concern", "reactance")},
    "initial_conviction": "start_conviction",
}
"""Names of before, and where to look for what they meant."""


def nearest(name: str, names: Iterable[str]) -> str:
    """Remedy for an unknown name: the nearest valid one, or all of them where none is near."""
    if name in FORMER:
        return f"that is of an earlier version; see {FORMER[name]}"
    names = list(names)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6) if len(name) <= LONGEST else []
    if close:
        return f"did you mean {close[0]}?"
    return f"choose one of {', '.join(names)}" if len(names) <= 30 else "see the JSON Schema for all names"
