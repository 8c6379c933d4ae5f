"""One criterion of an inspection: what to look for, every grade that the reader may see, and grading it."""

from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.record.assessment import changes
from bestvalue.record.assessment.framework import Criterion, JudgementFrame, Question
from bestvalue.record.assessment.models import Assessment, AssessmentSource, DocumentRequest, Inspection, Interview
from bestvalue.record.assessment.steps import GRADING, Step
from bestvalue.record.bodies.models import Person
from bestvalue.record.reviews.models import Evidence
from bestvalue.site.forms.assessment import GradeForm
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.form_page import FormPage, answer_form
from bestvalue.site.pages.inspections import crumbs_of, seen
from bestvalue.site.presenters.assessment import grade_tag


@require_safe
def inspection_criterion(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """What was graded here, on what evidence, for and against?"""
    person = person_behind(request)
    found = seen(request, pk)
    judgement, question, criterion = _criterion(found, key)
    rows = Assessment.objects.shown_in(found, to=person).filter(criterion=key).select_related("by")
    sources = Prefetch("sources", AssessmentSource.objects.select_related("interview", "request", "evidence"))
    grades = rows.prefetch_related(sources)
    return render(
        request,
        "inspections/criterion.html",
        {
            "breadcrumbs": crumbs_of(found),
            "inspection": found,
            "question": question,
            "criterion": criterion,
            "grades": [(grade_tag(each.grade, scale=judgement.grades), each) for each in reversed(grades)],
            "may_grade": _may_grade(found, person),
        },
    )


@require_http_methods(["GET", "POST"])
def inspection_grade(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Grade a criterion, for the side that one is on."""
    person = person_behind(request)
    found = seen(request, pk)
    judgement, question, criterion = _criterion(found, key)

    def save(**said: Any) -> tuple[str, str]:
        changes.grade(found, criterion=key, by=person, **said)
        following = _next_without_grade(found, person, key)
        address = reverse("inspection_grade", args=[found.pk, following]) if following else reverse("inspection", args=[found.pk])
        return "The grade is kept" + (". This is the next without one" if following else ""), address

    form = GradeForm(request.POST or None, judgement=judgement, sources=_sources(request, found, person))
    page = FormPage(
        heading=criterion.text,
        button="Keep the grade",
        breadcrumbs=crumbs_of(found),
        caption=question.text,
        lead=(f"Look for: {'; '.join(criterion.look_for)}.",) if criterion.look_for else (),
    )
    return answer_form(request, form, page=page, save=save)


def _criterion(found: Inspection, key: str) -> tuple[JudgementFrame, Question, Criterion]:
    row = next((each for each in found.frame.criteria() if each[2].key == key), None)
    if row is None:
        raise Http404(key)
    return row


def _may_grade(found: Inspection, person: Person) -> bool:
    if found.place_of(person):
        return found.step in GRADING
    return found.step in (Step.PLANNED, Step.FIELDWORK) and found.speaks_for_inspected(person) is not None


def _sources(request: HttpRequest, found: Inspection, person: Person) -> dict[str, Interview | DocumentRequest | Evidence]:
    """What a grade may rest on: talks that were held are the inspectors' alone."""
    sources: dict[str, Interview | DocumentRequest | Evidence] = {}
    if found.place_of(person):
        held = Interview.objects.visible_to(request.user).filter(inspection=found, held_on__isnull=False)
        sources |= {f"interview-{each.pk}": each for each in held}
    given = DocumentRequest.objects.visible_to(request.user).filter(inspection=found, answered_on__isnull=False)
    sources |= {f"request-{each.pk}": each for each in given}
    if found.review_id is not None:
        evidence = Evidence.objects.visible_to(request.user).standing().filter(review=found.review_id)
        sources |= {f"evidence-{each.pk}": each for each in evidence}
    return sources


def _next_without_grade(found: Inspection, person: Person, key: str) -> str:
    """The criterion after this one that the person's side has not graded; "" where all are."""
    mine = set(Assessment.objects.filter(inspection=found, by=person).values_list("criterion", flat=True))
    keys = [criterion.key for _, _, criterion in found.frame.criteria()]
    place = keys.index(key)
    return next((each for each in [*keys[place + 1 :], *keys[:place]] if each not in mine), "")
