"""Was a file scanned for viruses, and what came of it? A series: each scan is added, and the newest says how the file stands.

Where a scanner is set, a file waits in quarantine until the scanner has called it clean; a scanner that fails leaves it there. Nothing in
quarantine and nothing infected is opened, cited, searched, bundled or published. Without a scanner, files stand as not scanned.
"""

from typing import TYPE_CHECKING

from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person

if TYPE_CHECKING:
    from bestvalue.record.reviews.models.evidence import Evidence
    from bestvalue.record.reviews.models.evidence_quality import EvidenceFile


class ScanState(models.TextChoices):
    """How a file stands."""

    UNSCANNED = "unscanned", "Not scanned"
    QUARANTINED = "quarantined", "In quarantine"
    CLEAN = "clean", "Clean"
    INFECTED = "infected", "Infected"


CLOSED = frozenset({ScanState.QUARANTINED, ScanState.INFECTED})
"""A file that stands so is opened by nobody."""
WAITS = "It waits to be scanned."


class FileScan(models.Model):
    """What one scan of a file said; also that it waits for its first, and that a scan failed."""

    file = models.ForeignKey("reviews.EvidenceFile", on_delete=models.PROTECT, related_name="scans")
    state = models.CharField(max_length=12, choices=ScanState.choices)
    says = models.CharField(max_length=300, blank=True)
    scanner = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=models.Q(state__in=ScanState.values), name="file_scan_state_known")]

    def __str__(self) -> str:
        return f"{self.get_state_display()}, {self.at:%d %b %Y}"


def check_open(file: "EvidenceFile") -> None:
    """Refuse to open, copy or cite a file that is in quarantine or infected.

    Raises:
        RuleError: the message says how it stands, and what to do.
    """
    state = file.scan_state
    if state is ScanState.QUARANTINED:
        said = file.newest_scan.says if file.newest_scan else WAITS
        raise RuleError(
            f"The file {file.name} is in quarantine. {said}".removesuffix("."),
            where=f"{file.evidence.reference}, version {file.number}",
            next_step="Wait some minutes, then open the page again; if it stays so, ask whoever runs this site to see to the scanner.",
        )
    if state is ScanState.INFECTED:
        said = file.newest_scan.says if file.newest_scan else ""
        raise RuleError(
            f"The file {file.name} is infected ({said}), and nobody can open it",
            where=f"{file.evidence.reference}, version {file.number}",
            next_step="Add a clean version of the file, and tell whoever sent it.",
        )


def check_citable(evidence: "Evidence", *, by: Person) -> None:
    """Refuse to cite evidence that was withdrawn, or whose newest file is in quarantine or infected.

    Raises:
        RuleError: the message names the evidence.
    """
    evidence.check_standing()
    newest = evidence.files.prefetch_related("scans").first()
    if newest is None or newest.scan_state not in CLOSED:
        return
    words = "in quarantine" if newest.scan_state is ScanState.QUARANTINED else "infected"
    raise RuleError(
        f"The file of {evidence.reference} is {words}, so {by} cannot cite it yet",
        where="evidence",
        next_step="Wait until it is scanned, or add a clean version of the file.",
    )
