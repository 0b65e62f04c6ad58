"""Figures of a study, drawn from its results: effects, phase diagrams, loops, exchange rates, fronts."""

from __future__ import annotations

import hashlib
import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from ...model.errors import GlasshouseError
from ...model.measures.course import hysteresis_area
from ...model.paths import nearest
from ...model.version import __version__
from ..asking.design import Design
from ..asking.sensitivity import done
from ..evidence.statistics import mean_and_half, ratio_and_half
from ..running.results import Results
from .colours import OKABE_ITO
from .figures import styled
from .labels import titled

Floats = npt.NDArray[np.float64]

MOST_LEVELS = 30
"""Values of a factor up to which each has its own mean; more are put into ten equal parts."""

MAP = "cividis"
"""A colour map that the colour-blind see as others do (Nuñez, Anderton & Renslow 2018)."""


def provenance(results: Results) -> list[str]:
    """What it takes to make a study's figure again, with a digest of the keys of its runs."""
    keys = "".join(row[0] for row in results.store.all(
        "SELECT key FROM study_run WHERE study = ? ORDER BY design_row, replicate", results.study))  # fmt: skip
    name, model = results.store.all("SELECT name, model_hash FROM study WHERE id = ?", results.study)[0]
    return [
        f"glasshouse {__version__}",
        f"study {name}",
        f"model {model[:16]}",
        f"{len(results.points)} points, {len(results.runs)} runs",
        f"runs {hashlib.sha256(keys.encode()).hexdigest()[:16]}",
    ]


def all_figures(results: Results, outcomes: Sequence[str]) -> dict[str, Figure]:
    """Every figure that the design admits, by name.

    Raises
    ------
    GlasshouseError
        If an outcome does not exist, or nothing is recorded.
    """
    table = done(results)
    if table.empty:
        raise GlasshouseError(f"{results.store.path}: no run is recorded yet")
    for outcome in outcomes:
        if outcome not in table.columns:
            raise GlasshouseError(f"there is no outcome {outcome!r}; {nearest(outcome, table.columns)}")
    outcomes = [outcome for outcome in outcomes if np.isfinite(table[outcome].to_numpy(float)).any()]
    if results.design.get("ramp"):
        return {"hysteresis": hysteresis(results, outcomes)}
    factors = factors_of(results)
    found = {"effects": effects(results, outcomes)} if factors else {}
    numeric = [path for path in factors if is_number(table[path])]
    if len(factors) == len(numeric) == 2 and len(results.points) == results.points.nunique().prod():
        found["phase"] = phase_diagrams(results, outcomes)
        found["exchange-rates"] = exchange_rates(results)
    if len(results.points) > 1:
        found["front"] = front(results)
    return found


def factors_of(results: Results) -> list[str]:
    """Factors that take more than one value."""
    return [path for path in results.points.columns if results.points[path].astype(str).nunique() > 1]


def is_number(column: pd.Series) -> bool:
    """Whether a factor is a number rather than a switch or a word."""
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def panel_grid(rows: int, columns: int, width: float = 2.9, height: float = 2.2) -> tuple[Figure, Any]:
    """Figure and its panels, shape (rows, columns)."""
    figure = Figure(figsize=(width * columns, height * rows), layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False)


