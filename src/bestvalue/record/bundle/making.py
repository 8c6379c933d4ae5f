"""Making a bundle of a review."""

import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import serializers
from django.db import models
from django.utils import timezone

from bestvalue.record.bodies.models import Person
from bestvalue.record.bundle.belonging import Rows, rows_of
from bestvalue.record.bundle.crate import METADATA, Manifest, Part, metadata, part_of
from bestvalue.record.ledger import ledger
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.meetings.models import Meeting
from bestvalue.record.reviews.models import EvidenceFile, Marking, PublishedFile, Review

ROWS = "rows.jsonl"
LEDGER = "ledger.jsonl"


def make_bundle(review: Review, target: Path) -> Manifest:
    """Write everything that belongs to a review into one file. All of it is in there, whatever its marking; files that are closed are not.

    Args:
        review: whose.
        target: the zip file to write; it appears only when it is whole.

    Returns:
        Manifest: what is in it.
    """
    found = rows_of(review)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".bundle-") as name:
        folder = Path(name)
        _write_lines(folder / ROWS, _rows(found))
        _write_lines(folder / LEDGER, _entries(found))
        files = [
            (folder / ROWS, part_of(folder / ROWS, at=ROWS, name="Every row of the review, one a line")),
            (folder / LEDGER, part_of(folder / LEDGER, at=LEDGER, name="What the ledger says of these rows")),
            *_files(found),
        ]
        manifest = Manifest(
            name=review.title,
            published=timezone.localdate(),
            marking=_marking(review, found),
            authors=tuple(Person.objects.filter(pk__in=found.get(Person, set())).values_list("name", flat=True)),
            checkpoint=str(ledger.head()),
            rows={model._meta.label: len(keys) for model, keys in sorted(found.items(), key=lambda pair: pair[0]._meta.label)},
            parts=tuple(part for _, part in files),
        )
        whole = folder / "whole.zip"
        with zipfile.ZipFile(whole, "w", compression=zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(METADATA, metadata(manifest))
            for path, part in files:
                archive.write(path, part.path)
        whole.replace(target)
    return manifest


def _marking(review: Review, found: Rows) -> str:
    """The highest of anything in the bundle: of the review, or of a meeting about it."""
    meetings = Meeting.objects.filter(pk__in=found.get(Meeting, set()), marking=Marking.SENSITIVE)
    return (Marking.SENSITIVE if meetings.exists() else review.marking).value


def _write_lines(path: Path, lines: Iterator[Any]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False, default=str) + os.linesep)


def _rows(found: Rows) -> Iterator[dict[str, Any]]:
    for model in sorted(found, key=lambda each: each._meta.label):
        rows = model._base_manager.filter(pk__in=found[model]).order_by("pk")
        yield from json.loads(serializers.serialize("json", rows))


def _entries(found: Rows) -> Iterator[dict[str, Any]]:
    """The ledger's entries about these rows, with their links: whoever holds its checkpoint can test them there."""
    for model, keys in sorted(found.items(), key=lambda pair: pair[0]._meta.label):
        events = AuditEvent.objects.filter(object_kind=model._meta.label_lower, object_id__in=[str(key) for key in keys])
        for event in events.select_related("kept_payload").order_by("seq"):
            payload = event.payload
            yield {
                "seq": event.seq,
                "at": event.at_utc,
                "actor": event.actor,
                "action": event.action,
                "object": f"{event.object_kind} {event.object_id}",
                "content": payload,
                "prev_hash": event.prev_hash,
                "hash": event.hash,
            }


def _files(found: Rows) -> Iterator[tuple[Path, Part]]:
    workspace = settings.WORKSPACE
    seen = set()
    for file in EvidenceFile.objects.filter(pk__in=found.get(EvidenceFile, set())).prefetch_related("scans"):
        # What is in quarantine or infected is told of in the rows, with its SHA-256, and goes nowhere.
        if file.sha256 not in seen and file.is_open:
            seen.add(file.sha256)
            path = workspace.files_folder / file.sha256
            yield path, part_of(path, at=f"files/{file.sha256}", name=file.name)
    for digest in sorted(_digests(found)):
        for path in sorted(workspace.store.place_of(digest).iterdir()):
            yield path, part_of(path, at=f"results/{digest}/{path.name}", name=f"{path.name} of result {digest[:12]}")
    for report in PublishedFile.objects.filter(pk__in=found.get(PublishedFile, set())):
        path = workspace.reports_folder / report.name
        yield path, part_of(path, at=f"reports/{report.name}", name=report.name)


def _digests(found: Rows) -> set[str]:
    """The results that anything in the bundle rests on."""
    digests: set[str] = set()
    for model, keys in found.items():
        if any(isinstance(field, models.Field) and field.name == "result_digest" for field in model._meta.get_fields()):
            digests |= set(model._base_manager.filter(pk__in=keys).values_list("result_digest", flat=True))
    return digests - {"", None}
