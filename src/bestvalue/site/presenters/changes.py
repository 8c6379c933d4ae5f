"""Entries of the ledger in words."""

from dataclasses import dataclass
from datetime import datetime

from bestvalue.record.ledger.models import AuditEvent

UNSEEN = "an entry that you may not see"
"""What stands for who did what to what, where its reader may not see what it was done to."""


@dataclass(frozen=True, kw_only=True)
class ChangeLine:
    """One change: who did what, and when."""

    seq: int
    at: datetime
    who: str
    what: str
    about: str
    hash: str
    name: str = ""
    address: str = ""


def change_line(event: AuditEvent, *, name: str = "", address: str = "") -> ChangeLine:
    """One entry in words; what its payload held is not shown, because it may concern what the reader may not see.

    Args:
        event: the entry.
        name: what it is about, for a reader who may see that.
        address: the page of what it is about.
    """
    payload = event.payload
    return ChangeLine(
        seq=event.seq,
        at=event.at_utc,
        who=str(payload["by"]) if payload else "erased",
        what=_words(event.action),
        about=f"{event.object_kind.rpartition('.')[2]} {event.object_id}",
        hash=event.hash,
        name=name,
        address=address,
    )


def entry_line(event: AuditEvent) -> ChangeLine:
    """One entry of the whole ledger, of which `is_seen` is told: what its reader may not see keeps number, time and hash alone."""
    if event.is_seen:
        return change_line(event)
    return ChangeLine(seq=event.seq, at=event.at_utc, who="", what=UNSEEN, about="", hash=event.hash)


def _words(action: str) -> str:
    """An action of the ledger as words: "finding.added" is "finding added"."""
    return action.replace(".", " ").replace("_", " ")
