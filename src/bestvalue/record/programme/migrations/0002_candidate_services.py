import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bodies", "0001_initial"),
        ("programme", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CandidateService",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service", models.CharField(max_length=200)),
                ("case", models.TextField()),
                ("added_at", models.DateTimeField()),
                ("added_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person")),
                ("force", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.body")),
                (
                    "programme",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="candidates", to="programme.programme"),
                ),
            ],
            options={
                "ordering": ["service"],
            },
        ),
        migrations.CreateModel(
            name="CandidateScore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "criterion",
                    models.CharField(
                        choices=[
                            ("risk", "Risk to the public if the service fails"),
                            ("cost", "Cost of the service"),
                            ("public concern", "Public concern about it"),
                            ("performance", "Poor performance today"),
                        ],
                        max_length=20,
                    ),
                ),
                ("score", models.PositiveSmallIntegerField()),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person")),
                (
                    "candidate",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="scores", to="programme.candidateservice"),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalCandidateService",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("service", models.CharField(max_length=200)),
                ("case", models.TextField()),
                ("added_at", models.DateTimeField()),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                ("history_type", models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1)),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="bodies.person",
                    ),
                ),
                (
                    "force",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="bodies.body",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programme.programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical candidate service",
                "verbose_name_plural": "historical candidate services",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Weighting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("risk", models.PositiveSmallIntegerField()),
                ("cost", models.PositiveSmallIntegerField()),
                ("public_concern", models.PositiveSmallIntegerField()),
                ("performance", models.PositiveSmallIntegerField()),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person")),
                (
                    "programme",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="weightings", to="programme.programme"),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.AddConstraint(
            model_name="candidateservice",
            constraint=models.UniqueConstraint(fields=("programme", "force", "service"), name="candidate_service_once"),
        ),
        migrations.AddConstraint(
            model_name="candidateservice",
            constraint=models.CheckConstraint(condition=models.Q(("case", ""), _negated=True), name="candidate_service_has_its_case"),
        ),
        migrations.AddConstraint(
            model_name="candidatescore",
            constraint=models.CheckConstraint(
                condition=models.Q(("criterion__in", ["risk", "cost", "public concern", "performance"])), name="candidate_criterion_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="candidatescore",
            constraint=models.CheckConstraint(condition=models.Q(("score__range", (1, 5))), name="candidate_score_in_bounds"),
        ),
        migrations.AddConstraint(
            model_name="candidatescore",
            constraint=models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="candidate_score_has_its_reason"),
        ),
        migrations.AddConstraint(
            model_name="weighting",
            constraint=models.CheckConstraint(
                condition=models.Q(("risk__gt", 0), ("cost__gt", 0), ("public_concern__gt", 0), ("performance__gt", 0), _connector="OR"),
                name="weighting_counts_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="weighting",
            constraint=models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="weighting_has_its_reason"),
        ),
    ]
