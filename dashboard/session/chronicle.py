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
    """The last year of a society."""

    def __init__(self, society: Society) -> None:
        self._person = self._people(society)
        self.weeks: deque[Week] = deque(maxlen=YEAR)

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
        self.weeks.append(week)
        return week

    @staticmethod
    def _people(society: Society) -> npt.NDArray[np.int64]:
        """Who is at each node; −1 where nobody is."""
        person = np.full(society.founders, -1, np.int64)
        person[society.citizens.node] = society.citizens.identity
        return person
