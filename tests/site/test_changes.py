"""What moved, as the home page tells it: each thing by the name that it gives itself, and nothing that its reader may not see."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.world import World


@pytest.fixture
def things(world: World) -> dict[str, Any]:
    """One row of every kind that has a page."""
    from bestvalue.record.jobs.changes import ask
    from bestvalue.record.meetings.changes import add_item, call_meeting
    from bestvalue.record.reviews.changes import add_aim
    from bestvalue.record.reviews.models import ProposedVersion, PublishedVersion

    common = {"review": world.review, "number": 1, "at": timezone.now(), "by": world.manager, "marking": "OFFICIAL"}
    version = PublishedVersion.objects.create(checkpoint_seq=1, checkpoint_hash="a", **common)
    proposal = ProposedVersion.objects.create(checkpoint_seq=1, checkpoint_hash="a", files=[], content_sha256="a", **common)
    meeting = call_meeting(world.question.body, on=timezone.localdate(), by=world.board_member)
    add_item(meeting, text="The review", about=world.review, by=world.board_member)
    return {
        "reviews.review": world.review,
        "reviews.evidence": world.note,
        "reviews.finding": world.finding,
        "reviews.publishedversion": version,
        "reviews.proposedversion": proposal,
        "reviews.decision": world.question,
        "reviews.aim": add_aim(world.review, text="Nights are covered.", by=world.manager),
        "scrutiny.challenge": world.challenge,
        "meetings.meeting": meeting,
        "programme.programme": world.review.programme,
        "programme.candidateservice": world.service,
        "delivery.recommendation": world.ours,
        "inspections.publishedreport": world.report,
        "jobs.job": ask(analysis="challenge.demand", settings={}, by=world.manager),
    }


def test_every_kind_is_named_as_it_names_itself_and_all_are_asked_for_at_once(world: World, things: dict[str, Any]) -> None:
    from bestvalue.record.ledger.models import AuditEvent
    from bestvalue.site.pages.changes import PLACES, lines_seen_by

    assert set(things) == set(PLACES)
    events = [AuditEvent(object_kind=kind, object_id=str(thing.pk), action="x.y", at_utc=timezone.now()) for kind, thing in things.items()]
    assert lines_seen_by(world.manager.user, [], at_most=9) == []
    world.manager.user.__dict__.pop("_person_with_place", None)
    with CaptureQueriesContext(connection) as asked:
        lines = lines_seen_by(world.manager.user, events, at_most=99)
    names = {kind: str(thing) for kind, thing in things.items()}
    names |= {"delivery.recommendation": f"{world.ours.number}. {world.ours.text}", "jobs.job": "challenge.demand"}
    assert [line.name for line in lines] == list(names.values())
    assert len([query for query in asked if "place_kind" in query["sql"]]) == 1
    assert {lines[0].address, lines[12].address} == {reverse("review", args=[world.review.pk]), reverse("report", args=[world.report.slug])}


def test_what_somebody_may_not_see_did_not_move_for_them(world: World, things: dict[str, Any]) -> None:
    from bestvalue.record.ledger.models import AuditEvent
    from bestvalue.site.pages.changes import lines_seen_by

    events = [
        AuditEvent(object_kind="reviews.evidence", object_id=str(row.pk), action="x.y", at_utc=timezone.now())
        for row in (world.secret, world.note)
    ]
    assert [line.name for line in lines_seen_by(world.observer.user, events, at_most=9)] == [str(world.note)]
    assert lines_seen_by(world.outsider.user, events, at_most=9) == []
