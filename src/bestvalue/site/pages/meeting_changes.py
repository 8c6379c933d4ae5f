"""Keeping a meeting: calling it, its agenda, who was there, minutes, decisions, and the actions that arise."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.meetings import changes
from bestvalue.record.meetings.models import ActionArising, AgendaItem, Meeting, check_keeps_meetings_of, groups_before
from bestvalue.record.reviews.changes import note_read
from bestvalue.record.reviews.models import groups_of
from bestvalue.site.forms import meetings as forms
from bestvalue.site.forms.markings import MarkForm
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.form_page import FormPage, answer_form
from bestvalue.site.pages.meetings import arising_line
from bestvalue.site.presenters.meetings import BECAME

Save = Callable[..., tuple[str, str]]
STAYS = "What is recorded stays, and cannot be changed afterwards."


@require_http_methods(["GET", "POST"])
def meeting_call(request: HttpRequest, pk: int) -> HttpResponse:
    """A member wants the body to meet, or to record that it met; next they put things on the agenda."""
    person = person_behind(request)
    body = get_object_or_404(Body, pk=pk)
    check_keeps_meetings_of(body, by=person)
    page = FormPage(heading="Call a meeting", button="Call the meeting", caption=body.name, breadcrumbs=_crumbs_of_body(body))

    def save(**said: Any) -> tuple[str, str]:
        called = changes.call_meeting(body, by=person, **said)
        return f"The meeting of {called.on.day} {called.on:%B %Y} is in the list", reverse("meeting", args=[called.pk])

    groups = groups_before(body).filter(pk__in=groups_of(person))
    return answer_form(request, forms.MeetingForm(request.POST or None, groups=groups), page=page, save=save)


@require_http_methods(["GET", "POST"])
def meeting_step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A member keeps the record of a meeting: its agenda, its attendance, an action, or that it does not take place."""
    person = person_behind(request)
    found = get_object_or_404(Meeting.objects.visible_to(request.user).select_related("body", "group"), pk=pk)
    if name not in STEPS:
        raise Http404(name)
    found.check_kept(by=person)
    heading, button, warning, make = STEPS[name]
    page = FormPage(heading=heading, button=button, caption=str(found), breadcrumbs=_crumbs(found), warning=warning, marking=found.marking)
    form, save = make(request, found, person)
    return answer_form(request, form, page=page, save=save)


@require_http_methods(["GET", "POST"])
def meeting_item_step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A member minutes an item, or records what was decided about it; then the next item."""
    person = person_behind(request)
    seen = AgendaItem.objects.visible_to(request.user).select_related(
        "meeting__body", "meeting__group", "decision__review", "decision__body"
    )
    item = get_object_or_404(seen, pk=pk)
    item.meeting.check_kept(by=person)
    address = reverse("meeting", args=[item.meeting_id])
    if name == "minute":
        item.meeting.check_held()
        newest = item.minutes.order_by("-pk").first()
        note_read(item.meeting, by=person)
        page = FormPage(
            heading=f"Minute item {item.number}",
            button="Record the minute",
            caption=item.text,
            breadcrumbs=_crumbs(item.meeting),
            marking=item.meeting.marking,
            lead=("A minute that is corrected stays in the record beside the new one.",) if newest else (),
        )
        form: django_forms.Form = forms.MinuteForm(
            request.POST or None, initial={"text": newest.text, "read": newest.pk} if newest else {"read": 0}
        )

        def save(**said: Any) -> tuple[str, str]:
            changes.minute_item(item, by=person, **said)
            return f"Item {item.number} is minuted", address
    elif name == "decide":
        decision = item.check_decidable_here()
        decision.check_open_to(person)
        page = FormPage(
            heading=f"Record the decision of {item.meeting.body.name}",
            button="Record the decision",
            caption=f"Whether to {decision.get_gate_display()}: {decision.review.title}",
            breadcrumbs=_crumbs(item.meeting),
            marking=item.meeting.marking,
            lead=("Day, minute, attendance and declared interests are those of the meeting.",),
            warning=f"{person.name} records this for {item.meeting.body.name}. A decision cannot be changed afterwards.",
        )
        form = forms.DecideForm(request.POST or None)

        def save(**said: Any) -> tuple[str, str]:
            changes.decide_item(item, by=person, **said)
            return "The decision is recorded", address
    else:
        raise Http404(name)
    return answer_form(request, form, page=page, save=save)


@require_safe
def arising(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever is to do it asks "what exactly, by when, what was said of it?", and reports what became of it."""
    person = person_behind(request)
    found = _arising(request, pk)
    note_read(found.meeting, by=person)
    context = {
        "breadcrumbs": _crumbs(found.meeting),
        "marking": found.meeting.marking,
        "action": found,
        "line": arising_line(found),
        "steps": [(BECAME[step.step], step) for step in found.steps.all()],
        "may_report": found.is_open and found.may_be_reported_by(person),
        "sees_meeting": Meeting.objects.visible_to(request.user).filter(pk=found.meeting_id).exists(),
    }
    return render(request, "meetings/arising.html", context)


