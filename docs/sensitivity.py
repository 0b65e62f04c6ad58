"""Screens which settings matter: ``uv run python docs/sensitivity.py [STORE.sqlite]``; runs are kept in the store.

Written are `sensitivity.csv` and `sensitivity.md`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from glasshouse.experiments.asking.design import Design
from glasshouse.experiments.asking.sensitivity import screen, screening_study
from glasshouse.experiments.command_line.studies import EXPLAINED
from glasshouse.experiments.running.runner import run_study
from glasshouse.experiments.running.store import Store
from glasshouse.experiments.showing.labels import label

HERE = Path(__file__).parent
TRAJECTORIES = 10


def page(table: pd.DataFrame) -> str:
    """The page: for each outcome the settings that move it, the first one most."""
    parts: list[str] = []
    for name, rows in table.groupby("outcome", sort=False):
        lines = [f"## {label(str(name))}\n", "| setting | μ\\* | 95% | σ |", "|---|---|---|---|"]
        for row in rows.sort_values("mu_star", ascending=False).to_dict("records"):
            span = f"{row['low']:.4f} to {row['high']:.4f}"
            lines.append(f"| `{row['parameter']}` | {row['mu_star']:.4f} | {span} | {row['sigma']:.4f} |")
        parts.append("\n".join(lines))
    sections = "\n\n".join(parts)
    return f"""# Which settings matter

Ten settings that a reader would ask about, each over the range declared for it, in `visible-score-and-reports`: 1,000
people, three years, five seeds, {TRAJECTORIES} trajectories (Morris 1991; Campolongo, Cariboni & Saltelli 2007). μ\\*
is the mean absolute change of an outcome, in its unit, as a setting crosses its range, with its interval over
trajectories and seeds; σ is large where the change depends on the other settings. `docs/sensitivity.py` makes the
table with the study of `glasshouse sensitivity what-matters`, which goes on to shares of variance. Of these none is
told at 64 base points: some intervals are wider than half of everything.

{sections}
"""


def main(store: Path) -> None:
    """Run what the store does not have, and write table and page."""
    design, study = screening_study(Design.load("what-matters"), TRAJECTORIES)
    with Store(store) as opened:
        found = screen(design, run_study(study, opened, workers=2), EXPLAINED)
    table = found.reset_index()
    table.to_csv(HERE / "sensitivity.csv", index=False, float_format="%.5g", lineterminator="\n")
    (HERE / "sensitivity.md").write_text(page(table), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("why.sqlite"))
