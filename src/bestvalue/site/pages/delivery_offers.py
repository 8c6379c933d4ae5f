"""What somebody may say about a recommendation or an action, as links.

The rules decide when it is said; here nothing useless is offered.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.life_cycle import ENDED, State, Status, settable_after_state
from bestvalue.record.delivery.models import Action, Delivered, Recommendation, Transfer, recommendation_of
from bestvalue.site.pages.delivery_changes import OF_ACTIONS, OF_RECOMMENDATIONS


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A link to a page where something is said."""

    words: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Place:
    """What somebody is to a recommendation or an action."""

    person: Person
    bodies: frozenset[int]
    may_plan: bool
    leads: bool
    speaks_for_owner: bool


def place_of(person: Person, about: Delivered, *, may_plan: bool) -> Place:
    """What a person is to it; `about` has its ownerships in memory."""
    bodies = person.bodies_today()
    ownership = recommendation_of(about).ownership
    leads = person == about.lead
    owner = ownership.body_id if ownership else None
    return Place(person=person, bodies=bodies, may_plan=may_plan, leads=leads, speaks_for_owner=owner in bodies and not leads)


def of_recommendation(found: Recommendation, *, status: Status, place: Place, waiting: Transfer | None) -> list[Offer]:
    """What a person may say about a recommendation that stands so."""
    names = list(_names_of_recommendation(status, place, waiting, owned=found.ownership is not None))
    return [Offer(words=OF_RECOMMENDATIONS[name].title, address=reverse("recommendation_change", args=[found.pk, name])) for name in names]


def _names_of_recommendation(status: Status, place: Place, waiting: Transfer | None, *, owned: bool) -> Iterator[str]:
    under_way = status in (Status.ACCEPTED, Status.PARTLY_ACCEPTED, Status.IN_PROGRESS, Status.EMBEDDING)
    if waiting is not None and waiting.to_body_id in place.bodies:
        yield "transfer-answer"
    if place.may_plan and status not in (Status.COMPLETE, Status.CLOSED, Status.WITHDRAWN, Status.NOT_ACCEPTED):
        yield "own"
        yield "action"
    if not owned or not (under_way or status is Status.REQUESTED):
        return
    if place.leads:
        yield from ("update", "evidence")
        if status in (Status.IN_PROGRESS, Status.EMBEDDING):
            yield "request"
    else:
        yield "verify"
    if place.speaks_for_owner:
        yield "decide" if status is Status.REQUESTED else "close"
        if waiting is None:
            yield "transfer"


def of_action(found: Action, *, state: State, place: Place) -> list[Offer]:
    """What a person may say about an action that stands so."""
    names = [] if state in ENDED else list(_names_of_action(state, place))
    return [Offer(words=OF_ACTIONS[name].title, address=reverse("action_change", args=[found.pk, name])) for name in names]


def _names_of_action(state: State, place: Place) -> Iterator[str]:
    if place.leads:
        yield "update"
        if settable_after_state(state):
            yield "state"
        yield from ("forecast", "evidence")
        if state in (State.IN_PROGRESS, State.EMBEDDING):
            yield "request"
    else:
        yield "verify"
    if place.speaks_for_owner:
        yield from ("decide",) if state is State.REQUESTED else ("agreed-date", "close")
    if place.may_plan:
        yield from ("waits-for", "money")
