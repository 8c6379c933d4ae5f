"""Fieldwork: documents asked for and given, interviews planned and held."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.assessment.models import DocumentRequest, Inspection, Interview
from bestvalue.record.assessment.queue import locked
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.ledger import ledger
from bestvalue.record.reviews.models import Evidence, Marking
from bestvalue.record.reviews.models.file_scan import check_citable


@transaction.atomic
def ask_for_document(inspection: Inspection, *, text: str, asked_of: Body, due: date, by: Person) -> DocumentRequest:
    """Ask an inspected body for a document, by a day.

    Raises:
        RuleError: `by` does not inspect, it does not say what, or asks a body that is not inspected.
    """
    inspection = locked(inspection)
    inspection.check_inspects(by=by, order="ask for documents")
    if not text.strip():
        raise RuleError("A request says what is asked for", where="text", next_step="Name the document.")
    if asked_of.pk not in (inspection.force_id, inspection.authority_id):
        raise RuleError(f"{asked_of} is not inspected", where="asked_of", next_step="Select the force or the authority.")
    asked = DocumentRequest.objects.create(
        inspection=inspection, number=inspection.requests.count() + 1, text=text.strip(), asked_of=asked_of, due=due, asked_by=by
    )
    ledger.write("inspection.document_asked", target=asked, by=by, payload={"text": asked.text, "asked_of": asked_of.pk, "due": due})
    return asked


@transaction.atomic
def answer_request(request: DocumentRequest, *, answer: str, by: Person, evidence: Evidence | None = None) -> DocumentRequest:
    """Give the document that was asked for: where it is, or why there is none.

    Args:
        request: what was asked for.
        answer: in words; "there is none, because" is an answer.
        by: somebody of an inspected body.
        evidence: the item of the review's register that it is, if it is there.

    Raises:
        RuleError: `by` speaks for no inspected body, it says nothing, or it was answered already.
    """
    inspection = locked(request.inspection)
    request = DocumentRequest.objects.select_for_update().get(pk=request.pk)
    if inspection.speaks_for_inspected(by) is None:
        raise RuleError(f"{by} may not answer requests", where=request.reference, next_step="The inspected bodies answer them.")
    if request.answered_on is not None:
        raise RuleError(f"{request.reference} is answered already", where=request.reference, next_step="Tell the inspectors.")
    if not answer.strip():
        raise RuleError("An answer says something", where="answer", next_step="Say where the document is, or why there is none.")
    if evidence is not None and evidence.review_id != inspection.review_id:
        raise RuleError("The evidence is of another review", where="evidence", next_step="Select evidence of the inspected review.")
    if evidence is not None:
        check_citable(evidence, by=by)
    request.answer, request.evidence, request.answered_by, request.answered_on = answer.strip(), evidence, by, timezone.localdate()
    request.save()
    ledger.write(
        "inspection.document_given", target=request, by=by, payload={"answer": request.answer, "evidence": evidence and evidence.pk}
    )
    return request


@transaction.atomic
def plan_interview(
    inspection: Inspection, *, whom: str, planned_for: date, by: Person, protected: bool = True, marking: Marking = Marking.SENSITIVE
) -> Interview:
    """Put a talk on the schedule.

    Args:
        inspection: of which it is part.
        whom: by place and not by name.
        planned_for: its day.
        by: the inspector who holds it.
        protected: whether the report may not say who spoke.
        marking: of the notes.

    Raises:
        RuleError: `by` does not inspect, or it does not say whom.
    """
    inspection = locked(inspection)
    inspection.check_inspects(by=by, order="plan interviews")
    if not whom.strip():
        raise RuleError("An interview says with whom", where="whom", next_step="Enter their place, such as “a borough commander”.")
    planned = Interview.objects.create(
        inspection=inspection,
        number=inspection.interviews.count() + 1,
        whom=whom.strip(),
        planned_for=planned_for,
        protected=protected,
        marking=marking,
        held_by=by,
    )
    # Who is protected is no word of the ledger either.
    ledger.write("inspection.interview_planned", target=planned, by=by, payload={"on": planned_for, "with": planned.cited_as})
    return planned


@transaction.atomic
def record_interview(interview: Interview, *, notes: str, held_on: date, by: Person) -> Interview:
    """Record what was said. The notes stay among the inspectors.

    Raises:
        RuleError: `by` does not inspect, it was recorded already, says nothing, or its day is still to come.
    """
    inspection = locked(interview.inspection)
    inspection.check_inspects(by=by, order="record interviews")
    interview = Interview.objects.select_for_update().get(pk=interview.pk)
    if interview.held_on is not None:
        raise RuleError(f"{interview.reference} is recorded already", where=interview.reference, next_step="Plan another talk.")
    if not notes.strip():
        raise RuleError("Notes say something", where="notes", next_step="Enter what was said.")
    if held_on > timezone.localdate():
        raise RuleError(f"{held_on:%d %B %Y} is still to come", where="held_on", next_step="Enter the day of the talk.")
    interview.notes, interview.held_on, interview.held_by = notes.strip(), held_on, by
    interview.save()
    ledger.write("inspection.interview_held", target=interview, by=by, payload={"on": held_on, "with": interview.cited_as})
    return interview
