"""Every list of the record, once: what pages list, files carry and the API reads are rows of these questions."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from bestvalue.record.bodies.models import Body, Membership
from bestvalue.record.inspections.models import Candidate, GoodPractice, PublishedReport
from bestvalue.record.jobs.models import Job
from bestvalue.record.ledger_reading import EntriesFor
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.list_of_delivery import lists_of_delivery
from bestvalue.site.pages.list_of_reviews import lists_of_reviews, lists_of_scrutiny
from bestvalue.site.pages.list_of_scrutiny_from_outside import lists_from_outside
from bestvalue.site.pages.list_reading import KEY, LARGEST_KEY, listed
from bestvalue.site.presenters.changes import entry_line
from bestvalue.site.presenters.list_columns import Column, ListOf, column, days, moments, numbers

__all__ = ["LARGEST_KEY", "LISTS", "rows_of"]


def _memberships(_request: HttpRequest) -> QuerySet[Any]:
    return Membership.objects.select_related("person", "body").order_by("body__name", "role", "person__name", "starts")


def _ledger(request: HttpRequest) -> EntriesFor:
    person_behind(request)
    return EntriesFor(request.user)


def _results(request: HttpRequest) -> QuerySet[Any]:
    return Job.objects.visible_to(request.user).exclude(result_digest="").select_related("asked_by").newest_first()


def _entry(name: str) -> Callable[[Any], Any]:
    return lambda event: getattr(entry_line(event), name)


def _of_the_rest() -> Iterator[ListOf]:
    yield listed(
        "bodies",
        "Bodies",
        lambda _request: Body.objects.select_related("parent").order_by("kind", "name"),
        *(
            KEY,
            column("Name", "name"),
            column("Short name", "short_name"),
            column("Kind", "get_kind_display"),
            column("Part of", "parent.name"),
        ),
    )
    yield listed(
        "members",
        "Members",
        _memberships,
        *(KEY, column("Body", "body.name"), column("Person", "person.name"), column("Role", "get_role_display")),
        *(days("From", "starts"), days("To", "ends")),
        filters={"body": "body", "person": "person"},
    )
    yield listed(
        "reports",
        "Imported reports",
        lambda request: PublishedReport.objects.visible_to(request.user).select_related("issuer", "about"),
        *(KEY, column("Title", "title"), column("Issuer", "issuer.name"), column("About", "about.name"), days("Published", "published")),
        *(column("File", "source_name"), column("SHA-256", "source_sha256"), moments("Imported", "imported_at")),
    )
    yield listed(
        "practice",
        "Good practice",
        lambda request: GoodPractice.objects.filter(report__in=PublishedReport.objects.visible_to(request.user)).select_related(
            "report", "paragraph"
        ),
        *(
            KEY,
            column("Report", "report.title"),
            column("Number", "number"),
            column("Paragraph", "paragraph.number"),
            column("Text", "text"),
        ),
        filters={"report": "report"},
    )
    yield listed(
        "asked",
        "Findings that ask for something",
        lambda request: (
            Candidate.objects.visible_to(request.user)
            .select_related("report", "paragraph")
            .prefetch_related("decisions")
            .order_by("report", "order")
        ),
        *(
            KEY,
            column("Report", "report.title"),
            column("Paragraph", "paragraph.number"),
            column("Text", "text"),
            column("Decision", "status"),
        ),
        filters={"report": "report"},
    )
    asked = (KEY, column("Question", "analysis"), column("Asked by", "asked_by.name"), moments("Asked", "asked_at"))
    yield listed(
        "jobs",
        "Jobs",
        lambda request: Job.objects.visible_to(request.user).select_related("asked_by").newest_first(),
        *(*asked, column("State", "get_state_display"), moments("Ended", "ended_at"), column("Result", "result_digest")),
        column("Fault", "fault_what"),
    )
    yield listed("results", "Results", _results, *asked, column("Result", "result_digest"))
    yield ListOf(
        name="ledger",
        title="Ledger",
        rows=_ledger,
        columns=(
            *(numbers("Entry", "seq"), moments("At", "at_utc"), Column(heading="Who", value=_entry("who"))),
            *(Column(heading="What", value=_entry("what")), Column(heading="About", value=_entry("about")), column("Hash", "hash")),
        ),
    )


LISTS: Mapping[str, ListOf] = {
    each.name: each for each in (*lists_of_reviews(), *lists_of_scrutiny(), *lists_of_delivery(), *lists_from_outside(), *_of_the_rest())
}


def rows_of(asked: ListOf, request: HttpRequest) -> Iterable[Any]:
    """The rows of a list that a request asks for, as far as its reader may see them."""
    return asked.rows(request)
