"""The settings of the citizens' rules: what all have in common, and how they differ."""

from __future__ import annotations

import math

from .belief_rates import STARTING, ConsequenceSettings, ImageSettings, InternaliseSettings, TrustSettings
from .settings import Settings, parameter


class UpbringingSettings(Settings):
    """What newcomers take from a parent among the neighbours."""

    socialisation: float = parameter(
        0.2,
        0,
        1,
        unit="share",
        says="Share that what the parent believes approved has in a conviction.",
        source="Cavalli-Sforza & Feldman 1981; Bisin & Verdier 2001; " + STARTING,
    )
    nature: float = parameter(
        0.6, 0, 1, unit="share", says="Share that the domain's own mean has in a conviction.", source=STARTING
    )


class CrowdingSettings(Settings):
    """How a price erodes the weight of conviction; off at start, since the evidence is contested."""

    erosion: float = parameter(
        0.0,
        0,
        1,
        unit="rate a week",
        symbol="χ",
        says="How fast the weight of conviction erodes where complying is priced.",
        source="Gneezy & Rustichini 2000, doi:10.1086/468061; contested: Boyer, Dwenger & Rincke 2016",
    )
    recovery: float = parameter(0.01, 0, 1, unit="rate a week", says="How fast it comes back.")


class HabitSettings(Settings):
    """What one has been doing beyond one's own reasons becomes easier; off at start."""

    weight: float = parameter(
        0.0,
        0,
        100,
        unit="utility",
        says="Weight of habit among the private terms.",
        source="Lally et al. 2010, doi:10.1002/ejsp.674; Charness & Gneezy 2009, doi:10.3982/ECTA7416",
    )
    forming: float = parameter(0.05, 0, 1, unit="rate a week", symbol="ρ", says="How fast a habit forms and fades.")


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
    hassle: float = parameter(4.5, 0, 20, unit="utility", says="What reporting costs.", source=STARTING)
    false_rate: float = parameter(
        1.45e-5,
        0,
        1,
        unit="rate a tie and week",
        says="False reports, at no reward and no trust in the neighbour; at mean trust 5.8e-6.",
        source=STARTING,
    )


class CitizensSettings(Settings):
    """What all citizens have in common, and how they differ."""

    rationality: float = parameter(
        1.9,
        0,
        math.inf,
        unit="1 / utility",
        symbol="β",
        says="How strictly acts follow utility; inf is always.",
        source="Brock & Durlauf 2001; " + STARTING,
        explore=(0.5, 5),
    )
    conviction_weight: float = parameter(
        3.1,
        0,
        100,
        unit="utility",
        symbol="λ",
        says="Weight of one's own conviction.",
        source="the largest weight in experiments: Tverskoi et al. 2023, doi:10.1057/s41599-023-01745-4; " + STARTING,
        explore=(0, 5),
    )
    conviction_mean: float = parameter(
        0.5, 0.01, 0.99, unit="share", says="Mean initial conviction where the domain names none.", at_start=True
    )
    conviction_concentration: float = parameter(
        4.0, 0.1, 1000, unit="observations", says="Concentration of the initial Beta distribution.", at_start=True
    )
    coherence: float = parameter(
        0.4,
        0,
        1,
        unit="correlation",
        says="Correlation of one person's convictions across domains.",
        at_start=True,
        source=STARTING,
    )
    memory: float = parameter(
        3.0, 0, 1000, unit="observations", says="Weight of the past in what citizens expect of others."
    )
    memory_norm: float = parameter(
        100.0,
        0,
        1e6,
        unit="observations",
        says="Weight of the past in what citizens believe approved.",
        source=STARTING,
    )
    face_value: float = parameter(
        0.75,
        0,
        1,
        unit="share",
        says="How far an act under pressure is taken for a conviction; 0 discounts the pressure fully.",
        source="correspondence bias: Jones & Harris 1967, doi:10.1016/0022-1031(67)90034-0; " + STARTING,
    )
    projection: float = parameter(
        0.35, 0, 1, unit="share", says="How far one takes one's own conviction for that of others.", source=STARTING
    )
    horizon: float = parameter(
        25.0, 0, 1000, unit="weeks", says="Weeks of benefits for which a change of the score is weighed."
    )
    conformity: float = parameter(
        0.4,
        0,
        100,
        unit="utility",
        symbol="J",
        says="Mean weight of others' behaviour.",
        at_start=True,
        source=STARTING,
        explore=(0, 2),
    )
    image_concern: float = parameter(
        1.1,
        0,
        100,
        unit="utility",
        symbol="A",
        says="Mean weight of what others think of one.",
        at_start=True,
        source="Bénabou & Tirole 2006; " + STARTING,
        explore=(0, 3),
    )
    reactance: float = parameter(
        0.15,
        0,
        100,
        unit="utility",
        symbol="R",
        says="Mean weight of resentment at intrusion.",
        at_start=True,
        source="Brehm 1966; " + STARTING,
        explore=(0, 2),
    )
    privacy_concern: float = parameter(
        0.5, 0, 100, unit="share", says="Mean of how much exposure hurts.", at_start=True
    )
    traits_sd: float = parameter(
        0.4,
        0,
        3,
        unit="log units",
        says="How traits differ: standard deviation of their logarithm.",
        at_start=True,
        source=STARTING,
    )
    wealth_mean: float = parameter(1.0, 0, 1e6, unit="mean wealth", says="Mean wealth.", at_start=True)
    income: float = parameter(
        0.02, 0, 1, unit="rate a week", says="How fast wealth follows income, which hardship lowers."
    )
    wealth_gini: float = parameter(0.4, 0, 0.95, unit="Gini", says="Inequality of wealth (lognormal).", at_start=True)
    consequence: ConsequenceSettings = ConsequenceSettings()
    image: ImageSettings = ImageSettings()
    trust: TrustSettings = TrustSettings()
    internalise: InternaliseSettings = InternaliseSettings()
    upbringing: UpbringingSettings = UpbringingSettings()
    crowding: CrowdingSettings = CrowdingSettings()
    habit: HabitSettings = HabitSettings()
    report: ReportSettings = ReportSettings()
