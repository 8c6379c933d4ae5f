from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalrecommendation",
            name="details",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="details",
            field=models.JSONField(default=list),
        ),
    ]
