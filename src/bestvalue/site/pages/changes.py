"""Entries of the ledger as lines that lead to what was changed, for whoever may see it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from django.db.models import Model, QuerySet
from django.urls import reverse

from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.inspections.models import PublishedReport
from bestvalue.record.jobs.models import Job
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.meetings.models import Meeting
from bestvalue.record.programme.models import CandidateService, Programme
from bestvalue.record.reviews.models import Aim, Decision, Evidence, Finding, PublishedVersion, Review
from bestvalue.record.scrutiny.models import Challenge
from bestvalue.site.presenters.changes import ChangeLine, change_line


class Seen(Protocol):
    """The rows of a kind that somebody sees."""

    def __call__(self, user: Any) -> QuerySet[Any]:
        """They, with what their name needs."""


PLACES: Mapping[str, tuple[Seen, Callable[[Any], str], Callable[[Any], str]]] = {
    "reviews.review": (lambda user: Review.objects.visible_to(user), str, lambda row: reverse("review", args=[row.pk])),
    "reviews.evidence": (lambda user: Evidence.objects.visible_to(user), str, lambda row: reverse("evidence", args=[row.pk])),
    "reviews.finding": (
        lambda user: Finding.objects.visible_to(user).select_related("strand"),
        str,
        lambda row: reverse("finding", args=[row.pk]),
    ),
    "reviews.publishedversion": (
        lambda user: PublishedVersion.objects.visible_to(user).select_related("review"),
        str,
        lambda row: reverse("published", args=[row.pk]),
    ),
    "reviews.decision": (
        lambda user: Decision.objects.visible_to(user).select_related("body"),
        str,
        lambda row: reverse("review_decision", args=[row.pk]),
    ),
    "reviews.aim": (lambda user: Aim.objects.visible_to(user), str, lambda row: reverse("review_aims", args=[row.review_id])),
    "scrutiny.challenge": (lambda user: Challenge.objects.visible_to(user), str, lambda row: reverse("challenge", args=[row.pk])),
    "meetings.meeting": (
        lambda user: Meeting.objects.visible_to(user).select_related("body"),
        str,
        lambda row: reverse("meeting", args=[row.pk]),
    ),
    "programme.programme": (lambda user: Programme.objects.visible_to(user), str, lambda row: reverse("programme", args=[row.pk])),
    "programme.candidateservice": (
        lambda user: CandidateService.objects.visible_to(user),
        str,
        lambda row: reverse("programme_service", args=[row.pk]),
    ),
    "delivery.recommendation": (
        lambda user: Recommendation.objects.visible_to(user),
        lambda row: f"{row.number}. {row.text}",
        lambda row: reverse("recommendation", args=[row.pk]),
    ),
    "inspections.publishedreport": (
        lambda user: PublishedReport.objects.visible_to(user),
        str,
        lambda row: reverse("report", args=[row.slug]),
    ),
    "jobs.job": (lambda user: Job.objects.visible_to(user), lambda row: row.analysis, lambda row: reverse("job", args=[row.pk])),
}
"""Kinds that have a page: which of them somebody sees, what one is called, where it is."""


def lines_seen_by(user: Any, events: Iterable[AuditEvent], *, at_most: int) -> list[ChangeLine]:
    """The entries about what somebody may see, with its name and its page, in the order given.

    Args:
        user: who reads.
        events: entries; those about kinds without a page, or about what the user may not see, are left out.
        at_most: how many lines are wanted.
    """
    events = list(events)
    rows: dict[str, dict[Any, Model]] = {}
    for kind in {event.object_kind for event in events} & PLACES.keys():
        wanted = [event.object_id for event in events if event.object_kind == kind]
        rows[kind] = {str(pk): row for pk, row in PLACES[kind][0](user).in_bulk(wanted).items()}
    lines = []
    for event in events:
        row = rows.get(event.object_kind, {}).get(event.object_id)
        if row is not None:
            _, name, address = PLACES[event.object_kind]
            lines.append(change_line(event, name=name(row), address=address(row)))
    return lines[:at_most]
