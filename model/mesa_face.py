"""What Mesa asks of a model: agents, agents by type, a scenario, a data collector, and its networks."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Self

import mesa
import numpy as np
import numpy.typing as npt
from mesa.experimental.scenarios import Scenario as MesasOwn

from ..agents.base import Institution, Part
from ..agents.citizen import Citizen
from ..agents.citizens import FEWEST, Citizens
from .agent_set import Agents
from .domains import Domains
from .errors import ScenarioError
from .history import History
from .scenario import Scenario
from .ties import Ties

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

MOST_EAGER = 100_000
"""Up to so many citizens are registered with Mesa as agents; beyond, they are made when asked for."""


class MesaScenario(MesasOwn[Any]):
    """A scenario of ours in the form of Mesa's: reads like what runs now; a society made of it begins as that one did.

    Mesa's page resets a model by making the scenario's class again without arguments, and a model of that: so plan and
    seed are the class's.
    """

    plan: ClassVar[Scenario]
    beginning: ClassVar[Beginning]

    def __init__(self, *, rng: Any = None, **settings: Any) -> None:
        super().__init__(rng=type(self).beginning.seed if rng is None else rng, **settings)

    def __getattr__(self, name: str) -> Any:
        """Whatever ours has."""
        return getattr(type(self).plan, name)


@dataclass(frozen=True)
class Beginning:
    """With what a society was made, to make it again.

    Attributes
    ----------
    plan, seed
        The scenario, before any change in the course of the run, and the seed.
    threads, record
        As they were given.
    """

    plan: Scenario
    seed: int
    threads: int | None
    record: tuple[str, ...]


class MesaFace(mesa.Model[Any, Any]):
    """The side of a society that Mesa and NetworkX see."""

    seed_number: int
    plan: Scenario
    beginning: Beginning
    citizens: Citizens
    ties: Ties
    domains: Domains
    labels: Sequence[Hashable]
    row_of: npt.NDArray[np.int64]
    history_record: History

    @property
    def scenario(self) -> MesaScenario:  # pyright: ignore[reportIncompatibleVariableOverride]
        """What runs now, as Mesa has scenarios, for Mesa's own tools."""
        kind = type("MesaScenario", (MesaScenario,), {"plan": self.plan, "beginning": self.beginning})
        return kind()

    @scenario.setter
    def scenario(self, scenario: Any) -> None:
        """Take no notice: Mesa sets a scenario of its own kind while it is built."""

    # Agents

    def let_go(self, nodes: npt.ArrayLike) -> None:
        """Let citizens emigrate."""
        raise NotImplementedError

    def register_citizens(self) -> None:
        """Make a view of every citizen, unless there are too many."""
        self.keeps_views = len(self.citizens) <= MOST_EAGER
        self._views = [Citizen.view(self, node) for node in range(len(self.citizens) * self.keeps_views)]
        for view in self._views:
            super().register_agent(view)
        self.agent_id_counter = len(self.citizens) + 1

    def forget_citizens(self, nodes: npt.NDArray[np.int64]) -> None:
        """Let Mesa forget those who have left."""
        if self.keeps_views:
            for node in nodes:
                mesa.Agent.remove(self._views[node])

    def view(self, node: int) -> Citizen:
        """View of the citizen at a node of the graph at the start."""
        return self._views[node] if self.keeps_views else Citizen.view(self, node)

    def register_agent(self, agent: Any) -> None:
        """Take in an institution, or an agent of somebody's own: one that acts in no phase, but when it is called.

        Raises
        ------
        ScenarioError
            If it belongs to another model, is registered already, or would be one more citizen.
        """
        if agent.model is not self:
            raise ScenarioError(f"{agent!r:.80} belongs to another model; make an agent with this society as its model")
        if isinstance(agent, Citizen):
            raise ScenarioError("no citizen joins a society; set population.size, and see society.citizen(row)")
        if agent in self._all_agents:
            raise ScenarioError(f"{agent!r:.80} is registered already")
        super().register_agent(agent)

    def deregister_agent(self, agent: Any) -> None:
        """Let an agent go, as its `remove` does: a citizen emigrates, an institution ceases to exist.

        Raises
        ------
        ValueError
            If it belongs to another model, or may not go.
        """
        if agent.model is not self:
            raise ScenarioError(f"{agent!r:.80} belongs to another model; that must let it go")
        if isinstance(agent, Citizen | Institution | Part) and agent.present:
            agent.remove()
        else:
            super().deregister_agent(agent)

    def remove_all_agents(self) -> None:
        """Refuse: a society is its citizens.

        Raises
        ------
        ScenarioError
            Always.
        """
        raise ScenarioError(f"a society cannot lose everybody; {FEWEST} citizens stay. Make another one instead")

    @property
    def agents(self) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        """All agents, citizens first."""
        others = [agent for kind, of in self._agents_by_type.items() if kind is not Citizen for agent in of]
        return Agents(self, others=sorted(others, key=attrgetter("unique_id")), whole=True)

    @property
    def agents_by_type(self) -> Any:
        """Agents by class."""
        none = np.empty(0, np.int64)
        others = {kind: Agents(self, none, of, whole=True) for kind, of in self._agents_by_type.items()}
        return {**others, Citizen: Agents(self, whole=True)}

    @property
    def agent_types(self) -> list[type]:
        """Classes of the agents."""
        return list(self.agents_by_type)

    def citizen(self, row: int) -> Citizen:
        """View of the citizen in a row. Rows close up behind those who emigrate; the view stays with the person.

        Raises
        ------
        IndexError
            If there is no such row.
        """
        if not 0 <= row < len(self.citizens):
            raise IndexError(f"no citizen {row}; rows run from 0 to {len(self.citizens) - 1}")
        return self.view(int(self.citizens.node[row]))

    # Time and luck

    def run_model(self) -> None:
        """Refuse: a society has no end of its own.

        Raises
        ------
        ScenarioError
            Always.
        """
        raise ScenarioError("a society does not end by itself; say for how many weeks: run_for(260)")

    def reset_rng(self, rng: Any = None) -> None:
        """Set back the generator `rng`, which only others' code draws from: the society's draws are keyed by its seed.

        Raises
        ------
        ScenarioError
            If another seed is given.
        """
        self._refuse_reseeding(rng)
        super().reset_rng()

    def reset_randomizer(self, seed: int | None = None) -> None:
        """Set back the generator `random`, which only shuffled sets of agents and others' code draw from.

        Raises
        ------
        ScenarioError
            If another seed is given.
        """
        self._refuse_reseeding(seed)
        self.random.seed(self.seed_number)

    def _refuse_reseeding(self, seed: Any) -> None:
        if seed is not None and seed != self.seed_number:
            raise ScenarioError(
                f"a society keeps its seed, {self.seed_number}; make another one: Society(…, rng={seed!r:.40})"
            )

    def __copy__(self) -> Self:
        """A deep copy: two societies with the same citizens would live both their weeks."""
        return deepcopy(self)

    # Networks

    def to_networkx(self) -> nx.Graph[Any]:
        """Graph with every column as node attribute; on every edge the two directions' mean trust and where it rests.

        A column over domains becomes one attribute for each, such as `conviction_speech`. Nodes have the names they
        came with.
        """
        import networkx as nx  # here, since it would slow down every start

        graph: nx.Graph[Any] = nx.Graph()
        labels = [self.labels[node] for node in self.citizens.node]
        graph.add_nodes_from(labels)
        for name, column in self.citizens.columns.items():
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
        trust, resting = (
            ((values[once] + values[ties.reverse[once]]) / 2).tolist() for values in (ties.trust, ties.resting)
        )
        for a, b, now, rest in zip(owners[once], ties.neighbours[once], trust, resting, strict=True):
            graph.add_edge(labels[a], labels[b], trust=now, resting=rest)
        return graph

    def to_mesa_network(self) -> Any:
        """Mesa's `Network` of the social graph, nodes being rows, with every citizen placed in its cell.

        Meant for small societies and other people's Mesa code: Mesa needs 42 s for a million nodes.
        """
        import networkx as nx  # here, since it would slow down every start

        graph: nx.Graph[Any] = nx.Graph()
        graph.add_nodes_from(range(len(self.citizens)))
        graph.add_edges_from(zip(self.ties.owners().tolist(), self.ties.neighbours.tolist(), strict=True))
        return mesa.discrete_space.Network(graph, layout=nx.random_layout, random=self.random)


