"""Columns of the citizens that a run keeps: Parquet files beside the store, whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ...model.errors import GlasshouseError
from .output import read_parquet, write_table


def artifact_folder(store: Path) -> Path:
    """Where a store's files are."""
    return Path(f"{store}.citizens")


def clear_remains(store: Path) -> None:
    """Remove what a process that was killed had begun to write; only for the one that may write."""
    for path in artifact_folder(store).glob(".*.parquet"):
        path.unlink(missing_ok=True)


def keep_citizens(store: Path, key: str, columns: Mapping[str, Any]) -> tuple[str, str, str]:
    """Write the citizens' columns of a run; returns its key, the file's name and its SHA-256."""
    folder = artifact_folder(store)
    folder.mkdir(exist_ok=True)
    path = folder / f"{key}.parquet"
    write_table(citizen_table(columns), path)
    return key, path.name, hashlib.sha256(path.read_bytes()).hexdigest()


def read_citizens(store: Path, name: str, sha256: str) -> pd.DataFrame:
    """Columns that a run kept.

    Raises
    ------
    GlasshouseError
        If the file is not there or not as it was written.
    """
    path = artifact_folder(store) / name
    try:
        same = hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    except OSError as error:
        raise GlasshouseError(f"{path}: cannot be read: {error.strerror}") from error
    if not same:
        raise GlasshouseError(f"{path}: is not the file that was written; run the study anew into another store")
    return read_parquet(path)


def citizen_table(columns: Mapping[str, Any]) -> pd.DataFrame:
    """Columns of citizens as a table; one over domains becomes one for each, by number."""
    flat: dict[str, Any] = {}
    for name, values in columns.items():
        if values.ndim == 1:
            flat[name] = values
        else:
            flat |= {f"{name}_{d}": values[:, d] for d in range(values.shape[1])}
    return pd.DataFrame(flat)
