"""Writes `docs/sensitivity.md` from `docs/sensitivity.csv`: ``uv run python docs/sensitivity.py``.

The table is what ``glasshouse sensitivity what-matters --store why.sqlite --trajectories 10 --keep 4 --out
docs/sensitivity.csv`` finds.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from glasshouse.experiments.showing.labels import label

HERE = Path(__file__).parent


def of_outcome(table: pd.DataFrame) -> str:
    """A row a setting that was screened, the one that moves the outcome most first; and what is luck."""
    screened = table[table["quantity"] == "mu_star"].set_index("parameter").sort_values("value", ascending=False)
    last = table[(table["stage"] == "variance") & (table["samples"] == table["samples"].max())]
    shares = {kind: last[last["quantity"] == kind].set_index("parameter") for kind in ("first", "total")}
    lines = ["| setting | μ\\* | alone | with others |", "|---|---|---|---|"]
    for path, row in screened.iterrows():
        cells = ("", "")
        if path in shares["total"].index:
            alone, others = shares["first"].loc[path], shares["total"].loc[path]
            cells = f"{alone['value']:.2f}", f"{others['value']:.2f} ({others['low']:.2f} to {others['high']:.2f})"
        lines.append(f"| `{path}` | {row['value']:.4f} | {cells[0]} | {cells[1]} |")
    noise = table[table["stage"] == "noise"].set_index("quantity")["value"]
    luck = (
        f"{noise['seeds']:.0%} of the variance of single runs is luck, {noise['both']:.0%} luck that depends on them."
    )
    return "\n".join([*lines, "", luck])


def page(table: pd.DataFrame) -> str:
    """The page, from the table that the command writes."""
    by_outcome = table.groupby("outcome", sort=False)
    sections = "\n\n".join(f"## {label(str(name))}\n\n{of_outcome(rows)}" for name, rows in by_outcome)
    samples = int(table["samples"].max())
    return f"""# Which settings matter

Ten settings that a reader would ask about, each over the range declared for it, in `visible-score-and-reports`: 1,000
people, three years, five seeds. First all are screened: μ\\* is the mean absolute change of an outcome, in its unit, as
a setting crosses its range (Morris 1991; Campolongo, Cariboni & Saltelli 2007). Then the variance is shared out among
the four that move some outcome most, at {samples} base points (Saltelli et al. 2010): *alone* is what would go if the
setting were known, *with others* what would stay if all others were, with its 95% interval over points and seeds.
`glasshouse sensitivity what-matters` makes [the numbers](sensitivity.csv), and refuses shares that contradict
themselves or have not settled.

{sections}
"""


if __name__ == "__main__":
    (HERE / "sensitivity.md").write_text(page(pd.read_csv(HERE / "sensitivity.csv")), "utf-8")
