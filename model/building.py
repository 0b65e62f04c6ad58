"""Who the citizens are at the start: traits, convictions and first acts, all drawn by key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy import special

from ..agents.chance import Purpose
from ..agents.citizens import Citizens
from .errors import ScenarioError
from .graph import Ties, blocks

if TYPE_CHECKING:
    from .society import Society

CONFORMITY, IMAGE_CONCERN, REACTANCE, PRIVACY_CONCERN, WEALTH = range(5)
"""Which of a citizen's draws for `Purpose.TRAIT` decides which trait."""


def draw_traits(society: Society) -> None:
    """Draw every citizen's traits and initial convictions.

    Conformity, image concern and reactance are normal, cut off at 0; privacy concern and the convictions are Beta;
    wealth is lognormal, with sigma = √2 · Φ⁻¹((Gini + 1) / 2). Groups and regions are contiguous blocks of people.
    """
    c, s = society.citizens, society.plan.citizens

    def luck(trait: int) -> npt.NDArray[np.float64]:
        return c.draw(society, Purpose.TRAIT, whom=trait)

    def normal(trait: int, mean: float, sd: float) -> npt.NDArray[np.float64]:
        return np.maximum(0.0, mean + sd * special.ndtri(luck(trait)))

    c.conformity[:] = normal(CONFORMITY, s.conformity, s.conformity_sd)
    c.image_concern[:] = normal(IMAGE_CONCERN, s.image_concern, s.image_concern_sd)
    c.reactance[:] = normal(REACTANCE, s.reactance, s.reactance_sd)
    c.privacy_concern[:] = beta(luck(PRIVACY_CONCERN), s.privacy_concern, s.conviction_concentration)
    sigma = np.sqrt(2) * special.ndtri((s.wealth_gini + 1) / 2)
    c.wealth[:] = s.wealth_mean * np.exp(sigma * special.ndtri(luck(WEALTH)) - sigma**2 / 2)
    for d, domain in enumerate(society.plan.domains.values()):
        mean = s.conviction_mean if domain.conviction_mean is None else domain.conviction_mean
        draw = c.draw(society, Purpose.CONVICTION, whom=d)
        c.initial_conviction[:, d] = beta(draw, mean, s.conviction_concentration)
    c.conviction[:] = c.initial_conviction
    c.unfair[:] = c.scar[:] = s.trust.scar
    population = society.plan.population
    c.group[:] = blocks(len(c), population.groups)[c.identity]
    c.region[:] = blocks(len(c), population.regions)[c.identity]
    c.place[:] = c.recorded_at[:] = c.region


def beta(draw: npt.NDArray[np.float64], mean: float, concentration: float) -> npt.NDArray[np.float64]:
    """Quantiles of the Beta distribution with parameters concentration · mean and concentration · (1 − mean)."""
    return special.betaincinv(concentration * mean, concentration * (1 - mean), draw)


def draw_first_acts(society: Society) -> None:
    """Let first acts follow conviction and cost alone; citizens expect what their neighbours then do."""
    c, s = society.citizens, society.plan.citizens
    for d in range(len(society.domains)):
        utility = s.conviction_weight * (2 * c.conviction[:, d] - 1) - society.domains.cost[d]
        draw = c.draw(society, Purpose.ACT, step=0, whom=d)
        required = 0.0 if np.isinf(s.rationality) else special.logit(draw) / max(s.rationality, 1e-300)
        c.complies[:, d] = utility >= required
    c.complies_unobserved[:] = c.complies
    c.complies_unchanged[:] = c.complies
    ties = society.ties
    degree = np.diff(ties.indptr)
    for d in range(len(society.domains)):
        complying = np.bincount(ties.owners(), weights=c.complies[ties.neighbours, d], minlength=len(c))
        c.expectation[:, d] = np.where(degree > 0, complying / np.maximum(degree, 1), c.complies[:, d].mean())


def override(owner: Citizens | Ties, name: str, values: npt.ArrayLike) -> None:
    """Replace a column's initial values.

    Raises
    ------
    ScenarioError
        If the column does not exist, or the values have another shape or leave its range.
    """
    if isinstance(owner, Citizens) and name not in Citizens.columns:
        raise ScenarioError(f"initial {name}: there is no such column; the columns are {', '.join(Citizens.columns)}")
    column: npt.NDArray[Any] = getattr(owner, name)
    given = np.asarray(values)
    try:
        wide = np.broadcast_to(given, column.shape)
    except ValueError:
        raise ScenarioError(f"initial {name} has shape {given.shape}; it must fit {column.shape}") from None
    low, high = (Citizens.columns[name].low, Citizens.columns[name].high) if isinstance(owner, Citizens) else (0, 1)
    if name != "score" and not bool(((wide >= low) & (wide <= high)).all()):
        raise ScenarioError(f"initial {name} has values outside its range, {low:g} to {high:g}")
    column[...] = wide
