"""Grading: each side its own, blind until the grades are shared; overrides by two people."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.assessment.models import (
    Assessment,
    AssessmentSource,
    DocumentRequest,
    Inspection,
    InspectionStep,
    Interview,
    Override,
    Place,
    Side,
    check_grade,
    check_on_scale,
)
from bestvalue.record.assessment.queue import locked
from bestvalue.record.assessment.steps import GRADING, WRITING, Step
from bestvalue.record.bodies.models import Person
from bestvalue.record.ledger import ledger
from bestvalue.record.reviews.models import Evidence
from bestvalue.record.reviews.models.file_scan import check_citable
from bestvalue.record.two_people import check_second_person

Source = Interview | DocumentRequest | Evidence


@transaction.atomic
def grade(
    inspection: Inspection,
    *,
    criterion: str,
    grade: str,
    reason: str,
    by: Person,
    speaks_for: str = "",
    speaks_against: str = "",
    sources: Collection[Source] = (),
) -> Assessment:
    """Grade a criterion, for the side that somebody is on: the inspectors, the second inspector, the inspected body.

    Args:
        inspection: that grades.
        criterion: its key.
        grade: of the scale; "" for "no data".
        reason: why this grade.
        by: an inspector, or somebody of an inspected body.
        speaks_for: what speaks for the service.
        speaks_against: what speaks against it.
        sources: interviews, documents and evidence that it rests on; of this inspection and its review.

    Raises:
        RuleError: `by` may not, or something is missing or does not fit; the message says what.
    """
    inspection = locked(inspection)
    side = check_grade(inspection, criterion=criterion, grade=grade, reason=reason, by=by)
    _check_sources(inspection, sources, side=side, by=by)
    made = Assessment.objects.create(
        inspection=inspection,
        criterion=criterion,
        side=side,
        grade=grade,
        reason=reason.strip(),
        speaks_for=speaks_for.strip(),
        speaks_against=speaks_against.strip(),
        by=by,
        at=timezone.now(),
    )
    for source in sources:
        AssessmentSource.objects.create(
            assessment=made,
            interview=source if isinstance(source, Interview) else None,
            request=source if isinstance(source, DocumentRequest) else None,
            evidence=source if isinstance(source, Evidence) else None,
        )
    ledger.write(
        "inspection.graded",
        target=made,
        by=by,
        payload={"criterion": criterion, "side": side, "grade": made.grade_words, "reason": made.reason},
    )
    return made


@transaction.atomic
def share_grades(inspection: Inspection, *, by: Person) -> InspectionStep:
    """Share the grades among the inspectors, once the second inspector has graded what the first has.

    Raises:
        RuleError: `by` does not lead, or a criterion that one has graded waits for the other.
    """
    inspection = locked(inspection)
    inspection.check_leads(by=by, order="share the grades")
    inspection.check_reaches(Step.SHARED)
    graded = {
        side: set(inspection.assessments.filter(side=side).values_list("criterion", flat=True)) for side in (Side.INSPECTORS, Side.SECOND)
    }
    keys = {criterion.key for _, _, criterion in inspection.frame.criteria()}
    missing = keys - graded[Side.INSPECTORS]
    if missing:
        raise RuleError(
            f"{len(missing)} of {len(keys)} criteria have no grade", where=inspection.title, next_step="Grade them, or say “no data”."
        )
    second = any(each.place == Place.SECOND for each in inspection.inspectors.all())
    if second and keys - graded[Side.SECOND]:
        raise RuleError(
            f"The second inspector has graded {len(graded[Side.SECOND])} of {len(keys)} criteria",
            where=inspection.title,
            next_step="Wait until they have graded all of them: after this nobody grades blind.",
        )
    reached = InspectionStep.objects.create(inspection=inspection, step=Step.SHARED, on=timezone.localdate(), by=by)
    ledger.write("inspection.grades_shared", target=inspection, by=by, payload={"second": second})
    return reached


@transaction.atomic
def override(inspection: Inspection, *, key: str, grade: str, reason: str, by: Person) -> Override:
    """Propose a grade of a question or judgement other than the rule's. It stands once another inspector confirms it.

    Raises:
        RuleError: `by` does not inspect, grades are not shared or the report is out, or the grade is not on its scale or has no reason.
    """
    inspection = locked(inspection)
    inspection.check_inspects(by=by, order="override a grade")
    inspection.check_stands_at(*{*GRADING, *WRITING} - {Step.FIELDWORK}, order="override a grade")
    place = inspection.frame.place_of(key)
    if place is None or any(criterion.key == key for _, _, criterion in inspection.frame.criteria()):
        raise RuleError(f"{key!r} is no question or judgement", where="key", next_step="A criterion is graded anew instead.")
    check_on_scale(grade, grades=place[0].grades)
    if not reason.strip():
        raise RuleError("An override has its reason", where="reason", next_step="Say what the rule does not see.")
    made = Override.objects.create(inspection=inspection, key=key, grade=grade, reason=reason.strip(), by=by, on=timezone.localdate())
    ledger.write("inspection.override_proposed", target=made, by=by, payload={"key": key, "grade": grade, "reason": made.reason})
    return made


@transaction.atomic
def confirm_override(override: Override, *, by: Person) -> Override:
    """Confirm an override that another inspector proposed.

    Raises:
        RuleError: `by` does not inspect or proposed it, it is confirmed already, or the report is out.
    """
    inspection = locked(override.inspection)
    override = Override.objects.select_for_update().get(pk=override.pk)
    inspection.check_inspects(by=by, order="confirm an override")
    check_second_person(by, proposed_by=override.by_id, act="An override", where=str(override))
    if override.confirmed_by_id is not None:
        raise RuleError("It is confirmed already", where=str(override), next_step="Nothing is left to do.")
    override.confirmed_by, override.confirmed_on = by, timezone.localdate()
    override.save()
    ledger.write("inspection.override_confirmed", target=override, by=by, payload={"key": override.key, "grade": override.grade})
    return override


def _check_sources(inspection: Inspection, sources: Collection[Source], *, side: Side, by: Person) -> None:
    for source in sources:
        here = source.review_id == inspection.review_id if isinstance(source, Evidence) else source.inspection_id == inspection.pk
        if not here or (side is Side.SELF and isinstance(source, Interview)):
            raise RuleError("A source is not of this inspection", where="sources", next_step="Select sources of this inspection.")
        if isinstance(source, Evidence):
            check_citable(source, by=by)
