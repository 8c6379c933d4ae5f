"""A published report as it stands in the record: its own words, under its own numbers."""

from datetime import date
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person, Role, User, person_of

IMPORTERS = (Role.PROGRAMME_MANAGER, Role.PROJECT_MANAGER, Role.LEAD, Role.ANALYST, Role.INSPECTOR)
"""Who may enter a published report in the record."""


class PublishedReportQuerySet(models.QuerySet["PublishedReport"]):
    """Questions about imported reports."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Every report, for a user who holds a place today: they are published. Nothing for others."""
        return self if person_of(user) is not None else self.none()


class Precision(models.TextChoices):
    """How exactly a report says when it was published."""

    DAY = "day", "Day"
    MONTH = "month", "Month"
    YEAR = "year", "Year"


class PublishedReport(models.Model):
    """A report that an issuer published, read once from one file and never changed after."""

    slug = models.SlugField(max_length=200, unique=True)
    title = models.TextField()
    subtitle = models.TextField(blank=True)
    issuer = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="reports_issued")
    about = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="reports_about")
    published = models.DateField(null=True)
    published_precision = models.CharField(max_length=5, choices=Precision.choices, default=Precision.DAY)
    source_name = models.CharField(max_length=255)
    source_sha256 = models.CharField(max_length=64, unique=True)
    text_length = models.PositiveIntegerField()
    pages = models.PositiveIntegerField(null=True)
    # What the reader wants the person who checks it to know: an encoding that was guessed, a heading that was not found.
    reader_notes = models.JSONField(default=list)
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    # What the page of a report adds: how many of its recommendations, as the reader found them, nobody has checked.
    waiting: int

    objects = PublishedReportQuerySet.as_manager()

    class Meta:
        ordering = ["-published", "title"]
        constraints = [models.CheckConstraint(condition=models.Q(published_precision__in=Precision.values), name="report_precision_known")]

    def __str__(self) -> str:
        return f"{self.title} ({self.published_words})" if self.published else self.title

    @property
    def published_words(self) -> str:
        """The date as exactly as the report gives it: "December 2004"; empty when it gives none."""
        return _date_words(self.published, Precision(self.published_precision))


class ReportSection(models.Model):
    """A heading of a report."""

    report = models.ForeignKey(PublishedReport, on_delete=models.PROTECT, related_name="sections")
    number = models.CharField(max_length=50, blank=True)
    title = models.TextField()
    level = models.PositiveSmallIntegerField()
    order = models.PositiveIntegerField()

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["report", "order"], name="section_order_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()


class Paragraph(models.Model):
    """A paragraph, word for word, under the report's number; text without one is counted ("¶1") and `numbered` is False."""

    report = models.ForeignKey(PublishedReport, on_delete=models.PROTECT, related_name="paragraphs")
    section = models.ForeignKey(ReportSection, on_delete=models.PROTECT, null=True, related_name="paragraphs")
    number = models.CharField(max_length=50)
    numbered = models.BooleanField(default=True)
    text = models.TextField()
    order = models.PositiveIntegerField()
    page = models.PositiveIntegerField(null=True)
    first_line = models.PositiveIntegerField()
    last_line = models.PositiveIntegerField()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="paragraph_number_once"),
            models.UniqueConstraint(fields=["report", "order"], name="paragraph_order_once"),
            models.CheckConstraint(condition=models.Q(last_line__gte=models.F("first_line")), name="paragraph_lines_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.text}"


def _date_words(day: date | None, precision: Precision) -> str:
    if day is None:
        return ""
    formats = {Precision.DAY: f"{day.day} %B %Y", Precision.MONTH: "%B %Y", Precision.YEAR: "%Y"}
    return day.strftime(formats[precision])


def check_importable_by(by: Person | None) -> None:
    """Refuse whoever may not import reports; None is the operator at the command line.

    Raises:
        RuleError: the person is no manager, lead, analyst or inspector.
    """
    if by is not None and not by.holds(*IMPORTERS):
        raise RuleError(f"{by} may not import reports", next_step="Ask a project manager or an analyst.")


def check_not_imported(*, sha256: str, slug: str) -> None:
    """Refuse a report that is in the record already.

    Raises:
        RuleError: the same file, or a report that would have the same name; the message says which and since when.
    """
    there = PublishedReport.objects.filter(models.Q(source_sha256=sha256) | models.Q(slug=slug)).first()
    if there is None:
        return
    what = "This file" if there.source_sha256 == sha256 else "Another edition of this report"
    raise RuleError(
        f"{what} is in the record already, imported on {there.imported_at:%d %B %Y} from {there.source_name}",
        where=there.slug,
        next_step=f"Open the report {there.slug} in the library; nothing was imported a second time.",
    )
