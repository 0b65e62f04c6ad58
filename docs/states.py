"""Look for a second state, and draw where there is one: ``uv run python docs/states.py``.

One settled society is taken twice: once everybody begins by expecting hardly any compliance of others (.05), once
nearly all (.95). Who they are, what they find right and what complying costs is the same. If they act differently five
years later, there is more than one state. The same is done with convictions at .05 and .95 too, which tells how long
hearts remember. Written are `states.csv` and `states.svg`.
"""

from __future__ import annotations

from copy import deepcopy
from itertools import product
from multiprocessing import Pool
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd

import glasshouse as gh
from glasshouse.agents.rules.utility import choice_probabilities

HERE = Path(__file__).parent
CONFORMITY = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.6, 2.0, 2.4, 3.2)
FACE_VALUE = (0.0, 0.5, 0.75, 1.0)
WORLDS = {"baseline": "No institutions", "visible-score-and-reports": "A visible score and reports"}
STARTS = {"crowd": ("expectation",), "crowd_and_heart": ("expectation", "conviction")}
SEEDS, SIZE, WEEKS, LAST = (1,), 1000, 260, 13
LOW, HIGH = 0.05, 0.95


def slope(society: gh.Society) -> float:
    """Mean-field slope 2βJ · E[p (1 − p)] of the domain in which it is largest, at the acts of the last week."""
    c, beta = society.citizens, society.rates.rationality
    steepest = 0.0
    for d in range(len(society.domains)):
        chances = choice_probabilities(c.terms[:, d].sum(axis=1), beta)
        steepest = max(steepest, float((2 * beta * c.conformity * chances * (1 - chances)).mean()))
    return steepest


def one(place: tuple[str, float, float, int]) -> dict[str, float | str]:
    """Compliance of low and high starts, how far they are apart, and the slope before them."""
    scenario, conformity, face_value, seed = place
    changes = {"citizens.conformity": conformity, "citizens.face_value": face_value, "population.size": SIZE}
    society = gh.Society(scenario, rng=seed, threads=1, changes=changes)
    found: dict[str, float | str] = {
        "scenario": scenario, "conformity": conformity, "face_value": face_value, "seed": seed, "slope": slope(society)
    }  # fmt: skip
    for name, columns in STARTS.items():
        low, high = (five_years_later(society, columns, start) for start in (LOW, HIGH))
        apart = high - low
        found[f"{name}_low"], found[f"{name}_high"] = low["compliance"], high["compliance"]
        found[f"{name}_apart"] = apart["compliance"]
        found[f"{name}_apart_most"] = apart.drop("compliance").max()
    return found


def five_years_later(society: gh.Society, columns: tuple[str, ...], start: float) -> pd.Series:
    """Compliance, in all and by domain, after all have begun with some beliefs."""
    begun = deepcopy(society)
    for column in columns:
        getattr(begun.citizens, column)[:] = start
    begun.run_for(WEEKS)
    return begun.history.filter(regex=f"^compliance(_({'|'.join(society.domains.names)}))?$").tail(LAST).mean()


def draw(table: pd.DataFrame) -> None:
    """Maps of the largest difference in a domain, with the defaults marked."""
    mpl.rcParams |= {"font.size": 9, "svg.fonttype": "none", "svg.hashsalt": "glasshouse"}
    figure, axes = plt.subplots(1, 2, figsize=(11, 3.2), sharey=True, layout="constrained")
    for axis, (scenario, title) in zip(axes, WORLDS.items(), strict=True):
        cells = table[table["scenario"] == scenario].pivot(
            index="face_value", columns="conformity", values="crowd_apart_most"
        )
        image = axis.imshow(cells, origin="lower", cmap="viridis", vmin=0, vmax=0.15, aspect="auto")
        for (row, column), value in [((r, k), cells.iat[r, k]) for r, k in product(*map(range, cells.shape))]:
            axis.text(column, row, f"{abs(value):.2f}", ha="center", va="center", fontsize=7,
                      color="white" if value < 0.09 else "black")  # fmt: skip
        slopes = table[table["scenario"] == scenario].groupby("conformity")["slope"].mean()
        axis.set_xticks(range(len(CONFORMITY)), [f"{j:g}\n({slopes[j]:.2f})" for j in CONFORMITY])
        axis.set_yticks(range(len(FACE_VALUE)), [f"{value:g}" for value in FACE_VALUE])
        axis.plot(CONFORMITY.index(0.4), FACE_VALUE.index(0.75), "s", ms=22, mfc="none", mec="#D55E00", mew=2)
        axis.set_title(title, fontsize=10)
        axis.set_xlabel("citizens.conformity (below: the largest slope before the start)")
    axes[0].set_ylabel("citizens.face_value")
    figure.colorbar(image, ax=axes, label="high − low start")
    figure.savefig(HERE / "states.svg", metadata={"Date": None})


def main() -> None:
    """Run every cell, write the table and draw it."""
    places = list(product(WORLDS, CONFORMITY, FACE_VALUE, SEEDS))
    with Pool(2) as pool:
        found = pd.DataFrame(pool.map(one, places, chunksize=2))
    table = found.drop(columns="seed").groupby(["scenario", "conformity", "face_value"], as_index=False).mean()
    table.to_csv(HERE / "states.csv", index=False, float_format="%.4f", lineterminator="\n")
    draw(table)
    print(table.query("face_value == 0.75").round(3).to_string())


if __name__ == "__main__":
    main()
