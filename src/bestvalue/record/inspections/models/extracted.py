"""What reading a report took for recommendations, and what a person made of each: nothing enters the register unseen."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person, User
from bestvalue.record.inspections.models.candidate import DECIDERS
from bestvalue.record.inspections.models.report import IMPORTERS, Paragraph, PublishedReport
from bestvalue.record.two_people import check_second_person

CHECKERS = tuple(dict.fromkeys((*DECIDERS, *IMPORTERS)))
"""Who may check what was read: whoever may import, or decide about findings."""


class Checked(models.TextChoices):
    """What a person made of an extracted recommendation."""

    ACCEPTED = "accepted", "Accepted"
    SPLIT = "split", "Split into several"
    MERGED = "merged", "Merged into another"
    DISMISSED = "dismissed", "Not a recommendation"


class ExtractedQuerySet(models.QuerySet["Extracted"]):
    """Questions about what was read."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the reports that somebody sees."""
        return self.filter(report__in=PublishedReport.objects.visible_to(user))

    def to_check(self) -> Self:
        """Those that nobody has checked, the least sure first: they need eyes most."""
        return self.filter(check_made=None).order_by("confidence_share", "order")


class Extracted(models.Model):
    """A recommendation as the reader found it: its words, where they stand, and how sure the reader is. Never changed."""

    report = models.ForeignKey(PublishedReport, on_delete=models.PROTECT, related_name="extracted")
    order = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=80)
    text = models.TextField()
    body_text = models.TextField(blank=True)
    list_text = models.TextField(blank=True)
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, null=True, related_name="extracted")
    page = models.PositiveIntegerField(null=True)
    first_line = models.PositiveIntegerField()
    last_line = models.PositiveIntegerField()
    confidence_share = models.FloatField()
    confidence = models.CharField(max_length=10)
    reasons = models.JSONField(default=list)
    differences = models.JSONField(default=list)
    details = models.JSONField(default=list)

    objects = ExtractedQuerySet.as_manager()

    class Meta:
        ordering = ["order"]
        verbose_name_plural = "extracted"
        constraints = [
            models.UniqueConstraint(fields=["report", "order"], name="extracted_order_once"),
            models.CheckConstraint(condition=models.Q(confidence_share__range=(0.0, 1.0)), name="extracted_confidence_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"Recommendation {self.number}"

    @property
    def where(self) -> str:
        """Where it stands in the file: "page 4, lines 210 to 214"."""
        page = f"page {self.page}, " if self.page else ""
        lines = f"line {self.first_line}" if self.first_line == self.last_line else f"lines {self.first_line} to {self.last_line}"
        return page + lines

    @property
    def is_checked(self) -> bool:
        """Whether somebody has checked it."""
        return hasattr(self, "check_made")

    def check_open_to(self, by: Person | None) -> None:
        """Refuse whoever may not check or imported the report, or what was checked already; None is the operator at the command line.

        Raises:
            RuleError: the message says which.
        """
        if by is not None and not by.holds(*CHECKERS):
            raise RuleError(f"{by} may not check what was read", where=str(self), next_step="Ask a project manager or an analyst.")
        if by is not None:
            check_second_person(by, proposed_by=self.report.imported_by_id, act="Letting a report into the register", where=str(self))
        if self.is_checked:
            raise RuleError(f"{self} was checked already", where=str(self), next_step="Open it in the register.")


class ExtractedCheck(models.Model):
    """What a person made of one extracted recommendation."""

    extracted = models.OneToOneField(Extracted, on_delete=models.PROTECT, related_name="check_made")
    outcome = models.CharField(max_length=10, choices=Checked.choices)
    edited = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    into = models.ForeignKey(Extracted, on_delete=models.PROTECT, null=True, related_name="merged_in")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(outcome__in=Checked.values), name="extracted_outcome_known"),
            models.CheckConstraint(
                condition=models.Q(outcome=Checked.MERGED, into__isnull=False) | ~models.Q(outcome=Checked.MERGED) & models.Q(into=None),
                name="extracted_merged_into_another",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome=Checked.DISMISSED) | ~models.Q(reason=""), name="extracted_dismissed_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.extracted}: {self.get_outcome_display()}"
