"""Meetings on the pages: from the agenda to the minutes, and to the list of whoever is to do something."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.world import World

BrowserOf = Callable[[Any], Client]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def day(name: str, *, ahead: int = 0) -> dict[str, str]:
    on = timezone.localdate() + timedelta(days=ahead)
    return {f"{name}_day": str(on.day), f"{name}_month": str(on.month), f"{name}_year": str(on.year)}


@pytest.fixture
def member(world: World, browser_of: BrowserOf) -> Client:
    return browser_of(world.board_member)


@pytest.fixture
def meeting(world: World, member: Client) -> Any:
    """A meeting of the project board that a member called for today."""
    from bestvalue.record.meetings.models import Meeting

    member.post(reverse("meeting_call", args=[world.question.body_id]), {**day("on"), "place": "Room 3"})
    return Meeting.objects.get()


def step(meeting: Any, name: str) -> str:
    return reverse("meeting_step", args=[meeting.pk, name])


def hold(meeting: Any, member: Client, world: World) -> None:
    form = {"present": [world.board_member.pk], "others": "Finance director\n", f"interest_{world.board_member.pk}": "Owns a kennel"}
    assert member.post(step(meeting, "attendance"), form).status_code == 302


def test_whoever_declared_an_interest_at_the_meeting_does_not_decide_there(world: World, member: Client, meeting: Any) -> None:
    member.post(step(meeting, "item"), {"text": "The report", "about": f"decision-{world.question.pk}"})
    hold(meeting, member, world)
    item = meeting.items.get()
    page = reverse("meeting", args=[meeting.pk])
    assert "Record what was decided" in text(member.get(page))
    # The only member declared an interest: nobody is left to decide, and the form says so.
    refused = member.post(reverse("meeting_item_step", args=[item.pk, "decide"]), {"outcome": "refused", "reason": "No."})
    assert "Nobody attended who had no interest to declare" in text(refused)
    world.question.refresh_from_db()
    assert not world.question.is_taken


def test_a_decision_taken_at_a_meeting_shows_there_and_leads_back(world: World, member: Client, meeting: Any) -> None:
    member.post(step(meeting, "item"), {"text": "The report", "about": f"decision-{world.question.pk}"})
    member.post(step(meeting, "attendance"), {"present": [world.board_member.pk]})
    item = meeting.items.get()
    member.post(reverse("meeting_item_step", args=[item.pk, "decide"]), {"outcome": "returned", "reason": "Say who waits."})
    assert "Returned" in text(member.get(reverse("meeting", args=[meeting.pk])))
    decision = text(member.get(reverse("review_decision", args=[world.question.pk])))
    assert reverse("meeting", args=[meeting.pk]) in decision
    assert "Project board, " in decision
    assert ", item 1" in decision


def test_attendance_interests_and_minutes_stand_on_the_page(world: World, member: Client, meeting: Any) -> None:
    member.post(step(meeting, "item"), {"text": "Costs", "about": ""})
    hold(meeting, member, world)
    item = meeting.items.get()
    for said in ("Agreed.", "Agreed in part."):
        member.post(reverse("meeting_item_step", args=[item.pk, "minute"]), {"text": said})
    shown = text(member.get(reverse("meeting", args=[meeting.pk])))
    assert "declared an interest: Owns a kennel" in shown
    assert "Finance director" in shown
    assert "Agreed in part." in shown
    assert "corrected 1 time" in shown


def test_an_action_arising_is_in_the_list_of_whoever_is_to_do_it_until_it_is_done(
    world: World, member: Client, manager: Client, meeting: Any
) -> None:
    hold(meeting, member, world)
    member.post(step(meeting, "action"), {"what": "Ask the union", "who": world.manager.pk, **day("due", ahead=7)})
    assert "Ask the union" in text(manager.get(reverse("duties")))
    action = meeting.actions.get()
    page = reverse("arising", args=[action.pk])
    assert page in text(manager.get(reverse("home")))
    carried = {"step": "carried over", "note": "They meet next month.", **day("on"), **day("due", ahead=30)}
    manager.post(reverse("arising_report", args=[action.pk]), carried)
    assert "carried over 1 time" in text(manager.get(page))
    manager.post(reverse("arising_report", args=[action.pk]), {"step": "done", "note": "They agreed.", **day("on")})
    assert "They agreed." in text(manager.get(page))
    assert "Ask the union" not in text(manager.get(reverse("duties")))


def test_saying_what_became_of_an_action_of_a_sensitive_meeting_is_a_reading_of_it(world: World, member: Client, meeting: Any) -> None:
    from bestvalue.record.ledger.models import AuditEvent
    from bestvalue.record.reviews.changes import add_to_group

    hold(meeting, member, world)
    member.post(step(meeting, "action"), {"what": "Ask the union", "who": world.board_member.pk, **day("due", ahead=7)})
    add_to_group(world.secret.group, person=world.board_member, reason="They are named.", by=world.manager)
    meeting.marking, meeting.group = "OFFICIAL-SENSITIVE", world.secret.group
    meeting.save()
    assert "Ask the union" in text(member.get(reverse("arising_report", args=[meeting.actions.get().pk])))
    assert AuditEvent.objects.filter(action="meeting.read").count() == 1


def test_the_next_meeting_begins_with_what_was_left(world: World, member: Client, meeting: Any) -> None:
    hold(meeting, member, world)
    member.post(step(meeting, "action"), {"what": "Ask the union", "who": world.manager.pk, **day("due", ahead=7)})
    member.post(reverse("meeting_call", args=[world.question.body_id]), day("on", ahead=14))
    following = meeting.body.meetings.get(number=2)
    shown = text(member.get(reverse("meeting", args=[following.pk])))
    assert "Left from earlier meetings" in shown
    assert "Ask the union" in shown


def test_who_sees_the_review_reads_its_item_and_not_the_others(world: World, member: Client, manager: Client, meeting: Any) -> None:
    member.post(step(meeting, "item"), {"text": "Where the review stands", "about": f"review-{world.review.pk}"})
    member.post(step(meeting, "item"), {"text": "Staff matters", "about": ""})
    shown = text(manager.get(reverse("meeting", args=[meeting.pk])))
    assert "Where the review stands" in shown
    assert "Staff matters" not in shown
    assert "Staff matters" in text(member.get(reverse("meeting", args=[meeting.pk])))


def test_what_a_member_may_not_read_is_not_offered_for_the_agenda_and_its_challenge_is_not_counted(
    world: World, member: Client, meeting: Any
) -> None:
    from bestvalue.record.reviews.models import NeedToKnowGroup

    named = {"need": "They are named.", "made_at": timezone.now(), "made_by": world.manager}
    group = NeedToKnowGroup.objects.create(review=world.review, name="Sources", **named)
    assert world.ours.text in text(member.get(step(meeting, "item")))
    for row in (world.ours, world.challenge):
        row.marking, row.group = "OFFICIAL-SENSITIVE", group
        row.save()
    assert world.ours.text not in text(member.get(step(meeting, "item")))
    other = Client()
    other.force_login(world.observer.user)
    assert [line.challenges for line, *_ in other.get(reverse("review_decisions", args=[world.review.pk])).context["engagement"]] == [0]


def test_what_is_missing_stands_beside_its_field(world: World, member: Client, meeting: Any) -> None:
    assert set(member.post(step(meeting, "item"), {"text": ""}).context["form"].errors) == {"text"}
    assert set(member.post(step(meeting, "attendance"), {"others": "X"}).context["form"].errors) == {"present"}
    hold(meeting, member, world)
    assert set(member.post(step(meeting, "action"), {"what": ""}).context["form"].errors) == {"what", "who", "due"}


def test_the_list_of_meetings_filters_and_leaves_as_a_file_with_harmless_cells(world: World, member: Client, meeting: Any) -> None:
    member.post(reverse("meeting_call", args=[world.question.body_id]), {**day("on", ahead=14), "place": "=1+1"})
    page = reverse("body_meetings", args=[world.question.body_id])
    assert len(member.get(page).context["lines"]) == 2
    assert [line.place for line in member.get(page, {"state": "To come"}).context["lines"]] == ["=1+1"]
    file = member.get(page, {"form": "csv"})
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert ",'=1+1," in text(file)


def test_whoever_is_elsewhere_learns_nothing_of_a_meeting(world: World, member: Client, outsider: Client, meeting: Any) -> None:
    assert outsider.get(reverse("meeting", args=[meeting.pk])).status_code == 404
    assert outsider.get(reverse("body_meetings", args=[world.question.body_id])).context["lines"] == []
