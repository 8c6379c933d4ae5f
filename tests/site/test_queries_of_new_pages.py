"""The pages of meetings, aims, discussion, duties and histories ask the database at most twelve times, however much there is."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.world import World

AT_MOST = 12


def test_no_page_asks_more_than_twelve_times_and_none_asks_more_when_there_is_more(
    world: World, browser_of: Callable[[Any], Client]
) -> None:
    browser, pages = browser_of(world.board_member), _fill(world)
    browser.get(reverse("duties"))  # the first page of a session notes when it began
    before = {name: _asked(browser, address) for name, address in pages.items()}
    assert {name: count for name, count in before.items() if count > AT_MOST} == {}
    for _ in range(3):
        _add(world, pages)
    assert {name: _asked(browser, address) for name, address in pages.items()} == before


def _asked(browser: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200, address
    return len(asked)


def _fill(world: World) -> dict[str, str]:
    from bestvalue.record.meetings import changes

    board, member, today = world.question.body, world.board_member, timezone.localdate()
    meeting = changes.call_meeting(board, on=today, by=member)
    changes.record_attendance(meeting, present=[member], by=member)
    pages = {
        "duties": reverse("duties"),
        "tags": reverse("tags"),
        "tag": reverse("tag", args=["nights"]),
        "discussion": reverse("discussion", args=["finding", world.finding.pk]),
        "tag_set": reverse("tag_set", args=["finding", world.finding.pk]),
        "history": reverse("history", args=["finding", world.finding.pk]),
        "review_aims": reverse("review_aims", args=[world.review.pk]),
        "body_meetings": reverse("body_meetings", args=[board.pk]),
        "meeting_call": reverse("meeting_call", args=[board.pk]),
        "meeting": reverse("meeting", args=[meeting.pk]),
        "meeting item": reverse("meeting_step", args=[meeting.pk, "item"]),
        "meeting action": reverse("meeting_step", args=[meeting.pk, "action"]),
    }
    _add(world, pages)
    _add(world, pages)
    item, action = meeting.items.first(), meeting.actions.first()
    assert item is not None
    assert action is not None
    pages["minute"] = reverse("meeting_item_step", args=[item.pk, "minute"])
    pages["arising"] = reverse("arising", args=[action.pk])
    pages["arising_report"] = reverse("arising_report", args=[action.pk])
    return pages


def _add(world: World, pages: dict[str, str]) -> None:
    from bestvalue.record.discussion.changes import comment, set_tag
    from bestvalue.record.meetings import changes
    from bestvalue.record.meetings.models import Became
    from bestvalue.record.reviews.changes import add_aim, edit_finding

    board, member, today = world.question.body, world.board_member, timezone.localdate()
    meeting = board.meetings.order_by("number").first()
    item = changes.add_item(meeting, text="The review", about=world.review, by=member)
    changes.minute_item(item, text="Noted.", by=member)
    action = changes.add_action_arising(meeting, what="Ask", who=member, due=today, item=item, by=member)
    changes.report_on_action(action, step=Became.CARRIED, on=today, note="Later.", due=today.replace(year=2199), by=member)
    changes.call_meeting(board, on=today, by=member)
    add_aim(world.review, text="Better.", by=world.manager)
    first = comment(world.finding, text="Why?", by=member)
    comment(world.finding, text="So.", by=member, reply_to=first)
    count = board.meetings.count()
    set_tag(world.finding, word=f"tag {count}", by=member)
    if count == 2:
        set_tag(world.finding, word="nights", by=member)
    world.finding.refresh_from_db()
    edit_finding(world.finding, version=world.finding.row_version, mine={"text": f"Said {count} times."}, by=world.manager)
