"""Structure: who has left, who lives elsewhere, who is in which market, and what those above report."""

from __future__ import annotations

from math import inf

from ...agents.base import Measure
from ...agents.view import SocietyView
from .declaring import gives
from .sums import AWAY, LEAVING, PUBLIC, Sums


@gives(
    "structure",
    Measure("emigrated", "Emigrated", "share of citizens", 0, 1,
            "Of the citizens at the start those who have left, this week's leavers included."),
    Measure("away", "Live elsewhere", "share of citizens", 0, 1, "Citizens who live where they are not registered."),
    Measure("components", "Parts of the graph", "components", 1, inf, "Connected components of the social graph."),
    Measure("reported_compliance", "Compliance as reported", "share of acts", 0, 1,
            "Compliance as governments report it: the true one and what they add."),
)  # fmt: skip
def structure(society: SocietyView, sums: Sums) -> dict[str, float]:
    """The graph and who is still on it."""
    size, gone = sums.count, society.founders - sums.count
    return {
        "emigrated": (gone + sums.of[LEAVING]) / society.founders,
        "away": sums.of[AWAY] / size,
        "components": float(society.ties.components()),
        "reported_compliance": sum(sums.by_domain[PUBLIC]) / size / len(society.domains) + society.conditions.inflated,
    }
