"""What every institution is made of: its settings, and the nine phases in which it may act."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import nan
from typing import Any, ClassVar

import mesa

from .chance import OwnPurpose
from .columns import Column, declared
from .settings import Settings as Settings
from .settings import leaves
from .settings import option as option
from .settings import parameter as parameter
from .view import ScenarioView, SocietyView

KINDS = ("conformity", "privacy", "trust", "order", "justice", "structure")
"""What measures are about."""


@dataclass(frozen=True)
class Measure:
    """What a column of the history is, declared once for tables, figures, the page and the documentation.

    Attributes
    ----------
    name, label, unit
        The column's name, how it is called in a figure, and the unit.
    low, high
        Its range.
    says
        What it is, in one sentence, with its formula.
    source
        Where it comes from.
    absent
        Its value as long as the institution that gives it does not exist.
    kind
        What it is about: one of `KINDS`.
    """

    name: str
    label: str
    unit: str
    low: float
    high: float
    says: str
    source: str = ""
    absent: float = nan
    kind: str = ""


class Institution(mesa.Agent[Any]):
    """Something with power over citizens; acts in any of the nine phases by defining a method of that name.

    An institution touches citizens only through their columns and the society's `conditions`, never another
    institution. Its life has three moments besides the phases:

    `enter` (once, when it comes into being), `establish` (whenever the set of institutions or any setting has
    changed, or citizens moved, joined or left, after `conditions` and the columns in `STATED` were reset: state what
    holds for all citizens until then) and `leave`. Rows of citizens close up behind those who emigrate, between weeks:
    what an institution keeps of its own for each citizen is by `node`, or in a column.

    Attributes
    ----------
    name
        Its name in scenario files: the class's name in snake case.
    settings
        Its settings, replaced as a whole by a dated change. The annotation of `settings` in a subclass names their
        class, which is then found as `settings_class`.
    zero
        Settings under which it has no strength at all: with them a run is the same, bit for bit, as without it.
    roles
        Roles of the domains that it needs: a scenario without such a domain is refused.
    by_domain
        Settings of it that are tables by domain: a scenario that names an unknown domain in one is refused.
    columns
        The columns that it keeps of citizens, declared as its attributes: they are there as long as it is.
    measures
        The measures that it gives.
    purposes
        Number of each purpose of its draws, by name; they are declared as its attributes.
    """

    name: ClassVar[str]
    settings_class: ClassVar[type[Settings]]
    zero: ClassVar[Mapping[str, Any]]
    roles: ClassVar[tuple[str, ...]] = ()
    by_domain: ClassVar[tuple[str, ...]] = ()
    columns: ClassVar[dict[str, Column]]
    measures: ClassVar[tuple[Measure, ...]] = ()
    purposes: ClassVar[dict[str, int]]
    settings: Any

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.name = snake_case(cls.__name__)
        cls.settings_class = settings_class_of(cls)
        cls.columns = declared(cls)
        every = {name: value for base in reversed(cls.__mro__) for name, value in vars(base).items()}
        cls.purposes = {name: getattr(cls, name) for name in every if isinstance(every[name], OwnPurpose)}

    @classmethod
    def check(cls, plan: ScenarioView) -> None:
        """Refuse a scenario that has this institution and does not fit it.

        Its settings are `plan.institutions[cls.name]`; what a setting may be by itself, its declaration says.

        Raises
        ------
        ValueError
            In words: the path of the setting, the fault and the remedy.
        """

    def __init__(self, society: SocietyView, settings: Settings) -> None:
        super().__init__(society)  # pyright: ignore[reportUnknownMemberType]
        self.settings = settings

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in leaves(self.settings))
        return f"{type(self).__name__}({given})"

    @property
    def present(self) -> bool:
        """Whether it is one of the society's institutions."""
        return any(self is other for other in getattr(self.model, "institutions", {}).values())

    def remove(self) -> None:
        """Cease to exist from the week to come on, as by a change of its settings to `None`."""
        if self.present:
            self.model.dismiss(self)
        else:
            super().remove()

    def enter(self, society: SocietyView) -> None:
        """Come into being."""

    def establish(self, society: SocietyView) -> None:
        """State what holds for all citizens from now on."""

    def leave(self, society: SocietyView) -> None:
        """Cease to exist."""

    def welcome(self, society: SocietyView, newcomers: Any) -> None:
        """Take in newcomers in some rows: what is kept of each citizen goes back to neutral."""
        for name, column in self.columns.items():
            getattr(self, name)[newcomers] = column.neutral

    def perceive(self, society: SocietyView) -> None:
        """See, before anybody acts."""

    def act(self, society: SocietyView) -> None:
        """Do what comes with the citizens' acts."""

    def watch(self, society: SocietyView) -> None:
        """Watch what was done."""

    def judge(self, society: SocietyView) -> None:
        """Judge what was watched."""

    def score(self, society: SocietyView) -> None:
        """Keep scores and files by what was judged."""

    def sanction(self, society: SocietyView) -> None:
        """Sanction, pay and list."""

    def mingle(self, society: SocietyView) -> None:
        """Meet, and let people learn of it."""

    def internalise(self, society: SocietyView) -> None:
        """Do what comes with the moving of convictions."""

    def measure(self, society: SocietyView) -> None:
        """Look at the week as it ended."""

    def measured(self, society: SocietyView) -> dict[str, float]:
        """Values of its measures for the week that ends, by name."""
        return {}


class Part(mesa.Agent[Any]):
    """One of the many that an institution consists of, as an agent: it comes and goes with the institution.

    Attributes
    ----------
    part_of
        Name of the institution.
    """

    part_of: ClassVar[str]

    @property
    def present(self) -> bool:
        """Whether the institution exists."""
        return self.part_of in getattr(self.model, "institutions", {})

    def remove(self) -> None:
        """Cease to exist, with the institution.

        Raises
        ------
        ValueError
            If the institution exists.
        """
        if self.present:
            one, whole = type(self).__name__, self.part_of
            raise ValueError(f"a {one} leaves only with all of {whole}: society.institutions[{whole!r}].remove()")
        super().remove()


def snake_case(name: str) -> str:
    """Name of an institution in scenario files, from that of its class."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def settings_class_of(kind: type[Institution]) -> type[Settings]:
    """Class of an institution's settings, as its annotation of `settings` says.

    Raises
    ------
    TypeError
        If it says none.
    """
    found = inspect.get_annotations(kind, eval_str=True).get("settings", getattr(kind, "settings_class", None))
    if not (isinstance(found, type) and issubclass(found, Settings)):
        raise TypeError(f"{kind.__name__} does not say what its settings are; annotate `settings` with their class")
    return found
