"""The history of anything: who changed what and when, from what to what; and what it said on any day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.models import COSTING
from bestvalue.record.discussion.things import KINDS
from bestvalue.record.meetings.models import ActionArising, Meeting
from bestvalue.record.programme.models import CandidateService, Programme
from bestvalue.record.reviews.models import Aim, Decision, Review, Strand
from bestvalue.record.scrutiny.models import Challenge, Option
from bestvalue.record.timeline import history_of, state_at
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.as_at import day_asked
from bestvalue.site.pages.review_history import whole_history
from bestvalue.site.pages.things import address_of, marking_of, note_reading
from bestvalue.site.presenters.history import event_line

State = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Tracked:
    """A kind of record with a history.

    Args:
        label: what it is called.
        seen_by: the rows that a user sees.
        fields: what is told of it as at a day, from its own history.
        series: what is told of it from rows that are only ever added; None on a day before it was there.
    """

    label: str
    seen_by: Callable[[Any], Any]
    fields: tuple[str, ...] = ()
    series: Callable[[Any, date], State | None] | None = None


@require_safe
def history(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Anyone who sees a thing asks "who changed it, and what did it say on that day?"; ?as_at=2026-03-01 names the day."""
    person = person_behind(request)
    tracked = TRACKED.get(kind)
    if tracked is None:
        raise Http404("nothing of that kind has a history")
    thing = get_object_or_404(tracked.seen_by(request.user), pk=pk)
    note_reading(thing, by=person)
    on = day_asked(request)
    state = state_of(thing, tracked, on=on)
    context: dict[str, Any] = {
        "breadcrumbs": [(tracked.label, address_of(kind, thing))],
        "marking": marking_of(thing),
        "thing": thing,
        "label": tracked.label,
        "on": on,
        "is_today": on == timezone.localdate(),
        "today": reverse("history", args=[kind, pk]),
        "state": state,
        "has_state": bool(tracked.fields or tracked.series),
    }
    if isinstance(thing, Review):
        return whole_history(request, thing, context)
    context["events"] = [event_line(event) for event in history_of(thing, user=request.user)]
    return render(request, "history/history.html", context)


def state_of(thing: Model, tracked: Tracked, *, on: date) -> State | None:
    """What a thing said at the end of a day; None on a day before it was in the record."""
    own = state_at(thing, on=on, fields=tracked.fields) if tracked.fields else ()
    added = tracked.series(thing, on) if tracked.series else ()
    return None if own is None or added is None else (*own, *added)


def _stage_of(review: Review, on: date) -> State:
    stages = [stage for stage in review.stages.order_by("on", "pk") if stage.on <= on]
    return (("Stage", stages[-1].get_stage_display()),) if stages else ()


def _challenge(challenge: Challenge, on: date) -> State | None:
    if challenge.raised_on > on:
        return None
    steps = [step for step in challenge.steps.select_related("by") if step.on <= on]
    stands = steps[-1].get_step_display() if steps else "Not answered"
    said = [(f"{step.get_step_display()}, {step.on.day} {step.on:%B %Y}", step.text or "nothing added") for step in steps]
    return (("Challenge", challenge.text), ("Stands", stands), *said)


def _option(option: Option, on: date) -> State | None:
    if option.added_on > on:
        return None
    decisions = [row for row in option.decisions.select_related("body") if row.on <= on]
    became = [(f"{row.get_verdict_display()} by {row.body}, {row.on.day} {row.on:%B %Y}", row.reason) for row in decisions]
    stands = decisions[-1].get_verdict_display() if decisions else "Open"
    return (("Option", option.text), ("Cost", option.cost), ("Effect", option.effect), ("Stands", stands), *became)


def _arising(action: ActionArising, on: date) -> State | None:
    if action.meeting.on > on:
        return None
    steps = [step for step in action.steps.all() if step.on <= on]
    days = [step.due for step in steps if step.due]
    due = days[-1] if days else action.first_due
    stands = steps[-1].get_step_display() if steps else "Open"
    return (("What", action.what), ("By when", f"{due.day} {due:%B %Y}"), ("Stands", stands))


def _meeting(meeting: Meeting, on: date) -> State:  # noqa: ARG001 - a meeting is told as a whole
    stands = "Called off" if meeting.called_off else "Held" if meeting.is_held else "Not held yet"
    return (("Day", f"{meeting.on.day} {meeting.on:%B %Y}"), ("Stands", stands))


def _of_reviews(model: type[Any]) -> Callable[[Any], Any]:
    return lambda user: model.objects.filter(review__in=Review.objects.visible_to(user))


def _thing(word: str, **told: Any) -> Tracked:
    return Tracked(label=KINDS[word].label, seen_by=KINDS[word].seen_by, **told)


WITHDRAWN = ("withdrawn_on", "withdrawn_because")
_AIM: Sequence[str] = ("text", "measure", "unit", "baseline", "target", "direction", "due", "withdrawn_on", "withdrawn_because")
TRACKED: Mapping[str, Tracked] = {
    "review": _thing("review", fields=("title", "service", "summary", "context", "method"), series=_stage_of),
    "finding": _thing("finding", fields=("text", "tone", *WITHDRAWN)),
    "evidence": _thing(
        "evidence", fields=("title", "kind", "four_cs", "effective_date", "marking", "notes", "file_name", "file_sha256", *WITHDRAWN)
    ),
    "recommendation": _thing("recommendation", fields=("text", "addressed_body", *COSTING)),
    "action": _thing("action", fields=("what", "why", "how", "target", "lead", "original_date")),
    "option": _thing("option", series=_option),
    "challenge": _thing("challenge", series=_challenge),
    "meeting": _thing("meeting", series=_meeting),
    "arising": _thing("arising", series=_arising),
    "aim": Tracked(label="Aim", seen_by=lambda user: Aim.objects.visible_to(user), fields=tuple(_AIM)),
    "strand": Tracked(label="Strand", seen_by=_of_reviews(Strand), fields=("name", "question", "withdrawn_on", "withdrawn_because")),
    "decision": Tracked(
        label="Decision",
        seen_by=lambda user: Decision.objects.visible_to(user).select_related("body"),
        fields=("gate", "due", "outcome", "taken_on", "minute", "reason"),
    ),
    "programme": Tracked(
        label="Programme", seen_by=lambda user: Programme.objects.visible_to(user), fields=("title", "year", "reviews_a_year")
    ),
    "service": Tracked(
        label="Candidate service", seen_by=lambda user: CandidateService.objects.visible_to(user), fields=("service", "force", "case")
    ),
    "body": Tracked(label="Body", seen_by=lambda user: Body.objects.all(), fields=("name", "short_name", "kind", "parent")),  # noqa: ARG005
    "person": Tracked(label="Person", seen_by=lambda user: Person.objects.visible_to(user), fields=("name", "email")),
}
"""Every kind of record that has a history, by its word in the address. What delivery keeps as series of dates has its own `as_at`."""
