"""Errors that a user can mend: each names the fault, the place and the remedy."""

from __future__ import annotations

from ..agents.remedies import nearest as nearest


class GlasshouseError(ValueError):
    """Bad input; the message is meant to be shown as it is."""


class ScenarioError(GlasshouseError):
    """A scenario, a setting or a dated change that cannot be."""


class GraphError(GlasshouseError):
    """A network that cannot be built or a file that cannot be read as one."""
