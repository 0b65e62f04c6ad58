"""The settings of the population, each with default, range, unit, meaning and source."""

from __future__ import annotations

from typing import Literal

from ..agents.settings import Settings, option, parameter

MOST_CITIZENS = 10_000_000
"""Largest number of citizens of a society."""


class PopulationSettings(Settings):
    """How many citizens, and who knows whom."""

    size: int = parameter(
        1000,
        2,
        MOST_CITIZENS,
        unit="citizens",
        symbol="N",
        says="Number of citizens.",
        at_start=True,
        explore=(200, 5000),
    )
    network: Literal["small-world", "scale-free", "random", "community", "complete", "lattice", "karate", "file"] = (
        option("small-world", says="Kind of social graph.", at_start=True)
    )
    degree: int = parameter(
        10, 1, 10_000, unit="ties", symbol="k", says="Mean number of neighbours.", at_start=True, explore=(4, 30)
    )
    rewiring: float = parameter(
        0.1,
        0,
        1,
        unit="share of ties",
        at_start=True,
        says="Small world: ties rewired to anyone. Community: ties that leave the group.",
        source="Watts & Strogatz 1998, doi:10.1038/30918",
    )
    file: str = option(
        "", says="Graph file: table of edges, GraphML, GEXF, GML, Pajek or MatrixMarket, also .gz.", at_start=True
    )
    nodes: str = option(
        "",
        says="Table of nodes beside a table of edges: a name a line, further columns are initial state.",
        at_start=True,
    )
    ratings: bool = option(
        True, says="Whether ratings in the file (its third column) become initial trust.", at_start=True
    )
    homophily: float = parameter(
        0.2,
        0,
        1,
        unit="share",
        says="Share of the spread of convictions that neighbours have in common.",
        at_start=True,
        source="starting value, tried in a reduced prototype",
    )
    settle: int = parameter(
        78,
        0,
        10_000,
        unit="weeks",
        says="Weeks that a society lives without institutions before the first, so that nothing drifts.",
        at_start=True,
        source="starting value, tried in a reduced prototype",
    )
    turnover: float = parameter(
        1 / 3120,
        0,
        1,
        unit="rate a week",
        says="Chance that a citizen's place goes to a newcomer; sixty adult years at the default.",
        source="model assumption",
    )
    groups: int = parameter(50, 1, 1_000_000, unit="groups", says="Number of work units.", at_start=True)
    regions: int = parameter(4, 1, 1_000_000, unit="regions", says="Number of regions.", at_start=True)
