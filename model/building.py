"""Who the citizens are at the start: ties, traits, convictions and first acts, all drawn by key."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt

from ..agents.arithmetic import exps, logits
from ..agents.chance import Purpose, Words
from ..agents.citizens import Citizens
from ..agents.institutions import known_columns
from ..agents.quantiles import beta_quantiles, normal_quantile, normal_quantiles
from .domains import Domains
from .errors import ScenarioError
from .graph import Network, blocks, build_network, from_networkx
from .scenario import Scenario
from .ties import Ties

CONFORMITY, IMAGE_CONCERN, REACTANCE, PRIVACY_CONCERN, WEALTH = range(5)
"""Which of a citizen's draws for `Purpose.TRAIT` decides which trait."""


@dataclass
class Population:
    """The people of a society, who they know, and what they may do, before any institution exists.

    Attributes
    ----------
    citizens, ties, domains
        The state, as columns.
    labels
        Names of the nodes in the graph that the society was made with.
    plan
        The scenario, with the size of the graph.
    later
        Initial values of columns that institutions keep, which do not exist yet.
    """

    citizens: Citizens
    ties: Ties
    domains: Domains
    labels: Sequence[Hashable]
    plan: Scenario
    later: dict[str, npt.ArrayLike]


def populate(
    plan: Scenario, seed: Words, graph: nx.Graph[Any] | None, initial: Mapping[str, npt.ArrayLike]
) -> Population:
    """Make the citizens and ties of a scenario, or of a graph, with some initial values given.

    Raises
    ------
    ScenarioError, GraphError
        If the graph cannot be a society, or an initial value is not possible.
    """
    given = dict(initial)
    network = build_network(plan.population, seed) if graph is None else from_networkx(graph)
    if network.size != plan.population.size:
        population = plan.population.model_copy(update={"size": network.size})
        plan = plan.model_copy(update={"population": population})
    domains = Domains(plan.domains)
    c = Citizens(network.size, len(domains))
    if "identity" in given:
        override(c, "identity", given.pop("identity"))
    if not np.array_equal(np.sort(c.identity), np.arange(network.size)):
        raise ScenarioError(f"initial identity must be a permutation of 0 … {network.size - 1}")
    ties = Ties.from_edges(network.size, network.edges, c.identity)
    ties.rest(seed, plan.citizens.trust.resting, _rated(network, ties))
    draw_traits(c, plan, seed)
    later: dict[str, npt.ArrayLike] = {}
    for name in list(given):
        if name == "trust":
            override(ties, name, given.pop(name))
        elif name in ("initial_conviction", "conviction"):
            override(c, name, given[name])
            override(c, "initial_conviction", given.get("initial_conviction", given[name]))
        elif name not in Citizens.own and name in known_columns():
            later[name] = given.pop(name)
    draw_first_acts(c, ties, domains, plan, seed)
    for name, values in given.items():
        override(c, name, values)
    return Population(c, ties, domains, network.labels, plan, later)


def _rated(network: Network, ties: Ties) -> npt.NDArray[np.float64] | None:
    """Resting trust that ratings in a graph file give, NaN where they give none."""
    if network.ratings is None:
        return None
    rated = np.full(len(ties), np.nan)
    at = ties.find(*network.edges)
    rated[at[at >= 0]] = network.ratings[at >= 0]
    return rated


def draw_traits(c: Citizens, plan: Scenario, seed: Words) -> None:
    """Draw every citizen's traits and initial convictions.

    Conformity, image concern and reactance are normal, cut off at 0; privacy concern and the convictions are Beta;
    wealth is lognormal, with sigma = √2 · Φ⁻¹((Gini + 1) / 2). Groups and regions are contiguous blocks of people.
    """
    s = plan.citizens

    def luck(trait: int) -> npt.NDArray[np.float64]:
        return c.draw(seed, Purpose.TRAIT, whom=trait)

    def normal(trait: int, mean: float, sd: float) -> npt.NDArray[np.float64]:
        return np.maximum(0.0, mean + sd * normal_quantiles(luck(trait)))

    c.conformity[:] = normal(CONFORMITY, s.conformity, s.conformity_sd)
    c.image_concern[:] = normal(IMAGE_CONCERN, s.image_concern, s.image_concern_sd)
    c.reactance[:] = normal(REACTANCE, s.reactance, s.reactance_sd)
    c.privacy_concern[:] = beta(luck(PRIVACY_CONCERN), s.privacy_concern, s.conviction_concentration)
    sigma = sqrt(2) * normal_quantile((s.wealth_gini + 1) / 2)
    c.wealth[:] = s.wealth_mean * exps(sigma * normal_quantiles(luck(WEALTH)) - sigma**2 / 2)
    for d, domain in enumerate(plan.domains.values()):
        mean = s.conviction_mean if domain.conviction_mean is None else domain.conviction_mean
        draw = c.draw(seed, Purpose.CONVICTION, whom=d)
        c.initial_conviction[:, d] = beta(draw, mean, s.conviction_concentration)
    c.conviction[:] = c.initial_conviction
    c.unfair[:] = c.scar[:] = s.trust.scar
    population = plan.population
    c.group[:] = blocks(len(c), population.groups)[c.identity]
    c.region[:] = blocks(len(c), population.regions)[c.identity]
    c.place[:] = c.region


def beta(draw: npt.NDArray[np.float64], mean: float, concentration: float) -> npt.NDArray[np.float64]:
    """Quantiles of the Beta distribution with parameters concentration · mean and concentration · (1 − mean)."""
    return beta_quantiles(draw, concentration * mean, concentration * (1 - mean))


def draw_first_acts(c: Citizens, ties: Ties, domains: Domains, plan: Scenario, seed: Words) -> None:
    """Let first acts follow conviction and cost alone; citizens expect what their neighbours then do."""
    s = plan.citizens
    for d in range(len(domains)):
        utility = s.conviction_weight * (2 * c.conviction[:, d] - 1) - domains.cost[d]
        draw = c.draw(seed, Purpose.ACT, step=0, whom=d)
        required = 0.0 if np.isinf(s.rationality) else logits(draw) / max(s.rationality, 1e-300)
        c.complies[:, d] = utility >= required
    c.complies_unobserved[:] = c.complies
    c.complies_unchanged[:] = c.complies
    degree = np.diff(ties.indptr)
    for d in range(len(domains)):
        complying = np.bincount(ties.owners(), weights=c.complies[ties.neighbours, d], minlength=len(c))
        c.expectation[:, d] = np.where(degree > 0, complying / np.maximum(degree, 1), c.complies[:, d].mean())


def override(owner: Citizens | Ties, name: str, values: npt.ArrayLike) -> None:
    """Replace a column's initial values.

    Raises
    ------
    ScenarioError
        If the column does not exist, or the values have another shape or leave its range.
    """
    low, high = 0.0, 1.0
    if isinstance(owner, Citizens):
        if name not in owner.columns:
            raise ScenarioError(f"initial {name}: there is no such column; the columns are {', '.join(owner.columns)}")
        low, high = owner.columns[name].low, owner.columns[name].high
    column: npt.NDArray[Any] = getattr(owner, name)
    given = np.asarray(values)
    try:
        wide = np.broadcast_to(given, column.shape)
    except ValueError:
        raise ScenarioError(f"initial {name} has shape {given.shape}; it must fit {column.shape}") from None
    if name != "score" and not bool(((wide >= low) & (wide <= high)).all()):
        raise ScenarioError(f"initial {name} has values outside its range, {low:g} to {high:g}")
    if isinstance(owner, Citizens):
        owner.override(name, wide)
    else:
        column[...] = wide
