"""Put intervals on the README's claims: ``uv run python docs/claims.py [DRAWS SEEDS SIZE]``.

Read is `docs/fit.csv`, from which the posterior of the settings is estimated; written is `docs/claims.csv`: each claim
at the default settings, and its mean and 90% interval over draws from the posterior. Each draw's claim is a mean over
seeds, so that the interval holds what the facts leave open together with the little luck that remains in such a mean.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from copy import deepcopy
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import pandas as pd
from fit import posterior_of

import glasshouse as gh
from glasshouse.experiments.evidence.posterior import LEVEL, spread_out

HERE = Path(__file__).parent
YEARS = (0.5, 2, 5, 10, 30)
AFTER, AROUND, LAST = 104, 13, 4
"""Weeks after the end; weeks about that one, and weeks at a regime's end, over which parts are averaged."""

LEFT = {"internalised": "heart", "following": "crowd", "pressure": "eye"}
LEVELS = {
    "compliance": "compliance", **LEFT, "chilling": "chilling", "trust_authority": "trust in the authority",
    "trust_ties": "trust in neighbours", "trust_strangers": "trust in strangers",
}  # fmt: skip
Place = tuple[int, int, int, Mapping[str, float]]


def lived(place: Place) -> dict[str, float]:
    """One draw and seed: what five years do, and each part at the end of a regime and two years after."""
    draw, seed, size, settings = place
    people = {"population.size": size, **settings}
    twin, regime = (
        gh.Society(name, rng=seed, threads=1, changes=people) for name in ("baseline", "visible-score-and-reports")
    )
    ends = {years: round(years * 52) for years in YEARS}
    twin.run_for(ends[YEARS[-1]] + AFTER + AROUND)
    plain = twin.history[[*LEVELS]]
    found: dict[str, float] = {"draw": draw, "seed": seed}
    for years, end in ends.items():
        regime.run_for(end - regime.week)
        if years == 5:
            gaps = (regime.history[[*LEVELS]] - plain).loc[end - 51 : end].mean()
            found |= {f"{name}, fifth year, points": 100 * gaps[measure] for measure, name in LEVELS.items()}
            continue
        free = deepcopy(regime)
        free.change({f"institutions.{name}": None for name in regime.plan.institution_names})
        free.run_for(AFTER + AROUND)
        gaps = free.history[[*LEFT]] - plain[[*LEFT]]
        for measure, name in LEFT.items():
            found[f"{name} at the end of {years:g} years"] = gaps[measure].loc[end - LAST + 1 : end].mean()
            then = gaps[measure].loc[end + AFTER - AROUND : end + AFTER + AROUND].mean()
            found[f"{name} two years after {years:g} years"] = then
    return found


def claims(found: pd.DataFrame) -> pd.DataFrame:
    """Claims of every draw, from means over its seeds: a share left is a ratio of means."""
    means = found.drop(columns="seed").groupby("draw").mean()
    of = means[[name for name in means if name.endswith("points")]].copy()
    for name in ("heart", "eye"):
        for years in (0.5, 2, 10, 30):
            after = f"two years after {years:g} years"
            at_end = means[f"{name} at the end of {years:g} years"]
            of[f"share of the {name} left {after}"] = means[f"{name} {after}"] / at_end
    return of


def table(of: pd.DataFrame) -> pd.DataFrame:
    """Each claim at the defaults (draw −1), and over the draws of the posterior."""
    drawn = of[of.index >= 0]
    edges = drawn.quantile([(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    columns = {"defaults": of.loc[-1], "mean": drawn.mean(), "low": edges.iloc[0], "high": edges.iloc[1]}
    return pd.DataFrame(columns).rename_axis("claim")


def main(draws: int = 20, seeds: int = 4, size: int = 1000) -> None:
    """Run every draw under every seed, and the defaults; write and print the table."""
    given = {-1: {}, **dict(enumerate(spread_out(*posterior_of(), draws)))}
    places: list[Place] = [(k, s, size, settings) for k, settings in given.items() for s in range(1, seeds + 1)]
    with Pool(2) as pool:
        found = pd.DataFrame(list(pool.imap_unordered(lived, places))).sort_values(["draw", "seed"])
    of = claims(found).replace([np.inf, -np.inf], np.nan)
    written = table(of)
    written.to_csv(HERE / "claims.csv", float_format="%.4g", lineterminator="\n")
    print(f"{draws} draws from the posterior, {seeds} seeds of {size:,} people each")
    print(written.to_string(float_format="%.3f"))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
