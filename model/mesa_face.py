"""What Mesa asks of a model: agents, agents by type, a scenario, a data collector, and its networks."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

import mesa
import numpy as np
import numpy.typing as npt
from mesa.agentset import AbstractAgentSet, GroupBy
from mesa.experimental.scenarios import Scenario as MesasOwn

from ..agents.citizen import Citizen
from ..agents.citizens import Citizens
from .domains import Domains
from .history import History
from .scenario import Scenario
from .ties import Ties

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

MOST_EAGER = 100_000
"""Up to so many citizens are registered with Mesa as agents; beyond, they are made when asked for."""


class MesaScenario(MesasOwn[Any]):
    """A scenario of ours in the form of Mesa's, which reads like ours; made again without arguments it is the same."""

    plan: ClassVar[Scenario]

    def __getattr__(self, name: str) -> Any:
        """Whatever ours has."""
        return getattr(type(self).plan, name)


class MesaFace(mesa.Model[Any, Any]):
    """The side of a society that Mesa and NetworkX see."""

    seed_number: int
    plan: Scenario
    citizens: Citizens
    ties: Ties
    domains: Domains
    labels: Sequence[Hashable]
    row_of: npt.NDArray[np.int64]
    history_record: History

    @property
    def scenario(self) -> MesaScenario:  # pyright: ignore[reportIncompatibleVariableOverride]
        """What runs now, as Mesa has scenarios, for Mesa's own tools."""
        kind = type("MesaScenario", (MesaScenario,), {"plan": self.plan})
        return kind(rng=self.seed_number)

    @scenario.setter
    def scenario(self, scenario: Any) -> None:
        """Take no notice: Mesa sets a scenario of its own kind while it is built."""

    def register_citizens(self) -> None:
        """Make a view of every citizen, unless there are too many."""
        if len(self.citizens) > MOST_EAGER:
            self.agent_id_counter = len(self.citizens) + 1
            self._views = None
        else:
            self._views = [Citizen(self, node) for node in range(len(self.citizens))]

    def forget_citizens(self, nodes: npt.NDArray[np.int64]) -> None:
        """Let Mesa forget those who have left."""
        if self._views is not None:
            for node in nodes:
                self._views[node].remove()

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

    def to_networkx(self) -> nx.Graph[Any]:
        """Graph with every column as node attribute and the two directions' mean trust on every edge.

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
        import networkx as nx  # here, since it would slow down every start

        graph: nx.Graph[Any] = nx.Graph()
        graph.add_nodes_from(range(len(self.citizens)))
        graph.add_edges_from(zip(self.ties.owners().tolist(), self.ties.neighbours.tolist(), strict=True))
        return mesa.discrete_space.Network(graph, layout=nx.random_layout, random=self.random)


class LazyAgents(AbstractAgentSet[mesa.Agent[Any]]):
    """Citizens by row number, and after them other agents.

    Selections keep row numbers, not views. Reading a column (`get`, `agg`, `set`) works on the column itself.
    """

    def __init__(
        self, society: Any, rows: npt.NDArray[np.int64] | None = None, others: Iterable[mesa.Agent[Any]] = ()
    ) -> None:
        self.society = society
        self.random = society.random
        self.rows = np.arange(len(society.citizens)) if rows is None else rows
        self.others = list(others)

    def __len__(self) -> int:
        return len(self.rows) + len(self.others)

    def __iter__(self) -> Iterator[mesa.Agent[Any]]:
        for row in self.rows:
            yield self.society.citizen(int(row))
        yield from self.others

    def __contains__(self, agent: object) -> bool:
        if isinstance(agent, Citizen):
            return agent.society is self.society and bool((self.rows == agent.row).any())
        return agent in self.others

    def _of(self, agents: Iterable[mesa.Agent[Any]]) -> LazyAgents:
        rows: list[int] = []
        others: list[mesa.Agent[Any]] = []
        for agent in agents:
            if isinstance(agent, Citizen):
                rows.append(agent.row)
            else:
                others.append(agent)
        return LazyAgents(self.society, np.array(rows, np.int64), others)

    def _update(self, agents: Iterable[mesa.Agent[Any]]) -> LazyAgents:
        fresh = self._of(agents)
        self.rows, self.others = fresh.rows, fresh.others
        return self

    def __copy__(self) -> LazyAgents:
        return LazyAgents(self.society, self.rows.copy(), self.others)

    def copy(self) -> LazyAgents:
        """Shallow copy."""
        return self.__copy__()

    def select(
        self,
        filter_func: Callable[[Any], bool] | None = None,
        at_most: int | float = float("inf"),
        inplace: bool = False,
        agent_type: type[Any] | None = None,
    ) -> LazyAgents:
        """Agents that pass a filter, are of a type, and no more than `at_most` (a float up to 1 is a share)."""
        if isinstance(at_most, float) and at_most <= 1:
            at_most = int(len(self) * at_most)

        def chosen() -> Iterator[mesa.Agent[Any]]:
            count = 0
            for agent in self:
                if count >= at_most:
                    return
                if (agent_type is None or isinstance(agent, agent_type)) and (not filter_func or filter_func(agent)):
                    count += 1
                    yield agent

        return self._update(chosen()) if inplace else self._of(chosen())

    def get(self, attr_names: Any, handle_missing: Any = "error", default_value: Any = None) -> list[Any]:
        """Attribute, or list of attributes, of each agent."""
        if isinstance(attr_names, str):
            if not self.others and attr_names in self.society.citizens.columns:
                return list(getattr(self.society.citizens, attr_names)[self.rows])
            missing = [] if handle_missing == "error" else [default_value]
            return [getattr(agent, attr_names, *missing) for agent in self]
        return [
            list(row) for row in zip(*(self.get(a, handle_missing, default_value) for a in attr_names), strict=True)
        ]

    def set(self, attr_name: str, value: Any) -> LazyAgents:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Set an attribute of each agent."""
        if not self.others and attr_name in self.society.citizens.columns:
            self.society.citizens.override(attr_name, value, self.rows)
        else:
            for agent in self:
                setattr(agent, attr_name, value)
        return self

    def to_list(self) -> list[mesa.Agent[Any]]:
        """All agents as a list."""
        return list(self)

    def groupby(self, by: Any, result_type: Any = "agentset") -> Any:
        """Agents grouped by an attribute or a function's value."""
        groups: dict[Any, list[mesa.Agent[Any]]] = {}
        for agent in self:
            groups.setdefault(by(agent) if callable(by) else getattr(agent, by), []).append(agent)
        lists = result_type == "list"
        return GroupBy({key: of if lists else self._of(of) for key, of in groups.items()})

    def shuffle(self, inplace: bool = False) -> LazyAgents:
        """Agents in random order, citizens before others."""
        order = self.society.rng.permutation(len(self.rows))
        target = self if inplace else self.copy()
        target.rows = self.rows[order]
        return target

    def sort(self, key: Any, ascending: bool = False, inplace: bool = False) -> LazyAgents:
        """Agents by an attribute or a function's value."""
        by: Callable[[Any], Any] = key if callable(key) else attrgetter(key)
        agents = sorted(self, key=by, reverse=not ascending)
        return self._update(agents) if inplace else self._of(agents)

    def do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> LazyAgents:
        """Call a method or a function on each agent."""
        self.map(method, *args, **kwargs)
        return self

    def shuffle_do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> LazyAgents:
        """Call a method or a function on each agent in random order."""
        self.shuffle().do(method, *args, **kwargs)
        return self

    def map(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Results of a method or a function called on each agent."""
        if isinstance(method, str):
            return [getattr(agent, method)(*args, **kwargs) for agent in self]
        return [method(agent, *args, **kwargs) for agent in self]

    def add(self, agent: mesa.Agent[Any]) -> None:  # noqa: D102
        if agent not in self:
            self._update([*self, agent])

    def discard(self, agent: mesa.Agent[Any]) -> None:  # noqa: D102
        if isinstance(agent, Citizen):
            self.rows = self.rows[self.rows != agent.row]
        elif agent in self.others:
            self.others.remove(agent)

    def remove(self, agent: mesa.Agent[Any]) -> None:  # noqa: D102
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)


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
