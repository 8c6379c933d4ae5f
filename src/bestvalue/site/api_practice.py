"""The part of the API about good practice: the register, describing one, who took it up, and what came of it."""

from datetime import date

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from bestvalue.record.bodies.models import Body
from bestvalue.record.practice import changes
from bestvalue.record.practice.models import Practice, PracticeQuerySet, Uptake, Worked, undescribed
from bestvalue.record.reviews.models import Finding
from bestvalue.site.api_access import REFUSALS, AddedOut, Key, Short, person_or_403

router = Router(tags=["good practice"])


class ResultOut(Schema):
    """What came of it where it was taken up."""

    worked: Worked
    text: str
    on: date


class UptakeOut(Schema):
    """A body took it up, in its own way."""

    id: int
    body: str = Field(alias="body.name")
    on: date
    how: str
    results: list[ResultOut]


class PracticeOut(Schema):
    """A practice that works somewhere, who took it up, and what came of it."""

    id: int
    title: str
    service: str
    where_seen: str
    conditions: str
    evidence: str
    finding: int | None = Field(alias="finding_id")
    uptakes: list[UptakeOut]


class PracticeIn(Schema):
    """A practice to describe; where it comes from one finding of ours, or one of a published report, by its key."""

    title: Short
    service: Short
    where_seen: Short
    conditions: str
    evidence: str
    finding: Key | None = None
    good_practice: Key | None = None


class UptakeIn(Schema):
    """A body, by its key, took it up."""

    body: Key
    on: date
    how: str


class ResultIn(Schema):
    """What came of it."""

    worked: Worked
    text: str
    on: date


@router.get("/practice", response=list[PracticeOut])
def practice(request: HttpRequest) -> PracticeQuerySet:
    """The register of good practice, as far as you see it."""
    person_or_403(request)
    return Practice.objects.visible_to(request.user).prefetch_related("uptakes__body", "uptakes__results")


@router.post("/practice", response={201: AddedOut, **REFUSALS})
def describe(request: HttpRequest, said: PracticeIn) -> Status[AddedOut]:
    """Describe a practice so that somebody elsewhere can tell whether it would work there."""
    person = person_or_403(request)
    if said.finding is not None and said.good_practice is not None:
        raise HttpError(422, "A practice comes from one place at most")
    finding = get_object_or_404(Finding.objects.visible_to(request.user), pk=said.finding) if said.finding is not None else None
    held_up = get_object_or_404(undescribed(request.user), pk=said.good_practice) if said.good_practice is not None else None
    words = {name: getattr(said, name) for name in ("service", "where_seen", "conditions", "evidence")}
    made = changes.describe_practice(said.title, by=person, finding=finding, good_practice=held_up, **words)
    return Status(201, AddedOut(id=made.pk, reference=made.title))


@router.post("/practice/{practice_id}/uptakes", response={201: AddedOut, **REFUSALS})
def take_up(request: HttpRequest, practice_id: Key, taken: UptakeIn) -> Status[AddedOut]:
    """Record that a body took a practice up."""
    person, found = person_or_403(request), get_object_or_404(Practice.objects.visible_to(request.user), pk=practice_id)
    made = changes.take_up_practice(found, body=get_object_or_404(Body, pk=taken.body), on=taken.on, how=taken.how, by=person)
    return Status(201, AddedOut(id=made.pk, reference=str(made)))


@router.post("/uptakes/{uptake_id}/results", response={201: AddedOut, **REFUSALS})
def record_result(request: HttpRequest, uptake_id: Key, came: ResultIn) -> Status[AddedOut]:
    """Record what came of it where it was taken up."""
    person = person_or_403(request)
    seen = Uptake.objects.filter(practice__in=Practice.objects.visible_to(request.user))
    found = get_object_or_404(seen.select_related("body"), pk=uptake_id)
    made = changes.record_result(found, worked=came.worked, text=came.text, on=came.on, by=person)
    return Status(201, AddedOut(id=made.pk, reference=str(found)))
