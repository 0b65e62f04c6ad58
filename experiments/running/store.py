"""Results on disk: one SQLite file that survives being killed, and is read by anything.

One process writes; any number may read meanwhile. A run and its course go in one transaction; what is there is never
written again. Tables: `run` (a row a run), `series` (its course), `scenario` (settings, once each), `study`,
`study_point` and `study_run` (which runs make up a study), `attempt` (what did not work).
"""

from __future__ import annotations

import os
import sqlite3
import weakref
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from ...model.errors import GlasshouseError
from .artifacts import citizen_table, clear_remains, keep_citizens, read_citizens
from .damage import missing_from
from .json_text import finite, to_json
from .places import NETWORKED, file_system
from .run import Result, RunConfiguration, library_versions

APPLICATION = 0x676C6173
FORMAT = 1
IN_MEMORY = ":memory:"

SCHEMA = """
CREATE TABLE scenario (key TEXT PRIMARY KEY, settings TEXT NOT NULL);
CREATE TABLE run (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, scenario TEXT NOT NULL REFERENCES scenario, seed TEXT NOT NULL,
    steps INTEGER NOT NULL, last INTEGER NOT NULL, every INTEGER NOT NULL, model_hash TEXT NOT NULL,
    libraries TEXT NOT NULL, status TEXT NOT NULL, error TEXT NOT NULL, metrics TEXT NOT NULL, wall_s REAL NOT NULL,
    host TEXT NOT NULL, started TEXT NOT NULL
);
CREATE TABLE series (run_id INTEGER, week INTEGER, PRIMARY KEY (run_id, week)) WITHOUT ROWID;
CREATE TABLE study (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, model_hash TEXT NOT NULL, version TEXT NOT NULL, design TEXT NOT NULL,
    started TEXT NOT NULL, UNIQUE (name, model_hash)
);
CREATE TABLE study_point (
    study INTEGER, design_row INTEGER, factors TEXT NOT NULL, PRIMARY KEY (study, design_row)
) WITHOUT ROWID;
CREATE TABLE study_run (
    study INTEGER, design_row INTEGER, replicate INTEGER, seed TEXT NOT NULL, key TEXT NOT NULL,
    PRIMARY KEY (study, design_row, replicate)
) WITHOUT ROWID;
CREATE TABLE attempt (key TEXT NOT NULL, at TEXT NOT NULL, error TEXT NOT NULL);
CREATE TABLE artifact (key TEXT PRIMARY KEY, path TEXT NOT NULL, sha256 TEXT NOT NULL);
"""


class StoreError(GlasshouseError):
    """A store that cannot be used as it is."""


@dataclass(frozen=True)
class Planned:
    """A run as a study plans it."""

    row: int
    replicate: int
    seed: int
    key: str
    scenario_key: str
    state: str
    """Hash of the model and of the other packages that take part."""


