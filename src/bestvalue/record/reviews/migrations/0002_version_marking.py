from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def mark_versions(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django calls it with both
    # Versions that are there were named by the marking of their review, which the names of their files still show.
    versions = apps.get_model("reviews", "PublishedVersion").objects
    for version in versions.filter(files__name__contains="OFFICIAL-SENSITIVE").distinct():
        version.marking = "OFFICIAL-SENSITIVE"
        version.save()


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="publishedversion",
            name="marking",
            field=models.CharField(
                choices=[("OFFICIAL", "OFFICIAL"), ("OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE")], default="OFFICIAL", max_length=20
            ),
            preserve_default=False,
        ),
        migrations.RunPython(mark_versions, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="publishedversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("marking__in", ["OFFICIAL", "OFFICIAL-SENSITIVE"])), name="version_marking_known"
            ),
        ),
    ]
