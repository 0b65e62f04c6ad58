"""Settings: each with default, range, unit, meaning and source; and those of the citizens' rules."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .plain import plain

ASSUMPTION = "model assumption"


def parameter(
    default: Any,
    low: float,
    high: float,
    *,
    unit: str,
    says: str,
    source: str = ASSUMPTION,
    symbol: str = "",
    explore: tuple[float, float] | None = None,
    at_start: bool = False,
) -> Any:
    """Declare a setting once: default, range, unit, meaning and source.

    Parameters
    ----------
    default
        Value where a scenario names none.
    low, high
        Hard bounds, both included. An infinite `high` allows infinity as a value.
    unit
        Unit in words.
    says
        What the setting means, in one sentence.
    source
        Where the default or the mechanism comes from.
    symbol
        Its symbol in the equations.
    explore
        Range for sweeps, where narrower than the hard bounds.
    at_start
        Whether it only takes effect when the society is built, so that a dated change of it is refused.
    """
    extra: dict[str, Any] = {
        "unit": unit,
        "source": source,
        "symbol": symbol,
        "at_start": at_start,
        "explore": list(explore or ()),
    }
    return Field(default, ge=low, le=high, description=says, json_schema_extra=extra)


def option(default: Any, *, says: str, unit: str = "", source: str = "", at_start: bool = False) -> Any:
    """Declare a setting that has no range: a switch, a choice, a text or a table; as `parameter` for the rest."""
    extra: dict[str, Any] = {"unit": unit, "source": source, "at_start": at_start}
    return Field(default, description=says, json_schema_extra=extra)


class Settings(BaseModel):
    """Validated, immutable settings: unknown names, wrong types, NaN and values out of range are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, ser_json_inf_nan="strings")

    @model_validator(mode="before")
    @classmethod
    def _take_plain(cls, given: Any) -> Any:
        return plain(given)

    def numbers(self) -> dict[str, Any]:
        """The settings that are numbers or switches, by name, as compiled loops read them."""
        return {name: value for name, value in self if isinstance(value, int | float)}


