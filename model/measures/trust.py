"""Trust: in the authority, in neighbours by strength of tie, in strangers; and the reports that bear on it."""

from __future__ import annotations

import numpy as np

from ...agents.view import SocietyView
from .sums import FALSE_REPORTS, REPORTS, STRANGER_DEALS, STRONG_TRUST, TIE_TRUST, TRUST, Sums


def trust(society: SocietyView, sums: Sums) -> dict[str, float]:
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
    ties, strong = len(society.ties), society.ties.strong_count
    total, in_strong = sums.ties[TIE_TRUST], sums.ties[STRONG_TRUST]
    return {
        "trust_authority": sums.of[TRUST] / sums.count,
        "trust_ties": total / ties if ties else np.nan,
        "trust_strong_ties": in_strong / strong if strong else np.nan,
        "trust_weak_ties": (total - in_strong) / (ties - strong) if ties > strong else np.nan,
        "trust_strangers": sums.of[STRANGER_DEALS] / sums.count,
    }


def reports(_society: SocietyView, sums: Sums) -> dict[str, float]:
    """Reports made this week, a citizen.

    Columns
    -------
    reports
        Reports that reached citizens, mean over citizens, ≥ 0.
    false_reports
        Of these, the ones about what did not happen, mean over citizens, ≥ 0.
    """
    return {
        "reports": sums.of[REPORTS] / sums.count,
        "false_reports": sums.of[FALSE_REPORTS] / sums.count,
    }
