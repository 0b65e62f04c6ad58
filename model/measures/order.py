"""Order: harm, exchange and fraud, the authority's own case for the score."""

from __future__ import annotations

from math import inf, nan

from ...agents.base import Measure
from ...agents.view import SocietyView
from .declaring import gives
from .sums import DEALS, FRAUDS, PUBLIC, Sums


@gives(
    "order",
    Measure("harm", "Harm done", "harm a citizen and week", 0, inf,
            "Mean over citizens of the sum over domains of harm · (1 − complies)."),
    Measure("exchange", "Deals", "deals a citizen and week", 0, 2,
            "Deals that a citizen entered into, with a neighbour and with a stranger."),
    Measure("fraud", "Fraud in deals", "share of deals", 0, 1,
            "Deals in which the partner was dishonest; NaN without deals."),
)  # fmt: skip
def order(society: SocietyView, sums: Sums) -> dict[str, float]:
    """Harm done and deals made this week."""
    harm = sum(
        harm * (sums.count - complying)
        for harm, complying in zip(society.domains.harm.tolist(), sums.by_domain[PUBLIC], strict=True)
    )
    deals, frauds = sums.of[DEALS], sums.of[FRAUDS]
    return {
        "harm": harm / sums.count,
        "exchange": deals / sums.count,
        "fraud": frauds / deals if deals else nan,
    }
