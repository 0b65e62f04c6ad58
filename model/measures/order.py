"""Order: harm, exchange and fraud, the authority's own case for the score."""

from __future__ import annotations

import numpy as np

from ...agents.view import SocietyView
from .sums import DEALS, FRAUDS, PUBLIC, Sums


def order(society: SocietyView, sums: Sums) -> dict[str, float]:
    """Harm done and deals made this week.

    Columns
    -------
    harm
        Mean over citizens of the sum over domains of harm · (1 − complies), ≥ 0.
    exchange
        Deals a citizen entered into, with a neighbour and with a stranger, mean over citizens, [0, 2].
    fraud
        Share of these deals in which the partner was dishonest, [0, 1]; NaN without deals.
    """
    harm = sum(
        harm * (sums.count - complying)
        for harm, complying in zip(society.domains.harm.tolist(), sums.by_domain[PUBLIC], strict=True)
    )
    deals, frauds = sums.of[DEALS], sums.of[FRAUDS]
    return {
        "harm": harm / sums.count,
        "exchange": deals / sums.count,
        "fraud": frauds / deals if deals else np.nan,
    }