class Store:
    """Results in a file.

    Parameters
    ----------
    path
        SQLite file, made where it does not exist; `":memory:"` for none.
    must_exist
        Whether to only read, and refuse to make one.

    Raises
    ------
    StoreError
        If the file is something else, of another format, on a network's file system or not there.
    """

    def __init__(self, path: str | Path, must_exist: bool = False) -> None:
        if not isinstance(path, str | Path):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise StoreError(f"store {path!r:.80}: give the path of a file, or ':memory:'")
        self.path = Path(path)
        self.in_memory = str(path) == IN_MEMORY
        self.citizens: dict[str, pd.DataFrame] = {}
        self.opened = False
        if not self.in_memory:
            self._check_place(must_exist)
        with self._explained():
            if must_exist:
                # Where nothing can be written, nobody writes: then no lock is needed, and none could be made.
                # Who may write takes away in the end what readers and writers share meanwhile.
                can_write = os.access(self.path.parent, os.W_OK) and os.access(self.path, os.W_OK)
                how = "mode=rw" if can_write else "mode=ro" if os.access(self.path.parent, os.W_OK) else "immutable=1"
                self.sql = sqlite3.connect(f"{self.path.absolute().as_uri()}?{how}", uri=True, autocommit=True)
            else:
                self.sql = sqlite3.connect(path, timeout=60, autocommit=True)
        # Whoever reads the results later may need it, and nobody is told when they are done: it goes with the last one.
        weakref.finalize(self, _close, self.sql)
        try:
            with self._explained():
                self._open(must_exist)
            self.opened = True
        except BaseException:
            self.sql.close()
            raise

    def _check_place(self, must_exist: bool) -> None:
        if must_exist and not self.path.is_file():
            raise StoreError(f"{self.path}: there is no such file; make it with glasshouse sweep")
        if not self.path.parent.is_dir():
            raise StoreError(f"{self.path}: there is no folder {self.path.parent}; make it first")
        kind = file_system(self.path.parent)
        if kind in NETWORKED:
            raise StoreError(
                f"{self.path}: is on a network's file system ({kind}), where a database can be damaged; "
                "give a path on a local disk, and export from there"
            )

    def _open(self, must_exist: bool) -> None:
        application, form = (self.one(f"PRAGMA {name}") for name in ("application_id", "user_version"))
        empty = self.one("SELECT count(*) FROM sqlite_schema") == 0
        if empty and not must_exist:
            self.sql.execute("PRAGMA journal_mode = WAL")
            with self.transaction():
                for statement in SCHEMA.split(";"):
                    self.sql.execute(statement)
                self.sql.execute(f"PRAGMA application_id = {APPLICATION}")
                self.sql.execute(f"PRAGMA user_version = {FORMAT}")
        elif empty or application != APPLICATION:
            raise StoreError(f"{self.path}: is not a store of glasshouse; give another file")
        elif form != FORMAT:
            raise StoreError(f"{self.path}: has format {form}, this version reads {FORMAT}; use the version it is of")
        elif missing := missing_from(self.sql, SCHEMA):
            raise StoreError(f"{self.path}: is damaged: {missing}; give another file, or a copy of before")
        self.sql.execute("PRAGMA synchronous = NORMAL")
        if must_exist:
            self.sql.execute("PRAGMA query_only = ON")

    def one(self, query: str, *values: Any) -> Any:
        """First value that a query gives, or None."""
        with self._explained():
            row = self.sql.execute(query, values).fetchone()
        return None if row is None else row[0]

    def all(self, query: str, *values: Any) -> list[Any]:
        """Rows that a query gives."""
        with self._explained():
            return self.sql.execute(query, values).fetchall()

    def frame(self, query: str, *values: Any) -> pd.DataFrame:
        """Table that a query gives."""
        with self._explained():
            return pd.read_sql(query, self.sql, params=values)

    def close(self) -> None:
        """Close the file."""
        self.sql.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @contextmanager
    def _explained(self) -> Generator[None]:
        try:
            yield
        except (sqlite3.Error, pd.errors.DatabaseError, UnicodeError) as error:
            if "not a database" in str(error):
                raise StoreError(f"{self.path}: is not a store of glasshouse; give another file") from error
            if not self.opened:
                raise StoreError(f"{self.path}: cannot be opened: {error}; give another file") from error
            raise StoreError(
                f"{self.path}: {error}; what was recorded before is kept, and the same command goes on from there"
            ) from error

    @contextmanager
    def transaction(self) -> Generator[None]:
        """All that the block writes, or nothing of it."""
        with self._explained():
            self.sql.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.sql.execute("COMMIT")
            except BaseException:
                # A full disk may have rolled it back already.
                if self.sql.in_transaction:
                    self.sql.execute("ROLLBACK")
                raise

    @contextmanager
    def writing(self) -> Generator[None]:
        """Be the one that writes.

        Raises
        ------
        StoreError
            If another process does.
        """
        if self.in_memory:
            yield
            return
        from filelock import FileLock, Timeout

        lock = FileLock(f"{self.path}.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise StoreError(
                f"{self.path}: another sweep is writing to it; wait for it, or give another file"
            ) from None
        except OSError as error:
            raise StoreError(f"{self.path}: cannot be written: {error.strerror}; give another file") from error
        try:
            clear_remains(self.path)
            yield
        finally:
            lock.release()

    def register(
        self,
        study: str,
        design: Mapping[str, Any],
        factors: Sequence[Mapping[str, Any]],
        scenarios: Mapping[str, Mapping[str, Any]],
        runs: Iterable[Planned],
        state: str,
        keep_both: bool = False,
    ) -> int:
        """Say what a study consists of, and return its number; an earlier list of the same study is replaced.

        Raises
        ------
        StoreError
            If the study was run with another state of the model or of a package that takes part, unless `keep_both`.
        """
        other = self.one("SELECT version FROM study WHERE name = ? AND model_hash <> ?", study, state)
        known = self.one("SELECT id FROM study WHERE name = ? AND model_hash = ?", study, state)
        if other is not None and known is None and not keep_both:
            raise StoreError(
                f"{self.path}: holds {study} of another state of the model (glasshouse {other}) or of a package that "
                "takes part: its results may differ; run it anew beside the old with --keep-both, or give another file"
            )
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self.transaction():
            self.sql.execute(
                "INSERT INTO study (name, model_hash, version, design, started) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET design = excluded.design, version = excluded.version",
                (study, state, version("glasshouse"), to_json(design), now),
            )
            number = self.one("SELECT id FROM study WHERE name = ? AND model_hash = ?", study, state)
            for table in ("study_point", "study_run"):
                self.sql.execute(f"DELETE FROM {table} WHERE study = ?", (number,))
            self.sql.executemany(
                "INSERT INTO study_point VALUES (?, ?, ?)",
                ((number, row, to_json(values)) for row, values in enumerate(factors)),
            )
            self.sql.executemany(
                "INSERT INTO study_run VALUES (?, ?, ?, ?, ?)",
                ((number, run.row, run.replicate, str(run.seed), run.key) for run in runs),
            )
            self.sql.executemany(
                "INSERT INTO scenario VALUES (?, ?) ON CONFLICT DO NOTHING",
                ((key, to_json(settings)) for key, settings in scenarios.items()),
            )
        return number

    def recorded(self, study: int) -> dict[str, str]:
        """Status of the study's runs that are there, by key."""
        query = "SELECT DISTINCT key, status FROM run JOIN study_run USING (key) WHERE study = ?"
        return dict(self.sql.execute(query, (study,)))

    def forget_failures(self, study: int) -> None:
        """Remove the runs of a study that came to nothing, so that they are tried again."""
        with self.transaction():
            self.sql.execute(
                "DELETE FROM run WHERE status <> 'done' AND key IN (SELECT key FROM study_run WHERE study = ?)",
                (study,),
            )

    def add(self, results: Iterable[tuple[Planned, RunConfiguration, Result]]) -> None:
        """Record some runs, each with its course, at once or not at all; one that is there stays as it is."""
        results = list(results)
        artifacts = [self._keep_citizens(run.key, result) for run, _, result in results if result.citizens]
        with self.transaction():
            for run, c, result in results:
                done = self.sql.execute(
                    "INSERT INTO run (key, scenario, seed, steps, last, every, model_hash, libraries, status, error, "
                    "metrics, wall_s, host, started) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                    "ON CONFLICT DO NOTHING",
                    (run.key, run.scenario_key, str(run.seed), c.steps, c.last, c.every, run.state,
                     library_versions(), result.status, result.error, to_json(finite(result.metrics)), result.wall,
                     result.host, result.started),
                )  # fmt: skip
                if result.status != "done":
                    self._note(run.key, result.error)
                elif done.rowcount == 1:
                    self._add_series(done.lastrowid, result)
            self.sql.executemany("INSERT INTO artifact VALUES (?, ?, ?) ON CONFLICT DO NOTHING", artifacts)

    def _keep_citizens(self, key: str, result: Result) -> tuple[str, str, str]:
        if self.in_memory:
            self.citizens[key] = citizen_table(result.citizens)
            return key, "", ""
        return keep_citizens(self.path, key, result.citizens)

    def citizens_of(self, key: str) -> pd.DataFrame | None:
        """Columns of the citizens that a run kept, or None where it kept none.

        Raises
        ------
        GlasshouseError
            If the file beside the store is not the one it kept.
        """
        if self.in_memory:
            return self.citizens.get(key)
        found = self.all("SELECT path, sha256 FROM artifact WHERE key = ?", key)
        return read_citizens(self.path, *found[0]) if found else None

    def note(self, key: str, error: str) -> None:
        """Note an attempt that did not work."""
        with self.transaction():
            self._note(key, error)

    def _note(self, key: str, error: str) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self.sql.execute("INSERT INTO attempt VALUES (?, ?, ?)", (key, now, error))

    def _add_series(self, number: int | None, result: Result) -> None:
        have = {row[1] for row in self.sql.execute("PRAGMA table_info(series)")}
        for name in result.measures:
            if name not in have:
                self.sql.execute(f"ALTER TABLE series ADD COLUMN {quoted(name)} REAL")
        columns = ", ".join(quoted(name) for name in result.measures)
        marks = ", ".join("?" * (2 + len(result.measures)))
        rows = zip(result.weeks, result.series.tolist(), strict=True)
        self.sql.executemany(
            f"INSERT INTO series (run_id, week, {columns}) VALUES ({marks})",
            ((number, week, *values) for week, values in rows),
        )

    # Out

    def studies(self) -> pd.DataFrame:
        """A row a study: its name, the model's version and hash, its runs, those done and those left to do."""
        query = """
            SELECT study.id AS study, name, version, study.model_hash, study.started, count(*) AS runs,
                count(*) FILTER (WHERE status = 'done') AS done, count(*) FILTER (WHERE status IS NULL) AS left,
                avg(wall_s) AS wall_s, count(DISTINCT libraries) AS library_sets
            FROM study JOIN study_run ON study = study.id LEFT JOIN run USING (key)
            GROUP BY study.id ORDER BY study.id
        """
        return self.frame(query)

    def find(self, name: str | None) -> int:
        """Number of a study; the one that is there where none is named, the newest where the model has changed.

        Raises
        ------
        StoreError
            If there is none of the name, or several and none is named.
        """
        names = [row[0] for row in self.all("SELECT DISTINCT name FROM study ORDER BY name")]
        if name is None and len(names) == 1:
            name = names[0]
        if name not in names:
            fault = "which study?" if name is None else f"there is no study {name}"
            raise StoreError(f"{self.path}: {fault}; give --study, one of {', '.join(names) or '(there is none)'}")
        return self.one("SELECT max(id) FROM study WHERE name = ?", name)


def _close(sql: sqlite3.Connection) -> None:
    with suppress(sqlite3.Error):  # another thread may be the one that collects what nobody uses any more
        sql.close()


def quoted(name: str) -> str:
    """Name of a column in SQL."""
    return '"' + name.replace('"', '""') + '"'
