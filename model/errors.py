"""Errors that a user can mend: each names the fault, the place and the remedy."""

from __future__ import annotations

from typing import Any

from ..agents.remedies import nearest as nearest

LONGEST_WORD = 240
"""Characters of a word in a message; of a longer one the middle is left out."""

LONGEST_MESSAGE = 1_500
"""Characters of a message."""


class GlasshouseError(ValueError):
    """Bad input; the message is meant to be shown as it is."""

    def __init__(self, message: object = "") -> None:
        super().__init__(readable(str(message)))


class ScenarioError(GlasshouseError):
    """A scenario, a setting or a dated change that cannot be."""


class GraphError(GlasshouseError):
    """A network that cannot be built or a file that cannot be read as one."""


def readable(text: str) -> str:
    """A message in one line that any terminal can show: control characters are escaped, what is endless is cut.

    It may quote what a user, or somebody else's file, gave.
    """
    words = (shortened(word, LONGEST_WORD) for word in shortened(text, 8 * LONGEST_MESSAGE).split())
    line = shortened(" ".join(words), LONGEST_MESSAGE)
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)


def shortened(text: str, most: int) -> str:
    """A text without its middle, where it is longer than `most` characters."""
    if len(text) <= most:
        return text
    end = most // 3
    return f"{text[: most - end]}…{text[-end:]}"


def shown(value: Any) -> str:
    """A value as a message quotes it, also where Python itself refuses to write it out."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):
        text = f"<{type(value).__name__} that is too large to show>"
    return shortened(text, LONGEST_WORD)
