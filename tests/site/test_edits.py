"""Two people at two browsers change the same record."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.world import World


@pytest.fixture
def colleague(world: World, browser_of: Callable[[Any], Client]) -> Client:
    """The browser of an analyst of the same team."""
    from bestvalue.record.bodies.models import Membership, Person, User

    person = Person.objects.create(name="Analyst", user=User.objects.create_user("analyst@example.org", "correct horse battery staple"))
    Membership.objects.create(person=person, body=world.manager.memberships.get().body, role="analyst", starts="2026-01-05")
    return browser_of(person)


def address(world: World) -> str:
    return reverse("edit", args=["finding", world.finding.pk])


def sent(world: World, *, text: str, version: int = 1, tone: str = "negative", **more: str) -> dict[str, Any]:
    return {"text": text, "tone": tone, "version": version, **more}


def said(world: World) -> tuple[str, str, int]:
    world.finding.refresh_from_db()
    return world.finding.text, world.finding.tone, world.finding.row_version


def test_the_form_shows_what_the_record_says_and_carries_the_version_that_was_read(manager: Client, world: World) -> None:
    page = manager.get(address(world)).content.decode()
    assert world.finding.text in page
    assert '<input type="hidden" name="version" value="1"' in page


def test_the_second_sees_what_the_first_wrote_and_nothing_is_lost(manager: Client, colleague: Client, world: World) -> None:
    before = world.finding.text
    assert manager.post(address(world), sent(world, text="What the first wrote.")).status_code == 302
    met = colleague.post(address(world), sent(world, text="What the second wrote."))
    page = met.content.decode()
    assert met.status_code == 409
    for words in ("Somebody else changed this meanwhile", before, "What the first wrote.", "What the second wrote."):
        assert words in page, words
    assert 'name="version" value="2"' in page
    assert said(world)[0] == "What the first wrote."


def test_the_second_must_choose_before_anything_is_saved(manager: Client, colleague: Client, world: World) -> None:
    manager.post(address(world), sent(world, text="Theirs."))
    page = colleague.post(address(world), sent(world, text="Mine.", version=2, keep_text="")).content.decode()
    assert "Select whose words stay: What did we learn?" in page
    assert said(world)[0] == "Theirs."


@pytest.mark.parametrize(("chosen", "stays"), [("theirs", "Theirs."), ("mine", "Mine.")])
def test_the_second_chooses_whose_words_stay(manager: Client, colleague: Client, world: World, chosen: str, stays: str) -> None:
    manager.post(address(world), sent(world, text="Theirs.", tone="negative"))
    answer = colleague.post(address(world), sent(world, text="Mine.", tone="positive", version=2, keep_text=chosen))
    assert answer.status_code == 302
    assert said(world) == (stays, "positive", 3)


def test_a_third_who_writes_while_the_second_chooses_is_met_too(manager: Client, colleague: Client, world: World) -> None:
    manager.post(address(world), sent(world, text="First."))
    manager.post(address(world), sent(world, text="Third.", version=2))
    met = colleague.post(address(world), sent(world, text="Mine.", version=2, keep_text="mine"))
    assert met.status_code == 409
    assert "Third." in met.content.decode()


@pytest.mark.parametrize(
    "name", ["review", "strand", "evidence", "finding", "recommendation", "action", "body", "person", "service", "nothing"]
)
def test_each_kind_of_record_has_its_form_or_is_not_there(world: World, manager: Client, name: str) -> None:
    from bestvalue.record.bodies.models import Membership
    from bestvalue.record.delivery.changes import add_action

    Membership.objects.create(
        person=world.manager, body=world.manager.memberships.get().body, role="programme manager", starts="2026-01-05"
    )
    action = add_action(
        world.ours, what="Do", why="So", how="By", target="Done", lead=world.manager, original_date="2027-03-31", by=world.manager
    )
    rows = {"review": world.review, "strand": world.finding.strand, "evidence": world.note, "finding": world.finding}
    rows |= {"recommendation": world.ours, "action": action, "body": world.question.body, "person": world.outsider}
    rows |= {"service": world.service}
    page = manager.get(reverse("edit", args=[name, rows[name].pk if name in rows else 1]))
    assert page.status_code == (200 if name in rows else 404)
    if name in rows:
        form = page.context["form"]
        data = {key: value for key, value in form.initial.items() if value is not None and key not in ("effective_date", "addressed_body")}
        day = form.initial.get("effective_date")
        if day:
            data |= {"effective_date_day": day.day, "effective_date_month": day.month, "effective_date_year": day.year}
        assert manager.post(page.request["PATH_INFO"], data).status_code == 302
        rows[name].refresh_from_db()
        assert rows[name].row_version == 1, "a form that changes nothing changes nothing"


def test_a_program_names_the_version_it_read_and_is_told_what_somebody_else_wrote(manager: Client, world: World) -> None:
    path = f"/api/findings/{world.finding.pk}"
    json = "application/json"
    assert manager.patch(path, {"text": "Blind."}, content_type=json).status_code == 428
    assert manager.patch(path, {"text": "First."}, content_type=json, headers={"If-Match": '"1"'}).json()["version"] == 2
    met = manager.patch(path, {"text": "Second."}, content_type=json, headers={"If-Match": "1"})
    assert met.status_code == 412
    assert met.json()["version"] == 2
    assert met.json()["differences"][0]["theirs"] == "First."
    assert manager.patch(path, {"text": "X"}, content_type=json, headers={"If-Match": "soon"}).status_code == 400
    assert said(world)[0] == "First."


def test_a_program_of_somebody_who_may_not_see_the_record_does_not_learn_that_it_is_there(outsider: Client, world: World) -> None:
    for kind, row in (("findings", world.finding), ("evidence", world.note), ("recommendations", world.ours)):
        got = outsider.patch(f"/api/{kind}/{row.pk}", {}, content_type="application/json", headers={"If-Match": "1"})
        assert got.status_code == 404, kind
