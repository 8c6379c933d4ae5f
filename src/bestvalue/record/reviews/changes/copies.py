"""A copy of a file that leaves for the public: without what it says of its makers, with both digests in the ledger."""

from django.db import transaction

from bestvalue.record.bodies.models import Person
from bestvalue.record.ledger import ledger
from bestvalue.record.reviews.models.evidence_quality import EvidenceFile
from bestvalue.record.reviews.models.file_scan import check_open


@transaction.atomic
def note_copy(file: EvidenceFile, *, sha256: str, size: int, by: Person) -> EvidenceFile:
    """Record that somebody took a copy without metadata. The original stays as it came, under its own digest.

    Args:
        file: the version that was copied.
        sha256: of the copy, so that whoever meets it later can be told what it is a copy of.
        size: of the copy, in bytes.
        by: who took it.

    Raises:
        RuleError: the file is in quarantine or infected.
    """
    check_open(file)
    payload = {"version": file.number, "original": file.sha256, "copy": sha256, "size": size}
    ledger.write("evidence.copied_without_metadata", target=file.evidence, by=by, payload=payload)
    return file
