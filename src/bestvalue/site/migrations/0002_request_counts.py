from django.db import migrations, models

# How often somebody asked in this minute: counted where every process of the site sees it.


class Migration(migrations.Migration):
    dependencies = [("site", "0001_cache")]
    operations = [
        migrations.CreateModel(
            name="RequestCount",
            fields=[
                ("who", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("times", models.PositiveIntegerField()),
                ("ends_at", models.PositiveBigIntegerField()),
            ],
        )
    ]
