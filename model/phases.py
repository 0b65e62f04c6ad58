"""The nine phases of a week, in order.

Every phase is a method of the citizens' rules and of every institution. Within a phase all citizens change at once,
first; then the institutions in the order of the registry.

The order follows cause and effect within a week. People act on what they have seen; what they did is watched, what was
watched is judged, and the score and the sanctions follow from the judgement. Only then do people meet and learn of it,
and last their convictions settle on what they did and heard. What is measured is the week as it ended.
"""

from __future__ import annotations

from typing import Any, Final

from ..agents.base import Institution

PHASES: Final = ("perceive", "act", "watch", "judge", "score", "sanction", "mingle", "internalise", "measure")


def does_something(actor: Any, phase: str) -> bool:
    """Whether an actor, the citizens' rules or an institution, has an own method for a phase."""
    method = getattr(actor, phase, None)
    return method is not None and getattr(method, "__func__", None) is not getattr(Institution, phase)
