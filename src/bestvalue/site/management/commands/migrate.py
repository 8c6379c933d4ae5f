"""Bring the database up to date; a new one gets today's tables at once.

Django draws up a picture of every model anew for each of some hundred steps, which for a new database took seventeen of nineteen
seconds. The steps are for databases that hold something already. Of them a new one needs only those that make what is no table: the
guards of the ledger, the index of words. A step that puts *data* right is marked `elidable`, as Django asks of steps that a new
database can do without; none of other packages' is needed.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder

OURS = "bestvalue."


class Command(Migrate):
    """Django's own, for a database that is not empty."""

    def handle(self, *args: Any, **options: Any) -> None:
        """See Django's command; only a plain call for all apps takes the short way."""
        connection = connections[options["database"]]
        plain = not (options.get("app_label") or options.get("plan") or options.get("check_unapplied") or options.get("fake"))
        if plain and not connection.introspection.table_names():
            draw_up(connection)
        super().handle(*args, **options)


def draw_up(connection: BaseDatabaseWrapper) -> None:
    """Make all tables and what belongs to them, and note every step as taken: all of it or nothing."""
    executor = MigrationExecutor(connection)
    plan = [step for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    recorder = MigrationRecorder(connection)
    with connection.schema_editor() as editor:
        if connection.introspection.table_names():  # somebody else was quicker
            return
        recorder.ensure_schema()
        for app in apps.get_app_configs():
            for model in router.get_migratable_models(app, connection.alias, include_auto_created=False):
                if model._meta.can_migrate(connection):
                    editor.create_model(model)
        for step in plan:
            if apps.get_app_config(step.app_label).name.startswith(OURS):
                make_what_is_no_table(step.operations, editor)
        for step in plan:
            recorder.record_applied(step.app_label, step.name)


def make_what_is_no_table(operations: Sequence[Operation], editor: BaseDatabaseSchemaEditor) -> None:
    """Take those steps of an app that make something other than tables and put no data right."""
    for operation in operations:
        if isinstance(operation, RunPython) and not operation.elidable:
            operation.code(apps, editor)  # type: ignore[arg-type] # of a new database, the models of the steps are those of today
