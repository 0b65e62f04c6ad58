"""Who the citizens are at the start: ties, traits, convictions and first acts, all drawn by key."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt

from ..agents.arithmetic import exps
from ..agents.chance import Purpose, Words
from ..agents.citizens import MOST_DOMAINS, Citizens
from ..agents.columns import Column, each
from ..agents.institutions import known_columns
from ..agents.plain import plain
from ..agents.quantiles import beta_quantiles, normal_quantile, normal_quantiles, normal_shares
from ..agents.rules.generations import DISPOSITION
from ..agents.rules.internalising import OF_AGE
from .domains import Domains, DomainSettings
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

OLDEST = 80
"""Largest age at the start, in years."""


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
    now
        Initial values of citizens' columns that were given, NaN where none was.
    trust
        Trust along every tie that was given, NaN where none was.
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
    now: dict[str, npt.ArrayLike]
    trust: npt.NDArray[np.float64] | None
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
        size, degree = plan.population.size, plan.population.degree
        if plan.population.network == "complete":
            # A larger one is refused for what it is, whatever the memory.
            size = min(size, LARGEST_COMPLETE)
            degree = size - 1
        check_room(size, size * degree, len(plan.domains))
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
    given_trust = told.get("trust", told.get("rating"))
    draw_traits(c, ties, plan, seed)
    now = dict(given)
    for name in state.keys() & {"conviction", "start_conviction"} - initial.keys():
        given[name] = filled(c, name, given[name])
    later: dict[str, npt.ArrayLike] = {}
    for name in list(given):
        if name == "trust":
            override(ties, name, given.pop(name))
            given_trust = ties.trust.copy()
        elif name == "conviction":
            for same in ("conviction", "start_conviction", "temperament", "character"):
                override(c, same, given.get(same, given[name]))
        elif name not in Citizens.own and name in known_columns():
            later[name] = given.pop(name)
    for name, values in given.items():
        override(c, name, filled(c, name, values) if name in state and name not in initial else values)
    now = {name: values for name, values in now.items() if name in given}
    return Population(c, ties, domains, network.labels, plan, now, given_trust, later, network.said)


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


def draw_traits(c: Citizens, ties: Ties, plan: Scenario, seed: Words) -> None:
    """Draw every citizen's traits, age and initial convictions; groups and regions are contiguous blocks of people.

    Conformity, image concern, reactance and privacy concern are lognormal, mean · exp(s z − s²/2); wealth too, with
    s = √2 · Φ⁻¹((Gini + 1) / 2). Ages are even from 18 to 80 years.
    """
    s = plan.citizens

    def luck(trait: int) -> npt.NDArray[np.float64]:
        return c.draw(seed, Purpose.TRAIT, whom=trait)

    def lognormal(trait: int, mean: float, sd: float) -> npt.NDArray[np.float64]:
        return mean * exps(sd * normal_quantiles(luck(trait)) - sd**2 / 2)

    c.conformity[:] = lognormal(CONFORMITY, s.conformity, s.traits_sd)
    c.image_concern[:] = lognormal(IMAGE_CONCERN, s.image_concern, s.traits_sd)
    c.reactance[:] = lognormal(REACTANCE, s.reactance, s.traits_sd)
    c.privacy_concern[:] = lognormal(PRIVACY_CONCERN, s.privacy_concern, s.traits_sd)
    c.wealth[:] = lognormal(WEALTH, s.wealth_mean, sqrt(2) * normal_quantile((s.wealth_gini + 1) / 2))
    c.born[:] = -np.floor(c.draw(seed, Purpose.AGE) * 52 * (OLDEST - OF_AGE)).astype(np.int64)
    c.disposition[:] = beta_quantiles(c.draw(seed, Purpose.PEOPLE), DISPOSITION, DISPOSITION)
    alike = draw_likeness(c, ties, plan, seed)
    for d, domain in enumerate(plan.domains.values()):
        shares = normal_shares(alike[:, d])
        c.conviction[:, d] = beta(shares, conviction_mean(plan, domain), s.conviction_concentration)
    for column in (c.start_conviction, c.temperament, c.character):
        column[:] = c.conviction
    c.conviction_share[:] = 1.0
    c.scar[:] = s.trust.scar
    population = plan.population
    founded = c.identity % np.uint32(len(c))
    c.group[:] = blocks(len(c), population.groups)[founded]
    c.region[:] = blocks(len(c), population.regions)[founded]
    c.place[:] = c.region


def conviction_mean(plan: Scenario, domain: DomainSettings) -> float:
    """Mean initial conviction in a domain."""
    return plan.citizens.conviction_mean if domain.conviction_mean is None else domain.conviction_mean


def draw_likeness(c: Citizens, ties: Ties, plan: Scenario, seed: Words) -> npt.NDArray[np.float64]:
    """Normal numbers of shape (N, D), alike within a person by `coherence` and among neighbours by `homophily`.

    √(1 − h) · own + √h · around, where `around` is the mean of a second noise over oneself and the neighbours, brought
    to variance 1; each √r · common + √(1 − r) · of the domain.
    """
    coherence, homophily = plan.citizens.coherence, plan.population.homophily

    def noise(first: int) -> npt.NDArray[np.float64]:
        common = normal_quantiles(c.draw(seed, Purpose.LIKENESS, whom=first))
        of = [c.draw(seed, Purpose.CONVICTION, whom=first + d) for d in range(c.domains)]
        own = np.stack([normal_quantiles(draw) for draw in of], axis=1)
        return sqrt(coherence) * common[:, None] + sqrt(1 - coherence) * own

    own = noise(0)
    if homophily == 0:
        return own
    second, owners, neighbours = noise(MOST_DOMAINS), ties.owners(), np.asarray(ties.neighbours)
    around = second.copy()
    for d in range(c.domains):
        around[:, d] += np.bincount(owners, weights=second[neighbours, d], minlength=len(c))
    around /= np.sqrt(1 + np.diff(ties.indptr))[:, None]
    return sqrt(1 - homophily) * own + sqrt(homophily) * around


def beta(draw: npt.NDArray[np.float64], mean: float, concentration: float) -> npt.NDArray[np.float64]:
    """Quantiles of the Beta distribution with parameters concentration · mean and concentration · (1 − mean)."""
    return beta_quantiles(draw, concentration * mean, concentration * (1 - mean))


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
