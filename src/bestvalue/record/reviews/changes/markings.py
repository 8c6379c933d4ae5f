"""Changes to who may read what: markings, the groups of those who need to know, and every reading of what is sensitive."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.ledger import ledger
from bestvalue.record.reviews.models import (
    GroupPlace,
    Marked,
    Marking,
    NeedToKnowGroup,
    ProposedVersion,
    PublishedVersion,
    Review,
    check_marking,
)
from bestvalue.record.row_versions import Versioned, check_as_read


@transaction.atomic
def make_group(review: Review, *, name: str, need: str, people: Iterable[Person], by: Person) -> NeedToKnowGroup:
    """Name some people of a review who need to know something that others may not. Whoever makes the group is in it.

    Args:
        review: whose group it is.
        name: what it is called.
        need: what its people need to know, and what for.
        people: who they are, besides `by`.
        by: somebody of the review's team.

    Raises:
        RuleError: `by` does not write in the review, or the group has no name or no need, or the name is taken.
    """
    review.check_editable(by=by)
    if not name.strip() or not need.strip():
        raise RuleError("A group has a name and a need", where="need", next_step="Say what its people need to know, and what for.")
    if review.groups.filter(name__iexact=name.strip()).exists():
        raise RuleError("The review has a group of this name", where="name", next_step="Choose another name.")
    group = NeedToKnowGroup.objects.create(review=review, name=name.strip(), need=need.strip(), made_at=timezone.now(), made_by=by)
    named = sorted({by, *people}, key=lambda person: person.pk)
    for person in named:
        GroupPlace.objects.create(group=group, person=person, reason=group.need, starts=timezone.localdate(), by=by)
    ledger.write("group.made", target=group, by=by, payload={"review": review.pk, "name": group.name, "people": [p.pk for p in named]})
    return group


@transaction.atomic
def add_to_group(group: NeedToKnowGroup, *, person: Person, reason: str, by: Person) -> GroupPlace:
    """Let somebody read what a group may read.

    Raises:
        RuleError: `by` is not in the group, no reason is given, or the person is in it already.
    """
    group = NeedToKnowGroup.objects.select_for_update().get(pk=group.pk)
    group.check_kept_by(by)
    if not reason.strip():
        raise RuleError("Somebody joins for a reason", where="reason", next_step="Say what they need to know, and what for.")
    if group.holds(person):
        raise RuleError(f"{person} is in the group already", where="person", next_step="Nothing is left to do.")
    place = GroupPlace.objects.create(group=group, person=person, reason=reason.strip(), starts=timezone.localdate(), by=by)
    ledger.write("group.joined", target=group, by=by, payload={"person": person.pk, "reason": place.reason})
    return place


@transaction.atomic
def take_out_of_group(place: GroupPlace, *, reason: str, by: Person) -> GroupPlace:
    """Somebody no longer needs to know: from the next request on they read nothing of it.

    Raises:
        RuleError: `by` is not in the group, no reason is given, the place has ended, or nobody would be left in the group.
    """
    group = NeedToKnowGroup.objects.select_for_update().get(pk=place.group_id)
    group.check_kept_by(by)
    place = GroupPlace.objects.get(pk=place.pk)
    if not reason.strip():
        raise RuleError("Somebody leaves for a reason", where="reason", next_step="Say why in a sentence.")
    if place.ends is not None or group.places.current().count() == 1:
        raise RuleError("Somebody must be left who may read it", where="person", next_step="Add another person first.")
    place.ends = _yesterday()  # a place holds to the end of its last day, and this one ends now
    place.save()
    ledger.write("group.left", target=group, by=by, payload={"person": place.person_id, "reason": reason.strip()})
    return place


@transaction.atomic
def mark(
    row: Marked,
    *,
    review: Review,
    marking: Marking,
    by: Person,
    group: NeedToKnowGroup | None = None,
    descriptor: str = "",
    handling: str = "",
    reason: str = "",
    read: Mapping[str, Any] | None = None,
) -> Marked:
    """Mark something anew. Whoever reads it and writes in the review may raise its marking; to lower it takes a reason.

    Args:
        row: evidence, a finding, a recommendation, a challenge or an option.
        review: which it belongs to.
        marking: its marking from now on.
        by: who marks it.
        group: who may read what is sensitive.
        descriptor: what kind of sensitivity it is: "PERSONAL DATA".
        handling: what whoever reads it must keep to.
        reason: why; needed where the marking is lowered.
        read: its marking as it was read; None where nobody else can have marked it meanwhile.

    Raises:
        RuleError: `by` may not, no group is named, it is another review's or `by` is not in it, or a reason is missing.
        EditedMeanwhileError: somebody else marked it since.
    """
    held = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    review.check_editable(by=by)
    mine = {"marking": marking, "group": group, "descriptor": descriptor.strip(), "handling": handling.strip()}
    check_as_read(held, read=read, mine=mine)
    check_marking(held, review=review, marking=marking, group=group, reason=reason, by=by)
    before = held.full_marking
    held.marking, held.group, held.descriptor, held.handling = marking, group, descriptor.strip(), handling.strip()
    if isinstance(held, Versioned):
        held.row_version += 1
    held.save()
    payload = {"from": before, "to": held.full_marking, "group": group and group.pk, "handling": held.handling, "reason": reason.strip()}
    ledger.write(f"{held._meta.model_name}.marked", target=held, by=by, payload=payload)
    return held


@transaction.atomic
def note_read(row: Marked | PublishedVersion | ProposedVersion, *, by: Person) -> None:
    """Record that somebody read something, if it is marked so that every reading is recorded."""
    if row.is_sensitive:
        ledger.write(f"{row._meta.model_name}.read", target=row, by=by)


@transaction.atomic
def note_exported(rows: Iterable[Marked], *, by: Person, what: str) -> None:
    """Record that somebody took sensitive things out in a file, in one entry that names them all."""
    taken = [row for row in rows if row.is_sensitive]
    if taken:
        keys = [f"{row._meta.label_lower} {row.pk}" for row in taken]
        ledger.write("sensitive.exported", target=by, by=by, payload={"what": what, "rows": keys})


def _yesterday() -> date:
    return date.fromordinal(timezone.localdate().toordinal() - 1)