def panels_of(count: int) -> tuple[Figure, list[Axes]]:
    """Figure of so many panels, three in a row."""
    columns = min(3, count)
    figure, panels = panel_grid(-(-count // columns), columns, 3.2, 2.6)
    for axes in panels.ravel()[count:]:
        axes.remove()
    return figure, list(panels.ravel()[:count])


def effects(results: Results, outcomes: Sequence[str]) -> Figure:
    """Each outcome against each factor, the others averaged over; with 95% intervals over seeds."""
    table, factors = done(results), factors_of(results)
    with styled():
        figure, panels = panel_grid(len(factors), len(outcomes), 2.6)
        for row, path in enumerate(factors):
            some = _alone(results, table, path)
            for axes, outcome in zip(panels[row], outcomes, strict=True):
                _effect(axes, some, path, outcome)
                axes.set_xlabel(titled(path))
                if row == 0:
                    axes.set_title(titled(outcome).replace(" (", "\n("))
        _entitle(figure, results, "means over seeds with 95% intervals")
    return figure


def _alone(results: Results, table: pd.DataFrame, path: str) -> pd.DataFrame:
    """Of a design that varies one factor at a time the runs in which it is this one."""
    if results.design.get("design") != "one-at-a-time":
        return table
    others = [other for other in results.points.columns if other != path]
    start = results.points.iloc[0]
    return table[(table[others] == start[others]).all(axis=1)]


def _effect(axes: Axes, table: pd.DataFrame, path: str, outcome: str) -> None:
    level: Any = table[path]
    numeric = is_number(level)
    if numeric and level.nunique() > MOST_LEVELS:
        level = pd.qcut(level, 10)
        level = table[path].groupby(level, observed=True).transform("mean")
    elif not numeric:
        level = level.map(_words)
    by_seed = table.groupby([level, "replicate"])[outcome].mean().unstack("replicate")
    mean, half = mean_and_half(by_seed.to_numpy(float))
    if numeric:
        x = by_seed.index.to_numpy(float)
        axes.fill_between(x, mean - half, mean + half, alpha=0.25, linewidth=0)
        axes.plot(x, mean, marker="o", markersize=2.5)
    else:
        axes.errorbar(by_seed.index, mean, half, fmt="o", capsize=3)


def cells(results: Results, outcome: str) -> tuple[Floats, Floats, Floats]:
    """Values of two factors, and an outcome's mean over seeds, shape (second, first)."""
    first, second = factors_of(results)
    table = done(results).pivot_table(index=second, columns=first, values=outcome)
    return table.columns.to_numpy(float), table.index.to_numpy(float), table.to_numpy(float)


def phase_diagrams(results: Results, outcomes: Sequence[str]) -> Figure:
    """Each outcome over two factors; the line is where it is half way between its lowest and highest value."""
    first, second = factors_of(results)
    with styled():
        figure, panels = panels_of(len(outcomes))
        for axes, outcome in zip(panels, outcomes, strict=True):
            x, y, values = cells(results, outcome)
            mesh = axes.pcolormesh(x, y, values, cmap=MAP, shading="nearest", rasterized=True)
            figure.colorbar(mesh, ax=axes)
            middle = (values.min() + values.max()) / 2
            if np.ptp(values) > 0 and min(values.shape) > 1:
                line = axes.contour(x, y, values, levels=[middle], colors="white", linewidths=1.5)
                axes.clabel(line, fmt=f"{middle:.3g}", fontsize=7)
            axes.set_title(titled(outcome))
            axes.set_xlabel(titled(first))
            axes.set_ylabel(titled(second))
        _entitle(figure, results, "means over seeds; white: half way between lowest and highest")
    return figure


EXCHANGES = (("reports", "trust_ties", -1), ("compliance", "exposure", 1))
"""What is won or done, what is lost for it, and the sign by which it is lost."""


def exchange(results: Results, won: str, lost: str, sign: int) -> pd.DataFrame:
    """What is lost for what is won at each setting, against both factors at their lowest under the same seeds.

    Returns
    -------
    DataFrame
        By row of the design: mean `won` and `lost`, the exchange `rate` lost / won of the means and half its 95%
        interval (`about`; jackknife over seeds). The rate is missing where not surely something is won.
    """
    first, second = factors_of(results)
    table = done(results)
    start = results.points.sort_values([second, first]).index[0]
    differences: list[Floats] = []
    for outcome in (won, lost):
        values = table.pivot(index="design_row", columns="replicate", values=outcome).dropna(axis=1)
        differences.append((values - values.loc[start]).to_numpy(float))
    dx, dy = differences[0], sign * differences[1]
    mean, half = mean_and_half(dx)
    rate, about = ratio_and_half(dy, dx)
    told = mean > half
    return pd.DataFrame(
        {"won": mean, "lost": dy.mean(axis=1), "rate": np.where(told, rate, np.nan), "about": about},
        index=results.points.index,
    )


def exchange_rates(results: Results) -> Figure:
    """What is lost for what is won, and the rate of exchange, against the point where both factors are lowest."""
    first, second = factors_of(results)
    levels = np.sort(results.points[first].unique())
    some = levels[[0, len(levels) // 2, -1]]
    of = results.points[second].to_numpy(float)
    with styled():
        figure, panels = panel_grid(2, 2, 4.2, 2.8)
        for k, (won, lost, sign) in enumerate(EXCHANGES):
            found = exchange(results, won, lost, sign)
            panels[0, k].scatter(found["won"], found["lost"], c=of, cmap=MAP, s=12, linewidth=0)
            panels[0, k].set_xlabel(f"more: {titled(won)}")
            panels[0, k].set_ylabel(f"{'more' if sign > 0 else 'less'}: {titled(lost)}")
            for level in dict.fromkeys(some):
                line = found[results.points[first] == level].assign(of=results.points[second]).sort_values("of")
                panels[1, k].errorbar(line["of"], line["rate"], line["about"], label=f"{level:g}", marker="o",
                                      markersize=2.5, linewidth=1, capsize=1.5)  # fmt: skip
            panels[1, k].set_xlabel(titled(second))
            panels[1, k].set_ylabel("lost per unit won (95% interval)")
        panels[1, 1].legend(loc="best", title=titled(first), title_fontsize=7)
        scale = ScalarMappable(Normalize(of.min(), of.max()), MAP)
        figure.colorbar(scale, ax=panels[0], label=titled(second))
        _entitle(figure, results, "against both factors at their lowest; a point a setting, means over the same seeds")
    return figure


def front(results: Results) -> Figure:
    """Compliance against privacy and against trust; ringed are the points that none beats in all three."""
    table = done(results)
    named = {"compliance": titled("compliance"), "privacy": "Privacy (1 − exposure)"}
    named |= {"trust_authority": titled("trust_authority")}
    means = table.assign(privacy=1 - table["exposure"]).groupby("design_row")[list(named)].mean()
    best = undominated(means.to_numpy(float))
    with styled():
        figure, panels = panel_grid(1, 2, 4.2, 3.4)
        for axes, other in zip(panels[0], ("privacy", "trust_authority"), strict=True):
            axes.scatter(means["compliance"], means[other], s=10, color="0.65", linewidth=0, label="setting")
            some = means[best].sort_values("compliance")
            axes.scatter(some["compliance"], some[other], s=24, facecolor="none", edgecolor=OKABE_ITO[3],
                         label="beaten by none in all three")  # fmt: skip
            two = means[undominated(means[["compliance", other]].to_numpy(float))].sort_values("compliance")
            axes.plot(two["compliance"], two[other], color=OKABE_ITO[0], linewidth=1, label="front of these two")
            axes.set_xlabel(named["compliance"])
            axes.set_ylabel(named[other])
        panels[0, 0].legend(loc="best")
        _entitle(figure, results, "means over seeds")
    return figure


def undominated(values: Floats) -> npt.NDArray[np.bool_]:
    """Rows than which no other is at least as high in every column and higher in one."""
    as_high = (values[None, :, :] >= values[:, None, :]).all(axis=2)
    higher = (values[None, :, :] > values[:, None, :]).any(axis=2)
    return ~(as_high & higher).any(axis=1)


def loops(results: Results, outcome: str) -> tuple[Floats, Floats]:
    """Values of the ramp's setting, and an outcome at the end of each level, shape (points, seeds, levels)."""
    design = Design.from_dict(results.design)
    assert design.ramp is not None
    values = np.asarray(design.ramp_values(), float)
    series = results.series
    held = series["week"] - design.ramp.settle
    ends = series[(held > 0) & (held % design.ramp.hold == 0)]
    table = ends.pivot(index=["design_row", "replicate"], columns="week", values=outcome).dropna()
    whole = table.groupby("design_row").size()
    seeds = int(whole.min())
    return values, np.stack([table.loc[row].to_numpy(float)[:seeds] for row in whole.index])


def hysteresis(results: Results, outcomes: Sequence[str]) -> Figure:
    """Each outcome on the way up and on the way down; the area between them, over seeds."""
    names = [", ".join(f"{str(path).split('.')[-1]} {_words(of)}" for path, of in row.items()) or "way up and down"
             for _, row in results.points.iterrows()]  # fmt: skip
    ramp = results.design["ramp"]["parameter"]
    with styled():
        figure, panels = panels_of(len(outcomes))
        for axes, outcome in zip(panels, outcomes, strict=True):
            strength, values = loops(results, outcome)
            turn = len(strength) // 2 + 1
            for k, (name, of) in enumerate(zip(names, values, strict=True)):
                mean, half = mean_and_half(of.T)
                area, about = mean_and_half(np.array([hysteresis_area(strength, one) for one in of]))
                colour = OKABE_ITO[k % len(OKABE_ITO)]
                words = f"{name}: area {float(area):+.3f} ± {float(about):.3f}"
                axes.plot(strength[:turn], mean[:turn], color=colour, label=words)
                axes.plot(strength[turn - 1 :], mean[turn - 1 :], color=colour, linestyle="--")
                axes.fill_between(strength[:turn], (mean - half)[:turn], (mean + half)[:turn], color=colour, alpha=0.2)
                down = slice(turn - 1, None)
                axes.fill_between(strength[down], (mean - half)[down], (mean + half)[down], color=colour, alpha=0.2)
            axes.set_title(titled(outcome))
            axes.set_xlabel(titled(ramp))
            axes.legend(loc="best", fontsize=6, frameon=True, framealpha=0.8, edgecolor="none")
        _entitle(figure, results, "solid: way up, dashed: way down; means with 95% intervals over seeds")
    return figure


def _words(value: Any) -> str:
    return {True: "on", False: "off"}[bool(value)] if isinstance(value, bool | np.bool_) else str(value)


def _entitle(figure: Figure, results: Results, words: str) -> None:
    title = str(results.design.get("title") or results.design.get("name") or "Runs")
    lines = [line for text in (title, words) for line in textwrap.wrap(text, int(13 * figure.get_figwidth()))]
    figure.suptitle("\n".join(lines), x=0.01, ha="left", fontsize=10)
