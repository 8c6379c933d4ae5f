"""Meetings of a body: which there were, and one of them with its agenda, minutes, attendance and what arose."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bestvalue.record.bodies.models import Body
from bestvalue.record.meetings.models import ActionArising, AgendaItem, Meeting, Minute, Presence, Was, keeps_meetings_of
from bestvalue.record.reviews.changes import note_exported, note_read
from bestvalue.record.reviews.models import Marking, highest
from bestvalue.site.confirming import check_may_take
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.downloads import text_download
from bestvalue.site.presenters.decisions import DUE
from bestvalue.site.presenters.meetings import ArisingLine, MeetingLine, arising_tag, meeting_tag
from bestvalue.site.presenters.spreadsheet import as_csv
from bestvalue.site.presenters.tags import OUTCOME

HEADER = ("Meeting", "Day", "Place", "State", "Items", "Present", "Marking")


@require_safe
def body_meetings(request: HttpRequest, pk: int) -> HttpResponse:
    """A member asks "when did we meet, and what is to come?", and opens a meeting or calls one; ?form=csv gives the list as a file."""
    person = person_behind(request)
    body = get_object_or_404(Body, pk=pk)
    today = timezone.localdate()
    found = list(Meeting.objects.visible_to(request.user).filter(body=body).newest_first())
    lines = [
        MeetingLine(
            on=row.on,
            place=row.place,
            items=row.items_count,
            present=row.present,
            tag=meeting_tag(on=row.on, is_held=row.is_held, is_off=bool(row.called_off), today=today),
            address=reverse("meeting", args=[row.pk]),
            marking=row.full_marking,
            is_sensitive=row.is_sensitive,
        )
        for row in found
    ]
    state = request.GET.get("state", "")
    shown = [line for line in lines if not state or line.tag.words == state]
    marking = (Marking.SENSITIVE if any(line.is_sensitive for line in shown) else Marking.OFFICIAL).value
    if request.GET.get("form") == "csv":
        check_may_take(request, marking)
        note_exported((row for row, line in zip(found, lines, strict=True) if line in shown), by=person, what=f"Meetings of {body}")
        rows = [(body.name, line.on.isoformat(), line.place, line.tag.words, line.items, line.present, line.marking) for line in shown]
        return text_download(as_csv(HEADER, rows), name=f"meetings-{body.pk}-{marking}.csv")
    context = {
        "breadcrumbs": _crumbs(body),
        "marking": marking,
        "body": body,
        "lines": shown,
        "states": sorted({line.tag.words for line in lines}),
        "state": state,
        "may_keep": keeps_meetings_of(body, person),
    }
    return render(request, "meetings/meetings.html", context)


@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """A member asks "what is before us, and what did we say?": what is left from earlier, the agenda with its minutes, who was there."""
    person = person_behind(request)
    found = get_object_or_404(Meeting.objects.visible_to(request.user).select_related("body", "recorded_by", "group"), pk=pk)
    note_read(found, by=person)
    today = timezone.localdate()
    items = AgendaItem.objects.visible_to(request.user).filter(meeting=found)
    items = items.select_related("review", "decision__review", "recommendation")
    items = items.prefetch_related(Prefetch("minutes", Minute.objects.select_related("by")))
    before = ActionArising.objects.visible_to(request.user).before(found)
    actions = list(before.select_related("who", "meeting").prefetch_related("steps"))
    presences = list(found.presences.all())
    may_keep = not found.called_off and found.is_kept_by(person)
    return render(
        request,
        "meetings/meeting.html",
        {
            "breadcrumbs": [*_crumbs(found.body), ("Meetings", reverse("body_meetings", args=[found.body_id]))],
            "marking": highest([found, *(action.meeting for action in actions)]),
            "meeting": found,
            "tag": meeting_tag(on=found.on, is_held=found.is_held, is_off=bool(found.called_off), today=today),
            "items": [
                (
                    item,
                    *_about(item),
                    (OUTCOME[item.decision.outcome] if item.decision.outcome else DUE) if item.decision else None,
                    may_keep and found.is_held and item.decision is not None and not item.decision.is_taken,
                )
                for item in items
            ],
            "presences": [(Was(was).label, [row for row in presences if row.was == was]) for was in Was if _any(presences, was)],
            "earlier": [arising_line(action, elsewhere=True) for action in actions if action.meeting_id != found.pk],
            "arisen": [arising_line(action) for action in actions if action.meeting_id == found.pk],
            "may_keep": may_keep,
            "may_attend": may_keep and not found.is_held and found.on <= today,
        },
    )


def arising_line(action: ActionArising, *, elsewhere: bool = False) -> ArisingLine:
    """An action arising with its meeting, person and steps in memory; elsewhere than at its own meeting without what is sensitive."""
    newest = action.newest
    is_told = not (elsewhere and action.meeting.is_sensitive)
    return ArisingLine(
        reference=action.reference,
        what=action.what if is_told else f"{action.meeting.full_marking}: open it to read",
        who=action.who.name,
        due=action.due,
        carried=action.times_carried,
        tag=arising_tag(became=newest.step if newest else "", due=action.due, today=timezone.localdate()),
        newest=newest.note if newest and is_told else "",
        address=reverse("arising", args=[action.pk]),
    )


def _about(item: AgendaItem) -> tuple[str, str]:
    """What an item is about in words, and where that is."""
    if item.decision is not None:
        words = f"Whether to {item.decision.get_gate_display()}: {item.decision.review.title}"
        return words, reverse("review_decision", args=[item.decision_id])
    if item.review is not None:
        return item.review.title, reverse("review", args=[item.review_id])
    if item.recommendation is not None:
        return item.recommendation.reference, reverse("recommendation", args=[item.recommendation_id])
    return "", ""


def _any(presences: list[Presence], was: Was) -> bool:
    return any(row.was == was for row in presences)


def _crumbs(body: Body) -> list[tuple[str, str]]:
    return [("Who is who", reverse("bodies")), (body.name, reverse("body", args=[body.pk]))]
