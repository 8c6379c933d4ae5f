"""The triggers by which the database itself refuses to change the ledger, for SQLite and PostgreSQL.

A model method guards only those who come through Django. Triggers guard against every other client too; whoever may drop
triggers can still rewrite rows, and then the hashes show it.
"""

from collections.abc import Sequence

from bestvalue.record.ledger.models import ERASED

EVENTS, PAYLOADS = "ledger_auditevent", "ledger_payload"
REFUSAL = "the audit ledger is append-only"
# A payload may go only after an entry that says so: an erasure leaves its own trace.
UNANNOUNCED = f"NOT EXISTS (SELECT 1 FROM {EVENTS} WHERE action = '{ERASED}' AND object_id = CAST(OLD.event_id AS VARCHAR(100)))"


def create_statements(vendor: str) -> Sequence[str]:
    """SQL that puts the guards up, for "sqlite" or "postgresql"."""
    return {"sqlite": _sqlite, "postgresql": _postgresql}[vendor]()


def drop_statements(vendor: str) -> Sequence[str]:
    """SQL that takes the guards down: for a migration backwards, and for tests of what happens without them."""
    names = [("events_update", EVENTS), ("events_delete", EVENTS), ("payloads_update", PAYLOADS), ("payloads_delete", PAYLOADS)]
    if vendor == "sqlite":
        return [f"DROP TRIGGER ledger_{name}" for name, _ in names]
    truncates = [("events_truncate", EVENTS), ("payloads_truncate", PAYLOADS)]
    return [
        *(f"DROP TRIGGER ledger_{name} ON {table}" for name, table in [*names, *truncates]),
        "DROP FUNCTION ledger_refuse(), ledger_refuse_unannounced()",
    ]


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    return [
        f"CREATE TRIGGER ledger_events_update BEFORE UPDATE ON {EVENTS} {refuse}",
        f"CREATE TRIGGER ledger_events_delete BEFORE DELETE ON {EVENTS} {refuse}",
        f"CREATE TRIGGER ledger_payloads_update BEFORE UPDATE ON {PAYLOADS} {refuse}",
        f"CREATE TRIGGER ledger_payloads_delete BEFORE DELETE ON {PAYLOADS} WHEN {UNANNOUNCED} {refuse}",
    ]


def _postgresql() -> list[str]:
    run = "EXECUTE FUNCTION ledger_refuse()"
    return [
        f"CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
        f"CREATE TRIGGER ledger_events_update BEFORE UPDATE ON {EVENTS} FOR EACH ROW {run}",
        f"CREATE TRIGGER ledger_events_delete BEFORE DELETE ON {EVENTS} FOR EACH ROW {run}",
        f"CREATE TRIGGER ledger_events_truncate BEFORE TRUNCATE ON {EVENTS} FOR EACH STATEMENT {run}",
        f"CREATE TRIGGER ledger_payloads_update BEFORE UPDATE ON {PAYLOADS} FOR EACH ROW {run}",
        # A trigger's own WHEN may not hold a query on PostgreSQL, so this one has its condition inside.
        (
            "CREATE FUNCTION ledger_refuse_unannounced() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {UNANNOUNCED} THEN RAISE EXCEPTION '{REFUSAL}'; END IF; RETURN OLD; END $$"
        ),
        f"CREATE TRIGGER ledger_payloads_delete BEFORE DELETE ON {PAYLOADS} FOR EACH ROW EXECUTE FUNCTION ledger_refuse_unannounced()",
        f"CREATE TRIGGER ledger_payloads_truncate BEFORE TRUNCATE ON {PAYLOADS} FOR EACH STATEMENT {run}",
    ]
