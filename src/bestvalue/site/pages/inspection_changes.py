"""Doing something in an inspection: one page for each thing that can be done, all built alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bestvalue.record.assessment import changes
from bestvalue.record.assessment.models import DocumentRequest, Inspection, Interview, Override
from bestvalue.record.assessment.report import publish_report
from bestvalue.record.bodies.models import Person
from bestvalue.record.reviews.models import Evidence
from bestvalue.site.confirming import check_confirmed
from bestvalue.site.forms import assessment as forms
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.form_page import FormPage, answer_form
from bestvalue.site.pages.inspections import crumbs_of, seen


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that can be done.

    Args:
        title: heading of the page, and words on its button.
        form: its questions.
        make: what makes it so in the record.
        done: what the page says when it is done.
        lead: what to know first.
        warning: what cannot be undone.
    """

    title: str
    form: type[forms.OfInspection]
    make: Callable[[Inspection, Mapping[str, Any], Person], object]
    done: str
    lead: str = ""
    warning: str = ""


def _nothing_further(inspection: Inspection, said: Mapping[str, Any], by: Person) -> object:  # noqa: ARG001 - nothing is asked
    return changes.say_nothing_further(inspection.drafts.latest("pk"), by=by)


CHANGES: Mapping[str, Change] = {
    "fieldwork": Change(
        title="Start the fieldwork",
        form=forms.NothingForm,
        make=lambda about, _, by: changes.start_fieldwork(about, by=by),
        done="Fieldwork has begun",
        lead="From now on the inspectors grade, each without seeing the other.",
    ),
    "appoint": Change(
        title="Appoint an inspector",
        form=forms.AppointForm,
        make=lambda about, said, by: changes.appoint(about, by=by, **said),
        done="The inspector is appointed",
    ),
    "request": Change(
        title="Ask for a document",
        form=forms.RequestForm,
        make=lambda about, said, by: changes.ask_for_document(about, by=by, **said),
        done="The request is on record",
    ),
    "interview": Change(
        title="Plan an interview",
        form=forms.InterviewForm,
        make=lambda about, said, by: changes.plan_interview(about, by=by, **said),
        done="The interview is on the schedule",
        lead="Only the inspectors see the schedule and the notes.",
    ),
    "share": Change(
        title="Share the grades",
        form=forms.NothingForm,
        make=lambda about, _, by: changes.share_grades(about, by=by),
        done="The grades are shared among the inspectors",
        lead="Look at how far the two inspectors agree first: it is on the page about moderation.",
        warning="After this nobody grades blind.",
    ),
    "override": Change(
        title="Override a grade",
        form=forms.OverrideForm,
        make=lambda about, said, by: changes.override(about, by=by, **said),
        done="The override waits for another inspector",
    ),
    "start-report": Change(
        title="Start the report",
        form=forms.NothingForm,
        make=lambda about, _, by: changes.start_report(about, by=by),
        done="The report is laid out",
        lead="Each question and judgement begins with its grade and the reasons that were given. Write on from there.",
    ),
    "send": Change(
        title="Send the draft to both bodies",
        form=forms.SendForm,
        make=lambda about, said, by: changes.send_draft(about, by=by, **said),
        done="Both bodies have the draft",
        warning="From now on both bodies see the grades, and a change of the text needs its reason.",
    ),
    "nothing-further": Change(
        title="Say that we have nothing further",
        form=forms.NothingForm,
        make=_nothing_further,
        done="It is on record that your body has nothing further",
        warning="After this your body cannot comment on this draft.",
    ),
    "propose": Change(
        title="Propose to publish",
        form=forms.NothingForm,
        make=lambda about, _, by: changes.propose_publication(about, by=by),
        done="Another inspector can publish it now",
    ),
    "publish": Change(
        title="Publish",
        form=forms.NothingForm,
        make=lambda about, _, by: publish_report(about, by=by),
        done="The report is published",
        lead="You say that you have read the report as it stands.",
        warning="The text is locked, and the time for answers to its recommendations begins.",
    ),
    "withdraw": Change(
        title="Withdraw the inspection",
        form=forms.ReasonForm,
        make=lambda about, said, by: changes.withdraw(about, by=by, **said),
        done="The inspection is withdrawn",
        warning="It cannot be taken up again.",
    ),
}


