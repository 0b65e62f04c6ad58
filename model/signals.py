"""Signals that end a program: heard between two steps, so that nothing is left half-written."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any

ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""Signals that end a program unless it listens; the interrupt of the keyboard is one more, which Python hears."""


class Ended(KeyboardInterrupt):
    """The program was told to end."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.strsignal(number))
        self.number = number


def exit_code(interrupt: KeyboardInterrupt) -> int:
    """Exit code of a program that a signal ended: 128 and the signal's number, as shells have it."""
    return 128 + (interrupt.number if isinstance(interrupt, Ended) else signal.SIGINT)


@contextmanager
def ending_cleanly() -> Generator[None]:
    """Let the block be ended by a signal as by the keyboard's interrupt, so that it closes what it opened.

    What is ignored stays ignored, as under `nohup`; outside the main thread nothing changes.
    """

    def end(number: int, frame: FrameType | None) -> None:
        raise Ended(number)

    with _handled({number: end for number in ENDING if signal.getsignal(number) == signal.SIG_DFL}):
        yield


@contextmanager
def undisturbed() -> Generator[None]:
    """Put off signals that would end the block until it has ended; outside the main thread nothing changes."""
    late: list[int] = []

    def wait(number: int, frame: FrameType | None) -> None:
        late.append(number)

    listening = [number for number in (signal.SIGINT, *ENDING) if callable(signal.getsignal(number))]
    try:
        with _handled(dict.fromkeys(listening, wait)):
            yield
    finally:
        for number in late[:1]:
            signal.raise_signal(number)


@contextmanager
def _handled(handlers: dict[int, Any]) -> Generator[None]:
    """Have signals handled in the block, and as before after it."""
    if threading.current_thread() is not threading.main_thread():
        handlers = {}
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
