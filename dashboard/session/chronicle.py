"""What happened to each citizen of a world in the last year, as the page shows it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...agents.citizens import Lists
from ...model.society import Society
from ..drawing.looks import GONE, kinds_of

YEAR = 52


@dataclass(frozen=True)
class Past:
    """What is kept of a week for a year, of those who are drawn: what they did, and who was reported or sanctioned."""

    kinds: npt.NDArray[np.uint8]
    reported: npt.NDArray[np.int64]
    sanctioned: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Week:
    """A week of a world. Citizens are named by their node in the graph at the start.

    Attributes
    ----------
    kinds
        Shape (founders, D): place in `KINDS` of what each did; `GONE` where nobody is.
    reports
        Shape (reports, 2): who reported whom.
    sanctioned, listed, fresh
        Nodes of those who were sanctioned, are on the blacklist, came new to their place.
    """

    kinds: npt.NDArray[np.uint8]
    reports: npt.NDArray[np.int64]
    sanctioned: npt.NDArray[np.int64]
    listed: npt.NDArray[np.int64]
    fresh: npt.NDArray[np.int64]


class Chronicle:
    """The last year of a society.

    Parameters
    ----------
    society
        The society before its first week.
    nodes
        Those of whom the year is kept, ascending.

    Attributes
    ----------
    latest
        The last week, of everybody; None before the first.
    year
        What is kept of up to 52 weeks.
    """

    def __init__(self, society: Society, nodes: npt.NDArray[np.int64]) -> None:
        self._person = self._people(society)
        self.nodes = nodes
        self.latest: Week | None = None
        self.year: deque[Past] = deque(maxlen=YEAR)

    def of(self, node: int, domain: int) -> dict[str, list[int]] | None:
        """Last year of a citizen in a domain, a number a week; None for one of whom it is not kept."""
        place = int(np.searchsorted(self.nodes, node))
        if place == len(self.nodes) or self.nodes[place] != node:
            return None
        return {
            "year": [int(past.kinds[place, domain]) for past in self.year],
            "reported": [int((past.reported == node).sum()) for past in self.year],
            "sanctioned": [int((past.sanctioned == node).any()) for past in self.year],
        }

    def note(self, society: Society) -> Week:
        """Note the week that has just been lived."""
        c, ties = society.citizens, society.ties
        kinds = np.full((society.founders, len(society.domains)), GONE, np.uint8)
        kinds[c.node] = kinds_of(society)
        told = np.flatnonzero(ties.accusations)
        person = self._people(society)
        week = Week(
            kinds,
            np.stack([c.node[ties.neighbours[told]], c.node[ties.owners()[told]]], axis=1),
            c.node[c.sanctioned != 0],
            c.node[c.on(Lists.BLACKLISTED)],
            np.flatnonzero((person != self._person) & (person >= 0)),
        )
        self._person = person
        self.latest = week
        self.year.append(Past(kinds[self.nodes], week.reports[:, 1].copy(), week.sanctioned))
        return week

    @staticmethod
    def _people(society: Society) -> npt.NDArray[np.int64]:
        """Who is at each node; −1 where nobody is."""
        person = np.full(society.founders, -1, np.int64)
        person[society.citizens.node] = society.citizens.identity
        return person
