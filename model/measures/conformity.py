"""Conformity: what citizens do, what they would do unobserved, and what they believe."""

from __future__ import annotations

from math import nan, sqrt

from ...agents.view import SocietyView
from .sums import CONVICTION, EXPECTATION, HEARD, PUBLIC, SQUARE, TIED, UNCHANGED, UNOBSERVED, Sums


def acts(society: SocietyView, sums: Sums) -> dict[str, float]:
    r"""Compliance, and its exact decomposition.

    With the means over citizens and domains of the three acts,

    .. math:: \overline{complies} = \overline{unchanged} + \overline{unobserved - unchanged}
              + \overline{complies - unobserved}

    Columns
    -------
    compliance_unchanged
        Share complying unobserved with initial conviction, [0, 1].
    internalised
        Mean of complies_unobserved − complies_unchanged, [−1, 1].
    pressure
        Mean of complies − complies_unobserved, [−1, 1]: compliance that would vanish if nobody could see.
    compliance
        compliance_unchanged + internalised + pressure, added in this order, [0, 1].
    compliance_<domain>
        Share complying in one domain, [0, 1].
    chilling
        Mean of complies − complies_unobserved in the domains that nobody scores, [−1, 1]; NaN without any.

    References
    ----------
    Kuran 1991 (preference falsification); Penney 2016, doi:10.15779/Z38SS13 (chilling).
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


def beliefs(_society: SocietyView, sums: Sums) -> dict[str, float]:
    """What citizens find right and expect of others.

    Columns
    -------
    conviction
        Mean over citizens and domains, [0, 1].
    polarisation
        Mean over domains of twice the standard deviation of conviction, [0, 1]: 1 when half are at 0, half at 1.
    pluralistic_ignorance
        Mean over citizens with ties, and domains, of expectation − mean conviction of the neighbours, [−1, 1]:
        positive where people believe the sanctioned behaviour more common than it is found right around them.

    References
    ----------
    Centola, Willer & Macy 2005, doi:10.1086/427321.
    """
    domains, tied = len(sums.by_domain[CONVICTION]), sums.of[TIED]
    means = [total / sums.count for total in sums.by_domain[CONVICTION]]
    spreads = [sqrt(max(0.0, s / sums.count - x * x)) for s, x in zip(sums.by_domain[SQUARE], means, strict=True)]
    beyond = sum(sums.by_domain[EXPECTATION]) - sum(sums.by_domain[HEARD])
    return {
        "conviction": sum(means) / domains,
        "polarisation": 2 * sum(spreads) / domains,
        "pluralistic_ignorance": beyond / domains / tied if tied else nan,
    }
