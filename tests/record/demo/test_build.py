import stat
from collections import Counter
from datetime import date

from django.contrib.auth import authenticate

from bestvalue.record.bodies.models import BodyKind, Membership, Person
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.demo import build_worked_review
from bestvalue.record.demo.people import MEMBERS, OTHERS
from bestvalue.record.demo.story import TITLE
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.ledger.verify import parse_checkpoint, verify
from bestvalue.record.programme.scoring import Criterion, rank
from bestvalue.record.reviews.life_cycle import Gate, Stage, way_to
from bestvalue.record.reviews.models import Evidence, EvidenceKind, Review, Tone
from bestvalue.workspace import Workspace


def test_the_worked_review_has_strands_evidence_findings_of_both_tones_and_recommendations(db: None, demo: Workspace) -> None:
    build_worked_review(demo)
    review = Review.objects.get(title=TITLE)
    assert (review.synthetic, review.stage) == (True, Stage.IN_REVIEW)
    assert [strand.name for strand in review.strands.all()] == ["Roles and responsibilities", "Accountability", "Resources", "Level 2"]
    assert {finding.tone for finding in review.findings.all()} == {Tone.POSITIVE, Tone.NEGATIVE}
    assert all(recommendation.findings.exists() and recommendation.actions.exists() for recommendation in review.recommendations.all())
    assert review.recommendations.count() == 2


def test_every_number_of_a_finding_is_a_sentence_of_the_result_that_it_cites(db: None, demo: Workspace) -> None:
    build_worked_review(demo)
    for finding in Review.objects.get(title=TITLE).findings.all():
        cited = [demo.store.get(evidence.result_digest).result for evidence in finding.evidence.all()]
        assert any(finding.text.endswith(statement.text) for result in cited for statement in result.statements)


def test_a_second_run_changes_nothing(db: None, demo: Workspace) -> None:
    first = build_worked_review(demo)
    entries = verify().entries
    assert build_worked_review(demo) == first
    assert (verify().entries, Review.objects.count()) == (entries, 2)


def test_everybody_can_sign_in_with_what_is_printed_and_kept_for_the_owner_alone(db: None, demo: Workspace) -> None:
    built = build_worked_review(demo)
    for sign_in in built.sign_ins:
        assert authenticate(username=sign_in.email, password=sign_in.password) is not None
    file = demo.root / "demo-sign-ins.txt"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert all(sign_in.password in file.read_text() for sign_in in built.sign_ins)


def test_people_are_named_by_role_and_only_those_who_take_part_see_the_review(db: None, demo: Workspace) -> None:
    build_worked_review(demo)
    seeing = {person.name for person in Person.objects.all() if Review.objects.visible_to(person.user).exists()}
    assert seeing == set(MEMBERS) - {"Inspector", "Second inspector"}
    of_the_demo = Membership.objects.current().filter(person__name__in=[*MEMBERS, *OTHERS])
    counted = Counter(of_the_demo.exclude(body__kind=BodyKind.INSPECTORATE).values_list("body__name", flat=True))
    assert all(3 <= members <= 5 for members in counted.values())
    assert len(counted) == 5


def test_what_was_built_is_in_a_ledger_that_holds_against_the_published_checkpoint(db: None, demo: Workspace) -> None:
    build_worked_review(demo)
    version = Review.objects.get(title=TITLE).versions.get()
    assert verify(checkpoint=parse_checkpoint(version.checkpoint)).entries == AuditEvent.objects.count()
    assert AuditEvent.objects.filter(action="finding.added").count() == Review.objects.get(title=TITLE).findings.count()
    assert AuditEvent.objects.filter(action="recommendation.drafted").count() == Recommendation.objects.filter(source="review").count()


def test_the_report_is_written_in_every_format(db: None, demo: Workspace) -> None:
    built = build_worked_review(demo)
    assert sorted(path.suffix for path in built.report_files) == [".docx", ".html", ".pdf"]
    assert all(path.parent == demo.reports_folder and path.stat().st_size > 0 for path in built.report_files)


def test_the_review_is_of_the_candidate_that_ranks_first_and_every_stage_of_it_was_decided(db: None, demo: Workspace) -> None:
    build_worked_review(demo)
    review = Review.objects.get(title=TITLE)
    ranked = rank([row.scored() for row in review.programme.candidates.all()], weights=review.programme.weights)
    assert (ranked[0].pk, ranked[0].rank) == (review.candidate_id, 1)
    assert ranked[-1].missing == (Criterion.PERFORMANCE,)
    decided = [stage.decision.gate if stage.decision else "" for stage in review.stages.all()]
    assert decided == ["", *way_to(Stage.IN_REVIEW)]
    assert [decision.gate for decision in review.decisions.open()] == [Gate.REPORT]
    assert review.programme.weightings.get().reason


def test_an_analysis_tells_of_the_last_day_of_its_data_and_not_of_the_day_of_the_demo(db: None, demo: Workspace) -> None:
    calls = "incident_id,opened_at,area_id\nA1,2026-03-30 10:00:00,E1\nA2,2026-03-31 23:50:00,E1\n"
    (demo.data_folder / "incidents.csv").write_text(calls)
    build_worked_review(demo)
    assert {one.effective_date for one in Evidence.objects.filter(kind=EvidenceKind.RESULT)} == {date(2026, 3, 31)}
