"""Putting the rows of a backup into the database of a workspace that was just unpacked."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from bestvalue.errors import LedgerError, WorkspaceError
from bestvalue.record.backup.contents import Copied, Manifest, Table
from bestvalue.record.backup.opening import newer
from bestvalue.record.ledger.verify import NEXT_STEP, Verification, parse_checkpoint, verify


def check_known(manifest: Manifest, *, where: str) -> None:
    """Refuse a backup whose tables have taken steps that this version does not know.

    Raises:
        WorkspaceError: a newer version made it.
    """
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if set(manifest.record.migrations) - known:
        raise newer(manifest.version, where)


def load_postgresql(record: Copied, folder: Path) -> None:
    """Make the tables as the backup had them and fill them: all of it or nothing.

    Raises:
        WorkspaceError: the database is not empty, or the rows do not fit into the tables.
    """
    if connection.introspection.table_names():
        raise WorkspaceError(
            "The database that DATABASE_URL names is not empty",
            where=str(connection.settings_dict["NAME"]),
            next_step="Make a new one: createdb",
        )
    try:
        with transaction.atomic():
            _make_tables({(app, name) for app, _, name in (step.partition(".") for step in record.migrations)})
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
                for table in record.tables:
                    _load(cursor, table, folder / f"{table.name}.copy")
                for place, last in record.sequences.items():
                    table_name, _, column = place.partition(".")
                    cursor.execute("SELECT setval(pg_get_serial_sequence(quote_ident(%s), %s), %s)", [table_name, column, last])
    except DatabaseError as cause:
        raise WorkspaceError(
            f"The rows cannot be loaded: {str(cause).splitlines()[0]}",
            where=str(connection.settings_dict["NAME"]),
            next_step="Restore with the version that made the backup, then bring that one up to date.",
        ) from cause


def verify_restored(manifest: Manifest, *, held: str = "", with_key: bool) -> Verification:
    """Is the ledger whole, and does it end where the backup says, and hold the checkpoint that others hold?

    Raises:
        LedgerError: it names the first bad entry.
    """
    for checkpoint in filter(None, (held, manifest.record.checkpoint)):
        verification = verify(checkpoint=parse_checkpoint(checkpoint), with_key=with_key)
    if str(verification.head) != manifest.record.checkpoint:
        raise LedgerError(f"The ledger ends at {verification.head}, not where the backup says", where="ledger", next_step=NEXT_STEP)
    return verification


def _make_tables(taken: set[tuple[str, str]]) -> None:
    executor = MigrationExecutor(connection)
    steps = executor.loader.graph.node_map
    if taken == set(steps):  # the short way to today's tables
        call_command("migrate", interactive=False, verbosity=0)
        return
    executor.migrate([step for step in sorted(taken) if not any(after.key in taken for after in steps[step].children)])


def _load(cursor: Any, table: Table, file: Path) -> None:
    from psycopg import sql  # noqa: PLC0415 - not needed where SQLite is the record

    name, columns = sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
    cursor.execute(sql.SQL("DELETE FROM {}").format(name))  # what the steps themselves put in
    with file.open("rb") as source, cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(name, columns)) as copy:
        while chunk := source.read(1 << 20):
            copy.write(chunk)
    if cursor.rowcount != table.rows:
        raise WorkspaceError(f"{cursor.rowcount:,} rows came of {table.rows:,}", where=table.name, next_step="Restore another backup.")
