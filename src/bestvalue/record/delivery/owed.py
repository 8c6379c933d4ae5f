"""What is owed on a day, worked out from the record; nothing is written here."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from bestvalue.record.bodies.models import Membership, Person, Role
from bestvalue.record.delivery.life_cycle import UNDER_WAY, Status
from bestvalue.record.delivery.models import (
    ASK_BEFORE,
    CLIMBS_AFTER,
    SILENT_FOR,
    TIME_TO_ANSWER,
    Action,
    CompletionRequest,
    Level,
    MissedUpdate,
    Notice,
    Ownership,
    Recommendation,
    Transfer,
    UpdateRequest,
    Why,
    unanswered_of,
)
from bestvalue.record.delivery.statutory_clock import clock
from bestvalue.record.inspections.models import PublishedReport

REPORTING = tuple(status for status in UNDER_WAY if status is not Status.REQUESTED)
"""What owes updates: once completion is requested the lead has said all, and the body's decision is owed instead."""
COMMENTS_WARNING = timedelta(days=14)
"""How long before the last day for comments managers are told."""


def requests_due(*, on: date) -> list[UpdateRequest]:
    """The updates to ask for: of open actions that are due soon or silent, and of recommendations without actions that are silent."""
    asked = [
        UpdateRequest(recommendation=action.recommendation, action=action, asked_of=action.lead, asked_on=on, due=on + TIME_TO_ANSWER)
        for action in _silent_actions(on)
    ]
    return asked + [
        UpdateRequest(recommendation=one, asked_of=lead, asked_on=on, due=on + TIME_TO_ANSWER) for one, lead in _silent_recommendations(on)
    ]


def _silent_actions(on: date) -> Iterator[Action]:
    waiting = UpdateRequest.objects.unanswered().filter(action=OuterRef("pk"))
    under_way = Recommendation.objects.standing_at(*REPORTING, on=on)
    actions = Action.objects.reporting(on=on).filter(recommendation__in=under_way.values("pk")).exclude(Exists(waiting))
    found = actions.select_related("recommendation", "lead").with_newest_update()
    for action in found.order_by("pk"):
        last = action.heard or action.starts or action.answered_on
        is_due = action.agreed_then <= on + ASK_BEFORE and (action.heard is None or action.heard < on - TIME_TO_ANSWER)
        if (is_due and last <= on) or last <= on - SILENT_FOR:
            yield action


def _silent_recommendations(on: date) -> Iterator[tuple[Recommendation, Person]]:
    waiting = UpdateRequest.objects.unanswered().filter(recommendation=OuterRef("pk"), action=None)
    found = Recommendation.objects.standing_at(*REPORTING, on=on).filter(actions=None).exclude(Exists(waiting))
    for one in found.with_newest_update().prefetch_related("ownerships__lead").order_by("pk"):
        ownership = one.ownership
        if ownership is not None and (one.heard or ownership.on) <= on - SILENT_FOR:
            yield one, ownership.lead


def climbed(*, on: date) -> list[MissedUpdate]:
    """The events of missed updates that are not recorded yet."""
    events = []
    for request in (
        UpdateRequest.objects.missed(on=on).prefetch_related("missed").select_related("recommendation", "action__recommendation")
    ):
        told = {event.level for event in request.missed.all()}
        events += [
            MissedUpdate(request=request, level=level, on=on)
            for level, after in CLIMBS_AFTER.items()
            if level not in told and request.due + after < on
        ]
    return events


def notices_due(*, on: date) -> Iterator[Notice]:
    """Whom to tell what on a day; keys of what was told before are among them."""
    members = _Members(on)
    yield from _of_updates(on, members)
    yield from _of_dates(on)
    yield from _of_decisions(on, members)
    yield from _of_comments(on)


class _Members:
    """Who holds a place in a body on a day; each body is asked about once."""

    def __init__(self, on: date) -> None:
        self._on = on
        self._known: dict[int, list[Person]] = {}

    def of(self, body_id: int) -> list[Person]:
        if body_id not in self._known:
            places = Membership.objects.current(on=self._on).filter(body=body_id).exclude(role=Role.OBSERVER)
            self._known[body_id] = list(Person.objects.filter(pk__in=places.values("person")).order_by("pk"))
        return self._known[body_id]


