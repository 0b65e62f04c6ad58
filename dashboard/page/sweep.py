"""A small sweep on the page: one setting, one outcome, a few seeds, in the background."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import escape
from threading import Event
from typing import TYPE_CHECKING

import numpy as np
import solara
import solara.lab

from ...experiments.evidence.statistics import mean_and_half
from ...experiments.running.run import RunConfiguration
from ...experiments.running.runner import Progress, run_scenarios
from ...experiments.showing.colours import OKABE_ITO
from ...experiments.showing.labels import titled
from ...model.errors import GlasshouseError
from ...model.scenario import Scenario
from .controls import controls

if TYPE_CHECKING:
    from ..session.desk import Desk

OUTCOMES = (
    "compliance",
    "pressure",
    "following",
    "internalised",
    "exposure",
    "trust_authority",
    "trust_ties",
    "reports",
)
LEVELS, SEEDS, MOST_CITIZENS, MOST_WEEKS = 7, 4, 1000, 156
LINE = OKABE_ITO[0]


class CancelledError(GlasshouseError):
    """The sweep was cancelled."""


@dataclass(frozen=True)
class Found:
    """Means over seeds with half the width of their 95% intervals, by value of the setting."""

    values: list[float]
    means: list[float]
    halves: list[float]


def small_sweep(
    plan: Scenario,
    path: str,
    low: float,
    high: float,
    outcome: str,
    weeks: int,
    cancelled: Event,
    told: solara.Reactive[float],
) -> Found:
    """Run a sweep of one setting, on one thread beside the page.

    Parameters
    ----------
    plan
        Scenario; of its citizens at most `MOST_CITIZENS` take part.
    path, low, high
        The setting, and its range.
    outcome, weeks
        Measure, averaged over the last quarter of so many weeks.
    cancelled
        Set to end it.
    told
        Takes how much is done, in percent.

    Raises
    ------
    GlasshouseError
        If it was cancelled, or cannot be.
    """
    values = np.linspace(low, high, LEVELS)
    whole = isinstance(plan.settings().get(path), int)
    if whole:
        values = np.unique(values.round())
    small = plan.change({"population.size": min(plan.population.size, MOST_CITIZENS)})
    scenarios = [small.change({path: int(value) if whole else float(value)}) for value in values]

    def progress(so_far: Progress) -> None:
        if cancelled.is_set():
            raise CancelledError("cancelled")
        told.set(100 * so_far.recorded / so_far.total)

    configuration = RunConfiguration(steps=weeks, last=max(1, weeks // 4), every=weeks)
    with ThreadPoolExecutor(1) as pool:
        try:
            results = run_scenarios(scenarios, configuration, seeds=SEEDS, executor=pool, progress=progress)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    by_seed = results.runs.pivot(index="design_row", columns="replicate", values=outcome).to_numpy(float)
    means, halves = mean_and_half(by_seed)
    return Found(values.tolist(), means.tolist(), halves.tolist())


def chart(found: Found, path: str, outcome: str) -> str:
    """Chart as SVG."""
    wide, high, left, bottom = 460, 240, 60, 40
    x0, x1 = min(found.values), max(found.values)
    low = min(m - h for m, h in zip(found.means, found.halves, strict=True))
    top = max(m + h for m, h in zip(found.means, found.halves, strict=True))
    room = (top - low) or 0.1

    def at(value: float, mean: float) -> tuple[float, float]:
        across = left + (wide - left - 12) * (value - x0) / ((x1 - x0) or 1)
        return across, (high - bottom) - (high - bottom - 12) * (mean - low) / room

    points = [at(v, m) for v, m in zip(found.values, found.means, strict=True)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    bars = "".join(
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{at(v, m - h)[1]:.1f}" y2="{at(v, m + h)[1]:.1f}" stroke="{LINE}"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{LINE}"><title>{v:.4g}: {m:.4f} ± {h:.4f}</title></circle>'
        for (x, y), v, m, h in zip(points, found.values, found.means, found.halves, strict=True)
    )
    words = "".join(
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="11" fill="currentColor" text-anchor="{anchor}">{text}</text>'
        for x, y, anchor, text in (
            (left, high - 22, "middle", f"{x0:.3g}"), (wide - 12, high - 22, "middle", f"{x1:.3g}"),
            ((left + wide) / 2, high - 6, "middle", escape(path)), (left - 6, high - bottom, "end", f"{low:.3f}"),
            (left - 6, 16, "end", f"{top:.3f}"),
        )
    )  # fmt: skip
    said = escape(f"{titled(outcome)} against {path}")
    return (
        f'<svg class="gh-sweep" width="{wide}" height="{high}" role="img" aria-label="{said}">'
        f'<polyline points="{line}" fill="none" stroke="{LINE}" stroke-width="1.5"/>{bars}{words}</svg>'
    )


@solara.component
def SweepPanel(desk: Desk) -> None:
    """One setting, one outcome, a few seeds."""
    plan = desk.plans[0]
    numbers = {c.path: c for c in controls(plan, MOST_CITIZENS) if c.kind in ("number", "whole")}
    first = "institutions.hotline.reward" if "institutions.hotline.reward" in numbers else next(iter(numbers))
    path, set_path = solara.use_state(first)
    path = path if path in numbers else first
    outcome, set_outcome = solara.use_state("compliance")
    weeks, set_weeks = solara.use_state(104)
    share = solara.use_reactive(0.0)
    cancelled = solara.use_memo(Event, [])
    asked, ask = solara.use_state(0)

    def run() -> tuple[Found, str, str] | None:
        if asked == 0:
            return None
        cancelled.clear()
        share.set(0.0)
        control = numbers[path]
        length = max(4, min(weeks, MOST_WEEKS))
        return small_sweep(plan, path, control.low, control.high, outcome, length, cancelled, share), path, outcome

    task = solara.lab.use_task(run, dependencies=[asked], raise_error=False)
    solara.use_effect(lambda: cancelled.set, [])
    words = (
        f"{LEVELS} values over the setting's range, {SEEDS} seeds each, on at most {MOST_CITIZENS:,} citizens; the "
        "mean of the last quarter of the weeks, with its 95% interval."
    )
    solara.HTML("p", unsafe_innerHTML=words)
    with solara.Div(classes=["gh-bar-top"]):
        solara.Select("Setting", values=list(numbers), value=path, on_value=set_path)
        solara.Select("Outcome", values=[str(name) for name in OUTCOMES], value=outcome, on_value=set_outcome)
        solara.SliderInt("Weeks", value=weeks, min=8, max=MOST_WEEKS, on_value=set_weeks)
        solara.Button("Run the sweep", color="primary", on_click=lambda: ask(asked + 1), disabled=task.pending)
        solara.Button("Cancel", on_click=cancelled.set, disabled=not task.pending)
    if task.pending and asked:
        solara.ProgressLinear(share.value or True)
    elif task.error:
        solara.Text(str(task.exception))
    elif task.value is not None:
        solara.HTML(unsafe_innerHTML=chart(*task.value))
