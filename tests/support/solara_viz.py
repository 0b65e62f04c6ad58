"""A society in Mesa's own SolaraViz, as Mesa's users would open it: ``solara run tests/support/solara_viz.py``."""

from __future__ import annotations

import json
from typing import Any

import solara
from mesa.visualization import SolaraViz, make_plot_component
from mesa.visualization.utils import update_counter

import glasshouse as gh

SLIDER = {"type": "SliderInt", "value": 60, "label": "Citizens", "min": 40, "max": 80, "step": 10}


def opened() -> gh.Society:
    """The society that the page opens with, which is not that of the default scenario."""
    return gh.Society("visible-score", rng=1, **{"population.size": 60})


def told(model: gh.Society) -> list[Any]:
    """What a society is: scenario, size, seed, and something that follows from them."""
    plan = model.plan
    conviction = float(model.citizens.conviction.mean())
    return [plan.name, sorted(plan.institutions), plan.population.size, model.seed_number, conviction]


@solara.component
def Week(model):
    """Weeks passed."""
    update_counter.get()
    solara.Text(f"lived {model.week} weeks, {len(model.agents)} agents", classes=["lived"])
    solara.Text(json.dumps(told(model)), classes=["told"])


@solara.component
def Page():
    """A page with a slider, whose society every visitor has for itself."""
    society = solara.use_memo(opened, [])
    components = [Week, make_plot_component("compliance")]
    SolaraViz(society, components=components, play_interval=50, model_params={"population.size": SLIDER})
