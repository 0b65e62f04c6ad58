"""The command line: `glasshouse`."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point; an interrupt while the commands are still being imported ends it as quietly as a later one."""
    try:
        from .app import carry_out
    except KeyboardInterrupt:
        sys.exit(130)
    carry_out(sys.argv[1:] if arguments is None else arguments)
