"""Actions arising: who reports on them, how they are carried over, and at which meeting they show."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.meetings import changes
from bestvalue.record.meetings.models import ActionArising, Became, Meeting

DAY, DUE, LATER = date(2026, 1, 5), date(2026, 2, 2), date(2026, 3, 2)
MakePerson = Callable[..., Person]


@pytest.fixture
def action(held: Meeting, chair: Person, manager: Person) -> ActionArising:
    """The manager is to ask the union."""
    return changes.add_action_arising(held, what="Ask the union", who=manager, due=DUE, by=chair)


def report(action: ActionArising, **rest: Any) -> ActionArising:
    changes.report_on_action(action, **{"step": Became.DONE, "on": DUE, "note": "They answered.", "by": action.who, **rest})
    return ActionArising.objects.prefetch_related("steps").get(pk=action.pk)


def test_an_action_arises_from_a_meeting_that_was_held(meeting: Meeting, chair: Person) -> None:
    with pytest.raises(RuleError, match="not on record yet who was there"):
        changes.add_action_arising(meeting, what="Ask", who=chair, due=DUE, by=chair)


def test_whoever_is_to_do_it_sees_it_although_they_are_no_member(
    action: ActionArising, person: MakePerson, body: Callable[..., Body], sign_in: Any
) -> None:
    outside = person("Outside", role="analyst", body=body("Elsewhere", "unit"))
    theirs = changes.add_action_arising(action.meeting, what="Count", who=outside, due=DUE, by=action.added_by)
    assert list(ActionArising.objects.visible_to(sign_in(outside))) == [theirs]


def test_an_action_that_is_carried_over_is_due_later_and_keeps_its_first_day(action: ActionArising) -> None:
    carried = report(action, step=Became.CARRIED, due=LATER, note="They meet in March.")
    assert (carried.due, carried.first_due, carried.times_carried, carried.is_open) == (LATER, DUE, 1, True)
    done = report(action, on=LATER)
    assert (done.is_open, done.due) == (False, LATER)


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ({"note": " "}, "does not say what was done"),
        ({"step": Became.CARRIED}, "gets a later day"),
        ({"due": LATER}, "gets a later day"),
        ({"step": Became.CARRIED, "due": DUE}, "gets a later day"),
        ({"on": date(2199, 1, 1)}, "What came before is of 5 January 2026"),
        ({"on": DAY - timedelta(days=1)}, "What came before is of 5 January 2026"),
    ],
)
def test_a_report_that_says_too_little_or_has_a_wrong_day_is_refused(action: ActionArising, rest: dict[str, Any], words: str) -> None:
    with pytest.raises(RuleError, match=words):
        report(action, **rest)


def test_a_stranger_does_not_report_and_nobody_does_once_it_has_ended(
    action: ActionArising, chair: Person, person: MakePerson, team: Body
) -> None:
    analyst = person("Analyst", role="analyst", body=team)
    with pytest.raises(RuleError, match="Analyst may not report on this"):
        report(action, by=analyst)
    report(action, by=chair)
    with pytest.raises(RuleError, match="The action is done"):
        report(action)


def test_the_next_meeting_shows_what_was_left_open_until_its_day(action: ActionArising, call: Callable[..., Meeting]) -> None:
    before, after = call(on=DUE), call(on=LATER)
    report(action, on=DUE)
    seen = ActionArising.objects
    assert [list(seen.before(meeting)) for meeting in (action.meeting, before, after)] == [[action], [action], []]


def test_what_was_left_open_is_not_shown_at_an_earlier_meeting_or_by_another_body(
    action: ActionArising, call: Callable[..., Meeting], body: Callable[..., Body], person: MakePerson
) -> None:
    other = body("Another board", "board")
    elsewhere = changes.call_meeting(other, on=LATER, by=person("Other chair", role="board member", body=other))
    assert not ActionArising.objects.before(call(on=DAY - timedelta(days=7))).exists()
    assert not ActionArising.objects.before(elsewhere).exists()
