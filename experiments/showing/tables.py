"""What the command line prints: the closing table of a run, and the table of patterns."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from rich.table import Column, Table
from rich.text import Text

from ...model.society import Society
from .console import console
from .labels import MEASURES

if TYPE_CHECKING:
    from ..asking.comparison import Comparison
    from ..asking.sensitivity import Sensitivity
    from ..evidence.effects import Effect, Measured
    from ..evidence.patterns import Finding

OUTCOMES = {
    "Conformity": ("compliance_unchanged", "internalised", "pressure", "compliance", "chilling"),
    "Privacy": ("exposure", "disclosed", "adversary_advantage"),
    "Trust": ("trust_authority", "trust_strong_ties", "trust_weak_ties", "trust_strangers"),
    "Reports and order": ("reports", "false_reports", "wrongful", "harm", "fraud"),
}
"""Measures in the closing table."""

SIGNS = {"internalised": "+ ", "pressure": "+ ", "compliance": "= "}
"""The rows of the closing table that add up."""


def show(society: Society) -> None:
    """Print the closing table."""
    history = society.history
    out = console(soft_wrap=False)
    table = Table(
        Column("", no_wrap=True),
        Column("week 1", justify="right"),
        Column(f"week {society.week}", justify="right"),
        Column("lowest to highest", no_wrap=True),
        box=None,
        pad_edge=False,
        title=f"{society.plan.title}\n{len(society.citizens):,} citizens, {len(society.ties) // 2:,} ties",
        title_justify="left",
    )
    first, last = history.iloc[0], history.iloc[-1]
    shown: dict[str, tuple[str, ...]] = {name: (f"{first[name]:.4f}", f"{last[name]:.4f}") for name in history.columns}
    # The parts of compliance are rounded so that they add up to the last digit shown.
    parts = OUTCOMES["Conformity"][:3]
    for column, row in enumerate((first, last)):
        rounded = rounded_parts([row[name] for name in parts], 4)
        for name, value in zip(parts, rounded, strict=True):
            shown[name] = (*shown[name][:column], value, *shown[name][column + 1 :])
    for heading, names in OUTCOMES.items():
        table.add_section()
        table.add_row(Text(heading, "bold"))
        for name in names:
            values = history[name].to_numpy()
            if not np.isfinite(values).any():
                continue
            words = f"  {SIGNS.get(name, '')}{MEASURES[name].label}"
            table.add_row(words, *(text.replace("nan", "–") for text in shown[name]), sparkline(values))
    out.print(table)
    for week, says, changes in society.events:
        out.print(f"Week {week}: {says or ', '.join(changes)}")


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
        "Share of citizens who are",
        *(Column(name, justify="right") for name in found.citizens.columns),
        box=None,
        title="Under b against a, in the last week",
        title_justify="left",
    )
    for name, row in found.citizens.iterrows():
        citizens.add_row(str(name), *(f"{value:.3f}" for value in row))
    return measures, citizens


def sensitivity_tables(found: Sensitivity) -> list[Table]:
    """For every outcome its parameters, the one that moves it most first; shares are those of the largest sample."""
    most = found.indices.index.get_level_values("samples").max()
    tables: list[Table] = []
    outcome: Any
    for outcome, noise in found.noise.iterrows():
        screening = found.screening.loc[outcome].sort_values("mu_star", ascending=False)
        shares = found.indices.xs((outcome, most), level=("outcome", "samples"))
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
            if path in shares.index:
                share = shares.loc[path]
                span = f"{share['total_low']:.2f} … {share['total_high']:.2f}"
                cells = (f"{share['first']:.2f}", f"{share['total']:.2f}", span)
            table.add_row(str(path).removeprefix("institutions."), f"{row['mu_star']:.4f}", *cells)
        tables.append(table)
    return tables


def pattern_table(findings: Sequence[Finding]) -> Table:
    """Patterns with statistic, interval, band and whether they show."""
    table = Table("", "Pattern", "Scenario", Column("mean", justify="right"), "interval", "band", "", box=None)
    for f in findings:
        p = f.pattern
        table.add_row(
            str(p.number),
            f"{p.name}{' (held out)' if p.held_out else ''}",
            p.scenario,
            f"{f.mean:.3f}",
            f"{f.low:.3f} … {f.high:.3f}",
            f"{p.low:g} … {p.high:g}",
            "pass" if f.passes else Text("fail", "bold"),
        )
    return table


def pattern_frame(findings: Sequence[Finding]) -> pd.DataFrame:
    """The same as data, with what each statistic is and its source."""
    return pd.DataFrame(
        {
            "number": f.pattern.number,
            "pattern": f.pattern.name,
            "statistic": f.pattern.words,
            "scenario": f.pattern.scenario,
            "source": f.pattern.source,
            "held_out": f.pattern.held_out,
            "mean": f.mean,
            "low": f.low,
            "high": f.high,
            "band_low": f.pattern.low,
            "band_high": f.pattern.high,
            "passes": f.passes,
        }
        for f in findings
    )


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
