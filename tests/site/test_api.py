"""The API: the same rules as the pages, in a form for programs."""

import json
from typing import Any

import pytest
from django.test import Client
from tests.world import World


def test_a_stranger_is_told_so_instead_of_being_led_to_a_form(client: Client, world: World) -> None:
    for path in ("analyses", f"results/{world.digest}", "reviews", f"reviews/{world.review.pk}/findings", "recommendations", "reports"):
        assert client.get(f"/api/{path}").status_code == 401, path


def test_the_schema_is_openapi_and_names_every_answer(manager: Client, client: Client) -> None:
    client.logout()
    schema = Client().get("/api/openapi.json")
    assert schema.status_code == 302  # even what the API can do is for those who sign in
    client.force_login(manager_user())
    schema = client.get("/api/openapi.json").json()
    assert schema["openapi"].startswith("3.")
    assert {"/api/analyses", "/api/reviews/{review_id}/findings", "/api/recommendations"} <= set(schema["paths"])
    assert "409" in schema["paths"]["/api/reviews/{review_id}/findings"]["post"]["responses"]


def manager_user() -> Any:
    from bestvalue.record.bodies.models import User

    return User.objects.get(email="project.manager@example.org")


def test_the_form_of_an_analysis_is_there_as_a_schema(manager: Client) -> None:
    demand = next(item for item in manager.get("/api/analyses").json() if item["name"] == "challenge.demand")
    assert demand["needs"] == ["incidents"]
    assert demand["spec"]["properties"]["horizon_years"]["minimum"] == 1


def test_a_result_comes_with_statements_figures_and_provenance(manager: Client, world: World) -> None:
    result = manager.get(f"/api/results/{world.digest}").json()
    assert result["digest"] == world.digest
    assert result["statements"][0]["figures"][0]["base"] == "6 incidents"
    assert result["provenance"]["analysis"] == "challenge.demand"


@pytest.mark.parametrize("digest", ["0" * 64, "short", "..%2F..%2Fkeys"])
def test_a_result_that_is_not_there_is_not_found(manager: Client, world: World, digest: str) -> None:
    assert manager.get(f"/api/results/{digest}").status_code == 404


def test_lists_hold_what_the_pages_show_to_the_same_person(manager: Client, outsider: Client, world: World) -> None:
    assert [item["title"] for item in manager.get("/api/reviews").json()] == ["Operational support"]
    assert outsider.get("/api/reviews").json() == []
    assert outsider.get(f"/api/reviews/{world.review.pk}/findings").status_code == 404
    assert [item["key"] for item in outsider.get("/api/recommendations").json()["items"]] == [world.theirs.key]
    assert manager.get("/api/recommendations").json()["count"] == 2
    assert [item["slug"] for item in manager.get("/api/reports").json()] == [world.report.slug]


def add(browser: Client, world: World, **more: Any) -> Any:
    finding = {"strand": 1, "text": "Nights are thin.", "tone": "negative", "evidence": [world.note.number], **more}
    return browser.post(f"/api/reviews/{world.review.pk}/findings", json.dumps(finding), content_type="application/json")


def test_a_finding_is_added_and_cites_its_evidence(manager: Client, world: World) -> None:
    answer = add(manager, world)
    assert answer.status_code == 201
    assert answer.json()["evidence"] == ["E1"]
    assert world.review.findings.count() == 2


@pytest.mark.parametrize(
    ("change", "status"), [({"evidence": []}, 409), ({"evidence": [99]}, 404), ({"strand": 9}, 404), ({"tone": "shrill"}, 422)]
)
def test_a_finding_that_a_rule_forbids_is_refused(manager: Client, world: World, change: dict[str, Any], status: int) -> None:
    assert add(manager, world, **change).status_code == status
    assert world.review.findings.count() == 1


def test_what_a_rule_forbids_says_what_to_do(manager: Client, world: World) -> None:
    answer = add(manager, world, evidence=[])
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert (told["status"], told["title"]) == (409, "A finding rests on evidence")
    assert told["detail"] == "A finding rests on evidence. Select at least one piece of evidence."
    assert {"what", "where", "next_step"} <= set(told)


@pytest.mark.parametrize(("role", "status"), [("board_member", 409), ("observer", 409), ("outsider", 404)])
def test_whoever_may_not_write_on_the_pages_may_not_here(client: Client, world: World, role: str, status: int) -> None:
    client.force_login(getattr(world, role).user)
    assert add(client, world).status_code == status
    assert world.review.findings.count() == 1


def test_a_change_without_the_token_of_the_site_is_refused(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.manager.user)
    assert add(strict, world).status_code == 403
    assert world.review.findings.count() == 1
