from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from bestvalue.errors import RuleError, WorkspaceError
from bestvalue.record.bodies.models import Body, Person, User
from bestvalue.record.reviews import changes
from bestvalue.record.reviews.life_cycle import ENDED, Part, Stage
from bestvalue.record.reviews.models import Evidence, EvidenceKind, Finding, FourC, Review, ReviewStage, Strand, Tone

DAY = date(2026, 1, 5)
StartReview = Callable[..., Review]
AddEvidence = Callable[..., Evidence]


def test_a_review_starts_as_a_proposal_with_its_aims_in_order_and_its_bodies(start_review: StartReview, team: Body) -> None:
    review = start_review(aims=["Faster", "Cheaper"])
    assert review.stage == Stage.PROPOSED
    assert [(aim.number, aim.text) for aim in review.aims.all()] == [(1, "Faster"), (2, "Cheaper")]
    assert list(review.bodies.all()) == [team]


def test_a_panel_member_may_not_propose_a_review(start_review: StartReview, person: Callable[..., Person], team: Body) -> None:
    with pytest.raises(RuleError, match="may not propose a review"):
        start_review(by=person("Panel member", role="panel member", body=team))


@pytest.mark.parametrize("stage", ENDED)
def test_nothing_is_added_to_a_review_that_has_ended(review: Review, manager: Person, add_evidence: AddEvidence, stage: Stage) -> None:
    ReviewStage.objects.create(review=review, stage=stage, on=DAY, by=manager, before_decisions=True)
    with pytest.raises(RuleError, match=f"The review is {stage.value}"):
        add_evidence(review)


