"""Factual accuracy: the draft goes to both bodies, they comment, each comment gets its answer."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.assessment.judging import judged
from bestvalue.record.assessment.models import (
    AccuracyComment,
    Disposition,
    Draft,
    DraftParagraph,
    Inspection,
    InspectionStep,
    NothingFurther,
    Outcome,
    Side,
    check_comments,
    check_sendable,
)
from bestvalue.record.assessment.queue import locked
from bestvalue.record.assessment.steps import Step
from bestvalue.record.assessment.wording import texts_now
from bestvalue.record.bodies.models import Person
from bestvalue.record.ledger import ledger


@transaction.atomic
def send_draft(inspection: Inspection, *, deadline: date, by: Person) -> Draft:
    """Send the report as it stands to both bodies, who say until a day what is not right in its facts.

    Raises:
        RuleError: `by` does not lead, the deadline has passed, a judgement has no grade, or nothing is written.
    """
    inspection = locked(inspection)
    today = timezone.localdate()
    check_sendable(inspection, on=today, deadline=deadline, by=by)
    texts = texts_now(inspection)
    if not texts:
        raise RuleError("Nothing is written yet", where=inspection.title, next_step="Start the report.")
    found = judged(inspection.frame, assessments=inspection.assessments.filter(side=Side.INSPECTORS), overrides=inspection.overrides.all())
    without = [each.judgement.text for each in found if not each.grade]
    if without:
        raise RuleError(
            f"A judgement has no grade: {without[0]}", where=inspection.title, next_step="Grade what is missing, or override it by two."
        )
    draft = Draft.objects.create(
        inspection=inspection, number=inspection.drafts.count() + 1, sent_on=today, deadline=deadline, texts=texts, by=by
    )
    InspectionStep.objects.create(inspection=inspection, step=Step.ACCURACY, on=today, note=str(draft), by=by)
    ledger.write("inspection.draft_sent", target=draft, by=by, payload={"number": draft.number, "deadline": deadline, "texts": texts})
    return draft


@transaction.atomic
def comment(draft: Draft, *, paragraph: DraftParagraph, text: str, by: Person, wording: str = "") -> AccuracyComment:
    """Say what is not right in a paragraph.

    Args:
        draft: the newest.
        paragraph: of which the comment is.
        text: what is not right, and where it can be seen.
        by: somebody of an inspected body.
        wording: what it should say, if they have words for it.

    Raises:
        RuleError: `by` may not comment now, or the paragraph is not in the draft.
    """
    draft = _held(draft)
    today = timezone.localdate()
    body = check_comments(draft, text=text, today=today, by=by)
    if paragraph.section.inspection_id != draft.inspection_id or paragraph.number not in draft.texts:
        raise RuleError("The paragraph is not in the draft", where="paragraph", next_step="Select a paragraph of the draft.")
    made = AccuracyComment.objects.create(
        draft=draft, paragraph=paragraph, body=body, text=text.strip(), wording=wording.strip(), by=by, on=today
    )
    ledger.write(
        "inspection.draft_commented", target=made, by=by, payload={"paragraph": paragraph.number, "text": made.text, "body": body.pk}
    )
    return made


@transaction.atomic
def dispose(comment: AccuracyComment, *, outcome: Outcome, reason: str, by: Person) -> Disposition:
    """Say what became of a comment, and why.

    Raises:
        RuleError: `by` does not inspect, it was answered already, or no reason is given.
    """
    inspection = locked(comment.draft.inspection)
    inspection.check_inspects(by=by, order="answer comments")
    if Disposition.objects.filter(comment=comment).exists():
        raise RuleError("The comment is answered already", where=str(comment.paragraph), next_step="Change the paragraph, if it needs it.")
    if not reason.strip():
        raise RuleError("An answer has its reason", where="reason", next_step="Say why in a sentence.")
    made = Disposition.objects.create(comment=comment, outcome=outcome, reason=reason.strip(), by=by, on=timezone.localdate())
    ledger.write("inspection.comment_answered", target=made, by=by, payload={"outcome": outcome, "reason": made.reason})
    return made


@transaction.atomic
def say_nothing_further(draft: Draft, *, by: Person) -> NothingFurther:
    """Say for a body that it has nothing further to say of a draft.

    Raises:
        RuleError: `by` speaks for neither body, its last day has passed, or it was said already.
    """
    draft = _held(draft)
    today = timezone.localdate()
    body = check_comments(draft, text="nothing further", today=today, by=by)
    made = NothingFurther.objects.create(draft=draft, body=body, by=by, on=today)
    ledger.write("inspection.nothing_further", target=made, by=by, payload={"body": body.pk, "draft": draft.number})
    return made


def _held(draft: Draft) -> Draft:
    """The draft with its inspection as it is now, held until the change commits."""
    inspection = locked(draft.inspection)
    draft = Draft.objects.get(pk=draft.pk)
    draft.inspection = inspection
    return draft
