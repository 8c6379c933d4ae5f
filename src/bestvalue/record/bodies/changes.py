"""Changes to bodies, people and memberships."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, BodyKind, Membership, Person, Role, User, check_keeps_people
from bestvalue.record.ledger import ledger
from bestvalue.record.row_versions import hold, keep


@transaction.atomic
def add_body(*, name: str, kind: BodyKind, by: Person | None, short_name: str = "", parent: Body | None = None) -> Body:
    """Record a body.

    Raises:
        RuleError: `by` may not, or there is a body of this name in the same place.
    """
    check_keeps_people(by)
    if Body.objects.filter(name__iexact=name, parent=parent).exists():
        raise RuleError(f"There is a body called {name!r} already", where=str(parent or ""), next_step="Use that one.")
    body = Body.objects.create(name=name, short_name=short_name, kind=kind, parent=parent)
    ledger.write("body.added", target=body, by=by, payload={"name": name, "kind": kind, "parent": parent and parent.pk})
    return body


@transaction.atomic
def add_person(*, name: str, by: Person | None, email: str = "") -> Person:
    """Record a person.

    Raises:
        RuleError: `by` may not.
    """
    check_keeps_people(by)
    person = Person.objects.create(name=name, email=email)
    ledger.write("person.added", target=person, by=by, payload={"name": name, "email": email})
    return person


@transaction.atomic
def edit_body(body: Body, *, version: int, mine: Mapping[str, Any], by: Person | None) -> Body:
    """Change the name, short name or kind of a body.

    Raises:
        RuleError: `by` may not, it would have no name, or another body in the same place has it.
        EditedMeanwhileError: somebody changed the same meanwhile.
    """
    check_keeps_people(by)
    held = hold(body, version=version, mine=mine)
    name = str(mine.get("name", held.name)).strip()
    if not name:
        raise RuleError("A body has a name", where="name", next_step="Enter the name.")
    if Body.objects.filter(name__iexact=name, parent=held.parent_id).exclude(pk=held.pk).exists():
        raise RuleError(f"There is a body called {name!r} already", where="name", next_step="Use that one.")
    ledger.write("body.edited", target=held, by=by, payload={"changed": keep(held, mine=mine)})
    return held


@transaction.atomic
def edit_person(person: Person, *, version: int, mine: Mapping[str, Any], by: Person | None) -> Person:
    """Change the name or e-mail address of a person; the address that they sign in with stays.

    Raises:
        RuleError: `by` may not, or they would have no name.
        EditedMeanwhileError: somebody changed the same meanwhile.
    """
    check_keeps_people(by)
    held = hold(person, version=version, mine=mine)
    if not str(mine.get("name", held.name)).strip():
        raise RuleError("A person has a name", where="name", next_step="Enter the name.")
    ledger.write("person.edited", target=held, by=by, payload={"changed": keep(held, mine=mine)})
    return held


@transaction.atomic
def give_sign_in(person: Person, *, password: str, by: Person | None) -> User:
    """Let a person sign in with their e-mail address.

    Raises:
        RuleError: `by` may not, the person has no address or a sign-in already, or the password is too weak.
    """
    check_keeps_people(by)
    if not person.email:
        raise RuleError("A sign-in needs an e-mail address", where=person.name, next_step="Record the person's address first.")
    if person.user is not None:
        raise RuleError("The person has a sign-in already", where=person.name, next_step="They can ask for a new password.")
    try:
        validate_password(password)
    except ValidationError as weak:
        raise RuleError(" ".join(weak.messages), where="password", next_step="Choose another password.") from weak
    person.user = User.objects.create_user(person.email, password)
    person.save()
    ledger.write("person.sign_in_given", target=person, by=by)
    return person.user


@transaction.atomic
def disable_sign_in(person: Person, *, by: Person | None) -> int:
    """Let a person in no more, and end every session of theirs at once; what they did stays, and they can be let in again.

    Returns:
        How many sessions ended.

    Raises:
        RuleError: `by` may not, the person has no sign-in, or it is their own.
    """
    user = _held_sign_in(person, by=by)
    if person == by:
        raise RuleError("Nobody disables their own sign-in", where=person.name, next_step="Ask another programme or project manager.")
    user.is_active = False
    user.save()
    ended = _delete_sessions(user)
    ledger.write("person.sign_in_disabled", target=person, by=by, payload={"sessions": ended})
    return ended


@transaction.atomic
def enable_sign_in(person: Person, *, by: Person | None) -> None:
    """Let a person in again, with the password and second step that they had.

    Raises:
        RuleError: `by` may not, or the person has no sign-in.
    """
    user = _held_sign_in(person, by=by)
    user.is_active = True
    user.save()
    ledger.write("person.sign_in_enabled", target=person, by=by)


@transaction.atomic
def end_sessions(person: Person, *, by: Person | None) -> int:
    """End every session of a person: they sign in anew, wherever they were.

    Returns:
        How many ended.

    Raises:
        RuleError: `by` may not, or the person has no sign-in.
    """
    ended = _delete_sessions(_held_sign_in(person, by=by))
    ledger.write("person.sessions_ended", target=person, by=by, payload={"sessions": ended})
    return ended


def _held_sign_in(person: Person, *, by: Person | None) -> User:
    check_keeps_people(by)
    if person.user_id is None:
        raise RuleError("The person has no sign-in", where=person.name, next_step="Give them one first.")
    return User.objects.select_for_update(of=("self",)).get(pk=person.user_id)


def _delete_sessions(user: User) -> int:
    # Whose a session is stands in what it holds, so each that has not ended is opened.
    theirs = [one.pk for one in Session.objects.iterator() if one.get_decoded().get(SESSION_KEY) == str(user.pk)]
    Session.objects.filter(pk__in=theirs).delete()
    return len(theirs)


@transaction.atomic
def add_membership(*, person: Person, body: Body, role: Role, starts: date, by: Person | None, ends: date | None = None) -> Membership:
    """Give a person a place in a body.

    Raises:
        RuleError: `by` may not, it would end before it starts, or they hold this very place at that time.
    """
    check_keeps_people(by)
    if ends is not None and ends < starts:
        raise RuleError("A membership cannot end before it starts", where=f"{ends:%d %B %Y}", next_step="Enter a later last day.")
    if Membership.objects.current(on=starts).filter(person=person, body=body, role=role).exists():
        raise RuleError(f"{person} is {role.label.lower()} there already", where=body.name, next_step="End that membership first.")
    membership = Membership.objects.create(person=person, body=body, role=role, starts=starts, ends=ends)
    ledger.write(
        "membership.added",
        target=membership,
        by=by,
        payload={"person": person.pk, "body": body.pk, "role": role, "starts": starts, "ends": ends},
    )
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, on: date, by: Person | None) -> Membership:
    """End a membership; `on` is its last day. Access ends with it.

    Raises:
        RuleError: `by` may not, or it has ended, or had not started.
    """
    check_keeps_people(by)
    membership.check_endable(on=on, today=timezone.localdate())
    membership.ends = on
    membership.save()
    ledger.write("membership.ended", target=membership, by=by, payload={"ends": on})
    return membership
