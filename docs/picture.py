"""Draw the README's picture: ``uv run python docs/picture.py``."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd

import glasshouse as gh
from glasshouse.experiments.showing.colours import OKABE_ITO
from glasshouse.experiments.showing.labels import MEASURES

WORLDS = {
    "surveillance-only": "Watched, and nothing else",
    "visible-score": "A visible score",
    "visible-score-and-reports": "… and reports",
    "switched-off": "… switched off in week 130",
}
PARTS = {"internalised": OKABE_ITO[2], "following": OKABE_ITO[0], "pressure": OKABE_ITO[3]}
TRUST = {
    "trust_authority": (OKABE_ITO[6], "-"),
    "trust_ties": (OKABE_ITO[0], "--"),
    "trust_strangers": (OKABE_ITO[4], ":"),
}
SIZE, WEEKS, SEED = 4000, 260, 1


def lived(name: str) -> pd.DataFrame:
    """History of a world, in percentage points, as means over four weeks."""
    society = gh.Society(name, rng=SEED, changes={"population.size": SIZE})
    society.run_for(WEEKS)
    return 100 * society.history[[*PARTS, *TRUST]].rolling(4, min_periods=1).mean().iloc[3::4]


def main() -> None:
    """Run the worlds with the same 4,000 people and draw what differs from the same people without institutions."""
    mpl.rcParams |= {"font.size": 9, "svg.fonttype": "none", "svg.hashsalt": "glasshouse", "axes.spines.top": False}
    figure, axes = plt.subplots(2, 4, figsize=(11, 5), sharex=True, sharey="row", layout="constrained")
    twin = lived("baseline")
    for (name, title), above, below in zip(WORLDS.items(), *axes, strict=True):
        h = lived(name) - twin
        above.stackplot(h.index, *(h[part].clip(lower=0) for part in PARTS), colors=[*PARTS.values()], lw=0,
                        labels=[MEASURES[part].label for part in PARTS])  # fmt: skip
        for measure, (colour, line) in TRUST.items():
            below.plot(h.index, h[measure], color=colour, ls=line, label=MEASURES[measure].label)
        below.axhline(0, color="#999999", lw=0.8)
        above.set_title(title, fontsize=10)
        below.set_xlabel("week")
    axes[0, 0].set_ylabel("compliance, points above the twin")
    axes[1, 0].set_ylabel("trust, points above the twin")
    axes[0, 0].legend(frameon=False, loc="upper left", reverse=True)
    axes[1, 1].legend(frameon=False, loc="lower left")
    figure.savefig(Path(__file__).with_name("picture.svg"), metadata={"Date": None})


if __name__ == "__main__":
    main()
