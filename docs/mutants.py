"""Write the page of the mutants: ``uv run python docs/mutants.py``, after ``python -m tests.mutation.run 240``."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent


def page(table: pd.DataFrame, reasons: dict[str, str]) -> str:
    """The page: how many are noticed, by what, and what is not.

    Parameters
    ----------
    table
        A row a mutant, as `tests.mutation.run` writes it.
    reasons
        Why one is not noticed, by ``file:line``.
    """
    by = table["noticed by"]
    left = table[by == ""]
    stages = {
        "the scenario in which every setting differs, as few people as show it": by.str.startswith("golden scenario"),
        "the recorded course of an institution, with fewer people": by.str.startswith("course of"),
        "the program written after the ODD, as the quick suite asks it": by.eq("second program"),
        "other tests of the quick suite": by.str.startswith("tests/"),
    }
    known = sum(stage.astype(int) for stage in stages.values()).astype(bool)
    stages["an error, which any test that reaches the line has"] = ~known & (by != "")
    counts = "\n".join(f"| {words} | {int(stage.sum())} |" for words, stage in stages.items())
    rows = "\n".join(
        f"| `{row.file}:{row.line}` | {row.kind} | `{row.before.strip()}` → `{row.after.strip()}` "
        f"| {reasons.get(f'{row.file}:{row.line}', 'not looked into yet')} |".replace("||", "\\|\\|")
        for row in left.itertuples()
    )
    noticed = f"**{int((by != '').sum())} are noticed, {(by != '').mean():.1%}.**"
    return f"""# Tests that can fail

{len(table)} small faults, one at a time, in rules, institutions and measures: a sign, a factor, a swapped index or
argument, a dropped term, a turned comparison. {noticed} `tests/mutation` makes and tries them
(`uv run python -m tests.mutation.run 240 docs/mutants.csv`); `mutants.csv` has them all.

| noticed by | mutants |
|---|---|
{counts}

A fault is first tried where nothing need be compiled: the quick suite's own scenarios are lived by the interpreter,
with fewer people than there, and the second program with the same people.

Not noticed:

| where | kind | fault | why |
|---|---|---|---|
{rows}
"""


SAME = "the same program: "
REASONS: dict[str, str] = {
    "agents/institutions/predictor.py:308": f"{SAME}the regression has an intercept of its own, which is not used",
    "agents/rules/choosing.py:139": f"{SAME}room for more citizens than are looked at",
    "agents/rules/choosing.py:161": f"{SAME}both are factors of one product",
    "agents/rules/choosing.py:165": f"{SAME}both are factors of one product",
    "agents/rules/exchanging.py:69": f"{SAME}a slice beyond the end of an array ends with it",
    "agents/rules/reporting.py:138": "a bound that spares work, and is larger: the same comes out, later",
    "agents/rules/reporting.py:143": "a bound that spares work, and is larger: the same comes out, later",
    "model/measures/justice.py:78": "the spread below which there is no correlation: in either case far below rounding",
    "model/measures/justice.py:116": f"{SAME}the sum is of distances from the mean, and 0",
    "model/measures/privacy.py:126": f"{SAME}without a score the range is not used",
    "model/measures/privacy.py:138": f"{SAME}an index below zero counts from the end, to the same place",
}

if __name__ == "__main__":
    found = pd.read_csv(HERE / "mutants.csv", keep_default_na=False)
    (HERE / "mutants.md").write_text(page(found, REASONS), "utf-8")
