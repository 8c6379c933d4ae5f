# What is sensitive names its group: held by the database from here on, after every row has got one.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0009_groups_and_files"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("group", None), ("marking", "OFFICIAL")),
                    models.Q(("group__isnull", False), ("marking", "OFFICIAL-SENSITIVE")),
                    _connector="OR",
                ),
                name="evidence_sensitive_has_group",
            ),
        ),
    ]
