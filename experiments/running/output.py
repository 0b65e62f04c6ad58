"""Tables on disk: Parquet, CSV or JSON, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from ...model.errors import GlasshouseError
from ...model.files import refuse_overwriting, written_whole
from ...model.signals import undisturbed

ENDINGS = (".parquet", ".csv", ".json")


def check_writable(path: Path, *inputs: str | Path | None) -> None:
    """Refuse a file that could not be written, before any work is done for it.

    Raises
    ------
    GlasshouseError
        If the ending is unknown, the folder does not exist or cannot be written to, or the file is one of the inputs.
    """
    if path.suffix.lower() not in ENDINGS:
        raise GlasshouseError(f"{path}: cannot tell the format by its ending; use {' or '.join(ENDINGS)}")
    if not path.parent.is_dir():
        raise GlasshouseError(f"{path}: there is no folder {path.parent}; make it first")
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise GlasshouseError(f"{path}: cannot be written; choose another place")
    refuse_overwriting(path, *inputs)


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table by its file's ending; an existing file is replaced whole or not at all."""
    check_writable(path)
    try:
        # DuckDB would take an interrupt for a fault of its own.
        with undisturbed(), written_whole(path) as temporary:
            if path.suffix.lower() == ".csv":
                table.to_csv(temporary, index=False)
            elif path.suffix.lower() == ".json":
                table.to_json(temporary, orient="records", indent=1, double_precision=15)
            else:
                _write_parquet(table, temporary)
    except OSError as error:
        raise GlasshouseError(f"{path}: could not be written: {error.strerror or error}") from error


def read_parquet(path: Path) -> pd.DataFrame:
    """Table in a Parquet file."""
    import duckdb  # here, since it would slow down every start by a tenth of a second

    with duckdb.connect() as connection:
        return connection.read_parquet(str(path)).df()


def _write_parquet(table: pd.DataFrame, path: Path) -> None:
    import duckdb  # here, since it would slow down every start by a tenth of a second

    try:
        with duckdb.connect() as connection:
            connection.register("table_to_write", table)
            connection.execute("COPY table_to_write TO $1 (FORMAT parquet, USE_TMP_FILE false)", [str(path)])
    except duckdb.Error as error:
        raise OSError(str(error).splitlines()[0]) from error
