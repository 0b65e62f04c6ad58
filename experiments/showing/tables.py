"""What the command line prints: the closing table of a run, and the tables of questions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from rich.table import Column, Table
from rich.text import Text

from ...model.society import Society
from .colours import PARTS
from .console import console
from .labels import label

if TYPE_CHECKING:
    from ..asking.comparison import Comparison
    from ..asking.sensitivity import Sensitivity
    from ..evidence.effects import Effect, Measured
    from ..evidence.field import Finding

OUTCOMES = {
    "Conformity": (*PARTS, "compliance", "chilling"),
    "Privacy": ("exposure", "disclosed", "adversary_advantage"),
    "Trust": ("trust_authority", "trust_strong_ties", "trust_weak_ties", "trust_strangers"),
    "Reports and order": ("reports", "false_reports", "wrongful", "harm", "fraud"),
}
"""Measures in the closing table."""

SIGNS = dict.fromkeys((*PARTS,)[1:], "+ ") | {"compliance": "= "}
"""The rows of the closing table that add up."""

AGAINST = "against the\nsame people\nwithout\ninstitutions"


def show(society: Society, differences: Mapping[str, float] | None = None) -> None:
    """Print the closing table.

    Parameters
    ----------
    society
        What was run.
    differences
        What the last week of every measure has more than the twin's; a column where they are given.
    """
    history = society.history
    out = console(soft_wrap=False)
    levels = [dict(history.iloc[week]) for week in (0, -1)]
    columns = [shown_values(level, "{:.4f}") for level in levels]
    headings = ["week 1", f"week {society.week}"]
    if differences is not None:
        columns.append(shown_values(differences, "{:+.4f}"))
        headings.append(AGAINST)
    table = Table(
        Column("", no_wrap=True),
        *(Column(heading, justify="right", vertical="bottom", no_wrap=True) for heading in headings),
        Column("lowest to highest" if differences is None else "lowest to\nhighest", vertical="bottom", no_wrap=True),
        box=None,
        pad_edge=False,
        title=f"{society.plan.title}\n{len(society.citizens):,} citizens, {len(society.ties) // 2:,} ties",
        title_justify="left",
    )
    width = 26 if differences is None else 17
    for heading, names in {"Look at": society.plan.shows, **OUTCOMES}.items():
        if not names:
            continue
        table.add_section()
        table.add_row(Text(heading, "bold"))
        for name in (name for name in names if name in history):
            values = history[name].to_numpy()
            if not np.isfinite(values).any():
                continue
            sign = SIGNS.get(name, "") if heading == "Conformity" else ""
            words = f"  {sign}{label(name)}"
            table.add_row(words, *(column.get(name, "–") for column in columns), sparkline(values, width))
    out.print(table)
    for week, says, changes in society.events:
        out.print(f"Week {week}: {says or ', '.join(changes)}")


def shown_values(values: Mapping[str, float], words: str) -> dict[str, str]:
    """Values of measures in a format of four digits; the parts of compliance add up to the last digit shown."""
    parts = [float(part) for part in rounded_parts([values[name] for name in PARTS], 4)]
    rounded = {name: round(value, 4) for name, value in values.items()}
    rounded |= dict(zip(PARTS, parts, strict=True)) | {"compliance": round(sum(parts), 4)}
    return {name: _worded(value, values[name], words) for name, value in rounded.items()}


def _worded(rounded: float, value: float, words: str) -> str:
    if math.isnan(rounded):
        return "–"
    # What hardly ever happens in a week is not nothing.
    if rounded == 0 and abs(value) >= TINIEST:
        return f"{value:.0e}"
    # Adding 0 takes the sign from a zero.
    return words.format(rounded + 0.0)


TINIEST = 1e-7
"""Smaller values are shown as 0: they are what is left of rounding."""


def rounded_parts(parts: Sequence[float], digits: int) -> list[str]:
    """Parts rounded so that they add up to their rounded sum (largest remainders)."""
    scale = 10**digits
    floors = [math.floor(part * scale) for part in parts]
    missing = round(sum(parts) * scale) - sum(floors)
    order = sorted(range(len(parts)), key=lambda k: floors[k] - parts[k] * scale)
    for k in order[: max(0, missing)]:
        floors[k] += 1
    return [f"{floor / scale:.{digits}f}" for floor in floors]


BARS = "▁▂▃▄▅▆▇█"


def sparkline(values: Iterable[float], width: int = 26) -> str:
    """Small in-line chart of a series, from its lowest to its highest value."""
    series = np.asarray(list(values), dtype=float)
    chunks = [chunk[np.isfinite(chunk)] for chunk in np.array_split(series, min(width, len(series)))]
    means = np.array([chunk.mean() if len(chunk) else np.nan for chunk in chunks])
    low, high = np.nanmin(means), np.nanmax(means)
    spread = high - low
    return "".join(
        " " if math.isnan(mean) else BARS[int((mean - low) / spread * (len(BARS) - 1) + 0.5) if spread > 0 else 0]
        for mean in means
    )


def bar(value: float, scale: float = 20.0) -> str:
    """Bar of a signed value."""
    return ("█" if value > 0 else "░") * min(40, round(abs(value) * scale))


def comparison_tables(found: Comparison) -> tuple[Table, Table]:
    """Measures that differ, and who changed."""
    measures = Table(
        "Measure",
        *(Column(name, justify="right") for name in ("a", "b", "b − a", "95% interval", "variance saved")),
        box=None,
        title=f"{found.seeds} pairs of {found.steps} weeks, means of the last {found.last}",
        title_justify="left",
    )
    for name, row in found.measures.iterrows():
        if row["difference"] != 0:
            span = f"{row['low']:+.4f} … {row['high']:+.4f}"
            saved = f"× {row['variance_saved']:.1f}"
            measures.add_row(str(name), f"{row['a']:.4f}", f"{row['b']:.4f}", f"{row['difference']:+.4f}", span, saved)
    citizens = Table(
        "Share",
        *(Column(name, justify="right", no_wrap=True) for name in found.citizens.columns),
        box=None,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        title="Shares of citizens, under b against a, in the last week",
        title_justify="left",
    )
    for name, row in found.citizens.iterrows():
        citizens.add_row(str(name), *(f"{value:.3f}" for value in row))
    return measures, citizens


def sensitivity_tables(found: Sensitivity, shares: bool = True) -> list[Table]:
    """For every outcome its parameters, the one that moves it most first; with or without shares of variance.

    Shares are those of the largest sample.
    """
    most = found.indices.index.get_level_values("samples").max()
    tables: list[Table] = []
    outcome: Any
    for outcome, noise in found.noise.iterrows():
        screening = found.screening.loc[outcome].sort_values("mu_star", ascending=False)
        of_all = found.indices.xs((outcome, most), level=("outcome", "samples"))
        table = Table(
            Column("parameter", no_wrap=True),
            *(Column(name, justify="right") for name in ("μ*", "alone", "with others", "95%")),
            box=None,
            title=f"\n{outcome}: {noise['parameters']:.0%} of the variance of runs is the parameters', "
            f"{noise['seeds']:.0%} luck, {noise['both']:.0%} luck that depends on them",
            title_justify="left",
        )
        for path, row in screening.iterrows():
            cells = ("", "", "")
            if shares and path in of_all.index:
                share = of_all.loc[path]
                span = f"{share['total_low']:.2f} … {share['total_high']:.2f}"
                cells = (f"{share['first']:.2f}", f"{share['total']:.2f}", span)
            table.add_row(str(path).removeprefix("institutions."), f"{row['mu_star']:.4f}", *cells)
        tables.append(table)
    return tables


def field_table(findings: Sequence[Finding]) -> Table:
    """Statistics of trials with half their interval, band and verdict, those tuned on and those held out apart."""
    numbers = (Column(name, justify="right", no_wrap=True) for name in ("mean", "band"))
    table = Table(Column("Trial", no_wrap=True), "Statistic", *numbers, Column("", no_wrap=True), box=None)
    heading = None
    for f in findings:
        if f.trial.held_out != heading:
            heading = f.trial.held_out
            table.add_row(Text("Held out" if heading else "Tuned on", "bold"))
        s, mean = f.statistic, f.found
        band = f"{s.low:g} … {s.high:g}" if f.verdict else ""
        verdict = f.verdict if f.verdict in ("pass", "") else Text(f.verdict, "bold")
        half = (mean.high - mean.low) / 2
        table.add_row(s.name, s.says, f"{mean.mean:.3f} ± {half:.3f}", band, verdict)
    return table


def field_frame(findings: Sequence[Finding]) -> pd.DataFrame:
    """The same as data, with the facts and their sources."""
    return pd.DataFrame(
        {
            "trial": f.trial.name,
            "held_out": f.trial.held_out,
            "statistic": f.statistic.name,
            "says": f.statistic.says,
            "fact": f.trial.fact,
            "source": f.trial.source,
            "mean": f.found.mean,
            "low": f.found.low,
            "high": f.found.high,
            "seeds": f.found.n,
            "band_low": f.statistic.low,
            "band_high": f.statistic.high,
            "verdict": f.verdict,
            "explains": f.trial.explains,
        }
        for f in findings
    )


def fit_table(found: pd.DataFrame, possible: int, tried: int) -> Table:
    """What is known of every setting, whether the trials identify it, and whether its intervals can be trusted."""
    trusted = "coverage" in found.columns
    numbers = (Column(name, justify="right", no_wrap=True) for name in ("mean", "90%", "spread\nleft"))
    tested = (Column(name, justify="right", no_wrap=True) for name in ("covered", "recovered") if trusted)
    left = f", and {found.attrs['possible']:.2%} of all" if "possible" in found.attrs else ""
    table = Table(
        Column("Setting", overflow="fold"), *numbers, *tested, "", box=None,
        title=f"{possible} of {tried} settings tried are possible{left}",
    )  # fmt: skip
    for path, row in found.iterrows():
        span = f"{row['low']:.3g} … {row['high']:.3g}"
        says = "not identified" if not row["spread"] <= UNIDENTIFIED else ""
        cells = [f"{row[name]:.2f}" for name in ("coverage", "recovery") if trusted]
        table.add_row(str(path), f"{row['mean']:.3g}", span, f"{row['spread']:.2f}", *cells, says)
    return table


def prediction_table(found: pd.DataFrame) -> Table:
    """What a posterior predicts of statistics, with their bands."""
    numbers = (Column(name, justify="right", no_wrap=True) for name in ("mean", "90%", "band"))
    table = Table(Column("", no_wrap=True), "Predicted", *numbers, box=None)
    for name, row in found.iterrows():
        open_ended = not (math.isfinite(row["band_low"]) or math.isfinite(row["band_high"]))
        band = "" if open_ended else f"{row['band_low']:g} … {row['band_high']:g}"
        span = f"{row['low']:.3f} … {row['high']:.3f}"
        table.add_row(str(name), row["says"], f"{row['mean']:.3f}", span, band)
    return table


UNIDENTIFIED = 0.8
"""Share of its first spread from which on a setting counts as not identified."""


def effect_table(effects: Sequence[Effect], measured: Sequence[Measured]) -> Table:
    """Effects with the mean difference, its interval, of how many pairs, and whether they show."""
    numbers = (Column(name, justify="right", no_wrap=True) for name in ("mean", "interval", "n"))
    table = Table("Institution", "Effect", *numbers, "", box=None)
    for effect, found in zip(effects, measured, strict=True):
        span = f"{found.low:+.4g} … {found.high:+.4g}"
        shows = "shows" if found.shows else Text("not shown", "bold")
        table.add_row(effect.institution, effect.says, f"{found.mean:+.4g}", span, str(found.n), shows)
    return table


def effect_frame(effects: Sequence[Effect], measured: Sequence[Measured]) -> pd.DataFrame:
    """The same as data, with the outcome that each is measured by."""
    return pd.DataFrame(
        {"institution": effect.institution, "effect": effect.says, "outcome": effect.outcome, **found.model_dump()}
        for effect, found in zip(effects, measured, strict=True)
    )
