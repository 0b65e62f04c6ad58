"""Settings of what citizens believe of others, the authority and what is right."""

from __future__ import annotations

from .settings import Settings, parameter

STARTING = "starting value, tried in a reduced prototype"


class ConsequenceSettings(Settings):
    """How citizens come to believe that an act is known, and what follows from it."""

    alertness: float = parameter(
        1.0, 0, 1, unit="rate a week", says="How fast the quick part of perceived detection follows.", source=STARTING
    )
    slow_alertness: float = parameter(
        0.04,
        0,
        1,
        unit="rate a week",
        says="How fast its slow part follows: the halo of checks.",
        source="Hauer, Ahlin & Bowser 1982; Vaa 1997; the rate is a starting value",
    )
    slow_weight: float = parameter(
        0.15, 0, 1, unit="weight", says="Weight of the slow part of perceived detection.", source=STARTING
    )
    reporting: float = parameter(
        0.05, 0, 1, unit="rate a week", says="How fast the belief follows how often witnesses report.", source=STARTING
    )
    prior: float = parameter(
        0.2,
        0,
        1,
        unit="probability",
        symbol="φ",
        says="Prior chance that a known deviation is sanctioned.",
        source=STARTING,
    )
    prior_weight: float = parameter(
        8.0, 0, 1000, unit="observations", symbol="n", says="Weight of the prior.", source=STARTING
    )
    salience: float = parameter(
        20.0,
        0,
        1000,
        unit="observations",
        says="What one sanction counts as evidence; an uneventful act counts as much as it was known.",
        source=STARTING,
    )
    forgetting: float = parameter(
        0.034, 0, 1, unit="rate a week", symbol="γ", says="How fast evidence about consequences fades.", source=STARTING
    )
    vicarious: float = parameter(
        0.2,
        0,
        1,
        unit="weight",
        symbol="κ",
        says="Weight of what happens to a neighbour against what happens to oneself.",
        source="own arrests move perceived risk, strangers' hardly: Lochner 2007; the value is a starting value",
    )
    ambiguity: float = parameter(
        0.6,
        0,
        1,
        unit="share",
        symbol="m",
        says="How far a sanction is expected where the law names none but a loss is thought possible.",
        source=STARTING,
    )


class ImageSettings(Settings):
    """Whose opinion of an act counts."""

    counts_close: float = parameter(
        0.15, 0, 1, unit="probability", says="Chance that a close tie's opinion counts.", source=STARTING
    )
    counts_other: float = parameter(
        0.09, 0, 1, unit="probability", says="Chance that another tie's opinion counts.", source=STARTING
    )
    counts_authority: float = parameter(
        0.09, 0, 1, unit="probability", says="Chance that the authority's opinion counts.", source=STARTING
    )


