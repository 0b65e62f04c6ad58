"""Order: harm, exchange and fraud, the authority's own case for the score."""

from __future__ import annotations

import numpy as np

from ...agents.rules.exchanging import NEIGHBOUR_DEAL, NEIGHBOUR_FRAUD, STRANGER_DEAL, STRANGER_FRAUD
from ...agents.view import SocietyView


def order(society: SocietyView) -> dict[str, float]:
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
    c, harm = society.citizens, society.domains.harm
    harmful = np.flatnonzero(harm)
    deviating = len(c) - c.complies[:, harmful].sum(axis=0, dtype=np.int64)
    count = np.bincount(c.deals, minlength=16)
    bits = np.arange(16)

    def having(bit: int) -> int:
        return int(count[(bits & bit) > 0].sum())

    deals = having(NEIGHBOUR_DEAL) + having(STRANGER_DEAL)
    frauds = having(NEIGHBOUR_FRAUD) + having(STRANGER_FRAUD)
    return {
        "harm": float((harm[harmful] * deviating).sum() / len(c)),
        "exchange": deals / len(c),
        "fraud": frauds / deals if deals else np.nan,
    }
