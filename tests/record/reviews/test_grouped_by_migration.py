"""What a workspace from before there were groups becomes: those who could read something still can, and every file is version 1."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.apps import apps

if TYPE_CHECKING:
    from bestvalue.record.bodies.models import Body, Person
    from bestvalue.record.reviews.models import Evidence, Finding, Review

migration: Any = import_module("bestvalue.record.reviews.migrations.0009_groups_and_files")


def test_a_sensitive_version_is_read_by_those_who_held_a_place_in_a_body_that_takes_part(
    review: "Review", finding: "Finding", manager: "Person", team: "Body", person: "Callable[..., Person]"
) -> None:
    from bestvalue.record.reviews.report import publish

    analyst = person("Analyst", role="analyst", body=team)
    person("Observer", role="observer", body=review.force)
    version = publish(review, by=manager, formats=("html",))
    version.marking = "OFFICIAL-SENSITIVE"
    version.save()
    migration.group_what_is_sensitive(apps, None)
    assert {place.person for place in version.groups.get().places.all()} == {manager, analyst}


def test_a_file_that_was_there_is_version_1_and_is_what_findings_cite(
    review: "Review", manager: "Person", add_evidence: "Callable[..., Evidence]", finding: "Finding", tmp_path: Path
) -> None:
    from bestvalue.record.reviews.models import FindingEvidence

    path = tmp_path / "minutes.txt"
    path.write_text("The board met.")
    evidence = add_evidence(review, file=path, file_name="minutes.txt")
    evidence.files.all().delete()
    citation = FindingEvidence.objects.create(finding=finding, evidence=evidence)
    migration.number_the_files(apps, None)
    citation.refresh_from_db()
    assert (citation.file.number, citation.file.sha256) == (1, evidence.file_sha256)
