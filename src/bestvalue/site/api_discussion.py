"""The part of the API about what somebody owes, the aims of a review, comments and tags, and the history of anything."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from bestvalue.record.bodies.places import whose
from bestvalue.record.discussion import changes as discussion
from bestvalue.record.discussion.models import AboutQuerySet, Comment, Tag
from bestvalue.record.discussion.things import KINDS
from bestvalue.record.duties import duties_of
from bestvalue.record.reviews import changes as reviews
from bestvalue.record.reviews.models import Aim, AimQuerySet, Direction, Review
from bestvalue.record.timeline import history_of
from bestvalue.site.api_access import FaultOut, person_or_403
from bestvalue.site.pages.history import TRACKED, state_of
from bestvalue.site.pages.things import note_reading

router = Router()


class DutyOut(Schema):
    """Something that you have to do."""

    kind: str
    id: int
    step: str
    what: str
    about: str
    why: str
    due: date | None


class AimOut(Schema):
    """An aim, and why it is not clear and challenging; nothing where it is."""

    id: int
    number: int
    text: str
    measure: str
    unit: str
    baseline: Decimal | None
    target: Decimal | None
    direction: str
    due: date | None
    weaknesses: list[str]
    withdrawn_on: date | None
    withdrawn_because: str


class AimIn(Schema):
    """An aim to add."""

    text: str
    measure: str = Field("", max_length=200)
    unit: str = Field("", max_length=50)
    baseline: Decimal | None = Field(None, max_digits=16, decimal_places=4)
    target: Decimal | None = Field(None, max_digits=16, decimal_places=4)
    direction: Direction | None = None
    due: date | None = None


class ReasonIn(Schema):
    """Why."""

    reason: str


class CommentOut(Schema):
    """A comment; `reply_to` is the comment that began the thread."""

    id: int
    text: str
    by: str = Field(alias="by.name")
    at: datetime
    reply_to: int | None = Field(alias="reply_to_id")


class CommentIn(Schema):
    """A comment to add, or a reply."""

    text: str
    reply_to: int | None = None


class TagsOut(Schema):
    """The tags of a thing."""

    tags: list[str]


class TagIn(Schema):
    """A tag to set."""

    word: str


class EventOut(Schema):
    """Something that happened to a thing, with each field before and after."""

    at: datetime
    who: str
    what: str
    changes: list[dict[str, str]]


class HistoryOut(Schema):
    """What a thing said at the end of a day, and everything that happened to it; `state` is null on a day before it was there."""

    as_at: date
    state: dict[str, str] | None
    events: list[EventOut]


@router.get("/duties", response=list[DutyOut])
def duties(request: HttpRequest) -> list[dict[str, Any]]:
    """Everything that you owe, the soonest first."""
    person = person_or_403(request)
    return [{**vars(duty), "id": duty.key} for duty in duties_of(whose(person), on=timezone.localdate())]


@router.get("/reviews/{review_id}/aims", response=list[AimOut])
def aims(request: HttpRequest, review_id: int) -> AimQuerySet:
    """The aims of a review, the withdrawn ones too."""
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=review_id)
    return Aim.objects.visible_to(request.user).filter(review=review)


@router.post("/reviews/{review_id}/aims", response={201: AimOut, 409: FaultOut})
def add_aim(request: HttpRequest, review_id: int, aim: AimIn) -> Status[Aim]:
    """Add an aim to a review that you write in."""
    person = person_or_403(request)
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=review_id)
    said = aim.dict()
    return Status(201, reviews.add_aim(review, by=person, **{**said, "direction": said["direction"] or ""}))


@router.post("/aims/{aim_id}/withdrawal", response={200: AimOut, 409: FaultOut})
def withdraw_aim(request: HttpRequest, aim_id: int, why: ReasonIn) -> Aim:
    """Withdraw an aim; it stays with its reason."""
    person = person_or_403(request)
    aim = get_object_or_404(Aim.objects.visible_to(request.user), pk=aim_id)
    return reviews.withdraw_aim(aim, reason=why.reason, by=person)


@router.get("/discussion/{kind}/{thing_id}/comments", response=list[CommentOut])
def comments(request: HttpRequest, kind: str, thing_id: int) -> AboutQuerySet:
    """The comments on a thing that you see, the oldest first."""
    thing = _thing(request, kind, thing_id)
    note_reading(thing, by=person_or_403(request))
    return Comment.objects.on(thing).select_related("by")


@router.post("/discussion/{kind}/{thing_id}/comments", response={201: CommentOut, 409: FaultOut})
def add_comment(request: HttpRequest, kind: str, thing_id: int, said: CommentIn) -> Status[Comment]:
    """Say something about a thing. It cannot be changed afterwards."""
    person = person_or_403(request)
    thing = _thing(request, kind, thing_id)
    reply_to = get_object_or_404(Comment.objects.on(thing), pk=said.reply_to) if said.reply_to is not None else None
    return Status(201, discussion.comment(thing, text=said.text, reply_to=reply_to, by=person))


@router.get("/discussion/{kind}/{thing_id}/tags", response=TagsOut)
def tags(request: HttpRequest, kind: str, thing_id: int) -> dict[str, list[str]]:
    """The tags that a thing has now."""
    return _tags(_thing(request, kind, thing_id))


@router.post("/discussion/{kind}/{thing_id}/tags", response={201: TagsOut, 409: FaultOut})
def set_tag(request: HttpRequest, kind: str, thing_id: int, tag: TagIn) -> Status[dict[str, list[str]]]:
    """Set a tag on a thing."""
    person = person_or_403(request)
    thing = _thing(request, kind, thing_id)
    discussion.set_tag(thing, word=tag.word, by=person)
    return Status(201, _tags(thing))


@router.delete("/discussion/{kind}/{thing_id}/tags/{word}", response={200: TagsOut, 409: FaultOut})
def take_tag_off(request: HttpRequest, kind: str, thing_id: int, word: str) -> dict[str, list[str]]:
    """Take a tag off that you set."""
    person = person_or_403(request)
    thing = _thing(request, kind, thing_id)
    discussion.take_tag_off(thing, word=word, by=person)
    return _tags(thing)


@router.get("/history/{kind}/{thing_id}", response=HistoryOut)
def history(request: HttpRequest, kind: str, thing_id: int, as_at: date | None = None) -> dict[str, Any]:
    """The history of a thing, and what it said on a day (today where none is named)."""
    person = person_or_403(request)
    if kind not in TRACKED:
        raise HttpError(404, "Nothing of that kind has a history")
    thing = get_object_or_404(TRACKED[kind].seen_by(request.user), pk=thing_id)
    note_reading(thing, by=person)
    on = as_at or timezone.localdate()
    state = state_of(thing, TRACKED[kind], on=on)
    events = [{**vars(event), "changes": [vars(change) for change in event.changes]} for event in history_of(thing, user=request.user)]
    return {"as_at": on, "state": None if state is None else dict(state), "events": events}


def _thing(request: HttpRequest, kind: str, pk: int) -> Model:
    person_or_403(request)
    if kind not in KINDS:
        raise HttpError(404, "Nothing of that kind can be commented on")
    thing: Model = get_object_or_404(KINDS[kind].seen_by(request.user), pk=pk)
    return thing


def _tags(thing: Model) -> dict[str, list[str]]:
    return {"tags": list(Tag.objects.on(thing).values_list("word", flat=True))}