class HistoryCollector(mesa.DataCollector):
    """Mesa's data collector, reading the history instead of keeping a second copy of it."""

    def __init__(self, history: History) -> None:
        self.history = history
        super().__init__()  # pyright: ignore[reportUnknownMemberType]

    @property
    def model_vars(self) -> dict[str, list[float]]:
        """Every measure's values so far, by name."""
        columns = np.reshape(self.history.rows, (-1, len(self.history.latest))).T.tolist()
        return dict(zip(self.history.latest, columns, strict=True))

    @model_vars.setter
    def model_vars(self, values: object) -> None:
        """Take no notice: Mesa starts with an empty one."""

    @property
    def model_reporters(self) -> dict[str, str]:
        """Names of the measures."""
        return {name: name for name in self.history.latest}

    @model_reporters.setter
    def model_reporters(self, values: object) -> None:
        """Take no notice: Mesa starts with none."""

    @property
    def _collection_steps(self) -> list[int]:  # pyright: ignore[reportUnusedFunction]
        # What Mesa's batch_run reads.
        return self.history.weeks

    @_collection_steps.setter
    def _collection_steps(self, values: object) -> None:
        pass

    def collect(self, model: object) -> None:
        """Do nothing: a society records its history as the last thing in every step."""

    def get_model_vars_dataframe(self) -> pd.DataFrame:
        """Every measure in every week, as `Society.history`."""
        return self.history.frame()
