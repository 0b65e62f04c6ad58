"""What is wrong with a store that cannot be read: for a file that was cut off, overwritten, or changed by hand."""

from __future__ import annotations

import sqlite3

TEXTS = {"study": "design", "study_point": "factors", "run": "metrics", "scenario": "settings"}
"""Columns that hold JSON, by table."""


def columns_of(sql: sqlite3.Connection) -> dict[str, set[str]]:
    """Names of the columns of every table."""
    tables = [row[0] for row in sql.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return {name: {row[0] for row in sql.execute("SELECT name FROM pragma_table_info(?)", (name,))} for name in tables}


def missing_from(sql: sqlite3.Connection, schema: str) -> str:
    """What a database lacks of a schema; empty where it has all of it."""
    wanted = sqlite3.connect(":memory:")
    try:
        wanted.executescript(schema)
        there = columns_of(sql)
        for table, columns in columns_of(wanted).items():
            if table not in there:
                return f"the table {table} is missing"
            if lost := sorted(columns - there[table]):
                return f"the table {table} lacks {', '.join(lost)}"
    finally:
        wanted.close()
    return ""


def changes_in(sql: sqlite3.Connection) -> str:
    """What was changed by hand so that it says nothing any more; empty where nothing was, which takes little time."""
    for table, column in TEXTS.items():
        invalid = f"SELECT count(*) FROM {table} WHERE NOT coalesce(json_valid({column}), 0)"
        other = f"SELECT count(*) FROM {table} WHERE json_type({column}) <> 'object'"
        if sql.execute(invalid).fetchone()[0] or sql.execute(other).fetchone()[0]:
            return f"{table}.{column} is no JSON object"
    lost = "SELECT count(*) FROM study_run LEFT JOIN study_point USING (study, design_row) WHERE factors IS NULL"
    if sql.execute(lost).fetchone()[0]:
        return "runs are at points that are missing"
    return ""


def damage_of(sql: sqlite3.Connection) -> str:
    """First damage that is found in what a database holds; empty where it is sound."""
    try:
        found = sql.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            return " ".join(str(found).split())
        if changed := changes_in(sql):
            return changed
    except sqlite3.Error as error:
        return str(error)
    # Any bytes may stand in a text; only Python tells whether they are one.
    for table in columns_of(sql):
        try:
            for _ in sql.execute(f'SELECT * FROM "{table}"'):
                pass
        except (sqlite3.Error, UnicodeError) as error:
            return f"{table}: {error}"
    return ""
