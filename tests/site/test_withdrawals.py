"""Evidence and findings are withdrawn with a reason, never deleted, and never from under what stands."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from tests.inspected import inspect
from tests.world import DAY, World

WHY = {"reason": "It counted another station."}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def withdraw_recommendation(world: World) -> None:
    from bestvalue.record.delivery.changes import set_status
    from bestvalue.record.delivery.life_cycle import Status

    set_status(world.ours, status=Status.WITHDRAWN, on=DAY, by=world.manager, note="Overtaken.")


def withdraw_both(world: World) -> None:
    from bestvalue.record.reviews import changes

    withdraw_recommendation(world)
    changes.withdraw_finding(world.finding, version=1, by=world.manager, **WHY)
    changes.withdraw_evidence(world.note, version=1, by=world.manager, **WHY)
    world.finding.refresh_from_db()
    world.note.refresh_from_db()


def test_evidence_is_kept_while_a_finding_that_stands_cites_it_and_the_page_lists_the_findings(manager: Client, world: World) -> None:
    address = reverse("evidence_withdraw", args=[world.note.pk])
    page = text(manager.get(address))
    assert f'href="{reverse("finding", args=[world.finding.pk])}"' in page
    assert "Change the evidence that each of these findings rests on" in page
    assert "<textarea" not in page
    assert "A finding that stands rests on E1" in text(manager.post(address, {**WHY, "version": 1}))
    world.note.refresh_from_db()
    assert not world.note.is_withdrawn


def test_a_finding_is_kept_while_a_recommendation_that_stands_rests_on_it(manager: Client, world: World) -> None:
    address = reverse("finding_withdraw", args=[world.finding.pk])
    assert f'href="{reverse("recommendation", args=[world.ours.pk])}"' in text(manager.get(address))
    assert "A recommendation that stands rests on finding 1.1" in text(manager.post(address, {**WHY, "version": 1}))
    withdraw_recommendation(world)
    assert "Enter why it is withdrawn" in text(manager.post(address, {"reason": "", "version": 1}))
    manager.post(address, {**WHY, "version": 1})
    world.finding.refresh_from_db()
    assert (world.finding.withdrawn_because, world.finding.withdrawn_by, world.finding.row_version) == (WHY["reason"], world.manager, 2)


def test_a_challenge_about_a_finding_is_listed_and_bars_nothing(manager: Client, world: World) -> None:
    from bestvalue.record.scrutiny.changes import raise_challenge
    from bestvalue.record.scrutiny.models import ChallengerKind

    said = {"kind": ChallengerKind.UNION, "challenger": "The union", "raised_on": DAY, "by": world.board_member}
    asked = raise_challenge(world.review, text="Half of what?", finding=world.finding, **said)
    withdraw_recommendation(world)
    address = reverse("finding_withdraw", args=[world.finding.pk])
    assert f"Challenge {asked.reference}, which asks about it" in text(manager.get(address))
    manager.post(address, {**WHY, "version": 1})
    world.finding.refresh_from_db()
    assert world.finding.is_withdrawn


def test_what_is_withdrawn_stays_on_its_page_in_its_history_and_in_the_ledger(manager: Client, world: World) -> None:
    from bestvalue.record.ledger.models import AuditEvent

    withdraw_both(world)
    for kind, row in (("evidence", world.note), ("finding", world.finding)):
        shown = text(manager.get(reverse(kind, args=[row.pk])))
        assert "Withdrawn on" in shown
        assert WHY["reason"] in shown
        assert f"/{row.pk}/withdraw/" not in shown
        assert WHY["reason"] in text(manager.get(reverse("history", args=[kind, row.pk])))
        assert AuditEvent.objects.about(row).last().action == f"{kind}.withdrawn"
        assert manager.get(reverse(f"{kind}_withdraw", args=[row.pk])).status_code == 409


def test_what_is_withdrawn_is_not_worked_on_any_more(world: World) -> None:
    from bestvalue.errors import RuleError
    from bestvalue.record.delivery.changes import draft_recommendation
    from bestvalue.record.reviews import changes
    from bestvalue.record.reviews.models import Credibility, Evidence, Reliability, Tone

    withdraw_both(world)
    by, note, finding = world.manager, world.note, world.finding
    said = {"text": "Nights are thin.", "tone": Tone.NEGATIVE, "strand": finding.strand, "by": by}
    other = changes.add_finding(world.review, evidence=[world.answer], **said)
    seen = Evidence.objects.filter(review=world.review)
    for attempt in (
        lambda: changes.add_finding(world.review, evidence=[note], **said),
        lambda: changes.change_citations(other, version=1, mine={"evidence": [note]}, among=seen, by=by),
        lambda: changes.change_citations(finding, version=2, mine={"evidence": [world.answer]}, among=seen, by=by),
        lambda: changes.grade_evidence(note, reliability=Reliability.USUAL, credibility=Credibility.LIKELY, reason="Known.", by=by),
        lambda: changes.edit_evidence(note, version=2, mine={"title": "Talk"}, by=by),
        lambda: changes.edit_finding(finding, version=2, mine={"text": "A third."}, by=by),
        lambda: changes.withdraw_finding(finding, version=2, by=by, **WHY),
        lambda: changes.withdraw_evidence(note, version=2, by=by, **WHY),
        lambda: draft_recommendation(world.review, text="Move units.", findings=[finding], on=DAY, by=by),
    ):
        with pytest.raises(RuleError, match="was withdrawn on"):
            attempt()


def test_withdrawn_evidence_takes_no_new_version_of_its_file(manager: Client, world: World) -> None:
    withdraw_both(world)
    for page in ("evidence_file_add", "evidence_grade"):
        answer = manager.get(reverse(page, args=[world.note.pk]))
        assert answer.status_code == 409
        assert "was withdrawn on" in text(answer)


def test_counts_gates_report_and_choices_leave_out_what_is_withdrawn(manager: Client, world: World) -> None:
    from bestvalue.record.ledger import ledger
    from bestvalue.record.reviews.life_cycle import Need
    from bestvalue.record.reviews.readiness import met_of
    from bestvalue.record.reviews.report import content_digest, review_content

    def digest() -> str:
        return content_digest(review_content(world.review, version=1, on=DAY, checkpoint=ledger.head()))

    world.review.strands.get(name="Supply").evidence.clear()
    from bestvalue.record.reviews import changes

    changes.withdraw_strand(world.review.strands.get(name="Supply"), reason="Out of scope.", by=world.manager)
    withdraw_recommendation(world)
    front, before = manager.get(reverse("review", args=[world.review.pk])).context, digest()
    assert (front["evidence_count"], front["findings_count"]) == (3, 1)
    assert Need.FINDINGS in met_of(world.review, {Need.FINDINGS})
    changes.withdraw_finding(world.finding, version=1, by=world.manager, **WHY)
    assert digest() != before
    changes.withdraw_evidence(world.note, version=1, by=world.manager, **WHY)
    front = manager.get(reverse("review", args=[world.review.pk])).context
    assert (front["evidence_count"], front["findings_count"]) == (2, 0)
    assert front["rows"][0].counts == (2, 0, 0, 0)
    assert Need.FINDINGS not in met_of(world.review, {Need.FINDINGS})
    said = review_content(world.review, version=1, on=DAY, checkpoint=ledger.head())
    assert "E1" not in {item.reference for item in said.evidence}
    assert [strand.findings for strand in said.strands] == [()]
    assert said.recommendations[0].findings == ()
    for page, field, row in (("finding_add", "evidence", world.note), ("recommendation_add", "findings", world.finding)):
        assert row not in manager.get(reverse(page, args=[world.review.pk])).context["form"].fields[field].queryset


def test_terms_of_reference_that_are_withdrawn_open_no_gate(world: World) -> None:
    from bestvalue.record.reviews import changes
    from bestvalue.record.reviews.life_cycle import Need
    from bestvalue.record.reviews.models import EvidenceKind, FourC
    from bestvalue.record.reviews.readiness import met_of

    terms = changes.add_evidence(
        world.review,
        title="Terms of reference",
        kind=EvidenceKind.TERMS,
        four_cs=list(FourC),
        strands=[],
        effective_date=DAY,
        notes="Scope.",
        by=world.manager,
    )
    assert Need.TERMS in met_of(world.review, {Need.TERMS})
    changes.withdraw_evidence(terms, version=1, by=world.manager, **WHY)
    assert Need.TERMS not in met_of(world.review, {Need.TERMS})


@pytest.mark.parametrize(
    ("page", "name", "told"), [("review_evidence", "evidence", "borough commanders"), ("review_findings", "findings", "Half")]
)
def test_the_lists_show_what_stands_and_lead_to_what_is_withdrawn(manager: Client, world: World, page: str, name: str, told: str) -> None:
    withdraw_both(world)
    address = reverse(page, args=[world.review.pk])
    stands, gone = text(manager.get(address)), text(manager.get(address, {"withdrawn": "yes"}))
    assert told not in stands
    assert "1 withdrawn</a>" in stands
    assert told in gone
    assert "Withdrawn on" in gone
    file = reverse("list_file", args=[name, "csv"])
    assert told not in text(_read(manager.get(file)))
    lines = text(_read(manager.get(file, {"withdrawn": "all"}))).splitlines()
    assert "Withdrawn on" in lines[0]
    assert any(told in line and str(world.note.withdrawn_on) in line for line in lines)


def _read(answer: Any) -> Any:
    if answer.streaming:
        answer = type("Read", (), {"content": b"".join(answer.streaming_content)})
    return answer


def test_search_marks_what_is_withdrawn(manager: Client, world: World) -> None:
    withdraw_both(world)
    found = text(manager.get(reverse("search"), {"q": "demand night"}))
    assert "Finding 1.1 (withdrawn)" in found


def test_a_program_withdraws_at_the_version_that_it_read(manager: Client, world: World) -> None:
    from bestvalue.record.reviews import changes

    withdraw_recommendation(world)
    changes.edit_finding(world.finding, version=1, mine={"text": "Six in ten calls come at night."}, by=world.manager)
    address = f"/api/findings/{world.finding.pk}/withdrawal"

    def send(version: int | None) -> Any:
        named = {} if version is None else {"If-Match": f'"{version}"'}
        return manager.post(address, json.dumps(WHY), content_type="application/json", headers=named)

    assert send(None).status_code == 428
    assert [one["field"] for one in send(1).json()["differences"]] == ["text"]
    assert send(2).json() == {"id": world.finding.pk, "version": 3}
    rows = manager.get(f"/api/reviews/{world.review.pk}/findings").json()
    assert [row["withdrawn_because"] for row in rows] == [WHY["reason"]]


def test_a_page_opened_before_somebody_worded_the_finding_anew_withdraws_nothing(manager: Client, world: World) -> None:
    from bestvalue.record.reviews import changes

    withdraw_recommendation(world)
    changes.edit_finding(world.finding, version=1, mine={"text": "Six in ten calls come at night."}, by=world.manager)
    answer = manager.post(reverse("finding_withdraw", args=[world.finding.pk]), {**WHY, "version": 1})
    assert "Somebody else changed this meanwhile" in text(answer)
    world.finding.refresh_from_db()
    assert not world.finding.is_withdrawn


def test_the_page_tells_nothing_of_a_sensitive_finding_but_that_something_bars(world: World, browser_of: Callable[[Any], Client]) -> None:
    from bestvalue.record.bodies.models import Membership, Person, User
    from bestvalue.record.reviews import changes
    from bestvalue.record.reviews.models import Marking

    team = world.review.parts.get(part="team").body
    other = Person.objects.create(name="Analyst", email="a@example.org", user=User.objects.create_user("a@example.org", "x"))
    Membership.objects.create(person=other, body=team, role=world.manager.memberships.get().role, starts=DAY)
    group = changes.make_group(world.review, name="Few", need="They drew it.", people=(), by=world.manager)
    changes.mark(world.finding, review=world.review, marking=Marking.SENSITIVE, group=group, reason="", by=world.manager)
    page = text(browser_of(other).get(reverse("evidence_withdraw", args=[world.note.pk])))
    assert "What rests on it is marked so that you may not see it" in page
    assert "Half the demand" not in page
    assert "Finding 1.1" not in page


def test_the_database_itself_holds_that_a_withdrawal_has_day_reason_and_person(world: World) -> None:
    world.note.withdrawn_because = "No day."
    with pytest.raises(IntegrityError), transaction.atomic():
        world.note.save()


def test_a_strand_whose_findings_are_withdrawn_can_be_dropped(world: World) -> None:
    from bestvalue.record.reviews import changes

    withdraw_both(world)
    assert changes.withdraw_strand(world.finding.strand, reason="Out of scope.", by=world.manager).withdrawn_on is not None


def test_what_an_inspection_rested_on_evidence_is_listed_in_a_dozen_questions(
    world: World, browser_of: Callable[[Any], Client], django_assert_max_num_queries: Any
) -> None:
    from bestvalue.record.assessment.models import AssessmentSource

    inspected = inspect(world)
    for each in inspected.inspection.assessments.all():
        AssessmentSource.objects.create(assessment=each, evidence=world.answer)
    browser = browser_of(world.manager)
    browser.get(reverse("home"))
    with django_assert_max_num_queries(12):
        page = text(browser.get(reverse("evidence_withdraw", args=[world.answer.pk])))
    assert "What else names it, and stays" in page
    assert page.count("A grade of Inspection of support") == 2
    assert "<textarea" in page
