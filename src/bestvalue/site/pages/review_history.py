"""The whole history of a review: everything that happened in it, filtered, a page at a time, and as a file."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.review_history import PARTS, WORDS, Asked, Thing, counts_by_actor, events_in, keys_of, things_of
from bestvalue.record.reviews.models import Marking, Review
from bestvalue.record.timeline import changes_of
from bestvalue.site.confirming import check_may_take
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.downloads import text_download
from bestvalue.site.presenters.review_history import Line, line_of
from bestvalue.site.presenters.spreadsheet import as_csv

EVENTS_A_PAGE, EVENTS_AT_ONCE = 50, 1000
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
HEADER = ("When", "Who", "What was done", "Kind", "About", "What changed", "Marking")
ADDRESSES: Mapping[str, str] = {
    "evidence": "evidence",
    "finding": "finding",
    "challenge": "challenge",
    "decision": "review_decision",
    "meeting": "meeting",
    "arising": "arising",
    "recommendation": "recommendation",
    "action": "action",
    "published": "published",
}
"""Kinds with a page for each row."""
LISTS: Mapping[str, str] = {
    "review": "review",
    "aim": "review_aims",
    "strand": "review_aims",
    "question": "review_options",
    "option": "review_options",
    "heard": "review_consultation",
    "survey": "review_consultation",
}
"""Kinds that stand together on a page of their review."""


def whole_history(request: HttpRequest, review: Review, context: Mapping[str, Any]) -> HttpResponse:
    """Whoever reads a review asks "what happened in it, who did it, and when?"; they narrow it, follow a line, or take it as a file.

    Args:
        request: names the filters and the page.
        review: that its reader sees.
        context: what the page of any history shows: what the review itself says, or said on a day.
    """
    asked = asked_by(request.GET)
    counts = counts_by_actor(review, user=request.user, asked=asked)
    chosen = f"person {asked.person}"
    paginator: Paginator[AuditEvent] = Paginator(events_in(review, user=request.user, asked=asked), EVENTS_A_PAGE)
    paginator.count = sum(counts.values()) if asked.person is None else counts.get(chosen, 0)  # counted already, with who made them
    page = paginator.get_page(request.GET.get("page"))
    events = list(page)
    people = _people(counts, events)
    lines = _lines(review, events, user=request.user, people=people)
    query = _query(request.GET)
    writers = sorted((name, key) for key, name in people.items() if f"person {key}" in counts)
    more = {
        "page": page,
        "lines": lines,
        "asked": asked,
        "kinds": [(word, part.label) for word, part in PARTS.items()],
        "writers": [(key, name) for name, key in writers],
        "query": f"{query}&" if query else "",
        "file": f"{reverse('review_history_file', args=[review.pk])}?{query}",
        "marking": _highest(line.thing for line in lines),
    }
    return render(request, "history/review.html", {**context, **more})


@require_safe
def review_history_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever works on with the history of a review takes it away as CSV: every entry that fits the filters, not one page of them."""
    person_behind(request)
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    asked = asked_by(request.GET)
    events = list(events_in(review, user=request.user, asked=asked))
    people = _people({event.actor: 1 for event in events}, events)
    lines: list[Line] = []
    for first in range(0, len(events), EVENTS_AT_ONCE):
        lines += _lines(review, events[first : first + EVENTS_AT_ONCE], user=request.user, people=people)
    rows = [
        (timezone.localtime(line.at), line.who, line.what, line.kind, line.thing.name, line.in_one, _marking(line.thing)) for line in lines
    ]
    marking = _highest(line.thing for line in lines)
    check_may_take(request, marking)
    return text_download(as_csv(HEADER, rows), name=f"history-of-review-{review.pk}-{timezone.localdate():%Y-%m-%d}-{marking}.csv")


def asked_by(said: QueryDict) -> Asked:
    """What an address asks for; what is no kind, person or day narrows nothing."""
    word, person = said.get("kind", ""), said.get("by", "")
    return Asked(
        word=word if word in PARTS else "",
        person=int(person) if person.isascii() and person.isdigit() and len(person) < len(str(2**63)) else None,
        since=_day(said.get("since", "")),
        until=_day(said.get("until", "")),
    )


def lines_of(review: Review, events: Iterable[AuditEvent], *, user: Any) -> list[Line]:
    """Entries in words, as far as somebody sees what they are about."""
    found = list(events)
    return _lines(review, found, user=user, people=_people({}, found))


def _lines(review: Review, events: list[AuditEvent], *, user: Any, people: Mapping[int, str]) -> list[Line]:
    things = things_of(review, keys_of(events), user=user)
    bodies = {key for event in events for key in _related(event, Body)}
    names = {"bodies.Person": people, "bodies.Body": {row.pk: row.name for row in Body.objects.filter(pk__in=bodies)} if bodies else {}}
    return [line_of(event, things, names, address=_address(review, event)) for event in events if _of(event) in things]


def _of(event: AuditEvent) -> tuple[str, int]:
    return WORDS[event.object_kind], int(event.object_id)


def _address(review: Review, event: AuditEvent) -> str:
    word, key = _of(event)
    return reverse(ADDRESSES[word], args=[key]) if word in ADDRESSES else reverse(LISTS[word], args=[review.pk])


def _people(counts: Mapping[str, int], events: Iterable[AuditEvent]) -> dict[int, str]:
    """The names of whoever made some entries, and of those whom a change of them names."""
    # Whoever answers a survey acts as a person without a name, and so without a key.
    acted = (actor.removeprefix("person ") for actor in counts if actor.startswith("person "))
    keys = {int(key) for key in acted if key.isdecimal()}
    keys |= {key for event in events for key in _related(event, Person)}
    return dict(Person.objects.filter(pk__in=keys).values_list("pk", "name"))


def _related(event: AuditEvent, model: type[Any]) -> set[int]:
    """The keys of rows of a model that a change of fields names."""
    found: dict[type[Any], set[int]] = defaultdict(set)
    fields = PARTS[WORDS[event.object_kind]].model._meta
    for name, change in changes_of(event).items():
        related = fields.get_field(name).related_model
        if related is model and "from" in change:
            found[model] |= {value for value in (change["from"], change["to"]) if isinstance(value, int)}
    return found[model]


def _query(said: QueryDict) -> str:
    kept = said.copy()
    kept.pop("page", None)
    return kept.urlencode()


def _marking(thing: Thing) -> str:
    return (Marking.SENSITIVE if thing.is_sensitive else Marking.OFFICIAL).value


def _highest(things: Iterable[Thing]) -> str:
    return (Marking.SENSITIVE if any(thing.is_sensitive for thing in things) else Marking.OFFICIAL).value


def _day(said: str) -> date | None:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None
