"""Writing to the ledger: one entry for every change, in the same transaction as the change."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from django.conf import settings
from django.db import models, transaction

from bestvalue.errors import RuleError
from bestvalue.record.ledger.chain import GENESIS, Entry, canonical_json, digest_of, hash_of
from bestvalue.record.ledger.models import ERASED, AuditEvent, Head, Payload

OPERATOR = "operator"
"""Who acts when nobody is signed in: whoever runs the command line on the workspace's own machine."""


class Actor(Protocol):
    """Whoever makes a change; the ledger lies below the app that knows persons."""

    @property
    def pk(self) -> Any:
        """Key of the row."""
        ...

    @property
    def name(self) -> str:
        """The name today."""
        ...


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """The newest entry at a moment. Printed in every published report, so that others hold it."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


_GATHERED: ContextVar[list[dict[str, Any]] | None] = ContextVar("gathered", default=None)


@contextmanager
def gathered() -> Iterator[list[dict[str, Any]]]:
    """Collect what changes would write, so that a bulk change writes it as one entry that lists every row.

    Whoever opens this writes that entry after it, with the list as its payload: the changes inside write none.
    """
    entries: list[dict[str, Any]] = []
    token = _GATHERED.set(entries)
    try:
        yield entries
    finally:
        _GATHERED.reset(token)


@transaction.atomic
def write(action: str, *, target: models.Model, by: Actor | None, payload: Mapping[str, Any] | None = None) -> AuditEvent:
    """Add one entry, bound to the entry before it. Call it last in a change: it holds the ledger until the change commits.

    Args:
        action: what was done, "finding.added".
        target: the row that it was done to; saved already.
        by: who; None for the operator at the command line.
        payload: what changed, as JSON; may hold personal data, and can be erased.

    Returns:
        The entry; inside `gathered` one that is not saved, because the entry of the whole is still to come.
    """
    if (entries := _GATHERED.get()) is not None:
        kind, key = target._meta.label_lower, str(target.pk)
        entries.append({"action": action, "object": f"{kind} {key}", **(payload or {})})
        return AuditEvent(action=action, object_kind=kind, object_id=key)
    head = _lock_head()
    salt, content = secrets.token_hex(16), canonical_json({"by": by.name if by else OPERATOR, **(payload or {})})
    entry = Entry(
        seq=head.seq + 1,
        at_utc=datetime.now(UTC),
        actor=f"person {by.pk}" if by else OPERATOR,
        action=action,
        object_kind=target._meta.label_lower,
        object_id=str(target.pk),
        payload_digest=digest_of(content, salt=salt),
        key_id=settings.WORKSPACE.keys.ledger_key_id,
    )
    link = hash_of(entry, prev_hash=head.hash, key=settings.WORKSPACE.keys.ledger_key)
    event = AuditEvent.objects.create(**vars(entry), prev_hash=head.hash, hash=link)
    Payload.objects.create(event=event, salt=salt, content=content)
    head.seq, head.hash = event.seq, event.hash
    head.save(update_fields=["seq", "hash"])
    return event


def head() -> Checkpoint:
    """The newest entry; number 0 while the ledger is empty."""
    newest = Head.objects.first()
    return Checkpoint(seq=newest.seq, hash=newest.hash) if newest else Checkpoint(seq=0, hash=GENESIS)


@transaction.atomic
def erase_payload(event: AuditEvent, *, by: Actor, reason: str) -> AuditEvent:
    """Erase what one entry says, because the law requires it. The entry stays, and so does the proof that it was made.

    Raises:
        RuleError: it is erased already, or no reason is given.
    """
    if not reason.strip():
        raise RuleError("An erasure needs a reason", where=f"ledger entry {event.seq}", next_step="Say which request or rule requires it.")
    if event.payload is None:
        raise RuleError("This entry is erased already", where=f"ledger entry {event.seq}", next_step="Nothing is left to do.")
    erasure = write(ERASED, target=event, by=by, payload={"reason": reason})
    Payload.objects.filter(event=event).delete()
    return erasure


def _lock_head() -> Head:
    # Locking the newest entry itself would not do: a writer that waited for it would then follow an entry that is no
    # longer the newest. SQLite has one writer at a time already, because our transactions begin IMMEDIATE.
    locked = Head.objects.select_for_update().filter(pk=1).first()
    if locked is None:  # before the first entry of all
        Head.objects.get_or_create(pk=1)
        locked = Head.objects.select_for_update().get(pk=1)
    return locked
