"""Whatever can be changed in the record can be changed over the API, by the same function; or it is said here why not.

The changes are read from the code, the operations from the schema: a new change is not forgotten.
"""

import ast
import inspect
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from tests.record.test_architecture import CHANGES

from bestvalue.site.api import api

OPERATIONS: dict[str, tuple[str, ...]] = {
    "bodies.changes.add_body": ("POST /bodies",),
    "bodies.changes.add_person": ("POST /people",),
    "bodies.changes.edit_body": ("PATCH /bodies/{row_id}",),
    "bodies.changes.edit_person": ("PATCH /people/{row_id}",),
    "bodies.changes.add_membership": ("POST /bodies/{body_id}/memberships",),
    "bodies.changes.end_membership": ("POST /memberships/{membership_id}/end",),
    "discussion.changes.comment": ("POST /discussion/{kind}/{thing_id}/comments",),
    "discussion.changes.set_tag": ("POST /discussion/{kind}/{thing_id}/tags",),
    "discussion.changes.take_tag_off": ("DELETE /discussion/{kind}/{thing_id}/tags/{word}",),
    "inspections.changes.dismiss": ("POST /report-candidates/{candidate_id}/decision",),
    "jobs.changes.ask": ("POST /analyses/{name}/jobs",),
    "jobs.changes.cancel": ("POST /jobs/{job_id}/cancel",),
    "practice.changes.describe_practice": ("POST /practice",),
    "practice.changes.take_up_practice": ("POST /practice/{practice_id}/uptakes",),
    "practice.changes.record_result": ("POST /uptakes/{uptake_id}/results",),
    "programme.changes.start_programme": ("POST /programmes",),
    "programme.changes.add_candidate": ("POST /programmes/{programme_id}/candidates",),
    "programme.changes.edit_candidate": ("PATCH /candidates/{row_id}",),
    "programme.changes.score_candidate": ("POST /candidates/{candidate_id}/scores",),
    "programme.changes.set_weights": ("POST /programmes/{programme_id}/weights",),
    "consultation.changes.log.record_consultation": ("POST /reviews/{review_id}/consultations",),
    "consultation.changes.log.record_outcome": ("POST /consultations/{consultation_id}/outcomes",),
    "delivery.changes.completion.add_delivery_evidence": ("POST /{what}/{thing_id}/delivery-evidence",),
    "delivery.changes.completion.verify_delivery": ("POST /{what}/{thing_id}/verifications",),
    "delivery.changes.completion.request_completion": ("POST /{what}/{thing_id}/completion-requests",),
    "delivery.changes.completion.decide_completion": ("POST /completion-requests/{request_id}/decision",),
    "delivery.changes.completion.close_not_implemented": ("POST /{what}/{thing_id}/closure",),
    "delivery.changes.dates.move_agreed_date": ("POST /actions/{action_id}/agreed-dates",),
    "delivery.changes.dates.forecast": ("POST /actions/{action_id}/forecasts",),
    "delivery.changes.edits.edit_recommendation": ("PATCH /recommendations/{row_id}",),
    "delivery.changes.edits.change_grounds": ("PUT /recommendations/{recommendation_id}/findings",),
    "delivery.changes.edits.edit_action": ("PATCH /actions/{row_id}",),
    "delivery.changes.extraction.accept_extracted": ("POST /extracted/{extracted_id}/acceptance",),
    "delivery.changes.extraction.split_extracted": ("POST /extracted/{extracted_id}/split",),
    "delivery.changes.extraction.merge_extracted": ("POST /extracted/{extracted_id}/merger",),
    "delivery.changes.extraction.dismiss_extracted": ("POST /extracted/{extracted_id}/dismissal",),
    "delivery.changes.leads.change_lead": ("PATCH /actions/{row_id}/lead",),
    "delivery.changes.plan.add_action": ("POST /recommendations/{recommendation_id}/actions",),
    "delivery.changes.plan.add_dependency": ("POST /actions/{action_id}/dependencies",),
    "delivery.changes.plan.drop_dependency": ("DELETE /actions/{action_id}/dependencies/{needed_id}",),
    "delivery.changes.plan.set_state": ("POST /actions/{action_id}/states",),
    "delivery.changes.plan.record_money": ("POST /actions/{action_id}/money",),
    "delivery.changes.register.take_up": ("POST /report-candidates/{candidate_id}/decision",),
    "delivery.changes.register.draft_recommendation": ("POST /reviews/{review_id}/recommendations",),
    "delivery.changes.register.set_status": ("POST /recommendations/{recommendation_id}/statuses",),
    "delivery.changes.register.enter_recommendations": ("POST /register-entries",),
    "delivery.changes.register.own": ("POST /recommendations/{recommendation_id}/ownerships",),
    "delivery.changes.response.issue_response": ("POST /plans/{issuer_id}/{slug}/responses",),
    "delivery.changes.transfers.offer_transfer": ("POST /recommendations/{recommendation_id}/transfers",),
    "delivery.changes.transfers.answer_transfer": ("POST /transfers/{transfer_id}/answer",),
    "delivery.changes.updates.give_update": (
        "POST /recommendations/{recommendation_id}/updates",
        "POST /actions/{action_id}/updates",
    ),
    "meetings.changes.arising.add_action_arising": ("POST /meetings/{meeting_id}/actions",),
    "meetings.changes.arising.report_on_action": ("POST /actions-arising/{action_id}/reports",),
    "meetings.changes.markings.mark_meeting": ("POST /meetings/{meeting_id}/marking",),
    "meetings.changes.meetings.call_meeting": ("POST /bodies/{body_id}/meetings",),
    "meetings.changes.meetings.call_off": ("POST /meetings/{meeting_id}/call-off",),
    "meetings.changes.meetings.add_item": ("POST /meetings/{meeting_id}/items",),
    "meetings.changes.meetings.record_attendance": ("POST /meetings/{meeting_id}/attendance",),
    "meetings.changes.meetings.minute_item": ("POST /agenda-items/{item_id}/minutes",),
    "meetings.changes.meetings.decide_item": ("POST /agenda-items/{item_id}/decision",),
    "reviews.changes.aims.add_aim": ("POST /reviews/{review_id}/aims",),
    "reviews.changes.aims.edit_aim": ("PATCH /aims/{row_id}",),
    "reviews.changes.withdrawals.withdraw_strand": ("POST /strands/{strand_id}/withdrawal",),
    "reviews.changes.aims.withdraw_aim": ("POST /aims/{aim_id}/withdrawal",),
    "reviews.changes.decisions.ask_for_decision": ("POST /reviews/{review_id}/decisions",),
    "reviews.changes.decisions.take_decision": ("POST /decisions/{decision_id}",),
    "reviews.changes.edits.edit_review": ("PATCH /reviews/{row_id}",),
    "reviews.changes.edits.edit_strand": ("PATCH /strands/{row_id}",),
    "reviews.changes.edits.edit_evidence": ("PATCH /evidence/{row_id}",),
    "reviews.changes.edits.edit_finding": ("PATCH /findings/{row_id}",),
    "reviews.changes.edits.change_citations": ("PUT /findings/{finding_id}/evidence",),
    "reviews.changes.evidence.add_evidence": ("POST /reviews/{review_id}/evidence",),
    "reviews.changes.evidence.grade_evidence": ("POST /evidence/{evidence_id}/grades",),
    "reviews.changes.evidence.add_finding": ("POST /reviews/{review_id}/findings",),
    "reviews.changes.markings.make_group": ("POST /reviews/{review_id}/groups",),
    "reviews.changes.markings.add_to_group": ("POST /groups/{group_id}/places",),
    "reviews.changes.markings.take_out_of_group": ("POST /group-places/{place_id}/end",),
    "reviews.changes.markings.mark": ("PUT /markings/{kind}/{thing_id}",),
    "reviews.changes.review.start_review": ("POST /candidates/{candidate_id}/reviews",),
    "reviews.changes.review.add_part": ("POST /reviews/{review_id}/parts",),
    "reviews.changes.review.add_strand": ("POST /reviews/{review_id}/strands",),
    "reviews.changes.withdrawals.withdraw_evidence": ("POST /evidence/{evidence_id}/withdrawal",),
    "reviews.changes.withdrawals.withdraw_finding": ("POST /findings/{finding_id}/withdrawal",),
    "scrutiny.changes.challenges.raise_challenge": ("POST /reviews/{review_id}/challenges",),
    "scrutiny.changes.challenges.take_step": ("POST /challenges/{challenge_id}/steps",),
    "scrutiny.changes.scope.add_scope_question": ("POST /reviews/{review_id}/questions",),
    "scrutiny.changes.scope.add_option": ("POST /questions/{question_id}/options",),
    "scrutiny.changes.scope.decide_option": ("POST /options/{option_id}/decisions",),
}
"""Of each change the operations that make it."""

