"""Who may open what. Every address of the site is tried, so that a new one cannot be forgotten."""

from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

OPEN_TO_ALL = {"accessibility", "health", "account_login", "account_signup", "account_logout", "account_inactive"}
RESET = "account_reset"  # whoever forgot the password cannot sign in first
STEPS = {"account_confirm_email", "account_email_verification_sent", "account_request_login_code", "account_confirm_login_code"}
MID_SIGN_IN = {"mfa_authenticate", "mfa_login_webauthn", "mfa_signup_webauthn", "mfa_trust", "account_signup_by_passkey"}
OPEN_BY_KEY = {"calendar"}  # a calendar program cannot sign in: the secret address is its key
OPEN_BY_KEY |= {"survey_start", "survey_invited", "answer_resume", "answer_question", "answer_check", "answer_later", "answer_done"}
OPEN = OPEN_TO_ALL | STEPS | MID_SIGN_IN | OPEN_BY_KEY


OF_THINGS = {"kind": "finding", "word": "nights"}
SAMPLES = OF_THINGS | {
    "pk": 1,
    "digest": "a" * 64,
    "name": "incidents",
    "slug": "a",
    "key": "a",
    "uidb36": "1",
    "code": "a",
    "place": "a",
    "ending": "csv",
}


def every_address() -> dict[str, dict[str, Any]]:
    """Name of every page, ours and those of the sign-in library, with arguments that fit its address."""
    found: dict[str, dict[str, Any]] = {}

    def walk(patterns: Any, above: set[str]) -> None:
        for pattern in patterns:
            names = above | set(pattern.pattern.regex.groupindex)
            if isinstance(pattern, URLPattern):
                found[pattern.name] = {name: SAMPLES[name] for name in names}
            elif pattern.namespace != "api":
                walk(pattern.url_patterns, names)

    walk(get_resolver().url_patterns, set())
    return found


@pytest.mark.django_db
def test_whoever_is_not_signed_in_is_led_to_the_sign_in_page_from_every_other_page(client: Client) -> None:
    closed = {name: arguments for name, arguments in every_address().items() if name not in OPEN and not name.startswith(RESET)}
    assert {"home", "review", "result_table", "published_file", "mfa_index"} <= set(closed)
    for name, arguments in closed.items():
        response = client.get(reverse(name, kwargs=arguments))
        assert response.status_code == 302, name
        assert response.url.startswith(reverse("account_login")), name


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["accessibility", "health", "account_login"])
def test_what_is_open_to_all_opens(client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 200


def test_what_somebody_may_not_see_answers_as_if_it_were_not_there(outsider: Client, world: Any) -> None:
    hidden = {
        "review": world.review,
        "evidence": world.note,
        "finding": world.finding,
        "recommendation": world.ours,
        "finding_add": world.review,
        "evidence_add": world.review,
        "document_add": world.review,
        "publish": world.review,
    }
    for name, row in hidden.items():
        assert outsider.get(reverse(name, args=[row.pk])).status_code == 404, name


def test_published_reports_are_open_to_everyone_with_a_place(outsider: Client, world: Any) -> None:
    assert outsider.get(reverse("report", args=[world.report.slug])).status_code == 200
    assert outsider.get(reverse("recommendation", args=[world.theirs.pk])).status_code == 200


def test_lists_leave_out_what_somebody_may_not_see(outsider: Client, world: Any) -> None:
    assert world.review.title not in outsider.get(reverse("reviews")).content.decode()
    assert world.ours.text not in outsider.get(reverse("register")).content.decode()
    assert world.ours.text not in outsider.get(reverse("list_file", args=["recommendations", "csv"])).content.decode()
    assert world.theirs.text in outsider.get(reverse("register")).content.decode()


def test_sensitive_evidence_is_hidden_from_members_of_the_force_outside_the_review(client: Client, world: Any) -> None:
    from bestvalue.record.bodies.models import Membership

    Membership.objects.create(person=world.outsider, body=world.review.force, role="observer", starts="2026-01-05")
    client.force_login(world.outsider.user)
    assert client.get(reverse("evidence", args=[world.note.pk])).status_code == 200
    assert client.get(reverse("evidence", args=[world.secret.pk])).status_code == 404
    assert world.secret.title not in client.get(reverse("review", args=[world.review.pk])).content.decode()


def test_somebody_without_a_place_sees_nothing_and_is_told_why(client: Client, world: Any) -> None:
    from bestvalue.record.bodies.models import Membership

    Membership.objects.filter(person=world.outsider).delete()
    client.force_login(world.outsider.user)
    assert "You hold no place today" in client.get(reverse("home")).content.decode()
    for name in ("data", "analyses", "ledger"):
        assert client.get(reverse(name)).status_code == 403, name
    assert client.get(reverse("report", args=[world.report.slug])).status_code == 404


def test_who_only_reads_is_offered_nothing_to_write_and_refused_when_asking(client: Client, world: Any) -> None:
    from bestvalue.record.bodies.models import Membership

    Membership.objects.create(person=world.outsider, body=world.review.force, role="observer", starts="2026-01-05")
    client.force_login(world.outsider.user)
    assert "Add a finding" not in client.get(reverse("review", args=[world.review.pk])).content.decode()
    refused = client.get(reverse("finding_add", args=[world.review.pk]))
    assert refused.status_code == 409
    assert "may not add to this review" in refused.content.decode()
