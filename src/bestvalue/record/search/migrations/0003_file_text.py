import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0003_file_scans"),
        ("search", "0002_word_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="FileText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.TextField(blank=True)),
                ("fault", models.CharField(blank=True, max_length=300)),
                ("read_at", models.DateTimeField()),
                (
                    "file",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="file_text", to="reviews.evidencefile"),
                ),
            ],
        ),
    ]