def _of_updates(on: date, members: _Members) -> Iterator[Notice]:
    open_requests = UpdateRequest.objects.unanswered().filter(asked_on__lte=on)
    whole = open_requests.select_related("recommendation", "action__recommendation", "asked_of").prefetch_related(
        "missed", "recommendation__ownerships__sponsor"
    )
    for request in whole.order_by("pk"):
        words = f"{request.reference}: an update is owed by {request.due:%d %B %Y}"
        yield _notice(request.asked_of, Why.UPDATE_OWED, words, request.recommendation, on, f"update-owed:{request.pk}")
        for event in request.missed.all():
            missed = f"{request.reference}: the update due on {request.due:%d %B %Y} was missed"
            for person in _told(request, Level(event.level), members):
                key = f"update-missed:{request.pk}:{event.level}:{person.pk}"
                yield _notice(person, Why.UPDATE_MISSED, missed, request.recommendation, on, key)


def _told(request: UpdateRequest, level: Level, members: _Members) -> list[Person]:
    ownership = request.recommendation.ownership
    if level is Level.LEAD:
        return [request.asked_of]
    if ownership is None:
        return []
    if level is Level.SPONSOR:
        return [ownership.sponsor] if ownership.sponsor else []
    return [person for person in members.of(ownership.body_id) if person != request.asked_of]


def _of_dates(on: date) -> Iterator[Notice]:
    under_way = Recommendation.objects.standing_at(*UNDER_WAY, on=on)
    late = Action.objects.late(on=on).filter(recommendation__in=under_way.values("pk"))
    for action in late.select_related("lead", "recommendation").order_by("pk"):
        words = f"{action.reference}: the agreed date of {action.agreed_then:%d %B %Y} has passed"
        yield _notice(action.lead, Why.OVERDUE, words, action.recommendation, on, f"overdue:{action.pk}:{action.agreed_then}")


def _of_decisions(on: date, members: _Members) -> Iterator[Notice]:
    waiting = CompletionRequest.objects.filter(decision=None, on__lte=on).select_related("recommendation", "action__recommendation")
    for request in waiting.prefetch_related("recommendation__ownerships").order_by("pk"):
        ownership: Ownership | None = request.recommendation.ownership
        delivered = request.action or request.recommendation
        for person in members.of(ownership.body_id) if ownership else ():
            if person.pk != request.by_id:
                words = f"{delivered.reference}: completion was requested on {request.on:%d %B %Y} and waits for a decision"
                yield _notice(person, Why.TO_DECIDE, words, request.recommendation, on, f"to-decide:{request.pk}:{person.pk}")
    for transfer in Transfer.objects.waiting(on=on).select_related("recommendation", "from_body").order_by("pk"):
        for person in members.of(transfer.to_body_id):
            words = f"{transfer.recommendation.reference}: {transfer.from_body} offers it, and waits for an answer"
            yield _notice(person, Why.TRANSFER, words, transfer.recommendation, on, f"transfer:{transfer.pk}:{person.pk}")


def _of_comments(on: date) -> Iterator[Notice]:
    unanswered = Recommendation.objects.standing_at(Status.MADE, on=on).exclude(published_report=None)
    reports = PublishedReport.objects.filter(Q(pk__in=unanswered.values("published_report"))).select_related("issuer")
    managers = Person.objects.filter(
        pk__in=Membership.objects.current(on=on).filter(role__in=[Role.PROGRAMME_MANAGER, Role.PROJECT_MANAGER]).values("person")
    ).order_by("pk")
    for report in reports.order_by("pk"):
        period = clock(published=report.published, exact=report.published_precision == "day", on=on)
        if period is None or period.last_day - on > COMMENTS_WARNING:
            continue
        missing = len(unanswered_of(Recommendation.objects.of_plan(issuer=report.issuer, report_slug=report.slug)))
        if not missing:
            continue
        words = f"{report.slug}: comments are due on {period.last_day:%d %B %Y}, and {missing} of its recommendations are unanswered"
        for person in managers:
            yield _notice(person, Why.COMMENTS_DUE, words, None, on, f"comments-due:{report.pk}:{person.pk}")


def _notice(person: Person, why: Why, words: str, recommendation: Recommendation | None, on: date, key: str) -> Notice:
    return Notice(person=person, why=why, words=words, recommendation=recommendation, raised_on=on, key=key)
