"""Conformity: what citizens do, what they would do unobserved, and what they believe."""

from __future__ import annotations

from math import nan, sqrt

from ...agents.base import Measure
from ...agents.view import SocietyView
from .declaring import gives
from .sums import CONVICTION, EXPECTATION, HEARD, PUBLIC, SQUARE, TIED, UNCHANGED, UNOBSERVED, Sums

KURAN = "preference falsification: Kuran 1991"


@gives(
    "conformity",
    Measure("compliance", "Compliance", "share of acts", 0, 1,
            "Acts that comply: compliance_unchanged + internalised + pressure, added in this order."),
    Measure("compliance_<domain>", "Compliance in <domain>", "share of citizens", 0, 1,
            "Citizens who comply in the domain <domain>."),
    Measure("compliance_unchanged", "Unobserved, unchanged", "share of acts", 0, 1,
            "Acts that would comply unobserved and with the initial conviction: mean of complies_unchanged.",
            KURAN),
    Measure("internalised", "Internalised", "share of acts", -1, 1,
            "Acts that would comply unobserved by what people have come to believe in since: mean of "
            "complies_unobserved − complies_unchanged.",
            KURAN),
    Measure("pressure", "Only under pressure", "share of acts", -1, 1,
            "Compliance that would vanish if nobody could see: mean of complies − complies_unobserved.",
            KURAN),
    Measure("chilling", "Chilling of unscored acts", "share of acts", -1, 1,
            "Mean of complies − complies_unobserved in the domains that nobody scores; NaN without any.",
            "Penney 2016, doi:10.15779/Z38SS13"),
)  # fmt: skip
def acts(society: SocietyView, sums: Sums) -> dict[str, float]:
    r"""Compliance, and its exact decomposition.

    With the means over citizens and domains of the three acts,

    .. math:: \overline{complies} = \overline{unchanged} + \overline{unobserved - unchanged}
              + \overline{complies - unobserved}
    """
    size, domains = sums.count, len(society.domains)
    acts, private = sums.by_domain[PUBLIC], sums.by_domain[UNOBSERVED]
    public, unobserved, unchanged = int(sum(acts)), int(sum(private)), int(sum(sums.by_domain[UNCHANGED]))
    everyone = size * domains
    stays, internalised = unchanged / everyone, (unobserved - unchanged) / everyone
    pressure = (public - unobserved) / everyone
    free = [d for d, scored in enumerate(society.domains.scored.tolist()) if not scored]
    chilled = sum(acts[d] - private[d] for d in free) / len(free) / size if free else nan
    return {
        "compliance": stays + internalised + pressure,
        **{f"compliance_{name}": acts[d] / size for d, name in enumerate(society.domains.names)},
        "compliance_unchanged": stays,
        "internalised": internalised,
        "pressure": pressure,
        "chilling": chilled,
    }


@gives(
    "conformity",
    Measure("conviction", "Mean conviction", "share", 0, 1,
            "How right people find to comply: mean over citizens and domains."),
    Measure("polarisation", "Polarisation", "share", 0, 1,
            "Mean over domains of twice the standard deviation of conviction: 1 when half are at 0, half at 1."),
    Measure("pluralistic_ignorance", "Pluralistic ignorance", "share", -1, 1,
            "Positive where people believe the sanctioned behaviour more common than it is found right around them: "
            "mean over citizens with ties, and domains, of expectation − mean conviction of the neighbours.",
            "Centola, Willer & Macy 2005, doi:10.1086/427321"),
)  # fmt: skip
def beliefs(_society: SocietyView, sums: Sums) -> dict[str, float]:
    """What citizens find right and expect of others."""
    domains, tied = len(sums.by_domain[CONVICTION]), sums.of[TIED]
    means = [total / sums.count for total in sums.by_domain[CONVICTION]]
    spreads = [sqrt(max(0.0, s / sums.count - x * x)) for s, x in zip(sums.by_domain[SQUARE], means, strict=True)]
    beyond = sum(sums.by_domain[EXPECTATION]) - sum(sums.by_domain[HEARD])
    return {
        "conviction": sum(means) / domains,
        "polarisation": 2 * sum(spreads) / domains,
        "pluralistic_ignorance": beyond / domains / tied if tied else nan,
    }
