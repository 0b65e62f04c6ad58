"""The page."""

from __future__ import annotations

import html
import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import reacton.ipyvuetify as v
import solara
import solara.lab

from ...agents.institutions import INSTITUTIONS
from ...experiments.running.output import write_table
from ...experiments.showing import figures
from ...model.errors import GlasshouseError
from ...model.paths import nearest
from ...model.scenario import Scenario, scenarios
from ...model.version import __version__
from ..drawing.looks import LOOKS
from ..drawing.widgets import STATIC
from ..session.course import Course, built_in
from ..session.desk import DEFAULT, Desk
from ..session.links import packed, unpacked
from ..session.world import Limits
from .controls import Control, controls
from .sweep import SweepPanel

FASTEST = 60
"""Most weeks a second."""

CSS = (STATIC / "style.css").read_text("utf-8")


def limits() -> Limits:
    """What this server allows, as `glasshouse dashboard` was told."""
    given = {name: int(os.environ[f"GLASSHOUSE_MOST_{name.upper()}"]) for name in ("citizens", "weeks", "sessions")
             if f"GLASSHOUSE_MOST_{name.upper()}" in os.environ}  # fmt: skip
    return Limits(**given)


def desk_for(search: str | None) -> Desk | str:
    """Session for an address, or in words why there is none."""
    fault = ""
    try:
        if search and "s=" in search:
            try:
                return Desk(unpacked(search.split("s=", 1)[1].split("&")[0]), limits())
            except GlasshouseError as error:
                fault = str(error)
        desk = Desk(Course.of(os.environ.get("GLASSHOUSE_SCENARIO", DEFAULT)), limits())
    except GlasshouseError as error:
        return str(error)
    desk.fault.set(fault)
    return desk


@solara.component
def Page() -> None:
    """The whole page."""
    solara.Title("Glasshouse")
    solara.Style(CSS)
    router = solara.use_router()
    desk = solara.use_memo(lambda: desk_for(router.search), [])

    def ending() -> Callable[[], None] | None:
        return desk.close if isinstance(desk, Desk) else None

    solara.use_effect(ending, [])
    if isinstance(desk, str):
        solara.Error(desk)
    else:
        Room(desk)


@solara.component
def Room(desk: Desk) -> None:
    """The page of a session."""
    dark = solara.lab.use_dark_effective()
    for widget in (*desk.networks, desk.charts, desk.differences):
        if widget.dark != dark:
            widget.dark = dark
    presets = [start.preset for start in desk.course.starts]
    two = len(presets) == 2
    with solara.Div(classes=["gh-page"]):
        with solara.Div():
            Top(desk)
            with solara.Div(classes=["gh-stage", "gh-two"] if two else ["gh-stage"]):
                for letter, name, network in zip("AB", presets, desk.networks, strict=False):
                    with solara.Div():
                        if two:
                            words = f"World {letter}: {name}; circled: those who act otherwise in the other world"
                            solara.Div(classes=["gh-caption"], children=[words])
                        solara.Div(children=[network])
            Words(desk)
            solara.Div(children=[desk.citizen], classes=["gh-citizen-box"])
        with solara.Div():
            if two:
                solara.Div(children=[desk.differences])
            solara.Div(children=[desk.charts])
            solara.Div(children=[desk.bars])
        with solara.Div(classes=["gh-below"]), solara.lab.Tabs():
            with solara.lab.Tab("Settings"):
                Settings(desk)
            with solara.lab.Tab("The story"):
                Story(desk)
            with solara.lab.Tab("Small sweep"):
                SweepPanel(desk)
            with solara.lab.Tab("Take it away"):
                Away(desk)
    solara.Div(children=[desk.tour])


