"""Ask which findings survive other graphs, sizes and choices: ``uv run python docs/robustness.py [SEEDS]``.

The trials of `glasshouse field` that take at most five years are run under one change after the other, through the one
runner. Written are `robustness.csv` and `robustness.md`.
"""

from __future__ import annotations

import sys
from math import isfinite
from pathlib import Path
from typing import Any

import pandas as pd

from glasshouse.experiments.evidence.field import hold_against_field
from glasshouse.model.errors import GlasshouseError

HERE = Path(__file__).parent
TRIALS = ("T1", "T3", "T4", "T5", "T6", "T12", "T13", "T14", "H4", "H7")
SIZE = 1000
FINDINGS = {
    "T1": ("Records shown to neighbours raise volunteering", 1),
    "T1 order": ("The more eyes, the more", 1),
    "T3": ("Observers who leave take the effect with them (at most a fifth left in the second week)", 0.2),
    "T4 longer": ("The halo of checks grows with their dose", 1),
    "T5": ("Watching alone chills searches", -1),
    "T6": ("People say in public what they would not unseen", 1),
    "T12 high": ("Told what others do, those above the norm do less", -1),
    "T12 low": ("and those below more", 1),
    "T13": ("Errors of a court do not deter", -1),
    "T14": ("Being listed deters", 1),
    "H4": ("Assured of secrecy, people speak up", 1),
    "H7": ("Visibility works at every level", 1),
}
"""What is found, and its sign; or the most that a share may be."""

VARIANTS: dict[str, tuple[int, dict[str, Any]]] = {
    "default": (SIZE, {}),
    "communities": (SIZE, {"population.network": "community"}),
    "scale-free": (SIZE, {"population.network": "scale-free"}),
    "random graph": (SIZE, {"population.network": "random"}),
    "lattice": (SIZE, {"population.network": "lattice", "population.degree": 8}),
    "degree 20": (SIZE, {"population.degree": 20}),
    "300 people": (300, {}),
    "10,000 people": (10_000, {}),
    "threshold choice": (SIZE, {"citizens.rationality": float("inf")}),
    "more random choice": (SIZE, {"citizens.rationality": 1.2}),
    "no coherence, no homophily": (SIZE, {"population.homophily": 0.0, "citizens.coherence": 0.0}),
    "habits": (SIZE, {"citizens.habit.weight": 1.0}),
}
"""Size and changes, by name."""


def survives(low: float, high: float, wanted: float) -> str:
    """Whether an interval over seeds lies where the finding says."""
    if not (isfinite(low) and isfinite(high)):
        return "none"
    if 0 < wanted < 1:
        return "yes" if high <= wanted else ("reversed" if low > wanted else "unclear")
    if wanted * low > 0 and wanted * high > 0:
        return "yes"
    return "reversed" if wanted * low < 0 and wanted * high < 0 else "unclear"


def tried(name: str, seeds: int) -> list[dict[str, Any]]:
    """What becomes of each finding under a change; one that cannot be measured under it has none."""
    size, changes = VARIANTS[name]
    rows: list[dict[str, Any]] = []
    for trial in TRIALS:
        try:
            results = hold_against_field((trial,), seeds, size, changes, workers=2)
        except GlasshouseError as error:
            print(f"{name}, {trial}: {error}", flush=True)
            of_trial = [finding for finding in FINDINGS if finding.split()[0] == trial]
            nothing = {"mean": float("nan"), "low": float("nan"), "high": float("nan"), "survives": "none"}
            rows += [{"variant": name, "size": size, "statistic": finding, **nothing} for finding in of_trial]
            continue
        for found in results:
            statistic = found.statistic.name
            if statistic in FINDINGS:
                measured = {"mean": found.found.mean, "low": found.found.low, "high": found.found.high}
                verdict = survives(measured["low"], measured["high"], FINDINGS[statistic][1])
                rows.append({"variant": name, "size": size, "statistic": statistic, **measured, "survives": verdict})
    return rows