BY_PERSON = "a person confirms on the site what they see there"
BY_FILE = "it brings or writes a file, which is taken in and scanned on the site or by the command line"
BY_MACHINE = "nobody asks for it: the site or a timer does it"
INSPECTIONS = "grades are given blind and texts agreed in rounds between two bodies, on the site"
ELSEWHERE: dict[str, str] = {
    "bodies.changes.give_sign_in": "a password is never sent by a program",
    **dict.fromkeys(
        (f"bodies.changes.{name}" for name in ("disable_sign_in", "enable_sign_in", "end_sessions")),
        "who confirmed just now who they are ends what others do, on the site",
    ),
    "bundle.changes.take_in": BY_FILE,
    "consultation.changes.answers.": "respondents answer on their own pages, without a sign-in",
    "consultation.changes.surveys.": BY_FILE,
    "assessment.changes.": INSPECTIONS,
    "delivery.changes.notices.": BY_MACHINE,
    "delivery.changes.response.keep_forecast": BY_MACHINE,
    "delivery.changes.extraction.accept_all_extracted": BY_PERSON,
    "delivery.changes.trackers.": BY_FILE,
    "delivery.changes.updates.give_calendar_key": "the key is shown once, to the person whose calendar it opens",
    "delivery.report_import.": BY_FILE,
    "delivery.workbook.": BY_FILE,
    "delivery.tracker.": BY_FILE,
    "jobs.progress.": BY_MACHINE,
    "reviews.changes.evidence.add_file_version": BY_FILE,
    "reviews.changes.publication.": BY_PERSON,
}
"""The changes that the API does not make, by the beginning of their names, and why."""


