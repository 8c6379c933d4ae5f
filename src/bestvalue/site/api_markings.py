"""The part of the API about markings and need to know: marking something anew, and who is in the groups that you are in."""

from datetime import date
from enum import StrEnum

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from bestvalue.record.bodies.models import Person
from bestvalue.record.reviews import changes
from bestvalue.record.reviews.models import GroupPlace, Marking, NeedToKnowGroup, Review, groups_of
from bestvalue.site.api_access import REFUSALS, AddedOut, Key, person_or_403
from bestvalue.site.confirming import check_confirmed_by_api
from bestvalue.site.pages.markings import MARKABLE, own_groups

router = Router(tags=["markings"])
Markable = StrEnum("Markable", {name.upper(): name for name in MARKABLE})  # type: ignore[misc]  # the kinds are those of the one table


class PlaceOut(Schema):
    """A person in a group, and why they need to know."""

    id: int
    person: int = Field(alias="person_id")
    name: str = Field(alias="person.name")
    reason: str
    starts: date


class GroupOut(Schema):
    """A group that you are in, and who else is."""

    id: int
    name: str
    need: str
    places: list[PlaceOut]

    @staticmethod
    def resolve_places(group: NeedToKnowGroup) -> list[GroupPlace]:
        """Those who are in it today."""
        return list(group.places.current().select_related("person"))


class GroupIn(Schema):
    """A group to make, of people by their keys; you are in it yourself."""

    name: str = Field(max_length=100)
    need: str
    people: list[Key] = []


class JoinIn(Schema):
    """Somebody, by their key, who needs to know, and why."""

    person: Key
    reason: str


class ReasonIn(Schema):
    """Why."""

    reason: str


class MarkIn(Schema):
    """A marking; what is sensitive names a group that you are in, by its key, and what is lowered its reason."""

    marking: Marking
    group: Key | None = None
    descriptor: str = Field("", max_length=50)
    handling: str = Field("", max_length=300)
    reason: str = ""


@router.get("/reviews/{review_id}/groups", response=list[GroupOut])
def groups(request: HttpRequest, review_id: Key) -> object:
    """The need-to-know groups of a review that you are in; of the others, not even that they are there."""
    person = person_or_403(request)
    return own_groups(_review(request, review_id), person)


@router.post("/reviews/{review_id}/groups", response={201: AddedOut, **REFUSALS})
def make_group(request: HttpRequest, review_id: Key, made: GroupIn) -> Status[AddedOut]:
    """Name some people who need to know something that others may not."""
    person, review = person_or_403(request), _review(request, review_id)
    check_confirmed_by_api(request)
    seen = Person.objects.visible_to(request.user)
    people = [get_object_or_404(seen, pk=key) for key in dict.fromkeys(made.people)]
    group = changes.make_group(review, name=made.name, need=made.need, people=people, by=person)
    return Status(201, AddedOut(id=group.pk, reference=group.name))


@router.post("/groups/{group_id}/places", response={201: AddedOut, **REFUSALS})
def join(request: HttpRequest, group_id: Key, joined: JoinIn) -> Status[AddedOut]:
    """Let somebody read what a group that you are in may read."""
    by = person_or_403(request)
    group = get_object_or_404(_own(request), pk=group_id)
    check_confirmed_by_api(request)
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=joined.person)
    place = changes.add_to_group(group, person=person, reason=joined.reason, by=by)
    return Status(201, AddedOut(id=place.pk, reference=str(place)))


@router.post("/group-places/{place_id}/end", response={200: AddedOut, **REFUSALS})
def leave(request: HttpRequest, place_id: Key, why: ReasonIn) -> AddedOut:
    """Say that somebody no longer needs to know."""
    by = person_or_403(request)
    place = get_object_or_404(GroupPlace.objects.current().filter(group__in=_own(request)).select_related("group", "person"), pk=place_id)
    return AddedOut(id=changes.take_out_of_group(place, reason=why.reason, by=by).pk, reference=str(place))


@router.put("/markings/{kind}/{thing_id}", response={200: AddedOut, **REFUSALS})
def mark(request: HttpRequest, kind: Markable, thing_id: Key, said: MarkIn) -> AddedOut:
    """Mark something anew; the answer names its full marking."""
    person = person_or_403(request)
    model, review_of, _ = MARKABLE[kind.value]
    row = get_object_or_404(model.objects.visible_to(request.user), pk=thing_id)
    review = review_of(row)
    if review is None:
        raise HttpError(404, "Only what belongs to a review is marked")
    group = get_object_or_404(own_groups(review, person), pk=said.group) if said.group is not None else None
    marked = changes.mark(
        row,
        review=review,
        marking=said.marking,
        group=group,
        descriptor=said.descriptor,
        handling=said.handling,
        reason=said.reason,
        by=person,
    )
    return AddedOut(id=marked.pk, reference=marked.full_marking)


def _review(request: HttpRequest, key: int) -> Review:
    return get_object_or_404(Review.objects.visible_to(request.user), pk=key)


def _own(request: HttpRequest) -> "QuerySet[NeedToKnowGroup]":
    person = person_or_403(request)
    seen = Review.objects.visible_to(request.user)
    return NeedToKnowGroup.objects.filter(review__in=seen, pk__in=groups_of(person))
