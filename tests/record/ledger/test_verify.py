from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bestvalue.errors import LedgerError
from bestvalue.record.bodies.models import Person
from bestvalue.record.ledger import guards, ledger
from bestvalue.record.ledger.ledger import Checkpoint
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.ledger.verify import parse_checkpoint, verify


@pytest.fixture
def three(person: Callable[..., Person]) -> list[AuditEvent]:
    """Three entries."""
    target = person()
    return [ledger.write(f"person.change_{number}", target=target, by=target, payload={"n": number}) for number in (1, 2, 3)]


def tamper(sql: str, *values: Any) -> None:
    """Change the ledger as someone may who has taken the guards down."""
    with connection.cursor() as cursor:
        for statement in guards.drop_statements(connection.vendor):
            cursor.execute(statement)
        cursor.execute(sql, values)
        for statement in guards.create_statements(connection.vendor):
            cursor.execute(statement)


def test_an_empty_ledger_is_whole(db: None) -> None:
    assert verify().entries == 0


def test_a_whole_ledger_says_its_newest_entry(three: list[AuditEvent]) -> None:
    assert verify().head == Checkpoint(seq=3, hash=three[2].hash)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "person 99"),
        ("action", "person.other"),
        ("object_kind", "bodies.body"),
        ("object_id", "99"),
        ("payload_digest", "e" * 64),
        ("hash", "f" * 64),
        ("prev_hash", "a" * 64),
    ],
)
def test_a_changed_column_of_the_second_entry_is_named(three: list[AuditEvent], column: str, value: str) -> None:
    tamper(f"UPDATE ledger_auditevent SET {column} = %s WHERE seq = 2", value)
    with pytest.raises(LedgerError, match=r"^ledger entry 2: "):
        verify()


def test_a_changed_time_is_named(three: list[AuditEvent]) -> None:
    tamper("UPDATE ledger_auditevent SET at_utc = %s WHERE seq = 2", three[1].at_utc + timedelta(microseconds=1))
    with pytest.raises(LedgerError, match="ledger entry 2: Entry 2 was changed"):
        verify()


def test_a_key_that_nobody_knows_is_named(three: list[AuditEvent]) -> None:
    tamper("UPDATE ledger_auditevent SET key_id = 'stolen' WHERE seq = 2")
    with pytest.raises(LedgerError, match="Entry 2 was written with key 'stolen'"):
        verify()


@pytest.mark.parametrize(("column", "value"), [("content", '{"by":"Someone else"}'), ("salt", "00" * 16), ("content", "not even JSON")])
def test_a_changed_payload_is_named(three: list[AuditEvent], column: str, value: str) -> None:
    tamper(f"UPDATE ledger_payload SET {column} = %s WHERE event_id = 2", value)
    with pytest.raises(LedgerError, match="Entry 2 has a payload that was changed"):
        verify()


def test_a_payload_that_was_deleted_without_an_erasure_is_named(three: list[AuditEvent]) -> None:
    tamper("DELETE FROM ledger_payload WHERE event_id = 2")
    with pytest.raises(LedgerError, match="Entry 2 has lost its payload"):
        verify()


def delete(seq: int) -> None:
    tamper("DELETE FROM ledger_payload WHERE event_id = %s", seq)
    tamper("DELETE FROM ledger_auditevent WHERE seq = %s", seq)


def test_an_entry_missing_in_the_middle_is_named(three: list[AuditEvent]) -> None:
    delete(2)
    with pytest.raises(LedgerError, match="Entry 2 is missing: entry 3 stands in its place"):
        verify()


def test_an_end_that_was_cut_off_is_seen_by_the_head(three: list[AuditEvent]) -> None:
    delete(3)
    with pytest.raises(LedgerError, match="Entry 3 does not agree with the head"):
        verify()


def test_an_end_that_was_cut_off_with_the_head_set_back_is_seen_by_a_checkpoint(three: list[AuditEvent]) -> None:
    published = ledger.head()
    delete(3)
    tamper("UPDATE ledger_head SET seq = 2, hash = %s", three[1].hash)
    assert verify().entries == 2  # the chain alone cannot tell
    with pytest.raises(LedgerError, match="Entry 3 is missing: the checkpoint says that there were 3"):
        verify(checkpoint=published)


def test_a_ledger_written_anew_with_the_key_is_seen_by_a_checkpoint(three: list[AuditEvent], person: Callable[..., Person]) -> None:
    published = ledger.head()
    for seq in (3, 2, 1):
        delete(seq)
    tamper("DELETE FROM ledger_head")
    for number in (1, 2, 3, 4):
        ledger.write(f"person.other_{number}", target=person(), by=None)
    assert verify().entries == 4  # the chain alone cannot tell
    with pytest.raises(LedgerError, match="Entry 3 is not the entry that the checkpoint names"):
        verify(checkpoint=published)


def test_an_old_checkpoint_holds_after_more_was_written(three: list[AuditEvent], person: Callable[..., Person]) -> None:
    published = ledger.head()
    ledger.write("person.change_4", target=person(), by=None)
    assert verify(checkpoint=published).entries == 4


def test_entries_of_a_former_key_hold_after_the_key_was_changed(three: list[AuditEvent], monkeypatch: pytest.MonkeyPatch) -> None:
    old = settings.WORKSPACE.keys
    new = old.model_copy(
        update={"ledger_key": "another secret", "ledger_key_id": "2", "former_ledger_keys": {old.ledger_key_id: old.ledger_key}}
    )
    monkeypatch.setattr(settings.WORKSPACE, "keys", new)
    ledger.write("person.change_4", target=Person.objects.get(), by=None)
    assert verify().entries == 4


def test_a_checkpoint_is_read_as_it_is_printed(three: list[AuditEvent]) -> None:
    assert parse_checkpoint(f" {ledger.head()}\n") == ledger.head()


@pytest.mark.parametrize("text", ["", "3", "x:" + "a" * 64, "3:" + "a" * 63, "3:" + "g" * 64, "-3:" + "a" * 64])
def test_a_text_that_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(LedgerError, match="Not a checkpoint"):
        parse_checkpoint(text)


@hypothesis_settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    payloads=st.lists(st.dictionaries(st.text(), st.text() | st.floats(allow_nan=False, allow_infinity=False) | st.integers()), max_size=5)
)
def test_whatever_is_written_is_whole_and_comes_back(person: Callable[..., Person], payloads: list[dict[str, Any]]) -> None:
    target, before = person(), verify().entries
    for payload in payloads:
        ledger.write("person.renamed", target=target, by=None, payload=payload)
    assert verify().entries == before + len(payloads)
    kept = [event.payload for event in AuditEvent.objects.about(target)]
    assert kept == [{"by": "operator", **payload} for payload in payloads]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE ledger_payload SET content = '{}' WHERE event_id = 2", "Entry 2 has a payload that was changed"),
        ("UPDATE ledger_auditevent SET hash = 'f' WHERE seq = 2", "Entry 3 does not follow"),
        ("UPDATE ledger_head SET seq = 2", "does not agree with the head"),
    ],
)
def test_without_the_key_payloads_and_order_are_still_tested(three: list[AuditEvent], sql: str, said: str) -> None:
    verify(with_key=False)
    tamper(sql)
    with pytest.raises(LedgerError, match=said):
        verify(with_key=False)
