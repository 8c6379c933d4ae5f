"""The triggers by which the database itself refuses to change what somebody handed in, for SQLite and PostgreSQL.

Deleting is another matter: the law may require it, and nothing in the program does it.
"""

from collections.abc import Sequence

TABLE = "consultation_response"
REFUSAL = "what somebody handed in is never changed"


def create_statements(vendor: str) -> Sequence[str]:
    """SQL that puts the guard up, for "sqlite" or "postgresql"."""
    if vendor == "sqlite":
        return [f"CREATE TRIGGER consultation_response_update BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"]
    return [
        f"CREATE FUNCTION consultation_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
        f"CREATE TRIGGER consultation_response_update BEFORE UPDATE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION consultation_refuse()",
    ]


def drop_statements(vendor: str) -> Sequence[str]:
    """SQL that takes the guard down: for a migration backwards."""
    if vendor == "sqlite":
        return ["DROP TRIGGER consultation_response_update"]
    return [f"DROP TRIGGER consultation_response_update ON {TABLE}", "DROP FUNCTION consultation_refuse()"]
