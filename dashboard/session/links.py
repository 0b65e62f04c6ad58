"""A page's state in a link, and back: data, checked like any other input."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from dataclasses import dataclass
from typing import Any

from ...model.errors import GlasshouseError
from ...model.scenario import Scenario, scenarios

LONGEST = 20_000
UNPACKED = 200_000


class LinkError(GlasshouseError):
    """A link that restores nothing."""


@dataclass(frozen=True)
class State:
    """What a link restores.

    Attributes
    ----------
    preset
        Name of a built-in scenario.
    seed
        The seed.
    settings
        Settings that differ from it at the start, by path.
    other
        Name of the scenario of the second world, if any.
    dated
        Changes made in the course of the run: (week, settings by path).
    until
        Week after which the scenario's own dated changes are left out, if any.
    """

    preset: str
    seed: int = 1
    settings: tuple[tuple[str, Any], ...] = ()
    other: str = ""
    dated: tuple[tuple[int, tuple[tuple[str, Any], ...]], ...] = ()
    until: int | None = None

    @property
    def scenario(self) -> Scenario:
        """Scenario with these settings and changes, validated."""
        start = Scenario.load(self.preset).change(dict(self.settings))
        if not self.dated:
            return start
        mine = [{"week": week, "says": "", "set": dict(changes)} for week, changes in self.dated]
        data = start.to_dict()
        own = [change for change in data.get("change", ()) if self.until is None or change["week"] <= self.until]
        return Scenario.from_dict(data | {"change": [*mine, *own]})

    @property
    def second(self) -> Scenario | None:
        """Scenario of the second world, of the same people as the first."""
        if not self.other:
            return None
        return Scenario.load(self.other).model_copy(update={"population": self.scenario.population})


def packed(state: State) -> str:
    """State as text for a link."""
    data = [state.preset, state.seed, list(state.settings), state.other, list(state.dated), state.until]
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(data).encode(), 9)).decode().rstrip("=")


def unpacked(text: str) -> State:
    """State of a link.

    Raises
    ------
    LinkError
        If the text is no such thing, names an unknown scenario, or is too long.
    """
    if len(text) > LONGEST:
        raise LinkError("this link is too long to be one of this page's; open the page without it")
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        engine = zlib.decompressobj()
        data = json.loads(engine.decompress(raw, UNPACKED).decode())
        preset, seed, settings, other, dated, until = data
        state = State(
            str(preset),
            int(seed),
            tuple((str(path), value) for path, value in settings),
            str(other),
            tuple((int(week), tuple((str(path), value) for path, value in changes)) for week, changes in dated),
            None if until is None else int(until),
        )
    except (ValueError, TypeError, binascii.Error, zlib.error) as error:
        raise LinkError("this link is damaged; open the page without it") from error
    for name in filter(None, (state.preset, state.other)):
        if name not in scenarios():
            raise LinkError(f"this link is for a scenario {name[:60]!r} that this version does not have")
    if not 0 <= state.seed < 2**63:
        raise LinkError("this link has a seed out of range")
    return state
