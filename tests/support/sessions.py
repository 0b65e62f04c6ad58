"""Sessions of the page without the page."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from glasshouse.dashboard.session.course import Course
from glasshouse.dashboard.session.player import Player
from glasshouse.dashboard.session.world import Limits


@contextmanager
def playing(course: Course, limits: Limits | None = None) -> Iterator[Player]:
    """A player on its thread, which ends afterwards."""
    player = Player(course, limits or Limits())
    player.start()
    try:
        yield player
    finally:
        player.close()
        player.join(10)
    assert not player.is_alive()


def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something is so."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.01)


def gone_to(player: Player, week: int) -> Player:
    """The player, when it is in a week."""
    player.ask(lambda: player.go_to(week))
    until(lambda: player.frame.week == week and player.frame.going is None)
    return player
