"""Conformity: what citizens do, what they would do unobserved, and what they believe."""

from __future__ import annotations

from itertools import pairwise
from math import nan, sqrt

from ...agents.base import Measure
from ...agents.view import SocietyView
from .declaring import gives
from .sums import (
    ALONE,
    APPROVAL,
    APPROVING,
    AT_START,
    CONVICTION,
    HEARD,
    KNOWN,
    PUBLIC,
    SQUARE,
    TIED,
    UNCHANGED,
    UNOBSERVED,
    Sums,
)

KURAN = "preference falsification: Kuran 1991"


@gives(
    "conformity",
    Measure("compliance", "Compliance", "share of acts", 0, 1,
            "Acts that comply: compliance_at_start + circumstances + internalised + following + pressure, added in "
            "this order."),
    Measure("compliance_<domain>", "Compliance in <domain>", "share of citizens", 0, 1,
            "Citizens who comply in the domain <domain>."),
    Measure("compliance_at_start", "As at the start", "share of acts", 0, 1,
            "Acts that would comply unobserved, with the expectations, convictions and costs of the start: mean of "
            "complies_at_start.", KURAN),
    Measure("circumstances", "Circumstances", "share of acts", -1, 1,
            "What hardship and pull have changed: mean of complies_unchanged − complies_at_start."),
    Measure("internalised", "In the heart", "share of acts", -1, 1,
            "What people have come to believe in since the start: mean of complies_alone − complies_unchanged.", KURAN),
    Measure("following", "In the crowd", "share of acts", -1, 1,
            "What people do because others have come to: mean of complies_unobserved − complies_alone.",
            "Brock & Durlauf 2001"),
    Measure("pressure", "Only under the eye", "share of acts", -1, 1,
            "Compliance that would vanish if nobody could see: mean of complies − complies_unobserved.",
            KURAN),
    Measure("chilling", "Chilling of unscored acts", "share of acts", -1, 1,
            "Mean of complies − complies_unobserved in the domains that nobody scores or sanctions; NaN without any. "
            "What watching changed is the difference to the twin world.",
            "Penney 2016, doi:10.15779/Z38SS13"),
)  # fmt: skip
def acts(society: SocietyView, sums: Sums) -> dict[str, float]:
    r"""Compliance, and its exact decomposition.

    With the means over citizens and domains of the five acts,

    .. math:: \overline{complies} = \overline{at\ start} + \overline{unchanged - at\ start}
              + \overline{alone - unchanged} + \overline{unobserved - alone} + \overline{complies - unobserved}
    """
    size, domains = sums.count, len(society.domains)
    acts, private = sums.by_domain[PUBLIC], sums.by_domain[UNOBSERVED]
    totals = [int(sum(sums.by_domain[row])) for row in (AT_START, UNCHANGED, ALONE, UNOBSERVED, PUBLIC)]
    everyone = size * domains
    stays, *parts = totals[0] / everyone, *((after - before) / everyone for before, after in pairwise(totals))
    circumstances, internalised, following, pressure = parts
    scored, sanctioned = society.domains.scored.tolist(), society.domains.sanctioned.tolist()
    free = [d for d in range(domains) if not scored[d] and not sanctioned[d]]
    chilled = sum(acts[d] - private[d] for d in free) / len(free) / size if free else nan
    return {
        "compliance": stays + circumstances + internalised + following + pressure,
        **{f"compliance_{name}": acts[d] / size for d, name in enumerate(society.domains.names)},
        "compliance_at_start": stays,
        "circumstances": circumstances,
        "internalised": internalised,
        "following": following,
        "pressure": pressure,
        "chilling": chilled,
    }


@gives(
    "conformity",
    Measure("conviction", "Mean conviction", "share", 0, 1,
            "How right people find to comply: mean over citizens and domains."),
    Measure("polarisation", "Polarisation", "share", 0, 1,
            "Mean over domains of twice the standard deviation of conviction: 1 when half are at 0, half at 1."),
    Measure("approval", "Believed approval", "share", 0, 1,
            "What share of others people believe to approve of complying: mean over citizens and domains."),
    Measure("pluralistic_ignorance", "Pluralistic ignorance", "share", -1, 1,
            "Positive where people believe complying more approved of than it is around them: mean over citizens with "
            "ties, and domains, of approval − mean conviction of the neighbours.",
            "Centola, Willer & Macy 2005, doi:10.1086/427321"),
    Measure("perceived_detection", "Perceived detection", "probability", 0, 1,
            "Believed chance that an act becomes known to the authority: mean over citizens and domains."),
)  # fmt: skip
def beliefs(_society: SocietyView, sums: Sums) -> dict[str, float]:
    """What citizens find right, and believe others to."""
    domains, tied = len(sums.by_domain[CONVICTION]), sums.of[TIED]
    means = [total / sums.count for total in sums.by_domain[CONVICTION]]
    spreads = [sqrt(max(0.0, s / sums.count - x * x)) for s, x in zip(sums.by_domain[SQUARE], means, strict=True)]
    beyond = sum(sums.by_domain[APPROVING]) - sum(sums.by_domain[HEARD])
    return {
        "conviction": sum(means) / domains,
        "polarisation": 2 * sum(spreads) / domains,
        "approval": sum(sums.by_domain[APPROVAL]) / domains / sums.count,
        "pluralistic_ignorance": beyond / domains / tied if tied else nan,
        "perceived_detection": sum(sums.by_domain[KNOWN]) / domains / sums.count,
    }
