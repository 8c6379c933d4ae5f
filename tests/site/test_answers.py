"""What every answer carries, and what is answered when something goes wrong."""

import logging
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from bestvalue.errors import RuleError


def test_pages_run_no_script_and_no_style_but_our_own_files(manager: Client) -> None:
    policy = manager.get(reverse("home")).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_signed_in_pages_are_not_kept_by_the_browser(manager: Client) -> None:
    assert "no-store" in manager.get(reverse("home")).headers["Cache-Control"]


def test_answers_forbid_sniffing_framing_and_the_devices(manager: Client) -> None:
    headers = manager.get(reverse("home")).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_signing_out_clears_what_the_browser_keeps(manager: Client) -> None:
    response = manager.post(reverse("account_logout"))
    assert '"storage"' in response.headers["Clear-Site-Data"]
    assert manager.get(reverse("home")).status_code == 302


def test_an_unknown_address_is_explained_in_the_frame_of_the_site(manager: Client) -> None:
    response = manager.get("/nowhere/")
    assert response.status_code == 404
    assert "Page not found" in response.content.decode()
    assert "Synthetic data" in response.content.decode()


@pytest.mark.django_db
def test_a_bug_shows_a_reference_that_stands_in_the_log(caplog: pytest.LogCaptureFixture, rf: RequestFactory) -> None:
    from django.contrib.auth.models import AnonymousUser

    from bestvalue.site.answers import server_error

    request = rf.get("/broken/")
    request.user = AnonymousUser()
    with caplog.at_level(logging.ERROR, logger="bestvalue.site"):
        response = server_error(request)
    reference = caplog.records[-1].args[0]
    assert response.status_code == 500
    assert str(reference) in response.content.decode()


@pytest.mark.django_db
def test_a_broken_rule_is_a_page_that_says_what_to_do(rf: RequestFactory) -> None:
    from django.contrib.auth.models import AnonymousUser

    from bestvalue.site.answers import FaultPages

    def not_called(request: HttpRequest) -> Any:
        raise AssertionError(request)

    request = rf.get("/")
    request.user = AnonymousUser()
    faults = FaultPages(not_called)
    shown = faults.process_exception(request, RuleError("The review is closed", next_step="Start a new one."))
    assert shown is not None
    assert shown.status_code == 409
    assert "The review is closed" in shown.content.decode()
    assert "Start a new one." in shown.content.decode()
    assert faults.process_exception(request, ValueError("a bug")) is None
