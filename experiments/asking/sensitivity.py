"""Which settings matter: screening (Morris), shares of variance (Sobol), and what is mere luck of the seed.

Every point is run under the same seeds, and analyses are of the means over them. Intervals resample points and seeds
together, so that they hold for other societies too. Noise that settings and seeds make jointly adds to total indices as
1 / seeds of its share; `variance_parts` says how large it is.

Sources: Morris 1991, doi:10.1080/00401706.1991.10484804; Campolongo, Cariboni & Saltelli 2007,
doi:10.1016/j.envsoft.2006.10.004; Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...model.errors import GlasshouseError
from ...model.measures import declared
from ...model.paths import nearest
from ..running.results import PLACE, Results
from ..running.runner import Study
from .design import Design, DesignError
from .sampling import MORRIS_LEVELS, problem

Floats = npt.NDArray[np.float64]

RESAMPLES = 500
CONFIDENCE = 0.95
CONVERGENCE = (8, 4, 2)
"""Parts of the sample at which indices are computed too, to see them settle."""

VAGUE = 0.5
"""Width of a share's interval from which on it says nothing; half of it is the most that doubling a sample may move."""


@dataclass(frozen=True)
class Sensitivity:
    """What matters for some outcomes.

    Attributes
    ----------
    screening
        By outcome and parameter: `mu_star` (mean absolute change of the outcome when the parameter crosses its range,
        in the outcome's unit), its interval, and `sigma` (spread of the changes: interaction or curvature).
    indices
        By outcome, number of base points and parameter: `first` (share of variance that goes if the parameter is
        fixed) and `total` (share that stays if all others are), with intervals.
    course
        By outcome, week and parameter: `first` and `total` of the mean over the stretch that ends in the week.
    noise
        By outcome: shares of variance by `parameters`, `seeds` (alike at all points) and `both` (luck that depends on
        the settings), for single runs.
    """

    screening: pd.DataFrame
    indices: pd.DataFrame
    course: pd.DataFrame
    noise: pd.DataFrame


def screening_study(design: Design, trajectories: int) -> tuple[Design, Study]:
    """Design and study of the screening of all parameters."""
    screen = _varied(design, "morris", trajectories, tuple(design.parameters))
    return screen, screen.study()


def variance_study(design: Design, samples: int, parameters: Sequence[str]) -> tuple[Design, Study]:
    """Design and study of the variance shares of some parameters; the others stay as in the scenario."""
    shares = _varied(design, "saltelli", samples, parameters)
    return shares, shares.study()


def _varied(design: Design, kind: str, samples: int, parameters: Sequence[str]) -> Design:
    if len(design.parameters) < 2 or not isinstance(design.scenario, str) or design.ramp or not design.paired:
        raise DesignError(
            f"{design.name}: sensitivity needs one scenario, at least two parameters, paired seeds and no ramp"
        )
    kept = {path: design.parameters[path] for path in parameters}
    name = f"{design.name}-{kind}"
    changes = {"design": kind, "samples": samples, "parameters": kept, "name": name, "points": [], "leave_out": []}
    return design.model_copy(update=changes)


def check_outcomes(outcomes: Sequence[str], study: Study) -> None:
    """Refuse outcomes that no run will have, before any is made."""
    asked = [outcome.column for outcome in study.configuration.read_outcomes()]
    known = [*declared(study.points[0].scenario.domain_names), *asked]
    for outcome in outcomes:
        if outcome not in known:
            raise GlasshouseError(f"there is no outcome {outcome!r}; {nearest(outcome, known)}")


def outcome_values(table: pd.DataFrame, outcome: str, expected: int) -> Floats:
    """Values of an outcome, shape (points, seeds).

    Raises
    ------
    GlasshouseError
        If there is no such outcome, a run is missing, or a value does not exist: one such value would spoil every
        index.
    """
    if outcome not in table.columns or outcome in PLACE:
        raise GlasshouseError(f"there is no outcome {outcome!r}; {nearest(outcome, table.columns)}")
    if len(table) != expected:
        raise GlasshouseError(f"{expected - len(table)} of {expected} runs came to nothing; see glasshouse status")
    values = table.pivot(index="design_row", columns="replicate", values=outcome).to_numpy(float)
    missing = int((~np.isfinite(values)).sum())
    if missing:
        raise GlasshouseError(f"{outcome} does not exist in {missing} of {values.size} runs; choose another outcome")
    return values


