"""Writes `docs/field.md` and its figure from `docs/field.csv`, which `glasshouse field --out docs/field.csv` measures.

Run: ``uv run python docs/field.py``.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent

INTRODUCTION = """# Held against the field

What was measured in the world, measured in the model after the same design: virtual trials on settled societies of
2,000 people, treated and untreated the same people with the same luck; doses are those that the trials' code states.
One set of default settings serves them all. `glasshouse field` computes the table anew (`--quick` the shortest trials
in a minute or two); the code of each trial is in `experiments/evidence/trials`.

A trial *passes* where the mean over seeds lies in its band and half its 95% interval is at most half the band; of a
band that is open on one side the whole interval must lie in it. *Undecided*: the interval is too wide to say. Letters
say how sure a source is: A recomputed from open data, B read, mostly abstracts, C secondary.

On the trials T settings were tuned. Nothing was tuned on the trials H: the digest of all defaults was
[recorded](decisions/0012-held-against-the-field.md) before the first of them was computed, no default has changed
since, and the command refuses to compute them with other defaults or with `--set`. The digest is of the defaults, not
of rules, scenarios or trials. They have been computed more than once: when they were written, with few seeds; for
this table; in variants that say [what survives](robustness.md) (H4, H7); and to explain failures, below.
"""

PARTS = {False: "# Tuned on", True: "# Held out"}


def page(table: pd.DataFrame) -> str:
    """The page, from the table that the command writes."""
    parts = [INTRODUCTION, f"Means over {int(table['seeds'].max())} seeds.\n"]
    held_out = None
    for trial, rows in table.groupby("trial", sort=False):
        first = rows.iloc[0]
        if first["held_out"] != held_out:
            held_out = first["held_out"]
            parts.append(f"{PARTS[bool(held_out)]}\n")
        parts.append(f"## {trial}: {first['fact']}\n\n{first['source']}\n")
        lines = ["| statistic | mean ± half the interval | band | |", "|---|---|---|---|"]
        for _, row in rows.iterrows():
            half = (row["high"] - row["low"]) / 2
            known = isinstance(row["verdict"], str)
            band = f"{row['band_low']:g} … {row['band_high']:g}".replace("-", "−") if known else ""
            mean = f"{row['mean']:.3f} ± {half:.3f}".replace("-", "−")
            lines.append(f"| {row['says']} | {mean} | {band} | {row['verdict'] if known else 'reported'} |")
        parts.append("\n".join(lines) + "\n")
        if isinstance(first["explains"], str):
            parts.append(f"{first['explains']}\n")
    return "\n".join(parts)


def main() -> None:
    """Write the page."""
    (HERE / "field.md").write_text(page(pd.read_csv(HERE / "field.csv")), "utf-8")


if __name__ == "__main__":
    main()
