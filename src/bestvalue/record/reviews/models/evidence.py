"""Evidence: what it is, what it serves, and the findings drawn from it."""

from collections.abc import Collection
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from simple_history.models import HistoricalRecords

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person, User
from bestvalue.record.reviews.models.evidence_quality import Strength
from bestvalue.record.reviews.models.need_to_know import Marked, marking_constraints, readable
from bestvalue.record.reviews.models.review import Marking, Review, Strand
from bestvalue.record.reviews.models.withdrawal import Withdrawable, withdrawal_constraint
from bestvalue.record.row_versions import Versioned


class FourC(models.TextChoices):
    """The 4Cs of a best value review."""

    CHALLENGE = "challenge", "Challenge"
    COMPARE = "compare", "Compare"
    CONSULT = "consult", "Consult"
    COMPETE = "compete", "Compete"


class EvidenceKind(models.TextChoices):
    """What the evidence is."""

    TERMS = "terms of reference", "Terms of reference"
    DOCUMENT = "document", "Document"
    DATA = "data", "Data"
    INTERVIEW = "interview", "Interview"
    SURVEY = "survey", "Survey"
    VISIT = "visit", "Visit"
    RESULT = "analysis result", "Analysis result"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Questions about evidence."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Evidence of the reviews that somebody sees; what is sensitive, only if they are in its group."""
        return self.filter(review__in=Review.objects.visible_to(user)).filter(readable(user))

    def standing(self) -> Self:
        """What was not withdrawn."""
        return self.filter(withdrawn_on=None)


class Evidence(Versioned, Marked, Withdrawable):
    """Something that a finding can rest on: a file, a note of an interview or visit, or the stored result of an analysis."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="evidence")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=EvidenceKind.choices)
    four_cs = models.JSONField(default=list)
    strands = models.ManyToManyField(Strand, through="EvidenceStrand", related_name="evidence")
    effective_date = models.DateField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    notes = models.TextField(blank=True)
    result_digest = models.CharField(max_length=64, blank=True, db_index=True)
    # The newest version of its file; every version is a row of `EvidenceFile`.
    file_name = models.CharField(max_length=255, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_size = models.PositiveBigIntegerField(default=0)

    objects = EvidenceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="evidence_number_once"),
            models.CheckConstraint(condition=models.Q(kind__in=EvidenceKind.values), name="evidence_kind_known"),
            models.CheckConstraint(condition=models.Q(marking__in=Marking.values), name="evidence_marking_known"),
            models.CheckConstraint(
                condition=models.Q(kind=EvidenceKind.RESULT, file_name="") & ~models.Q(result_digest="")
                | ~models.Q(kind=EvidenceKind.RESULT) & models.Q(result_digest=""),
                name="evidence_result_has_digest",
            ),
            models.CheckConstraint(
                condition=models.Q(file_name="", file_sha256="") | ~models.Q(file_name="") & ~models.Q(file_sha256=""),
                name="evidence_file_has_digest",
            ),
            models.CheckConstraint(
                condition=~models.Q(notes="", file_name="", result_digest=""),
                name="evidence_says_something",
            ),
            *marking_constraints("evidence"),
            withdrawal_constraint("evidence"),
        ]

    def __str__(self) -> str:
        return f"E{self.number} {self.title}"

    @property
    def reference(self) -> str:
        """How the report cites it: "E3"."""
        return f"E{self.number}"

    @property
    def strength(self) -> Strength:
        """What its newest grade is worth."""
        # Of all of them in memory: the review's page has read them for every piece at once.
        newest = max(self.grades.all(), key=lambda grade: grade.pk, default=None)
        return newest.strength if newest else Strength.UNGRADED

    def check_withdrawable(self) -> None:
        """Refuse to withdraw evidence that was withdrawn already, or that a finding which stands cites.

        Raises:
            RuleError: the message says which; the page of the withdrawal lists the findings that its reader sees.
        """
        self.check_standing()
        if self.findings.filter(withdrawn_on=None).exists():
            raise RuleError(
                f"A finding that stands rests on {self.reference}",
                where="evidence",
                next_step="Change the evidence that the finding rests on, or withdraw it; then withdraw the evidence.",
            )


class EvidenceStrand(models.Model):
    """Evidence bears on this strand."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    strand = models.ForeignKey(Strand, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evidence", "strand"], name="evidence_strand_once")]

    def __str__(self) -> str:
        return f"{self.evidence.reference} bears on {self.strand}"


def check_evidence(
    review: Review, *, kind: EvidenceKind, four_cs: Collection[FourC], strands: Collection[Strand], result_digest: str, said: bool
) -> None:
    """Refuse evidence that serves nothing, says nothing, or names a result that is not kept; `said`: it brings notes or a file.

    Raises:
        RuleError: the message says what is missing or does not fit.
        WorkspaceError: there is no such result in the store.
    """
    if not four_cs:
        raise RuleError("Evidence serves at least one of the 4Cs", where="4Cs", next_step="Select challenge, compare, consult or compete.")
    if any(strand.review_id != review.pk for strand in strands):
        raise RuleError("A strand belongs to another review", where="strands", next_step="Select strands of this review.")
    if (kind == EvidenceKind.RESULT) != bool(result_digest):
        raise RuleError(
            "An analysis result is named by its digest, and other evidence is not",
            where="kind",
            next_step="Add the result from its own page.",
        )
    if result_digest:
        settings.WORKSPACE.store.get(result_digest)  # raises when there is none
    elif not said:
        raise RuleError("There is nothing in this evidence", where="file, notes", next_step="Add a file, or write what was said or seen.")
