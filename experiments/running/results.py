"""What a study found, as tables: read from its store, whoever ran it and whenever."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...model.numbers import whole
from .json_text import number
from .store import Store, StoreError

PLACE = ["design_row", "replicate", "seed"]

SHOWN = ("compliance", "pressure", "following", "internalised", "exposure", "trust_authority", "trust_ties")
"""Measures of which a notebook shows the means, point by point."""

MOST_SHOWN = 20


def each_number(factors: dict[str, Any]) -> dict[str, Any]:
    """Factors as they were, infinities too."""
    return {path: number(value) for path, value in factors.items()}


@dataclass(frozen=True)
class Results:
    """Tables of a study.

    Attributes
    ----------
    store
        Where they are.
    study
        Number of the study in it.
    """

    store: Store
    study: int

    def __repr__(self) -> str:
        name = self.store.one("SELECT name FROM study WHERE id = ?", self.study)
        became = ", ".join(f"{count} {status}" for status, count in self._recorded["status"].value_counts().items())
        return f"<Results of {name!r} in {self.store.path}: {len(self.points)} points, runs: {became or 'none yet'}>"

    def _repr_html_(self) -> str:
        means = self.metrics.reindex(columns=list(SHOWN)).groupby(self._recorded["design_row"]).mean()
        table = self.points.join(means).head(MOST_SHOWN).to_html(float_format="{:.3f}".format)
        return f"<p>{escape(repr(self))}</p>{table}"

    @cached_property
    def design(self) -> dict[str, Any]:
        """What the design says."""
        return json.loads(self.store.one("SELECT design FROM study WHERE id = ?", self.study))

    @cached_property
    def points(self) -> pd.DataFrame:
        """A row a point of the design: its factors, by path; an institution's switch is false where it is off."""
        query = "SELECT design_row, factors FROM study_point WHERE study = ? ORDER BY design_row"
        rows = {row: each_number(json.loads(text)) for row, text in self.store.all(query, self.study)}
        return pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), name="design_row"))

    @cached_property
    def runs(self) -> pd.DataFrame:
        """A row a run that is there: its place in the design, its factors, what became of it, and every measure.

        Columns: `design_row`, `replicate`, `seed`, one for each factor by its path, `status`, `error`, one for each
        measure (its mean over those of the last weeks in which it exists; else missing) and outcome, `wall_s`.
        """
        table = self._recorded.drop(columns="metrics")
        return pd.concat([self._placed(table.drop(columns="wall_s")), self.metrics, table["wall_s"]], axis=1)

    @cached_property
    def metrics(self) -> pd.DataFrame:
        """Of `runs` only what they came to: a column a measure, and one an outcome asked for."""
        return pd.DataFrame([json.loads(text) for text in self._recorded["metrics"]], dtype=float)

    @cached_property
    def _recorded(self) -> pd.DataFrame:
        return self.store.frame(
            """
            SELECT design_row, replicate, study_run.seed, status, error, metrics, wall_s
            FROM study_run JOIN run USING (key) WHERE study = ? ORDER BY design_row, replicate
            """,
            self.study,
        )

    @cached_property
    def series(self) -> pd.DataFrame:
        """A row a run and stretch of weeks: its place and factors, the stretch's last week, means over the stretch."""
        table = self.store.frame(
            """
            SELECT design_row, replicate, study_run.seed, series.* FROM study_run JOIN run USING (key)
            JOIN series ON run_id = run.id WHERE study = ? ORDER BY design_row, replicate, week
            """,
            self.study,
        )
        return self._placed(table.drop(columns="run_id").dropna(axis=1, how="all"))

    @cached_property
    def errors(self) -> pd.DataFrame:
        """How often each error occurred, and in which row of the design first."""
        return self.store.frame(
            """
            SELECT status, error, count(*) AS runs, min(design_row) AS design_row
            FROM study_run JOIN run USING (key) WHERE study = ? AND status <> 'done' GROUP BY status, error
            """,
            self.study,
        )

    def key(self, row: int, replicate: int) -> str:
        """Key of a run, by its place in the design."""
        place = (self.study, whole(row, "row", 0), whole(replicate, "replicate", 0))
        return self.store.one("SELECT key FROM study_run WHERE (study, design_row, replicate) = (?, ?, ?)", *place)

    def citizens(self, row: int, replicate: int) -> pd.DataFrame:
        """Columns of the citizens that a run kept, a row a citizen there at the end, `node` being its place at first.

        Raises
        ------
        StoreError
            If it kept none, or the file beside the store is not the one it kept.
        """
        found = self.store.citizens_of(self.key(row, replicate))
        if found is None:
            raise StoreError(f"{self.store.path}: row {row}, replicate {replicate} kept no citizens")
        return found

    def values(self, outcome: str) -> npt.NDArray[np.float64]:
        """Values of an outcome, shape (points, seeds); NaN where it does not exist.

        Raises
        ------
        StoreError
            If a run of the study came to nothing.
        """
        self.require_all()
        return self.metrics[outcome].to_numpy(float).reshape(len(self.points), -1)

    def require_all(self) -> None:
        """Refuse a study of which runs came to nothing, naming the first.

        Raises
        ------
        StoreError
            If one did.
        """
        for row in self.errors.itertuples():
            last = str(row.error).strip().splitlines()[-1] if str(row.error).strip() else ""
            raise StoreError(f"{row.runs} runs {row.status}, first in row {row.design_row} of the design: {last}")

    def _placed(self, table: pd.DataFrame) -> pd.DataFrame:
        factors = self.points.loc[table["design_row"]].set_index(table.index)
        return pd.concat([table[PLACE], factors, table.drop(columns=PLACE)], axis=1)
