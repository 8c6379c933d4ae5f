# Everything sensitive that is there gets a group of those who could read it so far; every file becomes version 1 of itself.

from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

SENSITIVE = "OFFICIAL-SENSITIVE"
NAME = "Members of the bodies that take part"
NEED = "Everyone who could read what is sensitive in this review before it had groups."


def group_what_is_sensitive(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django calls it with the editor
    evidence_rows, versions = apps.get_model("reviews", "Evidence"), apps.get_model("reviews", "PublishedVersion")
    reviews = set(evidence_rows.objects.filter(marking=SENSITIVE).values_list("review", flat=True))
    reviews |= set(versions.objects.filter(marking=SENSITIVE).values_list("review", flat=True))
    for review in apps.get_model("reviews", "Review").objects.filter(pk__in=reviews):
        group = _group_of(apps, review)
        for evidence in evidence_rows.objects.filter(review=review, marking=SENSITIVE):
            evidence.group = group
            evidence.save()
        for version in versions.objects.filter(review=review, marking=SENSITIVE):
            apps.get_model("reviews", "VersionGroup").objects.create(version=version, group=group)


def _group_of(apps: Apps, review: Any) -> Any:
    now, today = timezone.now(), timezone.localdate()
    starter = apps.get_model("reviews", "ReviewStage").objects.filter(review=review).earliest("on", "id").by
    group = apps.get_model("reviews", "NeedToKnowGroup").objects.create(review=review, name=NAME, need=NEED, made_at=now, made_by=starter)
    bodies = apps.get_model("reviews", "ReviewBody").objects.filter(review=review).values("body")
    held = apps.get_model("bodies", "Membership").objects.filter(body__in=bodies, starts__lte=today)
    held = held.filter(models.Q(ends=None) | models.Q(ends__gte=today))
    for person in sorted(set(held.values_list("person", flat=True))):
        apps.get_model("reviews", "GroupPlace").objects.create(group=group, person_id=person, reason=NEED, starts=today, by=starter)
    return group


def number_the_files(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django calls it with the editor
    citations = apps.get_model("reviews", "FindingEvidence")
    for evidence in apps.get_model("reviews", "Evidence").objects.exclude(file_name=""):
        first = apps.get_model("reviews", "EvidenceFile").objects.create(
            evidence=evidence,
            number=1,
            name=evidence.file_name,
            sha256=evidence.file_sha256,
            size=evidence.file_size,
            added_at=evidence.added_at,
            added_by=evidence.added_by,
        )
        for citation in citations.objects.filter(evidence=evidence):
            citation.file = first
            citation.save()


class Migration(migrations.Migration):
    dependencies = [
        ("bodies", "0002_row_versions"),
        ("reviews", "0008_evidence_and_markings"),
    ]

    operations = [
        migrations.RunPython(group_what_is_sensitive, migrations.RunPython.noop),
        migrations.RunPython(number_the_files, migrations.RunPython.noop),
    ]
