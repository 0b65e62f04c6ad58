"""What a run records: every measure in every week, and citizens' columns where asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
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
        These copies by name, one array a week, in the order of the nodes of the graph at the start. Those who have
        emigrated are NaN, or 0 in a column of whole numbers.
    """

    def __init__(self, society: Society) -> None:
        self.latest = measure(society)
        self.weeks: list[int] = []
        self.rows: list[npt.NDArray[np.float64]] = []
        self.columns: tuple[str, ...] = ()
        self.copies: dict[str, list[npt.NDArray[np.generic]]] = {}

    def record(self, society: Society) -> None:
        """Add this week's row."""
        self.latest = measure(society)
        self.weeks.append(society.week)
        self.rows.append(np.fromiter(self.latest.values(), np.float64, len(self.latest)))
        for name in self.columns:
            column = getattr(society.citizens, name)
            everyone = np.full(
                (society.founders, *column.shape[1:]), np.nan if column.dtype.kind == "f" else 0, column.dtype
            )
            everyone[society.citizens.node] = column
            self.copies.setdefault(name, []).append(everyone)

    def frame(self) -> pd.DataFrame:
        """All rows, indexed by week."""
        index = pd.Index(self.weeks, name="week", dtype=np.int64)
        return pd.DataFrame(np.array(self.rows).reshape(len(index), len(self.latest)), index, list(self.latest))


class HistoryCollector(mesa.DataCollector):
    """Mesa's data collector, reading the history instead of keeping a second copy of it."""

    def __init__(self, history: History) -> None:
        self.history = history
        super().__init__()  # pyright: ignore[reportUnknownMemberType]

    @property
    def model_vars(self) -> dict[str, list[float]]:
        """Every measure's values so far, by name."""
        columns = np.reshape(self.history.rows, (-1, len(self.history.latest))).T.tolist()
        return dict(zip(self.history.latest, columns, strict=True))

    @model_vars.setter
    def model_vars(self, values: object) -> None:
        """Take no notice: Mesa starts with an empty one."""

    @property
    def model_reporters(self) -> dict[str, str]:
        """Names of the measures."""
        return {name: name for name in self.history.latest}

    @model_reporters.setter
    def model_reporters(self, values: object) -> None:
        """Take no notice: Mesa starts with none."""

    @property
    def _collection_steps(self) -> list[int]:  # pyright: ignore[reportUnusedFunction]
        # What Mesa's batch_run reads.
        return self.history.weeks

    @_collection_steps.setter
    def _collection_steps(self, values: object) -> None:
        pass

    def collect(self, model: object) -> None:
        """Do nothing: a society records its history as the last thing in every step."""

    def get_model_vars_dataframe(self) -> pd.DataFrame:
        """Every measure in every week, as `Society.history`."""
        return self.history.frame()
