import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0002_report_proposals"),
    ]

    operations = [
        migrations.CreateModel(
            name="FileScan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unscanned", "Not scanned"),
                            ("quarantined", "In quarantine"),
                            ("clean", "Clean"),
                            ("infected", "Infected"),
                        ],
                        max_length=12,
                    ),
                ),
                ("says", models.CharField(blank=True, max_length=300)),
                ("scanner", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                ("file", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="scans", to="reviews.evidencefile")),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["unscanned", "quarantined", "clean", "infected"])), name="file_scan_state_known"
                    )
                ],
            },
        ),
    ]