@solara.component
def Top(desk: Desk) -> None:
    """Scenario, seed, time."""
    course, told, player = desk.course, desk.told.value, desk.player
    first, *others = (start.preset for start in course.starts)
    other = others[0] if others else ""
    names = list(scenarios())
    domains = list(desk.plans[0].domain_names)
    with solara.Div(classes=["gh-bar-top"]):
        solara.Select("Scenario", values=names, value=first, dense=True, style={"max-width": "260px"},
                      on_value=lambda name: desk.begin(Course.of(name, course.seed, other)))  # fmt: skip
        solara.Select("Compared with", values=["nothing", *names], value=other or "nothing", dense=True,
                      style={"max-width": "220px"},
                      on_value=lambda name: desk.begin(course.beside("" if name == "nothing" else name)))  # fmt: skip
        solara.InputInt("Seed", value=course.seed, dense=True, style={"width": "90px"},
                        on_value=lambda seed: desk.begin(replace(course, seed=abs(seed or 0))))  # fmt: skip
    with solara.Div(classes=["gh-bar-top"]):
        solara.Button("Pause" if told.playing else "Play", color="primary", classes=["gh-play"],
                      icon_name="mdi-pause" if told.playing else "mdi-play",
                      on_click=lambda: player.do(lambda: player.play(not player.playing)))  # fmt: skip
        solara.Button(
            "One week", on_click=lambda: player.do(player.step), icon_name="mdi-skip-next", classes=["gh-one"]
        )
        solara.Button("Start again", on_click=desk.restart, icon_name="mdi-restart", classes=["gh-again"])
        solara.Button("Switch it off", on_click=desk.switch_off, icon_name="mdi-power", color="error",
                      classes=["gh-off"], outlined=True)  # fmt: skip
        week, set_week = solara.use_state(0)
        solara.InputInt("Go to week", value=week, on_value=set_week, dense=True, style={"width": "110px"})
        solara.Button("Go", on_click=lambda: desk.go_to(week or 0), text=True, classes=["gh-go"])
        solara.Div(classes=["gh-week"], children=[f"week {told.week:,}" + (f" → {told.going:,}" if told.going else "")])
    with solara.Div(classes=["gh-bar-top"]):
        speed, set_speed = solara.use_state(10)

        def faster(value: int) -> None:
            speed = min(FASTEST, max(1, int(value)))
            set_speed(speed)
            player.speed = float(speed)

        solara.SliderInt(f"Weeks a second: {speed}", value=speed, min=1, max=FASTEST, on_value=faster)
        solara.Select("Colours show", values=[str(look) for look in LOOKS], value=player.view.look, dense=True,
                      on_value=lambda look: desk.view(look=look), style={"max-width": "140px"})  # fmt: skip
        solara.Select("In the domain", values=domains, dense=True, style={"max-width": "150px"},
                      value=player.view.domain if player.view.domain in domains else domains[0],
                      on_value=lambda domain: desk.view(domain=domain))  # fmt: skip
        solara.lab.ThemeToggle()
        solara.Button("Tour", text=True, on_click=lambda: setattr(desk.tour, "asked", desk.tour.asked + 1))


@solara.component
def Words(desk: Desk) -> None:
    """What could not be done, and what was changed."""
    told = desk.told.value
    for fault in dict.fromkeys(filter(None, (desk.fault.value, told.message))):
        solara.Div(classes=["gh-message"], children=[fault], attributes={"role": "alert"})
    if told.events:
        words = [f"{chr(65 + k % 26)} week {week}: {says}" for k, (week, says) in enumerate(told.events)]
        solara.Div(classes=["gh-caption"], children=[" · ".join(words[-8:])])
    if told.in_other:
        words = [f"week {week}: {says}" for week, says in told.in_other]
        solara.Div(classes=["gh-caption"], children=["In world B: " + " · ".join(words[-8:])])


@solara.component
def Story(desk: Desk) -> None:
    """What the scenario stands for."""
    plan = built_in(desk.course.starts[0].preset)
    Prose("h3", plan.title)
    Prose("p", plan.about)
    Prose("p", f"Look at: {plan.look_at}")
    for source in plan.sources:
        Prose("p", f"Source: {source}")
    Prose(
        "p",
        "The model describes documented institutions and mechanisms of the literature; it is no estimate for a "
        f"country. Glasshouse {__version__}.",
    )


@solara.component
def Prose(tag: str, text: str) -> None:
    """Text as it is; the page needs no interpreter of markup, which would be loaded from elsewhere."""
    solara.HTML(tag, unsafe_innerHTML=html.escape(text))


@solara.component
def Settings(desk: Desk) -> None:
    """Every setting, from its own declaration."""
    course, plans = desk.course, desk.plans
    which, set_which = solara.use_state(0)
    which = min(which, len(plans) - 1)
    search, set_search = solara.use_state("")
    group, set_group = solara.use_state("")
    plan = plans[which]
    presets = [start.preset for start in course.starts]
    preset = built_in(presets[which])
    everything = controls(plan, desk.limits.citizens)
    usual = preset.settings()
    groups = list(dict.fromkeys(control.group for control in everything))
    changed = [control.path for control in everything if usual.get(control.path, control.value) != control.value]
    changed += [f"institutions.{name}" for name in sorted({*plan.institution_names} ^ {*preset.institution_names})]
    chosen = group if group in groups else groups[0]
    words = search.lower().strip()
    shown = [c for c in everything if words in f"{c.path} {c.says}".lower()] if words else [
        c for c in everything if c.group == chosen]  # fmt: skip
    with solara.Div(classes=["gh-controls"]):
        if len(plans) == 2:
            worlds = ["World A", "World B"]
            solara.ToggleButtonsSingle(
                value=worlds[which], values=worlds, on_value=lambda name: set_which(worlds.index(name))
            )
        with solara.Div(classes=["gh-bar-top"]):
            solara.InputText("Search all settings", value=search, on_value=set_search, continuous_update=True)
            solara.Select("Group", values=groups, value=chosen, on_value=set_group)
            Institutions(desk, plan, which)
        if changed:
            solara.Button("Back to the scenario", text=True, small=True, classes=["gh-back"],
                          on_click=lambda: desk.begin(Course.of(presets[0], course.seed, *presets[1:])))  # fmt: skip
            solara.Div(classes=["gh-caption"], children=[f"Differs from the scenario: {', '.join(changed)}"])
        if not shown:
            names = [control.path for control in everything]
            solara.Text(f"No setting is called so; {nearest(words, names)}")
        for control in shown[:40]:
            # Keyed: a component that was another setting of another kind would else be used again, and stay empty.
            Setting(desk, control, usual.get(control.path, control.value), which).key(f"{which} {control.path}")
        if len(shown) > 40:
            solara.Text(f"and {len(shown) - 40} more; search for fewer")


