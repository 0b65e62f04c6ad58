"""Citizens of whom only the terms are left that a docked model has too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

import glasshouse as gh
from glasshouse.agents.base import Institution, Settings
from tests.support.scenes import one_domain


class Watching(Institution):
    """Watches each citizen as much as it is told."""

    settings: Settings
    zero = {}
    chances: np.ndarray

    def establish(self, society):
        society.citizens.contribute("watched", self.chances, np.ones(len(society.domains.names)))


def watched(changes: Mapping[str, Any], conviction: np.ndarray, chances: np.ndarray) -> gh.Society:
    """Citizens who weigh conviction, cost and fear alone, and know how much each is watched."""
    fear = {
        "citizens.conformity": 0.0,
        "citizens.rationality": float("inf"),
        "citizens.consequence.ambiguity": 1.0,
        "citizens.consequence.slow_weight": 0.0,
        "population.size": len(chances),
    }
    society = gh.Society(one_domain({**fear, **changes}), rng=1, initial={"conviction": conviction[:, None]})
    watching = Watching(society, Settings())
    watching.chances = chances
    society.institutions["watching"] = watching
    watching.establish(society)
    return society
