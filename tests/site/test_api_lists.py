"""The API reads every list that a page shows, and writes what the pages write, by the same rules."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.world import DAY, World

from bestvalue.site.pages.list_catalogue import LISTS


def read(browser: Client, name: str, **asked: object) -> Any:
    return browser.get(f"/api/lists/{name}", asked).json()


def write(browser: Client, path: str, **said: Any) -> Any:
    return browser.post(f"/api/{path}", json.dumps(said, default=str), content_type="application/json")


@pytest.mark.parametrize("name", sorted(LISTS))
def test_the_api_reads_as_many_rows_as_the_file_holds(manager: Client, outsider: Client, name: str) -> None:
    for browser in (manager, outsider):
        file = browser.get(reverse("list_file", args=[name, "csv"]))
        answer = read(browser, name)
        assert answer["count"] == len(answer["items"])
        assert answer["count"] == _rows(file.content.decode("utf-8-sig"))


def _rows(text: str) -> int:
    import csv
    import io

    return sum(1 for _ in csv.reader(io.StringIO(text, newline=""))) - 1


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_page_of_a_list_asks_little(manager: Client, name: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert manager.get(f"/api/lists/{name}").status_code == 200
    assert len([query for query in asked if query["sql"].startswith("SELECT")]) <= 12


def test_a_list_narrows_as_the_page_does(manager: Client, world: World) -> None:
    assert [row["recommendation"] for row in read(manager, "recommendations", status="made")["items"]] == [world.theirs.text]
    assert read(manager, "evidence", review=world.review.pk)["count"] == read(manager, "evidence")["count"] > 0
    assert read(manager, "evidence", page=2)["items"] == []
    assert manager.get("/api/lists/evidence?review=x").status_code == 422


def test_every_change_is_made_and_answered_with_its_key(manager: Client, world: World) -> None:
    review = f"reviews/{world.review.pk}"
    evidence = {"title": "A walk round", "kind": "visit", "four_cs": ["consult"], "effective_date": DAY, "notes": "Seen."}
    assert write(manager, f"{review}/evidence", **evidence, strands=[1]).json()["reference"] == "E4"
    answered = write(manager, f"challenges/{world.challenge.pk}/steps", step="answered", text="We did.", on=DAY, effect="none")
    assert answered.status_code == 201
    question = write(manager, f"{review}/questions", kind="problem", text="Who drives?").json()["id"]
    option = write(manager, f"questions/{question}/options", text="We.", cost="None.", effect="Some.").json()
    assert option["reference"] == "2.1"
    decided = {"verdict": "chosen", "body": world.question.body_id, "on": DAY, "reason": "Cheap."}
    assert write(manager, f"options/{option['id']}/decisions", **decided).status_code == 201
    for status in ("accepted", "in progress"):
        assert write(manager, f"recommendations/{world.theirs.pk}/statuses", status=status, on=DAY).status_code == 201
    action = {"what": "Publish", "why": "So.", "how": "Thus.", "target": "All.", "lead": world.manager.pk, "original_date": "2026-06-30"}
    added = write(manager, f"recommendations/{world.theirs.pk}/actions", **action).json()["id"]
    assert write(manager, f"actions/{added}/states", state="in progress", on=DAY).status_code == 201
    assert write(manager, f"actions/{added}/forecasts", to="2026-07-30", on=DAY).status_code == 201
    assert write(manager, f"actions/{added}/updates", text="It goes on.", on=DAY).status_code == 201
    assert read(manager, "updates")["items"][0]["update"] == "It goes on."


def test_a_challenge_is_raised_by_whoever_may_and_by_nobody_else(client: Client, world: World) -> None:
    said = {"kind": "board", "challenger": "The board", "text": "Why now?", "raised_on": DAY}
    for person, status in ((world.board_member, 201), (world.manager, 409), (world.outsider, 404)):
        client.force_login(person.user)
        assert write(client, f"reviews/{world.review.pk}/challenges", **said).status_code == status


@pytest.mark.parametrize("path", ["recommendations/{ours}/statuses", "recommendations/{ours}/updates"])
def test_what_somebody_may_not_see_cannot_be_written_to(outsider: Client, world: World, path: str) -> None:
    said = {"status": "made", "on": DAY, "text": "So."}
    assert write(outsider, path.format(ours=world.ours.pk), **said).status_code == 404
