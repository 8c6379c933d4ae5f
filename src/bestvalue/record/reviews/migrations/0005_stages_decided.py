from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reviews", "0004_stages_renamed")]

    operations = [
        migrations.AddConstraint(
            model_name="reviewstage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "stage__in",
                        [
                            "proposed",
                            "selected",
                            "sanctioned",
                            "scoped",
                            "in review",
                            "reported",
                            "approved",
                            "in delivery",
                            "closed",
                            "withdrawn",
                        ],
                    )
                ),
                name="review_stage_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewstage",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage", "proposed"), ("decision__isnull", False), ("before_decisions", True), _connector="OR"),
                name="review_stage_decided",
            ),
        ),
    ]
