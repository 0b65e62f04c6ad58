"""Trust: in the authority, in neighbours by strength of tie, in strangers; and the reports that bear on it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...agents.compiled import compiled
from ...agents.rules.exchanging import STRANGER_DEAL
from ...agents.rules.trusting import trust_in_authority
from ...agents.view import SocietyView

Floats = npt.NDArray[np.float64]


@compiled
def mean_authority_trust(fair: Floats, unfair: Floats) -> float:
    """Mean over citizens of (fair + 1) / (fair + unfair + 2)."""
    total = 0.0
    for i in range(len(fair)):
        total += trust_in_authority(fair[i], unfair[i])
    return total / len(fair)


def trust(society: SocietyView) -> dict[str, float]:
    """Trust of three kinds.

    Columns
    -------
    trust_authority
        Mean over citizens of (fair + 1) / (fair + unfair + 2), (0, 1): 0.5 without any evidence.
    trust_ties, trust_strong_ties, trust_weak_ties
        Mean over directed ties, [0, 1]; strong are the quarter with the highest resting trust. NaN without ties.
    trust_strangers
        Share of this week's meetings with a stranger that led to a deal, [0, 1].

    References
    ----------
    Yamagishi & Yamagishi 1994, doi:10.1007/BF02249397 (trust and assurance).
    """
    c, ties = society.citizens, society.ties
    count = ties.strong_count
    # Unlike a dot product, neither sum depends on the number of threads of the linear algebra library.
    total, strong = float(ties.trust.sum()), float(np.einsum("t,t", ties.trust, ties.strong))
    return {
        "trust_authority": mean_authority_trust(c.fair, c.unfair),
        "trust_ties": total / len(ties) if len(ties) else np.nan,
        "trust_strong_ties": strong / count if count else np.nan,
        "trust_weak_ties": (total - strong) / (len(ties) - count) if len(ties) > count else np.nan,
        "trust_strangers": float(((c.deals & STRANGER_DEAL) > 0).mean()),
    }


def reports(society: SocietyView) -> dict[str, float]:
    """Reports made this week, a citizen.

    Columns
    -------
    reports
        Reports that reached citizens, mean over citizens, ≥ 0.
    false_reports
        Of these, the ones about what did not happen, mean over citizens, ≥ 0.
    """
    c = society.citizens
    return {
        "reports": int(c.reports_against.sum()) / len(c),
        "false_reports": int(c.false_against.sum()) / len(c),
    }
