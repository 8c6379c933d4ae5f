"""Signing in, staying signed in, and being signed out."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.world import PASSWORD


def sign_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_the_right_password_opens_the_start_page(client: Client, world: Any) -> None:
    response = sign_in(client, world.manager.email)
    assert response.status_code == 302
    assert response.url == reverse("home")


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Client, world: Any) -> None:
    wrong = sign_in(client, world.manager.email, "not the password at all")
    unknown = sign_in(client, "nobody@example.org", "not the password at all")
    answers = [response.context["form"].errors["__all__"] for response in (wrong, unknown)]
    assert answers[0] == answers[1]
    assert "There is a problem" in wrong.content.decode()
    assert "<title>Error:" in wrong.content.decode()


def test_after_many_wrong_passwords_the_account_rests(client: Client, world: Any) -> None:
    answers = [sign_in(client, world.manager.email, "not the password at all").content.decode() for _ in range(11)]
    assert "Too many failed login attempts" in answers[-1]
    assert "Too many failed login attempts" not in answers[0]


@pytest.mark.django_db
def test_nobody_can_register(client: Client) -> None:
    assert "Registration is closed" in client.get(reverse("account_signup")).content.decode()
    from bestvalue.record.bodies.models import User

    client.post(reverse("account_signup"), {"email": "new@example.org", "password1": PASSWORD})
    assert not User.objects.filter(email="new@example.org").exists()


def test_half_an_hour_without_use_ends_the_sign_in(manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    assert manager.get(reverse("home")).status_code == 200
    clock.forward(minutes=29)
    assert manager.get(reverse("home")).status_code == 200
    clock.forward(minutes=31)
    assert manager.get(reverse("home")).status_code == 302


def test_twelve_hours_end_the_sign_in_however_busy(manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    answers = []
    for _ in range(37):
        answers.append(manager.get(reverse("home")).status_code)
        clock.forward(minutes=20)
    assert answers[:36] == [200] * 36
    assert manager.get(reverse("home")).status_code == 302


def test_a_page_that_follows_a_job_does_not_keep_the_sign_in_alive(manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    manager.get(reverse("home"))
    for _ in range(2):
        clock.forward(minutes=20)
        last = manager.get(reverse("home"), headers={"X-Fragment": "1"})
    assert last.status_code == 302


def test_a_second_step_is_offered(manager: Client) -> None:
    assert manager.get(reverse("mfa_index")).status_code == 200


class Clock:
    """The clock that the limits of a sign-in read, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from bestvalue.site import sign_in as module

        self.now = 1_800_000_000.0
        monkeypatch.setattr(module.time, "time", lambda: self.now)

    def forward(self, *, minutes: int) -> None:
        self.now += 60 * minutes
