"""Delivery over the API from the answer to the close-out: by the same people, by the same rules, with the same refusals."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.world import World

PROBLEM = "application/problem+json"


def post(browser: Client, path: str, **body: Any) -> Any:
    return browser.post(f"/api/{path}", body, content_type="application/json")


def today(days: int = 0) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


@pytest.fixture
def board(world: World, browser_of: Callable[[Any], Client]) -> Client:
    return browser_of(world.board_member)


@pytest.fixture
def under_way(world: World, manager: Client) -> World:
    """Our recommendation is accepted, owned by the project board and led by the project manager, with one action."""
    for status in ("made", "accepted"):
        assert post(manager, f"recommendations/{world.ours.pk}/statuses", status=status, on=today()).status_code == 201
    owned = post(manager, f"recommendations/{world.ours.pk}/ownerships", body=world.question.body_id, lead=world.manager.pk, on=today())
    assert owned.status_code == 201, owned.content
    row = {"what": "Move two units", "why": "Nights", "how": "Roster", "target": "18 minutes", "lead": world.manager.pk}
    added = post(manager, f"recommendations/{world.ours.pk}/actions", original_date=today(90), **row)
    assert added.status_code == 201
    return world


def action_of(world: World) -> int:
    return int(world.ours.actions.get().pk)


def test_completion_is_requested_by_the_lead_verified_by_another_and_decided_by_the_body(
    under_way: World, manager: Client, board: Client
) -> None:
    action = f"actions/{action_of(under_way)}"
    early = post(manager, f"{action}/completion-requests", text="Done.", on=today())
    assert (early.status_code, early.headers["Content-Type"]) == (409, PROBLEM)
    assert early.json()["next_step"]
    shown = {"kind": "document", "tells_of": today(), "text": "The new roster.", "title": "Roster"}
    assert post(manager, f"{action}/states", state="in progress", on=today()).status_code == 201
    assert post(manager, f"{action}/delivery-evidence", **shown).status_code == 201
    by_lead = {"kind": "document", "on": today(), "seen": "It is there.", "holds": True}
    assert post(manager, f"{action}/verifications", **by_lead).status_code == 409
    assert post(board, f"{action}/verifications", **by_lead).status_code == 201
    asked = post(manager, f"{action}/completion-requests", text="Done.", on=today())
    assert asked.status_code == 201
    decision = f"completion-requests/{asked.json()['id']}/decision"
    said = {"outcome": "accepted", "decided_on": today(), "minute": "Minute 4"}
    assert post(manager, decision, **said).status_code == 409
    assert post(board, decision, **said).status_code == 201
    told = board.get(f"/api/{action}/completion").json()
    assert [one["title"] for one in told["evidence"]] == ["Roster"]
    assert [(one["by"], one["holds"]) for one in told["verifications"]] == [("Member of the project board", True)]
    assert [(one["outcome"], one["minute"]) for one in told["requests"]] == [("accepted", "Minute 4")]


def test_a_date_moves_by_decision_of_the_owning_body_and_its_slippage_is_told(under_way: World, manager: Client, board: Client) -> None:
    path = f"actions/{action_of(under_way)}"
    moved = {"to": today(120), "decided_on": today(), "minute": "Minute 5", "cause": "people", "reason": "Two posts are vacant."}
    assert post(manager, f"{path}/agreed-dates", **moved).status_code == 409
    assert post(board, f"{path}/agreed-dates", **moved).status_code == 201
    (slip,) = manager.get(f"/api/{path}/slippage").json()
    assert (slip["agreed_late_days"], slip["by_decision"]) == (30, True)
    assert "Two posts are vacant." in slip["why"]


def test_a_transfer_has_two_sides(under_way: World, manager: Client, board: Client, browser_of: Callable[[Any], Client]) -> None:
    path = f"recommendations/{under_way.ours.pk}/transfers"
    elsewhere = under_way.outsider.memberships.get().body
    offer = {"to_body": elsewhere.pk, "reason": "It is theirs.", "on": today()}
    offered = post(board, path, **offer)
    assert offered.status_code == 201, offered.content
    assert offered.json()["accepted"] is None
    answer, receiver = f"transfers/{offered.json()['id']}/answer", browser_of(under_way.outsider)
    assert receiver.get(f"/api/{path}").status_code == 200, "who has to answer sees what is offered"
    declined = {"accepted": False, "on": today(), "minute": "Minute 1", "reason": "It is not."}
    assert post(board, answer, **declined).status_code == 409
    assert post(receiver, answer, **declined).status_code == 201
    assert receiver.get(f"/api/{path}").status_code == 404, "what the body declined is not its own"
    assert len(manager.get(f"/api/{path}").json()) == 1


def test_who_leads_an_action_changes_at_the_version_that_was_read(under_way: World, manager: Client) -> None:
    path = f"/api/actions/{action_of(under_way)}/lead"
    read = manager.get(path)
    assert read.json()["lead"] == under_way.manager.pk
    body = {"lead": under_way.board_member.pk}
    version = {"If-Match": read.headers["ETag"]}
    changed = manager.patch(path, body, content_type="application/json", headers=version)
    assert changed.status_code == 200
    met = manager.patch(path, {"lead": under_way.observer.pk}, content_type="application/json", headers=version)
    assert (met.status_code, met.headers["Content-Type"]) == (412, PROBLEM)
    (difference,) = met.json()["differences"]
    assert (difference["before"], difference["theirs"]) == (under_way.manager.pk, under_way.board_member.pk)


def test_money_waits_and_dependencies_are_recorded(under_way: World, manager: Client) -> None:
    first = action_of(under_way)
    row = {"what": "Tell the boroughs", "why": "So", "how": "By letter", "target": "Told", "lead": under_way.manager.pk}
    second = post(manager, f"recommendations/{under_way.ours.pk}/actions", original_date=today(30), **row).json()["id"]
    assert post(manager, f"actions/{first}/dependencies", needs=second).status_code == 201
    circle = post(manager, f"actions/{second}/dependencies", needs=first)
    assert circle.status_code == 409
    assert "circle" in circle.json()["what"]
    assert manager.delete(f"/api/actions/{first}/dependencies/{second}").status_code == 200
    money = {"year": 2026, "kind": "cost", "basis": "planned", "pence": 1_250_000, "on": today()}
    assert post(manager, f"actions/{first}/money", **money).status_code == 201


def test_a_response_is_issued_once_everything_is_answered_and_a_close_out_tells_what_was_left(under_way: World, manager: Client) -> None:
    plan = f"plans/{under_way.theirs.issuer_id}/{under_way.theirs.report_slug}"
    refused = post(manager, f"{plan}/responses", formats=["html"])
    assert refused.status_code == 409
    ours = f"plans/{under_way.ours.issuer_id}/{under_way.ours.report_slug}"
    told = manager.get(f"/api/{ours}/close-out").json()
    assert told["title"] == "Operational support"
    assert [one["what"] for one in told["actions"]] == ["Move two units"]
    assert {one["recommendations"] for one in told["statuses"]} == {1}
    assert manager.get("/api/plans/1/no-such-plan/close-out").status_code == 404


def test_it_is_closed_without_being_implemented_by_the_owning_body_alone(under_way: World, manager: Client, board: Client) -> None:
    path = f"recommendations/{under_way.ours.pk}/closure"
    said = {"on": today(), "minute": "Minute 6", "reason": "The units were merged."}
    assert post(manager, path, **said).status_code == 409
    assert post(board, path, **said).status_code == 200


def test_who_does_not_see_it_does_not_find_it(under_way: World, outsider: Client) -> None:
    action, ours = action_of(under_way), under_way.ours.pk
    for path in (
        f"actions/{action}/completion",
        f"actions/{action}/slippage",
        f"actions/{action}/lead",
        f"recommendations/{ours}/transfers",
    ):
        assert outsider.get(f"/api/{path}").status_code == 404, path
    plan = f"plans/{under_way.ours.issuer_id}/{under_way.ours.report_slug}"
    for path in (f"{plan}/close-out", f"{plan}/responses"):
        assert outsider.get(f"/api/{path}").status_code == 404, path
