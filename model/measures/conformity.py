"""Conformity: what citizens do, what they would do unobserved, and what they believe."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...agents.compiled import compiled
from ...agents.view import SocietyView

Floats = npt.NDArray[np.float64]
Bits = npt.NDArray[np.int8]


def count_acts(acts: Bits) -> npt.NDArray[np.int64]:
    """Ones in each column of zeros and ones of shape (N, D); shape (D,)."""
    # Added up as long rows of 64 citizens each, which NumPy does ten times as fast as rows of a few domains.
    domains = acts.shape[1]
    whole = len(acts) // 64 * 64
    wide = acts[:whole].reshape(-1, 64 * domains).sum(axis=0, dtype=np.int32)
    return wide.reshape(64, domains).sum(axis=0) + acts[whole:].sum(axis=0, dtype=np.int64)


def acts(society: SocietyView) -> dict[str, float]:
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
    c = society.citizens
    counts = np.stack([count_acts(acts) for acts in (c.complies, c.complies_unobserved, c.complies_unchanged)])
    total = c.complies.size
    public, unobserved, unchanged = (int(count) for count in counts.sum(axis=1))
    stays, internalised, pressure = unchanged / total, (unobserved - unchanged) / total, (public - unobserved) / total
    free = society.domains.scored == 0
    chilled = (counts[0, free] - counts[1, free]).mean() / len(c) if free.any() else np.nan
    return {
        "compliance": stays + internalised + pressure,
        **{f"compliance_{name}": counts[0, d] / len(c) for d, name in enumerate(society.domains.names)},
        "compliance_unchanged": stays,
        "internalised": internalised,
        "pressure": pressure,
        "chilling": float(chilled),
    }


@compiled
def sum_beliefs(lanes: tuple[int, ...], conviction: Floats, expectation: Floats, heard: Floats) -> Floats:
    """Sums by domain, shape (4, D): conviction, its square, expectation of those with ties, neighbours' conviction."""
    sums = np.zeros((4, len(lanes)))
    for i in range(len(conviction)):
        tied = 1.0 if heard[i] > 0 else 0.0
        for d in range(len(lanes)):
            x = conviction[i, d]
            sums[0, d] += x
            sums[1, d] += x * x
            sums[2, d] += tied * expectation[i, d]
            sums[3, d] += heard[i] * x
    return sums


def beliefs(society: SocietyView) -> dict[str, float]:
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
    c = society.citizens
    sums = sum_beliefs(society.domains.lanes, c.conviction, c.expectation, society.ties.heard())
    mean = sums[0] / len(c)
    variance = np.maximum(0.0, sums[1] / len(c) - mean**2)
    tied = int((np.diff(society.ties.indptr) > 0).sum())
    return {
        "conviction": float(mean.mean()),
        "polarisation": float(2 * np.sqrt(variance).mean()),
        "pluralistic_ignorance": float((sums[2] - sums[3]).mean() / tied) if tied else np.nan,
    }
