"""Writes `docs/fit-table.csv` and `docs/fit.svg` from `docs/fit.csv`: ``uv run python docs/fit.py``.

Read is what `glasshouse fit --out docs/fit.csv` tried; the posterior is estimated from the draws, its last wave.
The table has each setting's posterior, and whether it can be trusted: how often the intervals of 100 known truths have
the truth, and how well the means follow it.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
import pandas as pd

from glasshouse.experiments.evidence.field import chosen_trials
from glasshouse.experiments.evidence.fit import FITTED, SEARCHED
from glasshouse.experiments.evidence.posterior import Posterior, Simulated, recovered, simulated, summary
from glasshouse.experiments.showing.colours import OKABE_ITO
from glasshouse.experiments.showing.tables import UNIDENTIFIED
from glasshouse.model.scenario import Scenario

HERE = Path(__file__).parent


def posterior_of(path: Path = HERE / "fit.csv") -> tuple[Simulated, npt.NDArray[np.float64]]:
    """Draws that the model was run at, and draws from the posterior that they give."""
    tried = pd.read_csv(path)
    of = simulated(tried[tried["wave"] == tried["wave"].max()], SEARCHED, chosen_trials(FITTED))
    return of, Posterior(of).given(of.middle)


def draw(table: pd.DataFrame, of: Simulated, left: npt.NDArray[np.float64], path: Path) -> None:
    """A row a setting: the posterior over the searched range with the default; what is left; coverage; recovery."""
    mpl.rcParams |= {"font.size": 9, "svg.fonttype": "none", "svg.hashsalt": "glasshouse", "axes.spines.top": False}
    figure, axes = plt.subplots(1, 4, figsize=(11, 4.6), sharey=True, width_ratios=(3, 1, 1, 1), layout="constrained")
    place, rows = (left - of.low) / (of.high - of.low), np.arange(len(table))
    violins = axes[0].violinplot(place, rows, orientation="horizontal", widths=0.9, showextrema=False)
    for body in violins["bodies"]:
        body.set(facecolor=OKABE_ITO[0], alpha=0.5)
    numbers = Scenario.load("baseline").settings()
    defaults = np.array([float(numbers[name]) for name in of.paths])
    axes[0].plot((defaults - of.low) / (of.high - of.low), rows, "k|", ms=12, label="default")
    axes[0].hlines(rows, 0, 1, color="#999999", lw=0.5)
    axes[0].set_xlim(0, 1)
    axes[0].set_xlabel("posterior over the range searched (flat before)")
    axes[0].legend(frameon=False, loc="upper right", bbox_to_anchor=(1, 1.08))
    axes[0].set_yticks(rows, list(of.paths))
    axes[0].invert_yaxis()
    for axis, column, says, band in zip(
        axes[1:],
        ("spread", "coverage", "recovery"),
        ("posterior SD\n/ prior SD", "truths in their\n90% interval", "correlation of\ntruth and mean"),
        ((UNIDENTIFIED, 1.3), (0.85, 0.95), None),
        strict=True,
    ):
        if band is not None:
            axis.axvspan(*band, color="#dddddd", lw=0)
        axis.plot(table[column], rows, "o", color=OKABE_ITO[3], ms=4)
        axis.set_xlabel(says)
    axes[1].set_xlim(0, 1.3)
    axes[2].set_xlim(0.6, 1.01)
    axes[3].set_xlim(-0.4, 1)
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    """Write the table and the figure."""
    of, left = posterior_of()
    table = summary(of, left, recovered(of))
    table.to_csv(HERE / "fit-table.csv", float_format="%.4g", lineterminator="\n")
    print(table.to_string(float_format="%.3g"))
    draw(table, of, left, HERE / "fit.svg")


if __name__ == "__main__":
    main()
