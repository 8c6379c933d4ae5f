"""Reading the files of evidence for the search, behind the site: each when it comes in and is not closed."""

from typing import Any

from django.db.models.signals import post_save
from django_tasks import task

from bestvalue.record.reviews.models import Evidence, EvidenceFile
from bestvalue.record.reviews.models.file_scan import FileScan, ScanState
from bestvalue.record.reviews.scanning import FILES_QUEUE
from bestvalue.record.search.file_words import read_words
from bestvalue.record.search.keeping import keep
from bestvalue.record.search.models import Kind
from bestvalue.record.search.texts import can_be_read


def watch() -> None:
    """Have every file read that comes in from now on."""
    post_save.connect(_file_saved, sender=EvidenceFile, dispatch_uid="search-file")
    post_save.connect(_file_scanned, sender=FileScan, dispatch_uid="search-scan")


@task(queue_name=FILES_QUEUE)
def read_file(file_id: int) -> int:
    """Read one file.

    Returns:
        How many characters of it can be searched; 0 where it is closed.
    """
    file = EvidenceFile.objects.select_related("evidence").prefetch_related("scans").get(pk=file_id)
    if not file.is_open:
        return 0
    kept = read_words(file)
    keep(Kind.EVIDENCE, Evidence.objects.get(pk=file.evidence_id))
    return len(kept.words)


@task(queue_name=FILES_QUEUE)
def read_unread() -> int:
    """Have every file read that was not: those from before files were read so, and those that came with a bundle.

    Returns:
        How many were put into the queue.
    """
    files = files_to_read()
    for file in files:
        read_file.enqueue(file.pk)
    return len(files)


def files_to_read(*, again: bool = False) -> list[EvidenceFile]:
    """The files that are open, have words, and were not read yet; `again`: those too that were."""
    files = EvidenceFile.objects.select_related("evidence").prefetch_related("scans").order_by("pk")
    chosen = files if again else files.filter(file_text=None)
    return [file for file in chosen if file.is_open and can_be_read(file.name)]


def _file_saved(*, instance: EvidenceFile, created: bool, **_rest: Any) -> None:
    # Where a scanner is set, it was not asked yet: the worker finds the file closed, and what the scan says puts it in again.
    if created and can_be_read(instance.name):
        read_file.enqueue(instance.pk)


def _file_scanned(*, instance: FileScan, **_rest: Any) -> None:
    file = instance.file
    if instance.state == ScanState.CLEAN and can_be_read(file.name) and not hasattr(file, "file_text"):
        read_file.enqueue(file.pk)
    else:
        keep(Kind.EVIDENCE, file.evidence)  # with the words of its file, or without them