def beyond(rows: pd.DataFrame) -> str:
    """Which findings survive in sign with a mean outside the band of the field's fact, and under what."""
    bands = pd.read_csv(HERE / "field.csv").set_index("statistic")[["band_low", "band_high"]]
    kept = rows[rows["survives"] == "yes"].join(bands, on="statistic")
    outside = kept[(kept["mean"] < kept["band_low"]) | (kept["mean"] > kept["band_high"])]
    by = outside.groupby("statistic", sort=False)["variant"].agg(list)
    return "; ".join(f"{name} under {', '.join(variants)}" for name, variants in by.items())


def page(rows: pd.DataFrame, seeds: int) -> str:
    """The page: a row a finding, a column a change."""
    table = rows.pivot(index="statistic", columns="variant", values="survives").reindex(
        index=list(FINDINGS), columns=[name for name in VARIANTS if name in set(rows["variant"])]
    )
    signs = {"yes": "✓", "unclear": "·", "none": "–", "reversed": "✗"}
    lines = [f"| finding | {' | '.join(table.columns)} |", f"|---|{'---|' * len(table.columns)}"]
    for name, row in table.iterrows():
        lines.append(f"| {FINDINGS[str(name)][0]} ({name}) | {' | '.join(signs[str(one)] for one in row)} |")
    counts = rows.loc[rows["variant"] != "default", "survives"].value_counts()
    changes = "\n".join(
        f"- *{name}*: {size:,} people" + "".join(f", `{path}` {value}" for path, value in changed.items())
        for name, (size, changed) in VARIANTS.items()
    )
    return f"""# Which findings survive

Virtual trials of [the field](field.md) under other graphs, sizes and ways to choose, {seeds} seeds each: ✓ the 95%
interval over seeds lies where the finding says, which is a sign but for T3; · it holds both, ✗ it lies on the other
side, – it cannot be measured there. Of {counts.sum()} entries beside the default {counts.get("yes", 0)} survive,
{counts.get("unclear", 0)} are unclear, {counts.get("reversed", 0)} are reversed and {counts.get("none", 0)} cannot be
measured. `docs/robustness.py` makes the table, `robustness.csv` has the numbers.

{chr(10).join(lines)}

T3 does not hold with habits, which keep a quarter of the effect into the second week. Where choice has no randomness at
all (threshold choice), an effect that ends stays in those whom it moved over their
threshold, and shares of 0 and 1 leave nothing to measure: what is claimed elsewhere is claimed of people who vary.

A sign is less than a size. The sign survives, and the mean lies outside the band that the field asks of it, for
{beyond(rows)}.

The changes:

{changes}

Of the findings these are the trials of weeks to five years. What the regime leaves after decades, and how compliance
splits into heart, crowd and eye, were not tried under these changes, nor were 100,000 people or ten times the horizon.

Not tried: people who act one after the other within a week, in random order (all act at once on what they saw the week
before), and choice by a normal instead of a logistic error; both are other programs than this one.
"""


def main(seeds: int) -> None:
    """Run every variant that the table does not have yet, and write table and page."""
    out = HERE / "robustness.csv"
    rows = pd.read_csv(out).to_dict("records") if out.exists() else []
    for name in VARIANTS:
        if all(row["variant"] != name for row in rows):
            rows += tried(name, seeds)
            _write(rows, out)
        print(name, [row["survives"] for row in rows if row["variant"] == name], flush=True)
    # By what was measured: a criterion that is changed here needs no new runs.
    for row in rows:
        row["survives"] = survives(row["low"], row["high"], FINDINGS[row["statistic"]][1])
    _write(rows, out)
    (HERE / "robustness.md").write_text(page(pd.DataFrame(rows), seeds), "utf-8")


def _write(rows: list[dict[str, Any]], out: Path) -> None:
    pd.DataFrame(rows).to_csv(out, index=False, float_format="%.4g", lineterminator="\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
