"""The same bits: whatever the threads, the processes, the moment of a pickle, and whoever settled first."""

from __future__ import annotations

import hashlib
import pickle
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec

import numpy as np

from ....model import settled
from ....model.society import Society
from .check import Check

SCENARIO, SIZE, WEEKS, HALF, SEED = "unified-national", 500, 60, 30, 5
OTHERS = ("exit", "tie_sorting", "predictor", "partner_market")
"""Institutions that move people and ties, besides those of the scenario."""


def society(threads: int = 1) -> Society:
    """A society with people who come and go, and ties that change."""
    changes = {"population.size": SIZE, **{f"institutions.{name}": {} for name in OTHERS}}
    return Society(SCENARIO, rng=SEED, threads=threads, changes=changes)


def digest(lived: Society) -> str:
    """A digest of every column, tie and measure."""
    found = hashlib.sha256(lived.history.to_numpy().tobytes())
    for name in sorted(lived.citizens.columns):
        found.update(np.ascontiguousarray(getattr(lived.citizens, name)).tobytes())
    for array in (lived.ties.indptr, lived.ties.neighbours, lived.ties.trust, lived.ties.resting):
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()


def lived(threads: int = 1) -> str:
    """Digest of a society after all weeks."""
    of = society(threads)
    of.run_for(WEEKS)
    return digest(of)


@cache
def reference() -> str:
    """Digest of the society on one thread."""
    return lived()


def threads(count: int) -> Callable[[], float]:
    """Whether another number of threads gives something else."""
    return lambda: float(lived(count) != reference())


def pickled() -> float:
    """Whether a society that was pickled half-way lives on otherwise."""
    first = society()
    first.run_for(HALF)
    second: Society = pickle.loads(pickle.dumps(first))
    second.run_for(WEEKS - HALF)
    return float(digest(second) != reference())


def settled_each() -> float:
    """Whether a society that settles itself differs from one that takes the settled state of a run before."""
    reference()
    settled.forget_settled()
    return float(lived() != reference())


def by_steps() -> float:
    """Whether week by week gives something else than all at once."""
    of = society()
    for _ in range(WEEKS):
        of.step()
    return float(digest(of) != reference())


def elsewhere() -> float:
    """How many of two new processes, which share nothing with this one, give something else."""
    words = f"from {__name__} import lived; print(lived({{}}))"
    found = [
        subprocess.run([sys.executable, "-c", words.format(count)], capture_output=True, text=True, check=True).stdout
        for count in (1, 2)
    ]
    return float(sum(each.strip() != reference() for each in found))


def on_a_cluster() -> float:
    """Whether a Dask worker gives something else."""
    from distributed import Client, LocalCluster  # here, since it is an extra

    with (
        LocalCluster(1, processes=True, threads_per_worker=1, dashboard_address=":0") as cluster,
        Client(cluster) as client,
    ):
        return float(client.submit(lived, pure=False).result() != reference())


def _check(name: str, compares: str, measure: Callable[[], float], full: bool = False) -> Check:
    source = "counter-based draws: Salmon et al. 2011, doi:10.1145/2063384.2063405"
    return Check.near(name, "Bit for bit", compares, source, 0.0, 0.0, measure, full)


CHECKS: tuple[Check, ...] = (
    _check(
        "two threads", "digest of a society after 60 weeks on 2 threads and on 1: differ (1) or not (0)", threads(2)
    ),
    _check("sixteen threads", "the same on 16 threads", threads(16)),
    _check("pickled half-way", "the same, pickled and unpickled after 30 weeks", pickled),
    _check("settled each", "the same, settled by itself and taken from a run before", settled_each),
    _check("week by week", "the same, one step at a time", by_steps),
    _check("other processes", "the same in two new processes: how many differ", elsewhere, full=True),
    *(
        [_check("on a cluster", "the same on a Dask worker", on_a_cluster, full=True)]
        if find_spec("distributed")
        else []
    ),
)
