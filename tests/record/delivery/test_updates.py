"""What the clock brings: requests, missed ones that climb, notices, one mail a person."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core import mail
from tests.record.delivery.conftest import Delivering

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery import changes
from bestvalue.record.delivery.mail import send_notices
from bestvalue.record.delivery.models import MissedUpdate, Notice, UpdateRequest, Why
from bestvalue.record.ledger.models import AuditEvent

ASKED = date(2026, 5, 16)  # 45 days before the end of June
DUE = ASKED + timedelta(days=14)


def tick(on: date) -> tuple[int, int, int]:
    made = (changes.ask_for_updates(on=on, by=None), changes.record_missed(on=on, by=None), changes.raise_notices(on=on, by=None))
    return len(made[0]), len(made[1]), len(made[2])


def test_an_update_is_asked_for_once_45_days_before_the_agreed_date(delivering: Delivering) -> None:
    delivering.action()
    assert changes.ask_for_updates(on=date(2026, 4, 1), by=None) == []
    (request,) = changes.ask_for_updates(on=ASKED, by=None)
    assert (request.asked_of, request.due) == (delivering.lead, DUE)
    assert changes.ask_for_updates(on=ASKED, by=None) == []
    assert changes.ask_for_updates(on=DUE, by=None) == []


def test_whatever_has_been_silent_for_90_days_is_asked_for(delivering: Delivering) -> None:
    assert changes.ask_for_updates(on=date(2026, 5, 1), by=None) == []
    (request,) = changes.ask_for_updates(on=date(2026, 5, 2), by=None)  # 90 days after the 1st of February
    assert (request.action, request.asked_of) == (None, delivering.lead)


def test_a_second_run_on_the_day_changes_nothing_and_writes_nothing(delivering: Delivering) -> None:
    delivering.action()
    assert tick(ASKED) == (1, 0, 1)
    entries = AuditEvent.objects.count()
    assert tick(ASKED) == (0, 0, 0)
    assert AuditEvent.objects.count() == entries


def test_an_update_answers_the_request_and_is_never_overwritten(delivering: Delivering) -> None:
    action = delivering.action()
    tick(ASKED)
    with pytest.raises(RuleError, match="does not lead this"):
        changes.give_update(action, text="Half done.", on=ASKED, by=delivering.manager)
    first = changes.give_update(action, text="Half done.", on=ASKED, by=delivering.lead)
    changes.give_update(action, text="Nearly done.", on=DUE, by=delivering.lead)
    assert first.request == UpdateRequest.objects.get()
    assert [update.text for update in action.updates.all()] == ["Half done.", "Nearly done."]
    with pytest.raises(RuleError, match="newest update dates from"):
        changes.give_update(action, text="Earlier.", on=ASKED, by=delivering.lead)


@pytest.mark.parametrize(
    ("days", "levels"), [(0, []), (1, ["lead"]), (14, ["lead"]), (15, ["lead", "sponsor"]), (29, ["lead", "sponsor", "board"])]
)
def test_a_missed_update_climbs_from_lead_to_sponsor_to_board(delivering: Delivering, days: int, levels: list[str]) -> None:
    delivering.action()
    changes.ask_for_updates(on=ASKED, by=None)
    changes.record_missed(on=DUE + timedelta(days=days), by=None)
    assert [event.level for event in MissedUpdate.objects.order_by("id")] == levels


def test_each_level_is_told_and_an_update_in_time_tells_nobody(delivering: Delivering) -> None:
    action = delivering.action()
    tick(ASKED)
    tick(DUE + timedelta(days=29))
    told = {notice.person for notice in Notice.objects.filter(why=Why.UPDATE_MISSED)}
    assert told == {delivering.lead, delivering.sponsor, delivering.member}
    changes.give_update(action, text="Late, but here.", on=DUE + timedelta(days=30), by=delivering.lead)
    assert changes.record_missed(on=DUE + timedelta(days=60), by=None) == []


def test_one_mail_goes_to_each_person_however_much_is_owed_and_no_text_of_the_record_in_it(delivering: Delivering) -> None:
    for _ in range(3):
        delivering.action(what="Move the covert unit", target="Secret")
    delivering.lead.email = "lead@example.org"
    delivering.lead.save()
    tick(ASKED)
    assert send_notices(by=None) == 1
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["lead@example.org"], "3 things need you")
    assert "Action 1.2 of review-of-2026: an update is owed by 30 May 2026" in letter.body
    assert not any(words in letter.body for words in ("covert", "Secret", "Share the units"))
    assert send_notices(by=None) == 0


def test_who_decides_is_told_that_a_request_waits(delivering: Delivering) -> None:
    from bestvalue.record.delivery.models import Seen

    recommendation = delivering.recommendation
    evidence = {"title": "Paper", "kind": Seen.DOCUMENT, "tells_of": ASKED, "text": "Done."}
    changes.add_delivery_evidence(recommendation, **evidence, by=delivering.lead)  # type: ignore[arg-type] - the least of evidence
    changes.request_completion(recommendation, text="Done.", on=ASKED, by=delivering.lead)
    changes.raise_notices(on=ASKED, by=None)
    assert [(notice.person, notice.why) for notice in Notice.objects.all()] == [(delivering.member, Why.TO_DECIDE)]


def test_a_new_calendar_key_ends_the_one_before(person: Callable[..., Person]) -> None:
    from bestvalue.record.delivery.models import CalendarKey

    someone = person("Someone")
    first, second = (changes.give_calendar_key(someone, by=someone) for _ in range(2))
    assert first != second
    assert [key.ended_at is None for key in CalendarKey.objects.order_by("id")] == [False, True]
    assert not CalendarKey.objects.filter(digest__in=[first, second]).exists()


def test_once_completion_is_requested_the_decision_is_owed_and_no_update(delivering: Delivering) -> None:
    from bestvalue.record.delivery.models import Seen

    evidence = {"title": "Paper", "kind": Seen.DOCUMENT, "tells_of": ASKED, "text": "Done."}
    changes.add_delivery_evidence(delivering.recommendation, **evidence, by=delivering.lead)  # type: ignore[arg-type] - the least of evidence
    changes.request_completion(delivering.recommendation, text="Done.", on=ASKED, by=delivering.lead)
    assert changes.ask_for_updates(on=date(2027, 1, 1), by=None) == []
