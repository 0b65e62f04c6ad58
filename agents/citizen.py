"""A citizen as a Mesa agent: a view of one row, without state of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any, Protocol

import mesa
import numpy.typing as npt

from .chance import ACT, uniform_by_domain
from .citizens import ACTS, TERMS, Citizens
from .rules.utility import choice_probability
from .view import SocietyView


class Home(SocietyView, Protocol):
    """A society as its citizens see it who are views of its rows."""

    keeps_views: bool
    """Whether every citizen has one view, which lasts; otherwise views are made whenever one is asked for."""

    def citizen(self, row: int) -> Citizen:
        """View of the citizen in a row."""
        ...

    def let_go(self, nodes: npt.ArrayLike) -> None:
        """Let citizens emigrate."""
        ...


@dataclass(frozen=True)
class Explanation:
    """Why a citizen acted as it did: the last decision in one domain.

    Attributes
    ----------
    citizen, domain, week
        Who, in what, when.
    terms
        The seven terms of the utility of complying minus deviating, in utility; they add up to `utility`.
    utility
        Their sum.
    probability
        Chance of complying at this utility.
    draw
        The uniform that decided; the citizen complies if `probability` ≥ `draw`.
    complies, complies_unobserved, complies_alone, complies_unchanged, complies_at_start
        The five acts that the draw decides: in public, and as one thing after the other is taken away (`WITHOUT`).
    decided
        What decided the public act: the part of `WITHOUT` that turns it when taken away, or `start` if none does.
    """

    citizen: int
    domain: str
    week: int
    terms: dict[str, float]
    utility: float
    probability: float
    draw: float
    complies: bool
    complies_unobserved: bool
    complies_alone: bool
    complies_unchanged: bool
    complies_at_start: bool
    decided: str

    def __repr__(self) -> str:
        return (
            f"<Explanation: citizen {self.citizen} {does(self.complies)} in {self.domain} in week {self.week}, at a "
            f"utility of {self.utility:+.4f}, a chance of {self.probability:.4f} and a draw of {self.draw:.4f}>"
        )

    def __str__(self) -> str:
        rows = [f"  {name:11}{value + 0.0:+.4f}" for name, value in (*self.terms.items(), ("sum", self.utility))]
        return "\n".join((*self.sentences(), *rows))

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(name)}</td><td>{value + 0.0:+.4f}</td></tr>"
            for name, value in (*self.terms.items(), ("sum", self.utility))
        )
        return f"<p>{escape(' '.join(self.sentences()))}</p><table>{rows}</table>"

    def sentences(self) -> tuple[str, str, str]:
        """What the citizen did and why, what it would have done otherwise, and what decided."""
        return (
            f"Citizen {self.citizen}, {self.domain}, week {self.week}: chance of complying {self.probability:.4f}, "
            f"draw {self.draw:.4f}; in public it {does(self.complies)}.",
            self.otherwise,
            self.verdict,
        )

    @property
    def otherwise(self) -> str:
        """What the citizen would have done, as one thing after the other is taken away."""
        acts = self.complies_unobserved, self.complies_alone, self.complies_unchanged, self.complies_at_start
        steps = [f"{words}, it {does(act)}" for (words, _), act in zip(WITHOUT.values(), acts, strict=True)]
        return f"{'; '.join(steps)}.".capitalize()

    @property
    def verdict(self) -> str:
        """What decided, in a sentence."""
        if self.decided == "start":
            return f"What decided was there at the start: it {does(self.complies)} whatever of this is taken away."
        return f"What decided is {WITHOUT[self.decided][1]}."


WITHOUT = {
    "eye": ("if nobody could see", "the eye of others"),
    "crowd": ("if it also expected of others what it did at the start", "the crowd: what others have come to do"),
    "heart": ("with the conviction of the start, too", "the heart: what it has come to find right"),
    "circumstances": ("and at the costs of the start", "circumstances: what complying has come to cost"),
}
"""What is taken away, one after the other: as a condition, and as what decided where that turns the act."""


def what_decided(public: bool, *others: bool) -> str:
    """The first part of `WITHOUT` without which the act is another than in public; `start` if it never is."""
    return next((part for part, act in zip(WITHOUT, others, strict=True) if act != public), "start")


def does(complies: bool) -> str:
    """What a citizen does, as a verb."""
    return "complies" if complies else "deviates"


class Citizen(mesa.Agent[Any]):
    """View of one row of the citizens' columns.

    Every column is a property: a number for a column of shape (N,), a row (itself a view) for one of shape (N, D).
    Setting a property writes the row; what does not fit the column is refused.

    Attributes
    ----------
    node
        Its place in the graph at the start, which never changes.
    """

    node: int

    @classmethod
    def view(cls, society: Any, node: int) -> Citizen:
        """View of a citizen that exists; to make one as other agents of Mesa are made is refused."""
        citizen = cls.__new__(cls)
        citizen.__dict__.update(model=society, unique_id=node + 1, pos=None, node=node)
        return citizen

    @property
    def present(self) -> bool:
        """Whether it has a row: whether it has not emigrated."""
        return bool(self.society.row_of[self.node] >= 0)

    def remove(self) -> None:
        """Emigrate: at once between weeks, otherwise at the end of the week. Its row is in no rule any more then.

        To let many go, `society.agents.select(…).do("remove")` closes up the rows once.
        """
        if self.present:
            self.society.let_go([self.node])

    @property
    def row(self) -> int:
        """Index of its row.

        Raises
        ------
        LookupError
            If it has emigrated.
        """
        row = int(self.society.row_of[self.node])
        if row < 0:
            raise LookupError(f"citizen {self.node} has emigrated; there is no row of it any more")
        return row

    @property
    def society(self) -> Home:
        """The society it lives in."""
        return self.model  # pyright: ignore[reportReturnType]

    @property
    def neighbours(self) -> Iterator[Citizen]:
        """Citizens it has a tie with."""
        for row in self.society.ties.of(self.row):
            yield self.society.citizen(int(row))

    def __getattr__(self, name: str) -> Any:
        """Its row in a column that an institution keeps."""
        model = self.__dict__.get("model")
        if model is None or name.startswith("_") or name not in model.citizens.columns:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(model.citizens, name)[self.row]

    def __setattr__(self, name: str, value: Any) -> None:
        """Write its row of a column; anything else is its own, where views last."""
        model = self.__dict__.get("model") if "node" in self.__dict__ else None
        if model is not None and name in model.citizens.columns:
            model.citizens.assign(name, value, self.row)
        elif model is not None and not model.keeps_views:
            raise AttributeError(f"{name} is no column, and in so large a society a citizen has no attributes besides")
        else:
            super().__setattr__(name, value)

    def explain(self, domain: str) -> Explanation:
        """Explain the last decision in a domain.

        Raises
        ------
        ValueError
            If the domain does not exist or no decision was made yet.
        """
        society, c = self.society, self.society.citizens
        d = society.domains.index(domain)
        if d is None:
            raise ValueError(f"no domain is called {domain!r}; the domains are {', '.join(society.domains.names)}")
        if society.week == 0:
            raise ValueError("no decision was made yet; run at least one step")
        terms = c.terms[self.row, d]
        utility = 0.0
        for term in terms:
            utility += float(term)
        acts = {name: bool(getattr(c, name)[self.row, d]) for name in ACTS}
        return Explanation(
            citizen=self.node,
            domain=domain,
            week=society.week,
            terms=dict(zip(TERMS, terms.tolist(), strict=True)),
            utility=utility,
            probability=choice_probability(utility, society.rates.rationality),
            draw=uniform_by_domain(c.identity[self.row], d, society.week, ACT, society.seed),
            **acts,
            decided=what_decided(*acts.values()),
        )


def _property(name: str) -> property:
    def read(self: Citizen) -> Any:
        return getattr(self.society.citizens, name)[self.row]

    return property(read, doc=Citizens.own[name].says)


for _name in Citizens.own:
    if _name != "node":
        setattr(Citizen, _name, _property(_name))
