"""Entries of the ledger as lines that lead to what was changed, for whoever may see it: one question, however many kinds of things."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.urls import reverse

from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.inspections.models import PublishedReport
from bestvalue.record.jobs.models import Job
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.meetings.models import Meeting
from bestvalue.record.programme.models import CandidateService, Programme
from bestvalue.record.reviews.life_cycle import Gate
from bestvalue.record.reviews.models import Aim, Decision, Evidence, Finding, ProposedVersion, PublishedVersion, Review
from bestvalue.record.scrutiny.models import Challenge
from bestvalue.site.presenters.changes import ChangeLine, change_line

MOST_PARTS = 3
"""Of a name: every kind gives as many columns, so that all are asked for at once."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A kind of thing that has a page.

    Args:
        model: its rows; `visible_to` says which of them somebody sees.
        parts: the fields that its name is made of, at most three.
        name: its name from these, as text.
        page: the name of its page.
        at: the field that the page's address takes.
    """

    model: Any
    parts: tuple[str, ...]
    name: Callable[..., str]
    page: str
    at: str = "pk"

    def asks(self, kind: str, keys: Iterable[str], user: Any) -> QuerySet[Any, Any]:
        """Kind, key, address and name of those that a user sees, as every kind gives them."""
        columns: dict[str, Any] = {"place_kind": Value(kind), "place_key": F("pk"), "place_at": F(self.at)}
        for at in range(MOST_PARTS):
            columns[f"place_part_{at}"] = F(self.parts[at]) if at < len(self.parts) else Value("")
        kept: dict[str, Any] = {
            name: Cast(part, output_field=IntegerField() if name == "place_key" else TextField()) for name, part in columns.items()
        }
        seen: QuerySet[Any] = self.model.objects.visible_to(user).filter(pk__in=list(keys)).order_by()
        named: QuerySet[Any, Any] = seen.annotate(**kept).values_list(*kept)
        return named


def _same(words: str) -> str:
    return words


def _report(title: str, published: str, precision: str) -> str:
    return str(PublishedReport(title=title, published=date.fromisoformat(published) if published else None, published_precision=precision))


def _meeting(body: str, on: str) -> str:
    day = date.fromisoformat(on)
    return f"{body}, {day.day} {day:%B %Y}"


PLACES: Mapping[str, Place] = {
    "reviews.review": Place(model=Review, parts=("title",), name=_same, page="review"),
    "reviews.evidence": Place(model=Evidence, parts=("number", "title"), name="E{} {}".format, page="evidence"),
    "reviews.finding": Place(model=Finding, parts=("strand__number", "number", "text"), name="{}.{} {}".format, page="finding"),
    "reviews.publishedversion": Place(
        model=PublishedVersion, parts=("review__title", "number"), name="{}, version {}".format, page="published"
    ),
    "reviews.proposedversion": Place(
        model=ProposedVersion, parts=("review__title", "number"), name="{}, version {}, proposed".format, page="proposed"
    ),
    "reviews.decision": Place(
        model=Decision,
        parts=("body__short_name", "body__name", "gate"),
        name=lambda short, name, gate: f"{short or name} to {Gate(gate).label}",
        page="review_decision",
    ),
    "reviews.aim": Place(model=Aim, parts=("number", "text"), name="{}. {}".format, page="review_aims", at="review_id"),
    "scrutiny.challenge": Place(model=Challenge, parts=("number", "text"), name="C{} {}".format, page="challenge"),
    "meetings.meeting": Place(model=Meeting, parts=("body__name", "on"), name=_meeting, page="meeting"),
    "programme.programme": Place(model=Programme, parts=("title",), name=_same, page="programme"),
    "programme.candidateservice": Place(model=CandidateService, parts=("service",), name=_same, page="programme_service"),
    "delivery.recommendation": Place(model=Recommendation, parts=("number", "text"), name="{}. {}".format, page="recommendation"),
    "inspections.publishedreport": Place(
        model=PublishedReport, parts=("title", "published", "published_precision"), name=_report, page="report", at="slug"
    ),
    "jobs.job": Place(model=Job, parts=("analysis",), name=_same, page="job"),
}
"""Kinds that have a page, by the name that the ledger gives them."""


def lines_seen_by(user: Any, events: Iterable[AuditEvent], *, at_most: int) -> list[ChangeLine]:
    """The entries about what somebody may see, with its name and its page, in the order given.

    Args:
        user: who reads.
        events: entries; those about kinds without a page, or about what the user may not see, are left out.
        at_most: how many lines are wanted.
    """
    events = [event for event in events if event.object_kind in PLACES]
    wanted: dict[str, set[str]] = defaultdict(set)
    for event in events:
        wanted[event.object_kind].add(event.object_id)
    if not wanted:
        return []
    first, *others = [PLACES[kind].asks(kind, keys, user) for kind, keys in wanted.items()]
    found = {(kind, str(key)): (at, parts) for kind, key, at, *parts in first.union(*others, all=True)}
    lines: list[ChangeLine] = []
    for event in events:
        if (seen := found.get((event.object_kind, event.object_id))) is not None and len(lines) < at_most:
            place, (at, parts) = PLACES[event.object_kind], seen
            lines.append(change_line(event, name=place.name(*parts[: len(place.parts)]), address=reverse(place.page, args=[at])))
    return lines
