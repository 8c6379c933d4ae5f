"""Findings: what a review learnt, from which evidence."""

from collections.abc import Collection
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from simple_history.models import HistoricalRecords

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person, User
from bestvalue.record.reviews.models.evidence import Evidence
from bestvalue.record.reviews.models.evidence_quality import EvidenceFile
from bestvalue.record.reviews.models.need_to_know import Marked, marking_constraints, readable
from bestvalue.record.reviews.models.review import Review, Strand
from bestvalue.record.reviews.models.withdrawal import Withdrawable, withdrawal_constraint
from bestvalue.record.row_versions import Versioned


class Tone(models.TextChoices):
    """Whether a finding is a strength or asks for improvement; a review says both."""

    POSITIVE = "positive", "Positive"
    NEGATIVE = "negative", "Negative"


class FindingQuerySet(models.QuerySet["Finding"]):
    """Questions about findings."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The findings of the reviews that somebody sees; what is sensitive, only if they are in its group."""
        return self.filter(review__in=Review.objects.visible_to(user)).filter(readable(user))

    def standing(self) -> Self:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_on=None)


class Finding(Versioned, Marked, Withdrawable):
    """What the review learnt, from which evidence. Its number is given once, so that a reference to it stays good."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="findings")
    strand = models.ForeignKey(Strand, on_delete=models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    tone = models.CharField(max_length=10, choices=Tone.choices)
    evidence = models.ManyToManyField(Evidence, through="FindingEvidence", related_name="findings")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = FindingQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["strand__number", "number"]
        constraints = [
            models.UniqueConstraint(fields=["strand", "number"], name="finding_number_once"),
            models.CheckConstraint(condition=models.Q(tone__in=Tone.values), name="finding_tone_known"),
            models.CheckConstraint(condition=~models.Q(text=""), name="finding_says_something"),
            *marking_constraints("finding"),
            withdrawal_constraint("finding"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.text}"

    @property
    def reference(self) -> str:
        """Number of the strand, and of the finding in it: "2.1"."""
        return f"{self.strand.number}.{self.number}"

    @property
    def is_positive(self) -> bool:
        """Whether it is a strength."""
        return self.tone == Tone.POSITIVE

    def check_withdrawable(self) -> None:
        """Refuse to withdraw a finding that was withdrawn already, or on which a recommendation that stands rests.

        Raises:
            RuleError: the message says which; the page of the withdrawal lists the recommendations that its reader sees.
        """
        self.check_standing()
        # Recommendations belong to the app above this one, and are reached by the finding's own relation to them.
        if self.recommendations.all().not_withdrawn().exists():
            raise RuleError(
                f"A recommendation that stands rests on finding {self.reference}",
                where="finding",
                next_step="Change the findings that the recommendation rests on, or withdraw it; then withdraw the finding.",
            )


class FindingEvidence(models.Model):
    """A finding rests on this evidence, in the version of its file that was there when it was cited."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="citations")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="citations")
    file = models.ForeignKey(EvidenceFile, on_delete=models.PROTECT, null=True, blank=True, related_name="citations")

    class Meta:
        ordering = ["evidence__number"]
        constraints = [models.UniqueConstraint(fields=["finding", "evidence"], name="finding_cites_once")]

    def __str__(self) -> str:
        return f"{self.finding.reference} cites {self.evidence.reference}"


def check_finding(review: Review, *, strand: Strand, text: str, evidence: Collection[Evidence]) -> None:
    """Refuse a finding that says nothing, rests on nothing, or on evidence of another review.

    Raises:
        RuleError: the message says which.
    """
    if not text.strip():
        raise RuleError("A finding says something", where="text", next_step="Enter the finding.")
    if strand.review_id != review.pk:
        raise RuleError(f"The strand “{strand}” belongs to another review", where="strand", next_step="Select a strand of this review.")
    if not evidence:
        raise RuleError("A finding rests on evidence", where="evidence", next_step="Select at least one piece of evidence.")
    for item in evidence:
        if item.review_id != review.pk:
            raise RuleError(f"“{item.title}” is evidence of another review", where="evidence", next_step="Add it to this review first.")
