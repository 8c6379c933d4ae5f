"""The history of anything, and what it said on a day."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.world import World


def text(answer: Any) -> str:
    return str(answer.content.decode())


def history(kind: str, thing: Any) -> str:
    return reverse("history", args=[kind, thing.pk])


def test_a_finding_that_was_worded_anew_shows_who_when_before_and_after(world: World, manager: Client) -> None:
    from bestvalue.record.reviews.changes import edit_finding

    edit_finding(world.finding, version=world.finding.row_version, mine={"text": "Most demand falls at night."}, by=world.manager)
    shown = text(manager.get(history("finding", world.finding)))
    assert "Finding edited" in shown
    assert "Half the demand falls at night.</del>" in shown
    assert "Most demand falls at night.</ins>" in shown
    assert "Project manager" in shown


def test_on_a_day_before_it_was_in_the_record_a_thing_says_nothing(world: World, manager: Client) -> None:
    before = {"as_at": (timezone.localdate() - timedelta(days=1)).isoformat()}
    for kind, thing in (("finding", world.finding), ("option", world.option), ("evidence", world.note)):
        assert "It was not in the record yet." in text(manager.get(history(kind, thing), before)), kind
        assert "It was not in the record yet." not in text(manager.get(history(kind, thing))), kind


def test_a_challenge_stands_as_it_stood_on_that_day(world: World, manager: Client) -> None:
    from bestvalue.record.scrutiny.changes import take_step
    from bestvalue.record.scrutiny.models import Effect, Step

    take_step(world.challenge, step=Step.ANSWERED, text="We did.", on=timezone.localdate(), effect=Effect.NONE, by=world.manager)
    assert "We did." in text(manager.get(history("challenge", world.challenge)))
    then = text(manager.get(history("challenge", world.challenge), {"as_at": "2026-01-06"}))
    assert "Not answered" in then
    assert "We did." not in then


def test_a_review_tells_its_stage_of_the_day(world: World, manager: Client) -> None:
    from bestvalue.record.reviews.models import ReviewStage

    ReviewStage.objects.create(review=world.review, stage="reported", on=timezone.localdate(), by=world.manager, before_decisions=True)
    state = dict(manager.get(history("review", world.review)).context["state"])
    assert state["Stage"] == "Reported, awaiting approval"


def test_every_kind_of_thing_has_its_history(world: World, manager: Client) -> None:
    things = {
        "review": world.review,
        "finding": world.finding,
        "evidence": world.note,
        "recommendation": world.ours,
        "option": world.option,
        "challenge": world.challenge,
        "strand": world.finding.strand,
        "decision": world.question,
        "programme": world.review.programme,
        "service": world.service,
        "body": world.question.body,
        "person": world.manager,
    }
    for kind, thing in things.items():
        assert manager.get(history(kind, thing)).status_code == 200, kind


def test_reading_the_history_of_sensitive_evidence_is_in_the_ledger_and_others_do_not_find_it(
    world: World, manager: Client, browser_of: Callable[[Any], Client]
) -> None:
    from bestvalue.record.ledger.models import AuditEvent

    assert manager.get(history("evidence", world.secret)).status_code == 200
    assert AuditEvent.objects.filter(action="evidence.read", object_id=str(world.secret.pk)).count() == 1
    assert browser_of(world.observer).get(history("evidence", world.secret)).status_code == 404


def test_what_is_no_day_or_no_kind_is_not_there(world: World, manager: Client) -> None:
    assert manager.get(history("finding", world.finding), {"as_at": "yesterday"}).status_code == 404
    assert manager.get(reverse("history", args=["user", 1])).status_code == 404
