"""The response to a report: gathered from the record, written as files, and recorded as issued."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from bestvalue.documents import published_response as content
from bestvalue.documents.writing import FORMATS, write_report
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.changes.response import issue_response
from bestvalue.record.delivery.life_cycle import Status
from bestvalue.record.delivery.models import Action, Recommendation, Response, check_issuable
from bestvalue.record.delivery.statutory_clock import clock
from bestvalue.record.ledger import ledger
from bestvalue.record.reviews.models import Marking

ANSWERS = {Status.NOT_ACCEPTED: "Not accepted", Status.PARTLY_ACCEPTED: "Accepted in part"}
"""Words of an answer; whatever else stands later was accepted."""


def respond(issuer: Body, *, report_slug: str, by: Person, formats: Sequence[str] = FORMATS) -> Response:
    """Write the response to a report and record it as issued.

    Args:
        issuer: of the report.
        report_slug: of the report.
        by: who issues it.
        formats: of `FORMATS`.

    Raises:
        RuleError: a recommendation of the report is unanswered, or `by` may not answer.
    """
    check_issuable(Recommendation.objects.of_plan(issuer=issuer, report_slug=report_slug), by=by)
    number = Response.objects.filter(issuer=issuer, report_slug=report_slug).count() + 1
    checkpoint, today = ledger.head(), timezone.localdate()
    report = content.published_response(response_content(issuer, report_slug, version=number, checkpoint=checkpoint))
    name = f"response-{report_slug}-version-{number}-OFFICIAL"
    with tempfile.TemporaryDirectory(dir=settings.WORKSPACE.reports_folder, prefix=".writing-") as folder:
        files = {each: write_report(report, Path(folder) / f"{name}.{each}") for each in formats}
        return issue_response(issuer, report_slug=report_slug, number=number, files=files, checkpoint=checkpoint, on=today, by=by)


def response_content(issuer: Body, report_slug: str, *, version: int, checkpoint: ledger.Checkpoint) -> content.ResponseContent:
    """What a response to a report says, as plain data."""
    today = timezone.localdate()
    # A response is published: what is sensitive never is.
    plan = Recommendation.objects.of_plan(issuer=issuer, report_slug=report_slug).filter(marking=Marking.OFFICIAL)
    listed = list(plan.in_register_order().prefetch_related("statuses"))
    actions: dict[int, list[Action]] = {}
    for action in Action.objects.filter(recommendation__in=listed).in_plan_order(on=today):
        actions.setdefault(action.recommendation_id, []).append(action)
    report = listed[0].published_report
    period = clock(published=report.published, exact=report.published_precision == "day", on=today) if report else None
    asked = listed[0].addressed_body
    return content.ResponseContent(
        report=report.title if report else listed[0].report_title or report_slug,
        issuer=issuer.name,
        respondent=asked.name if asked else settings.WORKSPACE.settings.name,
        on=today,
        version=version,
        published=report.published_words if report else "",
        last_day=period.last_day if period else None,
        checkpoint=str(checkpoint),
        synthetic=settings.WORKSPACE.settings.synthetic,
        answers=tuple(
            _answer(one, actions.get(one.pk, [])) for one in listed if one.status not in (Status.WITHDRAWN, Status.DRAFT, Status.MADE)
        ),
    )


def _answer(one: Recommendation, actions: Sequence[Action]) -> content.AnswerItem:
    answered = [status for status in one.statuses.all() if status.status in (Status.ACCEPTED, *ANSWERS)]
    newest = answered[-1] if answered else None
    return content.AnswerItem(
        kind=one.get_kind_display(),
        number=one.number,
        text=one.text,
        answer=ANSWERS.get(Status(newest.status), "Accepted") if newest else "Accepted",
        reason=newest.note if newest else "",
        actions=tuple(
            content.PlannedItem(
                name=action.name,
                what=action.what,
                lead=action.lead.name,
                agreed=action.agreed_then,
                state=action.state_then,
            )
            for action in actions
        ),
    )
