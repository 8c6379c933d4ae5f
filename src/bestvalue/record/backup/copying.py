"""A copy of the record as it stands at one moment, while the site goes on writing."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection

from bestvalue.record.backup.contents import SQLITE_FILE, Copied, Table

HEAD = "SELECT seq, hash FROM ledger_head"
MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY app, name"
NOTHING = "0:" + "0" * 64
"""The checkpoint of a ledger without entries."""


def copy_record(folder: Path) -> Copied:
    """Write the record into a folder: the SQLite file, or one file a table of PostgreSQL.

    The checkpoint and the numbers of rows are read from the copy, or in its transaction: they are of the same moment.
    """
    return _copy_sqlite(folder) if connection.vendor == "sqlite" else _copy_postgresql(folder)


def _copy_sqlite(folder: Path) -> Copied:
    with (
        closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=20)) as source,
        closing(sqlite3.connect(folder / SQLITE_FILE)) as copy,
    ):
        # All pages in one step: in steps of a few, each write of the site would start it from the beginning.
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a write-ahead log beside it
        found = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        names = [name for (name,) in copy.execute(found)]
        return Copied(
            vendor="sqlite",
            checkpoint=_checkpoint(copy.execute(HEAD).fetchone()),
            migrations=_migrations(copy.execute(MIGRATIONS).fetchall()),
            tables=tuple(_sqlite_table(copy, name) for name in names),
        )


def _sqlite_table(copy: sqlite3.Connection, name: str) -> Table:
    columns = tuple(column for (column,) in copy.execute("SELECT name FROM pragma_table_info(?) ORDER BY cid", [name]))
    (rows,) = copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()
    return Table(name=name, columns=columns, rows=rows)


def _copy_postgresql(folder: Path) -> Copied:
    from psycopg import IsolationLevel  # noqa: PLC0415 - not needed where SQLite is the record

    with closing(connection.get_new_connection(connection.get_connection_params())) as session:
        session.autocommit = False
        session.isolation_level = IsolationLevel.REPEATABLE_READ
        session.read_only = True
        with session.cursor() as cursor:
            # The head is asked first: that query fixes the moment that all others see.
            checkpoint = _checkpoint(cursor.execute(HEAD).fetchone())
            names = _ask(cursor, "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
            return Copied(
                vendor="postgresql",
                checkpoint=checkpoint,
                migrations=_migrations(_ask(cursor, MIGRATIONS)),
                tables=tuple(_postgresql_table(cursor, name, folder) for (name,) in names),
                sequences={f"{table}.{column}": last for table, column, last in _ask(cursor, SEQUENCES) if last is not None},
            )


SEQUENCES = """
    SELECT c.table_name, c.column_name, s.last_value FROM information_schema.columns c
    JOIN pg_sequences s ON s.schemaname = c.table_schema
    AND format('%I.%I', s.schemaname, s.sequencename) =
        pg_get_serial_sequence(format('%I.%I', c.table_schema, c.table_name), c.column_name)
    WHERE c.table_schema = current_schema()
"""


def _postgresql_table(cursor: Any, name: str, folder: Path) -> Table:
    from psycopg import sql  # noqa: PLC0415 - see above

    asked = """SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = %s
        AND is_generated = 'NEVER' ORDER BY ordinal_position"""
    columns = tuple(column for (column,) in cursor.execute(asked, [name]).fetchall())
    wanted = sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, columns)))
    with (folder / f"{name}.copy").open("wb") as file, cursor.copy(wanted) as copy:
        for chunk in copy:
            file.write(chunk)
    return Table(name=name, columns=columns, rows=cursor.rowcount)


def _ask(cursor: Any, query: str) -> list[Any]:
    return list(cursor.execute(query.replace("%", "%%") if "%I" in query else query, ()).fetchall())


def _checkpoint(head: Any) -> str:
    return f"{head[0]}:{head[1]}" if head else NOTHING


def _migrations(rows: list[Any]) -> tuple[str, ...]:
    return tuple(f"{app}.{name}" for app, name in rows)
