"""How is one entry of the ledger bound to the one before it? Hashing alone; no database.

The hash of an entry is HMAC-SHA256(key, previous hash + canonical JSON of the entry), so whoever lacks the key cannot
forge an entry, and whoever changes one breaks every entry after it. What was changed (the payload) may hold personal
data, which the law may require to be erased: only its salted digest is in the chain, and the payload is kept beside.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

GENESIS = "0" * 64
"""What stands as the previous hash of the first entry."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """The parts of an entry that its hash covers.

    Args:
        seq: place in the chain, from 1.
        at_utc: when, with its time zone.
        actor: who, as a reference that stays when the name is erased.
        action: what was done: "finding.added".
        object_kind, object_id: to what.
        payload_digest: salted digest of the payload, from `digest_of`.
        key_id: which key the hash was made with.
    """

    seq: int
    at_utc: datetime
    actor: str
    action: str
    object_kind: str
    object_id: str
    payload_digest: str
    key_id: str


def canonical_json(value: Mapping[str, Any]) -> str:
    r"""One text for one value: keys sorted, no spaces, ASCII only, so that every database gives it back byte for byte.

    Raises:
        ValueError: a number is not finite.
        TypeError: a value has no place in JSON.

    Example:
        >>> canonical_json({"b": 1, "a": "£"})
        '{"a":"\\u00a3","b":1}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False, cls=DjangoJSONEncoder)


def digest_of(content: str, *, salt: str) -> str:
    """Digest of a payload's canonical JSON. The salt (hexadecimal) keeps a short payload from being guessed after erasure."""
    return hmac.new(bytes.fromhex(salt), content.encode(), hashlib.sha256).hexdigest()


def hash_of(entry: Entry, *, prev_hash: str, key: str) -> str:
    """The hash that binds an entry to the one before it, as 64 hexadecimal digits."""
    parts = {**vars(entry), "at_utc": entry.at_utc.astimezone(UTC).isoformat(timespec="microseconds")}
    return hmac.new(key.encode(), (prev_hash + canonical_json(parts)).encode(), hashlib.sha256).hexdigest()
