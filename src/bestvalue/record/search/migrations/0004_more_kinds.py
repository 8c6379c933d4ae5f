from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def forget(apps: StateApps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The entries are no part of the record: with none, all are made anew at the first search or change, those of the new kinds too."""
    apps.get_model("search", "Entry").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("search", "0003_file_text")]

    operations = [
        migrations.AlterField(
            model_name="entry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("review", "Reviews"),
                    ("aim", "Aims"),
                    ("finding", "Findings"),
                    ("recommendation", "Recommendations"),
                    ("evidence", "Evidence"),
                    ("challenge", "Challenges"),
                    ("option", "Options considered"),
                    ("decision", "Decisions"),
                    ("minute", "Agendas and minutes of meetings"),
                    ("arising", "Actions arising"),
                    ("action", "Actions of plans"),
                    ("update", "Updates"),
                    ("comment", "Comments"),
                    ("paragraph", "Paragraphs of reports"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunPython(forget, migrations.RunPython.noop),
    ]
