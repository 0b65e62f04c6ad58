"""Glasshouse: an agent-based model of normative behaviour change under a visible score."""

from __future__ import annotations

from .agents.citizen import Citizen, Explanation
from .experiments.compare import Comparison, compare
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
    "Scenario",
    "ScenarioError",
    "Society",
    "compare",
    "scenarios",
]
