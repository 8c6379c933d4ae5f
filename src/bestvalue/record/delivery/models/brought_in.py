"""Files that were brought in: one that waits to be confirmed, those that were taken in, and how a tracker's columns were read."""

from typing import Any

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from simple_history.models import HistoricalRecords

from bestvalue.record.bodies.models import Person
from bestvalue.record.row_versions import Versioned


class FileKind(models.TextChoices):
    """What kind of file it is."""

    WORKBOOK = "workbook", "Workbook of the register"
    TRACKER = "tracker", "Tracker of somebody else"


class WaitingFile(models.Model):
    """A file that somebody looks at before it is taken in. No part of the record: a new one replaces it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=FileKind.choices)
    name = models.CharField(max_length=255)
    content = models.BinaryField()
    # What has been answered about it so far: the source of a tracker, its columns, what its words mean.
    answers = models.JSONField(default=dict)
    at = models.DateTimeField()
    # Of a tracker that another person is asked to confirm: since when, the digest of what it would change, and whether bad rows go.
    proposed_at = models.DateTimeField(null=True)
    proposal_sha256 = models.CharField(max_length=64, blank=True)
    leave_out = models.BooleanField(default=False)
    refused = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="waiting_file_once"),
            models.CheckConstraint(condition=models.Q(kind__in=FileKind.values), name="waiting_file_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def bytes(self) -> bytes:
        """Its content; some databases hand it over as a view of memory."""
        return bytes(self.content)


def set_waiting(person: Person, *, kind: FileKind, name: str, content: bytes, answers: dict[str, Any] | None = None) -> WaitingFile:
    """Keep a file for a person to look at; one of the same kind that waited before is forgotten."""
    WaitingFile.objects.filter(person=person, kind=kind).delete()
    said = answers or {}
    return WaitingFile.objects.create(person=person, kind=kind, name=name[-255:], content=content, answers=said, at=timezone.now())


class ImportedFile(models.Model):
    """A file that was taken in: by whom, when, and how much. Its entry of the ledger lists every row."""

    kind = models.CharField(max_length=10, choices=FileKind.choices)
    name = models.CharField(max_length=255)
    source = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    changes = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.CheckConstraint(condition=models.Q(kind__in=FileKind.values), name="imported_file_kind_known")]

    def __str__(self) -> str:
        return f"{self.name}, {self.at:%d %B %Y}"


class TrackerMapping(Versioned):
    """How the tracker of one source was read the last time: which column is what, and what its words mean."""

    source = models.CharField(max_length=200)
    # Which column each field comes from, what stands in place of one, what words mean, and in which order days are written.
    answers = models.JSONField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    history = HistoricalRecords()

    class Meta:
        ordering = ["source"]
        constraints = [models.UniqueConstraint(Lower("source"), name="tracker_mapping_once")]

    def __str__(self) -> str:
        return self.source
