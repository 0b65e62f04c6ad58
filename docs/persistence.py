"""Measure what is left after a regime, and draw it: ``uv run python docs/persistence.py``.

Citizens live under `visible-score-and-reports` for half a year, two, ten or thirty years; then all of it is taken
away. Each part of compliance is the difference to the same people with the same luck who never had it. Written are
`persistence.csv`, the means over seeds with the spread between them, and `persistence.svg`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from copy import deepcopy
from multiprocessing import Pool
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import glasshouse as gh
from glasshouse.experiments.showing.labels import MEASURES

HERE = Path(__file__).parent
YEARS = (0.5, 2, 10, 30)
AFTER = (1, 4, 13, 26, 52, 104, 260, 520)
COLOURS = {"pressure": "#D55E00", "following": "#0072B2", "internalised": "#009E73", "circumstances": "#000000"}
LAST = 4
"""Weeks at the end of a regime over which its parts are averaged."""
LEAST = 0.001
"""A part that was smaller under the regime has no share that could be left."""


def parts(society: gh.Society) -> pd.DataFrame:
    """The four parts in every week."""
    return society.history[[*COLOURS]]


def around(difference: pd.DataFrame, week: int, width: int) -> pd.Series:
    """Mean of the weeks about one, since acts of a single week are noisy."""
    return difference.loc[week - width : week + width].mean()


def one(place: tuple[int, float, int]) -> list[dict[str, float | str]]:
    """Every length of the regime under one seed: what was there at its end, and what is left."""
    seed, turnover, size = place
    people = {"population.size": size, "population.turnover": turnover}
    twin = gh.Society("baseline", rng=seed, threads=1, changes=people)
    regime = gh.Society("visible-score-and-reports", rng=seed, threads=1, changes=people)
    twin.run_for(round(YEARS[-1] * 52) + AFTER[-1] + AFTER[-1] // 8)
    plain = parts(twin)

    def ended() -> Iterator[tuple[float, gh.Society]]:
        for years in YEARS:
            regime.run_for(round(years * 52) - regime.week)
            free = deepcopy(regime)
            free.change({f"institutions.{name}": None for name in regime.plan.institution_names})
            free.run_for(AFTER[-1] + AFTER[-1] // 8)
            yield years, free

    found: list[dict[str, float | str]] = []
    for years, free in ended():
        end, difference = round(years * 52), parts(free) - plain
        before = difference.loc[end - LAST + 1 : end].mean()
        for weeks in AFTER:
            then = around(difference, end + weeks, weeks // 8)
            for part in COLOURS:
                row = {"seed": seed, "generations": "yes" if turnover else "no", "years": years, "weeks_after": weeks}
                found.append({**row, "part": part, "at_end": before[part], "then": then[part]})
    return found


def summary(found: pd.DataFrame) -> pd.DataFrame:
    """Means over seeds; the share left is the ratio of means, its error by leaving out one seed at a time."""

    def shares(group: pd.DataFrame) -> pd.Series:
        at_end, then, n = group["at_end"], group["then"], len(group)
        share, error = np.nan, np.nan
        if abs(at_end.mean()) >= LEAST:
            share = then.mean() / at_end.mean()
            if n > 1:
                without = (then.sum() - then) / (at_end.sum() - at_end)
                error = float(np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum()))
        values = {"at_end": at_end.mean(), "then": then.mean(), "left": share, "standard_error": error, "seeds": n}
        return pd.Series(values)

    by = ["generations", "years", "part", "weeks_after"]
    return found.groupby(by, sort=False)[["at_end", "then"]].apply(shares).reset_index().astype({"seeds": int})


def draw(table: pd.DataFrame) -> None:
    """A panel for each part that there is; colours darken with the length of the regime."""
    mpl.rcParams |= {"font.size": 9, "svg.fonttype": "none", "svg.hashsalt": "glasshouse", "axes.spines.top": False}
    shown = ("pressure", "following", "internalised")
    figure, axes = plt.subplots(1, 3, figsize=(11, 3.4), sharey=True, layout="constrained")
    for axis, part in zip(axes, shown, strict=True):
        for years, shade in zip(YEARS, (0.3, 0.5, 0.75, 1.0), strict=True):
            for lives, line in (("yes", "-"), ("no", ":")):
                of = table[(table["part"] == part) & (table["years"] == years) & (table["generations"] == lives)]
                axis.plot(of["weeks_after"], of["left"], line, color=COLOURS[part], alpha=shade, marker="o", ms=3,
                          label=f"after {years:g} years" if line == "-" else None)  # fmt: skip
        axis.axhline(0, color="#999999", lw=0.8)
        axis.set_xscale("log")
        axis.set_xticks(AFTER, [str(weeks) for weeks in AFTER])
        axis.minorticks_off()
        axis.set_title(MEASURES[part].label, fontsize=10)
        axis.set_xlabel("weeks after the end")
        axis.set_ylim(-0.05, 1.3)
        axis.legend(frameon=False, fontsize=8)
    axes[0].set_ylabel("share left (dotted: nobody is born or dies)")
    figure.savefig(HERE / "persistence.svg", metadata={"Date": None})


def main(seeds: int = 6, size: int = 1000) -> None:
    """Run every seed, write the table and draw it."""
    places = [(seed, turnover, size) for seed in range(1, seeds + 1) for turnover in (1 / 3120, 0.0)]
    with Pool(2) as pool:
        found = pd.DataFrame([row for rows in pool.imap(one, places) for row in rows])
    table = summary(found)
    table.to_csv(HERE / "persistence.csv", index=False, float_format="%.4f", lineterminator="\n")
    draw(table)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
