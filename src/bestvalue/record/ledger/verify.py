"""Is the ledger whole? Walks the chain and names the first entry that does not hold."""

import hmac
from dataclasses import dataclass

from django.conf import settings

from bestvalue.errors import LedgerError
from bestvalue.record.ledger.chain import GENESIS, digest_of, hash_of
from bestvalue.record.ledger.ledger import Checkpoint, head
from bestvalue.record.ledger.models import ERASED, AuditEvent, Payload

NEXT_STEP = "Do not change the record. Keep a copy of the database, and compare it with the last backup that verifies."


@dataclass(frozen=True, kw_only=True)
class Verification:
    """A ledger that holds: how many entries it has, and its newest."""

    entries: int
    head: Checkpoint


def verify(*, checkpoint: Checkpoint | None = None, with_key: bool = True) -> Verification:
    """Check every entry, in order.

    Args:
        checkpoint: the newest entry at an earlier time, as a published report prints it. A chain alone cannot show that
            its end was cut off, or that someone with the key wrote all of it anew; a checkpoint that others hold can.
        with_key: test each hash. Where the key is not at hand, the order of the entries, their payloads and the checkpoint are
            still tested; that nobody wrote an entry anew between two checkpoints is not.

    Raises:
        LedgerError: an entry was changed, is missing or was added by hand; it names the first.
    """
    erased = set(AuditEvent.objects.filter(action=ERASED).values_list("object_id", flat=True))
    newest = Checkpoint(seq=0, hash=GENESIS)
    for event in AuditEvent.objects.select_related("kept_payload").order_by("seq").iterator(chunk_size=2000):
        _check_entry(event, after=newest, erased=str(event.seq) in erased, with_key=with_key)
        newest = Checkpoint(seq=event.seq, hash=event.hash)
        if checkpoint is not None and checkpoint.seq == newest.seq and not hmac.compare_digest(checkpoint.hash, newest.hash):
            raise _broken(newest.seq, "is not the entry that the checkpoint names, so the ledger was written anew")
    if checkpoint is not None and checkpoint.seq > newest.seq:
        raise _broken(newest.seq + 1, f"is missing: the checkpoint says that there were {checkpoint.seq:,} entries")
    if (kept := head()) != newest:
        raise _broken(min(kept.seq, newest.seq) + 1, f"does not agree with the head, which names entry {kept.seq:,}")
    return Verification(entries=newest.seq, head=newest)


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a checkpoint as reports print it, NUMBER:HASH.

    Raises:
        LedgerError: the text is not a checkpoint.

    Example:
        >>> parse_checkpoint("3:" + "ab" * 32).seq
        3
    """
    number, _, digest = text.strip().partition(":")
    if not number.isascii() or not number.isdigit() or len(digest) != len(GENESIS) or set(digest.lower()) - set("0123456789abcdef"):
        raise LedgerError(
            f"Not a checkpoint: {text!r}", next_step="Copy it whole from the report: a number, a colon and 64 digits and letters a to f."
        )
    return Checkpoint(seq=int(number), hash=digest.lower())


def _check_entry(event: AuditEvent, *, after: Checkpoint, erased: bool, with_key: bool) -> None:
    if event.seq != after.seq + 1:
        raise _broken(after.seq + 1, f"is missing: entry {event.seq:,} stands in its place")
    if event.prev_hash != after.hash:
        raise _broken(event.seq, "does not follow the entry before it")
    if with_key and not hmac.compare_digest(hash_of(event.entry, prev_hash=event.prev_hash, key=_key(event)), event.hash):
        raise _broken(event.seq, "was changed after it was written")
    kept: Payload | None = getattr(event, "kept_payload", None)
    if kept is None and not erased:
        raise _broken(event.seq, "has lost its payload, and no entry says that it was erased")
    if kept is not None and not hmac.compare_digest(digest_of(kept.content, salt=kept.salt), event.payload_digest):
        raise _broken(event.seq, "has a payload that was changed after it was written")


def _key(event: AuditEvent) -> str:
    keys = settings.WORKSPACE.keys
    known = {**keys.former_ledger_keys, keys.ledger_key_id: keys.ledger_key}
    if event.key_id not in known:
        raise LedgerError(
            f"Entry {event.seq:,} was written with key {event.key_id!r}, which is not known here",
            where="keys.toml",
            next_step="Add the key under former_ledger_keys; without it the entry cannot be checked.",
        )
    return str(known[event.key_id])


def _broken(seq: int, what: str) -> LedgerError:
    return LedgerError(f"Entry {seq:,} {what}", where=f"ledger entry {seq}", next_step=NEXT_STEP)
