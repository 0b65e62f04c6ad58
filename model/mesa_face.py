"""Agents of societies too large to register every citizen with Mesa: views made when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
import numpy.typing as npt
from mesa.agentset import AbstractAgentSet, GroupBy

from ..agents.citizen import Citizen
from ..agents.citizens import Citizens

if TYPE_CHECKING:
    from .society import Society


class LazyAgents(AbstractAgentSet[mesa.Agent[Any]]):
    """Citizens by row number, and after them other agents.

    Selections keep row numbers, not views. Reading a column (`get`, `agg`, `set`) works on the column itself.
    """

    def __init__(
        self, society: Society, rows: npt.NDArray[np.int64] | None = None, others: Iterable[mesa.Agent[Any]] = ()
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
            if not self.others and attr_names in Citizens.columns:
                return list(getattr(self.society.citizens, attr_names)[self.rows])
            missing = [] if handle_missing == "error" else [default_value]
            return [getattr(agent, attr_names, *missing) for agent in self]
        return [
            list(row) for row in zip(*(self.get(a, handle_missing, default_value) for a in attr_names), strict=True)
        ]

    def set(self, attr_name: str, value: Any) -> LazyAgents:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Set an attribute of each agent."""
        if not self.others and attr_name in Citizens.columns:
            getattr(self.society.citizens, attr_name)[self.rows] = value
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
