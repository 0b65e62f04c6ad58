"""Limits of what is given, checked before work begins: of text that is parsed, of data, of memory."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from .errors import GlasshouseError, shortened

MOST_TEXT = 8 << 20
"""Bytes of a TOML file: it takes seconds to parse."""

DEEPEST = 20
"""Tables and lists within each other, and parts of a dotted name."""

LONGEST_NAME = 300
"""Characters of a name."""

LARGEST_BITS = 1_000
"""Bits of a whole number: it is still a floating-point number then."""

STRINGS = re.compile(
    r'"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+"{3,5}'
    r"|'''(?:[^']++|'{1,2}(?!'))*+'{3,5}"
    r'|"(?:[^"\\\n]++|\\.)*+"'
    r"|'[^'\n]*+'"
    r"|\#[^\n]*+",
    re.DOTALL,
)
"""What TOML does not look into: strings and comments."""

MANY_PARTS = re.compile(rf"(?:[^=\[\],{{}}\n.]*+\.){{{DEEPEST},}}+")
LONG_WORD = re.compile(rf"[\w+-]{{{LONGEST_NAME + 1},}}+")


def tables(text: str) -> dict[str, Any]:
    """Tables of a TOML text. What would make the parser fail or take for ever is refused before it sees it.

    Raises
    ------
    GlasshouseError
        If it is nested too deep, or a name or a number in it is too long.
    tomllib.TOMLDecodeError
        If it is not TOML.
    """
    bare = STRINGS.sub('"', text)
    depth = 0
    for bracket in re.finditer(r"[\[\]{}]", bare):
        depth = depth + 1 if bracket[0] in "[{" else max(0, depth - 1)
        if depth > DEEPEST:
            raise GlasshouseError(f"tables and lists are nested more than {DEEPEST} deep; write it flatter")
    parts = MANY_PARTS.search(bare)
    if parts is not None:
        raise GlasshouseError(f"{shortened(parts[0], 60)} has more than {DEEPEST} parts; give a shorter path")
    word = LONG_WORD.search(bare)
    if word is not None:
        raise GlasshouseError(f"{shortened(word[0], 60)} has {len(word[0]):,} characters; give a shorter one")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise GlasshouseError("tables and lists are nested too deep; write it flatter") from None


def check_data(data: Any, place: str = "") -> None:
    """Refuse data that is nested too deep, has a name or a whole number too large to be meant, or a date or time.

    Raises
    ------
    GlasshouseError
        Naming it.
    """
    left: list[tuple[str, Any, int]] = [(place, data, 0)]
    while left:
        path, value, depth = left.pop()
        if isinstance(value, Mapping | list | tuple):
            if depth > DEEPEST:
                raise GlasshouseError(f"{path}: is nested more than {DEEPEST} deep; write it flatter")
            if isinstance(value, Mapping):
                for name, inner in value.items():  # pyright: ignore[reportUnknownVariableType]
                    if isinstance(name, str) and len(name) > LONGEST_NAME:
                        raise GlasshouseError(f"{path}{name}: a name has at most {LONGEST_NAME} characters")
                    left.append((f"{path}{name}." if depth < 2 else path, inner, depth + 1))
            else:
                left += [(path, inner, depth + 1) for inner in value]  # pyright: ignore[reportUnknownVariableType]
        elif isinstance(value, date | datetime | time):
            raise GlasshouseError(
                f"{path.rstrip('.')} = {value}: is a date or a time, which no setting is; quote a text"
            )
        elif isinstance(value, int) and value.bit_length() > LARGEST_BITS:
            raise GlasshouseError(f"{path.rstrip('.')}: has a whole number of {value.bit_length():,} bits; give less")


def available_memory() -> int | None:
    """Bytes that this process can still take, by the machine and by its own limit; None where neither is known."""
    found = [_of_the_machine(), _of_the_group(), _of_the_process()]
    known = [each for each in found if each is not None]
    return min(known) if known else None


def _of_the_machine() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        return next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):
        pass
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def _of_the_group() -> int | None:
    """What a container may take, where it has a limit."""
    try:
        group = Path("/sys/fs/cgroup")
        return int((group / "memory.max").read_text("ascii")) - int((group / "memory.current").read_text("ascii"))
    except (OSError, ValueError):
        return None


def _of_the_process() -> int | None:
    """What `ulimit -v` leaves."""
    try:
        import resource

        limit = resource.getrlimit(resource.RLIMIT_AS)[0]
        if limit == resource.RLIM_INFINITY:
            return None
        return limit - int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    except (ImportError, OSError, ValueError):
        return None


def check_memory(needed: float, what: str, remedy: str) -> None:
    """Refuse what needs more memory than there is.

    Raises
    ------
    GlasshouseError
        With both in words.
    """
    there = available_memory()
    if there is not None and needed > there:
        raise GlasshouseError(
            f"{what} needs some {needed / 1e9:.1f} GB of memory, {max(there, 0) / 1e9:.1f} GB are free here; {remedy}"
        )
