"""Structure: who has left, who lives elsewhere, who is in which market, and what those above report."""

from __future__ import annotations

from ...agents.view import SocietyView
from .sums import AWAY, LEAVING, PUBLIC, Sums


def structure(society: SocietyView, sums: Sums) -> dict[str, float]:
    """The graph and who is still on it.

    Columns
    -------
    emigrated
        Share of the citizens at the start who have left, this week's leavers included, [0, 1].
    away
        Share of citizens who live where they are not registered, [0, 1].
    components
        Connected components of the social graph, ≥ 1.
    reported_compliance
        Compliance as governments report it: the true one and what they add, [0, 1].
    """
    size, gone = sums.count, society.founders - sums.count
    return {
        "emigrated": (gone + sums.of[LEAVING]) / society.founders,
        "away": sums.of[AWAY] / size,
        "components": float(society.ties.components()),
        "reported_compliance": sum(sums.by_domain[PUBLIC]) / size / len(society.domains) + society.conditions.inflated,
    }