class TrustSettings(Settings):
    """How trust in the authority, in neighbours and in people at large moves."""

    prior: float = parameter(
        2.0,
        0,
        1000,
        unit="observations",
        says="Fair and unfair evidence to start with, to which both fade.",
        source=STARTING,
    )
    forgetting: float = parameter(
        0.02, 0, 1, unit="rate a week", symbol="γ", says="How fast evidence about the authority fades.", source=STARTING
    )
    vicarious: float = parameter(
        0.2, 0, 1, unit="weight", symbol="κ", says="Weight of what happens to a neighbour as evidence.", source=STARTING
    )
    intrusion: float = parameter(
        0.1, 0, 100, unit="observations a week", says="Unfair evidence of being known in everything.", source=STARTING
    )
    benefit: float = parameter(
        0.0045,
        0,
        100,
        unit="observations a week",
        says="Fair evidence of a deserved benefit, a scored domain.",
        source=STARTING,
    )
    slow: float = parameter(
        0.01, 0, 1, unit="share", says="Share of unfair evidence that stays as a scar.", source=STARTING
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
        says="How fast scars heal, of the authority and of ties; at the default half of one in a generation.",
        source="passed on in families: Wang 2021, doi:10.1017/S0007123419000255; the rate is a model assumption",
    )
    suspicion: float = parameter(
        0.15, 0, 1, unit="share of trust", says="Trust that one report takes from every tie.", source=STARTING
    )
    scarring: float = parameter(
        0.5,
        0,
        1,
        unit="share",
        says="Share of trust lost to reports that lowers the resting level too.",
        source="Lichter, Löffler & Siegloch 2021, doi:10.1093/jeea/jvaa009; the share is a starting value",
    )
    recovery: float = parameter(
        0.01, 0, 1, unit="rate a week", says="How fast trust in a neighbour returns to its resting level."
    )
    resting: float = parameter(
        0.6, 0, 1, unit="share", says="Mean level at which trust in neighbours rests.", at_start=True
    )
    witnessed: float = parameter(
        0.02, 0, 1, unit="share of trust", says="Trust lost by seeing a neighbour do one unit of harm."
    )
    honest: float = parameter(
        0.02, 0, 1, unit="rate", says="How far an honest exchange with a neighbour raises trust toward 1."
    )
    people: float = parameter(
        10.0,
        0,
        1000,
        unit="observations",
        says="Weight of what one was brought up to think of strangers.",
        source=STARTING,
    )
    people_forgetting: float = parameter(
        1 / 780, 0, 1, unit="rate a week", says="How fast evidence about people at large fades.", source=STARTING
    )
    people_reports: float = parameter(
        0.25,
        0,
        100,
        unit="observations",
        says="What a report against oneself counts against people at large.",
        source="held against Lichter, Löffler & Siegloch 2021, doi:10.1093/jeea/jvaa009",
    )
    people_deals: float = parameter(
        0.005, 0, 100, unit="observations", says="What a deal with a stranger counts.", source=STARTING
    )
    heritage: float = parameter(
        0.4, 0, 1, unit="share", says="Share of a parent's experience that newcomers start with.", source=STARTING
    )


class InternaliseSettings(Settings):
    """How convictions move."""

    self: float = parameter(  # pyright: ignore[reportGeneralTypeIssues]
        0.01,
        0,
        1,
        unit="rate a week",
        symbol="a_self",
        says="Pull of one's own unexpected and insufficiently justified acts.",
        source="self-perception: Bem 1972; " + STARTING,
    )
    talk: float = parameter(
        0.009,
        0,
        1,
        unit="rate a week",
        symbol="a_talk",
        says="Pull of what trusted neighbours have come to think.",
        source=STARTING,
    )
    norm: float = parameter(
        0.003,
        0,
        1,
        unit="rate a week",
        symbol="a_norm",
        says="Pull of what others are believed to approve of.",
        source="internalising norms: Gavrilets & Richerson 2017; " + STARTING,
    )
    broadcast: float = parameter(
        0.01, 0, 1, unit="rate a week", symbol="a_broadcast", says="Pull of the authority's persuasion."
    )
    react: float = parameter(
        0.006,
        0,
        1,
        unit="rate a week",
        symbol="a_react",
        says="Push away from what is enforced by fear or unjustly.",
        source=STARTING,
    )
    anchor: float = parameter(
        0.025, 0, 1, unit="rate a week", symbol="a_anchor", says="Pull of temperament and character.", source=STARTING
    )
    temperament_share: float = parameter(
        0.5, 0, 1, unit="share", says="Share of the anchor that never moves.", source=STARTING
    )
    character: float = parameter(
        0.0036,
        0,
        1,
        unit="rate a week",
        symbol="a_character",
        says="How fast character follows conviction.",
        source=STARTING,
    )
    plasticity: float = parameter(
        1.0,
        0,
        100,
        unit="factor",
        says="How much more the young are moved.",
        source="impressionable years: Krosnick & Alwin 1989; " + STARTING,
    )