def test_the_database_refuses_a_stage_that_nobody_decided(review: Review, manager: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewStage.objects.create(review=review, stage=Stage.SELECTED, on=DAY, by=manager)


class TestParts:
    """Which bodies take part."""

    def test_a_body_that_is_added_sees_the_review(
        self, review: Review, manager: Person, person: Callable[..., Person], body: Callable[..., Body], sign_in: Callable[..., User]
    ) -> None:
        board = body("Project Board", "board")
        user = sign_in(person("Chair", role="board member", body=board))
        assert not Review.objects.visible_to(user).exists()
        changes.add_part(review, part=Part.PROJECT_BOARD, body=board, by=manager)
        assert Review.objects.visible_to(user).get() == review

    def test_one_body_decides(self, review: Review, manager: Person, body: Callable[..., Body]) -> None:
        changes.add_part(review, part=Part.COMMITTEE, body=body("First", "committee"), by=manager)
        with pytest.raises(RuleError, match="First is the committee of the authority already"):
            changes.add_part(review, part=Part.COMMITTEE, body=body("Second", "committee"), by=manager)

    def test_an_analyst_does_not_say_who_takes_part(
        self, review: Review, person: Callable[..., Person], team: Body, body: Callable[..., Body]
    ) -> None:
        with pytest.raises(RuleError, match="does not manage this review"):
            changes.add_part(review, part=Part.PANEL, body=body("Panel", "panel"), by=person(role="analyst", body=team))


def test_strands_are_numbered_in_order_and_named_once(review: Review, manager: Person) -> None:
    first, second = (changes.add_strand(review, name=name, question="?", by=manager) for name in ("Roles", "Resources"))
    assert (first.number, second.number) == (1, 2)
    with pytest.raises(RuleError, match="'roles' already"):
        changes.add_strand(review, name="roles", question="?", by=manager)


class TestEvidence:
    """What may be added as evidence."""

    def test_it_is_numbered_in_order_within_its_review(self, start_review: StartReview, add_evidence: AddEvidence) -> None:
        one, other = start_review("One"), start_review("Other")
        assert [add_evidence(review).number for review in (one, one, other)] == [1, 2, 1]

    def test_it_serves_at_least_one_of_the_4cs(self, review: Review, add_evidence: AddEvidence) -> None:
        with pytest.raises(RuleError, match="at least one of the 4Cs"):
            add_evidence(review, four_cs=[])

    def test_the_4cs_are_kept_in_their_own_order(self, review: Review, add_evidence: AddEvidence) -> None:
        evidence = add_evidence(review, four_cs=[FourC.COMPETE, FourC.CHALLENGE])
        assert Evidence.objects.get(pk=evidence.pk).four_cs == ["challenge", "compete"]

    def test_a_strand_of_another_review_is_refused(self, start_review: StartReview, strand: Strand, add_evidence: AddEvidence) -> None:
        with pytest.raises(RuleError, match="belongs to another review"):
            add_evidence(start_review("Other"), strands=[strand])

    def test_it_holds_something(self, review: Review, add_evidence: AddEvidence) -> None:
        with pytest.raises(RuleError, match="nothing in this evidence"):
            add_evidence(review, notes=" ")

    def test_a_result_that_is_not_in_the_store_is_refused(self, review: Review, add_evidence: AddEvidence) -> None:
        with pytest.raises(WorkspaceError, match="There is no result"):
            add_evidence(review, kind=EvidenceKind.RESULT, result_digest="0" * 64)

    def test_a_result_without_a_digest_is_refused(self, review: Review, add_evidence: AddEvidence) -> None:
        with pytest.raises(RuleError, match="named by its digest"):
            add_evidence(review, kind=EvidenceKind.RESULT)

    def test_a_file_is_kept_under_its_digest_with_the_name_it_came_with(
        self, review: Review, add_evidence: AddEvidence, tmp_path: Path
    ) -> None:
        came = tmp_path / "upload"
        came.write_bytes(b"%PDF-1.7 minutes")
        evidence = add_evidence(review, kind=EvidenceKind.DOCUMENT, notes="", file=came, file_name="../../Minutes.pdf")
        assert (evidence.file_name, evidence.file_size) == ("Minutes.pdf", 16)
        assert (settings.WORKSPACE.files_folder / evidence.file_sha256).read_bytes() == b"%PDF-1.7 minutes"

    def test_a_member_of_the_panel_may_not_add_it(
        self, review: Review, add_evidence: AddEvidence, person: Callable[..., Person], team: Body
    ) -> None:
        with pytest.raises(RuleError, match="may not add to this review"):
            add_evidence(review, by=person("Critical friend", role="panel member", body=team))

    def test_an_analyst_of_another_body_may_not_add_it(
        self, review: Review, add_evidence: AddEvidence, person: Callable[..., Person], body: Callable[..., Body]
    ) -> None:
        with pytest.raises(RuleError, match="may not add to this review"):
            add_evidence(review, by=person("Stranger", role="analyst", body=body("Elsewhere", "unit")))

    def test_the_database_refuses_a_result_without_its_digest(self, review: Review, manager: Person) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Evidence.objects.create(
                review=review,
                number=1,
                title="x",
                kind="analysis result",
                notes="n",
                effective_date=DAY,
                added_at="2026-01-05T00:00Z",
                added_by=manager,
            )


class TestFinding:
    """What may be said as a finding."""

    def test_it_cites_at_least_one_piece_of_evidence(self, review: Review, strand: Strand, manager: Person) -> None:
        with pytest.raises(RuleError, match="rests on evidence"):
            changes.add_finding(review, strand=strand, text="So it is.", tone=Tone.POSITIVE, evidence=[], by=manager)

    def test_it_cannot_cite_evidence_of_another_review(
        self, review: Review, strand: Strand, manager: Person, start_review: StartReview, add_evidence: AddEvidence
    ) -> None:
        foreign = add_evidence(start_review("Other"), title="Foreign")
        with pytest.raises(RuleError, match="“Foreign” is evidence of another review"):
            changes.add_finding(review, strand=strand, text="So it is.", tone=Tone.POSITIVE, evidence=[foreign], by=manager)
        assert not review.findings.exists()

    def test_its_number_counts_within_its_strand(
        self, review: Review, strand: Strand, manager: Person, finding: Finding, add_evidence: AddEvidence
    ) -> None:
        other = changes.add_strand(review, name="Roles", question="?", by=manager)
        cited = [add_evidence(review)]
        second = changes.add_finding(review, strand=strand, text="Second.", tone=Tone.POSITIVE, evidence=cited, by=manager)
        elsewhere = changes.add_finding(review, strand=other, text="Elsewhere.", tone=Tone.POSITIVE, evidence=cited, by=manager)
        assert [one.reference for one in (finding, second, elsewhere)] == ["1.1", "1.2", "2.1"]

    def test_evidence_that_it_cites_cannot_be_deleted(self, finding: Finding) -> None:
        with pytest.raises(ProtectedError):
            finding.evidence.get().delete()
