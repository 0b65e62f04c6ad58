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
from ..agents.columns import Column, each
from ..agents.institutions import known_columns
from ..agents.plain import plain
from ..agents.quantiles import beta_quantiles, normal_quantile, normal_quantiles
from .domains import Domains
from .errors import ScenarioError, shown
from .graph import blocks, build_network
from .graph_state import state_of
from .limits import check_memory
from .networks import LARGEST_COMPLETE, Network, from_networkx
from .scenario import Scenario
from .ties import Ties

CONFORMITY, IMAGE_CONCERN, REACTANCE, PRIVACY_CONCERN, WEALTH = range(5)
"""Which of a citizen's draws for `Purpose.TRAIT` decides which trait."""

TRUST: Column = each(0, 1, "share", "trust in a tie")


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
    said
        What the graph was taken for, in words; empty where it was generated.
    """

    citizens: Citizens
    ties: Ties
    domains: Domains
    labels: Sequence[Hashable]
    plan: Scenario
    later: dict[str, npt.ArrayLike]
    said: str


def populate(
    plan: Scenario, seed: Words, graph: nx.Graph[Any] | None, initial: Mapping[str, npt.ArrayLike]
) -> Population:
    """Make the citizens and ties of a scenario, or of a graph, with some initial values given.

    Raises
    ------
    ScenarioError, GraphError
        If the graph cannot be a society, or an initial value is not possible.
    """
    if graph is None and plan.population.network not in ("file", "karate"):
        everyone = min(plan.population.size, LARGEST_COMPLETE) - 1
        degree = everyone if plan.population.network == "complete" else plan.population.degree
        check_room(plan.population.size, plan.population.size * degree, len(plan.domains))
    network = build_network(plan.population, seed) if graph is None else from_networkx(graph)
    check_room(network.size, 2 * len(network.edges[0]), len(plan.domains))
    state, network.said = state_of(network, plan.domains, plan.institutions)
    given = {**state, **initial}
    plan = _fitted(plan, network.size, state)
    domains = Domains(plan.domains)
    c = Citizens(network.size, len(domains))
    if "identity" in given:
        override(c, "identity", given.pop("identity"))
    if not np.array_equal(np.sort(c.identity), np.arange(network.size)):
        raise ScenarioError(f"initial identity must be a permutation of 0 … {network.size - 1}")
    ties = Ties.from_edges(network.size, network.edges, c.identity)
    told = {name: _told(network, name, ties) for name in network.ties}
    ties.rest(seed, plan.citizens.trust.resting, told.get("resting", told.get("rating")))
    if "trust" in told:
        ties.trust[:] = np.where(np.isnan(told["trust"]), ties.trust, told["trust"])
    draw_traits(c, plan, seed)
    for name in state.keys() & {"conviction", "initial_conviction"} - initial.keys():
        given[name] = filled(c, name, given[name])
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
        override(c, name, filled(c, name, values) if name in state and name not in initial else values)
    return Population(c, ties, domains, network.labels, plan, later, network.said)


BYTES_A_CITIZEN, BYTES_A_DOMAIN, BYTES_A_TIE = 250, 150, 88
"""What a society needs at most while it is built and lived, as measured: for each citizen, each of its domains, and
each tie in one direction."""


def check_room(size: int, ties: int, domains: int) -> None:
    """Refuse a society that the memory here cannot hold, before it is built.

    Raises
    ------
    GlasshouseError
        With what it needs and what there is.
    """
    needed = size * (BYTES_A_CITIZEN + domains * BYTES_A_DOMAIN) + ties * BYTES_A_TIE
    what = f"a society of {size:,} citizens with {ties:,} ties in both directions"
    check_memory(needed, what, "lower population.size or population.degree")


def _fitted(plan: Scenario, size: int, state: Mapping[str, npt.NDArray[np.float64]]) -> Scenario:
    """The plan with as many citizens, groups and regions as a graph has."""
    counts = {f"{name}s": int(np.nanmax(state[name])) + 1 for name in ("group", "region") if name in state}
    update = {"size": size} | {n: max(count, getattr(plan.population, n)) for n, count in counts.items()}
    if all(getattr(plan.population, name) == value for name, value in update.items()):
        return plan
    return plan.model_copy(update={"population": plan.population.model_copy(update=update)})


def _told(network: Network, name: str, ties: Ties) -> npt.NDArray[np.float64]:
    """What a graph says of every tie, NaN where it says nothing."""
    told = np.full(len(ties), np.nan)
    (u, v), values = network.edges, network.ties[name]
    if not bool((np.isnan(values) | ((values >= 0) & (values <= 1))).all()):
        raise ScenarioError(f"{name} of the graph's edges has values outside its range, 0 to 1")
    for owners, others in ((u, v), (v, u)) if network.mutual else ((u, v),):
        at = ties.find(owners, others)
        told[at[at >= 0]] = values[at >= 0]
    return told


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


def filled(c: Citizens, name: str, values: npt.ArrayLike) -> npt.NDArray[Any]:
    """Values of a column that a graph gives; where it gives none (NaN), those that are there."""
    given = np.asarray(values, np.float64)
    return np.where(np.isnan(given), getattr(c, name), given)


def numbers(name: str, values: npt.ArrayLike) -> npt.NDArray[Any]:
    """Initial values as an array of numbers.

    Raises
    ------
    ScenarioError
        If they are none.
    """
    try:
        given = np.asarray(values)
        return given if given.dtype.kind in "biuf" else np.asarray(plain(values), np.float64)
    except (TypeError, ValueError):
        raise ScenarioError(f"initial {name} {shown(values)}: give a number, or an array of them") from None


def override(owner: Citizens | Ties, name: str, values: npt.ArrayLike) -> None:
    """Replace a column's initial values.

    Raises
    ------
    ScenarioError
        If the column does not exist, or the values have another shape or leave its range.
    """
    declared = TRUST
    if isinstance(owner, Citizens):
        if name not in owner.columns:
            raise ScenarioError(f"initial {name}: there is no such column; the columns are {', '.join(owner.columns)}")
        declared = owner.columns[name]
    column: npt.NDArray[Any] = getattr(owner, name)
    given = numbers(name, values)
    fault = declared.fault(given, column.shape)
    if fault:
        raise ScenarioError(f"initial {name} {fault}")
    if isinstance(owner, Citizens):
        owner.override(name, given)
    else:
        column[...] = given