def operations() -> Iterator[tuple[str, Any]]:
    for path, methods in api.get_openapi_schema(path_prefix="/")["paths"].items():
        for method in methods:
            yield f"{method.upper()} {path}", methods[method]


SCHEMA = dict(operations())


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_is_made_over_the_api_or_it_is_said_why_not(name: str) -> None:
    notes = name.rpartition(".")[2].startswith("note_")  # that somebody read, or a scanner looked: the site notes it
    elsewhere = notes or any(name.startswith(begins) for begins in ELSEWHERE)
    assert (name in OPERATIONS) != elsewhere


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_the_table_names_is_there(name: str) -> None:
    assert name in CHANGES
    assert set(OPERATIONS[name]) <= set(SCHEMA)


@pytest.mark.parametrize("begins", ELSEWHERE)
def test_no_reason_is_given_for_what_is_not_there(begins: str) -> None:
    assert [name for name in CHANGES if name.startswith(begins)]


def test_every_operation_that_writes_makes_a_change_of_the_table() -> None:
    named = {operation for operations in OPERATIONS.values() for operation in operations}
    writes = {operation for operation in SCHEMA if not operation.startswith("GET ")}
    assert writes == named


def test_the_api_writes_nothing_itself() -> None:
    """Only a function of changes writes: an operation that saved a row would pass the rules and the ledger by."""
    modules = [module for name, module in sys.modules.items() if name.startswith("bestvalue.site.api")]
    assert len(modules) > 15
    for module in modules:
        called = [ast.unparse(node.func) for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.Call)]
        wrong = [name for name in called if name.endswith((".save", ".create", ".delete", ".update", ".bulk_create", ".get_or_create"))]
        assert [name for name in wrong if not name.startswith("router.")] == [], module.__name__


def test_every_address_takes_the_methods_that_the_schema_says(db: None) -> None:
    """Two routers that share an address hide each other's methods."""
    addresses: dict[str, list[str]] = {}
    for prefix, router in api._routers:
        for path in router.path_operations:
            addresses.setdefault(f"{prefix}{path}", []).append(str(id(router)))
    assert {path: owners for path, owners in addresses.items() if len(owners) > 1} == {}
