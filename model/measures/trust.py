"""Trust: in the authority, in neighbours by strength of tie, in strangers; and the reports that bear on it."""

from __future__ import annotations

from math import inf, nan

from ...agents.base import Measure
from ...agents.view import SocietyView
from .declaring import gives
from .sums import ASSURED, FALSE_REPORTS, PEOPLE, REPORTS, STRANGER_DEALS, STRONG_TRUST, TIE_TRUST, TRUST, Sums

YAMAGISHI = "trust and assurance: Yamagishi & Yamagishi 1994, doi:10.1007/BF02249397"


@gives(
    "trust",
    Measure("trust_authority", "Trust in the authority", "share", 0, 1,
            "Mean over citizens of (fair + 1) / (fair + unfair + 2): 0.5 without any evidence."),
    Measure("trust_ties", "Trust in neighbours", "share", 0, 1, "Mean over directed ties; NaN without any."),
    Measure("trust_strong_ties", "Trust in close ties", "share", 0, 1,
            "Mean over the fifth of the ties with the highest resting trust.",
            YAMAGISHI),
    Measure("trust_weak_ties", "Trust in other ties", "share", 0, 1, "Mean over all other ties.", YAMAGISHI),
    Measure("trust_strangers", "Trust in people at large", "share", 0, 1,
            "Trust in people one does not know: mean over citizens.", YAMAGISHI),
    Measure("stranger_deals", "Deals with strangers", "share of citizens", 0, 1,
            "This week's meetings with a stranger that led to a deal, a citizen."),
    Measure("assured_deals", "Deals by assurance", "share of citizens", 0, 1,
            "Of these, the ones that trust alone would not have made, but the stranger's visible score did.",
            YAMAGISHI),
)  # fmt: skip
def trust(society: SocietyView, sums: Sums) -> dict[str, float]:
    """Trust of three kinds."""
    ties, strong = len(society.ties), society.ties.strong_count
    total, in_strong = sums.ties[TIE_TRUST], sums.ties[STRONG_TRUST]
    return {
        "trust_authority": sums.of[TRUST] / sums.count,
        "trust_ties": total / ties if ties else nan,
        "trust_strong_ties": in_strong / strong if strong else nan,
        "trust_weak_ties": (total - in_strong) / (ties - strong) if ties > strong else nan,
        "trust_strangers": sums.of[PEOPLE] / sums.count,
        "stranger_deals": sums.of[STRANGER_DEALS] / sums.count,
        "assured_deals": sums.of[ASSURED] / sums.count,
    }


@gives(
    "trust",
    Measure("reports", "Reports", "reports a citizen and week", 0, inf, "Reports that reached citizens."),
    Measure("false_reports", "False reports", "reports a citizen and week", 0, inf,
            "Of these, the ones about what did not happen."),
)  # fmt: skip
def reports(_society: SocietyView, sums: Sums) -> dict[str, float]:
    """Reports made this week, a citizen."""
    return {
        "reports": sums.of[REPORTS] / sums.count,
        "false_reports": sums.of[FALSE_REPORTS] / sums.count,
    }
