"""Compiling the rules, and running a compiled loop over all citizens on several threads."""

from __future__ import annotations

import getpass
import hashlib
import os
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numba
import platformdirs
from numba.core import config

numba_config: Any = config

KNOWN_COMPILERS = range(14, 23)
"""Versions of LLVM whose options we know; to set one that does not exist would end the process."""

if llvm.llvm_version_info[0] in KNOWN_COMPILERS:
    # A loop over citizens touches some thirty columns. To work on several citizens at once the compiler must check that
    # none overlaps another, and by default it does not for more than eight. The results are the same bits either way.
    for option in (
        "runtime-memory-check-threshold",
        "vectorize-memory-check-threshold",
        "memory-check-merge-threshold",
    ):
        llvm.set_option("", f"--{option}=10000")

BATCH = 512
"""Citizens that a loop works on at once: the compiler then works on several in parallel."""

SMALLEST_SHARE = 4096
"""Citizens a thread must have to itself before a second thread is worth waking."""


@cache
def cache_directory() -> Path:
    """Folder of the compiled rules: one per version of their sources.

    Numba notices a change in a function's own file but not in the files of the functions it calls, so a folder
    named by the digest of every rule's source is what keeps a stale rule from being run.
    """
    digest = hashlib.sha256(numba.__version__.encode())
    folder = Path(__file__).parent
    for source in sorted(folder.rglob("*.py")):
        digest.update(source.relative_to(folder).as_posix().encode() + source.read_bytes())
    wanted = os.environ.get("GLASSHOUSE_CACHE") or platformdirs.user_cache_dir("glasshouse", appauthor=False)
    version = Path("compiled") / digest.hexdigest()[:16]
    for root in (Path(wanted), Path(tempfile.gettempdir()) / f"glasshouse-{getpass.getuser()}"):
        try:
            (root / version).mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(root / version, os.W_OK):
            return root / version
    # Nowhere to keep them: the rules are then compiled by every process.
    return Path(tempfile.mkdtemp(prefix="glasshouse-"))


def is_compiled() -> bool:
    """Whether an earlier run left compiled rules on disk."""
    return any(cache_directory().rglob("*.nbc"))


def compiled[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Compile a rule on its first call and keep the machine code on disk.

    A rule called by another is always made part of it; without that the compiler does not see that many citizens' draws
    can be made at once. The interpreter's lock is released while the rule runs. Floating-point operations are never
    reordered, so the result does not depend on the machine's vector width or the number of threads.
    """
    before = numba_config.CACHE_DIR
    numba_config.CACHE_DIR = str(cache_directory())
    try:
        return numba.njit(cache=True, nogil=True, error_model="numpy", forceinline=True)(function)
    finally:
        numba_config.CACHE_DIR = before


def available_threads() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _pool(threads: int, process: int) -> ThreadPoolExecutor:
    # A forked process has its parent's pool but not its threads; the process's number gives it a pool of its own.
    return ThreadPoolExecutor(threads, thread_name_prefix="glasshouse")


def for_all[*Owners](loop: Callable[[int, int, *Owners], None], count: int, threads: int, *owners: *Owners) -> None:
    """Run ``loop(start, stop, *owners)`` over rows 0 … `count`, split among `threads`.

    A loop must write only the rows it was given and read only what no other row writes; then the split cannot be
    seen in the result.
    """
    threads = min(threads, count // SMALLEST_SHARE)
    if threads <= 1:
        loop(0, count, *owners)
        return
    # Shares begin at whole batches, so that what a loop adds up by batches is the same for any number of threads.
    bounds = [count * share // threads // BATCH * BATCH for share in range(threads)] + [count]
    jobs = [_pool(threads, os.getpid()).submit(loop, a, b, *owners) for a, b in pairwise(bounds[1:])]
    loop(bounds[0], bounds[1], *owners)
    for job in jobs:
        job.result()
