"""The part of the API about who is who: bodies, people and their places, for whoever keeps them."""

from datetime import date

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status
from ninja.pagination import PageNumberPagination, paginate

from bestvalue.record.bodies import changes
from bestvalue.record.bodies.models import Body, BodyKind, Membership, Person, PersonQuerySet, Role
from bestvalue.site.api_access import EMAIL, REFUSALS, AddedOut, Key, Short, person_or_403
from bestvalue.site.confirming import check_confirmed_by_api

router = Router(tags=["bodies"])


class BodyOut(Schema):
    """A body."""

    id: int
    version: int = Field(alias="row_version")
    name: str
    short_name: str
    kind: BodyKind
    parent: int | None = Field(alias="parent_id")


class BodyIn(Schema):
    """A body to record; part of another by its key."""

    name: Short
    kind: BodyKind
    short_name: str = Field("", max_length=50)
    parent: Key | None = None


class PersonOut(Schema):
    """Somebody who acts in the record."""

    id: int
    version: int = Field(alias="row_version")
    name: str


class PersonIn(Schema):
    """A person to record; a sign-in is given on the site."""

    name: Short
    email: str = Field("", max_length=254, pattern=EMAIL)


class PlaceOut(Schema):
    """A place in a body, from a day to another; to no day while it goes on."""

    id: int
    person: int = Field(alias="person_id")
    name: str = Field(alias="person.name")
    role: Role
    starts: date
    ends: date | None


class PlaceIn(Schema):
    """A place to give to a person, by their key."""

    person: Key
    role: Role
    starts: date
    ends: date | None = None


class EndIn(Schema):
    """The last day of a place; access ends with it."""

    on: date


@router.get("/bodies", response=list[BodyOut])
@paginate(PageNumberPagination, page_size=100)
def bodies(request: HttpRequest) -> object:
    """Every body."""
    person_or_403(request)
    return Body.objects.order_by("kind", "name", "pk")


@router.post("/bodies", response={201: AddedOut, **REFUSALS})
def add_body(request: HttpRequest, said: BodyIn) -> Status[AddedOut]:
    """Record a body."""
    person = person_or_403(request)
    parent = get_object_or_404(Body, pk=said.parent) if said.parent is not None else None
    added = changes.add_body(name=said.name, kind=said.kind, short_name=said.short_name, parent=parent, by=person)
    return Status(201, AddedOut(id=added.pk, reference=added.name))


@router.get("/people", response=list[PersonOut])
@paginate(PageNumberPagination, page_size=100)
def people(request: HttpRequest) -> PersonQuerySet:
    """Everyone who acts in the record."""
    person_or_403(request)
    return Person.objects.visible_to(request.user).order_by("name", "pk")


@router.post("/people", response={201: AddedOut, **REFUSALS})
def add_person(request: HttpRequest, said: PersonIn) -> Status[AddedOut]:
    """Record a person."""
    person = person_or_403(request)
    added = changes.add_person(name=said.name, email=said.email, by=person)
    return Status(201, AddedOut(id=added.pk, reference=added.name))


@router.get("/bodies/{body_id}/memberships", response=list[PlaceOut])
def places(request: HttpRequest, body_id: Key) -> object:
    """Who holds a place in a body, and who did."""
    person_or_403(request)
    return get_object_or_404(Body, pk=body_id).memberships.select_related("person").order_by("person__name", "starts")


@router.post("/bodies/{body_id}/memberships", response={201: PlaceOut, **REFUSALS})
def add_place(request: HttpRequest, body_id: Key, said: PlaceIn) -> Status[Membership]:
    """Give a person a place in a body."""
    by, body = person_or_403(request), get_object_or_404(Body, pk=body_id)
    check_confirmed_by_api(request)
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=said.person)
    return Status(201, changes.add_membership(person=person, body=body, role=said.role, starts=said.starts, ends=said.ends, by=by))


@router.post("/memberships/{membership_id}/end", response={200: PlaceOut, **REFUSALS})
def end_place(request: HttpRequest, membership_id: Key, said: EndIn) -> Membership:
    """End a place; access ends with it."""
    by = person_or_403(request)
    found = get_object_or_404(Membership.objects.select_related("person", "body"), pk=membership_id)
    return changes.end_membership(found, on=said.on, by=by)
