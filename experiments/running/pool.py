"""Processes that work on tasks: this machine's, any `concurrent.futures` executor's, or a cluster's."""

from __future__ import annotations

import ast
import inspect
import multiprocessing
import signal
import sys
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ...model.errors import GlasshouseError

if TYPE_CHECKING:
    from pebble import ProcessPool

PRELOADED = ["glasshouse.experiments.running.run"]


UNBORN = "All workers expired"
"""What Pebble says of processes that all died before they had work."""

GUARD = 'a script must start its runs under if __name__ == "__main__":, since every process imports it'


class Executor(Protocol):
    """What any `concurrent.futures` executor has, and Dask's."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        """Start a task."""
        ...


class InThisProcess:
    """An executor that does each task at once, in this process: for few runs, and where no other can be started."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        """Do a task."""
        future: Future[Any] = Future()
        try:
            future.set_result(function(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future


class LostError(Exception):
    """The process that worked on a task died; another may do it."""


class OverdueError(Exception):
    """The task took longer than it may and was ended."""


def drive[T](take: Callable[[], T | None], submit: Callable[[T], Future[Any]], ahead: int) -> Iterator[tuple[T, Any]]:
    """Keep `ahead` tasks under way; yield each with its future as it ends.

    Parameters
    ----------
    take
        Gives the next task, or None where there is none now. It is asked again whenever a task has ended, so that a
        task can be put back.
    submit
        Starts a task.
    ahead
        Tasks under way at once: enough to keep every process busy, few enough to stop soon.
    """
    waiting: dict[Future[Any], T] = {}
    while True:
        while len(waiting) < ahead and (task := take()) is not None:
            waiting[submit(task)] = task
        if not waiting:
            return
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            yield waiting.pop(future), future


def outcome(future: Future[Any]) -> Any:
    """What a task came to, whichever executor it ran on.

    Raises
    ------
    LostError, OverdueError
        If its process died, or was ended for taking too long.
    GlasshouseError
        If the executor itself is gone.
    """
    try:
        return future.result()
    except TimeoutError as error:
        raise OverdueError from error
    except CancelledError as error:
        raise GlasshouseError("the processes that were to do the work are gone; start them again") from error
    except Exception as error:
        # By name: each library has its own, and none of them is imported for the others' sake.
        name = type(error).__name__
        if name in ("ProcessExpired", "KilledWorker"):
            raise LostError(f"the process doing it died ({error})") from error
        if str(error) == UNBORN:
            raise GlasshouseError(f"no process could be started to do the work; {GUARD}") from None
        if name in ("BrokenProcessPool", "SchedulerRestartedError", "CommClosedError", "FutureCancelledError"):
            raise GlasshouseError(f"the processes that were to do the work are gone ({error})") from error
        raise


def check_program() -> None:
    """Refuse to start processes where they could not import the program, or this is one that only imports it.

    Raises
    ------
    GlasshouseError
        If the program is no file, or has no guard.
    """
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        # Without a guard the program would be run again and again. The process that started this one says so.
        sys.exit(1)
    main = sys.modules["__main__"]
    program = getattr(main, "__file__", None)
    if program is None or str(getattr(main.__spec__, "name", "")).endswith("__main__"):
        return  # then no process imports it
    if program.startswith("<"):
        raise GlasshouseError(
            f"processes cannot import a program from {program}; write it to a file, or give executor="
        )
    frame = inspect.currentframe()
    while frame is not None:
        if (
            frame.f_globals is vars(main)
            and frame.f_code.co_name == "<module>"
            and not guarded(program, frame.f_lineno)
        ):
            raise GlasshouseError(f"{program}, line {frame.f_lineno}: {GUARD}")
        frame = frame.f_back


def guarded(program: str, line: int) -> bool:
    """Whether a line of a program is under a condition on what imports it."""
    try:
        tree = ast.parse(Path(program).read_bytes())
    except (OSError, ValueError, SyntaxError):
        return True  # nothing is known
    around = [each for each in tree.body if each.lineno <= line <= (each.end_lineno or line)]
    tests = [ast.unparse(each.test) for each in around if isinstance(each, ast.If)]
    return any("__name__" in test or "process" in test for test in tests)


@contextmanager
def local_pool(workers: int) -> Generator[ProcessPool]:
    """Pool of processes of this machine; none is left behind, however the block ends.

    A process that dies is replaced and costs the task it was at. Start it from a script under
    ``if __name__ == "__main__":``, as every pool of processes.
    """
    from pebble import ProcessPool  # here, since it would slow down every start

    # A process forked from a server that has imported us starts at once; where there is none, each imports anew.
    if "forkserver" in multiprocessing.get_all_start_methods():
        context: Any = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
    else:
        context = multiprocessing.get_context("spawn")
    pool = ProcessPool(workers, initializer=_leave_interrupts_to_the_parent, context=context)
    try:
        yield pool
        pool.close()
    except BaseException:
        pool.stop()
        raise
    finally:
        pool.join()


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
