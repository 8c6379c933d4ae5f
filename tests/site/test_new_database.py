"""A new database is drawn up at once; it must be the one that the steps lead to."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.core.management.commands.migrate import Command as StepByStep
from django.db import connections
from django.db.migrations import RunPython

from bestvalue.site.management.commands import migrate

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

Empty = Callable[[], AbstractContextManager["BaseDatabaseWrapper"]]
POSTGRESQL = {
    # Django's own table of groups' permissions numbers its rows in 64 bits today and in 32 by its steps: both do.
    "columns": "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, is_identity "
    "FROM information_schema.columns WHERE table_schema = 'public' AND (table_name, column_name) <> ('auth_group_permissions', 'id')",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "functions": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
}
COMMON = {
    "steps": "SELECT app, name FROM django_migrations",
    "kinds of content": "SELECT app_label, model FROM django_content_type",
    "permissions": "SELECT codename, name FROM auth_permission",
}


@pytest.fixture
def empty(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> Iterator[Empty]:
    """Opens a database without a table, of the kind that the tests run on, in place of theirs."""
    own = connections["default"]
    with django_db_blocker.unblock():
        yield lambda: _in_place_of(own, tmp_path)
        connections["default"] = own


@contextmanager
def _in_place_of(own: "BaseDatabaseWrapper", folder: Path) -> Iterator["BaseDatabaseWrapper"]:
    # Steps of other packages speak to the default database, whichever they are taken on.
    other = own.copy()
    number = len(list(folder.iterdir()))
    other.settings_dict["NAME"] = folder / f"{number}.sqlite3"
    if own.vendor == "postgresql":
        (folder / f"{number}").touch()
        other.settings_dict["NAME"] = f"{own.settings_dict['NAME']}_{number}"
        _in_server(own, f'CREATE DATABASE "{other.settings_dict["NAME"]}"')
    connections["default"] = other
    yield other
    connections["default"] = own
    other.close()
    if own.vendor == "postgresql":
        _in_server(own, f'DROP DATABASE "{other.settings_dict["NAME"]}"')


def _in_server(own: "BaseDatabaseWrapper", statement: str) -> None:
    with own._nodb_cursor() as cursor:
        cursor.execute(statement)


def _rows(connection: "BaseDatabaseWrapper", statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return sorted(cursor.fetchall(), key=repr)


def _drawn(connection: "BaseDatabaseWrapper") -> dict[str, list[tuple[Any, ...]]]:
    """All that a database is made of, in no order of its columns."""
    asked = COMMON | (POSTGRESQL if connection.vendor == "postgresql" else {})
    found = {what: _rows(connection, statement) for what, statement in asked.items()}
    if connection.vendor == "sqlite":
        for kind, name, sql in _rows(connection, "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"):
            columns = sql.partition("(")[2].rpartition(")")[0]
            found[f"{kind} {name}"] = sorted((part,) for part in re.split(r', (?=")|, (?=CONSTRAINT )', columns)) or [(sql,)]
    return found


@pytest.mark.slow
def test_a_new_database_is_the_one_that_the_steps_lead_to(empty: Empty) -> None:
    with empty() as drawn_up_at:
        call_command("migrate", verbosity=0)
        drawn_up = _drawn(drawn_up_at)
    with empty() as taken_by_step:
        call_command(StepByStep(), verbosity=0)
        by_step = _drawn(taken_by_step)
    assert drawn_up.keys() == by_step.keys()
    apart = {what: set(drawn_up[what]) ^ set(by_step[what]) for what in drawn_up}
    assert {what: sorted(lines, key=repr) for what, lines in apart.items() if lines} == {}
    assert any("ledger" in str(name) for name in drawn_up["steps"])


def test_what_fails_half_way_leaves_nothing(empty: Empty, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no disk")

    monkeypatch.setattr(migrate.MigrationRecorder, "record_applied", fail)
    with empty() as connection:
        with pytest.raises(RuntimeError, match="no disk"):
            migrate.draw_up(connection)
        assert connection.introspection.table_names() == []


def test_a_step_that_only_puts_data_right_is_not_taken(empty: Empty) -> None:
    taken = []
    steps = [RunPython(lambda *_: taken.append("data"), elidable=True), RunPython(lambda *_: taken.append("guards"))]
    with empty() as connection, connection.schema_editor() as editor:
        migrate.make_what_is_no_table(steps, editor)
    assert taken == ["guards"]
