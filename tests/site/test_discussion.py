"""Comments and tags on the pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.world import World


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def page(world: World) -> str:
    return reverse("discussion", args=["finding", world.finding.pk])


def test_a_comment_and_its_reply_stand_on_the_page_of_the_thing(
    world: World, manager: Client, browser_of: Callable[[Any], Client], page: str
) -> None:
    reader = browser_of(world.observer)
    reader.post(page, {"text": "Which nights?"})
    from bestvalue.record.discussion.models import Comment

    first = Comment.objects.get()
    asked = manager.get(page, {"reply_to": first.pk})
    assert "Which nights?" in text(asked)
    manager.post(f"{page}?reply_to={first.pk}", {"text": "Fridays."})
    shown = text(reader.get(page))
    assert shown.index("Which nights?") < shown.index("Fridays.")
    assert page in text(manager.get(reverse("finding", args=[world.finding.pk])))


def test_an_empty_comment_is_refused_beside_its_field(manager: Client, page: str) -> None:
    assert set(manager.post(page, {"text": " "}).context["form"].errors) == {"text"}


def test_a_reply_to_a_comment_on_something_else_is_not_there(world: World, manager: Client, page: str) -> None:
    from bestvalue.record.discussion.models import Comment

    manager.post(reverse("discussion", args=["review", world.review.pk]), {"text": "Hello"})
    assert manager.get(page, {"reply_to": Comment.objects.get().pk}).status_code == 404


def test_things_are_found_by_their_tag_as_far_as_somebody_sees_them(world: World, manager: Client, outsider: Client) -> None:
    for kind, thing in (("finding", world.finding), ("evidence", world.secret)):
        manager.post(reverse("tag_set", args=[kind, thing.pk]), {"word": "Night shifts"})
    assert "night shifts</a>: 2 things" in text(manager.get(reverse("tags")))
    shown = text(manager.get(reverse("tag", args=["night shifts"])))
    assert "Half the demand falls at night." in shown
    assert "Live operations" in shown
    assert "night shifts" not in text(outsider.get(reverse("tags")))
    assert outsider.get(reverse("tag", args=["night shifts"])).status_code == 404


def test_a_tag_on_sensitive_evidence_is_not_counted_for_who_does_not_see_it(
    world: World, manager: Client, browser_of: Callable[[Any], Client]
) -> None:
    manager.post(reverse("tag_set", args=["evidence", world.secret.pk]), {"word": "source"})
    reader = browser_of(world.observer)
    assert "source" not in text(reader.get(reverse("tags")))
    assert reader.get(reverse("tag", args=["source"])).status_code == 404
    assert reader.get(reverse("discussion", args=["evidence", world.secret.pk])).status_code == 404


def test_only_who_set_a_tag_takes_it_off(world: World, manager: Client, browser_of: Callable[[Any], Client], page: str) -> None:
    from bestvalue.record.discussion.models import Tag

    manager.post(reverse("tag_set", args=["finding", world.finding.pk]), {"word": "nights"})
    off = reverse("tag_off", args=["finding", world.finding.pk])
    assert "did not set this tag" in text(browser_of(world.observer).post(off, {"word": "nights"}, follow=True))
    assert "is taken off" in text(manager.post(off, {"word": "nights"}, follow=True))
    assert not Tag.objects.set_now().exists()


def test_nothing_of_an_unknown_kind_can_be_commented_on(manager: Client) -> None:
    assert manager.get(reverse("discussion", args=["user", 1])).status_code == 404
