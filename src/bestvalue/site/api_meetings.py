"""The part of the API about meetings: what was on the agenda, who was there, what was minuted and decided, and what arose."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.meetings import changes
from bestvalue.record.meetings.models import ActionArising, AgendaItem, Became, Meeting
from bestvalue.record.reviews.changes import note_read
from bestvalue.record.reviews.life_cycle import Outcome
from bestvalue.record.reviews.models import Decision, Marking, NeedToKnowGroup, Review, groups_of
from bestvalue.site.api_access import FaultOut, Key, note_taken, person_or_403

router = Router()


class MeetingOut(Schema):
    """A meeting of a body; held once its attendance is recorded."""

    id: int
    number: int
    body: str = Field(alias="body.name")
    on: date
    place: str
    is_held: bool
    called_off: str
    marking: str
    descriptor: str
    handling: str


class ItemOut(Schema):
    """An item of the agenda, what it is about, and its newest minute."""

    id: int
    number: int
    text: str
    review: int | None = Field(alias="review_id")
    decision: int | None = Field(alias="decision_id")
    recommendation: int | None = Field(alias="recommendation_id")
    minute: str

    @staticmethod
    def resolve_minute(item: AgendaItem) -> str:
        """The newest minute; empty while there is none."""
        return item.minute.text if item.minute else ""


class PresenceOut(Schema):
    """A member of that day, or somebody else in attendance."""

    name: str
    was: str
    interest: str


class ArisingOut(Schema):
    """An action arising; due by the day to which it was carried over last."""

    id: int
    reference: str
    what: str
    who: str = Field(alias="who.name")
    first_due: date
    due: date
    is_open: bool


class WholeMeetingOut(MeetingOut):
    """A meeting with its agenda, its attendance, what arose and what was left from earlier, as far as you see it."""

    body: str
    items: list[ItemOut]
    attendance: list[PresenceOut]
    actions: list[ArisingOut]


class MeetingIn(Schema):
    """A meeting to call."""

    on: date
    place: str = Field("", max_length=200)
    marking: Marking = Marking.OFFICIAL
    group: int | None = None
    descriptor: str = Field("", max_length=50)
    handling: str = Field("", max_length=300)


class MarkingIn(Schema):
    """Who may read a meeting from now on: what is OFFICIAL-SENSITIVE names a group of yours, and to lower a marking takes a reason."""

    marking: Marking
    group: int | None = None
    descriptor: str = Field("", max_length=50)
    handling: str = Field("", max_length=300)
    reason: str = ""


class ItemIn(Schema):
    """An item to put on the agenda; about one thing at most, by its number."""

    text: str = Field(max_length=500)
    review: int | None = None
    decision: int | None = None
    recommendation: int | None = None


class AttendanceIn(Schema):
    """Who was there; members by the numbers of their rows, others by name."""

    present: list[int]
    apologies: list[int] = []
    others: list[str] = []
    interests: dict[int, str] = {}


class MinuteIn(Schema):
    """What was said or agreed."""

    text: str


class DecisionIn(Schema):
    """What was decided about the decision that an item is about."""

    outcome: Outcome
    reason: str = ""
    deferred_to: date | None = None


class ArisingIn(Schema):
    """Somebody, by the number of their row, is to do something."""

    what: str
    who: int
    due: date
    item: int | None = None


class ReasonIn(Schema):
    """Why."""

    reason: str


class ReportIn(Schema):
    """What became of an action arising."""

    step: Became
    on: date
    note: str
    due: date | None = None


@router.get("/bodies/{body_id}/meetings", response=list[MeetingOut])
def meetings(request: HttpRequest, body_id: Key) -> list[Meeting]:
    """The meetings of a body that you may read, the newest first."""
    person_or_403(request)
    found = list(Meeting.objects.visible_to(request.user).filter(body=body_id).newest_first())
    note_taken(request, found, what="Meetings")
    return found


@router.post("/bodies/{body_id}/meetings", response={201: MeetingOut, 409: FaultOut})
def call_meeting(request: HttpRequest, body_id: int, called: MeetingIn) -> Status[Meeting]:
    """Call a meeting of a body of yours."""
    person = person_or_403(request)
    body = get_object_or_404(Body, pk=body_id)
    said = called.model_dump(exclude={"group"})
    return Status(201, changes.call_meeting(body, group=_group(person, called.group), by=person, **said))


@router.get("/meetings/{meeting_id}", response=WholeMeetingOut)
def meeting(request: HttpRequest, meeting_id: int) -> dict[str, Any]:
    """One meeting, with what you see of it."""
    person = person_or_403(request)
    found = _seen(request, meeting_id)
    items = AgendaItem.objects.visible_to(request.user).filter(meeting=found).prefetch_related("minutes")
    before = ActionArising.objects.visible_to(request.user).before(found)
    actions = list(before.select_related("who", "meeting").prefetch_related("steps"))
    for read in {found, *(action.meeting for action in actions)}:
        note_read(read, by=person)
    fields = ("id", "number", "on", "place", "is_held", "called_off", "marking", "descriptor", "handling")
    whole = {field: getattr(found, field) for field in fields}
    return {**whole, "body": found.body.name, "items": list(items), "attendance": list(found.presences.all()), "actions": actions}


@router.post("/meetings/{meeting_id}/call-off", response={200: MeetingOut, 409: FaultOut})
def call_off(request: HttpRequest, meeting_id: Key, why: ReasonIn) -> Meeting:
    """Call a meeting off, and say why; it stays in the list."""
    person = person_or_403(request)
    return changes.call_off(_seen(request, meeting_id), reason=why.reason, by=person)


@router.post("/meetings/{meeting_id}/marking", response={200: MeetingOut, 409: FaultOut})
def mark(request: HttpRequest, meeting_id: Key, said: MarkingIn) -> Meeting:
    """Mark a meeting anew: its agenda, minutes, attendance and what arose."""
    person = person_or_403(request)
    rest = said.model_dump(exclude={"group"})
    return changes.mark_meeting(_seen(request, meeting_id), group=_group(person, said.group), by=person, **rest)


@router.post("/meetings/{meeting_id}/items", response={201: ItemOut, 409: FaultOut})
def add_item(request: HttpRequest, meeting_id: int, item: ItemIn) -> Status[AgendaItem]:
    """Put something on the agenda."""
    person = person_or_403(request)
    found = _seen(request, meeting_id)
    about: Review | Decision | Recommendation | None = None
    named = {"review": Review, "decision": Decision, "recommendation": Recommendation}
    given = {name: getattr(item, name) for name in named if getattr(item, name) is not None}
    if len(given) > 1:
        raise HttpError(400, "An item is about one thing at most")
    for name, pk in given.items():
        about = get_object_or_404(named[name].objects.visible_to(request.user), pk=pk)  # type: ignore[attr-defined]  # each of the three has it
    return Status(201, changes.add_item(found, text=item.text, about=about, by=person))


@router.post("/meetings/{meeting_id}/attendance", response={200: MeetingOut, 409: FaultOut})
def record_attendance(request: HttpRequest, meeting_id: int, attendance: AttendanceIn) -> Meeting:
    """Record who was there: with that the meeting has been held."""
    person = person_or_403(request)
    found = _seen(request, meeting_id)
    members = {member.pk: member for member in found.members()}
    if unknown := {*attendance.present, *attendance.apologies, *attendance.interests} - members.keys():
        raise HttpError(404, f"No member of that day has these numbers: {', '.join(map(str, sorted(unknown)))}")
    return changes.record_attendance(
        found,
        present=[members[pk] for pk in attendance.present],
        apologies=[members[pk] for pk in attendance.apologies],
        others=attendance.others,
        interests={members[pk]: interest for pk, interest in attendance.interests.items()},
        by=person,
    )


@router.post("/agenda-items/{item_id}/minutes", response={201: ItemOut, 409: FaultOut})
def minute_item(request: HttpRequest, item_id: int, minute: MinuteIn) -> Status[AgendaItem]:
    """Minute an item, or correct its minute."""
    person = person_or_403(request)
    item = _item(request, item_id)
    changes.minute_item(item, text=minute.text, by=person)
    return Status(201, _item(request, item_id))


@router.post("/agenda-items/{item_id}/decision", response={200: ItemOut, 409: FaultOut})
def decide_item(request: HttpRequest, item_id: int, taken: DecisionIn) -> AgendaItem:
    """Record what was decided; day, minute, attendance and interests are those of the meeting."""
    person = person_or_403(request)
    item = _item(request, item_id)
    changes.decide_item(item, outcome=taken.outcome, reason=taken.reason, deferred_to=taken.deferred_to, by=person)
    return _item(request, item_id)


@router.post("/meetings/{meeting_id}/actions", response={201: ArisingOut, 409: FaultOut})
def add_action(request: HttpRequest, meeting_id: int, action: ArisingIn) -> Status[ActionArising]:
    """Give somebody an action that arose."""
    person = person_or_403(request)
    found = _seen(request, meeting_id)
    who = get_object_or_404(Person.objects.visible_to(request.user), pk=action.who)
    item = get_object_or_404(AgendaItem.objects.visible_to(request.user), pk=action.item) if action.item is not None else None
    return Status(201, changes.add_action_arising(found, what=action.what, who=who, due=action.due, item=item, by=person))


@router.get("/actions-arising/{action_id}", response=ArisingOut)
def action_arising(request: HttpRequest, action_id: Key) -> ActionArising:
    """One action arising, and by when it is due now."""
    person = person_or_403(request)
    seen = ActionArising.objects.visible_to(request.user).select_related("meeting", "who").prefetch_related("steps")
    found = get_object_or_404(seen, pk=action_id)
    note_read(found.meeting, by=person)
    return found


@router.post("/actions-arising/{action_id}/reports", response={201: ArisingOut, 409: FaultOut})
def report_on_action(request: HttpRequest, action_id: int, report: ReportIn) -> Status[ActionArising]:
    """Say that an action is done, carried over or dropped."""
    person = person_or_403(request)
    seen = ActionArising.objects.visible_to(request.user).select_related("meeting__body", "who").prefetch_related("steps")
    found = get_object_or_404(seen, pk=action_id)
    changes.report_on_action(found, step=report.step, on=report.on, note=report.note, due=report.due, by=person)
    return Status(201, get_object_or_404(seen.all(), pk=action_id))


def _seen(request: HttpRequest, pk: int) -> Meeting:
    return get_object_or_404(Meeting.objects.visible_to(request.user).select_related("body"), pk=pk)


def _group(person: Person, pk: int | None) -> NeedToKnowGroup | None:
    return None if pk is None else get_object_or_404(NeedToKnowGroup, pk=pk, pk__in=groups_of(person))


def _item(request: HttpRequest, pk: int) -> AgendaItem:
    seen = AgendaItem.objects.visible_to(request.user).select_related("meeting__body").prefetch_related("minutes")
    return get_object_or_404(seen, pk=pk)
