"""Meetings, aims, comments, duties and histories over the API: the same rules as the pages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.world import World


def post(browser: Client, path: str, body: dict[str, Any]) -> Any:
    return browser.post(f"/api/{path}", body, content_type="application/json")


@pytest.fixture
def member(world: World, browser_of: Callable[[Any], Client]) -> Client:
    return browser_of(world.board_member)


def test_a_meeting_is_called_held_minuted_and_decides(world: World, member: Client, manager: Client) -> None:
    today = timezone.localdate()
    called = post(member, f"bodies/{world.question.body_id}/meetings", {"on": today.isoformat()})
    assert called.status_code == 201
    number = called.json()["id"]
    item = post(member, f"meetings/{number}/items", {"text": "The report", "decision": world.question.pk}).json()
    assert item["decision"] == world.question.pk
    assert post(member, f"agenda-items/{item['id']}/minutes", {"text": "Agreed."}).status_code == 409
    held = post(member, f"meetings/{number}/attendance", {"present": [world.board_member.pk], "others": ["Clerk"]})
    assert held.json()["is_held"] is True
    assert post(member, f"agenda-items/{item['id']}/minutes", {"text": "Agreed."}).json()["minute"] == "Agreed."
    decided = post(member, f"agenda-items/{item['id']}/decision", {"outcome": "returned", "reason": "Say who waits."})
    assert decided.status_code == 200
    due = (today + timedelta(days=7)).isoformat()
    action = post(member, f"meetings/{number}/actions", {"what": "Ask the union", "who": world.manager.pk, "due": due}).json()
    done = {"step": "done", "on": today.isoformat(), "note": "They agreed."}
    assert post(manager, f"actions-arising/{action['id']}/reports", done).json()["is_open"] is False
    whole = member.get(f"/api/meetings/{number}").json()
    assert (whole["body"], [row["was"] for row in whole["attendance"]]) == ("Project board", ["present", "in attendance"])
    assert [row["what"] for row in whole["actions"]] == ["Ask the union"]
    (listed,) = manager.get(f"/api/reviews/{world.review.pk}/decisions").json()
    assert (listed["outcome"], listed["attended"], listed["places"]) == ("returned", 1, 1)


def test_who_is_no_member_is_told_whom_to_ask_and_others_find_nothing(
    world: World, member: Client, manager: Client, outsider: Client
) -> None:
    path = f"bodies/{world.question.body_id}/meetings"
    refused = post(manager, path, {"on": "2026-01-05"})
    assert (refused.status_code, refused.json()["what"]) == (409, "Project manager is no member of Project board")
    number = post(member, path, {"on": "2026-01-05"}).json()["id"]
    assert outsider.get(f"/api/meetings/{number}").status_code == 404
    assert outsider.get(f"/api/{path}").json() == []
    both = {"text": "Two", "decision": world.question.pk, "review": world.review.pk}
    assert post(member, f"meetings/{number}/items", both).status_code == 400


def test_aims_are_added_checked_and_withdrawn(world: World, manager: Client, member: Client) -> None:
    path = f"reviews/{world.review.pk}/aims"
    added = post(manager, path, {"text": "Answer in time.", "measure": "calls", "baseline": 71, "target": 71}).json()
    assert "Its target is its baseline, so it asks for no change." in added["weaknesses"]
    assert post(member, path, {"text": "Mine"}).status_code == 409
    assert post(manager, f"aims/{added['id']}/withdrawal", {"reason": "No longer ours."}).json()["withdrawn_because"] == "No longer ours."
    assert len(manager.get(f"/api/{path}").json()) == 1


def test_comments_and_tags_are_for_who_sees_the_thing(world: World, manager: Client, outsider: Client) -> None:
    thing = f"discussion/finding/{world.finding.pk}"
    said = post(manager, f"{thing}/comments", {"text": "Which nights?"}).json()
    assert post(manager, f"{thing}/comments", {"text": "Fridays.", "reply_to": said["id"]}).json()["reply_to"] == said["id"]
    assert [row["text"] for row in manager.get(f"/api/{thing}/comments").json()] == ["Which nights?", "Fridays."]
    assert post(manager, f"{thing}/tags", {"word": "Nights"}).json() == {"tags": ["nights"]}
    assert manager.delete(f"/api/{thing}/tags/nights").json() == {"tags": []}
    assert outsider.get(f"/api/{thing}/comments").status_code == 404
    assert manager.get("/api/discussion/user/1/comments").status_code == 404


def test_duties_are_those_of_the_page(world: World, member: Client) -> None:
    (duty,) = member.get("/api/duties").json()
    assert (duty["kind"], duty["id"], duty["due"]) == ("reviews.decision", world.question.pk, "2026-01-05")


def test_a_history_tells_the_state_of_a_day(world: World, manager: Client, outsider: Client) -> None:
    path = f"/api/history/finding/{world.finding.pk}"
    assert manager.get(path).json()["state"]["Text"] == "Half the demand falls at night."
    assert manager.get(path, {"as_at": "2026-01-01"}).json()["state"] is None
    assert outsider.get(path).status_code == 404
    assert manager.get("/api/history/user/1").status_code == 404


def test_nobody_without_a_sign_in_learns_anything(world: World, client: Client) -> None:
    for path in ("duties", f"reviews/{world.review.pk}/aims", f"history/finding/{world.finding.pk}"):
        assert client.get(f"/api/{path}").status_code == 401
