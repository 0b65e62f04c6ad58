"""The commands of questions that runs answer: `glasshouse compare`, `effects`, `field`, `fit`."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import pandas as pd
from cyclopts import Parameter

from ...model.errors import shown
from ...model.version import __version__
from ..asking.comparison import compare as paired
from ..asking.comparison import comparison_study
from ..evidence.defaults import RECORDED, RECORDED_ON
from ..evidence.effects import chosen_effects, effects_study, load_effects, measure_effects
from ..evidence.effects import effects as built_in
from ..evidence.field import chosen_trials, field_study, hold_against_field
from ..evidence.fit import (
    FITTED,
    IMPLAUSIBLE,
    PREDICTED,
    SEARCHED,
    draw_possible,
    history_match,
    identified,
    predicted,
)
from ..evidence.posterior import FEWEST, Posterior, recovered, simulated, spread_out, summary
from ..running.output import check_writable, write_table
from ..showing.console import console
from ..showing.tables import (
    comparison_tables,
    effect_frame,
    effect_table,
    field_frame,
    field_table,
    fit_table,
    prediction_table,
)
from .studies import carried_out
from .terminal import Set, UsageError, Whole, inputs_of, planned, settings_of


def compare(
    a: str,
    b: str,
    /,
    *,
    seeds: Whole = 20,
    steps: Whole = 260,
    last: Whole = 26,
    outcome: list[str] | None = None,
    store: Path | None = None,
    workers: Whole = 0,
    on: str | None = None,
    set_: Set = None,
    set_b: Annotated[list[str] | None, Parameter(name="--set-b")] = None,
    out: Path | None = None,
) -> None:
    """Compare two scenarios: the same people with the same luck, under one and under the other.

    Parameters
    ----------
    a
        Name of a built-in scenario or path of a .toml file.
    b
        The other one.
    seeds
        Pairs of runs.
    steps
        Weeks of each run.
    last
        Weeks at the end over which measures are averaged.
    outcome
        What else to compare, as in a design: "total reports". Repeat for more.
    store
        File that keeps the runs (SQLite, on a local disk). What it holds is not run again.
    workers
        Processes; 0 is one for each core.
    on
        Run on a Dask cluster instead: dask://HOST:PORT, or the scheduler's file (.json).
    set_b
        Change a setting in the second scenario only. Repeat for more.
    out
        Write the table of measures to this .parquet, .csv or .json file.
    """
    first, second = planned(a, set_ or [], None), planned(b, [*(set_ or []), *(set_b or [])], None)
    comparison_study(first, second, seeds, steps, last, outcome or ())  # what is wrong is said before a store is made
    if out is not None:
        check_writable(out, a, b, store, *inputs_of(first, second))
    with carried_out("runs", store, on, workers) as how:
        found = paired(first, second, seeds, steps, last=last, outcomes=outcome or (), **how)
    for table in comparison_tables(found):
        console().print(table)
    if out is not None:
        write_table(found.measures.reset_index(), out)
        console().print(f"Wrote {len(found.measures)} measures to {out}")


def effects(
    *names: str,
    seeds: Whole = 20,
    size: Whole = 1000,
    file: Path | None = None,
    store: Path | None = None,
    workers: Whole = 0,
    on: str | None = None,
    out: Path | None = None,
) -> None:
    """Measure what institutions are there for: the same people with the same luck, with them and without.

    Parameters
    ----------
    names
        Institutions, or words of what an effect says; without any all are measured.
    seeds
        Pairs of runs, under seeds 1, 2, ….
    size
        Citizens in each world.
    file
        Effects of your own, in a .toml file with [[effect]], instead of those built in.
    store
        File that keeps the runs (SQLite, on a local disk). What it holds is not run again.
    workers
        Processes; 0 is one for each core.
    on
        Run on a Dask cluster instead: dask://HOST:PORT, or the scheduler's file (.json).
    out
        Write the table to this .parquet, .csv or .json file.
    """
    check_numbers(seeds, size)
    if out is not None:
        check_writable(out, file, store)
    chosen = chosen_effects(names, built_in() if file is None else load_effects(file))
    effects_study(chosen, seeds, size)
    with carried_out("runs", store, on, workers) as how:
        measured = measure_effects(chosen, seeds, size, **how)
    console().print(effect_table(chosen, measured))
    if out is not None:
        write_table(effect_frame(chosen, measured), out)


def field(
    *names: str,
    seeds: Whole = 12,
    size: Whole = 2000,
    quick: bool = False,
    store: Path | None = None,
    workers: Whole = 0,
    on: str | None = None,
    out: Path | None = None,
    figure: Path | None = None,
    set_: Set = None,
) -> None:
    """Hold the model against the field: virtual trials of published facts, each with its band and a verdict.

    Trials T were tuned on. Nothing was tuned on the trials H: they are computed only with the defaults that were fixed
    before, and left out where settings are tried. The trials are T0a to T14 and H1 to H9.

    Parameters
    ----------
    names
        Trials, such as T1 or H4; all where none is named.
    seeds
        Seeds 1, 2, … over which each statistic is averaged.
    size
        Citizens in each trial.
    quick
        The shortest trials alone, with few people and seeds: a minute or two.
    store
        File that keeps the runs (SQLite, on a local disk). What it holds is not run again.
    workers
        Processes; 0 is one for each core.
    on
        Run on a Dask cluster instead: dask://HOST:PORT, or the scheduler's file (.json).
    out
        Write the table to this .parquet, .csv or .json file.
    figure
        Draw every statistic with its interval over its band to this .svg, .pdf or .png file.
    """
    if quick:
        seeds, size = min(seeds, 3), min(size, 500)
    check_numbers(seeds, size)
    if out is not None:
        check_writable(out, store)
    if figure is not None:
        from ..showing import figures

        figures.check_drawable(figure, store)
    trials = chosen_trials(names, quick)
    changes = settings_of(set_ or [])
    if "population.size" in changes:
        raise UsageError("population.size: give --size, which is how many citizens each trial has")
    if changes and any(trial.held_out for trial in trials):
        # A held-out fact at settings that are tried out would be tuned on.
        if names:
            held = ", ".join(trial.name for trial in trials if trial.held_out)
            raise UsageError(f"{held}: held out, and computed at the recorded defaults alone; leave --set out")
        trials = [trial for trial in trials if not trial.held_out]
    field_study(trials, seeds, size, changes)
    with carried_out("field", store, on, workers) as how:
        findings = hold_against_field([each.names[0] for each in trials], seeds, size, changes, **how)
    console().print(field_table(findings))
    if any(each.trial.held_out for each in findings):
        console().print(f"Held out: the defaults were fixed on {RECORDED_ON}, digest {RECORDED[:12]}.")
    if out is not None:
        write_table(field_frame(findings), out)
    if figure is not None:
        from ..showing import field_figure, figures

        figures.save(field_figure.draw(findings), figure, (f"{seeds} seeds", f"{size:,} citizens", __version__))


def fit(
    *,
    waves: Whole = 2,
    points: Whole = 64,
    draws: Whole = 600,
    predict: Whole = 0,
    seeds: Whole = 2,
    size: Whole = 500,
    store: Path | None = None,
    workers: Whole = 0,
    on: str | None = None,
    out: Path | None = None,
    posterior: Path | None = None,
) -> None:
    """Find which settings the trials leave possible, and what is known of each: history matching, then a posterior.

    Facts that are held out are not used. With the numbers as they are it takes about half an hour on two cores.

    Parameters
    ----------
    waves
        How many waves of history matching; each is drawn from what those before left possible.
    points
        Settings tried in a wave.
    draws
        Settings drawn from what the waves left possible, for the posterior; 0 ends with the waves.
    predict
        Draws from the posterior at which the held-out trials, and what is left after a regime, are run.
    seeds
        Seeds 1, 2, … over which each statistic is averaged.
    size
        Citizens in each trial.
    store
        File that keeps the runs (SQLite, on a local disk). What it holds is not run again.
    workers
        Processes; 0 is one for each core.
    on
        Run on a Dask cluster instead: dask://HOST:PORT, or the scheduler's file (.json).
    out
        Write all settings that were tried, with their statistics, to this .parquet, .csv or .json file.
    posterior
        Write what is known of each setting to this .parquet, .csv or .json file, and what is predicted beside it.
    """
    check_numbers(seeds, size)
    if draws and draws < FEWEST:
        raise UsageError(f"--draws {shown(draws)}: give at least {FEWEST}, or 0 for none")
    if predict < 0:
        raise UsageError(f"--predict {shown(predict)}: give how many draws to predict at, or 0 for none")
    if predict and not draws:
        raise UsageError("--predict: needs draws from the posterior; give --draws too")
    if draws and not find_spec("sklearn"):
        raise UsageError("--draws needs scikit-learn: install glasshouse[calibration], or give --draws 0")
    for path in (out, posterior):
        if path is not None:
            check_writable(path, store)
    with carried_out("fit", store, on, workers) as how:
        tried = history_match(waves, points, seeds, size, **how)
        found, predictions = identified(tried), None
        if draws:
            drawn = draw_possible(tried, draws, seeds, size, **how)
            tried = pd.concat([tried, drawn], ignore_index=True)
            of = simulated(drawn, SEARCHED, chosen_trials(FITTED))
            left = Posterior(of).given(of.middle)
            found = summary(of, left, recovered(of))
            chosen = spread_out(of, left, predict)
            predictions = predicted(chosen, PREDICTED, 1, size, **how) if predict else None
    possible = int((tried["implausibility"] <= IMPLAUSIBLE).sum())
    console().print(fit_table(found, possible, len(tried)))
    if predictions is not None:
        console().print(prediction_table(predictions))
    if out is not None:
        write_table(tried, out)
    if posterior is not None:
        write_table(found.reset_index(), posterior)
        if predictions is not None:
            write_table(predictions.reset_index(), posterior.with_stem(f"{posterior.stem}-predicted"))


def check_numbers(seeds: int, size: int) -> None:
    """Refuse so few seeds or citizens that nothing could be said."""
    if seeds < 2 or size < 100:
        raise UsageError(f"--seeds {shown(seeds)} --size {shown(size)}: give at least 2 seeds and 100 citizens")
