"""Inspections: the list, planning one, and the page of one with every grade, its reason, and what to do next."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.record.assessment import changes
from bestvalue.record.assessment.framework import frameworks
from bestvalue.record.assessment.judging import judged
from bestvalue.record.assessment.models import (
    Assessment,
    DocumentRequest,
    Inspection,
    InspectionStep,
    Inspector,
    Interview,
    Place,
    Side,
    may_plan,
)
from bestvalue.record.assessment.moderation import moderate
from bestvalue.record.assessment.steps import ENDED, WRITING, Step
from bestvalue.record.bodies.models import Person
from bestvalue.site.forms.assessment import PlanForm
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.form_page import FormPage, answer_form
from bestvalue.site.presenters.assessment import STEP, agreement_words, grade_lines

SHORT = {Side.INSPECTORS: "Inspectors", Side.SECOND: "Second", Side.SELF: "Own"}
"""Whose grade stands beside a criterion."""
CRUMB = ("Inspections", "inspections")


@require_safe
def inspections(request: HttpRequest) -> HttpResponse:
    """What is inspected, how far is it, and is anything asked of me?"""
    person = person_behind(request)
    rows = Inspection.objects.visible_to(request.user).with_step().select_related("issuer", "force", "published")
    open_requests = DocumentRequest.objects.visible_to(request.user).filter(answered_on=None).values_list("inspection", flat=True)
    waiting = list(open_requests)
    return render(
        request,
        "inspections/inspections.html",
        {
            "rows": [(STEP[row.newest_step], row, waiting.count(row.pk)) for row in rows],
            "may_plan": may_plan(person),
        },
    )


@require_http_methods(["GET", "POST"])
def inspection_plan(request: HttpRequest) -> HttpResponse:
    """An inspector plans an inspection, and leads it."""
    person = person_behind(request)
    if not may_plan(person):
        raise PermissionDenied("not an inspector")
    offered = frameworks(settings.WORKSPACE.root / "frameworks")
    page = FormPage(
        heading="Plan an inspection",
        button="Plan the inspection",
        breadcrumbs=[(CRUMB[0], reverse(CRUMB[1]))],
        lead=("You lead it. Nobody of an inspected body sees a grade before the draft is sent to both.",),
    )

    def save(**said: Any) -> tuple[str, str]:
        planned = changes.plan_inspection(said.pop("framework"), by=person, **said)
        return "The inspection is planned", reverse("inspection", args=[planned.pk])

    first = {"fieldwork_starts": timezone.localdate(), "review": request.GET.get("review")}
    form = PlanForm(request.POST or None, person=person, frameworks=offered, initial=first)
    return answer_form(request, form, page=page, save=save)


@require_safe
def inspection(request: HttpRequest, pk: int) -> HttpResponse:
    """How good, will it improve, and why? Grades beside the body's own, and what the reader can do next."""
    person = person_behind(request)
    found = seen(request, pk)
    grades = list(Assessment.objects.shown_in(found, to=person).newest())
    overrides = list(found.overrides.select_related("by", "confirmed_by"))
    place, shows = found.place_of(person), found.shows_grades_to(person)
    lines = grade_lines(
        judged(found.frame, assessments=_of(grades, Side.INSPECTORS), overrides=overrides),
        judged(found.frame, assessments=_of(grades, Side.SELF), overrides=()),
        shows=shows or place in (Place.LEAD, Place.INSPECTOR),
        sides={SHORT[side]: {each.criterion: each.grade for each in _of(grades, side)} for side in Side},
    )
    speaks_for = None if place else found.speaks_for_inspected(person)
    return render(
        request,
        "inspections/inspection.html",
        {
            "breadcrumbs": [(CRUMB[0], reverse(CRUMB[1]))],
            "inspection": found,
            "framework": found.frame,
            "tag": STEP[found.step],
            "lines": lines,
            "overrides": overrides if shows else [],
            "may_confirm": place is not None and found.step not in ENDED,
            "person": person,
            "requests": DocumentRequest.objects.visible_to(request.user).filter(inspection=found).select_related("asked_of", "evidence"),
            "may_answer": speaks_for is not None,
            "interviews": Interview.objects.visible_to(request.user).filter(inspection=found) if place else None,
            "steps": found.steps.all(),
            "inspectors": found.inspectors.all(),
            "offered": _offered(found, person, place),
            "shows_report": found.is_laid_out and (place is not None or found.has_reached(Step.ACCURACY)),
            "to_answer": found.comments_waiting if place else 0,
            "shows_moderation": place is not None,
        },
    )


