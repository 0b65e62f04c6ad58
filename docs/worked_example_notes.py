"""What the worked example notes: the state after every phase, and terms on the way that no column keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import glasshouse as gh
from glasshouse.agents.base import Institution, Settings
from glasshouse.agents.chance import ACT, uniform_by_domain
from glasshouse.agents.citizens import TERMS
from glasshouse.agents.rules.seeing import predicted_share, spreading
from glasshouse.agents.rules.utility import choice_probability, required_utility
from glasshouse.model.phases import PHASES

Snapshot = dict[str, np.ndarray]


def state(who: gh.Society) -> Snapshot:
    """Every column, the terms, and what the ties have."""
    c, ties = who.citizens, who.ties
    columns = {name: np.array(getattr(c, name)) for name in c.columns}
    of_ties = {name: np.array(getattr(ties, name)) for name in ("trust", "resting", "accusations", "first", "strong")}
    return columns | {f"tie {name}": values for name, values in of_ties.items()} | {"terms": c.terms.copy()}


class Notes(Institution):
    """Note the state at the end of every phase; it comes last, and does nothing else."""

    settings: Settings

    def note(self, phase: str) -> None:
        """Keep the state after a phase."""
        self.__dict__.setdefault("states", {})[phase] = state(self.model)


def _noting(phase: str) -> Callable[[Notes, Any], None]:
    return lambda notes, _: notes.note(phase)


for _phase in PHASES:
    setattr(Notes, _phase, _noting(_phase))


def sight(society: Any, visibility: np.ndarray) -> np.ndarray:
    """Rate at which a neighbour sees each act, shape (N, D)."""
    openness, weight = society.domains.openness, society.conditions.weight
    return openness + visibility[:, None] * weight * (1 - openness)


def perceived(society: Any, last: Snapshot) -> Snapshot:
    """What is seen of neighbours' acts of last week, and the share that was predicted."""
    domains, rates, ties = society.domains, society.rates, society.ties
    seen, acts = sight(society, last["visibility"]), last["complies"]
    shape = seen.shape
    complying, deviating, predicted = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for i, j in zip(ties.owners(), ties.neighbours, strict=True):
        complying[i] += acts[j] * seen[j]
        deviating[i] += (1 - acts[j]) * seen[j]
    for i, d in np.ndindex(shape):
        flattening = spreading(rates.rationality, rates.conviction_weight, domains.spread[d])
        ordinary, pressure = last["ordinary_image"][i, d], last["pressure"][i, d]
        utility = rates.conviction_weight * (2 * last["approval"][i, d] - 1) - domains.cost[d]
        utility += last["conformity"][i] * (2 * last["expectation"][i, d] - 1)
        utility += ordinary + (1 - rates.face_value) * (pressure - ordinary)
        predicted[i, d] = predicted_share(utility, rates.rationality, flattening, last["intercept"][i, d])
    return {"complying*": complying, "deviating*": deviating, "predicted*": predicted}


def foreseen(society: Any, now: Snapshot) -> Snapshot:
    """The rate of being seen, the terms of utility, their sum, the chance of complying, and what the draw requires."""
    rationality, terms = society.rates.rationality, now["terms"]
    found = {"seen*": sight(society, now["visibility"])}
    found |= {f"{name}*": terms[:, :, k] for k, name in enumerate(TERMS)}
    # In the order of the terms, as NumPy may not.
    utility = sum((terms[:, :, k] for k in range(1, len(TERMS))), start=terms[:, :, 0])
    chance, required = np.zeros(utility.shape), np.zeros(utility.shape)
    for i, d in np.ndindex(utility.shape):
        chance[i, d] = choice_probability(utility[i, d], rationality)
        draw = uniform_by_domain(now["identity"][i], d, society.week, ACT, society.seed)
        required[i, d] = required_utility(draw, rationality)
    return found | {"utility*": utility, "chance*": chance, "required*": required}
