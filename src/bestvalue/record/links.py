"""Which other records does a record name: the evidence of a finding, the strands of evidence, the findings of a recommendation?

They are edited as one set, and by the same rule as a field: when two people meet, the second sees what the first wrote. What the set was
at an earlier version is told by the ledger, which names what every change added and took away.

Whoever edits may not see all of it. So they choose among what they see; the rest stays, and no message tells of it.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from bestvalue.record.ledger.models import AuditEvent


@dataclasses.dataclass(frozen=True, kw_only=True)
class Links:
    """What a record is to name.

    Args:
        field: name of its many-to-many field.
        mine: the keys that it is to name.
        seen: the keys among which was chosen; what it names beyond them stays.
        through: what else is written beside a key that is new.
    """

    field: str
    mine: frozenset[int]
    seen: frozenset[int]
    through: Mapping[int, Mapping[str, Any]] = dataclasses.field(default_factory=dict)


def named_now(row: Model, links: Links) -> frozenset[int]:
    """The keys that a record names now, among those that were seen."""
    return frozenset(getattr(row, links.field).values_list("pk", flat=True)) & links.seen


def named_at(row: Model, links: Links, *, version: int) -> frozenset[int] | None:
    """The keys that a record named at a version, among those that were seen; None where an entry of the ledger since then is erased."""
    named = set(getattr(row, links.field).values_list("pk", flat=True))
    for event in AuditEvent.objects.about(row).select_related("kept_payload").reverse():
        if event.payload is None:
            return None
        told = event.payload.get("changed", {}).get(links.field)
        if not told:
            continue
        if told["version"] <= version:
            break
        named = (named - set(told["added"])) | set(told["dropped"])
    return frozenset(named) & links.seen


def name_others(row: Model, links: Links) -> dict[str, list[int]]:
    """Add what is new, and take away what was seen and not chosen.

    Returns:
        The keys added and dropped; empty where nothing changes.
    """
    present = named_now(row, links)
    added, dropped = sorted(links.mine - present), sorted(present - links.mine)
    related = getattr(row, links.field)
    for key in added:
        related.add(key, through_defaults=dict(links.through.get(key, {})))
    if dropped:
        related.remove(*dropped)
    return {"added": added, "dropped": dropped} if added or dropped else {}
