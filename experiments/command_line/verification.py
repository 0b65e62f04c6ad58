"""The command `glasshouse verify`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ...model.errors import GlasshouseError
from ...model.files import refuse_overwriting
from ..evidence.verification.verify import chosen_checks
from ..evidence.verification.verify import verify as verified
from ..showing import verification_report as report
from ..showing.console import console
from .studies import carried_out
from .terminal import UsageError, Whole


def verify(
    *names: str,
    full: bool = False,
    html: Path | None = None,
    json: Path | None = None,
    store: Path | None = None,
    workers: Whole = 0,
    on: str | None = None,
) -> None:
    """Verify the model: known answers, models of the literature, theory, robustness, reproducibility.

    The exit code is 1 where a check fails or cannot be computed. Checks that count recorded tables or run tests need
    the sources; where these are not here, they say so.

    Parameters
    ----------
    names
        Checks, or groups of checks such as "Bit for bit"; all where none is named.
    full
        The long checks too: an hour or less on two cores, instead of a minute or two.
    html
        Write the report to this .html file, which needs nothing else.
    json
        Write it as data to this .json file.
    store
        File that keeps the numbers (SQLite, on a local disk). What it holds is not computed again.
    workers
        Processes; 0 is one for each core.
    on
        Compute on a Dask cluster instead: dask://HOST:PORT, or the scheduler's file (.json).
    """
    for path, ending in ((html, ".html"), (json, ".json")):
        if path is not None:
            _check_writable(path, ending, store)
    chosen_checks(names, full)
    with carried_out("verify", store, on, workers) as how:
        found = verified(names, full, **how)
    console().print(report.table(found))
    if html is not None:
        report.write_page(found, html)
        console().print(f"Wrote the report to {html}")
    if json is not None:
        report.write_json(found, json)
        console().print(f"Wrote the data to {json}")
    if any(each.verdict in ("fail", "error") for each in found):
        sys.exit(1)


def _check_writable(path: Path, ending: str, store: Path | None) -> None:
    if path.suffix.lower() != ending:
        raise UsageError(f"{path}: give a name that ends in {ending}")
    if not path.parent.is_dir():
        raise GlasshouseError(f"{path}: there is no folder {path.parent}; make it first")
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise GlasshouseError(f"{path}: cannot be written; choose another place")
    refuse_overwriting(path, store)
