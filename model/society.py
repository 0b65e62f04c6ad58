"""The society: citizens on a social graph, institutions over them, and the week in which they act."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import mesa
import networkx as nx
import numpy as np
import numpy.typing as npt
import pandas as pd
from mesa.experimental.scenarios import Scenario as MesasOwn

from ..agents.base import Institution
from ..agents.chance import Purpose, seed_words, uniforms
from ..agents.citizen import Citizen
from ..agents.citizens import EMIGRATED, Citizens
from ..agents.compiled import available_threads, for_all
from ..agents.conditions import Conditions
from ..agents.institutions import INSTITUTIONS
from ..agents.rules import Rules
from ..agents.sight import find_fellows
from .building import draw_first_acts, draw_traits, override
from .domains import Domains
from .errors import ScenarioError
from .graph import Ties, build_network, from_networkx
from .history import History, HistoryCollector
from .mesa_face import LazyAgents
from .phases import PHASES
from .scenario import Scenario

MOST_EAGER = 100_000
"""Up to so many citizens are registered with Mesa as agents; beyond, they are made when asked for."""


class MesaScenario(MesasOwn[Any]):
    """A scenario of ours in the form of Mesa's, which reads like ours; made again without arguments it is the same."""

    plan: ClassVar[Scenario]

    def __getattr__(self, name: str) -> Any:
        """Whatever ours has."""
        return getattr(type(self).plan, name)


