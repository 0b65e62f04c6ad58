"""Domains of behaviour, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..agents.records import Recorded
from ..agents.settings import Settings, option, parameter


class DomainSettings(Settings):
    """One domain: in each a citizen either complies with the sanctioned behaviour or deviates, every week."""

    harm: float = parameter(0.0, 0, 100, unit="harm", says="Harm that one deviation does to others.")
    level: float = parameter(
        0.5,
        0.001,
        0.999,
        unit="share",
        says="Share that complies where no institution exists; the cost is solved from it, where none is given.",
        at_start=True,
    )
    cost: float | None = parameter(
        None,
        -50,
        50,
        unit="utility",
        symbol="c",
        says="What complying costs; where it is not given, what the level makes it.",
        explore=(-2, 4),
        at_start=True,
    )
    loss: float = parameter(
        0.0, 0, 100, unit="utility", symbol="L", says="What citizens think a sanction costs; 0 where none is thinkable."
    )
    detection: float = parameter(0.3, 0, 1, unit="rate", says="Chance that sensors at full coverage detect an act.")
    openness: float = parameter(
        0.3, 0, 1, unit="rate", symbol="v", says="Rate at which a neighbour sees an act without any score."
    )
    sensitivity: float = parameter(0.5, 0, 1, unit="share", says="How private the domain is.")
    role: str = option(
        "",
        says="What institutions know the domain by, whatever its name: debt, order, civic, consumption, dissent "
        "or curiosity; empty for none.",
        at_start=True,
    )
    scored: bool = option(False, says="Whether acts count in a score.")
    sanctioned: bool = option(False, says="Whether a court can convict for deviance.")
    conviction_mean: float | None = parameter(
        None, 0.01, 0.99, unit="share", says="Mean initial conviction (else the citizens').", at_start=True
    )


DEFAULT_DOMAINS: Mapping[str, DomainSettings] = {
    name: DomainSettings(
        role=role,
        level=level,
        conviction_mean=conviction,
        harm=harm,
        detection=detection,
        openness=openness,
        sensitivity=sensitivity,
        loss=loss,
        scored=scored,
        sanctioned=sanctioned,
    )
    for name, role, level, conviction, harm, detection, openness, sensitivity, loss, scored, sanctioned in (
        ("credit", "debt", 0.97, 0.8, 1.0, 0.6, 0.1, 0.5, 2.0, True, True),
        ("conduct", "order", 0.95, 0.8, 1.0, 0.3, 0.4, 0.2, 2.0, True, True),
        ("civic", "civic", 0.30, 0.75, 0.0, 0.3, 0.4, 0.2, 0.0, True, False),
        ("consumption", "consumption", 0.50, 0.6, 0.0, 0.5, 0.2, 0.6, 0.0, True, False),
        ("speech", "dissent", 0.70, 0.5, 0.0, 0.3, 0.3, 0.9, 11.0, True, True),
        ("inquiry", "curiosity", 0.50, 0.5, 0.0, 0.2, 0.05, 1.0, 11.0, False, False),
    )
}
"""Paying debts, orderly behaviour, volunteering, thrift, toeing the line, and not looking things up (never scored)."""

MOST_DOMAINS = 32
"""Sets of domains are bits of a word."""


@dataclass(frozen=True)
class Solved:
    """What a society finds out about its domains while it settles; arrays of shape (D,).

    Attributes
    ----------
    cost
        What complying costs, in utility.
    spread
        Standard deviation of convictions.
    """

    cost: npt.NDArray[np.float64]
    spread: npt.NDArray[np.float64]


class Domains(Recorded):
    """The domains of a society as arrays of shape (D,), in the order of the scenario.

    Attributes
    ----------
    names
        Their names.
    lanes
        A tuple of D zeros. The length of a tuple, unlike that of an array, is known when a rule is compiled: a loop
        over the domains is then unrolled, which makes the rules twice as fast. Each number of domains is compiled
        once.
    """

    names: tuple[str, ...]
    roles: tuple[str, ...]
    lanes: tuple[int, ...]
    harmful: np.uint32
    """Set of the domains in which deviating does harm."""
    punishable: np.uint32
    """Set of the domains in which deviating is thought to be sanctioned: those with a loss."""
    offences: np.uint32
    """Set of the domains in which deviating can be an offence, which others may report."""
    triable: np.uint32
    """Set of the domains in which a court can convict."""

    spread: npt.NDArray[np.float64]
    """Standard deviation of convictions when the society had settled."""
    certainty: npt.NDArray[np.float64]
    """How surely a known deviation may be sanctioned: 1 where a court can, `ambiguity` elsewhere, 0 without loss."""
    harm: npt.NDArray[np.float64]
    cost: npt.NDArray[np.float64]
    loss: npt.NDArray[np.float64]
    detection: npt.NDArray[np.float64]
    openness: npt.NDArray[np.float64]
    sensitivity: npt.NDArray[np.float64]
    scored: npt.NDArray[np.int8]
    sanctioned: npt.NDArray[np.int8]

    def __init__(
        self, settings: Mapping[str, DomainSettings], solved: Solved | None = None, ambiguity: float = 1.0
    ) -> None:
        self.names = tuple(settings)
        self.roles = tuple(domain.role for domain in settings.values())
        self.lanes = (0,) * len(settings)
        self.debt, self.dissent = self.role("debt"), self.role("dissent")
        for name in ("harm", "loss", "detection", "openness", "sensitivity"):
            setattr(self, name, np.array([getattr(domain, name) for domain in settings.values()], dtype=np.float64))
        self.cost = np.array([domain.cost or 0.0 for domain in settings.values()])
        self.spread = np.zeros(len(settings))
        if solved is not None:
            self.cost[:], self.spread[:] = solved.cost, solved.spread
        court = np.array([domain.sanctioned for domain in settings.values()])
        self.certainty = np.where(self.loss > 0, np.where(court, 1.0, ambiguity), 0.0)
        self.punishable = np.uint32(sum(1 << d for d, loss in enumerate(self.loss) if loss > 0))
        offences = court | (self.loss > 0) | (self.harm > 0)
        self.offences = np.uint32(sum(1 << d for d, offence in enumerate(offences) if offence))
        self.harmful = np.uint32(sum(1 << d for d, harm in enumerate(self.harm) if harm > 0))
        self.triable = np.uint32(sum(1 << d for d, domain in enumerate(settings.values()) if domain.sanctioned))
        self.scored = np.array([domain.scored for domain in settings.values()], dtype=np.int8)
        self.sanctioned = np.array([domain.sanctioned for domain in settings.values()], dtype=np.int8)

    def __len__(self) -> int:
        return len(self.names)

    def index(self, name: str) -> int | None:
        """Position of a domain, None where the society does not have it."""
        return self.names.index(name) if name in self.names else None

    def role(self, role: str) -> int:
        """Position of the first domain that has a role, −1 where none has it."""
        return self.roles.index(role) if role in self.roles else -1

    def recorded(self) -> dict[str, Any]:
        """The arrays, the lanes, and the positions of the domains whose role the citizens' rules know."""
        arrays = ("harm", "cost", "spread", "certainty", "loss", "detection", "openness", "sensitivity", "scored",
                  "sanctioned")  # fmt: skip
        return {
            "lanes": self.lanes,
            "harmful": self.harmful,
            "triable": self.triable,
            "punishable": self.punishable,
            "offences": self.offences,
            **{name: getattr(self, name) for name in arrays},
            "debt": self.debt,
            "dissent": self.dissent,
        }


def with_defaults(domains: Any) -> Any:
    """Complete a scenario's domains from the default ones; `false` removes one, a new name or `true` adds one."""
    if not isinstance(domains, Mapping):
        return domains
    merged: dict[str, Any] = dict(DEFAULT_DOMAINS)
    for name, given in domains.items():  # pyright: ignore[reportUnknownVariableType]
        if given is None or given is False:
            merged.pop(name, None)
        elif given is True:
            merged[name] = DEFAULT_DOMAINS.get(name, DomainSettings())
        elif isinstance(given, Mapping) and name in DEFAULT_DOMAINS:
            merged[name] = {**DEFAULT_DOMAINS[name].model_dump(), **given}
        else:
            merged[name] = given
    if len(merged) > MOST_DOMAINS:
        raise ValueError(f"are {len(merged):,}; give at most {MOST_DOMAINS}")
    return merged
