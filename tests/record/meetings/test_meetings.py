"""Meetings: who keeps their record, what is on the agenda, and whose attendance a decision has."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person, User
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.meetings import changes
from bestvalue.record.meetings.models import AgendaItem, Meeting, Minute, Presence, Was
from bestvalue.record.reviews.life_cycle import Outcome
from bestvalue.record.reviews.models import Decision, Review

DAY = date(2026, 1, 5)
MakePerson = Callable[..., Person]
Call = Callable[..., Meeting]


@pytest.mark.parametrize(("role", "may"), [("board member", True), ("project manager", True), ("observer", False), ("inspector", False)])
def test_who_calls_a_meeting_is_a_member_and_does_not_only_look_on(board: Body, person: MakePerson, role: str, may: bool) -> None:
    someone = person("Someone", role=role, body=board)
    if may:
        assert changes.call_meeting(board, on=DAY, by=someone).number == 1
    else:
        with pytest.raises(RuleError, match="Someone is no member of The board"):
            changes.call_meeting(board, on=DAY, by=someone)


def test_meetings_of_a_body_are_numbered_in_the_order_in_which_they_were_called(call: Call) -> None:
    assert [call(on=DAY).number, call(on=DAY - timedelta(days=30)).number] == [1, 2]


def test_attendance_has_a_place_for_every_member_of_that_day_and_for_others_by_name(
    meeting: Meeting, chair: Person, member: Person, person: MakePerson, board: Body
) -> None:
    person("Absent", role="board member", body=board)
    person("Looks on", role="observer", body=board)
    changes.record_attendance(
        meeting, present=[chair], apologies=[member], others=["Finance director", " "], interests={chair: "Owns a kennel"}, by=chair
    )
    rows = {row.name: (row.was, row.interest) for row in Presence.objects.filter(meeting=meeting)}
    assert rows == {
        "Chair": (Was.PRESENT, "Owns a kennel"),
        "Member": (Was.APOLOGIES, ""),
        "Absent": (Was.ABSENT, ""),
        "Finance director": (Was.ATTENDING, ""),
    }


def test_attendance_is_recorded_once(held: Meeting, chair: Person) -> None:
    with pytest.raises(RuleError, match="on record already"):
        changes.record_attendance(held, present=[chair], by=chair)


def test_attendance_of_strangers_of_nobody_or_of_a_day_to_come_is_refused(
    call: Call, meeting: Meeting, chair: Person, manager: Person
) -> None:
    with pytest.raises(RuleError, match="Project manager was no member"):
        changes.record_attendance(meeting, present=[chair, manager], by=chair)
    with pytest.raises(RuleError, match="Nobody was present"):
        changes.record_attendance(meeting, present=[], by=chair)
    with pytest.raises(RuleError, match="cannot be present and absent"):
        changes.record_attendance(meeting, present=[chair], apologies=[chair], by=chair)
    later = call(on=timezone.localdate() + timedelta(days=1))
    with pytest.raises(RuleError, match="The meeting is on"):
        changes.record_attendance(later, present=[chair], by=chair)


def test_a_decision_taken_at_a_meeting_has_its_day_minute_attendance_and_interests_from_there(
    meeting: Meeting, question: Decision, chair: Person, member: Person
) -> None:
    changes.add_item(meeting, text="Matters arising", by=chair)
    item = changes.add_item(meeting, text="The report", about=question, by=chair)
    changes.record_attendance(meeting, present=[chair, member], interests={member: "Leads a unit"}, by=chair)
    taken = changes.decide_item(item, outcome=Outcome.RETURNED, reason="Say who waits.", by=chair)
    assert (taken.outcome, taken.taken_on, taken.minute) == ("returned", DAY, "The board, 5 January 2026, item 2")
    places = {place.person.name: (place.attended, place.interest) for place in taken.attendances.all()}
    assert places == {"Chair": (True, ""), "Member": (True, "Leads a unit")}


def test_nothing_is_decided_before_it_is_on_record_who_was_there(meeting: Meeting, question: Decision, chair: Person) -> None:
    item = changes.add_item(meeting, text="The report", about=question, by=chair)
    with pytest.raises(RuleError, match="not on record yet who was there"):
        changes.decide_item(item, outcome=Outcome.AGREED, by=chair)
    plain = changes.add_item(meeting, text="Any other business", by=chair)
    changes.record_attendance(meeting, present=[chair], by=chair)
    with pytest.raises(RuleError, match="about no decision"):
        changes.decide_item(plain, outcome=Outcome.AGREED, by=chair)


def test_the_attendance_of_a_meeting_does_not_contradict_that_of_its_decision(
    meeting: Meeting, question: Decision, chair: Person, member: Person
) -> None:
    from bestvalue.record.reviews.changes import take_decision

    take_decision(question, outcome=Outcome.REFUSED, taken_on=DAY, minute="4", reason="No.", attended=[chair], by=chair)
    changes.add_item(meeting, text="The report", about=question, by=chair)
    with pytest.raises(RuleError, match="Member did not attend"):
        changes.record_attendance(meeting, present=[chair, member], by=chair)
    assert changes.record_attendance(meeting, present=[chair], by=chair).is_held


def test_a_decision_is_on_one_agenda_of_its_own_body(call: Call, meeting: Meeting, question: Decision, chair: Person) -> None:
    changes.add_item(meeting, text="The report", about=question, by=chair)
    with pytest.raises(RuleError, match="on an agenda already"):
        changes.add_item(call(), text="The report", about=question, by=chair)


def test_a_review_that_the_body_takes_no_part_in_is_not_on_its_agenda(
    meeting: Meeting, chair: Person, start_review: Callable[..., Review]
) -> None:
    other = start_review("Custody")
    with pytest.raises(RuleError, match="is not for The board"):
        changes.add_item(meeting, text="Custody", about=other, by=chair)


def test_a_minute_is_corrected_by_another_and_both_stay(held: Meeting, chair: Person) -> None:
    item = changes.add_item(held, text="Costs", by=chair)
    changes.minute_item(item, text="Agreed.", by=chair)
    changes.minute_item(item, text="Agreed, with a report in May.", by=chair)
    item = AgendaItem.objects.prefetch_related("minutes").get(pk=item.pk)
    assert item.minute is not None
    assert item.minute.text == "Agreed, with a report in May."
    assert Minute.objects.filter(item=item).count() == 2


def test_a_meeting_that_was_called_off_keeps_its_reason_and_takes_nothing_more(
    meeting: Meeting, held: Meeting, call: Call, chair: Person
) -> None:
    off = changes.call_off(call(), reason="Nobody could come.", by=chair)
    with pytest.raises(RuleError, match="called off: Nobody could come"):
        changes.add_item(off, text="Costs", by=chair)
    with pytest.raises(RuleError, match="The meeting was held"):
        changes.call_off(held, reason="?", by=chair)


def test_who_takes_part_in_a_review_sees_what_a_board_said_of_it_and_nothing_else(
    meeting: Meeting, review: Review, chair: Person, manager: Person, person: MakePerson, body: Callable[..., Body], sign_in: Any
) -> None:
    about = changes.add_item(meeting, text="The review", about=review, by=chair)
    changes.add_item(meeting, text="Staff matters", by=chair)

    def seen(user: User) -> list[str]:
        return [item.text for item in AgendaItem.objects.visible_to(user)]

    assert seen(sign_in(chair)) == ["The review", "Staff matters"]
    assert seen(sign_in(manager)) == [about.text]
    assert list(Meeting.objects.visible_to(manager.user or User())) == [meeting]
    stranger = sign_in(person("Stranger", role="panel member", body=body("Elsewhere", "panel")))
    assert seen(stranger) == []
    assert not Meeting.objects.visible_to(stranger).exists()


def test_every_step_of_a_meeting_is_in_the_ledger(held: Meeting, chair: Person) -> None:
    item = changes.add_item(held, text="Costs", by=chair)
    changes.minute_item(item, text="Agreed.", by=chair)
    told = AuditEvent.objects.about(held).values_list("action", flat=True)
    assert list(told) == ["meeting.called", "meeting.attended", "meeting.item_added", "meeting.item_minuted"]


def test_the_database_refuses_an_item_about_two_things(meeting: Meeting, review: Review, question: Decision, chair: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaItem.objects.create(meeting=meeting, number=9, text="Two", review=review, decision=question, added_by=chair)