def elementary_effects(units: Floats, values: Floats, rng: np.random.Generator) -> pd.DataFrame:
    """Table of Morris's μ* with its interval, and σ, a row a parameter.

    Parameters
    ----------
    units
        Sample of the unit cube in trajectories, shape (trajectories · (parameters + 1), parameters).
    values
        Shape (points, seeds).
    rng
        For resampling.
    """
    from SALib.analyze import morris

    count = units.shape[1]
    size = count + 1
    found: list[tuple[Floats, Floats]] = []
    for trajectories, seeds in _resampled(len(units) // size, values.shape[1], RESAMPLES // 5, rng):
        rows = (trajectories[:, None] * size + np.arange(size)).ravel()
        mean = values[rows][:, seeds].mean(axis=1)
        made = morris.analyze(problem(count), units[rows], mean, num_resamples=2, num_levels=MORRIS_LEVELS, seed=1)
        found.append((np.asarray(made["mu_star"], float), np.asarray(made["sigma"], float)))
    low, high = _interval([mu_star for mu_star, _ in found[1:]])
    return pd.DataFrame({"mu_star": found[0][0], "low": low, "high": high, "sigma": found[0][1]})


def sobol_indices(values: Floats, count: int, rng: np.random.Generator, resamples: int = RESAMPLES) -> pd.DataFrame:
    """Table of first-order and total indices with intervals, a row a parameter.

    Parameters
    ----------
    values
        Shape (base points · (parameters + 2), seeds), in Saltelli's order.
    count
        Number of parameters.
    rng
        For resampling base points and seeds together.
    resamples
        How often; 0 for no intervals.
    """
    from SALib.analyze.sobol import first_order, total_order

    size = count + 2
    blocks = values.reshape(-1, size, values.shape[1])
    firsts: list[Floats] = []
    totals: list[Floats] = []
    for bases, seeds in _resampled(len(blocks), blocks.shape[2], resamples, rng):
        y = blocks[bases][:, :, seeds].mean(axis=2)
        if np.ptp(y) == 0:
            firsts.append(np.zeros(count))
            totals.append(np.zeros(count))
            continue
        y = (y - y.mean()) / y.std()
        a, mixed, b = y[:, 0], y[:, 1:-1], y[:, -1]
        firsts.append(np.array([first_order(a, mixed[:, k], b) for k in range(count)]).ravel())
        totals.append(np.array([total_order(a, mixed[:, k], b) for k in range(count)]).ravel())
    table = pd.DataFrame({"first": firsts[0], "total": totals[0]})
    if resamples:
        table["first_low"], table["first_high"] = _interval(firsts[1:])
        table["total_low"], table["total_high"] = _interval(totals[1:])
    return table


def variance_parts(values: Floats) -> dict[str, float]:
    """Shares of the variance of single runs: parameters, seeds alike at all points, and both jointly.

    Two-way analysis of variance without replication, both factors random (method of moments); a negative estimate is
    taken as 0. With one seed the parts cannot be told apart and are NaN.
    """
    points, seeds = values.shape
    if seeds < 2 or points < 2:
        return dict.fromkeys(("parameters", "seeds", "both"), float("nan"))
    by_point, by_seed, mean = values.mean(axis=1), values.mean(axis=0), values.mean()
    rest = values - by_point[:, None] - by_seed + mean
    both = float((rest**2).sum() / ((points - 1) * (seeds - 1)))
    parts = {
        "parameters": max(0.0, float(by_point.var(ddof=1)) - both / seeds),
        "seeds": max(0.0, float(by_seed.var(ddof=1)) - both / points),
        "both": both,
    }
    total = sum(parts.values())
    return {name: part / total if total > 0 else 0.0 for name, part in parts.items()}


def _resampled(
    groups: int, seeds: int, times: int, rng: np.random.Generator
) -> list[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]:
    """First everything as it is, then groups and seeds drawn with replacement."""
    return [
        (np.arange(groups), np.arange(seeds)),
        *((rng.integers(groups, size=groups), rng.integers(seeds, size=seeds)) for _ in range(times)),
    ]


def _interval(values: Sequence[Floats]) -> tuple[Floats, Floats]:
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(values, [tail, 1 - tail], axis=0)
    return low, high


def screen(design: Design, results: Results, outcomes: Sequence[str]) -> pd.DataFrame:
    """`Sensitivity.screening` from the runs of a screening study."""
    units, paths = design.sample(), list(design.parameters)
    table = done(results)

    def of(outcome: str) -> pd.DataFrame:
        values = outcome_values(table, outcome, len(units) * len(design.seed_numbers))
        return elementary_effects(units, values, np.random.default_rng(1))

    return _by(outcomes, of, paths)


def most_important(screening: pd.DataFrame, keep: int) -> list[str]:
    """The parameters that matter most for any outcome, relative to the one that matters most for it."""
    mu_star = screening["mu_star"].unstack("outcome")
    relative = (mu_star / mu_star.max()).fillna(0.0).max(axis=1)
    kept = set(relative.sort_values(ascending=False, kind="stable").index[:keep])
    return [path for path in screening.index.get_level_values("parameter").unique() if path in kept]


def analyse(design: Design, results: Results, screening: pd.DataFrame, outcomes: Sequence[str]) -> Sensitivity:
    """Shares of variance from the runs of a variance study, and all the rest."""
    paths, seeds = list(design.parameters), len(design.seed_numbers)
    size = len(paths) + 2
    expected = design.samples * size * seeds
    table = done(results)
    indices: dict[tuple[str, int], pd.DataFrame] = {}
    noise: dict[str, dict[str, float]] = {}
    for outcome in outcomes:
        values = outcome_values(table, outcome, expected)
        noise[outcome] = variance_parts(values)
        for part in (*CONVERGENCE, 1):
            samples = design.samples // part
            if samples >= 8 or part == 1:
                some = values[: samples * size]
                indices[outcome, samples] = _named(sobol_indices(some, len(paths), np.random.default_rng(1)), paths)
    series = results.series

    def at(week: int) -> Callable[[str], pd.DataFrame]:
        then = series[series["week"] == week]
        rng = np.random.default_rng(1)
        return lambda outcome: sobol_indices(outcome_values(then, outcome, expected), len(paths), rng, resamples=0)

    # Other outcomes are of a whole run and have no course.
    weekly = [outcome for outcome in outcomes if outcome in series]
    course = {int(week): _by(weekly, at(int(week)), paths) for week in sorted(series["week"].unique())}
    return Sensitivity(
        screening,
        pd.concat(indices, names=["outcome", "samples"]),
        pd.concat(course, names=["week"]).swaplevel("week", "outcome").sort_index(),
        pd.DataFrame.from_dict(noise, orient="index").rename_axis("outcome"),
    )


def doubts(found: Sensitivity) -> list[str]:
    """Why the shares of variance cannot be trusted, a sentence for each fault; nothing where they can.

    A share alone is at most that with others, shares alone add up to at most 1 and those with others to at least 1, as
    far as their intervals say; an interval is narrower than `VAGUE`; and doubling the sample has moved no share by more
    than half of that. An outcome that no parameter moves has no shares to doubt.
    """
    most = found.indices.index.get_level_values("samples").max()
    said: list[str] = []
    for outcome in found.noise.index:
        sizes = found.indices.loc[outcome]
        shares = sizes.xs(most, level="samples")
        if not shares["total"].any():
            continue
        before = sizes.xs(most // 2, level="samples")["total"] if (most // 2) in sizes.index else shares["total"]
        for path, row in shares.iterrows():
            if row["first_low"] > row["total_high"]:
                said.append(f"{outcome}: {path} has {row['first']:.2f} alone and {row['total']:.2f} with others")
            elif row["total_high"] - row["total_low"] > VAGUE:
                said.append(f"{outcome}: {path} has {row['total_low']:.2f} to {row['total_high']:.2f}")
            elif abs(row["total"] - before[path]) > VAGUE / 2:
                said.append(f"{outcome}: {path} had {before[path]:.2f} of half the sample, {row['total']:.2f} of all")
        if shares["first_low"].sum() > 1 or shares["total_high"].sum() < 1:
            alone, all_of = shares["first"].sum(), shares["total"].sum()
            said.append(f"{outcome}: shares add up to {alone:.2f} alone and {all_of:.2f} with others")
    return said


def done(results: Results) -> pd.DataFrame:
    """Runs that came to something."""
    return results.runs[results.runs["status"] == "done"]


def _named(table: pd.DataFrame, paths: list[str]) -> pd.DataFrame:
    return table.set_axis(pd.Index(paths, name="parameter"))


def _by(outcomes: Sequence[str], function: Callable[[str], pd.DataFrame], paths: list[str]) -> pd.DataFrame:
    return pd.concat({outcome: _named(function(outcome), paths) for outcome in outcomes}, names=["outcome"])


def long_table(found: Sensitivity) -> pd.DataFrame:
    """All of it as one table: stage, outcome, parameter, samples, week, quantity, value, low, high."""
    rows: list[dict[str, Any]] = []
    for (outcome, path), row in found.screening.iterrows():  # pyright: ignore
        head = {"stage": "screening", "outcome": outcome, "parameter": path}
        rows.append(head | {"quantity": "mu_star", "value": row["mu_star"], "low": row["low"], "high": row["high"]})
        rows.append(head | {"quantity": "sigma", "value": row["sigma"]})
    for (outcome, samples, path), row in found.indices.iterrows():  # pyright: ignore
        head = {"stage": "variance", "outcome": outcome, "parameter": path, "samples": samples}
        for kind in ("first", "total"):
            ends = {"low": row[f"{kind}_low"], "high": row[f"{kind}_high"]}
            rows.append(head | {"quantity": kind, "value": row[kind]} | ends)
    for (outcome, week, path), row in found.course.iterrows():  # pyright: ignore
        head = {"stage": "course", "outcome": outcome, "parameter": path, "week": week}
        rows += [head | {"quantity": kind, "value": row[kind]} for kind in ("first", "total")]
    for outcome, row in found.noise.iterrows():
        rows += [{"stage": "noise", "outcome": outcome, "quantity": part, "value": row[part]} for part in row.index]
    columns = ["stage", "outcome", "parameter", "samples", "week", "quantity", "value", "low", "high"]
    return pd.DataFrame(rows, columns=columns)
