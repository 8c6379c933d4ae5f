"""Whose request to the API is it, and how a fault is answered."""

from django.http import HttpRequest
from ninja import Schema
from ninja.errors import HttpError

from bestvalue.record.bodies.models import Person, person_of


class FaultOut(Schema):
    """What is wrong, where, and what to do next."""

    what: str
    where: str
    next_step: str


def person_or_403(request: HttpRequest) -> Person:
    """The person who asks.

    Raises:
        HttpError: 403, they hold no place in any body today.
    """
    person = person_of(request.user)
    if person is None:
        raise HttpError(403, "You hold no place in any body today")
    return person