@require_http_methods(["GET", "POST"])
def inspection_change(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Do one thing. The rule answers whoever may not."""
    person = person_behind(request)
    found = seen(request, pk)
    if name not in CHANGES:
        raise Http404(name)
    change = CHANGES[name]

    def save(**said: Any) -> tuple[str, str]:
        if name in ("propose", "publish"):
            check_confirmed(request)
        change.make(found, said, person)
        return change.done, reverse("inspection", args=[found.pk])

    form = change.form(request.POST if request.method == "POST" else None, inspection=found)
    page = FormPage(
        heading=change.title,
        button=change.title,
        breadcrumbs=crumbs_of(found),
        caption=found.title,
        lead=(change.lead,) if change.lead else (),
        warning=change.warning,
    )
    return answer_form(request, form, page=page, save=save)


@require_http_methods(["GET", "POST"])
def inspection_request(request: HttpRequest, pk: int) -> HttpResponse:
    """The inspected body gives a document that was asked for."""
    person = person_behind(request)
    asked = get_object_or_404(DocumentRequest.objects.visible_to(request.user).select_related("inspection", "asked_of"), pk=pk)

    def save(**said: Any) -> tuple[str, str]:
        changes.answer_request(asked, by=person, **said)
        return f"{asked.reference} is answered", reverse("inspection", args=[asked.inspection_id])

    form = forms.AnswerRequestForm(request.POST or None, request=asked, seen=Evidence.objects.visible_to(request.user).standing())
    page = FormPage(
        heading="Give a document",
        button="Give the answer",
        breadcrumbs=crumbs_of(asked.inspection),
        caption=str(asked),
        lead=(f"Asked of {asked.asked_of}, by {asked.due.day} {asked.due:%B %Y}.",),
    )
    return answer_form(request, form, page=page, save=save)


@require_http_methods(["GET", "POST"])
def inspection_interview(request: HttpRequest, pk: int) -> HttpResponse:
    """An inspector records what was said."""
    person = person_behind(request)
    planned = get_object_or_404(Interview.objects.visible_to(request.user).select_related("inspection"), pk=pk)

    def save(**said: Any) -> tuple[str, str]:
        changes.record_interview(planned, by=person, **said)
        return f"{planned.reference} is recorded", reverse("inspection", args=[planned.inspection_id])

    form = forms.RecordInterviewForm(request.POST or None, initial={"held_on": planned.planned_for})
    page = FormPage(
        heading="Record an interview",
        button="Keep the notes",
        breadcrumbs=crumbs_of(planned.inspection),
        caption=f"{planned.reference} with {planned.whom}",
        marking=planned.marking,
        lead=("The report says “someone who was interviewed”.",) if planned.protected else (),
    )
    return answer_form(request, form, page=page, save=save)


@require_http_methods(["GET", "POST"])
def inspection_override(request: HttpRequest, pk: int) -> HttpResponse:
    """A second inspector confirms another grade than the rule's."""
    person = person_behind(request)
    made = get_object_or_404(Override.objects.select_related("inspection", "by"), pk=pk)
    found = seen(request, made.inspection_id)
    if found.place_of(person) is None:
        raise Http404("no such override")

    def save() -> tuple[str, str]:
        changes.confirm_override(made, by=person)
        return "The override counts", reverse("inspection", args=[found.pk])

    place = found.frame.place_of(made.key)
    page = FormPage(
        heading="Confirm an override",
        button="Confirm it",
        breadcrumbs=crumbs_of(found),
        caption=place[1] if place else made.key,
        lead=(f"{made.by} proposes “{made.grade}”: {made.reason}",),
        warning="The grade that the rule proposes no longer counts.",
    )
    return answer_form(
        request, forms.NothingForm(request.POST if request.method == "POST" else None, inspection=found), page=page, save=save
    )
