"""More than one machine: a Dask cluster as an executor."""

from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ...model.errors import GlasshouseError
from .pool import Executor

CONNECT = "10s"


@contextmanager
def cluster_executor(address: str) -> Generator[Executor]:
    """Executor of the workers of a running Dask scheduler.

    Parameters
    ----------
    address
        `dask://HOST:PORT`, or the scheduler's file (`.json`), as `dask scheduler --scheduler-file` writes it.

    Raises
    ------
    GlasshouseError
        If the address is none, Dask is not installed, or nobody answers.
    """
    place = _place(address)
    try:
        from distributed import Client
    except ImportError as error:
        raise GlasshouseError("--on needs Dask: install glasshouse[cluster]") from error
    # What becomes of the connection is said by us, in a line.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    try:
        client = Client(**place, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise GlasshouseError(f"{address}: no scheduler answers there ({str(error).splitlines()[0]})") from error
    try:
        if not client.scheduler_info(n_workers=-1)["workers"]:
            raise GlasshouseError(f"{address}: the scheduler has no workers; start some with dask worker")
        # Not pure: a task is known by who asks for it, not by what it is.
        yield client.get_executor(pure=False)
    finally:
        client.close(timeout=2)


def _place(address: str) -> dict[str, Any]:
    if address.startswith("dask://"):
        return {"address": f"tcp://{address.removeprefix('dask://')}"}
    if address.endswith(".json"):
        if not Path(address).is_file():
            raise GlasshouseError(f"{address}: there is no such scheduler's file")
        return {"scheduler_file": address}
    raise GlasshouseError(f"--on {address}: give dask://HOST:PORT or a scheduler's file (.json)")
