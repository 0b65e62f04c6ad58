"""The citizens as columns: the sole store of their state, one row a citizen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntFlag, auto
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from .chance import Words, uniforms
from .columns import INF, Bits, Column, Floats, Ints, Mask, by_domain, declared, each, mask, rows_of
from .records import Recorded

Rows = Sequence[int]
"""Row numbers: a uint32 array, told to the type checker as what an element can be used for."""

TERMS = ("conviction", "cost", "conformity", "image", "stake", "fear", "reactance")
"""The seven terms of the utility of complying, in order."""

CONVICTION, COST, CONFORMITY, IMAGE, STAKE, FEAR, REACTANCE = range(len(TERMS))

ACTS = ("complies", "complies_unobserved", "complies_alone", "complies_unchanged", "complies_at_start")
"""The five acts that one draw decides, each with one thing less of what has come about."""

MOST_DOMAINS = 32
"""A mask over domains is one 32-bit word."""


FEWEST = 2
"""Citizens who stay in any case: a society of one has no neighbours."""


class Lists(IntFlag):
    """Lists that a citizen can be on: the bits of the column `flags`."""

    HONOURED = auto()
    SHAMED = auto()
    BLACKLISTED = auto()
    EXPELLED = auto()
    DISCLOSING = auto()
    FLAGGED = auto()
    EMIGRATED = auto()
    UNAWARE = auto()
    DETAINED = auto()


class Citizens(Recorded):
    """N citizens in D domains. Each column declared here, or by an institution that keeps it, is a NumPy array.

    A column has shape (N, D) or (N,). To write one is to write into it: the arrays themselves are replaced only when
    citizens leave. A column with a rule is read only: institutions `contribute` to it.
    """

    conviction: Floats = by_domain(0, 1, "share", "how right it privately finds complying")
    character: Floats = by_domain(0, 1, "share", "what its conviction returns to; follows conviction over years")
    temperament: Floats = by_domain(0, 1, "share", "the conviction that it came of age with")
    expectation: Floats = by_domain(0, 1, "share", "share of others that it believes comply")
    approval: Floats = by_domain(0, 1, "share", "share of others that it believes approve of complying")
    first_approval: Floats = by_domain(0, 1, "share", "approval at the start, at this place of the graph")
    start_conviction: Floats = by_domain(0, 1, "share", "conviction at the start, at this place of the graph")
    start_expectation: Floats = by_domain(0, 1, "share", "expectation at the start, at this place of the graph")
    intercept: Floats = by_domain(-INF, INF, "logit", "what of its neighbours' acts its belief leaves unexplained")
    perceived_detection: Floats = by_domain(0, 1, "probability", "chance that it believes its act becomes known")
    quick_detection: Floats = by_domain(0, 1, "probability", "quick part of perceived detection")
    slow_detection: Floats = by_domain(0, 1, "probability", "slow part of perceived detection")
    pressure: Floats = by_domain(-INF, INF, "utility", "last week's image, stake, fear and reactance together")
    ordinary_image: Floats = by_domain(-INF, INF, "utility", "image that everyday eyes alone would make")
    everyday_unseen: Floats = by_domain(0, 1, "probability", "chance that no one who counts sees it with everyday eyes")
    surprise: Floats = by_domain(
        -1, 1, "share", "last act less its expectation, as far as nothing outside justifies it"
    )
    habit: Floats = by_domain(-1, 1, "share", "what it has been doing beyond its own reasons")
    complies: Bits = by_domain(0, 1, "act", "this week's public act: complies (1) or deviates (0)", np.int8)
    complies_unobserved: Bits = by_domain(0, 1, "act", "what it would do now if nobody could see", np.int8)
    complies_alone: Bits = by_domain(0, 1, "act", "… and if it expected of others what it did at the start", np.int8)
    complies_unchanged: Bits = by_domain(0, 1, "act", "… and with the conviction of the start", np.int8)
    complies_at_start: Bits = by_domain(0, 1, "act", "… and at the cost of the start", np.int8)
    watched: Floats = by_domain(
        0, 1, "probability", "chance that sensors detect the act, in full reach", until="stated", rule="either"
    )
    extracted: Floats = by_domain(
        0, 1, "probability", "chance that a firm knows the act", until="stated", rule="either"
    )
    bonus: Floats = by_domain(
        -INF, INF, "utility", "what complying brings besides the score and its benefits", until="stated", rule="sum"
    )

    identity: Mask = each(0, 2**32 - 1, "number", "the person behind the row: keys all its draws", np.uint32)
    node: Ints = each(0, INF, "number", "its place in the graph that the society was made with", np.int64)
    conformity: Floats = each(0, INF, "utility", "weight of others' behaviour")
    reactance: Floats = each(0, INF, "utility", "weight of resentment at intrusion")
    privacy_concern: Floats = each(0, INF, "share", "how much exposure hurts")
    image_concern: Floats = each(0, INF, "utility", "weight of how others see it")
    wealth: Floats = each(0, INF, "mean wealth", "pays debts, buys points, emigrates")
    means: Floats = each(0, INF, "mean wealth", "the wealth that its income keeps up where nothing hinders it")
    score: Floats = each(-INF, INF, "points", "the score; NaN for a citizen without a record", neutral=np.nan)
    fair: Floats = each(0, INF, "observations", "evidence that the authority is fair")
    unfair: Floats = each(0, INF, "observations", "evidence that the authority is unfair")
    punished: Floats = each(0, INF, "observations", "evidence that known deviations are sanctioned")
    unpunished: Floats = each(0, INF, "observations", "evidence that they are not")
    punished_innocent: Floats = each(0, INF, "observations", "evidence that complying acts are sanctioned")
    spared_innocent: Floats = each(0, INF, "observations", "evidence that they are not")
    believed_guilty: Floats = each(0, 1, "probability", "chance that it believes a known deviation is sanctioned")
    believed_innocent: Floats = each(0, 1, "probability", "chance that it believes a complying act is sanctioned")
    reporting: Floats = each(0, 1, "probability", "chance that it believes a witness reports")
    disposition: Floats = each(0, 1, "share", "trust in strangers that it was brought up with")
    kept_faith: Floats = each(0, INF, "observations", "evidence that people at large can be trusted")
    broke_faith: Floats = each(0, INF, "observations", "evidence that they cannot")
    generalised_trust: Floats = each(0, 1, "share", "trust in people it does not know")
    born: Ints = each(-INF, INF, "week", "when it came of age, at 18", np.int64)
    conviction_share: Floats = each(0, 1, "share", "what prices have left of the weight of conviction")
    scar: Floats = each(0, INF, "observations", "unfairness that is not forgotten: where `unfair` returns to")
    group: Ints = each(0, INF, "number", "work unit", np.int64)
    region: Ints = each(0, INF, "number", "place of registration", np.int64)
    place: Ints = each(0, INF, "number", "region where it lives", np.int64)
    flags: Mask = each(0, 2**32 - 1, "bits", "lists the citizen is on, see `Lists`", np.uint32)
    authority_trust: Floats = each(0, 1, "share", "trust in the authority, as of this week's perceive")
    closeness: Floats = each(0, 1, "share", "how near its score is to a tier's threshold; 1 is on it")
    close: Floats = each(0, INF, "ties", "number of its close ties")
    others: Floats = each(0, INF, "ties", "number of its other ties")
    visible_harm: Floats = each(0, INF, "harm", "harm of this week's act that a neighbour sees, on average")

    reach: Floats = each(
        0, 1, "share", "how far sensors, bureau and court reach it", until="perceive", rule="product", neutral=1
    )
    inside: Floats = each(
        0, 1, "probability", "chance that a fellow sees an act others do not see", until="stated", rule="either"
    )
    fellows: Floats = each(0, 1, "share", "share of its ties within its group, where members watch each other")
    shared_loss: Floats = each(
        0, INF, "utility", "what a fellow member's deviation costs it", until="stated", rule="sum"
    )
    fellows_loss: Floats = by_domain(
        0, 1, "share", "how far its deviation costs those who see it", until="perceive", rule="sum"
    )
    injustice: Floats = each(
        0, INF, "factor", "multiplies the court's error where it lives", until="stated", rule="product", neutral=1
    )
    behind: Floats = each(
        0, 1, "share", "how far a firewall is between it and others' deviance", until="stated", rule="max"
    )
    online: Floats = each(0, 1, "share", "how much of its time it spends on a platform", until="stated", rule="max")
    can_report: Bits = each(0, 1, "yes or no", "whether it knows where to report", np.int8, until="stated", rule="max")
    displayed: Floats = each(0, 1, "share", "how far strangers are told of it", until="mingle", rule="max")
    visibility: Floats = each(0, 1, "rate", "rate at which neighbours see its score", until="score", rule="max")
    close_sight: Floats = each(
        0, 1, "rate", "rate at which close ties see what its record shows", until="score", rule="max"
    )
    hardship: Floats = each(0, 1, "share", "weight of what it is barred from", until="sanction", rule="sum")
    earnings: Floats = each(0, INF, "share", "what is left of its income", until="sanction", rule="product", neutral=1)
    noticed: Bits = each(
        0, 1, "yes or no", "whether it learned at a counter that it is listed", np.int8, until="sanction", rule="max"
    )
    held: Bits = each(0, 1, "yes or no", "whether it may not leave", np.int8, until="sanction", rule="max")
    allotted: Floats = each(
        0, INF, "factor", "how much of a benefit those get who live there", until="stated", rule="product", neutral=1
    )
    received: Floats = each(
        0, 1, "share", "this week's deserved benefit, of the largest promised", until="sanction", rule="sum"
    )
    withheld: Floats = each(
        0, 1, "share", "this week's promised but unpaid benefit, of the largest promised", until="sanction", rule="sum"
    )

    faked: Mask = mask("deviations that sensors take for complying acts", "act")
    noted: Mask = mask("complying acts detected", "watch")
    detected: Mask = mask("deviations detected, rightly or by error", "watch")
    reported: Mask = mask("deviations reported by a witness", "watch")
    denounced: Mask = mask("deviations reported that did not happen", "watch")
    reports_against: Ints = each(0, INF, "reports", "reports that reached it this week", np.int64, until="watch")
    false_against: Ints = each(0, INF, "reports", "of these, the false ones", np.int64, until="watch")
    upheld: Mask = mask("deviations that stand after judgement", "judge")
    restored: Mask = mask("past deviations taken back this week on appeal", "judge")
    told: Mask = mask("deviations that a court convicted it of and told it so", "judge")
    untold: Mask = mask("deviations that a court convicted it of without telling it", "judge")
    framed: Mask = mask("of those it was told, the ones that did not happen", "judge")
    nominated: Bits = each(
        0, 1, "yes or no", "whether a verdict puts it on the blacklist this week", np.int8, until="judge"
    )
    sanctioned: Mask = mask("deviations for which the citizen was sanctioned and knows it", "sanction")
    wrongful: Mask = mask("of these, the ones that did not happen", "sanction")
    deals: Bits = each(0, 31, "bits", "this week's exchanges, see `rules.exchanging`", np.int8, until="mingle")
    unjust: Floats = each(0, INF, "sanctions", "unjust sanctions suffered, or seen of neighbours", until="mingle")
    reports_heard: Ints = each(0, INF, "reports", "reports against neighbours this week", np.int64, until="mingle")

    terms: Floats
    """Shape (N, D, 7): the terms of the last decision, in utility, in the order of `TERMS`."""
    conviction_before: Floats
    """Shape (N, D): conviction that the last decision was made with; a citizen's domains side by side in memory."""

    own: ClassVar[dict[str, Column]]
    """The columns declared here, by name; `columns` has those that institutions keep besides."""

    def __init__(self, size: int, domains: int) -> None:
        if domains > MOST_DOMAINS:
            raise ValueError(f"{domains} domains are too many; at most {MOST_DOMAINS} are possible")
        self.size, self.domains = size, domains
        self.columns: dict[str, Column] = {}
        self.keepers: list[Any] = []
        self._arrays: dict[str, npt.NDArray[Any]] = {}
        self._endings: dict[str, list[tuple[npt.NDArray[Any], float]]] = {}
        self.keep(self, self.own)
        self.identity[:] = self.node[:] = np.arange(size)
        self.terms = np.zeros((size, domains, len(TERMS)), order="F")
        self.conviction_before = np.zeros((size, domains))

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __repr__(self) -> str:
        return f"<Citizens: {self.size:,} in {self.domains} domains; {len(self.columns)} columns>"

    # Columns and their lifetimes

    def keep(self, owner: Any, columns: dict[str, Column]) -> None:
        """Hold columns for their owner, who has each as an attribute of its name.

        Raises
        ------
        ValueError
            If another owner has a column of the same name.
        """
        for name, column in columns.items():
            if name in self.columns:
                raise ValueError(f"{type(owner).__name__}: a column is called {name!r} already; give it another name")
            if column.rule and owner is not self:
                raise ValueError(f"{type(owner).__name__}.{name}: only columns of the citizens have a rule")
            self.columns[name] = column
            self._hold(owner, name, column.empty(self.size, self.domains))
        self.keepers.append(owner)

    def give_up(self, owner: Any, columns: dict[str, Column]) -> None:
        """Hold columns no more, since their owner ceases to exist."""
        for name in columns:
            del self.columns[name], self._arrays[name], self.__dict__[name]
        self._endings.clear()
        self.keepers.remove(owner)

    def _hold(self, owner: Any, name: str, array: npt.NDArray[Any]) -> None:
        self._arrays[name] = array
        self._endings.clear()
        shown = array
        if self.columns[name].rule:
            shown = array.view()
            shown.flags.writeable = False
        self.__dict__[name] = owner.__dict__[name] = shown

    def recorded(self) -> dict[str, Any]:
        """The columns declared here, which compiled loops may all write, and the last decision."""
        arrays = {name: self._arrays[name] for name in self.own}
        return {**arrays, "terms": self.terms, "conviction_before": self.conviction_before}

    def clear(self, phase: str) -> None:
        """Let every column whose lifetime ends with the beginning of a phase go back to its neutral value."""
        for array, neutral in self._ending(phase):
            array.fill(neutral)

    def _ending(self, phase: str) -> list[tuple[npt.NDArray[Any], float]]:
        if phase not in self._endings:
            self._endings[phase] = [
                (self._arrays[name], column.neutral) for name, column in self.columns.items() if column.until == phase
            ]
        return self._endings[phase]

    def withdraw(self) -> None:
        """Clear all that institutions state or contribute, before each states it again."""
        for name, column in self.columns.items():
            if column.until == "stated" or column.rule:
                self._arrays[name].fill(column.neutral)

    def contribute(
        self,
        name: str,
        values: npt.ArrayLike,
        times: npt.NDArray[Any] | None = None,
        rows: Ints | None = None,
    ) -> None:
        """Put one more contribution into a column that several institutions add to, by the column's rule.

        Parameters
        ----------
        name
            The column.
        values
            What is added, of the column's shape or one that fits it.
        times
            Shape (D,): by what it is multiplied in each domain, if it is shape (N,) and the column has shape (N, D).
        rows
            The only rows, each once, that it is for, if it is not for all.
        """
        self.columns[name].contribute(self._arrays[name], values, times, rows)

    def override(self, name: str, values: npt.ArrayLike, rows: Any = ...) -> None:
        """Write values into a column or some rows of it, whoever contributes to it."""
        self._arrays[name][rows] = values

    def assign(self, name: str, values: npt.ArrayLike, rows: Any = ...) -> None:
        """Write values that somebody gives into a column or some rows of it.

        Raises
        ------
        ValueError
            If they do not fit the column, or it says who a citizen is; nothing is written then.
        """
        if name in ("identity", "node"):
            raise ValueError(f"{name} says who a citizen is and never changes; initial={{'identity': …}} sets it")
        fault = self.columns[name].fault(values, self._arrays[name][rows].shape)
        if fault:
            raise ValueError(f"{name} {fault}")
        self.override(name, values, rows)

    def read(self, name: str, column: Column | None = None) -> npt.NDArray[Any]:
        """A column, or the last decision; neutral where the institution that keeps it does not exist."""
        if column is None or name in self._arrays:
            return getattr(self, name)
        return column.empty(self.size, self.domains)

    def remove(self, gone: npt.NDArray[np.bool_]) -> None:
        """Take rows out of every column; the others keep their order."""
        # The record would keep every old column until the last one is taken.
        self.renew()
        stay = np.flatnonzero(~gone)
        for owner in self.keepers:
            for name in declared(type(owner)):
                self._hold(owner, name, rows_of(self._arrays[name], stay))
        # In place: a copy of all terms would be the largest array there is.
        everyone, flat = self.size, self.terms.reshape(-1, order="F")
        for k in range(self.domains * len(TERMS)):
            flat[k * len(stay) : (k + 1) * len(stay)] = flat[k * everyone : (k + 1) * everyone].take(stay)
        several = self.domains * len(TERMS) * len(stay)
        self.terms = flat[:several].reshape(len(stay), self.domains, len(TERMS), order="F")
        self.conviction_before = self.conviction_before.take(stay, axis=0)
        self.size = len(self.identity)

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_endings": {}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        # A view that was pickled has become an array of its own.
        for name in self.own:
            self._hold(self, name, self._arrays[name])

    # Lists

    def on(self, flag: Lists) -> npt.NDArray[np.bool_]:
        """Who is on a list."""
        return (self.flags & np.uint32(flag)) != 0

    def mark(self, flag: Lists, who: npt.NDArray[np.bool_]) -> None:
        """Put on a list those in `who`, shape (N,), and take all others off it."""
        bit = np.uint32(flag)
        self.flags[:] = np.where(who, self.flags | bit, self.flags & ~bit)

    def draw(self, seed: Words, purpose: int, step: int = 0, whom: npt.ArrayLike = 0) -> Floats:
        """Uniforms in (0, 1), one a citizen."""
        return uniforms(seed, purpose, step, self.identity, whom)


Citizens.own = declared(Citizens)


def top_share(values: Floats, share: float, identity: Mask) -> npt.NDArray[np.bool_]:
    """Who has the highest values: the `share` of all who have one (not NaN), ties decided by identity."""
    having = np.flatnonzero(~np.isnan(values))
    count = round(share * len(having))
    top = np.zeros(len(values), bool)
    if count > 0:
        # Only those at or above the last value that counts need be sorted.
        least = np.partition(values[having], len(having) - count)[len(having) - count]
        near = having[values[having] >= least]
        by_identity = near[np.argsort(identity[near], kind="stable")]
        top[by_identity[np.argsort(-values[by_identity], kind="stable")][:count]] = True
    return top
