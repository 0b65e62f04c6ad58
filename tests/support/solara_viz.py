"""A society in Mesa's own SolaraViz, as Mesa's users would open it: ``solara run tests/support/solara_viz.py``."""

from __future__ import annotations

import solara
from mesa.visualization import SolaraViz, make_plot_component
from mesa.visualization.utils import update_counter

import glasshouse as gh

society = gh.Society("visible-score-and-reports", rng=1, **{"population.size": 60})


@solara.component
def Week(model):
    """Weeks passed."""
    update_counter.get()
    solara.Text(f"lived {model.week} weeks, {len(model.agents)} agents", classes=["lived"])


Page = SolaraViz(society, components=[Week, make_plot_component("compliance")], play_interval=50)