@require_safe
def inspection_moderation(request: HttpRequest, pk: int) -> HttpResponse:
    """Do the two inspectors agree? The figure first; which grades differ only when they are shared."""
    person = person_behind(request)
    found = seen(request, pk)
    if found.place_of(person) is None:
        raise Http404("no such inspection")
    newest = Assessment.objects.filter(inspection=found).newest()
    first, second = ({each.criterion: each.grade for each in newest.filter(side=side)} for side in (Side.INSPECTORS, Side.SECOND))
    result = moderate(found.frame, first=first, second=second)
    shared = found.has_reached(Step.SHARED)
    names = {criterion.key: criterion.text for _, _, criterion in found.frame.criteria()}
    apart = [(key, names[key], first[key], second[key]) for key in result.apart] if shared else []
    complete = len(first) == len(second) == result.criteria
    return render(
        request,
        "inspections/moderation.html",
        {
            "breadcrumbs": crumbs_of(found),
            "inspection": found,
            "words": agreement_words(result) if complete or shared else "",
            "graded": (len(first), len(second), result.criteria),
            "shared": shared,
            "apart": apart,
        },
    )


def seen(request: HttpRequest, pk: int) -> Inspection:
    """The inspection, if the reader may know of it."""
    rows = Inspection.objects.visible_to(request.user).select_related("issuer", "force", "authority", "review", "published", "about_report")
    people = (
        Prefetch("steps", InspectionStep.objects.select_related("by")),
        Prefetch("inspectors", Inspector.objects.select_related("person")),
    )
    return get_object_or_404(rows.with_report().prefetch_related(*people, "drafts"), pk=pk)


def crumbs_of(inspection: Inspection) -> list[tuple[str, str]]:
    """The pages above those of one inspection."""
    return [(CRUMB[0], reverse(CRUMB[1])), (inspection.title, reverse("inspection", args=[inspection.pk]))]


def _of(grades: Iterable[Assessment], side: Side) -> list[Assessment]:
    return [each for each in grades if each.side == side]


def _offered(found: Inspection, person: Person, place: Place | None) -> list[tuple[str, str]]:
    """What somebody can do next, the next step first."""
    if found.step in ENDED:
        return []
    if place is None:
        may_close = found.step is Step.ACCURACY and found.speaks_for_inspected(person)
        return [("Say that we have nothing further", "nothing-further")] if may_close else []
    lead, writing = place is Place.LEAD, found.step in WRITING
    laid_out = found.is_laid_out
    rows = [
        (lead and found.step is Step.PLANNED, "Start the fieldwork", "fieldwork"),
        (lead and found.step is Step.FIELDWORK, "Share the grades", "share"),
        (writing and not laid_out, "Start the report", "start-report"),
        (lead and writing and laid_out, "Send the draft to both bodies", "send"),
        (found.step is Step.ACCURACY, "Propose to publish", "propose"),
        (found.step is Step.ACCURACY, "Publish", "publish"),
        (writing, "Override a grade", "override"),
        (True, "Ask for a document", "request"),
        (True, "Plan an interview", "interview"),
        (lead, "Appoint an inspector", "appoint"),
        (lead, "Withdraw the inspection", "withdraw"),
    ]
    return [(words, name) for offered, words, name in rows if offered]
