"""What institutions and rules may see of a society: the only name by which they know it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy.typing as npt

from .chance import Words
from .citizens import Citizens, Rows
from .columns import Bits, Floats, Ints, Mask
from .conditions import Conditions
from .rates import CitizensSettings


class Domains(Protocol):
    """The domains of behaviour: arrays of shape (D,), in the order of the scenario."""

    names: tuple[str, ...]
    lanes: tuple[int, ...]
    """A tuple of D zeros, whose length is known when a loop is compiled."""
    harmful: Any
    """Set of the domains in which deviating does harm, a mask."""
    triable: Any
    """Set of the domains in which a court can convict, a mask."""
    dissent: int
    """Position of the domain of dissent, −1 without one."""
    debt: int
    """Position of the domain of debt, −1 without one."""
    punishable: Any
    """Set of the domains in which deviating is thought to be sanctioned, a mask."""
    offences: Any
    """Set of the domains in which deviating can be an offence, a mask."""
    spread: Floats
    """Standard deviation of convictions when the society had settled."""
    certainty: Floats
    """How surely a deviation that is known may be sanctioned, [0, 1]."""
    harm: Floats
    cost: Floats
    loss: Floats
    detection: Floats
    openness: Floats
    sensitivity: Floats
    scored: Bits
    sanctioned: Bits

    def __len__(self) -> int: ...

    def index(self, name: str) -> int | None:
        """Position of a domain, None where the society does not have it."""
        ...

    def role(self, role: str) -> int:
        """Position of the domain that has a role, −1 where none has it."""
        ...


class Ties(Protocol):
    """Directed ties in compressed sparse rows; shape (M,) but for `indptr`, (N + 1,)."""

    indptr: Ints
    neighbours: Rows
    reverse: Rows
    who: Mask
    whom: Mask
    trust: Floats
    resting: Floats
    first: Floats
    """Level at which trust rested at the start, to which `resting` heals."""
    strong: Floats
    accusations: Bits

    def __len__(self) -> int: ...

    def of(self, row: int) -> Any:
        """Rows of a citizen's neighbours."""
        ...

    def ties_of(self, rows: Ints) -> Ints:
        """Index of every tie of some citizens."""
        ...

    @property
    def strong_count(self) -> int:
        """Number of strong ties."""
        ...

    def heard(self) -> Floats:
        """Weight with which each citizen enters its neighbours' means, Σ 1 / (ties of the neighbour); shape (N,)."""
        ...

    def components(self) -> int:
        """Number of connected components."""
        ...

    def owners(self) -> Ints:
        """Row of the owner of every tie."""
        ...

    def replace(self, dropped: Ints, u: Ints, v: Ints, identity: Mask, seed: Words, mean: float) -> None:
        """Drop ties, in both directions, and tie row u[k] with v[k] for every k, at their drawn resting trust."""
        ...


class ScenarioView(Protocol):
    """A scenario as institutions see it when they check whether they fit."""

    @property
    def institutions(self) -> Mapping[str, Any]:
        """Settings of every institution in it, by name."""
        ...

    @property
    def domain_names(self) -> tuple[str, ...]:
        """Domains that it has."""
        ...

    @property
    def known_domains(self) -> tuple[str, ...]:
        """Domains that settings may name: those that it has, and those of the default that it was made without."""
        ...


class SocietyView(Protocol):
    """A society as its citizens' rules and its institutions see it."""

    seed: Words
    week: int
    citizens: Citizens
    conditions: Conditions
    founders: int
    """Number of citizens at the start."""
    rows: Any
    """Shape (founders,): row of each person by identity, or of the next one where that person has emigrated."""
    row_of: Ints
    """Shape (founders,): row of each person by its node in the graph at the start; −1 for emigrants."""
    stale: bool
    """Whether what institutions state for all citizens is to be stated anew before the next week."""

    @property
    def ties(self) -> Ties:
        """The social graph."""
        ...

    @property
    def domains(self) -> Domains:
        """The domains of behaviour."""
        ...

    @property
    def rates(self) -> CitizensSettings:
        """The settings of the citizens' rules."""
        ...

    @property
    def groups(self) -> int:
        """Number of work units."""
        ...

    @property
    def regions(self) -> int:
        """Number of regions."""
        ...

    @property
    def institutions(self) -> Mapping[str, Any]:
        """The institutions that exist, by name."""
        ...

    def uniforms(self, purpose: int, who: npt.ArrayLike, whom: npt.ArrayLike = 0) -> Floats:
        """This week's uniforms in (0, 1) for a purpose."""
        ...

    def for_all[*Owners](self, loop: Callable[[int, int, *Owners], None], *owners: *Owners) -> None:
        """Run a compiled loop over all citizens: ``loop(start, stop, *owners)``."""
        ...

    def once[*Owners](self, loop: Callable[[int, int, *Owners], None], *owners: *Owners) -> None:
        """Run a compiled loop over all citizens on one thread, since it writes others' rows too."""
        ...

    def record_of(self, owner: Any) -> Any:
        """The record of an owner of columns or of settings, for a compiled function; anything else as it is."""
        ...

    def announce(self, says: str) -> None:
        """Note something that an institution did of itself among the events of the run."""
        ...
