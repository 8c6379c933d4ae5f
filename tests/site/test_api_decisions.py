"""Decisions and candidates over the API: the same rules as the pages."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from tests.world import World

TAKEN = {"outcome": "returned", "taken_on": "2026-01-05", "minute": "1", "reason": "Say who waits."}


def post(browser: Client, path: str, body: dict[str, Any]) -> Any:
    return browser.post(path, body, content_type="application/json")


def test_the_table_of_the_life_cycle_is_the_one_that_the_rules_read(manager: Client) -> None:
    from bestvalue.record.reviews.life_cycle import TABLE

    rows = manager.get("/api/life-cycle").json()
    assert [(row["gate"], row["decided_by"]) for row in rows] == [(edge.gate, edge.decided_by) for edge in TABLE]


def test_a_member_of_the_body_takes_a_decision_and_others_are_told_who_may(
    world: World, manager: Client, browser_of: Callable[[Any], Client]
) -> None:
    path, body = f"/api/decisions/{world.question.pk}", {**TAKEN, "attended": [world.board_member.pk]}
    refused = post(manager, path, body)
    assert refused.status_code == 409
    assert refused.json()["what"].endswith("Project board decides whether to put the report forward")
    taken = post(browser_of(world.board_member), path, body)
    assert (taken.status_code, taken.json()["attended"], taken.json()["places"]) == (200, 1, 1)
    listed = manager.get(f"/api/reviews/{world.review.pk}/decisions").json()
    assert [(row["body"], row["outcome"]) for row in listed] == [("Project board", "returned")]


def test_somebody_who_is_no_member_cannot_be_said_to_have_attended(world: World, browser_of: Callable[[Any], Client]) -> None:
    answer = post(browser_of(world.board_member), f"/api/decisions/{world.question.pk}", {**TAKEN, "attended": [world.manager.pk]})
    assert answer.status_code == 404


def test_a_question_is_put_to_the_body_of_the_table(world: World, manager: Client) -> None:
    path = f"/api/reviews/{world.review.pk}/decisions"
    assert post(manager, path, {"gate": "rescope", "due": "2199-01-01"}).json()["body"] == "Project board"
    early = post(manager, path, {"gate": "close", "due": "2199-01-01"})
    assert early.status_code == 409
    assert "this is decided at “In delivery”" in early.json()["what"]


def test_what_somebody_may_not_see_is_not_there(world: World, outsider: Client) -> None:
    assert outsider.get(f"/api/reviews/{world.review.pk}/decisions").status_code == 404
    assert post(outsider, f"/api/decisions/{world.question.pk}", {**TAKEN, "attended": []}).status_code == 404


def test_candidates_come_in_their_ranking_with_what_they_lack(world: World, outsider: Client) -> None:
    (row,) = outsider.get(f"/api/programmes/{world.review.programme_id}/candidates").json()
    assert (row["service"], row["rank"], row["missing"]) == ("Custody", None, ["cost", "public concern", "performance"])


def test_nobody_without_a_sign_in_learns_anything(world: World, client: Client) -> None:
    for path in ("life-cycle", f"reviews/{world.review.pk}/decisions", f"programmes/{world.review.programme_id}/candidates"):
        assert client.get(f"/api/{path}").status_code == 401, path