@require_http_methods(["GET", "POST"])
def arising_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever is to do it says that it is done, carried over or dropped."""
    person = person_behind(request)
    found = _arising(request, pk)
    found.check_open_to(person)
    note_read(found.meeting, by=person)
    address = reverse("arising", args=[found.pk])
    page = FormPage(
        heading="Say what became of it",
        button="Record it",
        caption=str(found),
        breadcrumbs=[*_crumbs(found.meeting), (f"Action {found.reference}", address)],
        marking=found.meeting.marking,
        warning=STAYS,
    )

    def save(**said: Any) -> tuple[str, str]:
        changes.report_on_action(found, by=person, **said)
        return f"Action {found.reference}: {said['step'].label.lower()}", address

    return answer_form(request, forms.ReportForm(request.POST or None, initial={"on": timezone.localdate()}), page=page, save=save)


def _arising(request: HttpRequest, pk: int) -> ActionArising:
    seen = ActionArising.objects.visible_to(request.user).select_related("meeting__body", "meeting__group", "who", "item")
    return get_object_or_404(seen.prefetch_related("steps__by"), pk=pk)


def _item(request: HttpRequest, found: Meeting, person: Person) -> tuple[django_forms.Form, Save]:
    def save(**said: Any) -> tuple[str, str]:
        added = changes.add_item(found, by=person, **said)
        return f"Item {added.number} is on the agenda", reverse("meeting", args=[found.pk])

    return forms.ItemForm(request.POST or None, meeting=found, user=request.user), save


def _attendance(request: HttpRequest, found: Meeting, person: Person) -> tuple[django_forms.Form, Save]:
    def save(**said: Any) -> tuple[str, str]:
        changes.record_attendance(found, by=person, **said)
        return "It is on record who was there", reverse("meeting", args=[found.pk])

    return forms.AttendanceForm(request.POST or None, members=found.members()), save


def _action(request: HttpRequest, found: Meeting, person: Person) -> tuple[django_forms.Form, Save]:
    found.check_held()

    def save(**said: Any) -> tuple[str, str]:
        added = changes.add_action_arising(found, by=person, **said)
        return f"Action {added.reference} is in the list of {added.who}", reverse("meeting", args=[found.pk])

    return forms.ArisingForm(request.POST or None, meeting=found), save


def _call_off(request: HttpRequest, found: Meeting, person: Person) -> tuple[django_forms.Form, Save]:
    def save(**said: Any) -> tuple[str, str]:
        changes.call_off(found, by=person, **said)
        return "The meeting is called off", reverse("meeting", args=[found.pk])

    return forms.CallOffForm(request.POST or None), save


def _mark(request: HttpRequest, found: Meeting, person: Person) -> tuple[django_forms.Form, Save]:
    def save(**said: Any) -> tuple[str, str]:
        marked = changes.mark_meeting(found, by=person, **said)
        return f"The meeting is marked {marked.full_marking}", reverse("meeting", args=[found.pk])

    groups = groups_before(found.body).filter(pk__in=groups_of(person))
    return MarkForm(request.POST or None, row=found, groups=groups), save


STEPS: dict[str, tuple[str, str, str, Callable[[HttpRequest, Meeting, Person], tuple[django_forms.Form, Save]]]] = {
    "item": ("Put something on the agenda", "Put it on the agenda", "", _item),
    "attendance": ("Record who was there", "Record the attendance", STAYS, _attendance),
    "action": ("Add an action arising", "Add the action", "", _action),
    "mark": ("Mark the meeting", "Mark it", "A sensitive meeting is found and read by the people of its group alone.", _mark),
    "call-off": ("Call the meeting off", "Call it off", "A meeting that is called off stays in the list with its reason.", _call_off),
}
"""What a member can do with a meeting, by its name in the address: heading, button, warning, and the form with its change."""


def _crumbs_of_body(body: Body) -> list[tuple[str, str]]:
    return [
        ("Who is who", reverse("bodies")),
        (body.name, reverse("body", args=[body.pk])),
        ("Meetings", reverse("body_meetings", args=[body.pk])),
    ]


def _crumbs(found: Meeting) -> list[tuple[str, str]]:
    return [*_crumbs_of_body(found.body), (f"{found.on.day} {found.on:%B %Y}", reverse("meeting", args=[found.pk]))]
