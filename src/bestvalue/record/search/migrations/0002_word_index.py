"""Make the database's own index of words."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from bestvalue.record.search import word_index


def make(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in word_index.create_statements(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def take_away(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in word_index.drop_statements(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(make, take_away)]
