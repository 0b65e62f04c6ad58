"""What a trial is: a fact of the field, and the statistic that measures the same in the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf, log
from typing import Any

import numpy as np
import numpy.typing as npt

from ....agents.rules.utility import choice_probabilities
from ....model.scenario import Scenario
from ....model.society import Society

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

YEAR = 52


@dataclass(frozen=True)
class Statistic:
    """A number with the band that its mean over seeds must lie in; an infinite edge asks the whole interval for it.

    Attributes
    ----------
    name
        The column of results that has it.
    says
        What it is.
    low, high
        The band; both infinite where it is reported without a verdict.
    """

    name: str
    says: str
    low: float = -inf
    high: float = inf


@dataclass(frozen=True)
class Trial:
    """A published fact as a virtual trial.

    Attributes
    ----------
    name
        T and a number where it was tuned on, H where it was held out.
    fact
        What was found in the world.
    source
        Where, with a mark of how sure that is: A recomputed from open data, B read, mostly abstracts, C secondary.
    statistics
        What is measured.
    measure
        Gives their values for a place: one seed's people, to whom anything may be done.
    explains
        Why it fails, where it does; or what should be known where it passes.
    """

    name: str
    fact: str
    source: str
    statistics: tuple[Statistic, ...]
    measure: Callable[[Place], Mapping[str, float]]
    explains: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of its facts."""
        return tuple(self.name.split(", "))

    @property
    def held_out(self) -> bool:
        """Whether nothing was tuned on it."""
        return self.name.startswith("H")


@dataclass(frozen=True)
class Place:
    """One seed's people: each society asked of it has the same people with the same luck."""

    size: int
    seed: int
    changes: Mapping[str, Any]

    def society(self, changes: Mapping[str, Any] | None = None, scenario: str = "baseline") -> Society:
        """A settled society in its first week."""
        plan = Scenario.load(scenario).change({"population.size": self.size, **self.changes, **(changes or {})})
        return Society(plan, rng=self.seed, threads=1)

    def tenth(self, society: Society, share: float = 0.1) -> Mask:
        """A random part of the citizens, the same in every society of this place."""
        return np.random.default_rng(self.seed).random(society.founders)[society.citizens.node] < share


def chances(society: Society, domain: str) -> Floats:
    """Each citizen's chance of having complied in the last week, by its terms: a tenth of the noise of acts."""
    terms = society.citizens.terms[:, society.domains.names.index(domain)]
    return choice_probabilities(terms.sum(axis=1), society.rates.rationality)


def log_odds(treated: Floats, untreated: Floats) -> float:
    """Difference of two shares in log-odds, from chances of the same people."""
    a, b = float(treated.mean()), float(untreated.mean())
    return log(a / (1 - a)) - log(b / (1 - b))


def show_record(society: Society, domain: str, who: Mask, audience: str) -> None:
    """Show a part of the citizens' acts in a domain for the next week: to the authority, close ties or all ties."""
    c, d = society.citizens, society.domains.names.index(domain)
    of_domain = np.arange(len(society.domains)) == d
    society.conditions.gain = of_domain.astype(float)
    if audience == "authority":
        c.override("watched", np.where(who[:, None] & of_domain, 1.0, 0.0))
    elif audience == "close":
        c.contribute("close_sight", who)
    elif audience == "all":
        c.contribute("visibility", who)
