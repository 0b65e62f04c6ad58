"""Where words for people are printed: text is text, whoever wrote it."""

from __future__ import annotations

from rich.console import Console


def console(*, stderr: bool = False, soft_wrap: bool = True) -> Console:
    """Console that takes [brackets] and :words: for what they are, since titles, names and paths are of users."""
    return Console(stderr=stderr, soft_wrap=soft_wrap, markup=False, emoji=False, highlight=False)
