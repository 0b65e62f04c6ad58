"""Sets of a society's agents, as Mesa has sets of agents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any

import mesa
import numpy as np
import numpy.typing as npt
from mesa.agentset import AbstractAgentSet, GroupBy

from ..agents.citizen import Citizen
from .errors import ScenarioError


class Agents(AbstractAgentSet[mesa.Agent[Any]]):
    """Citizens by node, and after them other agents. Who has left is in no set any more.

    Selections keep nodes, not views. Reading and writing a column (`get`, `agg`, `set`) works on the column itself, and
    those whom a call on a set lets go (`do("remove")`) leave together, which closes up the rows once.

    Parameters
    ----------
    society
        The society whose agents they are.
    nodes
        Nodes of the citizens; all of them if not given.
    others
        Agents that are not citizens.
    whole
        Whether these are all agents, or all of a type, to or from which nobody is added or taken.
    """

    def __init__(
        self,
        society: Any,
        nodes: npt.NDArray[np.int64] | None = None,
        others: Iterable[mesa.Agent[Any]] = (),
        whole: bool = False,
    ) -> None:
        self.society = society
        self.random = society.random
        self.nodes = society.citizens.node.copy() if nodes is None else nodes
        self.others = list(others)
        self.whole = whole

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """Rows of the citizens among them."""
        rows = self.society.row_of[self.nodes]
        return rows[rows >= 0]

    def __len__(self) -> int:
        return len(self.rows) + len(self.others)

    def __iter__(self) -> Iterator[mesa.Agent[Any]]:
        for node in self.nodes.tolist():
            if self.society.row_of[node] >= 0:
                yield self.society.view(node)
        yield from tuple(self.others)

    def __contains__(self, agent: object) -> bool:
        if isinstance(agent, Citizen):
            return agent.model is self.society and agent.present and bool((self.nodes == agent.node).any())
        return agent in self.others

    def __getitem__(self, item: Any) -> Any:
        return self.to_list()[item]

    def _of(self, agents: Iterable[mesa.Agent[Any]]) -> Agents:
        # As a set, in order: each once.
        nodes: dict[int, None] = {}
        others: dict[mesa.Agent[Any], None] = {}
        for agent in agents:
            if isinstance(agent, Citizen):
                nodes[agent.node] = None
            else:
                others[agent] = None
        return Agents(self.society, np.array(list(nodes), np.int64), others)

    _from_iterable = _of  # pyright: ignore[reportAssignmentType]

    def _update(self, agents: Iterable[mesa.Agent[Any]]) -> Agents:
        fresh = self._of(agents)
        self.nodes, self.others, self.whole = fresh.nodes, fresh.others, False
        return self

    def _refuse_if_whole(self) -> None:
        if self.whole:
            raise ScenarioError(
                "nobody joins or leaves by the set of all agents: let one go by its own remove(), or take a copy()"
            )

    def __copy__(self) -> Agents:
        return Agents(self.society, self.nodes.copy(), self.others)

    def copy(self) -> Agents:
        """Shallow copy, a selection of its own."""
        return self.__copy__()

    def select(
        self,
        filter_func: Callable[[Any], bool] | None = None,
        at_most: int | float = float("inf"),
        inplace: bool = False,
        agent_type: type[Any] | None = None,
    ) -> Agents:
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

    def set(self, attr_name: str, value: Any) -> Agents:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Set an attribute of each agent."""
        if not self.others and attr_name in self.society.citizens.columns:
            self.society.citizens.assign(attr_name, value, self.rows)
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

    def shuffle(self, inplace: bool = False) -> Agents:
        """Agents in random order, citizens before others."""
        order = self.society.rng.permutation(len(self.rows))
        target = self if inplace else self.copy()
        target.nodes = self.society.citizens.node[self.rows[order]]
        return target

    def sort(self, key: Any, ascending: bool = False, inplace: bool = False) -> Agents:
        """Agents by an attribute or a function's value."""
        by: Callable[[Any], Any] = key if callable(key) else attrgetter(key)
        agents = sorted(self, key=by, reverse=not ascending)
        return self._update(agents) if inplace else self._of(agents)

    def do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> Agents:
        """Call a method or a function on each agent."""
        if method == "remove":
            # All together, so that either all may leave or nobody does.
            self.society.let_go(self.nodes)
            for agent in tuple(self.others):
                agent.remove()
        else:
            self.map(method, *args, **kwargs)
        return self

    def shuffle_do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> Agents:
        """Call a method or a function on each agent in random order."""
        self.shuffle().do(method, *args, **kwargs)
        return self

    def map(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Results of a method or a function called on each agent."""
        with self.society.leaving_together():
            if isinstance(method, str):
                return [getattr(agent, method)(*args, **kwargs) for agent in self]
            return [method(agent, *args, **kwargs) for agent in self]

    def add(self, agent: mesa.Agent[Any]) -> None:  # noqa: D102
        self._refuse_if_whole()
        if agent not in self:
            self._update([*self, agent])

    def discard(self, agent: mesa.Agent[Any]) -> None:  # noqa: D102
        self._refuse_if_whole()
        if isinstance(agent, Citizen):
            self.nodes = self.nodes[self.nodes != agent.node]
        elif agent in self.others:
            self.others.remove(agent)

    def remove(self, agent: mesa.Agent[Any]) -> None:  # noqa: D102
        self._refuse_if_whole()
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)
