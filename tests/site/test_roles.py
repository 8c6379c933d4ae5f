"""What every address answers to people of each role. A new address must be entered here, with whom it is open to."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.consulted import consult
from tests.inspected import inspect, take_up
from tests.kept import keep_appraisal, keep_costing
from tests.site.test_access import OPEN, RESET, every_address
from tests.what_if_result import what_if_result
from tests.world import World, publish_by_two

WRITES, READS, ELSEWHERE, NO_PLACE = "manager", "observer", "outsider", "nobody"
ROLES = (WRITES, "board_member", READS, ELSEWHERE, "inspector", NO_PLACE)


def answers(manager: int, board_member: int, observer: int, outsider: int, inspector: int, nobody: int) -> dict[str, int]:
    return dict(zip(ROLES, (manager, board_member, observer, outsider, inspector, nobody), strict=True))


WITH_A_PLACE = answers(200, 200, 200, 200, 200, 403)
"""Open to whoever holds a place in any body today."""
PUBLISHED = answers(200, 200, 200, 200, 200, 404)
"""Published things: somebody without a place does not learn that they are there."""
OF_THE_REVIEW = answers(200, 200, 200, 404, 404, 404)
"""For members of bodies that take part in the review, and of its force and authority."""
TO_WRITE = answers(200, 409, 409, 404, 404, 403)
"""Forms of the review: who only reads is told why not (409); who may not see the review does not learn that it is there."""
TO_SAY = OF_THE_REVIEW
"""What can be said of a recommendation or an action: who sees it sees the form, and the rule answers whoever sends it."""
NOT_THERE = answers(404, 404, 404, 404, 404, 403)
"""No response is issued in this world; test_delivery.py issues and opens one."""
OF_A_GROUP = answers(200, 404, 404, 404, 404, 403)
"""For those in a need-to-know group; nobody else learns that there is one."""
TO_BRING_IN = answers(200, 200, 409, 409, 409, 403)
"""For managers, leads and board members; the others are told why not."""
NOTHING_WAITS = answers(302, 302, 302, 302, 302, 403)
"""Nobody brought a file in this world: they are led to where one is brought; test_brought_in.py brings one."""
TO_MANAGE = answers(200, 409, 409, 409, 409, 403)
"""For programme and project managers; the others are told why not."""
NOT_SCORED = answers(409, 409, 409, 409, 409, 403)
"""For programme managers and members of the authority, none of whom is in this world; test_programme.py opens them."""
TO_KEEP = answers(409, 200, 409, 404, 404, 403)
"""For members of the body that met; who only sees the review reads what was said about it."""
EVERYBODY = answers(200, 200, 200, 200, 200, 200)
OF_THE_INSPECTION = answers(200, 200, 200, 404, 200, 403)
"""For the inspectors, and for members of bodies that take part in the inspected review."""
OF_INSPECTORS = answers(404, 404, 404, 404, 200, 403)
"""What inspectors do and hear is no business of the inspected."""
POST_ONLY = answers(405, 405, 405, 405, 405, 405)

EXPECTED = {
    "home": EVERYBODY,
    "duties": WITH_A_PLACE,
    "history": OF_THE_REVIEW | {NO_PLACE: 403},
    "review_history_file": OF_THE_REVIEW | {NO_PLACE: 403},
    "discussion": OF_THE_REVIEW | {NO_PLACE: 403},
    "tag_set": OF_THE_REVIEW | {NO_PLACE: 403},
    "tag_off": POST_ONLY,
    "tags": WITH_A_PLACE,
    "tag": OF_THE_REVIEW | {NO_PLACE: 403},
    "programme_add": NOT_SCORED,
    "review_aims": OF_THE_REVIEW | {NO_PLACE: 403},
    "review_aim_add": TO_WRITE,
    "review_aim_withdraw": TO_WRITE,
    "review_strand_add": TO_WRITE,
    "review_strand_withdraw": TO_WRITE,
    "evidence_withdraw": TO_WRITE,
    "finding_withdraw": TO_WRITE,
    "person_sign_in": TO_MANAGE,
    "person_sessions": TO_MANAGE,
    "body_meetings": WITH_A_PLACE,
    "meeting_call": TO_KEEP | {ELSEWHERE: 409, "inspector": 409},
    "meeting": OF_THE_REVIEW | {NO_PLACE: 403},
    "meeting_step": TO_KEEP,
    "meeting_item_step": TO_KEEP,
    "arising": OF_THE_REVIEW | {NO_PLACE: 403},
    "arising_report": TO_KEEP,
    "account": EVERYBODY,
    "reviews": EVERYBODY,
    "register": WITH_A_PLACE,
    "list_file": WITH_A_PLACE,
    "register_colours": EVERYBODY,
    "workbook": WITH_A_PLACE,
    "workbook_file": WITH_A_PLACE,
    "workbook_check": NOTHING_WAITS,
    "recommendation_enter": TO_BRING_IN,
    "tracker_confirm": TO_BRING_IN,
    "tracker": TO_BRING_IN,
    **dict.fromkeys(("tracker_columns", "tracker_words", "tracker_check"), TO_BRING_IN | {WRITES: 302, "board_member": 302}),
    "library": EVERYBODY,
    "programme": PUBLISHED,
    "report": PUBLISHED,
    "recommendation": PUBLISHED | {NO_PLACE: 403},
    "recommendation_change": TO_SAY,
    "action": OF_THE_REVIEW | {NO_PLACE: 403},
    "action_change": TO_SAY,
    "plan": OF_THE_REVIEW | {NO_PLACE: 403},
    "plan_response": TO_SAY | {NO_PLACE: 403},
    "close_out": OF_THE_REVIEW | {NO_PLACE: 403},
    "response_file": NOT_THERE,
    "board_pack": answers(404, 200, 404, 404, 404, 403),
    "calendar_key": WITH_A_PLACE,
    "candidate_decide": WITH_A_PLACE,
    "practice": WITH_A_PLACE,
    "practice_add": WITH_A_PLACE,
    "practice_one": PUBLISHED | {NO_PLACE: 403},
    "practice_take_up": PUBLISHED | {NO_PLACE: 403},
    "practice_result": PUBLISHED | {NO_PLACE: 403},
    "report_check": PUBLISHED | {NO_PLACE: 403},
    "extracted": answers(200, 200, 409, 409, 200, 403),
    "extracted_change": answers(200, 200, 409, 409, 200, 403),
    "report_import": WITH_A_PLACE,
    "data": WITH_A_PLACE,
    "data_upload": WITH_A_PLACE,
    "data_table": WITH_A_PLACE,
    "analyses": WITH_A_PLACE,
    "analysis_run": WITH_A_PLACE,
    "result": WITH_A_PLACE,
    "result_chart": WITH_A_PLACE,
    "result_table": WITH_A_PLACE,
    "result_workbook": WITH_A_PLACE,
    "costs": WITH_A_PLACE,
    "comparisons": WITH_A_PLACE,
    "cost_explorer": WITH_A_PLACE,
    "cost_explorer_csv": WITH_A_PLACE,
    "cost_options": WITH_A_PLACE,
    "cost_options_csv": WITH_A_PLACE,
    "data_templates": WITH_A_PLACE,
    "data_template": WITH_A_PLACE,
    "what_if": WITH_A_PLACE,
    "what_if_chart": WITH_A_PLACE,
    "what_if_table": WITH_A_PLACE,
    "inspections": WITH_A_PLACE,
    "inspection_plan": answers(403, 403, 403, 403, 200, 403),
    "inspection": OF_THE_INSPECTION,
    "inspection_moderation": OF_INSPECTORS,
    "inspection_criterion": OF_THE_INSPECTION,
    "inspection_grade": OF_THE_INSPECTION,
    "inspection_text": OF_THE_INSPECTION,
    "inspection_comparison": OF_INSPECTORS,
    "inspection_change": OF_THE_INSPECTION,
    "inspection_request": OF_THE_INSPECTION,
    "inspection_interview": OF_INSPECTORS,
    "inspection_override": OF_INSPECTORS,
    "inspection_paragraph_add": OF_INSPECTORS,
    "inspection_paragraph": OF_INSPECTORS,
    "inspection_comment": OF_THE_INSPECTION,
    "inspection_comment_answer": OF_INSPECTORS,
    "inspection_pack": OF_THE_REVIEW | {NO_PLACE: 403},
    "ledger": WITH_A_PLACE,
    "job": PUBLISHED,
    "job_progress": answers(302, 302, 302, 302, 302, 404),
    "job_cancel": POST_ONLY,
    "review": OF_THE_REVIEW | {NO_PLACE: 403},
    **dict.fromkeys(("review_evidence", "review_findings", "review_versions"), OF_THE_REVIEW | {NO_PLACE: 403}),
    "evidence": OF_THE_REVIEW,
    "evidence_file": OF_THE_REVIEW,
    "finding": OF_THE_REVIEW,
    "edit": TO_WRITE,
    "search": WITH_A_PLACE,
    "mark": TO_WRITE,
    "evidence_version": OF_THE_REVIEW,
    "evidence_copy": OF_THE_REVIEW,
    "evidence_file_add": TO_WRITE,
    "evidence_grade": TO_WRITE,
    "review_groups": OF_THE_REVIEW | {NO_PLACE: 403},
    "group_add": TO_WRITE,
    "group_join": OF_A_GROUP,
    "group_leave": OF_A_GROUP,
    "proposed": OF_THE_REVIEW | {NO_PLACE: 403},
    "proposed_file": OF_THE_REVIEW,
    "published": OF_THE_REVIEW,
    "published_file": OF_THE_REVIEW,
    "finding_add": TO_WRITE,
    "recommendation_add": TO_WRITE,
    "evidence_add": TO_WRITE,
    "document_add": TO_WRITE,
    "publish": TO_WRITE,
    "review_decisions": OF_THE_REVIEW | {NO_PLACE: 403},
    "review_decision": OF_THE_REVIEW | {NO_PLACE: 403},
    "review_decision_ask": TO_WRITE,
    "review_part_add": TO_WRITE,
    "review_challenges": OF_THE_REVIEW | {NO_PLACE: 403},
    "challenge": OF_THE_REVIEW | {NO_PLACE: 403},
    "challenge_add": answers(409, 200, 409, 404, 404, 403),
    "challenge_step": TO_WRITE,
    "review_consultation": OF_THE_REVIEW | {NO_PLACE: 403},
    "review_consultation_csv": OF_THE_REVIEW | {NO_PLACE: 403},
    "review_consultation_add": TO_WRITE,
    "review_heard": OF_THE_REVIEW | {NO_PLACE: 403},
    "review_heard_outcome": TO_WRITE,
    "review_survey_add": TO_WRITE,
    "review_survey": OF_THE_REVIEW | {NO_PLACE: 403},
    "review_survey_form": TO_WRITE,
    "review_survey_invite": TO_WRITE,
    "review_survey_answers": TO_WRITE,
    "review_survey_use": TO_WRITE,
    "review_survey_step": TO_WRITE,
    "review_options": OF_THE_REVIEW | {NO_PLACE: 403},
    "scope_question_add": TO_WRITE,
    "option_add": TO_WRITE,
    "option_decide": answers(200, 200, 409, 404, 404, 403),
    "programme_service": WITH_A_PLACE,
    "programme_service_add": NOT_SCORED,
    "programme_service_score": NOT_SCORED,
    "programme_weights": NOT_SCORED,
    "programme_propose": TO_MANAGE,
    "bodies": WITH_A_PLACE,
    "body": WITH_A_PLACE,
    "body_add": TO_MANAGE,
    "body_member_add": TO_MANAGE,
    "body_member_end": TO_MANAGE,
}


SURVEY_PAGES = ("review_survey", "review_survey_form", "review_survey_invite", "review_survey_answers", "review_survey_use")


@pytest.fixture
def arguments(world: World, workspace: Any) -> dict[str, list[Any]]:
    """For each address that names a thing, one that is there."""
    from bestvalue.record.delivery.changes import add_action, draft_recommendation
    from bestvalue.record.jobs.changes import ask
    from bestvalue.record.reviews.changes import add_aim, add_evidence
    from bestvalue.record.reviews.models import EvidenceKind, FourC
    from bestvalue.record.reviews.report import propose

    # Published before anything sensitive is in the review: what a sensitive version is, test_visible.py holds.
    group = world.secret.group
    world.secret.marking, world.secret.group = "OFFICIAL", None
    world.secret.save()
    version = publish_by_two(world)
    proposal = propose(world.review, by=world.manager, formats=("html",))
    path = workspace.root / "minutes.txt"
    path.write_text("The board met.")
    filed = add_evidence(
        world.review,
        title="Minutes",
        kind=EvidenceKind.DOCUMENT,
        four_cs=[FourC.CONSULT],
        strands=[world.finding.strand],
        effective_date=world.note.effective_date,
        by=world.manager,
        file=path,
        file_name="minutes.txt",
    )
    heard, survey = consult(world)
    inspected = inspect(world)
    uptake = take_up(world)
    keep_appraisal(workspace)
    costing = keep_costing(workspace)
    (workspace.data_folder / "areas.csv").write_text("area_id,area_name,resident_population\nA,Ash,900\n")
    job = ask(analysis="challenge.demand", settings={}, by=world.manager).pk
    review = [world.review.pk]
    ours = draft_recommendation(world.review, text="Do it.", findings=[world.finding], on=world.note.effective_date, by=world.manager)
    action = add_action(
        ours,
        what="Do it",
        why="It is asked",
        how="By doing it",
        target="Done",
        lead=world.manager,
        original_date=date(2027, 3, 31),
        by=world.manager,
    )
    plan = [ours.issuer_id, ours.report_slug]
    played = workspace.store.put(what_if_result()).digest
    return {
        "tracker_confirm": [_tracker_of_another(world)],
        "recommendation_change": [ours.pk, "own"],
        "action": [action.pk],
        "action_change": [action.pk, "update"],
        "plan": plan,
        "plan_response": plan,
        "close_out": plan,
        "response_file": [1],
        "board_pack": [world.question.body_id],
        "programme": [world.review.programme_id],
        "review": review,
        **dict.fromkeys(("review_evidence", "review_findings", "review_versions"), review),
        "finding_add": review,
        "recommendation_add": review,
        "evidence_add": review,
        "document_add": review,
        "publish": review,
        "evidence": [world.note.pk],
        "evidence_file": [filed.pk],
        "finding": [world.finding.pk],
        "edit": ["finding", world.finding.pk],
        "mark": ["finding", world.finding.pk],
        "evidence_version": [filed.files.get().pk],
        "evidence_copy": [filed.files.get().pk],
        "evidence_file_add": [filed.pk],
        "evidence_grade": [world.note.pk],
        "evidence_withdraw": [world.note.pk],
        "finding_withdraw": [world.finding.pk],
        "review_groups": review,
        "group_add": review,
        "group_join": [group.pk],
        "group_leave": [group.places.get().pk],
        **{key: [inspected.inspection.pk] for key in ("inspection", "inspection_moderation", "inspection_text", "inspection_comparison")},
        **{key: [inspected.inspection.pk, "criterion"] for key in ("inspection_criterion", "inspection_grade")},
        "inspection_change": [inspected.inspection.pk, "request"],
        "inspection_request": [inspected.request.pk],
        "inspection_interview": [inspected.interview.pk],
        "inspection_override": [inspected.override.pk],
        "inspection_paragraph_add": [inspected.section.pk],
        **{key: [inspected.paragraph.pk] for key in ("inspection_paragraph", "inspection_comment")},
        "inspection_comment_answer": [inspected.comment.pk],
        "inspection_pack": review,
        "proposed": [proposal.pk],
        "proposed_file": [proposal.pk, "html"],
        "published": [version.pk],
        "published_file": [version.files.get().pk],
        "recommendation": [world.theirs.pk],
        "report": [world.report.slug],
        "candidate_decide": [world.candidate.pk],
        **{key: [uptake.practice_id] for key in ("practice_one", "practice_take_up")},
        "practice_result": [uptake.pk],
        "report_check": [world.report.slug],
        "extracted": [world.extracted.pk],
        "extracted_change": [world.extracted.pk, "split"],
        "data_table": ["areas"],
        "analysis_run": ["challenge.demand"],
        "job": [job],
        "job_progress": [job],
        "job_cancel": [job],
        **_meeting(world),
        **{key: ["finding", world.finding.pk] for key in ("history", "discussion", "tag_set", "tag_off")},
        "tag": ["nights"],
        **dict.fromkeys(("review_aims", "review_aim_add", "review_strand_add"), review),
        "review_strand_withdraw": [world.review.strands.get(name="Supply").pk],
        "review_aim_withdraw": [add_aim(world.review, text="Nights are covered.", by=world.manager).pk],
        "person_sign_in": [world.observer.pk],
        "person_sessions": [world.observer.pk],
        "review_history_file": review,
        "review_decisions": review,
        "review_decision": [world.question.pk],
        "review_decision_ask": review,
        "review_part_add": review,
        **dict.fromkeys(("review_consultation", "review_consultation_csv", "review_consultation_add", "review_survey_add"), review),
        **{key: [heard.pk] for key in ("review_heard", "review_heard_outcome")},
        **{key: [survey.pk] for key in SURVEY_PAGES},
        "review_survey_step": [survey.pk, "pilot"],
        **dict.fromkeys(("review_challenges", "challenge_add", "review_options", "scope_question_add"), review),
        "challenge": [world.challenge.pk],
        "challenge_step": [world.challenge.pk, "answer"],
        "option_add": [world.option.question_id],
        "option_decide": [world.option.pk],
        "programme_service": [world.service.pk],
        "programme_service_add": [world.review.programme_id],
        "programme_service_score": [world.service.pk],
        "programme_weights": [world.review.programme_id],
        "programme_propose": [world.service.pk],
        "body": [world.question.body_id],
        "body_member_add": [world.question.body_id],
        "body_member_end": [world.board_member.memberships.get().pk],
        "result": [world.digest],
        "what_if": [played],
        "what_if_chart": [played, "response"],
        "what_if_table": [played, "response"],
        "result_chart": [world.digest, "by_hour"],
        "result_table": [world.digest, "by_hour"],
        "result_workbook": [world.digest],
        "list_file": ["findings", "csv"],
        "cost_explorer": [costing],
        "cost_explorer_csv": [costing],
        "data_template": ["areas"],
    }


def _tracker_of_another(world: World) -> int:
    """A tracker that somebody proposed who is nobody of the roles."""
    from django.utils import timezone

    from bestvalue.record.bodies.models import Person
    from bestvalue.record.delivery.models import FileKind, set_waiting
    from bestvalue.record.delivery.tracker.fields import Answers

    content = b"Ref,Recommendation\r\nA1,Publish costs.\r\n"
    answers = Answers(
        source="The portal", columns={"number": "Ref", "text": "Recommendation"}, issuer=world.report.issuer_id, report="Letter"
    )
    person = Person.objects.create(name="Liaison officer")
    waiting = set_waiting(person, kind=FileKind.TRACKER, name="tracker.csv", content=content, answers=answers.as_json())
    waiting.proposed_at = timezone.now()
    waiting.save()
    return waiting.pk


def _meeting(world: World) -> dict[str, list[Any]]:
    """A meeting of the project board about the review, held, with an action arising; and a tag on the finding."""
    from django.utils import timezone

    from bestvalue.record.discussion.changes import set_tag
    from bestvalue.record.meetings.changes import add_action_arising, add_item, call_meeting, record_attendance

    board, member, today = world.question.body, world.board_member, timezone.localdate()
    meeting = call_meeting(board, on=today, by=member)
    item = add_item(meeting, text="The review", about=world.review, by=member)
    record_attendance(meeting, present=[member], by=member)
    action = add_action_arising(meeting, what="Ask the union", who=member, due=today, item=item, by=member)
    set_tag(world.finding, word="nights", by=member)
    return {
        **{key: [board.pk] for key in ("body_meetings", "meeting_call")},
        "meeting": [meeting.pk],
        "meeting_step": [meeting.pk, "item"],
        "meeting_item_step": [item.pk, "minute"],
        **{key: [action.pk] for key in ("arising", "arising_report")},
    }


def test_every_address_of_ours_is_in_the_table() -> None:
    ours = {name for name in every_address() if name not in OPEN and not name.startswith((RESET, "account_", "mfa_", "usersessions_"))}
    assert ours == set(EXPECTED)


@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_each_role_as_the_table_says(
    world: World, arguments: dict[str, list[Any]], browser_of: Callable[[Any], Client], role: str
) -> None:
    from bestvalue.record.bodies.models import Membership, Person, User

    if role == NO_PLACE:
        person = Person.objects.create(name="Left", user=User.objects.create_user("left@example.org", "correct horse battery staple"))
        Membership.objects.create(person=person, body=world.review.force, role="analyst", starts="2025-01-01", ends="2025-12-31")
    else:
        person = getattr(world, role)
    browser = browser_of(person)
    got = {}
    for name in EXPECTED:
        answer = browser.get(reverse(name, args=arguments.get(name, [])))
        got[name] = answer.status_code
        if answer.streaming:
            list(answer.streaming_content)  # read to its end, a file is closed
    assert got == {name: expected[role] for name, expected in EXPECTED.items()}


@pytest.mark.parametrize("role", ["board_member", "observer"])
@pytest.mark.parametrize("name", ["finding_add", "recommendation_add", "evidence_add", "document_add", "publish"])
def test_who_only_reads_changes_nothing_by_sending_the_form_all_the_same(
    world: World, browser_of: Callable[[Any], Client], role: str, name: str
) -> None:
    form = {
        "strand": world.finding.strand_id,
        "text": "Mine",
        "tone": "positive",
        "evidence": [world.note.pk],
        "formats": ["html"],
        "checked": "on",
    }
    assert browser_of(getattr(world, role)).post(reverse(name, args=[world.review.pk]), form).status_code == 409
    assert world.review.findings.count() == 1
    assert world.review.recommendations.count() == 1
    assert world.review.versions.count() == 0


def test_evidence_that_somebody_may_not_see_cannot_be_cited_or_guessed(world: World, browser_of: Callable[[Any], Client]) -> None:
    from bestvalue.record.bodies.models import Membership

    # given somebody who writes in the force, outside the bodies of this review
    Membership.objects.create(person=world.observer, body=world.review.force, role="analyst", starts="2026-01-05")
    form = {"strand": world.finding.strand_id, "text": "Guessed", "tone": "positive", "evidence": [world.secret.pk]}
    browser_of(world.observer).post(reverse("finding_add", args=[world.review.pk]), form)
    assert world.review.findings.count() == 1


def test_every_reading_of_sensitive_evidence_is_in_the_ledger(world: World, manager: Client) -> None:
    from bestvalue.record.ledger.models import AuditEvent

    manager.get(reverse("evidence", args=[world.note.pk]))
    manager.get(reverse("evidence", args=[world.secret.pk]))
    read = AuditEvent.objects.filter(action="evidence.read")
    assert [(event.object_id, event.actor_name) for event in read] == [(str(world.secret.pk), "Project manager")]


def test_a_form_without_its_token_changes_nothing(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.manager.user)
    form = {"strand": world.finding.strand_id, "text": "Forged", "tone": "positive", "evidence": [world.note.pk]}
    refused = strict.post(reverse("finding_add", args=[world.review.pk]), form)
    assert refused.status_code == 403
    assert "<h1" in refused.content.decode()
    assert world.review.findings.count() == 1


def test_a_place_that_ends_closes_the_pages_at_the_next_request(world: World, manager: Client) -> None:
    page = reverse("review", args=[world.review.pk])
    assert manager.get(page).status_code == 200
    world.manager.memberships.update(ends="2026-01-06")
    assert manager.get(page).status_code == 403
