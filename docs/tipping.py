"""Draw where a society tips, by theory and by simulation: ``uv run python docs/tipping.py``.

Lines are fixed points of the mean-field map (`experiments/evidence/verification/mean_field.py`), followed through their
folds; points are societies on the complete graph, from a low start and a high one, after 150 weeks. Written are
`tipping.csv` and `tipping.svg`.
"""

from __future__ import annotations

from dataclasses import replace
from multiprocessing import Pool
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from glasshouse.experiments.evidence.verification.mean_field import Setting, lived
from glasshouse.experiments.evidence.verification.tipping import COSTLY, TIPPING, Over, branch, folds

HERE = Path(__file__).parent
SIZE, WEEKS, LAST = 900, 150, 20
AT: dict[Over, np.ndarray] = {"visibility": np.linspace(0, 1, 11), "conformity": np.linspace(0.2, 3.2, 11)}
PANELS: list[tuple[Over, str, list[tuple[str, Setting, list[tuple[float, float, float]]]]]] = [
    ("visibility", "How visible the score makes acts", [
        ("conformity .4 (default)", COSTLY, [(0.0, 1.0, 0.05)]), ("conformity 2", TIPPING, [(0.0, 1.0, 0.05)]),
    ]),
    ("conformity", "Conformity, at a visibility of .6", [
        ("", replace(COSTLY, visibility=0.6), [(0.1, 3.2, 0.5), (3.2, 0.1, 0.02)]),
    ]),
]  # fmt: skip
COLOURS = ("#0072B2", "#D55E00")
DEFAULTS = {"conformity": 0.4}


def one(place: tuple[str, str, Setting, float, float]) -> dict[str, float | str]:
    """Where a society has come to."""
    over, name, of, at, start = place
    share = lived(replace(of, **{over: at}), SIZE, start, 1, WEEKS)[-LAST:].mean()
    return {"panel": over, "curve": name, "kind": "society", "at": at, "start": start, "share": float(share)}


def main() -> None:
    """Follow branches, run societies, write and draw."""
    places = [
        (over, name, of, float(at), start)
        for over, _, curves in PANELS for name, of, _ in curves for at in AT[over] for start in (0.02, 0.98)
    ]  # fmt: skip
    with Pool(2) as pool:
        rows = pool.map(one, places, chunksize=1)
    for over, _, curves in PANELS:
        for name, of, ways in curves:
            for k, (first, last, start) in enumerate(ways):
                found = branch(of, over, first, last, start)
                for at, share, stable in zip(found.at, found.share, found.stable, strict=True):
                    kind = f"branch {k}, {'stable' if stable else 'unstable'}"
                    rows.append({"panel": over, "curve": name, "kind": kind, "at": at, "start": start, "share": share})
                print(over, name, "folds at", folds(of, over, first, last, start))
    table = pd.DataFrame(rows)
    table.to_csv(HERE / "tipping.csv", index=False, float_format="%.5f", lineterminator="\n")
    draw(table)


def draw(table: pd.DataFrame) -> None:
    """Branches with societies on top."""
    mpl.rcParams |= {"font.size": 9, "svg.fonttype": "none", "svg.hashsalt": "glasshouse"}
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.4), sharey=True, layout="constrained")
    for axis, (over, label, curves) in zip(axes, PANELS, strict=True):
        for (name, _, _), colour in zip(curves, COLOURS, strict=False):
            of_curve = table[(table["panel"] == over) & (table["curve"] == name)]
            for kind, points in of_curve.groupby("kind", sort=False):
                if kind == "society":
                    band = 2 * np.sqrt(points["share"] * (1 - points["share"]) / SIZE)
                    axis.errorbar(points["at"], points["share"], band, fmt="o", ms=3.5, color=colour, lw=1, zorder=3)
            # In pieces, so that where stability changes the line goes on.
            for number in range(2):
                here = of_curve[of_curve["kind"].str.startswith(f"branch {number}")]
                stable = here["kind"].str.endswith(" stable").to_numpy()
                for style, keep in (("-", stable), ("--", ~stable)):
                    shown = here["share"].where(keep | np.roll(keep, 1))
                    axis.plot(here["at"], shown, style, color=colour, lw=1.4, label=name if style == "-" else None)
        if over in DEFAULTS:
            axis.axvline(DEFAULTS[over], color="#999999", lw=0.8, ls=":")
        axis.set_xlabel(label)
        axis.set_ylim(0, 1)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("share that complies")
    handles, names = axes[0].get_legend_handles_labels()
    known = {name: handle for handle, name in zip(handles, names, strict=True) if name}
    axes[0].legend(known.values(), known.keys(), frameon=False, loc="upper left", bbox_to_anchor=(0, 0.38))
    figure.savefig(HERE / "tipping.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
