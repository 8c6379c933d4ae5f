import hashlib
import hmac
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bestvalue.record.ledger.chain import GENESIS, Entry, canonical_json, digest_of, hash_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def entry(**changed: Any) -> Entry:
    parts: dict[str, Any] = {
        "seq": 1,
        "at_utc": datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
        "actor": "person 1",
        "action": "finding.added",
        "object_kind": "reviews.finding",
        "object_id": "1",
        "payload_digest": "d" * 64,
        "key_id": "1",
    }
    return Entry(**{**parts, **changed})


def test_the_hash_is_the_hmac_of_the_previous_hash_and_the_text_written_out_by_hand() -> None:
    text = (
        '{"action":"finding.added","actor":"person 1","at_utc":"2026-11-24T09:30:00.000000+00:00","key_id":"1",'
        '"object_id":"1","object_kind":"reviews.finding","payload_digest":"' + "d" * 64 + '","seq":1}'
    )
    by_hand = hmac.new(b"secret", ("0" * 64 + text).encode(), hashlib.sha256).hexdigest()
    assert hash_of(entry(), prev_hash=GENESIS, key="secret") == by_hand


def test_the_same_moment_in_another_time_zone_has_the_same_hash() -> None:
    elsewhere = entry(at_utc=datetime(2026, 11, 24, 11, 30, tzinfo=timezone(timedelta(hours=2))))
    assert hash_of(elsewhere, prev_hash=GENESIS, key="k") == hash_of(entry(), prev_hash=GENESIS, key="k")


@pytest.mark.parametrize("changed", [{"seq": 2}, {"actor": "person 2"}, {"action": "x"}, {"object_id": "2"}, {"payload_digest": "e" * 64}])
def test_every_part_of_an_entry_is_in_its_hash(changed: dict[str, Any]) -> None:
    assert hash_of(entry(**changed), prev_hash=GENESIS, key="k") != hash_of(entry(), prev_hash=GENESIS, key="k")


@given(value=st.dictionaries(st.text(), JSON, max_size=4))
def test_the_order_of_keys_makes_no_other_text_and_the_text_is_ascii(value: dict[str, Any]) -> None:
    turned = dict(reversed(list(value.items())))
    assert canonical_json(turned) == canonical_json(value)
    assert canonical_json(value).isascii()


def test_a_number_that_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json({"share": float("nan")})


def test_the_same_payload_with_another_salt_has_another_digest() -> None:
    assert digest_of("{}", salt="00" * 16) != digest_of("{}", salt="01" * 16)
