"""The part of the API that writes about delivery: answers to recommendations, actions of a plan, how they stand, updates."""

from datetime import date

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery import changes
from bestvalue.record.delivery.life_cycle import State
from bestvalue.record.delivery.life_cycle import Status as Stands
from bestvalue.record.delivery.models import Action, Recommendation
from bestvalue.site.api_access import REFUSALS, AddedOut, Key, person_or_403

router = Router(tags=["delivery"])


class StatusIn(Schema):
    """How a recommendation stands from a day on; a refusal, or a part of one, says why."""

    status: Stands
    on: date
    note: str = ""


class UpdateIn(Schema):
    """What its lead says about how it stands."""

    text: str
    on: date


class ActionIn(Schema):
    """A row of the improvement plan; its lead by their key."""

    what: str
    why: str
    how: str
    target: str
    lead: Key
    original_date: date
    starts: date | None = None


class StateIn(Schema):
    """How an action stands from a day on."""

    state: State
    on: date
    note: str = ""


class ForecastIn(Schema):
    """When the lead expects it to be complete, said on a day."""

    to: date
    on: date
    note: str = ""


@router.post("/recommendations/{recommendation_id}/statuses", response={201: AddedOut, **REFUSALS})
def set_status(request: HttpRequest, recommendation_id: Key, said: StatusIn) -> Status[AddedOut]:
    """Answer a recommendation, or record how it stands."""
    person, found = person_or_403(request), _recommendation(request, recommendation_id)
    reached = changes.set_status(found, status=said.status, on=said.on, note=said.note, by=person)
    return Status(201, AddedOut(id=reached.pk, reference=found.reference))


@router.post("/recommendations/{recommendation_id}/updates", response={201: AddedOut, **REFUSALS})
def update_recommendation(request: HttpRequest, recommendation_id: Key, said: UpdateIn) -> Status[AddedOut]:
    """Say how a recommendation stands; it answers the oldest request for an update."""
    person, found = person_or_403(request), _recommendation(request, recommendation_id)
    return Status(201, AddedOut(id=changes.give_update(found, text=said.text, on=said.on, by=person).pk, reference=found.reference))


@router.post("/recommendations/{recommendation_id}/actions", response={201: AddedOut, **REFUSALS})
def add_action(request: HttpRequest, recommendation_id: Key, row: ActionIn) -> Status[AddedOut]:
    """Add an action to the plan."""
    person, found = person_or_403(request), _recommendation(request, recommendation_id)
    lead = get_object_or_404(Person.objects.visible_to(request.user), pk=row.lead)
    added = changes.add_action(
        found,
        what=row.what,
        why=row.why,
        how=row.how,
        target=row.target,
        lead=lead,
        original_date=row.original_date,
        starts=row.starts,
        by=person,
    )
    return Status(201, AddedOut(id=added.pk, reference=added.reference))


@router.post("/actions/{action_id}/updates", response={201: AddedOut, **REFUSALS})
def update_action(request: HttpRequest, action_id: Key, said: UpdateIn) -> Status[AddedOut]:
    """Say how an action stands; it answers the oldest request for an update."""
    person, found = person_or_403(request), _action(request, action_id)
    return Status(201, AddedOut(id=changes.give_update(found, text=said.text, on=said.on, by=person).pk, reference=found.reference))


@router.post("/actions/{action_id}/states", response={201: AddedOut, **REFUSALS})
def set_state(request: HttpRequest, action_id: Key, said: StateIn) -> Status[AddedOut]:
    """Record how an action stands, as its lead says."""
    person, found = person_or_403(request), _action(request, action_id)
    reached = changes.set_state(found, state=said.state, on=said.on, note=said.note, by=person)
    return Status(201, AddedOut(id=reached.pk, reference=found.reference))


@router.post("/actions/{action_id}/forecasts", response={201: AddedOut, **REFUSALS})
def forecast(request: HttpRequest, action_id: Key, said: ForecastIn) -> Status[AddedOut]:
    """Record when the lead expects an action to be complete."""
    person, found = person_or_403(request), _action(request, action_id)
    expected = changes.forecast(found, to=said.to, on=said.on, note=said.note, by=person)
    return Status(201, AddedOut(id=expected.pk, reference=found.reference))


def _recommendation(request: HttpRequest, key: int) -> Recommendation:
    return get_object_or_404(Recommendation.objects.visible_to(request.user), pk=key)


def _action(request: HttpRequest, key: int) -> Action:
    return get_object_or_404(Action.objects.visible_to(request.user).select_related("recommendation", "lead"), pk=key)