class Society(mesa.Model[Any, Any]):
    """Citizens, ties and institutions; one step is one week.

    Parameters
    ----------
    scenario
        A scenario, the name of a built-in one, or the path of a `.toml` file.
    rng
        Seed: a whole number from 0 to 2**64 − 1, or what NumPy's `default_rng` takes. Without it one is drawn.
    graph
        Social graph to use instead of the scenario's; it sets the number of citizens.
    initial
        Values that replace drawn ones at the start, by column (`conviction`, `identity`, …) or `trust` of the ties.
    threads
        Threads for the rules; the result is the same for any number. By default as many as pay off.
    **changes
        Settings by dotted path, as for `Scenario.change`.

    Attributes
    ----------
    citizens, ties, domains, conditions
        The state, as columns.
    institutions
        The institutions by name, in the order of the scenario.
    week
        Weeks passed.
    events
        What changed in the course of the run: (week, words, settings).
    stale
        Whether what institutions state for all citizens is to be stated anew before the next week, since someone
        moved, joined or left. Institutions set it.
    founders
        Number of citizens at the start.
    rows
        Shape (founders,): row of each person by identity, or of the next one where that person has emigrated.
    row_of
        Shape (founders,): row of each person by its node in the graph at the start; −1 for emigrants.
    datacollector
        Mesa's data collector, with every measure as a model reporter.

    Examples
    --------
    >>> society = Society("visible-score", rng=42, **{"population.size": 100})
    >>> society.run_for(4)
    >>> len(society.history)
    4
    """

    def __init__(
        self,
        scenario: Scenario | MesaScenario | str | Path = "visible-score-and-reports",
        *,
        rng: Any = None,
        graph: nx.Graph[Any] | None = None,
        initial: Mapping[str, npt.ArrayLike] | None = None,
        threads: int | None = None,
        **changes: Any,
    ) -> None:
        self.seed_number = _seed_number(rng)
        super().__init__(rng=self.seed_number)  # pyright: ignore[reportUnknownMemberType]
        given = type(scenario).plan if isinstance(scenario, MesaScenario) else scenario
        plan = given if isinstance(given, Scenario) else Scenario.load(given)
        self._plan = plan.change(changes) if changes else plan
        self.seed = seed_words(self.seed_number)
        self.week = 0
        self.events: list[tuple[int, str, dict[str, Any]]] = []
        self._populate(graph, dict(initial or {}))
        self.threads = threads or available_threads()
        self.institutions: dict[str, Institution] = {}
        self._register_citizens()
        self._institute()
        self.history_record = History(self)
        self.datacollector = HistoryCollector(self.history_record)

    def _populate(self, graph: nx.Graph[Any] | None, initial: dict[str, npt.ArrayLike]) -> None:
        plan = self._plan
        network = build_network(plan.population, self.seed) if graph is None else from_networkx(graph)
        if network.size != plan.population.size:
            population = plan.population.model_copy(update={"size": network.size})
            self._plan = plan = plan.model_copy(update={"population": population})
        self.labels = network.labels
        self.domains = Domains(plan.domains)
        self.citizens = c = Citizens(network.size, len(self.domains))
        if "identity" in initial:
            override(self.citizens, "identity", initial.pop("identity"))
        if not np.array_equal(np.sort(c.identity), np.arange(network.size)):
            raise ScenarioError(f"initial identity must be a permutation of 0 … {network.size - 1}")
        self.founders = network.size
        self._number_rows()
        self.ties = Ties.from_edges(network.size, network.edges, c.identity)
        rated = None
        if network.ratings is not None:
            rated = np.full(len(self.ties), np.nan)
            at = self.ties.find(*network.edges)
            rated[at[at >= 0]] = network.ratings[at >= 0]
        self.ties.rest(self.seed, plan.citizens.trust.resting, rated)
        draw_traits(self)
        for name in list(initial):
            if name == "trust":
                override(self.ties, name, initial.pop(name))
            elif name in ("initial_conviction", "conviction"):
                override(c, name, initial[name])
                override(c, "initial_conviction", initial.get("initial_conviction", initial[name]))
        draw_first_acts(self)
        for name, values in initial.items():
            override(c, name, values)

    def _number_rows(self) -> None:
        c = self.citizens
        order = np.argsort(c.identity)
        present = c.identity[order]
        # Who has emigrated is stood in for by the next person, so that nobody else's strangers change.
        self.rows = order[np.searchsorted(present, np.arange(self.founders)) % len(order)].astype(np.uint32)
        self.row_of = np.full(self.founders, -1)
        self.row_of[c.node] = np.arange(len(c))

    # Mesa

    @property
    def plan(self) -> Scenario:
        """What runs now: the scenario with the changes so far."""
        return self._plan

    @property
    def scenario(self) -> MesaScenario:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The same as Mesa has scenarios, for Mesa's own tools."""
        kind = type("MesaScenario", (MesaScenario,), {"plan": self._plan})
        return kind(rng=self.seed_number)

    @scenario.setter
    def scenario(self, scenario: Any) -> None:
        """Take no notice: Mesa sets a scenario of its own kind while it is built."""

    def _register_citizens(self) -> None:
        if len(self.citizens) > MOST_EAGER:
            self.agent_id_counter = len(self.citizens) + 1
            self._views = None
        else:
            self._views = [Citizen(self, node) for node in range(len(self.citizens))]

    @property
    def agents(self) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        """All agents, citizens first. Beyond 100,000 citizens they are views made when asked for."""
        registered = super().agents
        return registered if self._views is not None else LazyAgents(self, others=registered)

    @property
    def agents_by_type(self) -> Any:
        """Agents by class."""
        registered = super().agents_by_type
        return registered if self._views is not None else {Citizen: LazyAgents(self), **registered}

    def citizen(self, row: int) -> Citizen:
        """View of the citizen in a row. Rows close up behind those who emigrate; the view stays with the person.

        Raises
        ------
        IndexError
            If there is no such row.
        """
        if not 0 <= row < len(self.citizens):
            raise IndexError(f"no citizen {row}; rows run from 0 to {len(self.citizens) - 1}")
        node = int(self.citizens.node[row])
        return self._views[node] if self._views is not None else Citizen.view(self, node)

    # Chance and loops

    def uniforms(self, purpose: Purpose, who: npt.ArrayLike, whom: npt.ArrayLike = 0) -> npt.NDArray[np.float64]:
        """This week's uniforms in (0, 1) for a purpose."""
        return uniforms(self.seed, purpose, self.week, who, whom)

    def for_all(self, loop: Callable[..., None], *columns: Any) -> None:
        """Run a compiled loop over all citizens."""
        for_all(loop, len(self.citizens), self.threads, *columns)

    # Time

    @property
    def actors(self) -> Iterator[Rules | Institution]:
        """Who acts, in order: citizens first, then the institutions in the order of the registry.

        That order is always the same, so that the order in a scenario cannot matter. Those that are not registered, as
        other people's own may be, come last.
        """
        yield RULES
        for name in INSTITUTIONS:
            if name in self.institutions:
                yield self.institutions[name]
        for name, institution in self.institutions.items():
            if name not in INSTITUTIONS:
                yield institution

    def step(self) -> None:
        """Live one week."""
        self.week += 1
        for change in self._plan_dated():
            self.change(change.set, change.says)
        if self.stale:
            self._establish()
        for phase in PHASES:
            for actor in self.actors:
                getattr(actor, phase)(self)
        self.history_record.record(self)
        self._say_farewell()

    def _say_farewell(self) -> None:
        """Let go those who emigrated this week: no rule and no measure knows them any more."""
        gone = self.citizens.on(EMIGRATED)
        if not gone.any():
            return
        if self._views is not None:
            for node in self.citizens.node[gone]:
                self._views[node].remove()
        self.ties.remove(gone)
        self.citizens.remove(gone)
        self._number_rows()
        self.stale = True

    def announce(self, says: str) -> None:
        """Note something that institutions did of themselves among the events of the run."""
        self.events.append((self.week, says, {}))

    def _plan_dated(self) -> list[Any]:
        return [change for change in self._plan.dated if change.week == self.week]

    def change(self, changes: Mapping[str, Any], says: str = "") -> None:
        """Change settings of the running society, from now on; institutions may come and go.

        Raises
        ------
        ScenarioError
            As `Scenario.change`, and for what takes effect only at the start. Then nothing has changed.
        """
        after = self._plan.changed_in_course(changes)
        self._plan = after.model_copy(update={"dated": self._plan.dated})
        self.events.append((self.week, says, dict(changes)))
        self._institute()

    def _institute(self) -> None:
        """Bring the institutions in line with the scenario, and let each state what holds from now on."""
        wanted = self._plan.institutions
        for name in [name for name in self.institutions if name not in wanted]:
            gone = self.institutions.pop(name)
            gone.leave(self)
            gone.remove()
        known, self.institutions = self.institutions, {}
        new: list[Institution] = []
        for name, settings in wanted.items():
            if name in known:
                known[name].settings = settings
            else:
                new.append(known.setdefault(name, INSTITUTIONS[name](self, settings)))
            self.institutions[name] = known[name]
        for institution in new:
            institution.enter(self)
        self._establish()

    def _establish(self) -> None:
        """Let every institution state what holds, on a clean slate."""
        self.stale = False
        self.domains = Domains(self._plan.domains)
        self.conditions = Conditions(len(self.domains))
        self.citizens.withdraw()
        for actor in self.actors:
            if isinstance(actor, Institution):
                actor.establish(self)
        find_fellows(self)

    @property
    def history(self) -> pd.DataFrame:
        """Every measure (columns) in every week (rows, from 1)."""
        return self.history_record.frame()

    # Out

    def to_networkx(self) -> nx.Graph[Any]:
        """Graph with every column as node attribute and the two directions' mean trust on every edge.

        A column over domains becomes one attribute for each, such as `conviction_speech`. Nodes have the names they
        came with.
        """
        graph: nx.Graph[Any] = nx.Graph()
        labels = [self.labels[node] for node in self.citizens.node]
        graph.add_nodes_from(labels)
        for name, column in Citizens.columns.items():
            values = getattr(self.citizens, name)
            parts = (
                {f"{name}_{domain}": values[:, d] for d, domain in enumerate(self.domains.names)}
                if column.by_domain
                else {name: values}
            )
            for attribute, of in parts.items():
                nx.set_node_attributes(graph, dict(zip(labels, of.tolist(), strict=True)), attribute)
        owners, ties = self.ties.owners(), self.ties
        once = np.flatnonzero(owners < ties.neighbours)
        mean = (ties.trust[once] + ties.trust[ties.reverse[once]]) / 2
        graph.add_weighted_edges_from(
            (
                (labels[a], labels[b], trust)
                for a, b, trust in zip(owners[once], ties.neighbours[once], mean.tolist(), strict=True)
            ),
            weight="trust",
        )
        return graph

    def to_mesa_network(self) -> Any:
        """Mesa's `Network` of the social graph, nodes being rows, with every citizen placed in its cell.

        Meant for small societies and other people's Mesa code: Mesa needs 42 s for a million nodes.
        """
        graph: nx.Graph[Any] = nx.Graph()
        graph.add_nodes_from(range(len(self.citizens)))
        graph.add_edges_from(zip(self.ties.owners().tolist(), self.ties.neighbours.tolist(), strict=True))
        return mesa.discrete_space.Network(graph, layout=nx.random_layout, random=self.random)


RULES = Rules()


def _seed_number(rng: Any) -> int:
    if rng is None:
        return int(np.random.SeedSequence().generate_state(1, np.uint64)[0] >> np.uint64(1))
    if isinstance(rng, int | np.integer) and not isinstance(rng, bool):
        return int(rng)
    return int(np.random.default_rng(rng).integers(2**63))
