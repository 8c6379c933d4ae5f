"""Things I must do: on its page and on the start page, for whoever owes them."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse
from tests.world import World


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_everybody_sees_their_own_with_the_page_where_it_is_done(
    world: World, manager: Client, browser_of: Callable[[Any], Client]
) -> None:
    mine = text(manager.get(reverse("duties")))
    assert reverse("challenge_step", args=[world.challenge.pk, "answer"]) in mine
    assert "You write in the review" in mine
    boards = text(browser_of(world.board_member).get(reverse("duties")))
    assert reverse("review_decision", args=[world.question.pk]) in boards
    assert "Overdue" in boards
    assert "Answer challenge" not in boards


def test_the_start_page_shows_the_same(world: World, manager: Client, outsider: Client) -> None:
    home = text(manager.get(reverse("home")))
    assert "Answer challenge C1" in home
    assert reverse("duties") in home
    assert "Nothing waits for you." in text(outsider.get(reverse("home")))


def test_the_list_filters_by_what_it_is_about_and_by_lateness(world: World, browser_of: Callable[[Any], Client]) -> None:
    browser, page = browser_of(world.board_member), reverse("duties")
    assert len(browser.get(page, {"kind": "reviews.decision"}).context["lines"]) == 1
    assert len(browser.get(page, {"kind": "delivery.action"}).context["lines"]) == 0
    assert len(browser.get(page, {"late": "1"}).context["lines"]) == 1


def test_the_list_leaves_as_a_file(world: World, browser_of: Callable[[Any], Client]) -> None:
    file = browser_of(world.board_member).get(reverse("duties"), {"form": "csv"})
    header, row = text(file).lstrip("\ufeff").splitlines()
    assert header.startswith("What,About,Why it is yours,Due,State")
    assert row.endswith(",2026-01-05,Overdue")
