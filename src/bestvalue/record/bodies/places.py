"""The places that a person holds, read once for a whole page."""

from bestvalue.record.bodies.models import Person
from bestvalue.record.duties import Whose


def whose(person: Person) -> Whose:
    """A person with the roles that they hold in each body today."""
    roles: dict[int, set[str]] = {}
    for body, role in person.places_today():
        roles.setdefault(body, set()).add(role)
    return Whose(person=person, roles={body: frozenset(held) for body, held in roles.items()})
