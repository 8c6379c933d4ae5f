"""What the worker writes of a file that it scans: it waits, it was scanned, or the scan failed.

Not among the other changes of a review: those put a file into the queue, and the worker of that queue writes this.
"""

from django.db import transaction
from django.utils import timezone

from bestvalue.record.bodies.models import Person
from bestvalue.record.ledger import ledger
from bestvalue.record.reviews.models.evidence_quality import EvidenceFile
from bestvalue.record.reviews.models.file_scan import FileScan, ScanState


@transaction.atomic
def note_scan(file: EvidenceFile, *, state: ScanState, by: Person | None, says: str = "", scanner: str = "") -> FileScan:
    """Record how a file stands from now on.

    Args:
        file: the version that was scanned.
        state: what came of it.
        by: who brought the file, on whose behalf it was scanned; None for the operator at the command line.
        says: what was found, or why the scan failed.
        scanner: the scanner with its signatures.
    """
    scan = FileScan.objects.create(file=file, state=state, says=says[:300], scanner=scanner[:200], at=timezone.now())
    payload = {"version": file.number, "sha256": file.sha256, "state": state, "says": scan.says, "scanner": scan.scanner}
    ledger.write("evidence.file_scanned", target=file.evidence, by=by, payload=payload)
    return scan
