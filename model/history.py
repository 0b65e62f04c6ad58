"""What a run records: every measure in every week, and citizens' columns where asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..agents.institutions import known_columns
from ..agents.view import SocietyView
from .errors import ScenarioError
from .measures import measure
from .paths import nearest

if TYPE_CHECKING:
    import pandas as pd


LAST_DECISION = ("terms", "conviction_before")
"""What is kept of the last decision besides the columns."""


class History:
    """A row a week, a column a measure; and copies of chosen columns of the citizens.

    Attributes
    ----------
    latest
        The last row, by measure; before the first week, the society as it was built.
    columns
        Names of citizens' columns of which `record` keeps a copy every week.
    copies
        These copies by name, one array a week, in the order of the nodes of the graph at the start. Those who have
        emigrated are NaN, or 0 in a column of whole numbers.
    """

    def __init__(self, society: SocietyView, columns: Iterable[str] = ()) -> None:
        if isinstance(columns, str) or not isinstance(columns, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ScenarioError(f"record {columns!r:.80}: give a list of columns, such as ['conviction']")
        columns = tuple(columns)
        for name in columns:
            if name not in known_columns() and name not in LAST_DECISION:
                raise ScenarioError(f"record: there is no column {name!r}; {nearest(name, known_columns())}")
        self.latest = measure(society)
        self.weeks: list[int] = []
        self.rows: list[npt.NDArray[np.float64]] = []
        self.columns = columns
        self.copies: dict[str, list[npt.NDArray[np.generic]]] = {}

    def record(self, society: SocietyView) -> None:
        """Add this week's row."""
        self.latest = measure(society)
        self.weeks.append(society.week)
        self.rows.append(np.fromiter(self.latest.values(), np.float64, len(self.latest)))
        for name in self.columns:
            column = society.citizens.read(name, known_columns().get(name))
            everyone = np.full(
                (society.founders, *column.shape[1:]), np.nan if column.dtype.kind == "f" else 0, column.dtype
            )
            everyone[society.citizens.node] = column
            self.copies.setdefault(name, []).append(everyone)

    def frame(self) -> pd.DataFrame:
        """All rows, indexed by week."""
        import pandas as pd  # here, since it would slow down every start

        index = pd.Index(self.weeks, name="week", dtype=np.int64)
        return pd.DataFrame(np.array(self.rows).reshape(len(index), len(self.latest)), index, list(self.latest))
