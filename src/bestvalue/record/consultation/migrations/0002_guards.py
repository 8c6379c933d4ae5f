"""Put up the trigger that refuses to change what was handed in."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from bestvalue.record.consultation import guards


def put_up(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in guards.create_statements(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def take_down(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in guards.drop_statements(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("consultation", "0001_initial")]
    operations = [migrations.RunPython(put_up, take_down)]
