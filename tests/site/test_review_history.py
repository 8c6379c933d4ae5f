"""The history of a review tells everything that happened in it, and nothing of what its reader may not see."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.world import DAY, World


def address(world: World) -> str:
    return reverse("history", args=["review", world.review.pk])


def told(browser: Client, world: World, **asked: Any) -> list[Any]:
    return list(browser.get(address(world), asked).context["lines"])


@pytest.fixture
def busy(world: World) -> World:
    """Something of every kind happens in the review."""
    from bestvalue.record.consultation.changes import record_consultation
    from bestvalue.record.consultation.models import How
    from bestvalue.record.delivery.changes import add_action
    from bestvalue.record.discussion.changes import comment
    from bestvalue.record.meetings import changes as meetings
    from bestvalue.record.reviews import changes
    from bestvalue.record.scrutiny import changes as scrutiny
    from bestvalue.record.scrutiny.models import Verdict

    by, member, today = world.manager, world.board_member, timezone.localdate()
    changes.edit_finding(world.finding, version=1, mine={"text": "Most demand falls at night."}, by=by)
    among = world.review.evidence.all()
    changes.change_citations(world.finding, version=2, mine={"evidence": [world.note, world.answer]}, among=among, by=by)
    changes.add_aim(world.review, text="Answer faster.", by=by)
    comment(world.finding, text="Which nights?", by=member)
    add_action(world.ours, what="Move", why="So", how="By", target="Done", lead=by, original_date=today + timedelta(days=90), by=by)
    scrutiny.decide_option(world.option, verdict=Verdict.WRITTEN_OFF, body=world.question.body, on=today, reason="Too dear.", by=member)
    meeting = meetings.call_meeting(world.question.body, on=today, by=member)
    meetings.record_attendance(meeting, present=[member], by=member)
    item = meetings.add_item(meeting, text="The review", about=world.review, by=member)
    other = meetings.add_item(meeting, text="The car park", by=member)
    meetings.minute_item(other, text="Barrier broken.", by=member)
    meetings.add_action_arising(meeting, what="Ask the boroughs", who=member, due=today, item=item, by=member)
    record_consultation(world.review, who="Neighbourhood panel", on=DAY, how=How.MEETING, said="Too slow.", by=by)
    return world


def test_it_tells_of_every_kind_of_thing_newest_first(busy: World, manager: Client) -> None:
    lines = told(manager, busy)
    words = {line.thing.word for line in lines}
    assert {"aim", "strand", "evidence", "finding", "option", "question", "challenge", "heard", "meeting", "arising"} <= words
    assert {"recommendation", "action"} <= words
    assert [line.at for line in lines] == sorted((line.at for line in lines), reverse=True)


def test_a_change_of_words_shows_before_and_after_and_a_set_what_was_added(busy: World, manager: Client) -> None:
    page = manager.get(address(busy), {"kind": "finding"}).content.decode()
    assert "Half the demand falls at night.</del>" in page
    assert "Most demand falls at night.</ins>" in page
    assert f"{busy.answer}</ins>" in page
    assert "Which nights?" in page


def test_it_is_narrowed_by_kind_person_and_day(busy: World, manager: Client) -> None:
    assert {line.thing.word for line in told(manager, busy, kind="challenge")} == {"challenge"}
    assert {line.who for line in told(manager, busy, by=busy.board_member.pk)} == {"Member of the project board"}
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert told(manager, busy, since=tomorrow) == []
    assert told(manager, busy, until=tomorrow) == told(manager, busy)


def test_what_is_no_kind_person_or_day_narrows_nothing(busy: World, manager: Client) -> None:
    everything = len(told(manager, busy))
    for asked in ({"kind": "ledger"}, {"by": "x"}, {"since": "soon"}, {"until": "9999-99-99"}, {"page": "x"}):
        assert len(told(manager, busy, **asked)) == everything, asked


def test_the_minute_of_an_item_about_something_else_is_not_told(busy: World, manager: Client) -> None:
    page = manager.get(address(busy)).content.decode()
    assert "Meeting item minuted" in page
    assert "Barrier broken" not in page


def test_what_is_sensitive_goes_by_its_number_and_is_hidden_from_who_may_not_know(
    busy: World, manager: Client, browser_of: Callable[[Any], Client]
) -> None:
    mine = manager.get(address(busy))
    assert mine.context["marking"] == "OFFICIAL-SENSITIVE"
    assert busy.secret.title not in mine.content.decode()
    assert "E2" in [line.thing.name for line in mine.context["lines"]]
    theirs = browser_of(busy.board_member).get(address(busy))
    assert theirs.context["marking"] == "OFFICIAL"
    assert "E2" not in [line.thing.name for line in theirs.context["lines"]]
    assert theirs.context["page"].paginator.count < mine.context["page"].paginator.count


def test_a_sensitive_meeting_goes_by_its_number_too(busy: World, browser_of: Callable[[Any], Client]) -> None:
    from bestvalue.record.meetings.changes import mark_meeting
    from bestvalue.record.meetings.models import Meeting
    from bestvalue.record.reviews.changes import add_to_group
    from bestvalue.record.reviews.models import Marking

    group, member = busy.secret.group, busy.board_member
    assert group is not None
    add_to_group(group, person=member, reason="He chairs it.", by=busy.manager)
    mark_meeting(Meeting.objects.get(), marking=Marking.SENSITIVE, group=group, by=member)
    names = {line.thing.name for line in told(browser_of(member), busy, kind="meeting")}
    assert names == {"Meeting 1"}
    assert told(browser_of(busy.observer), busy, kind="meeting") == []


def test_the_count_and_the_writers_do_not_tell_of_what_is_hidden(world: World, browser_of: Callable[[Any], Client]) -> None:
    from bestvalue.record.bodies.models import Membership, Person
    from bestvalue.record.reviews import changes
    from bestvalue.record.reviews.models import EvidenceKind, FourC, Marking

    browser = browser_of(world.board_member)
    before = browser.get(address(world)).context
    analyst = Person.objects.create(name="Secret analyst")
    Membership.objects.create(person=analyst, body=world.manager.memberships.get().body, role="analyst", starts=DAY)
    changes.add_evidence(
        world.review,
        title="Hidden",
        kind=EvidenceKind.DOCUMENT,
        four_cs=[FourC.COMPARE],
        strands=[world.finding.strand],
        effective_date=DAY,
        notes="Hidden.",
        marking=Marking.SENSITIVE,
        by=analyst,
    )
    after = browser.get(address(world)).context
    assert after["page"].paginator.count == before["page"].paginator.count
    assert after["writers"] == before["writers"]


def test_that_somebody_read_is_no_event_of_the_review(world: World, manager: Client) -> None:
    manager.get(reverse("evidence", args=[world.secret.pk]))
    assert "Evidence read" not in [line.what for line in told(manager, world)]


def test_the_file_holds_every_entry_that_fits_and_its_marking(busy: World, manager: Client, browser_of: Callable[[Any], Client]) -> None:
    answer = manager.get(reverse("review_history_file", args=[busy.review.pk]), {"kind": "evidence"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == manager.get(address(busy), {"kind": "evidence"}).context["page"].paginator.count
    assert "-OFFICIAL-SENSITIVE.csv" in answer.headers["Content-Disposition"]
    assert {row["Marking"] for row in rows} == {"OFFICIAL", "OFFICIAL-SENSITIVE"}
    assert busy.secret.title not in answer.content.decode()
    theirs = browser_of(busy.board_member).get(reverse("review_history_file", args=[busy.review.pk]))
    assert "-OFFICIAL.csv" in theirs.headers["Content-Disposition"]


def test_it_comes_a_page_at_a_time_within_twelve_questions_however_much_there_is(busy: World, manager: Client) -> None:
    from bestvalue.record.reviews.changes import edit_finding

    manager.get(address(busy))
    with CaptureQueriesContext(connection) as few:
        assert manager.get(address(busy)).status_code == 200
    for number in range(60):
        busy.finding.refresh_from_db()
        edit_finding(busy.finding, version=busy.finding.row_version, mine={"text": f"Said {number} times."}, by=busy.manager)
    with CaptureQueriesContext(connection) as many:
        page = manager.get(address(busy))
    assert len(page.context["lines"]) == 50
    assert page.context["page"].paginator.num_pages == 2
    assert len(many) <= len(few) <= 12


def test_the_api_tells_the_same(busy: World, manager: Client, outsider: Client) -> None:
    answer = manager.get(f"/api/reviews/{busy.review.pk}/history", {"kind": "finding"}).json()
    lines = told(manager, busy, kind="finding")
    assert answer["count"] == len(lines)
    assert [item["what"] for item in answer["items"]] == [line.what for line in lines]
    assert answer["items"][0]["thing"]["kind"] == "finding"
    assert outsider.get(f"/api/reviews/{busy.review.pk}/history").status_code == 404
