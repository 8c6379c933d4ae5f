"""Rows of the ledger: entries, the payload beside each, and the head that writers queue for."""

import json
from typing import Any, Self

from django.db import models

from bestvalue.record.ledger.chain import GENESIS, Entry

ERASED = "ledger.payload_erased"
"""Action of the entry that says that the payload of another entry was erased; its object is that entry."""


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """Questions about the ledger."""

    def about(self, target: models.Model) -> Self:
        """The entries about one object, oldest first."""
        return self.filter(object_kind=target._meta.label_lower, object_id=str(target.pk)).order_by("seq")

    def newest_first(self) -> Self:
        """Every entry with its payload, the newest first."""
        return self.select_related("kept_payload").order_by("-seq")


class AuditEvent(models.Model):
    """One entry. The database itself refuses to change or delete it."""

    seq = models.PositiveBigIntegerField(primary_key=True)
    at_utc = models.DateTimeField()
    actor = models.CharField(max_length=100)
    action = models.CharField(max_length=100, db_index=True)
    object_kind = models.CharField(max_length=100)
    object_id = models.CharField(max_length=100)
    payload_digest = models.CharField(max_length=64)
    key_id = models.CharField(max_length=50)
    # Unique: two entries cannot follow the same one, so the chain cannot fork even if the lock on the head failed.
    prev_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    # Whether its reader sees what it is about: `record/ledger_reading.py` tells it of each entry that it reads for somebody.
    is_seen: bool

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["seq"]
        indexes = [models.Index(fields=["object_kind", "object_id"], name="ledger_object")]

    def __str__(self) -> str:
        return f"{self.seq}: {self.action} {self.object_kind} {self.object_id}"

    @property
    def entry(self) -> Entry:
        """The parts that the hash covers."""
        return Entry(
            seq=self.seq,
            at_utc=self.at_utc,
            actor=self.actor,
            action=self.action,
            object_kind=self.object_kind,
            object_id=self.object_id,
            payload_digest=self.payload_digest,
            key_id=self.key_id,
        )

    @property
    def payload(self) -> dict[str, Any] | None:
        """What was written; None when it has been erased."""
        kept: Payload | None = getattr(self, "kept_payload", None)
        return None if kept is None else dict(json.loads(kept.content))

    @property
    def actor_name(self) -> str:
        """The name of who did it at that time; the reference alone when the name has been erased."""
        return str((self.payload or {}).get("by", self.actor))


class Payload(models.Model):
    """What an entry says, kept outside the chain because the law may require that it be erased.

    `content` is text, not JSON of the database: PostgreSQL writes numbers of JSON anew, and the digest is of these bytes.
    """

    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, primary_key=True, related_name="kept_payload")
    salt = models.CharField(max_length=32)
    content = models.TextField()

    def __str__(self) -> str:
        return self.content


class Head(models.Model):
    """The one row that every writer locks: the newest entry."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="ledger_one_head")]

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"
