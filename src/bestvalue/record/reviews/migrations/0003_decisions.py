import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bodies", "0001_initial"),
        ("programme", "0002_candidate_services"),
        ("reviews", "0002_version_marking"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("attended", models.BooleanField()),
                ("interest", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["person__name"],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "gate",
                    models.CharField(
                        choices=[
                            ("select", "select the review for the programme"),
                            ("sanction", "sanction the project"),
                            ("scope", "approve the terms of reference"),
                            ("begin", "begin the review"),
                            ("report", "put the report forward"),
                            ("endorse", "endorse the report"),
                            ("approve", "approve the report"),
                            ("deliver", "begin delivery"),
                            ("close", "close the review"),
                            ("rescope", "set the scope anew"),
                            ("withdraw", "withdraw the review"),
                        ],
                        max_length=20,
                    ),
                ),
                ("asked_on", models.DateField()),
                ("due", models.DateField()),
                ("lapsed_on", models.DateField(blank=True, null=True)),
                ("taken_on", models.DateField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agreed", "Agreed"),
                            ("returned", "Returned for more work"),
                            ("refused", "Refused: it stays where it is"),
                            ("deferred", "Deferred to another day"),
                        ],
                        max_length=10,
                    ),
                ),
                ("minute", models.CharField(blank=True, max_length=200)),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["-asked_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalDecision",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "gate",
                    models.CharField(
                        choices=[
                            ("select", "select the review for the programme"),
                            ("sanction", "sanction the project"),
                            ("scope", "approve the terms of reference"),
                            ("begin", "begin the review"),
                            ("report", "put the report forward"),
                            ("endorse", "endorse the report"),
                            ("approve", "approve the report"),
                            ("deliver", "begin delivery"),
                            ("close", "close the review"),
                            ("rescope", "set the scope anew"),
                            ("withdraw", "withdraw the review"),
                        ],
                        max_length=20,
                    ),
                ),
                ("asked_on", models.DateField()),
                ("due", models.DateField()),
                ("lapsed_on", models.DateField(blank=True, null=True)),
                ("taken_on", models.DateField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agreed", "Agreed"),
                            ("returned", "Returned for more work"),
                            ("refused", "Refused: it stays where it is"),
                            ("deferred", "Deferred to another day"),
                        ],
                        max_length=10,
                    ),
                ),
                ("minute", models.CharField(blank=True, max_length=200)),
                ("reason", models.TextField(blank=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                ("history_type", models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1)),
            ],
            options={
                "verbose_name": "historical decision",
                "verbose_name_plural": "historical decisions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.RemoveConstraint(
            model_name="evidence",
            name="evidence_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="reviewstage",
            name="review_stage_known",
        ),
        migrations.AddField(
            model_name="historicalreview",
            name="candidate",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="programme.candidateservice",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="candidate",
            field=models.OneToOneField(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="review", to="programme.candidateservice"
            ),
        ),
        migrations.AddField(
            model_name="reviewstage",
            name="before_decisions",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="kind",
            field=models.CharField(
                choices=[
                    ("terms of reference", "Terms of reference"),
                    ("document", "Document"),
                    ("data", "Data"),
                    ("interview", "Interview"),
                    ("survey", "Survey"),
                    ("visit", "Visit"),
                    ("analysis result", "Analysis result"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="historicalevidence",
            name="kind",
            field=models.CharField(
                choices=[
                    ("terms of reference", "Terms of reference"),
                    ("document", "Document"),
                    ("data", "Data"),
                    ("interview", "Interview"),
                    ("survey", "Survey"),
                    ("visit", "Visit"),
                    ("analysis result", "Analysis result"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="reviewstage",
            name="stage",
            field=models.CharField(
                choices=[
                    ("proposed", "Proposed"),
                    ("selected", "Selected for the programme"),
                    ("sanctioned", "Sanctioned: setting the scope"),
                    ("scoped", "Scoped: terms of reference approved"),
                    ("in review", "In review"),
                    ("reported", "Reported, awaiting approval"),
                    ("approved", "Approved"),
                    ("in delivery", "In delivery"),
                    ("closed", "Closed"),
                    ("withdrawn", "Withdrawn"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["terms of reference", "document", "data", "interview", "survey", "visit", "analysis result"])
                ),
                name="evidence_kind_known",
            ),
        ),
        migrations.AddField(
            model_name="attendance",
            name="person",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"),
        ),
        migrations.AddField(
            model_name="decision",
            name="asked_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"),
        ),
        migrations.AddField(
            model_name="decision",
            name="body",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="bodies.body"),
        ),
        migrations.AddField(
            model_name="decision",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="review",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="reviews.review"),
        ),
        migrations.AddField(
            model_name="attendance",
            name="decision",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="attendances", to="reviews.decision"),
        ),
        migrations.AddField(
            model_name="reviewstage",
            name="decision",
            field=models.OneToOneField(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="reached", to="reviews.decision"
            ),
        ),
        migrations.AddField(
            model_name="historicaldecision",
            name="asked_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="bodies.person",
            ),
        ),
        migrations.AddField(
            model_name="historicaldecision",
            name="body",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="bodies.body",
            ),
        ),
        migrations.AddField(
            model_name="historicaldecision",
            name="history_user",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="historicaldecision",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="bodies.person",
            ),
        ),
        migrations.AddField(
            model_name="historicaldecision",
            name="review",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="reviews.review",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "gate__in",
                        ["select", "sanction", "scope", "begin", "report", "endorse", "approve", "deliver", "close", "rescope", "withdraw"],
                    )
                ),
                name="decision_gate_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["", "agreed", "returned", "refused", "deferred"])), name="decision_outcome_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(condition=models.Q(("due__gte", models.F("asked_on"))), name="decision_due_after_asked"),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("minute", ""), ("outcome", ""), ("recorded_by", None), ("taken_on", None)),
                    models.Q(
                        models.Q(("outcome", ""), _negated=True),
                        models.Q(("minute", ""), _negated=True),
                        ("lapsed_on", None),
                        ("recorded_by__isnull", False),
                        ("taken_on__gte", models.F("asked_on")),
                    ),
                    _connector="OR",
                ),
                name="decision_due_or_taken",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["", "agreed"]), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="decision_otherwise_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lapsed_on", None), ("outcome", "")), fields=("review", "gate"), name="decision_asked_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(fields=("decision", "person"), name="attendance_once"),
        ),
    ]
