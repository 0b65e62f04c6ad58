"""Which settings matter: ``uv run python docs/sensitivity.py [STORE.sqlite]``; runs are kept in the store.

Written are `sensitivity.csv` and `sensitivity.md`. On two cores it takes about half an hour.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from glasshouse.experiments.asking.design import Design
from glasshouse.experiments.asking.sensitivity import (
    analyse,
    doubts,
    long_table,
    most_important,
    screen,
    screening_study,
    variance_study,
)
from glasshouse.experiments.command_line.studies import EXPLAINED
from glasshouse.experiments.running.runner import run_study
from glasshouse.experiments.running.store import Store
from glasshouse.experiments.showing.labels import label

HERE = Path(__file__).parent
TRAJECTORIES, SAMPLES, KEPT = 10, 128, 4


def section(outcome: str, rows: pd.DataFrame) -> str:
    """What moves an outcome: its settings, the first one most, and how much of it is luck."""
    of_settings = rows[rows["stage"] != "noise"]
    settings = of_settings.pivot(index="parameter", columns="quantity", values=["value", "low", "high"])
    lines = ["| setting | μ\\* | 95% | σ | alone | with others | 95% |", "|---|---|---|---|---|---|---|"]
    for path, row in settings.sort_values(("value", "mu_star"), ascending=False).iterrows():
        effect = f"{row['value', 'mu_star']:.4f} | {row['low', 'mu_star']:.4f} to {row['high', 'mu_star']:.4f}"
        shares = " | | "
        if pd.notna(row["value", "total"]):
            first, total = row["value", "first"], row["value", "total"]
            # An estimate may fall a little below nothing.
            shares = f"{max(first, 0):.2f} | {total:.2f} | {row['low', 'total']:.2f} to {row['high', 'total']:.2f}"
        lines.append(f"| `{path}` | {effect} | {row['value', 'sigma']:.4f} | {shares} |")
    noise = rows[rows["stage"] == "noise"].set_index("quantity")["value"]
    luck = f"Of the variance of single runs {noise['seeds']:.0%} is luck, and {noise['both']:.0%} luck that depends on"
    return "\n".join((f"## {label(outcome)}\n", *lines, f"\n{luck} the settings."))


def page(table: pd.DataFrame) -> str:
    """The page: for each outcome the settings that move it, the first one most."""
    sections = "\n\n".join(section(str(name), rows) for name, rows in table.groupby("outcome", sort=False))
    return f"""# Which settings matter

Ten settings that a reader would ask about, each over the range declared for it, in `visible-score-and-reports`: 1,000
people, three years, five seeds. All are screened ({TRAJECTORIES} trajectories: Morris 1991; Campolongo, Cariboni &
Saltelli 2007): μ\\* is the mean absolute change of an outcome, in its unit, as a setting crosses its range, with its
interval over trajectories and seeds; σ is large where the change depends on the other settings. The variance is then
shared out among {KEPT} of them ({SAMPLES} base points: Saltelli et al. 2010), those that come nearest to the first of
some outcome; the others stay as they are. *Alone* is the share of variance that goes if the setting is known, *with
others* the share that stays if all but it are. Where the second is much the larger, what the setting does depends on
the others: one number for its effect would mislead.

All of it is for these ranges and this scenario; with other ranges other settings lead. `docs/sensitivity.py` makes
the table with the studies of `glasshouse sensitivity what-matters --trajectories {TRAJECTORIES} --keep {KEPT}`.

{sections}
"""


def main(store: Path) -> None:
    """Run what the store does not have, and write table and page.

    Raises
    ------
    SystemExit
        If the shares of variance cannot be trusted.
    """
    asked = Design.load("what-matters")
    with Store(store) as opened:
        design, study = screening_study(asked, TRAJECTORIES)
        screening = screen(design, run_study(study, opened, workers=2), EXPLAINED)
        design, study = variance_study(asked, SAMPLES, most_important(screening, KEPT))
        found = analyse(design, run_study(study, opened, workers=2), screening, EXPLAINED)
    if doubtful := doubts(found):
        raise SystemExit("\n".join(doubtful))
    table = long_table(found)
    table = table[(table["stage"] != "course") & ~(table["samples"] < SAMPLES)].drop(columns=["samples", "week"])
    table.to_csv(HERE / "sensitivity.csv", index=False, float_format="%.5g", lineterminator="\n")
    (HERE / "sensitivity.md").write_text(page(table), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("why.sqlite"))
