"""What a run records: every measure in every week, and citizens' columns where asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from .measures import measure

if TYPE_CHECKING:
    from .society import Society


class History:
    """A row a week, a column a measure; and copies of chosen columns of the citizens.

    Attributes
    ----------
    latest
        The last row, by measure; before the first week, the society as it was built.
    columns
        Names of citizens' columns of which `record` keeps a copy every week.
    copies
        These copies by name, one array a week.
    """

    def __init__(self, society: Society) -> None:
        self.latest = measure(society)
        self.weeks: list[int] = []
        self.rows: list[tuple[float, ...]] = []
        self.columns: tuple[str, ...] = ()
        self.copies: dict[str, list[npt.NDArray[np.generic]]] = {}

    def record(self, society: Society) -> None:
        """Add this week's row."""
        self.latest = measure(society)
        self.weeks.append(society.week)
        self.rows.append(tuple(self.latest.values()))
        for name in self.columns:
            self.copies.setdefault(name, []).append(getattr(society.citizens, name).copy())

    def frame(self) -> pd.DataFrame:
        """All rows, indexed by week."""
        index = pd.Index(self.weeks, name="week", dtype=np.int64)
        return pd.DataFrame(np.array(self.rows).reshape(len(index), len(self.latest)), index, list(self.latest))
