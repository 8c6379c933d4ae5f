"""The security table of the house's baseline, a test or more for each of its rows that the site itself answers for.

Named after the row. What a row rests on, and what is left to the deployment, stands in docs/explanation/security.md.
"""

import io
import json
import logging
import runpy
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client, override_settings
from django.urls import reverse
from tests.world import PASSWORD, World

import bestvalue.site


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> None:
    caches["limits"].clear()


def settings_under_tls(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The settings as a server behind TLS reads them."""
    monkeypatch.setenv("BESTVALUE_HTTPS", "1")
    return runpy.run_path(str(Path(bestvalue.site.__path__[0]) / "settings.py"))


def test_access_a_role_that_ends_closes_page_api_file_and_search_at_the_next_request(world: World, manager: Client) -> None:
    addresses = [reverse("review", args=[world.review.pk]), "/api/reviews", reverse("list_file", args=["findings", "csv"])]
    addresses.append(f"{reverse('search')}?q=support")
    assert [manager.get(address).status_code for address in addresses] == [200] * 4
    world.manager.memberships.update(ends="2026-01-06")
    after = [manager.get(address) for address in addresses]
    assert [answer.status_code for answer in after if answer.status_code != 200] == [403, 403, 403]
    assert after[1].json() == []


def test_workflow_a_change_names_the_version_it_read_and_steps_cannot_be_skipped(world: World, manager: Client) -> None:
    json_of = "application/json"
    assert manager.patch(f"/api/findings/{world.finding.pk}", {"text": "X"}, content_type=json_of).status_code == 428
    asked = {"gate": "close", "due": "2027-01-05"}
    assert manager.post(f"/api/reviews/{world.review.pk}/decisions", asked, content_type=json_of).status_code == 409


def test_workflow_who_asks_does_not_decide(world: World, manager: Client) -> None:
    taken = {"outcome": "agreed", "taken_on": "2026-01-05", "minute": "1", "attended": []}
    assert manager.post(f"/api/decisions/{world.question.pk}", taken, content_type="application/json").status_code == 409


def test_workflow_publishing_takes_two_people_and_the_database_holds_it_too(world: World) -> None:
    from django.db import IntegrityError

    from bestvalue.errors import RuleError
    from bestvalue.record.ledger.models import AuditEvent
    from bestvalue.record.reviews.report import confirm, propose, publish

    with pytest.raises(RuleError, match="Publication needs two people"):
        publish(world.review, by=world.manager, confirmed_by=world.manager, formats=("html",))
    proposal = propose(world.review, by=world.manager, formats=("html",))
    with pytest.raises(RuleError, match="Publication needs two people"):
        confirm(proposal, by=world.manager)
    with pytest.raises(RuleError, match="may not confirm reports"):
        confirm(proposal, by=world.observer)
    join_the_group(world, world.board_member)
    version = confirm(proposal, by=world.board_member)
    acts = {event.action: event.payload for event in AuditEvent.objects.filter(action__in=("report.proposed", "review.published"))}
    assert acts["report.proposed"]["files"] == acts["review.published"]["files"] == {file.name: file.sha256 for file in version.files.all()}
    assert acts["report.proposed"]["content"] == acts["review.published"]["content"]
    assert acts["review.published"]["proposed_by"] == world.manager.pk
    forged = version.proposal
    forged.answered_by = world.manager
    with pytest.raises(IntegrityError, match="proposal_confirmed_by_another"):
        forged.save()


def test_workflow_a_file_that_was_changed_while_it_waited_is_not_published(world: World) -> None:
    from bestvalue.errors import RuleError
    from bestvalue.record.reviews.report import confirm, propose

    proposal = propose(world.review, by=world.manager, formats=("html",))
    join_the_group(world, world.board_member)
    (proposal.folder / proposal.files[0]["name"]).write_text("Other words.")
    with pytest.raises(RuleError, match="is not the file that was proposed"):
        confirm(proposal, by=world.board_member)


def test_workflow_close_whoever_asks_that_something_is_complete_does_not_decide_it_nor_does_its_lead(world: World) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from bestvalue.errors import RuleError
    from bestvalue.record.bodies.models import Membership
    from bestvalue.record.delivery import changes
    from bestvalue.record.delivery.life_cycle import Status

    lead, board, today = world.manager, world.question.body, timezone.localdate()
    Membership.objects.create(person=lead, body=board, role="board member", starts="2026-01-05")
    changes.set_status(world.theirs, status=Status.ACCEPTED, on=today - timedelta(days=1), note="Yes.", by=lead)
    changes.own(world.theirs, body=board, lead=lead, on=today - timedelta(days=1), by=lead)
    changes.set_status(world.theirs, status=Status.IN_PROGRESS, on=today, note="Begun.", by=lead)
    with pytest.raises(RuleError, match=r"lead|Whoever"):
        changes.close_not_implemented(world.theirs, on=today, minute="Item 3", reason="Not needed.", by=lead)
    closed = changes.close_not_implemented(world.theirs, on=today, minute="Item 3", reason="Not needed.", by=world.board_member)
    assert closed.status is Status.CLOSED


def test_workflow_unlock_nothing_that_is_published_decided_or_minuted_is_opened_again() -> None:
    from tests.record.test_architecture import CHANGES

    assert len(CHANGES) > 100
    assert [name for name in CHANGES if name.rpartition(".")[2].startswith(("unlock", "reopen", "unpublish", "undo", "revert"))] == []


def test_workflow_bulk_import_whoever_imports_a_report_does_not_let_its_recommendations_into_the_register(
    world: World, manager: Client, browser_of: Callable[[Any], Client]
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from bestvalue.record.delivery.models import Recommendation
    from bestvalue.record.inspections.models import Extracted

    text = (
        "Inspectorate of Fire\nInspection of stores\nMarch 2020\n\n1 Introduction\n\n1.1 Stores are full.\n\n"
        "1.2 We looked at them.\n\nRecommendation 1\n\nThe service should sell what it does not need.\n"
    )
    form = {"file": SimpleUploadedFile("stores.txt", text.encode()), "issuer": "Inspectorate of Fire", "seen": "on"}
    address = manager.post(reverse("report_import"), form).url
    assert "another person checks it" in manager.get(address).content.decode()
    one = Extracted.objects.exclude(report=world.report).get()
    refused = (manager.post(address), manager.post(reverse("extracted", args=[one.pk]), {"number": "1", "text": one.text}))
    assert [answer.status_code for answer in refused] == [409, 409]
    assert not Recommendation.objects.filter(published_report=one.report).exists()
    assert "1 recommendation of the report entered" in browser_of(world.board_member).post(address, follow=True).content.decode()
    assert Recommendation.objects.filter(published_report=one.report).count() == 1


ROWS = b"Ref,Recommendation\r\n" + b"".join(f"A{number},Do thing {number}.\r\n".encode() for number in range(1, 12))


@pytest.fixture
def many_rows(world: World, manager: Client) -> str:
    """A tracker of eleven rows, which the manager looked at and proposed; the address where another answers."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from bestvalue.record.delivery.models import WaitingFile

    manager.post(reverse("tracker"), {"source": "The portal", "file": SimpleUploadedFile("tracker.csv", ROWS)})
    answers = {"number": "Ref", "text": "Recommendation", "days": "day first", "issuer_of_all": str(world.report.issuer_id)}
    manager.post(reverse("tracker_columns"), answers | {"report_of_all": "Letter of May"})
    manager.post(reverse("tracker_words"), {})
    assert "More than 10 rows at once need two people" in manager.get(reverse("tracker_check")).content.decode()
    assert manager.post(reverse("tracker_check"), {"take": "1"}).url == reverse("tracker_check")
    return reverse("tracker_confirm", args=[WaitingFile.objects.get().pk])


def rows_of_the_letter() -> int:
    from bestvalue.record.delivery.models import Recommendation

    return Recommendation.objects.filter(report_slug="letter-of-may").count()


def test_workflow_bulk_import_many_rows_are_proposed_by_one_and_confirmed_by_another(
    world: World, manager: Client, many_rows: str, browser_of: Callable[[Any], Client]
) -> None:
    from bestvalue.record.ledger.models import AuditEvent

    assert rows_of_the_letter() == 0
    assert manager.get(many_rows).status_code == 404, "nobody confirms what they brought"
    other = browser_of(world.board_member)
    assert f'href="{many_rows}"' in other.get(reverse("duties")).content.decode()
    assert "Do thing 11." in other.get(many_rows).content.decode()
    assert other.post(many_rows, {"answer": "confirm"}).url == reverse("register")
    assert rows_of_the_letter() == 11
    taken = AuditEvent.objects.get(action="tracker.taken_in")
    assert (taken.actor, taken.payload["proposed_by"]) == (f"person {world.board_member.pk}", world.manager.pk)
    assert AuditEvent.objects.filter(action="tracker.proposed").count() == 1


def test_workflow_bulk_import_what_is_no_longer_what_was_proposed_is_not_confirmed(
    world: World, manager: Client, many_rows: str, browser_of: Callable[[Any], Client]
) -> None:
    from bestvalue.record.bodies.models import Body
    from bestvalue.record.delivery.changes import Entered, enter_recommendations

    issuer = Body.objects.get(pk=world.report.issuer_id)
    row = Entered(number="A1", text="Do thing 1.", kind="recommendation")
    enter_recommendations(issuer, report_title="Letter of May", made_on=None, rows=[row], by=world.manager)
    other = browser_of(world.board_member)
    assert "is not what was proposed" in other.get(many_rows).content.decode()
    assert "is not what was proposed" in other.post(many_rows, {"answer": "confirm"}).content.decode()
    assert rows_of_the_letter() == 1


def test_workflow_bulk_import_a_refusal_goes_back_with_its_reason(
    world: World, manager: Client, many_rows: str, browser_of: Callable[[Any], Client]
) -> None:
    other = browser_of(world.board_member)
    assert "Say why they are refused" in other.post(many_rows, {"answer": "refuse"}).content.decode()
    other.post(many_rows, {"answer": "refuse", "reason": "Row 3 is ours."})
    assert "Row 3 is ours." in manager.get(reverse("tracker_check")).content.decode()
    assert other.get(many_rows).status_code == 404
    assert rows_of_the_letter() == 0


@pytest.mark.parametrize(
    ("password", "taken"),
    [
        ("fourteen chars", False),
        ("1q2w3e4r5t6y7u8i9o0p", False),
        ("fifteen letters", True),
        ("ä long sentence with spaces, and no rule of composition " * 2, True),
    ],
)
def test_passwords_are_long_and_not_common_and_follow_no_rule_of_composition(world: World, password: str, taken: bool) -> None:
    from bestvalue.errors import RuleError
    from bestvalue.record.bodies.changes import add_person, give_sign_in

    person = add_person(name="New", email="new@example.org", by=None)
    if taken:
        assert give_sign_in(person, password=password, by=None).check_password(password)
    else:
        with pytest.raises(RuleError):
            give_sign_in(person, password=password, by=None)


def test_passwords_may_be_pasted(client: Client, world: World) -> None:
    page = client.get(reverse("account_login")).content.decode()
    assert "onpaste" not in page
    assert 'autocomplete="current-password"' in page


def test_mfa_is_required_where_the_site_runs_under_tls_and_opens_nothing_before(
    world: World, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings_under_tls(monkeypatch)["SECOND_STEP_REQUIRED"] is True
    with override_settings(SECOND_STEP_REQUIRED=True):
        assert manager.get(reverse("review", args=[world.review.pk])).url == reverse("mfa_index")
        assert manager.get("/api/reviews").status_code == 403
        assert manager.get(reverse("mfa_index")).status_code == 200


def test_mfa_once_set_up_opens_the_site(world: World, manager: Client) -> None:
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=world.manager.user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    with override_settings(SECOND_STEP_REQUIRED=True):
        assert manager.get(reverse("review", args=[world.review.pk])).status_code == 200


def test_mfa_reset_of_a_password_does_not_bypass_the_second_step(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    assert {"email"} == settings.ACCOUNT_LOGIN_METHODS
    assert "email" not in settings.MFA_SUPPORTED_TYPES
    assert not getattr(settings, "ACCOUNT_LOGIN_ON_PASSWORD_RESET", False)


def test_lock_out_slows_guesses_and_says_the_same_of_unknown_people(client: Client, world: World) -> None:
    def answer(email: str) -> str:
        form = {"login": email, "password": "not the password at all"}
        return str(client.post(reverse("account_login"), form).context["form"].errors["__all__"])

    assert answer(world.manager.email) == answer("nobody@example.org")
    assert "Too many failed" in [answer(world.manager.email) for _ in range(11)][-1]


def test_sessions_get_a_new_key_at_sign_in_and_end_when_the_account_is_disabled(client: Client, world: World) -> None:
    client.get(reverse("account_login"))
    before = client.session.session_key
    client.post(reverse("account_login"), {"login": world.manager.email, "password": PASSWORD})
    assert client.session.session_key != before
    assert client.get(reverse("home")).status_code == 200
    user = world.manager.user
    user.is_active = False
    user.save()
    assert client.get(reverse("home")).status_code == 302


def test_sessions_are_listed_and_can_be_ended_by_their_user(world: World, manager: Client) -> None:
    assert manager.get(reverse("usersessions_list")).status_code == 200


def test_sessions_of_others_are_listed_and_ended_by_who_gives_sign_ins_and_disabling_a_sign_in_ends_them_all(
    world: World, manager: Client, browser_of: Callable[[Any], Client]
) -> None:
    from django.contrib.sessions.models import Session

    from bestvalue.record.ledger.models import AuditEvent

    page, theirs = reverse("person_sessions", args=[world.board_member.pk]), browser_of(world.board_member)
    assert theirs.get(reverse("home")).status_code == 200
    assert "End all their sessions" in manager.get(page).content.decode()
    assert theirs.post(page, {"do": "end"}).status_code == 409
    assert "1 session ended" in manager.post(page, {"do": "end"}).content.decode()
    assert theirs.get(reverse("home")).status_code == 302
    again = browser_of(world.board_member)
    key = again.session.session_key
    assert "1 session ended" in manager.post(page, {"do": "disable"}).content.decode()
    assert not Session.objects.filter(session_key=key).exists()
    assert again.get(reverse("home")).status_code == 302
    assert not Client().login(email=world.board_member.email, password=PASSWORD)
    manager.post(page, {"do": "enable"})
    assert Client().login(email=world.board_member.email, password=PASSWORD)
    assert manager.post(reverse("person_sessions", args=[world.manager.pk]), {"do": "disable"}).status_code == 409
    assert manager.get(reverse("home")).status_code == 200
    told = AuditEvent.objects.filter(action__in=["person.sessions_ended", "person.sign_in_disabled", "person.sign_in_enabled"])
    assert sorted(told.values_list("action", flat=True)) == ["person.sessions_ended", "person.sign_in_disabled", "person.sign_in_enabled"]


@pytest.fixture
def unconfirmed(world: World, client: Client) -> Client:
    """The manager's browser, long after the sign-in: nobody confirmed lately who sits before it."""
    client.force_login(world.manager.user)
    return client


ASKED = "/account/reauthenticate/"


def confirm_it(browser: Client, asked: Any) -> Any:
    """Give the password that the page asks for; the answer is that of what was asked before."""
    assert asked.url.startswith(ASKED), asked
    return browser.post(asked.url, {"password": PASSWORD, "next": asked.url.partition("next=")[2].replace("%2F", "/")})


def test_sessions_are_confirmed_again_before_a_report_is_proposed_or_confirmed_and_what_was_typed_goes_on(
    world: World, unconfirmed: Client
) -> None:
    address = reverse("publish", args=[world.review.pk])
    assert unconfirmed.get(address).status_code == 200
    asked = unconfirmed.post(address, {"formats": ["html"], "checked": "on"})
    assert not world.review.proposals.exists()
    done = confirm_it(unconfirmed, asked)
    proposal = world.review.proposals.get()
    assert (done.url, [file["format"] for file in proposal.files]) == (reverse("proposed", args=[proposal.pk]), ["html"])
    other = Client()
    other.force_login(world.board_member.user)
    join_the_group(world, world.board_member)
    asked = other.post(done.url, {"answer": "confirm"})
    assert not world.review.versions.exists()
    assert confirm_it(other, asked).url == reverse("published", args=[world.review.versions.get().pk])


def join_the_group(world: World, person: Any) -> None:
    from bestvalue.record.reviews.changes import add_to_group

    add_to_group(world.secret.group, person=person, reason="To confirm the report.", by=world.manager)


def test_sessions_that_go_on_with_a_form_that_a_rule_refuses_show_it_with_what_was_typed(world: World, unconfirmed: Client) -> None:
    address = reverse("group_add", args=[world.review.pk])
    taken = world.secret.group.name
    page = confirm_it(unconfirmed, unconfirmed.post(address, {"name": taken, "need": "To cost it.", "people": [world.observer.pk]}))
    assert page.status_code == 200
    said = page.content.decode()
    assert "The review has a group of this name" in said
    assert "To cost it." in said
    assert f'action="{address}"' in said


def test_sessions_that_go_on_with_a_change_of_a_sign_in_show_buttons_that_lead_there(world: World, unconfirmed: Client) -> None:
    address = reverse("person_sessions", args=[world.observer.pk])
    said = confirm_it(unconfirmed, unconfirmed.post(address, {"do": "disable"})).content.decode()
    assert "The sign-in is disabled" in said
    assert f'<form method="post" action="{address}">' in said


@pytest.mark.parametrize("what", ["a place", "a part", "a group", "a person in a group", "a sign-in"])
def test_sessions_are_confirmed_again_before_somebody_is_given_a_place_or_a_need_to_know(
    world: World, unconfirmed: Client, what: str
) -> None:
    from bestvalue.record.ledger.models import AuditEvent

    address, form = {
        "a place": (
            reverse("body_member_add", args=[world.question.body_id]),
            {"person": world.outsider.pk, "role": "observer", "starts_day": 5, "starts_month": 1, "starts_year": 2026},
        ),
        "a part": (reverse("review_part_add", args=[world.review.pk]), {"part": "panel", "body": world.outsider.memberships.get().body_id}),
        "a group": (reverse("group_add", args=[world.review.pk]), {"name": "New", "need": "To cost it.", "people": [world.observer.pk]}),
        "a person in a group": (
            reverse("group_join", args=[world.secret.group_id]),
            {"person": world.observer.pk, "reason": "To cost it."},
        ),
        "a sign-in": (reverse("person_sign_in", args=[world.observer.pk]), {}),
    }[what]
    before = AuditEvent.objects.count()
    asked = unconfirmed.post(address, form)
    assert asked.url.startswith(ASKED)
    assert AuditEvent.objects.count() == before
    confirm_it(unconfirmed, asked)
    # A sign-in that is there already is given no second time; everything else is done now.
    assert (AuditEvent.objects.count() > before) == (what != "a sign-in")


def test_sessions_are_confirmed_again_before_any_sensitive_set_is_taken_out(world: World, unconfirmed: Client) -> None:
    from tests.world import publish_by_two

    from bestvalue.record.ledger.models import AuditEvent

    file = publish_by_two(world).files.get()
    before = AuditEvent.objects.count()
    for address in (reverse("list_file", args=["evidence", "csv"]), reverse("list_file", args=["evidence", "xlsx"])):
        assert unconfirmed.get(address).url.startswith(ASKED)
    assert unconfirmed.get(reverse("published_file", args=[file.pk])).url.startswith(ASKED)
    assert unconfirmed.post(reverse("inspection_pack", args=[world.review.pk]), {"format": "html"}).url.startswith(ASKED)
    refused = unconfirmed.get("/api/lists/evidence")
    assert (refused.status_code, "confirming who you are" in refused.json()["what"]) == (409, True)
    assert AuditEvent.objects.count() == before, "what was not given is not said to have been taken"
    assert unconfirmed.get(reverse("list_file", args=["findings", "csv"])).status_code == 200


@pytest.mark.parametrize("listed", ["findings", "recommendations", "challenges", "questions"])
def test_sessions_are_confirmed_again_before_the_api_gives_a_list_with_something_sensitive_and_it_is_in_the_ledger(
    world: World, browser_of: Callable[[Any], Client], listed: str
) -> None:
    from bestvalue.record.ledger.models import AuditEvent

    address = "/api/recommendations" if listed == "recommendations" else f"/api/reviews/{world.review.pk}/{listed}"
    row = {"findings": world.finding, "recommendations": world.ours, "challenges": world.challenge, "questions": world.option}[listed]
    late = Client()
    late.force_login(world.manager.user)
    assert late.get(address).status_code == 200
    row.marking, row.group = "OFFICIAL-SENSITIVE", world.secret.group
    row.save()
    assert late.get(address).status_code == 409
    assert not AuditEvent.objects.filter(action="sensitive.exported").exists()
    assert browser_of(world.manager).get(address).status_code == 200
    taken = AuditEvent.objects.get(action="sensitive.exported").payload["rows"]
    assert taken == [f"{row._meta.label_lower} {row.pk}"]


@pytest.mark.parametrize("step", ["propose", "publish"])
def test_sessions_are_confirmed_again_before_an_inspection_is_proposed_or_published(world: World, client: Client, step: str) -> None:
    from tests.inspected import inspect

    inspected = inspect(world)
    client.force_login(world.inspector.user)
    assert client.post(reverse("inspection_change", args=[inspected.inspection.pk, step])).url.startswith(ASKED)


READ_ONE_BY_ONE = {"evidence_file", "evidence_version"}
"""Files of one piece of evidence: each is a reading, recorded as such, and no set."""


@pytest.mark.slow
def test_sessions_no_address_hands_a_sensitive_set_to_whoever_did_not_confirm(world: World, unconfirmed: Client) -> None:
    from itertools import product

    from tests.site.test_access import OPEN, every_address
    from tests.world import publish_by_two

    from bestvalue.site.pages.list_catalogue import LISTS

    publish_by_two(world)
    several: dict[str, list[Any]] = {"pk": [1, 2], "name": list(LISTS), "ending": ["csv", "html"]}
    given = []
    for name, sample in every_address().items():
        if name in OPEN | READ_ONE_BY_ONE or name.startswith(("account_", "mfa_", "usersessions_")):
            continue
        for values in product(*(several.get(argument, [value]) for argument, value in sample.items())):
            answer = unconfirmed.get(reverse(name, kwargs=dict(zip(sample, values, strict=True))))
            if answer.streaming:
                list(answer.streaming_content)
            if "OFFICIAL-SENSITIVE" in answer.headers.get("Content-Disposition", ""):
                given.append(answer.request["PATH_INFO"])
    assert given == []


def test_sessions_that_were_confirmed_six_minutes_ago_are_asked_again(world: World, manager: Client) -> None:
    address = reverse("list_file", args=["evidence", "csv"])
    assert manager.get(address).status_code == 200
    session = manager.session
    session["account_authentication_methods"][0]["at"] -= 6 * 60
    session.save()
    assert manager.get(address).url.startswith(ASKED)


def test_cookies_are_bound_to_the_host_and_to_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    under = settings_under_tls(monkeypatch)
    assert (under["SESSION_COOKIE_NAME"], under["CSRF_COOKIE_NAME"]) == ("__Host-sessionid", "__Host-csrftoken")
    assert under["SESSION_COOKIE_SECURE"]
    assert under["CSRF_COOKIE_SECURE"]
    assert under["SESSION_COOKIE_HTTPONLY"]
    assert under["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert under["SECURE_HSTS_SECONDS"] >= 31_536_000


def test_headers_keep_no_copy_of_signed_in_pages_and_clear_the_browser_at_sign_out(manager: Client) -> None:
    assert "no-store" in manager.get(reverse("home")).headers["Cache-Control"]
    assert '"cookies"' in manager.post(reverse("account_logout")).headers["Clear-Site-Data"]


def test_headers_let_a_page_run_our_own_scripts_alone(manager: Client) -> None:
    policy = manager.get(reverse("home")).headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy


def test_audit_log_has_sign_ins_failures_refusals_and_no_secret(client: Client, world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="bestvalue.security"):
        client.post(reverse("account_login"), {"login": world.outsider.email, "password": "a guess that is wrong"})
        client.post(reverse("account_login"), {"login": world.outsider.email, "password": PASSWORD})
        world.outsider.memberships.update(ends="2026-01-06")
        client.get(reverse("data"))
    lines = [json.loads(record.getMessage()) for record in caplog.records if record.name == "bestvalue.security"]
    assert [line["what"] for line in lines] == ["sign-in failed", "signed in", "refused"]
    assert lines[-1] | {"at": ""} == {
        "at": "",
        "what": "refused",
        "user": world.outsider.user_id,
        "address": "127.0.0.1",
        "method": "GET",
        "path": reverse("data"),
        "status": 403,
    }
    assert "guess" not in caplog.text
    assert PASSWORD not in caplog.text


def test_audit_log_has_each_reading_and_export_of_what_is_sensitive(world: World, manager: Client) -> None:
    from bestvalue.record.ledger.models import AuditEvent

    manager.get(reverse("evidence", args=[world.secret.pk]))
    taken = manager.get(reverse("list_file", args=["evidence", "csv"]))
    assert "OFFICIAL-SENSITIVE" in taken.headers["Content-Disposition"]
    assert {"evidence.read", "sensitive.exported"} <= set(AuditEvent.objects.values_list("action", flat=True))


@pytest.mark.parametrize("file", ["board pack", "close-out", "inspection pack", "workbook"])
def test_audit_log_has_each_document_that_carries_something_sensitive_away(
    world: World, browser_of: Callable[[Any], Client], file: str
) -> None:
    from django.utils import timezone

    from bestvalue.record.delivery.changes import own
    from bestvalue.record.ledger.models import AuditEvent

    board = world.question.body
    own(world.ours, body=board, lead=world.manager, on=timezone.localdate(), by=world.manager)
    world.ours.marking, world.ours.group = "OFFICIAL-SENSITIVE", world.secret.group
    world.ours.save()
    join_the_group(world, world.board_member)
    browser = browser_of(world.board_member)
    plan = [world.ours.issuer_id, world.ours.report_slug]
    since = {"since_day": "1", "since_month": "1", "since_year": "2020"}
    taken = {
        "board pack": lambda: browser.post(reverse("board_pack", args=[board.pk]), {"format": "html", **since}),
        "close-out": lambda: browser.post(reverse("close_out", args=plan), {"format": "html"}),
        "inspection pack": lambda: browser.post(reverse("inspection_pack", args=[world.review.pk]), {"format": "html"}),
        "workbook": lambda: browser.get(reverse("workbook_file")),
    }[file]()
    assert "OFFICIAL-SENSITIVE" in taken.headers["Content-Disposition"]
    assert f"delivery.recommendation {world.ours.pk}" in AuditEvent.objects.get(action="sensitive.exported").payload["rows"]


def archive(*members: tuple[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content)
    return held.getvalue()


WORD = ("word/document.xml", b"<w/>")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.docx", b"PK\x03\x04 and no more", "damaged"),
        ("a.docx", archive(("xl/workbook.xml", b"<x/>")), "is no .docx inside"),
        ("a.docx", archive(WORD, ("word/vbaProject.bin", b"x")), "holds macros"),
        ("a.docx", archive(WORD, ("../evil.txt", b"x")), "link, a locked part, or an archive"),
        ("a.docx", archive(WORD, ("word/more.zip", b"x")), "link, a locked part, or an archive"),
        ("a.docx", archive(WORD, ("word/bomb.xml", b"0" * 2_000_000)), "unpacks to more"),
        ("a.docx", archive(WORD, *((f"word/{number}.xml", b"") for number in range(50))), "unpacks to more"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\0\0\0\1\0\0", "pixels"),
        ("a.exe", b"MZ", "not taken"),
        ("a.pdf", b"MZ", "not what its ending"),
    ],
    ids=["damaged", "other structure", "macros", "leads out", "nested", "unpacked size", "members", "pixels", "ending", "magic bytes"],
)
def test_uploads_ending_magic_bytes_structure_and_unpacked_size_agree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, reason: str
) -> None:
    from bestvalue.errors import RuleError
    from bestvalue.record.reviews import file_contents
    from bestvalue.record.reviews.evidence_files import check_file

    monkeypatch.setattr(file_contents, "MOST_UNPACKED_BYTES", 1_000_000)
    monkeypatch.setattr(file_contents, "MOST_MEMBERS", 20)
    path = tmp_path / "upload"
    path.write_bytes(content)
    with pytest.raises(RuleError, match=reason):
        check_file(path, name=name)


def test_serving_files_never_shows_one_inside_the_site(world: World, manager: Client, tmp_path: Path) -> None:
    from bestvalue.record.reviews.changes import add_file_version

    path = tmp_path / "note.txt"
    path.write_text("<script>alert(1)</script>")
    version = add_file_version(world.note, file=path, file_name="note.txt", note="The first", by=world.manager)
    for address in (reverse("evidence_file", args=[world.note.pk]), reverse("evidence_version", args=[version.pk])):
        answer = manager.get(address)
        assert b"".join(answer.streaming_content)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_scanning_is_said_not_to_be_done(world: World, manager: Client, tmp_path: Path) -> None:
    from bestvalue.record.reviews.changes import add_file_version

    path = tmp_path / "note.txt"
    path.write_text("Nothing.")
    add_file_version(world.note, file=path, file_name="note.txt", note="The first", by=world.manager)
    assert "not scanned for viruses" in manager.get(reverse("evidence", args=[world.note.pk])).content.decode()


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_csv_out_runs_no_formula_and_is_read_back_exactly(begins: str) -> None:
    from bestvalue.site.presenters.spreadsheet import as_it_was, harmless

    assert str(harmless(f"{begins}1+1")).startswith("'")
    assert as_it_was(str(harmless(f"{begins}1+1"))) == f"{begins}1+1"


@pytest.mark.parametrize(("what", "path"), [("api", "/api/reviews"), ("search", "/search/?q=support"), ("export", "/lists/findings.csv")])
def test_rate_limits_answer_429_and_say_when_to_come_back(world: World, manager: Client, what: str, path: str) -> None:
    with override_settings(REQUESTS_A_MINUTE={"api": 2, "search": 2, "export": 2} | {what: 2}):
        answers = [manager.get(path) for _ in range(6)]
    # The clock may pass into the next minute in between, and then two more are answered.
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) >= 2
    assert all(1 <= int(answer.headers["Retry-After"]) <= 60 for answer in refused)


def test_rate_limits_count_each_person_for_themselves(world: World, manager: Client, browser_of: Callable[[Any], Client]) -> None:
    other = browser_of(world.board_member)
    with override_settings(REQUESTS_A_MINUTE={"api": 3, "search": 3, "export": 3}):
        for _ in range(8):
            manager.get("/api/reviews", REMOTE_ADDR="10.0.0.1")
        assert other.get("/api/reviews", REMOTE_ADDR="10.0.0.2").status_code == 200
        assert manager.get(reverse("home")).status_code == 200


def test_errors_of_the_site_tell_nothing_of_its_inside(world: World, manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from bestvalue.record.search import searching

    def broken(_words: Any) -> Any:
        raise ZeroDivisionError("SELECT secret")

    monkeypatch.setattr(searching, "ranked", broken)
    manager.raise_request_exception = False
    answer = manager.get(reverse("search"), {"q": "support"})
    assert answer.status_code == 500
    assert "secret" not in answer.content.decode()
    assert "ZeroDivisionError" not in answer.content.decode()


def test_classification_a_meeting_is_marked_and_then_read_by_its_group_alone_and_each_reading_is_recorded(
    world: World, browser_of: Callable[[Any], Client]
) -> None:
    from bestvalue.record.ledger.models import AuditEvent
    from bestvalue.record.meetings.changes import add_item, call_meeting

    join_the_group(world, world.board_member)
    meeting = call_meeting(world.question.body, on=world.question.due, by=world.board_member)
    add_item(meeting, text="Who is under cover", about=world.review, by=world.board_member)
    chair, manager, observer = (browser_of(person) for person in (world.board_member, world.manager, world.observer))
    address = reverse("meeting", args=[meeting.pk])
    assert observer.get(address).status_code == 200
    mark = reverse("meeting_step", args=[meeting.pk, "mark"])
    marked = {"marking": "OFFICIAL-SENSITIVE", "group": world.secret.group_id, "descriptor": "PERSONAL DATA", "handling": "Do not print."}
    assert "Select a group" in chair.post(mark, marked | {"group": ""}).content.decode()
    assert chair.post(mark, marked).url == address
    assert [browser.get(address).status_code for browser in (chair, manager, observer)] == [200, 200, 404]
    page = chair.get(address).content.decode()
    assert "Marking of this page: </span>OFFICIAL-SENSITIVE" in page
    assert "Do not print." in page
    assert "Who is under cover" not in observer.get(f"/api/bodies/{meeting.body_id}/meetings").content.decode()
    listed = chair.get(reverse("list_file", args=["meetings", "csv"]))
    assert "OFFICIAL-SENSITIVE" in listed.headers["Content-Disposition"]
    assert AuditEvent.objects.filter(action="meeting.read", object_id=str(meeting.pk)).count() == 3
    assert "A marking is lowered with a reason" in chair.post(mark, {"marking": "OFFICIAL"}).content.decode()
    chair.post(mark, {"marking": "OFFICIAL", "reason": "It is over."})
    assert observer.get(address).status_code == 200


def test_classification_whoever_is_to_do_something_reads_it_and_no_list_holds_its_words(
    world: World, browser_of: Callable[[Any], Client]
) -> None:
    from bestvalue.record.meetings.changes import add_action_arising, call_meeting, record_attendance
    from bestvalue.record.reviews.models import Marking

    join_the_group(world, world.board_member)
    by = {"by": world.board_member}
    group = {"marking": Marking.SENSITIVE, "group": world.secret.group}
    meeting = call_meeting(world.question.body, on=world.question.due, **group, **by)
    record_attendance(meeting, present=[world.board_member], **by)
    action = add_action_arising(meeting, what="Move the hidden unit", who=world.observer, due=meeting.on, **by)
    later = call_meeting(world.question.body, on=date(2026, 2, 2), **by)
    observer, chair = browser_of(world.observer), browser_of(world.board_member)
    duties = observer.get(reverse("duties")).content.decode()
    assert reverse("arising", args=[action.pk]) in duties
    assert "hidden unit" not in duties
    assert "Move the hidden unit" in observer.get(reverse("arising", args=[action.pk])).content.decode()
    after = chair.get(reverse("meeting", args=[later.pk])).content.decode()
    assert "OFFICIAL-SENSITIVE: open it to read" in after
    assert "hidden unit" not in after


def test_classification_a_page_and_a_file_carry_the_highest_marking_they_contain(world: World, manager: Client) -> None:
    def marking_of(address: str) -> str:
        return manager.get(address).content.decode().split("Marking of this page: </span>")[1].split("<")[0]

    assert marking_of(reverse("evidence", args=[world.secret.pk])) == "OFFICIAL-SENSITIVE"
    assert marking_of(reverse("review", args=[world.review.pk])) == "OFFICIAL-SENSITIVE"
    assert marking_of(reverse("evidence", args=[world.note.pk])) == "OFFICIAL"
