"""The citizens as columns: the sole store of their state, one row a citizen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from .chance import Purpose, uniforms

if TYPE_CHECKING:
    from ..model.society import Society

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bits = npt.NDArray[np.int8]
Mask = npt.NDArray[np.uint32]
Rows = Sequence[int]
"""Row numbers: a uint32 array, told to the type checker as what an element can be used for."""

TERMS = ("conviction", "cost", "conformity", "image", "stake", "fear", "reactance")
"""The seven terms of the utility of complying, in order."""

HONOURED, SHAMED, BLACKLISTED, EXPELLED, DISCLOSING, FLAGGED, EMIGRATED, UNAWARE = (
    np.uint32(1 << bit) for bit in range(8)
)
"""Bits of the column `flags`: lists that a citizen can be on."""

MOST_DOMAINS = 32
"""A mask over domains is one 32-bit word."""


@dataclass(frozen=True)
class Column:
    """What a column holds: its type, whether it has one value for each domain, its range, unit and meaning."""

    dtype: type[np.generic]
    by_domain: bool
    low: float
    high: float
    unit: str
    says: str
    name: str = ""

    def __set_name__(self, owner: type, name: str) -> None:
        object.__setattr__(self, "name", name)


def by_domain(low: float, high: float, unit: str, says: str, dtype: type[np.generic] = np.float64) -> Any:
    """Column of shape (N, D)."""
    return Column(dtype, True, low, high, unit, says)


def each(low: float, high: float, unit: str, says: str, dtype: type[np.generic] = np.float64) -> Any:
    """Column of shape (N,)."""
    return Column(dtype, False, low, high, unit, says)


def mask(says: str) -> Any:
    """Column of shape (N,): a set of domains, bit d standing for domain d; cleared every week."""
    return Column(np.uint32, False, 0, 2**32 - 1, "set of domains", says)


INF = np.inf


class Citizens:
    """N citizens in D domains. Each attribute declared here is a NumPy array of shape (N, D) or (N,)."""

    conviction: Floats = by_domain(0, 1, "share", "how right the citizen privately finds the sanctioned behaviour")
    initial_conviction: Floats = by_domain(0, 1, "share", "conviction at the start; never changes")
    complies: Bits = by_domain(0, 1, "act", "this week's public act: complies (1) or deviates (0)", np.int8)
    complies_unobserved: Bits = by_domain(0, 1, "act", "what it would do now if nobody could see", np.int8)
    complies_unchanged: Bits = by_domain(0, 1, "act", "what it would do unobserved with initial conviction", np.int8)
    expectation: Floats = by_domain(0, 1, "share", "share of others that it believes comply")
    fear: Floats = by_domain(0, 1, "probability", "perceived chance that deviating is sanctioned")
    watched: Floats = by_domain(0, 1, "probability", "chance that sensors detect the act, where it is in full reach")
    extracted: Floats = by_domain(0, 1, "probability", "chance that a firm knows the act")
    bonus: Floats = by_domain(-INF, INF, "utility", "what complying brings besides the score and its benefits")

    identity: Mask = each(0, 2**32 - 1, "number", "the person behind the row: keys all its draws", np.uint32)
    node: Ints = each(0, INF, "number", "its place in the graph that the society was made with", np.int64)
    conformity: Floats = each(0, INF, "utility", "weight of others' behaviour")
    reactance: Floats = each(0, INF, "utility", "weight of resentment at intrusion")
    privacy_concern: Floats = each(0, 1, "share", "how much exposure hurts")
    image_concern: Floats = each(0, INF, "utility", "weight of how others see it")
    wealth: Floats = each(0, INF, "mean wealth", "means: pays debts, buys points, emigrates")
    score: Floats = each(-INF, INF, "points", "the score; NaN for a citizen without a record")
    fair: Floats = each(0, INF, "observations", "evidence that the authority is fair")
    unfair: Floats = each(0, INF, "observations", "evidence that the authority is unfair")
    scar: Floats = each(0, INF, "observations", "unfairness that is not forgotten: where `unfair` returns to")
    group: Ints = each(0, INF, "number", "work unit", np.int64)
    region: Ints = each(0, INF, "number", "place of registration", np.int64)
    place: Ints = each(0, INF, "number", "region where it lives", np.int64)
    flags: Mask = each(0, 2**32 - 1, "bits", "lists the citizen is on", np.uint32)

    reach: Floats = each(0, 1, "share", "how far sensors, bureau and court reach it where it lives")
    inside: Floats = each(0, 1, "probability", "chance that a fellow member of its group sees an act others do not see")
    fellows: Floats = each(0, 1, "share", "share of its ties within its group, where members watch each other")
    shared_loss: Floats = each(0, INF, "utility", "what a fellow member's deviation costs it")
    displayed: Floats = each(0, 1, "share", "how far strangers are told of it")
    injustice: Floats = each(0, INF, "factor", "what the court's error is multiplied by where it lives")
    faked: Mask = each(0, 2**32 - 1, "set of domains", "deviations that sensors take for complying acts", np.uint32)
    nominated: Bits = each(0, 1, "yes or no", "whether a verdict puts it on the blacklist this week", np.int8)
    listed_since: Ints = each(0, INF, "week", "when it was last put on the blacklist", np.int64)
    recorded_at: Ints = each(0, INF, "number", "region that keeps the record of its score", np.int64)
    matched: Bits = each(0, 1, "yes or no", "whether it met a partner this week", np.int8)
    file: Ints = each(0, INF, "deviations", "length of its personnel file, which never gets shorter", np.int64)
    commercial_score: Floats = each(-INF, INF, "points", "score at a firm that it joined; NaN for others")
    credit_score: Floats = each(-INF, INF, "points", "score at the credit bureau; NaN where there is none")
    behind: Floats = each(0, 1, "share", "how far a firewall stands between it and others' deviance")
    online: Floats = each(0, 1, "share", "how much of its time it spends on a platform")
    denials: Ints = each(0, INF, "attempts", "attempts denied this week to those on a blacklist", np.int64)
    denied_journeys: Ints = each(0, INF, "attempts", "of these, the journeys", np.int64)
    hardship: Floats = each(0, 1, "share", "weight of the services it is barred from")
    visibility: Floats = each(0, 1, "rate", "rate at which neighbours see its score")
    closeness: Floats = each(0, 1, "share", "how near its score is to a tier's threshold; 1 is on it")
    authority_trust: Floats = each(0, 1, "share", "trust in the authority, as of this week's perceive")
    regard: Floats = each(-1, 1, "share", "neighbours' mean of 2·authority_trust − 1: what a high score is worth")
    visible_harm: Floats = each(0, INF, "harm", "harm of this week's act that a neighbour sees, on average")
    received: Floats = each(0, 1, "share", "this week's deserved benefit, of the largest promised")
    withheld: Floats = each(0, 1, "share", "this week's promised but unpaid benefit, of the largest promised")
    can_report: Bits = each(0, 1, "yes or no", "whether it knows where to report", np.int8)
    reports_against: Ints = each(0, INF, "reports", "reports that reached the citizen this week", np.int64)
    false_against: Ints = each(0, INF, "reports", "of these, the false ones", np.int64)
    stranger_reports: Ints = each(0, INF, "reports", "of these, the ones by strangers", np.int64)

    deals: Bits = each(0, 15, "bits", "this week's exchanges, see `exchange`", np.int8)

    sanctioned_near: Ints = each(0, INF, "neighbours", "neighbours sanctioned this week", np.int64)
    deserved_near: Ints = each(0, INF, "neighbours", "of these, those rightly sanctioned for harm", np.int64)
    wrongful_near: Ints = each(0, INF, "neighbours", "of these, those wrongly sanctioned", np.int64)

    noted: Mask = mask("complying acts detected")
    detected: Mask = mask("deviations detected, rightly or by error")
    reported: Mask = mask("deviations reported by a witness")
    denounced: Mask = mask("deviations reported that did not happen")
    upheld: Mask = mask("deviations that stand after judgement")
    sanctioned: Mask = mask("deviations for which the citizen was sanctioned and knows it")
    wrongful: Mask = mask("of these, the ones that did not happen")
    restored: Mask = mask("past deviations taken back this week on appeal")
    told: Mask = mask("deviations that a court convicted it of and told it so")
    untold: Mask = mask("deviations that a court convicted it of without telling it")
    framed: Mask = mask("of those it was told, the ones that did not happen")

    terms: Floats
    """Shape (N, D, 7): the terms of the last decision, in utility, in the order of `TERMS`."""
    conviction_before: Floats
    """Shape (N, D): conviction that the last decision was made with."""

    columns: ClassVar[dict[str, Column]]

    def __init__(self, size: int, domains: int) -> None:
        if domains > MOST_DOMAINS:
            raise ValueError(f"{domains} domains are too many; at most {MOST_DOMAINS} are possible")
        self.size = size
        for name, column in self.columns.items():
            setattr(self, name, np.zeros((size, domains) if column.by_domain else size, column.dtype))
        self.identity[:] = self.node[:] = np.arange(size)
        for scores in (self.score, self.commercial_score, self.credit_score):
            scores[:] = np.nan
        self.withdraw()
        self.terms = np.zeros((size, domains, len(TERMS)))
        self.conviction_before = np.zeros((size, domains))

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def withdraw(self) -> None:
        """Reset what the institutions state, before each states it again."""
        for column in STATED:
            getattr(self, column)[:] = 0
        self.reach[:] = self.injustice[:] = 1

    def remove(self, gone: npt.NDArray[np.bool_]) -> None:
        """Take rows out of every column; the others keep their order."""
        stay = np.flatnonzero(~gone)
        for name in (*self.columns, "terms", "conviction_before"):
            setattr(self, name, getattr(self, name).take(stay, axis=0))
        self.size = len(self.identity)

    def on(self, flag: np.uint32) -> npt.NDArray[np.bool_]:
        """Who is on a list."""
        return (self.flags & flag) != 0

    def mark(self, flag: np.uint32, who: npt.NDArray[np.bool_]) -> None:
        """Put on a list those in `who`, shape (N,), and take all others off it."""
        self.flags[:] = np.where(who, self.flags | flag, self.flags & ~flag)

    def draw(self, society: Society, purpose: Purpose, step: int = 0, whom: npt.ArrayLike = 0) -> Floats:
        """Uniforms in (0, 1), one a citizen."""
        return uniforms(society.seed, purpose, step, self.identity, whom)


STATED = (
    "watched",
    "extracted",
    "bonus",
    "visibility",
    "can_report",
    "behind",
    "online",
    "inside",
    "fellows",
    "shared_loss",
    "displayed",
    "faked",
    "hardship",
    "denials",
    "denied_journeys",
)
"""Columns that are 0 unless an institution's `establish` says otherwise."""

Citizens.columns = {name: value for name, value in vars(Citizens).items() if isinstance(value, Column)}


def as_mask(bits: npt.NDArray[np.integer]) -> npt.NDArray[np.uint32]:
    """Sets of domains from zeros and ones along the last axis."""
    return (bits.astype(np.uint32) << np.arange(bits.shape[-1], dtype=np.uint32)).sum(axis=-1, dtype=np.uint32)


def top_share(values: Floats, share: float, identity: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Who has the highest values: the `share` of all who have one (not NaN), ties decided by identity."""
    having = np.flatnonzero(~np.isnan(values))
    count = round(share * len(having))
    top = np.zeros(len(values), bool)
    if count > 0:
        # Only those at or above the last value that counts need be sorted.
        least = np.partition(values[having], len(having) - count)[len(having) - count]
        near = having[values[having] >= least]
        top[near[np.lexsort((identity[near], -values[near]))[:count]]] = True
    return top
