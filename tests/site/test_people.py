"""Letting somebody in, and starting a programme, on the site."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from tests.world import DAY, World

NEW = "a long enough new password"


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def newcomer(world: World) -> Any:
    from bestvalue.record.bodies.models import Membership, Person

    person = Person.objects.create(name="New analyst", email="new.analyst@example.org")
    Membership.objects.create(person=person, body=world.question.body, role="analyst", starts=DAY)
    return person


def test_whoever_opens_the_link_sets_the_password_and_comes_in(world: World, manager: Client, newcomer: Any, client: Client) -> None:
    given = manager.post(reverse("person_sign_in", args=[newcomer.pk]))
    found = re.search(r"http://testserver(/account/password/reset/key/[^<\s]+)", text(given))
    assert found is not None
    theirs = Client()
    form = theirs.get(found.group(1), follow=True)
    set_to = theirs.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert set_to.status_code == 302
    newcomer.refresh_from_db()
    assert newcomer.user.check_password(NEW)
    assert theirs.login(email=newcomer.email, password=NEW)
    assert theirs.get(reverse("home")).status_code == 200


def test_no_mail_carries_a_password_or_the_link_and_no_answer_is_kept(world: World, manager: Client, newcomer: Any) -> None:
    given = manager.post(reverse("person_sign_in", args=[newcomer.pk]))
    assert mail.outbox == []
    assert "no-store" in given.headers["Cache-Control"]


def test_the_link_works_once(world: World, manager: Client, newcomer: Any) -> None:
    given = text(manager.post(reverse("person_sign_in", args=[newcomer.pk])))
    link = re.findall(r"http://testserver(/account/password/reset/key/[^<\s]+)", given)[0]
    theirs = Client()
    form = theirs.get(link, follow=True)
    theirs.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    again = Client().get(link, follow=True)
    assert "password1" not in text(again)


def test_who_has_no_address_or_a_sign_in_already_is_refused_with_what_to_do(world: World, manager: Client, newcomer: Any) -> None:
    newcomer.email = ""
    newcomer.save()
    refused = manager.post(reverse("person_sign_in", args=[newcomer.pk]))
    assert refused.status_code == 409
    assert "A sign-in needs an e-mail address" in text(refused)
    assert "has a sign-in already" in text(manager.post(reverse("person_sign_in", args=[world.observer.pk])))


def test_the_page_of_a_body_offers_a_sign_in_to_keepers_for_those_without_one(
    world: World, manager: Client, browser_of: Callable[[Any], Client], newcomer: Any
) -> None:
    page, offered = reverse("body", args=[world.question.body_id]), reverse("person_sign_in", args=[newcomer.pk])
    assert offered in text(manager.get(page))
    assert offered not in text(browser_of(world.board_member).get(page))


def test_a_programme_manager_starts_the_programme_of_a_year(world: World, browser_of: Callable[[Any], Client]) -> None:
    from bestvalue.record.bodies.models import Membership

    Membership.objects.create(person=world.manager, body=world.question.body, role="programme manager", starts=DAY)
    browser, page = browser_of(world.manager), reverse("programme_add")
    assert page in text(browser.get(reverse("reviews")))
    form = {"title": "Programme 2027", "year": "2027", "authority": world.review.authority_id, "reviews_a_year": "2"}
    started = browser.post(page, form, follow=True)
    assert "Programme 2027 is started" in text(started)
    assert "Programme 2027" in text(browser.get(reverse("reviews")))
    assert "has a programme for 2027 already" in text(browser.post(page, form))
    assert set(browser.post(page, {"title": ""}).context["form"].errors) == {"title", "year", "authority", "reviews_a_year"}
