"""Domains of behaviour, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ..agents.records import Recorded
from ..agents.settings import Settings, option, parameter


class DomainSettings(Settings):
    """One domain: in each a citizen either complies with the sanctioned behaviour or deviates, every week."""

    harm: float = parameter(0.0, 0, 100, unit="harm", says="Harm that one deviation does to others.")
    cost: float = parameter(0.2, -10, 10, unit="utility", symbol="c", says="What complying costs.", explore=(0, 1))
    loss: float = parameter(3.0, 0, 100, unit="utility", symbol="L", says="What citizens think a sanction costs.")
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
    scored: bool = option(False, says="Whether deviance can be reported and counts in a score.")
    sanctioned: bool = option(False, says="Whether a court can convict for deviance.")
    conviction_mean: float | None = parameter(
        None, 0.01, 0.99, unit="share", says="Mean initial conviction (else the citizens').", at_start=True
    )


DEFAULT_DOMAINS: Mapping[str, DomainSettings] = {
    "credit": DomainSettings(
        role="debt",
        harm=1.0,
        cost=0.05,
        detection=0.6,
        openness=0.1,
        sensitivity=0.5,
        scored=True,
        sanctioned=True,
        conviction_mean=0.95,
    ),
    "conduct": DomainSettings(
        role="order",
        harm=1.0,
        cost=0.05,
        detection=0.3,
        openness=0.4,
        sensitivity=0.2,
        scored=True,
        sanctioned=True,
        conviction_mean=0.93,
    ),
    "civic": DomainSettings(
        role="civic", cost=-0.1, detection=0.3, openness=0.4, sensitivity=0.2, scored=True, conviction_mean=0.28
    ),
    "consumption": DomainSettings(
        role="consumption", cost=0.05, detection=0.5, openness=0.2, sensitivity=0.6, scored=True, conviction_mean=0.54
    ),
    "speech": DomainSettings(
        role="dissent",
        cost=0.05,
        loss=4.2,
        detection=0.3,
        openness=0.3,
        sensitivity=0.9,
        scored=True,
        sanctioned=True,
        conviction_mean=0.62,
    ),
    "inquiry": DomainSettings(
        role="curiosity", cost=0.05, loss=4.6, detection=0.2, openness=0.05, sensitivity=1.0, conviction_mean=0.54
    ),
}
"""Paying debts, orderly behaviour, volunteering, thrift, toeing the line, and not looking things up (never scored)."""

MOST_DOMAINS = 32
"""Sets of domains are bits of a word."""


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
    triable: np.uint32
    """Set of the domains in which a court can convict."""

    harm: npt.NDArray[np.float64]
    cost: npt.NDArray[np.float64]
    loss: npt.NDArray[np.float64]
    detection: npt.NDArray[np.float64]
    openness: npt.NDArray[np.float64]
    sensitivity: npt.NDArray[np.float64]
    scored: npt.NDArray[np.int8]
    sanctioned: npt.NDArray[np.int8]

    def __init__(self, settings: Mapping[str, DomainSettings]) -> None:
        self.names = tuple(settings)
        self.roles = tuple(domain.role for domain in settings.values())
        self.lanes = (0,) * len(settings)
        self.debt, self.dissent = self.role("debt"), self.role("dissent")
        for name in ("harm", "cost", "loss", "detection", "openness", "sensitivity"):
            setattr(self, name, np.array([getattr(domain, name) for domain in settings.values()], dtype=np.float64))
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
        arrays = ("harm", "cost", "loss", "detection", "openness", "sensitivity", "scored", "sanctioned")
        return {
            "lanes": self.lanes,
            "harmful": self.harmful,
            "triable": self.triable,
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