@solara.component
def Institutions(desk: Desk, plan: Scenario, which: int) -> None:
    """Institutions, on and off."""
    present = list(plan.institution_names)

    def choose(wanted: list[str]) -> None:
        for name in set(wanted) ^ set(present):
            desk.change(f"institutions.{name}", {} if name in wanted else False, which)

    solara.SelectMultiple("Institutions", values=present, all_values=list(INSTITUTIONS), on_value=choose, dense=True)


@solara.component
def Setting(desk: Desk, control: Control, usual: Any, which: int) -> None:
    """One setting."""
    differs = control.value != usual

    def change(value: Any) -> None:
        if value is not None and value != control.value:
            desk.change(control.path, value, which)

    label = f"{control.label} ({control.unit})" if control.unit else control.label
    with solara.Div(classes=["gh-setting", "gh-changed"] if differs else ["gh-setting"]), solara.Tooltip(control.hint):
        if control.kind == "switch":
            solara.Switch(label=label, value=control.value, on_value=change)
        elif control.kind == "choice":
            solara.Select(label, values=list(control.choices), value=control.value, on_value=change)
        else:
            Slider(label, control, change)
    if differs:
        solara.Button(f"back to {usual}", text=True, small=True, on_click=lambda: change(usual))


@solara.component
def Slider(label: str, control: Control, change: Callable[[Any], None]) -> None:
    """A number: a slider that applies when it is let go, and a field for exact values."""
    whole = control.kind == "whole"
    step = 1.0 if whole else (control.high - control.low) / 200 or 0.01

    def taken(*arguments: Any) -> None:
        value = float(arguments[-1])
        change(round(value) if whole else float(f"{value:.6g}"))

    slider = v.Slider(v_model=control.value, label=label, min=control.low, max=control.high, step=step,
                              thumb_label=True, dense=True, hide_details=True)  # fmt: skip

    def changed(_widget: Any, _event: str, data: Any) -> None:
        taken(data)

    v.use_event(slider, "change", changed)
    if whole:
        solara.InputInt("", value=int(control.value), on_value=change, dense=True, style={"width": "110px"})
    else:
        solara.InputFloat("", value=float(control.value), on_value=change, dense=True, style={"width": "110px"})


@solara.component
def Away(desk: Desk) -> None:
    """Downloads, and the link."""
    name = desk.course.starts[0].preset

    def table(ending: str) -> bytes:
        history = desk.player.ask(lambda: desk.player.worlds[0].society.history.reset_index())
        return written(ending, lambda path: write_table(history, path))

    def scenario() -> bytes:
        return written("toml", desk.course.scenario().save)

    def figure(ending: str) -> bytes:
        def draw() -> bytes:
            society = desk.player.worlds[0].society
            if society.week == 0:
                raise GlasshouseError("there is nothing to draw before the first week")
            return written(
                ending, lambda path: figures.save(figures.course(society), path, figures.provenance(society))
            )

        return desk.player.ask(draw)

    Prose("p", "Everything of world A, as it stands when you click. The scenario with every change made is a file "
                    "that `glasshouse run` reproduces bit for bit, with the same seed.")  # fmt: skip
    with solara.Div(classes=["gh-bar-top"]):
        for label, ending, data in (
            ("History (CSV)", "csv", lambda: table("csv")),
            ("History (Parquet)", "parquet", lambda: table("parquet")),
            ("Scenario (TOML)", "toml", scenario),
            ("Figure (SVG)", "svg", lambda: figure("svg")),
            ("Figure (PNG)", "png", lambda: figure("png")),
        ):
            solara.FileDownload(data, filename=f"{name}.{ending}", label=label)
    solara.InputText("Link that restores this page: ?s=…", value=f"?s={packed(desk.course)}",
                     style={"max-width": "100%"})  # fmt: skip


def written(ending: str, write: Callable[[Path], None]) -> bytes:
    """Bytes of a file that something writes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file.{ending}"
        write(path)
        return path.read_bytes()
