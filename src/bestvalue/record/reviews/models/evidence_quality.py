"""How good is a piece of evidence? A house scale: how reliable its source is, and how credible what it says.

The scale is the house's own. Intelligence grading (3x5x2) served as its model because police officers know it; a grade here is not an
intelligence grade and says nothing of handling. Grades are added, never changed: the newest counts, and every one has its reason.
"""

from typing import TYPE_CHECKING

from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.reviews.models.file_scan import CLOSED, FileScan, ScanState

if TYPE_CHECKING:
    from bestvalue.record.reviews.models.evidence import Evidence


class Reliability(models.TextChoices):
    """How far the source can be relied on, whatever it says this time."""

    CHECKED = "A", "A: reliable. An official record, or a method that somebody else has checked"
    USUAL = "B", "B: usually reliable. Known, and right before"
    UNTESTED = "C", "C: not tested. Nobody can say yet"
    DOUBTFUL = "D", "D: doubtful. Wrong before, or has an interest in the answer"


class Credibility(models.TextChoices):
    """How far what it says can be believed, whoever says it."""

    CONFIRMED = "1", "1: confirmed by another source that does not depend on it"
    LIKELY = "2", "2: likely. It fits what else is known"
    UNKNOWN = "3", "3: cannot be judged. Nothing to compare it with"
    UNLIKELY = "4", "4: doubtful. Something else contradicts it"


class Strength(models.TextChoices):
    """What a grade is worth where findings rest on it."""

    STRONG = "strong", "strong"
    FAIR = "fair", "fair"
    WEAK = "weak", "weak"
    UNGRADED = "ungraded", "not graded"


class EvidenceGrade(models.Model):
    """A grade with its reason."""

    evidence = models.ForeignKey("Evidence", on_delete=models.PROTECT, related_name="grades")
    reliability = models.CharField(max_length=1, choices=Reliability.choices)
    credibility = models.CharField(max_length=1, choices=Credibility.choices)
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(reliability__in=Reliability.values), name="grade_reliability_known"),
            models.CheckConstraint(condition=models.Q(credibility__in=Credibility.values), name="grade_credibility_known"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="grade_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.reliability}{self.credibility}"

    @property
    def strength(self) -> Strength:
        """What it is worth."""
        return strength_of(Reliability(self.reliability), Credibility(self.credibility))


def strength_of(reliability: Reliability, credibility: Credibility) -> Strength:
    """What a grade is worth: strong when source and content both hold, weak when either is doubtful.

    Example:
        >>> strength_of(Reliability.CHECKED, Credibility.LIKELY).value
        'strong'
        >>> strength_of(Reliability.CHECKED, Credibility.UNKNOWN).value
        'fair'
        >>> strength_of(Reliability.CHECKED, Credibility.UNLIKELY).value
        'weak'
    """
    if reliability is Reliability.DOUBTFUL or credibility is Credibility.UNLIKELY:
        return Strength.WEAK
    if reliability in (Reliability.CHECKED, Reliability.USUAL) and credibility in (Credibility.CONFIRMED, Credibility.LIKELY):
        return Strength.STRONG
    return Strength.FAIR


class EvidenceFile(models.Model):
    """One version of the file of a piece of evidence. A new version never overwrites an older one: both stay, and can be opened."""

    evidence = models.ForeignKey("Evidence", on_delete=models.PROTECT, related_name="files")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    note = models.TextField(blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["evidence", "number"], name="evidence_file_number_once")]

    def __str__(self) -> str:
        return f"Version {self.number}, {self.name}"

    @property
    def newest_scan(self) -> FileScan | None:
        """What its last scan said; None where there was none."""
        # Of all of them in memory: a page has read them for every version at once.
        return max(self.scans.all(), key=lambda scan: scan.pk, default=None)

    @property
    def scan_state(self) -> ScanState:
        """How it stands: clean, infected, in quarantine, or not scanned."""
        newest = self.newest_scan
        return ScanState(newest.state) if newest else ScanState.UNSCANNED

    @property
    def is_open(self) -> bool:
        """Whether it may be opened."""
        return self.scan_state not in CLOSED


def check_grade(evidence: "Evidence", *, reason: str, by: Person) -> None:
    """Refuse a grade by somebody outside the review's team, of evidence that was withdrawn, or without a reason.

    Raises:
        RuleError: the message says which.
    """
    evidence.review.check_editable(by=by)
    evidence.check_standing()
    if not reason.strip():
        raise RuleError("A grade has its reason", where="reason", next_step="Say in a sentence what the grade rests on.")


def check_file_version(evidence: "Evidence", *, sha256: str, note: str, by: Person) -> None:
    """Refuse a new version by somebody outside the team, that is the same file again, or that does not say what changed.

    Raises:
        RuleError: the message says which.
    """
    evidence.review.check_editable(by=by)
    if evidence.result_digest:
        raise RuleError("A result of an analysis has no file", where="file", next_step="Run the analysis again, and add its result.")
    if evidence.file_sha256 == sha256:
        raise RuleError("This is the newest version already", where="file", next_step="Select the changed file.")
    if evidence.file_name and not note.strip():
        raise RuleError("A new version says what changed", where="note", next_step="Say in a sentence what is different.")
