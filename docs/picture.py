"""Draw the README's picture: ``uv run python docs/picture.py``."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt

import glasshouse as gh
from glasshouse.experiments.showing.colours import OKABE_ITO, PARTS
from glasshouse.experiments.showing.labels import MEASURES

WORLDS = {
    "baseline": "No institutions",
    "visible-score": "A visible score",
    "visible-score-and-reports": "… and reports",
    "switched-off": "… switched off in week 130",
}
TRUST = {
    "trust_authority": (OKABE_ITO[6], "-"),
    "trust_strong_ties": (OKABE_ITO[0], "--"),
    "trust_weak_ties": (OKABE_ITO[4], ":"),
}


def main() -> None:
    """Run the four worlds with the same 4,000 people and draw what became of them."""
    mpl.rcParams |= {"font.size": 9, "svg.fonttype": "none", "svg.hashsalt": "glasshouse", "axes.spines.top": False}
    figure, axes = plt.subplots(2, 4, figsize=(11, 5), sharex=True, sharey="row", layout="constrained")
    for (name, title), above, below in zip(WORLDS.items(), *axes, strict=True):
        society = gh.Society(name, rng=1, **{"population.size": 4000})
        society.run_for(260)
        h = society.history.rolling(4, min_periods=1).mean().iloc[::4]
        week, low = h.index, 0.5
        for high, (name, colour) in zip(h[[*PARTS]].cumsum(axis=1).to_numpy().T, PARTS.items(), strict=True):
            above.fill_between(week, low, high, color=colour, lw=0, label=MEASURES[name].label)
            low = high
        for name, (colour, line) in TRUST.items():
            below.plot(week, h[name], color=colour, ls=line, label=MEASURES[name].label)
        above.set_title(title, fontsize=10)
        below.set_xlabel("week")
    axes[0, 0].set_ylabel("share of acts that comply")
    axes[0, 0].set_ylim(0.5, 0.72)
    axes[1, 0].set_ylabel("trust")
    axes[1, 0].set_ylim(0.3, 0.95)
    axes[0, 0].legend(frameon=False, loc="upper left")
    axes[1, 0].legend(frameon=False, loc="upper left", bbox_to_anchor=(0, 0.62))
    figure.savefig(Path(__file__).with_name("picture.svg"), metadata={"Date": None})


if __name__ == "__main__":
    main()
