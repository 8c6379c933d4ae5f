import threading
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.ledger import ledger
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.ledger.verify import verify

MakePerson = Callable[..., Person]


def test_an_entry_says_who_did_what_to_which_row(person: MakePerson) -> None:
    analyst = person("Analyst")
    event = ledger.write("person.renamed", target=analyst, by=analyst, payload={"from": "A"})
    assert (event.actor, event.object_kind, event.object_id) == (f"person {analyst.pk}", "bodies.person", str(analyst.pk))
    assert event.payload == {"by": "Analyst", "from": "A"}


def test_nobody_signed_in_is_the_operator(person: MakePerson) -> None:
    event = ledger.write("person.renamed", target=person(), by=None)
    assert (event.actor, event.actor_name) == ("operator", "operator")


def test_each_entry_follows_the_one_before_it(person: MakePerson) -> None:
    target = person()
    first, second = (ledger.write("person.renamed", target=target, by=None) for _ in range(2))
    assert (second.seq, second.prev_hash) == (first.seq + 1, first.hash)


def test_an_entry_goes_with_the_change_that_is_rolled_back(person: MakePerson) -> None:
    with transaction.atomic():
        ledger.write("person.renamed", target=person(), by=None)
        transaction.set_rollback(True)
    assert verify().entries == 0


@pytest.mark.parametrize("table", ["ledger_auditevent", "ledger_payload"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_delete_entries(person: MakePerson, table: str, statement: str) -> None:
    ledger.write("person.renamed", target=person(), by=None)
    column = "hash" if table == "ledger_auditevent" else "content"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table, column, column))


@pytest.mark.parametrize("table", ["ledger_auditevent", "ledger_payload"])
def test_postgresql_refuses_to_truncate_the_ledger(person: MakePerson, table: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE; its DELETE is refused in the test above")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")


def test_an_erased_payload_leaves_the_chain_whole_and_a_trace_of_the_erasure(person: MakePerson) -> None:
    target, officer = person("Name to be erased"), person("Data protection officer")
    event = ledger.write("person.renamed", target=target, by=target)
    ledger.erase_payload(event, by=officer, reason="Request under article 17")
    event = AuditEvent.objects.get(seq=event.seq)
    assert (event.payload, event.actor_name) == (None, f"person {target.pk}")
    assert verify().entries == 2


def test_an_erasure_needs_a_reason(person: MakePerson) -> None:
    event = ledger.write("person.renamed", target=person(), by=None)
    with pytest.raises(RuleError, match="needs a reason"):
        ledger.erase_payload(event, by=person("Officer"), reason=" ")


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_keep_one_chain() -> None:
    target = Person.objects.create(name="Target")
    writers, each, failures = 4, 10, []
    start = threading.Barrier(writers)

    def write_some() -> None:
        try:
            start.wait()
            for _ in range(each):
                ledger.write("person.renamed", target=target, by=None)
        except Exception as failure:  # noqa: BLE001 - a thread's failure is the test's, and is raised below
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=write_some) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert verify().entries == writers * each
