"""Whose request is it? Every page that changes something, or that depends on a person, asks here."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from bestvalue.record.bodies.models import Membership, Person, User, person_of
from bestvalue.record.reviews.life_cycle import ENDED
from bestvalue.record.reviews.models import EDITORS, Review


def person_behind(request: HttpRequest) -> Person:
    """The person who asks.

    Raises:
        PermissionDenied: they hold no place in any body today.
    """
    person = person_of(request.user)
    if person is None:
        raise PermissionDenied("no place in any body today")
    return person


def reviews_to_write_in(user: User | AnonymousUser, person: Person) -> list[Review]:
    """The reviews under way to which somebody may add, with their questions of scope; three queries however many there are."""
    held = Membership.objects.current().filter(person=person, role__in=EDITORS).values("body")
    found = Review.objects.visible_to(user).filter(bodies__in=held).distinct().prefetch_related("stages", "scope_questions")
    return [review for review in found if review.stage not in ENDED]
