"""Two people mark the same thing, or write the next text of a series: the second sees what the first wrote, and chooses."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.site.test_edits import colleague as colleague
from tests.world import World


@pytest.fixture
def member(world: World, browser_of: Callable[[Any], Client]) -> Client:
    return browser_of(world.board_member)


def as_shown(browser: Client, address: str) -> dict[str, Any]:
    """The answers that a form comes with."""
    form = browser.get(address).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in shown.items()}


@pytest.mark.parametrize("name", ["finding", "challenge"])
def test_the_second_who_marks_sees_what_the_first_marked(manager: Client, colleague: Client, world: World, name: str) -> None:
    row: Any = {"finding": world.finding, "challenge": world.challenge}[name]
    address = reverse("mark", args=[name, row.pk])
    first, second = as_shown(manager, address), as_shown(colleague, address)
    assert manager.post(address, {**first, "handling": "Do not print."}).status_code == 302
    met = colleague.post(address, {**second, "handling": "Do not forward."})
    page = met.content.decode()
    assert met.status_code == 409
    for words in ("Somebody else changed this meanwhile", "Do not print.", "Do not forward."):
        assert words in page, words
    row.refresh_from_db()
    assert row.handling == "Do not print."
    again = {name: met.context["form"][name].value() or "" for name in met.context["form"].fields}
    assert again["handling"] == "Do not forward."
    assert colleague.post(address, again).status_code == 302
    row.refresh_from_db()
    assert row.handling == "Do not forward."


def test_who_marks_another_field_than_the_first_overwrites_only_what_was_read(manager: Client, colleague: Client, world: World) -> None:
    address = reverse("mark", args=["finding", world.finding.pk])
    first, second = as_shown(manager, address), as_shown(colleague, address)
    manager.post(address, {**first, "handling": "Do not print."})
    met = colleague.post(address, {**second, "descriptor": "PERSONAL DATA"})
    assert met.status_code == 409, "the empty handling of the second would undo that of the first"
    assert [row.theirs for row in met.context["differences"]] == ["Do not print."]


def test_a_marking_that_was_read_is_not_forged(manager: Client, world: World) -> None:
    address = reverse("mark", args=["finding", world.finding.pk])
    page = manager.post(address, {**as_shown(manager, address), "read": "something"})
    assert page.status_code == 200
    assert "Open the page anew" in page.content.decode()


def test_the_second_who_minutes_an_item_sees_the_minute_of_the_first(
    world: World, member: Client, browser_of: Callable[[Any], Client]
) -> None:
    from bestvalue.record.bodies.models import Membership, Person, User
    from bestvalue.record.meetings import changes

    board, by = world.question.body, world.board_member
    person = Person.objects.create(name="Secretary", user=User.objects.create_user("secretary@example.org", "correct horse battery staple"))
    Membership.objects.create(person=person, body=board, role="board member", starts="2026-01-05")
    meeting = changes.call_meeting(board, on=timezone.localdate(), by=by)
    changes.record_attendance(meeting, present=[by], by=by)
    item = changes.add_item(meeting, text="Nights", by=by)
    address, secretary = reverse("meeting_item_step", args=[item.pk, "minute"]), browser_of(person)
    first, second = as_shown(member, address), as_shown(secretary, address)
    assert member.post(address, {**first, "text": "Agreed."}).status_code == 302
    met = secretary.post(address, {**second, "text": "Noted."})
    assert met.status_code == 409
    assert [(row.theirs, row.mine) for row in met.context["differences"]] == [("Agreed.", "Noted.")]
    assert [minute.text for minute in item.minutes.all()] == ["Agreed."]
    again = {"text": "Agreed and noted.", "read": met.context["form"]["read"].value()}
    assert secretary.post(address, again).status_code == 302
    assert [minute.text for minute in item.minutes.all()] == ["Agreed.", "Agreed and noted."]


def test_the_second_who_weighs_the_criteria_sees_the_weights_of_the_first(world: World, browser_of: Callable[[Any], Client]) -> None:
    from bestvalue.record.bodies.models import Membership

    programme = world.review.programme
    for person, place in ((world.manager, world.manager.memberships.get()), (world.board_member, world.board_member.memberships.get())):
        Membership.objects.create(person=person, body=place.body, role="programme manager", starts="2026-01-05")
    address = reverse("programme_weights", args=[programme.pk])
    one, two = browser_of(world.manager), browser_of(world.board_member)
    first, second = as_shown(one, address), as_shown(two, address)
    assert one.post(address, {**first, "risk": 4, "reason": "Risk first."}).status_code == 302
    met = two.post(address, {**second, "risk": 2, "cost": 3, "reason": "Cost too."})
    assert met.status_code == 409
    assert [(row.before, row.theirs, row.mine) for row in met.context["differences"]] == [("1", "4", "2")]
    again = {name: met.context["form"][name].value() for name in met.context["form"].fields}
    assert two.post(address, again).status_code == 302
    assert list(programme.weights.values()) == [2, 3, 1, 1]


def test_the_second_who_changes_the_lead_of_an_action_sees_whom_the_first_chose(manager: Client, colleague: Client, world: World) -> None:
    from bestvalue.record.delivery.changes import add_action

    plan = {"what": "Do", "why": "So", "how": "By", "target": "Done"}
    action = add_action(world.ours, lead=world.manager, original_date="2027-03-31", by=world.manager, **plan)
    assert reverse("edit", args=["lead", action.pk]) in manager.get(reverse("action", args=[action.pk])).content.decode()
    address = reverse("edit", args=["lead", action.pk])
    assert manager.post(address, {"lead": world.board_member.pk, "version": 1}).status_code == 302
    met = colleague.post(address, {"lead": world.observer.pk, "version": 1})
    assert met.status_code == 409
    (row,) = met.context["differences"]
    assert (row.before, row.theirs, row.mine) == (str(world.manager), str(world.board_member), str(world.observer))
