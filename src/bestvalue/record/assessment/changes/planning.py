"""Planning an inspection: what, of whom, by whom, when; and withdrawing it."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.assessment.framework import Framework
from bestvalue.record.assessment.models import Inspection, InspectionStep, Inspector, Place, check_plans
from bestvalue.record.assessment.queue import locked
from bestvalue.record.assessment.steps import Step
from bestvalue.record.bodies.models import Body, Person, Role
from bestvalue.record.inspections.models import PublishedReport
from bestvalue.record.ledger import ledger
from bestvalue.record.reviews.models import Review


@transaction.atomic
def plan_inspection(
    framework: Framework,
    *,
    title: str,
    service: str,
    issuer: Body,
    force: Body,
    authority: Body,
    fieldwork_starts: date,
    fieldwork_ends: date,
    by: Person,
    review: Review | None = None,
    about_report: PublishedReport | None = None,
) -> Inspection:
    """Plan an inspection; who plans it leads it.

    Args:
        framework: by which it judges; the inspection keeps it as it is now.
        title: of the inspection and of its report.
        service: that is inspected.
        issuer: the body that inspects.
        force: the inspected force.
        authority: the inspected authority.
        fieldwork_starts: its first day on site.
        fieldwork_ends: its last day on site.
        by: an inspector.
        review: of ours that it inspects, if any.
        about_report: the imported report that it inspects, if any.

    Raises:
        RuleError: `by` may not, or something is missing or does not fit; the message says what.
    """
    details = {
        "title": title,
        "service": service,
        "issuer": issuer,
        "force": force,
        "authority": authority,
        "fieldwork_starts": fieldwork_starts,
        "fieldwork_ends": fieldwork_ends,
    }
    check_plans(by=by, details=details)
    inspection = Inspection.objects.create(
        **{**details, "title": title.strip(), "service": service.strip()},
        review=review,
        about_report=about_report,
        framework=framework.model_dump(mode="json"),
    )
    Inspector.objects.create(inspection=inspection, person=by, place=Place.LEAD)
    InspectionStep.objects.create(inspection=inspection, step=Step.PLANNED, on=timezone.localdate(), by=by)
    ledger.write(
        "inspection.planned",
        target=inspection,
        by=by,
        payload={"title": inspection.title, "framework": framework.key, "edition": framework.edition, "force": force.pk},
    )
    return inspection


@transaction.atomic
def appoint(inspection: Inspection, *, person: Person, place: Place, by: Person) -> Inspector:
    """Appoint an inspector, or the second inspector who grades blind.

    Raises:
        RuleError: `by` does not lead, the person inspects already or is no inspector, or the place is taken or comes too late.
    """
    inspection = locked(inspection)
    inspection.check_leads(by=by, order="appoint inspectors")
    if inspection.place_of(person):
        raise RuleError(f"{person} inspects already", where="person", next_step="Select somebody else.")
    if not person.holds(Role.INSPECTOR):
        raise RuleError(f"{person} is no inspector", where="person", next_step="Select somebody who is an inspector of a body.")
    if inspection.speaks_for_inspected(person):
        raise RuleError(f"{person} belongs to an inspected body", where="person", next_step="Select somebody else.")
    if place is Place.LEAD or (place is Place.SECOND and any(each.place == Place.SECOND for each in inspection.inspectors.all())):
        raise RuleError("That place is taken", where="place", next_step="Appoint an inspector.")
    if place is Place.SECOND and inspection.has_reached(Step.SHARED):
        raise RuleError("The grades are shared, so nobody can grade blind", where="place", next_step="Appoint an inspector.")
    appointed = Inspector.objects.create(inspection=inspection, person=person, place=place)
    ledger.write("inspection.inspector_appointed", target=inspection, by=by, payload={"person": person.pk, "place": place})
    return appointed


@transaction.atomic
def start_fieldwork(inspection: Inspection, *, by: Person) -> InspectionStep:
    """Say that fieldwork began: from now on inspectors grade.

    Raises:
        RuleError: `by` does not lead, or it began already.
    """
    inspection = locked(inspection)
    inspection.check_leads(by=by, order="start the fieldwork")
    inspection.check_reaches(Step.FIELDWORK)
    reached = InspectionStep.objects.create(inspection=inspection, step=Step.FIELDWORK, on=timezone.localdate(), by=by)
    ledger.write("inspection.fieldwork_started", target=inspection, by=by, payload={"on": reached.on})
    return reached


@transaction.atomic
def withdraw(inspection: Inspection, *, reason: str, by: Person) -> InspectionStep:
    """Withdraw an inspection before it is published. All that was said stays in the record.

    Raises:
        RuleError: `by` does not lead, no reason is given, or it has ended.
    """
    inspection = locked(inspection)
    inspection.check_leads(by=by, order="withdraw the inspection")
    inspection.check_reaches(Step.WITHDRAWN)
    if not reason.strip():
        raise RuleError("A withdrawal has its reason", where="reason", next_step="Say why in a sentence.")
    reached = InspectionStep.objects.create(inspection=inspection, step=Step.WITHDRAWN, on=timezone.localdate(), note=reason.strip(), by=by)
    ledger.write("inspection.withdrawn", target=inspection, by=by, payload={"reason": reached.note})
    return reached