def leaves(settings: Settings, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every setting as (dotted path, value), in order of declaration."""
    for name, value in settings:
        yield from _leaves(value, f"{prefix}{name}")


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Settings):
        yield from leaves(value, f"{path}.")
    elif isinstance(value, Mapping):
        for name, inner in value.items():  # pyright: ignore[reportUnknownVariableType]
            yield from _leaves(inner, f"{path}.{name}")
    else:
        yield path, value


CALIBRATED = "calibrated on patterns 0 to 7, docs/decisions/0005"


class FearSettings(Settings):
    """How citizens learn what deviating leads to."""

    learning: float = parameter(
        0.08, 0, 1, unit="rate a week", symbol="ζ", says="How fast fear follows what happened.", source=CALIBRATED
    )
    vicarious: float = parameter(
        0.38,
        0,
        1,
        unit="weight",
        symbol="κ",
        says="Weight of neighbours' sanctions against one's own.",
        source=CALIBRATED,
    )


class TrustSettings(Settings):
    """How trust in the authority and in neighbours moves."""

    forgetting: float = parameter(
        0.02, 0, 1, unit="rate a week", symbol="γ", says="How fast evidence about the authority fades."
    )
    vicarious: float = parameter(
        0.3, 0, 1, unit="weight", symbol="κ", says="Weight of what happens to a neighbour as evidence."
    )
    scar: float = parameter(
        0.0,
        0,
        1000,
        unit="observations",
        at_start=True,
        says="Unfairness remembered from before the start, below which memory does not fade.",
    )
    healing: float = parameter(
        0.0005,
        0,
        1,
        unit="rate a week",
        says="How fast a scar heals; at the default half of it in a generation.",
        source="passed on in families: Wang 2021, doi:10.1017/S0007123419000255; the rate is a model assumption",
    )
    suspicion: float = parameter(
        0.5, 0, 1, unit="share of trust", says="Trust lost per report, spread over who may have made it."
    )
    recovery: float = parameter(
        0.01, 0, 1, unit="rate a week", says="How fast trust in a neighbour returns to its resting level."
    )
    resting: float = parameter(
        0.8, 0, 1, unit="share", says="Mean level at which trust in neighbours rests.", at_start=True
    )
    witnessed: float = parameter(
        0.02, 0, 1, unit="share of trust", says="Trust lost by seeing a neighbour do one unit of harm."
    )
    honest: float = parameter(
        0.02, 0, 1, unit="rate", says="How far an honest exchange with a neighbour raises trust toward 1."
    )


class InternaliseSettings(Settings):
    """How convictions move."""

    self: float = parameter(  # pyright: ignore[reportGeneralTypeIssues]
        0.02, 0, 1, unit="rate a week", symbol="a_self", says="Pull of one's own insufficiently justified acts."
    )
    talk: float = parameter(
        0.0, 0, 1, unit="rate a week", symbol="a_talk", says="Pull of trusted neighbours' convictions."
    )
    broadcast: float = parameter(
        0.01, 0, 1, unit="rate a week", symbol="a_broadcast", says="Pull of the authority's persuasion."
    )
    react: float = parameter(
        0.01, 0, 1, unit="rate a week", symbol="a_react", says="Push away from what is enforced by fear."
    )
    anchor: float = parameter(0.02, 0, 1, unit="rate a week", symbol="a_anchor", says="Pull of the initial conviction.")


class ReportSettings(Settings):
    """What moves citizens to report, in utility, and how often they do for nothing."""

    outrage: float = parameter(1.0, 0, 20, unit="utility", says="Weight of one's own conviction.")
    legitimacy: float = parameter(0.5, 0, 20, unit="utility", says="Weight of trust in the authority.")
    need: float = parameter(
        0.5,
        0,
        20,
        unit="utility",
        says="Weight of one's own score being near a threshold.",
        source="false enforcement: Centola, Willer & Macy 2005, doi:10.1086/427321",
    )
    loyalty: float = parameter(2.0, 0, 20, unit="utility", says="Weight of trust in the neighbour.")
    hassle: float = parameter(2.75, 0, 20, unit="utility", says="What reporting costs.", source=CALIBRATED)
    false_rate: float = parameter(
        0.01, 0, 1, unit="rate a tie and week", says="False reports, at no reward and no trust in the neighbour."
    )


class CitizensSettings(Settings):
    """What all citizens have in common, and how they differ."""

    rationality: float = parameter(
        2.0,
        0,
        math.inf,
        unit="1 / utility",
        symbol="β",
        says="How strictly acts follow utility; inf is always.",
        source="Brock & Durlauf 2001",
        explore=(0.5, 5),
    )
    conviction_weight: float = parameter(
        1.0, 0, 100, unit="utility", symbol="λ", says="Weight of one's own conviction.", explore=(0, 3)
    )
    conviction_mean: float = parameter(
        0.5, 0.01, 0.99, unit="share", says="Mean initial conviction where the domain names none.", at_start=True
    )
    conviction_concentration: float = parameter(
        4.0, 0.1, 1000, unit="observations", says="Concentration of the initial Beta distribution.", at_start=True
    )
    memory: float = parameter(
        3.0, 0, 1000, unit="observations", says="Weight of the past in what citizens expect of others."
    )
    conformity: float = parameter(
        1.0, 0, 100, unit="utility", says="Mean weight of others' behaviour.", at_start=True, explore=(0, 3)
    )
    conformity_sd: float = parameter(0.3, 0, 100, unit="utility", says="Its standard deviation.", at_start=True)
    image_concern: float = parameter(
        0.5,
        0,
        100,
        unit="utility",
        says="Mean weight of how others see one.",
        at_start=True,
        source="Bénabou & Tirole 2006",
        explore=(0, 3),
    )
    image_concern_sd: float = parameter(0.2, 0, 100, unit="utility", says="Its standard deviation.", at_start=True)
    reactance: float = parameter(
        0.56,
        0,
        100,
        unit="utility",
        says="Mean weight of resentment at intrusion.",
        at_start=True,
        source="Brehm 1966; " + CALIBRATED,
        explore=(0, 2),
    )
    reactance_sd: float = parameter(0.35, 0, 100, unit="utility", says="Its standard deviation.", at_start=True)
    privacy_concern: float = parameter(
        0.5, 0.01, 0.99, unit="share", says="Mean of how much exposure hurts.", at_start=True
    )
    wealth_mean: float = parameter(1.0, 0, 1e6, unit="mean wealth", says="Mean wealth.", at_start=True)
    wealth_gini: float = parameter(0.4, 0, 0.95, unit="Gini", says="Inequality of wealth (lognormal).", at_start=True)
    fear: FearSettings = FearSettings()
    trust: TrustSettings = TrustSettings()
    internalise: InternaliseSettings = InternaliseSettings()
    report: ReportSettings = ReportSettings()
