"""Whose request is it? Every page that changes something, or that depends on a person, asks here."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from bestvalue.record.bodies.models import Person, person_of


def person_behind(request: HttpRequest) -> Person:
    """The person who asks.

    Raises:
        PermissionDenied: they hold no place in any body today.
    """
    person = person_of(request.user)
    if person is None:
        raise PermissionDenied("no place in any body today")
    return person
