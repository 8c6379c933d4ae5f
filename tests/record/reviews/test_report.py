import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery import changes as delivery
from bestvalue.record.ledger import ledger
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.ledger.verify import parse_checkpoint, verify
from bestvalue.record.reviews import changes
from bestvalue.record.reviews.models import Evidence, Finding, Marking, Review
from bestvalue.record.reviews.report import propose, publish, review_content
from bestvalue.workspace import Workspace

DAY = date(2026, 1, 5)


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace of the test's own, so that what is published is all that lies there."""
    made = Workspace.create(tmp_path / "workspace", name="Reports")
    monkeypatch.setattr(settings, "WORKSPACE", made)
    return made


def test_a_version_holds_the_digest_of_each_file_and_the_newest_entry_before_it(
    review: Review, finding: Finding, manager: Person, second: Person
) -> None:
    before = ledger.head()
    version = publish(review, by=manager, confirmed_by=second, formats=("html", "docx"))
    assert (version.number, parse_checkpoint(version.checkpoint)) == (1, before)
    for file, path in zip(version.files.all(), version.paths, strict=True):
        assert file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert verify(checkpoint=before).entries == before.seq + 2


def test_publishing_is_one_entry_that_names_the_digests(review: Review, finding: Finding, manager: Person, second: Person) -> None:
    version = publish(review, by=manager, confirmed_by=second, formats=("html",))
    event = AuditEvent.objects.about(version).get()
    assert event.payload is not None
    assert event.payload["files"] == {file.name: file.sha256 for file in version.files.all()}


def test_the_second_version_leaves_the_first_as_it_was(review: Review, finding: Finding, manager: Person, second: Person) -> None:
    first, after = (publish(review, by=manager, confirmed_by=second, formats=("html",)) for _ in range(2))
    assert (first.number, after.number) == (1, 2)
    assert first.files.get().sha256 == hashlib.sha256(first.paths[0].read_bytes()).hexdigest()


def test_the_marking_is_in_the_name_of_the_file(
    review: Review, finding: Finding, manager: Person, add_evidence: Callable[..., Evidence]
) -> None:
    add_evidence(review, marking=Marking.SENSITIVE)
    (file,) = propose(review, by=manager, formats=("html",)).files
    assert file["name"] == "operational-support-version-1-OFFICIAL-SENSITIVE.html"


def test_a_review_without_findings_is_not_proposed(review: Review, manager: Person) -> None:
    with pytest.raises(RuleError, match="no findings yet"):
        propose(review, by=manager)


def test_an_analyst_may_not_propose(review: Review, finding: Finding, person: Callable[..., Person], team: Body) -> None:
    with pytest.raises(RuleError, match="may not publish"):
        propose(review, by=person("Analyst", role="analyst", body=team))


def test_a_format_that_nobody_writes_is_refused(review: Review, finding: Finding, manager: Person) -> None:
    with pytest.raises(RuleError, match="not written as 'odt'"):
        propose(review, by=manager, formats=("html", "odt"))


def test_a_version_that_somebody_else_published_meanwhile_is_refused(
    review: Review, finding: Finding, manager: Person, second: Person, tmp_path: Path
) -> None:
    publish(review, by=manager, confirmed_by=second, formats=("html",))
    late = tmp_path / "late.html"
    late.write_text("late")
    with pytest.raises(RuleError, match="Version 1 was published by somebody else"):
        changes.propose_version(review, number=1, files={"html": late}, content_sha256="ab" * 32, checkpoint=ledger.head(), by=manager)


def test_a_proposal_that_fails_leaves_no_file(
    review: Review, finding: Finding, manager: Person, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*parts: object, **options: object) -> None:
        raise RuleError("no")

    monkeypatch.setattr("bestvalue.record.reviews.report.propose_version", refuse)
    with pytest.raises(RuleError):
        propose(review, by=manager, formats=("html",))
    assert list(workspace.reports_folder.iterdir()) == []


def test_the_content_is_what_the_record_says(review: Review, finding: Finding, manager: Person) -> None:
    recommendation = delivery.draft_recommendation(review, text="Share the units.", findings=[finding], on=DAY, by=manager)
    delivery.add_action(
        recommendation, what="Share", why="Calls wait", how="One roster", target="90%", lead=manager, original_date=DAY, by=manager
    )
    content = review_content(review, version=1, on=DAY, checkpoint=ledger.head())
    strand = content.strands[0]
    assert (strand.number, strand.findings[0].reference, strand.findings[0].positive) == (1, "1.1", False)
    assert strand.findings[0].evidence == tuple(item.reference for item in content.evidence) == ("E1",)
    assert (content.recommendations[0].number, content.recommendations[0].findings) == ("1", ("1.1",))
    assert (content.recommendations[0].status, content.actions[0].who) == ("Draft, 05 January 2026", "Project manager")


def test_the_only_review_needs_no_number_and_one_of_two_does(start_review: Callable[..., Review]) -> None:
    first = start_review("First")
    assert Review.objects.the_one(None) == first
    second = start_review("Second")
    assert Review.objects.the_one(second.pk) == second
    with pytest.raises(RuleError, match="There are 2 reviews"):
        Review.objects.the_one(None)
    with pytest.raises(RuleError, match="no review number 0"):
        Review.objects.the_one(0)
