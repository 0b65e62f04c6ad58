"""Draw the README's picture: ``uv run python docs/picture.py``."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt

import glasshouse as gh
from glasshouse.experiments.showing.figures import KIND_COLOURS

WORLDS = {
    "baseline": "No institutions",
    "visible-score": "A visible score",
    "visible-score-and-reports": "… and reports",
    "switched-off": "… switched off in week 130",
}
# Okabe & Ito's colours, which the colour-blind tell apart.
UNCHANGED, INTERNALISED, PRESSURE, _ = KIND_COLOURS
AUTHORITY, CLOSE, OTHERS = "#000000", "#0072B2", "#CC79A7"


def main() -> None:
    """Run the four worlds with the same 4,000 people and draw what became of them."""
    mpl.rcParams |= {"font.size": 9, "svg.fonttype": "none", "svg.hashsalt": "glasshouse", "axes.spines.top": False}
    figure, axes = plt.subplots(2, 4, figsize=(11, 5), sharex=True, sharey="row", layout="constrained")
    for (name, title), above, below in zip(WORLDS.items(), *axes, strict=True):
        society = gh.Society(name, rng=1, **{"population.size": 4000})
        society.run_for(260)
        h = society.history.rolling(4, min_periods=1).mean().iloc[::4]
        week, base = h.index, h["compliance_unchanged"]
        heart = base + h["internalised"]
        above.fill_between(week, 0.5, base, color=UNCHANGED, lw=0, label="would comply anyway")
        above.fill_between(week, base, heart, color=INTERNALISED, lw=0, label="internalised")
        above.fill_between(week, heart, h["compliance"], color=PRESSURE, lw=0, label="only under pressure")
        below.plot(week, h["trust_authority"], color=AUTHORITY, label="in the authority")
        below.plot(week, h["trust_strong_ties"], color=CLOSE, ls="--", label="in close ties")
        below.plot(week, h["trust_weak_ties"], color=OTHERS, ls=":", label="in other ties")
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
