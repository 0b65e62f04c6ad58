"""Write docs/institutions.md from the code: ``uv run python docs/institutions.py``, with ``--measure`` to measure anew.

What each institution is, its phases, equations and settings are read from its class; the effects from
`experiments/evidence/effects_of/`, measured at 1,000 citizens over 20 paired seeds and kept in docs/effects.csv.
"""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from typing import Any

import pandas as pd
from reference import described, settings_table, table

from glasshouse.agents.base import Institution
from glasshouse.agents.compiled import available_threads
from glasshouse.agents.institutions import INSTITUTIONS
from glasshouse.experiments.evidence.effects import Effect, effects, measure_effects
from glasshouse.experiments.showing.tables import effect_frame
from glasshouse.model.phases import PHASES

HERE = Path(__file__).parent
MEASURED = HERE / "effects.csv"
MOVED = HERE / "consequences.csv"

WHAT_MOVES = """## What each moves

One pair of runs for each institution with its defaults, the same 2,000 people with the same luck over the third year,
with it and without it among others that it needs (`docs/consequences.py`). *Acts*: by how much a citizen's share of
complying acts differs, mean over citizens and domains; *compliance*: their mean difference. *Beliefs*: expectation,
approval, perceived detection, believed consequences; *trust*: in the authority and in people at large; *position*:
wealth and hardship; *conviction*: each by how much a citizen's differs, mean over citizens. *Privacy*: difference in
exposure. What touches few people moves the mean of all by little.
"""

HEAD = """# The institutions

Written by `docs/institutions.py` from the code; do not edit. Each section has what an institution does, the phases in
which it acts by itself (what it states for all citizens works in the phases of citizens), its settings and measured
effects. An effect is the mean difference between two worlds of the same 1,000 people with the same luck, over 20 seeds,
with an interval that misses it once in a thousand times; where a row says "alone" it is the value in one world. Paths
of settings are used as in `--set institutions.hotline.reward=1.5`.
"""


def measure() -> None:
    """Measure every effect anew."""
    table = effect_frame(effects(), measure_effects(effects(), workers=available_threads()))
    for row in table.itertuples():
        print(f"{'shows' if row.shows else 'DOES NOT SHOW':14} {row.institution}: {row.effect}")
    table[["institution", "effect", "mean", "low", "high", "shows"]].to_csv(MEASURED, index=False, float_format="%.4g")


def phases(kind: type[Institution]) -> str:
    """Phases that an institution defines."""
    return ", ".join(f"`{name}`" for name in PHASES if name in vars(kind)) or "none of its own"


def page(measured: pd.DataFrame) -> str:
    """The whole page."""
    parts = [HEAD, WHAT_MOVES]
    moved = pd.read_csv(MOVED, index_col="institution")
    rows = ((f"`{name}`", *(f"{value:+.4f}" for value in moved.loc[name])) for name in INSTITUTIONS)
    parts += [*table(("institution", *moved.columns), rows), ""]
    found = {(row.institution, row.effect): row for row in measured.itertuples()}
    for name, kind in INSTITUTIONS.items():
        doc = inspect.cleandoc(kind.__doc__ or "")
        source = (inspect.getmodule(kind).__doc__ or "").strip()  # type: ignore[union-attr]
        parts += [f"## {kind.__name__}", "", f"*{source}* `institutions.{name}`", "", doc, ""]
        parts += [f"Acts in: {phases(kind)}.", "", *settings_table(described(kind.settings_class)), ""]
        rows = (_effect(effect, found.get((name, effect.says))) for effect in effects() if effect.institution == name)
        parts += table(("effect", "mean difference", "interval", "shows", "in the first edition"), rows)
        parts.append("")
    return "\n".join(parts)


def _effect(effect: Effect, row: Any) -> tuple[str, ...]:
    words = effect.says + (" (alone)" if effect.without is None else "")
    before = effect.first_edition or "–"
    if row is None:
        return words, "–", "–", "not measured", before
    shows = "yes" if row.shows else f"**no**: {effect.not_shown}"
    return words, f"{row.mean:.4g}", f"{row.low:.4g} … {row.high:.4g}", shows, before


def main() -> None:
    """Write the page."""
    if "--measure" in sys.argv:
        measure()
    (HERE / "institutions.md").write_text(page(pd.read_csv(MEASURED)), "utf-8")


if __name__ == "__main__":
    main()
