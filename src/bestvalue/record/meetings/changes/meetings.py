"""Changes to a meeting: calling it, its agenda, who was there, its minutes, and the decisions taken at it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.ledger import ledger
from bestvalue.record.meetings.models import AgendaItem, Meeting, Minute, Presence, Was, check_item, check_keeps_meetings_of
from bestvalue.record.reviews.changes import take_decision
from bestvalue.record.reviews.life_cycle import Outcome
from bestvalue.record.reviews.models import Decision, Marking, NeedToKnowGroup, Review
from bestvalue.record.row_versions import check_newest


@transaction.atomic
def call_meeting(
    body: Body,
    *,
    on: date,
    by: Person,
    place: str = "",
    marking: Marking = Marking.OFFICIAL,
    group: NeedToKnowGroup | None = None,
    descriptor: str = "",
    handling: str = "",
) -> Meeting:
    """Call a meeting of a body; it gets the next number. A day that has passed records a meeting that was held.

    Args:
        body: which meets.
        on: the day.
        by: a member of the body.
        place: where.
        marking: of its agenda, minutes and all that arises.
        group: who may read what is sensitive: of a review that comes before the body.
        descriptor: what kind of sensitivity it is.
        handling: what whoever reads it must keep to.

    Raises:
        RuleError: `by` is no member of the body, or the marking lacks its group.
    """
    body = Body.objects.select_for_update().get(pk=body.pk)
    check_keeps_meetings_of(body, by=by)
    # Nothing is ever deleted, and whoever calls holds the body: the count is the newest number.
    meeting = Meeting(body=body, number=body.meetings.count() + 1, on=on, place=place.strip(), called_by=by)
    meeting.check_markable(marking=marking, group=group, reason="", by=by)
    meeting.marking, meeting.group, meeting.descriptor, meeting.handling = marking, group, descriptor.strip(), handling.strip()
    meeting.save()
    said = {"body": body.pk, "on": on, "place": meeting.place, "marking": meeting.full_marking, "group": group and group.pk}
    ledger.write("meeting.called", target=meeting, by=by, payload=said)
    return meeting


@transaction.atomic
def call_off(meeting: Meeting, *, reason: str, by: Person) -> Meeting:
    """Call a meeting off. It stays in the list with its reason.

    Raises:
        RuleError: `by` is no member of the body, it was held or called off already, or there is no reason.
    """
    meeting = _held_until_commit(meeting)
    meeting.check_kept(by=by)
    if meeting.is_held:
        raise RuleError("The meeting was held", where=str(meeting), next_step="What was held cannot be called off.")
    if not reason.strip():
        raise RuleError("A meeting that is called off has a reason", where="reason", next_step="Say why in a sentence.")
    meeting.called_off = reason.strip()
    meeting.save()
    ledger.write("meeting.called_off", target=meeting, by=by, payload={"reason": meeting.called_off})
    return meeting


@transaction.atomic
def add_item(meeting: Meeting, *, text: str, by: Person, about: Review | Decision | Recommendation | None = None) -> AgendaItem:
    """Put something on the agenda; it gets the next number.

    Args:
        meeting: whose agenda.
        text: what is to be discussed.
        by: a member of the body.
        about: the review, the decision that is due (or was taken that day), or the recommendation that it is about.

    Raises:
        RuleError: `by` is no member, it says nothing, or is about what is not for this body.
    """
    meeting = _held_until_commit(meeting)
    check_item(meeting, text=text, about=about, by=by)
    item = AgendaItem.objects.create(
        meeting=meeting,
        number=meeting.items.count() + 1,
        text=text.strip(),
        review=about if isinstance(about, Review) else None,
        decision=about if isinstance(about, Decision) else None,
        recommendation=about if isinstance(about, Recommendation) else None,
        added_by=by,
    )
    ledger.write(
        "meeting.item_added",
        target=meeting,
        by=by,
        payload={"item": item.number, "text": item.text, "about": about and f"{about._meta.label_lower} {about.pk}"},
    )
    return item


@transaction.atomic
def record_attendance(
    meeting: Meeting,
    *,
    present: Collection[Person],
    by: Person,
    apologies: Collection[Person] = (),
    others: Sequence[str] = (),
    interests: Mapping[Person, str] | None = None,
) -> Meeting:
    """Record who was there: with that the meeting has been held. Decisions taken at it have their attendance from here.

    Args:
        meeting: which.
        present: the members of that day who were there.
        by: a member of the body.
        apologies: the members who sent apologies; any other member was absent without.
        others: who else was in attendance, by name.
        interests: what members declared.

    Raises:
        RuleError: `by` is no member, the day has not come, it is recorded already, or it is not what a decision of that day holds.
    """
    meeting = _held_until_commit(meeting)
    interests = interests or {}
    meeting.check_attendance(present=present, apologies=apologies, interests=interests, today=timezone.localdate(), by=by)
    for member in meeting.members():
        was = Was.PRESENT if member in present else Was.APOLOGIES if member in apologies else Was.ABSENT
        Presence.objects.create(meeting=meeting, person=member, name=member.name, was=was, interest=interests.get(member, ""))
    named = [name.strip() for name in others if name.strip()]
    for name in named:
        Presence.objects.create(meeting=meeting, name=name, was=Was.ATTENDING)
    meeting.recorded_by = by
    meeting.save()
    ledger.write(
        "meeting.attended",
        target=meeting,
        by=by,
        payload={
            "present": sorted(person.pk for person in present),
            "apologies": sorted(person.pk for person in apologies),
            "others": named,
            "interests": {str(person.pk): interest for person, interest in interests.items()},
        },
    )
    return meeting


@transaction.atomic
def minute_item(item: AgendaItem, *, text: str, by: Person, read: int | None = None) -> Minute:
    """Minute an item, or correct its minute: the newest counts, and the earlier ones stay.

    Args:
        item: which.
        text: what was said or agreed.
        by: a member of the body.
        read: the key of the minute that was read, 0 where there was none; None where nobody else can have minuted it meanwhile.

    Raises:
        RuleError: `by` is no member, the meeting has not been held, or the minute says nothing.
        EditedMeanwhileError: somebody else minuted it since.
    """
    meeting = _held_until_commit(item.meeting)
    meeting.check_kept(by=by)
    meeting.check_held()
    if not text.strip():
        raise RuleError("A minute says something", where="text", next_step="Enter what was said or agreed.")
    check_newest(item, field="text", label="Minute", texts=list(item.minutes.order_by("pk")), read=read, mine=text.strip())
    minute = Minute.objects.create(item=item, text=text.strip(), at=timezone.now(), by=by)
    ledger.write("meeting.item_minuted", target=meeting, by=by, payload={"item": item.number, "text": minute.text})
    return minute


@transaction.atomic
def decide_item(item: AgendaItem, *, outcome: Outcome, by: Person, reason: str = "", deferred_to: date | None = None) -> Decision:
    """Record what the body decided about an item: day, minute, attendance and interests are those of the meeting, and not typed again.

    Raises:
        RuleError: the item is about no decision, its attendance is not recorded, or the rules of the decision refuse it.
    """
    meeting = _held_until_commit(item.meeting)
    item = AgendaItem.objects.select_related("meeting__body", "decision").get(pk=item.pk)
    decision = item.check_decidable_here()
    members = {member.pk for member in decision.members_on(meeting.on)}
    places = [place for place in meeting.presences.select_related("person") if place.person is not None and place.person_id in members]
    taken = take_decision(
        decision,
        outcome=outcome,
        taken_on=meeting.on,
        minute=item.place,
        reason=reason,
        attended=[place.person for place in places if place.was == Was.PRESENT and place.person],
        interests={place.person: place.interest for place in places if place.interest and place.person},
        deferred_to=deferred_to,
        by=by,
    )
    ledger.write("meeting.item_decided", target=meeting, by=by, payload={"item": item.number, "decision": taken.pk, "outcome": outcome})
    return taken


def _held_until_commit(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_for_update(of=("self",)).select_related("body").get(pk=meeting.pk)
