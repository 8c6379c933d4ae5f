"""Which entries of the ledger may somebody read? Those about what they see, by the one question that pages, search and files ask.

The chain is everybody's to verify, so of every entry stand its number, its time and its hash. Who did what to what stands only where
its reader sees what it was done to. A kind that is not named here is seen by nobody: what is added later is hidden until it is.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, overload

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from bestvalue.record.bodies.models import User, person_of
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.ledger.models import AuditEvent, AuditEventQuerySet
from bestvalue.record.reviews.models import NeedToKnowGroup, groups_of

TAKEN_AWAY = "sensitive.exported"
"""Action of the entry that somebody took something sensitive away as a file: its payload names the rows, and who sees them all reads it."""
AT_ONCE = 500
"""Entries of a long list that are asked about at once."""

Reader = User | AnonymousUser
Seen = Callable[[Reader], QuerySet[Any]]


def _rows(label: str) -> QuerySet[Any]:
    model: Any = apps.get_model(label)
    every: QuerySet[Any] = model._default_manager.all()
    return every


def _listed(label: str) -> Seen:
    def rows(user: Reader) -> QuerySet[Any]:
        every: Any = _rows(label)
        seen: QuerySet[Any] = every.visible_to(user)
        return seen

    return rows


def _open(label: str) -> Seen:
    """Rows that everybody who holds a place sees."""

    def rows(user: Reader) -> QuerySet[Any]:
        every = _rows(label)
        return every if person_of(user) is not None else every.none()

    return rows


def _own(label: str) -> Seen:
    return lambda user: _rows(label).filter(person=person_of(user), person__isnull=False)


def _within(label: str, *fields: str) -> Seen:
    """Rows that are seen by whoever sees what they belong to, by one of these fields."""

    def rows(user: Reader) -> QuerySet[Any]:
        model, seen = apps.get_model(label), Q(pk__in=[])
        for field in fields:
            whole: Any = model._meta.get_field(field).related_model
            seen |= Q(**{f"{field}__in": SEEN[whole._meta.label_lower](user).order_by().values("pk")})
        return _rows(label).filter(seen)

    return rows


def _of_a_report(label: str) -> Seen:
    """Rows about all recommendations of a report, seen by whoever sees one of them."""

    def rows(user: Reader) -> QuerySet[Any]:
        shown = Recommendation.objects.visible_to(user).filter(issuer=OuterRef("issuer"), report_slug=OuterRef("report_slug"))
        return _rows(label).filter(Exists(shown))

    return rows


def _groups(user: Reader) -> QuerySet[Any]:
    return NeedToKnowGroup.objects.filter(pk__in=groups_of(person_of(user)))


LISTED = (
    *("assessment.accuracycomment", "assessment.assessment", "assessment.documentrequest", "assessment.draftparagraph"),
    *("assessment.inspection", "assessment.interview", "bodies.person", "consultation.consultation", "consultation.survey"),
    *("delivery.action", "delivery.recommendation", "discussion.comment", "discussion.tag", "inspections.candidate"),
    *("inspections.extracted", "inspections.publishedreport", "jobs.job", "meetings.actionarising", "meetings.agendaitem"),
    *("meetings.meeting", "practice.practice", "programme.candidateservice", "programme.programme", "reviews.aim"),
    *("reviews.decision", "reviews.evidence", "reviews.finding", "reviews.proposedversion", "reviews.publishedversion"),
    *("reviews.review", "scrutiny.challenge", "scrutiny.option", "scrutiny.scopequestion"),
)
"""Kinds whose own `visible_to` decides."""
SEEN: Mapping[str, Seen] = {
    **{label: _listed(label) for label in LISTED},
    **{label: _open(label) for label in ("bodies.body", "bodies.membership", "delivery.importedfile", "ledger.auditevent")},
    **{label: _own(label) for label in ("delivery.calendarkey", "delivery.notice")},
    **{label: _of_a_report(label) for label in ("delivery.response", "delivery.planforecast")},
    **{
        label: _within(label, "recommendation", "action")
        for label in ("delivery.completionrequest", "delivery.deliveryevidence", "delivery.update", "delivery.updaterequest")
    },
    "assessment.draft": _within("assessment.draft", "inspection"),
    "assessment.nothingfurther": _within("assessment.nothingfurther", "draft"),
    "assessment.disposition": _within("assessment.disposition", "comment"),
    "assessment.override": _within("assessment.override", "inspection"),
    "assessment.publicationproposal": _within("assessment.publicationproposal", "inspection"),
    "delivery.missedupdate": _within("delivery.missedupdate", "request"),
    "delivery.transfer": _within("delivery.transfer", "recommendation"),
    "practice.uptake": _within("practice.uptake", "practice"),
    "practice.uptakeresult": _within("practice.uptakeresult", "uptake"),
    "reviews.needtoknowgroup": _groups,
    "reviews.strand": _within("reviews.strand", "review"),
}
"""The rows of each kind that somebody sees, by the name that the ledger gives the kind."""


class EntriesFor:
    """The entries of the ledger, the newest first, each with whether its reader may see what it is about, as `is_seen`.

    A page of them costs one question beyond reading them, however many kinds of things they are about.

    Args:
        user: who reads.
    """

    def __init__(self, user: Reader) -> None:
        self._user = user
        self._entries: AuditEventQuerySet = AuditEvent.objects.newest_first()

    def count(self) -> int:
        """How many there are: the ledger proves that none is missing, so it counts them all to everybody."""
        return self._entries.count()

    __len__ = count

    @overload
    def __getitem__(self, asked: slice) -> list[AuditEvent]: ...
    @overload
    def __getitem__(self, asked: int) -> AuditEvent: ...
    def __getitem__(self, asked: slice | int) -> list[AuditEvent] | AuditEvent:
        if isinstance(asked, slice):
            return tell_seen(self._entries[asked], user=self._user)
        return tell_seen([self._entries[asked]], user=self._user)[0]

    def __iter__(self) -> Iterator[AuditEvent]:
        entries = self._entries.iterator(chunk_size=AT_ONCE)
        while some := list(islice(entries, AT_ONCE)):
            yield from tell_seen(some, user=self._user)


def tell_seen(events: Iterable[AuditEvent], *, user: Reader) -> list[AuditEvent]:
    """Entries, each with `is_seen`: whether somebody sees everything that it is about."""
    told = list(events)
    wanted: dict[str, set[int]] = defaultdict(set)
    for event in told:
        for kind, key in _about(event):
            if kind in SEEN:
                wanted[kind].add(key)
    seen = _seen_of(wanted, user)
    for event in told:
        about = _about(event)
        event.is_seen = bool(about) and all(one in seen for one in about)
    return told


def _about(event: AuditEvent) -> list[tuple[str, int]]:
    """The rows that an entry is about, each by kind and key; none where the entry no longer says."""
    objects = [(event.object_kind, event.object_id)]
    if event.action == TAKEN_AWAY:
        objects = [tuple(row.split(" ", 1)) for row in (event.payload or {}).get("rows", [])]
    return [(kind, int(key)) for kind, key in objects]


def _seen_of(wanted: Mapping[str, Iterable[int]], user: Reader) -> set[tuple[str, int]]:
    """Those of some rows that somebody sees, in one question."""
    asks = []
    for kind, keys in wanted.items():
        seen = SEEN[kind](user).filter(pk__in=sorted(keys)).order_by()
        columns = {"told_kind": Cast(Value(kind), TextField()), "told_key": Cast(F("pk"), IntegerField())}
        asks.append(seen.annotate(**columns).values_list("told_kind", "told_key"))
    if not asks:
        return set()
    rows = asks[0].union(*asks[1:], all=True) if asks[1:] else asks[0]
    return {(kind, key) for kind, key in rows}
