"""Glasshouse: an agent-based model of normative behaviour change under a visible score."""

from __future__ import annotations

from .agents.citizen import Citizen, Explanation
from .experiments.compare import Comparison, compare
from .experiments.results import Results
from .experiments.run import RunConfiguration
from .experiments.runner import run_scenarios
from .model.errors import GlasshouseError, GraphError, ScenarioError
from .model.scenario import Scenario, scenarios
from .model.society import Society

__version__ = "0.1.0"

__all__ = [
    "Citizen",
    "Comparison",
    "Explanation",
    "GlasshouseError",
    "GraphError",
    "Results",
    "RunConfiguration",
    "Scenario",
    "ScenarioError",
    "Society",
    "compare",
    "run_scenarios",
    "scenarios",
]
