"""Scanning the files of evidence: each when it comes in, behind the site, and all of them anew when the operator says so."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django_tasks import task

from bestvalue.errors import WorkspaceError
from bestvalue.record.bodies.models import Person
from bestvalue.record.reviews.file_scans import note_scan
from bestvalue.record.reviews.models.evidence_quality import EvidenceFile
from bestvalue.record.reviews.models.file_scan import WAITS, FileScan, ScanState
from bestvalue.record.reviews.models.review import Review
from bestvalue.record.reviews.virus_scanner import scan, signatures
from bestvalue.workspace import ScannerSetting, Workspace

FILES_QUEUE = "files"
"""A queue of its own, so that no file waits for an analysis that takes an hour."""
NO_SCANNER = "No scanner is set any more, and it was not scanned before."


def put_in_quarantine(file: EvidenceFile, *, by: Person) -> None:
    """Close a file that came in until it is scanned, where a scanner is set. Called in the transaction that records the file."""
    if settings.WORKSPACE.settings.scanner is None:
        return
    note_scan(file, state=ScanState.QUARANTINED, says=WAITS, by=by)
    scan_evidence_file.enqueue(file.pk)


@task(queue_name=FILES_QUEUE)
def scan_evidence_file(file_id: int) -> str:
    """Scan a file that came in.

    Returns:
        How it stands then.
    """
    file = EvidenceFile.objects.select_related("evidence", "added_by").prefetch_related("scans").get(pk=file_id)
    # Opened anew, because the settings of the workspace may have changed since the worker started.
    scanner = Workspace.open(settings.WORKSPACE.root).settings.scanner
    if scanner is None:
        return note_scan(file, state=ScanState.QUARANTINED, says=NO_SCANNER, by=file.added_by).state
    noted = scan_file(file, scanner=scanner, by=file.added_by)
    return noted.state


def scan_file(file: EvidenceFile, *, scanner: ScannerSetting, by: Person | None) -> FileScan:
    """Scan a file, and record what came of it: when the scan fails, that it is in quarantine, and why."""
    try:
        verdict = scan(settings.WORKSPACE.files_folder / file.sha256, with_=scanner)
    except WorkspaceError as failed:
        return note_scan(file, state=ScanState.QUARANTINED, says=failed.what, by=by)
    except OSError as missing:
        return note_scan(file, state=ScanState.QUARANTINED, says=f"The file cannot be read: {missing.strerror}", by=by)
    state = ScanState.CLEAN if verdict.clean else ScanState.INFECTED
    return note_scan(file, state=state, says=verdict.says, scanner=verdict.scanner, by=by)


def to_scan(known: str, *, every: bool = False) -> list[EvidenceFile]:
    """The files whose last scan is not of these signatures, or that have none, or that are in quarantine.

    Args:
        known: what the scanner says of itself now.
        every: those too that were scanned with them.
    """
    files = EvidenceFile.objects.select_related("evidence__review").prefetch_related("scans").order_by("pk")
    return [file for file in files if every or _is_due(file, known)]


def closed_files(review: Review) -> list[EvidenceFile]:
    """The files of a review that nobody may open, in quarantine or infected."""
    files = EvidenceFile.objects.filter(evidence__review=review).select_related("evidence").prefetch_related("scans").order_by("pk")
    return [file for file in files if not file.is_open]


def scan_again(files: Iterable[EvidenceFile], *, scanner: ScannerSetting) -> Iterator[tuple[EvidenceFile, FileScan]]:
    """Scan files one after another, on behalf of the operator.

    Raises:
        WorkspaceError: the scanner is not there any more. What was not reached stands as before: a file that was clean is not closed
            because a daemon was restarted.
    """
    for file in files:
        signatures(scanner)
        yield file, scan_file(file, scanner=scanner, by=None)


def _is_due(file: EvidenceFile, known: str) -> bool:
    newest = file.newest_scan
    return newest is None or newest.state == ScanState.QUARANTINED or newest.scanner != known
