"""A published report as it stands in the record: its own words, under its own numbers."""

from datetime import date
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person, Role, User, person_of


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

    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=300)
    issuer = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="reports_issued")
    about = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="reports_about")
    published = models.DateField(null=True)
    published_precision = models.CharField(max_length=5, choices=Precision.choices, default=Precision.DAY)
    source_name = models.CharField(max_length=255)
    source_sha256 = models.CharField(max_length=64, unique=True)
    text_length = models.PositiveIntegerField()
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

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
    number = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=300)
    order = models.PositiveIntegerField()

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["report", "order"], name="section_order_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()


class Paragraph(models.Model):
    """A numbered paragraph, word for word."""

    report = models.ForeignKey(PublishedReport, on_delete=models.PROTECT, related_name="paragraphs")
    section = models.ForeignKey(ReportSection, on_delete=models.PROTECT, null=True, related_name="paragraphs")
    number = models.CharField(max_length=20)
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


class Judgement(models.Model):
    """A graded answer to one of the inspection's questions."""

    report = models.ForeignKey(PublishedReport, on_delete=models.PROTECT, related_name="judgements")
    order = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=300)
    grade = models.CharField(max_length=50)
    scale = models.JSONField(default=list)
    paragraphs = models.ManyToManyField(Paragraph, through="JudgementParagraph", related_name="judgements")

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["report", "order"], name="judgement_order_once")]

    def __str__(self) -> str:
        return f"{self.question} {self.grade}"


class JudgementParagraph(models.Model):
    """A paragraph that states a judgement."""

    judgement = models.ForeignKey(Judgement, on_delete=models.PROTECT, related_name="+")
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["judgement", "paragraph"], name="judgement_paragraph_once")]

    def __str__(self) -> str:
        return f"{self.judgement}, stated at {self.paragraph.number}"


class PointKind(models.TextChoices):
    """What a point of a judgement is."""

    STRENGTH = "strength", "Strength"
    DEVELOPMENT = "area for development", "Area for development"


class Point(models.Model):
    """A strength or an area for development that the report lists."""

    report = models.ForeignKey(PublishedReport, on_delete=models.PROTECT, related_name="points")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=PointKind.choices)
    text = models.TextField()
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, null=True, related_name="points")

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["report", "order"], name="point_order_once"),
            models.CheckConstraint(condition=models.Q(kind__in=PointKind.values), name="point_kind_known"),
        ]

    def __str__(self) -> str:
        return self.text


class GoodPractice(models.Model):
    """Practice that the report holds up for others to follow."""

    report = models.ForeignKey(PublishedReport, on_delete=models.PROTECT, related_name="good_practice")
    number = models.CharField(max_length=20)
    text = models.TextField()
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, null=True, related_name="good_practice")

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "good practice"
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="good_practice_number_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.text}"


class Outcome(models.TextChoices):
    """What was decided about a candidate."""

    CONFIRMED = "confirmed", "Taken up"
    DISMISSED = "dismissed", "Set aside"


DECIDERS = (Role.PROGRAMME_MANAGER, Role.PROJECT_MANAGER, Role.LEAD, Role.BOARD_MEMBER)
"""Who may take up a finding as a recommendation, or set it aside."""


class CandidateQuerySet(models.QuerySet["Candidate"]):
    """Questions about candidates."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The candidates of the reports that somebody sees."""
        return self.filter(report__in=PublishedReport.objects.visible_to(user))

    def offered(self) -> Self:
        """Those that nobody has decided about."""
        return self.filter(decisions=None)


class Candidate(models.Model):
    """A finding that asks for something although the report makes no recommendation of it: offered to a person to decide."""

    report = models.ForeignKey(PublishedReport, on_delete=models.PROTECT, related_name="candidates")
    order = models.PositiveSmallIntegerField()
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, related_name="candidates")
    text = models.TextField()
    phrase = models.CharField(max_length=200)
    confidence = models.CharField(max_length=10)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["report", "order"], name="candidate_order_once")]

    def __str__(self) -> str:
        return f"{self.paragraph.number} {self.text}"

    @property
    def status(self) -> str:
        """offered, dismissed or confirmed: the newest decision."""
        newest = self.decisions.order_by("id").last()
        return newest.outcome if newest else "offered"

    def check_decidable(self, *, reason: str, by: Person) -> None:
        """Refuse a decision by somebody who may not, without a reason, or after the candidate was taken up.

        Raises:
            RuleError: the message says which.
        """
        if not by.holds(*DECIDERS):
            raise RuleError(
                f"{by} may not decide about findings", where=self.paragraph.number, next_step="Ask a project or programme manager."
            )
        if not reason.strip():
            raise RuleError("A decision needs a reason", where=self.paragraph.number, next_step="Say why in a sentence.")
        if self.status == Outcome.CONFIRMED:
            raise RuleError(
                "The finding was taken up as a recommendation already",
                where=self.paragraph.number,
                next_step="Open it in the register.",
            )


class CandidateDecision(models.Model):
    """What a person decided about a candidate, and why. What was set aside can be taken up later; both decisions stay."""

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(outcome__in=Outcome.values), name="candidate_outcome_known"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="candidate_decision_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.reason}"


class CrossReference(models.Model):
    """A place of the report that points to another."""

    report = models.ForeignKey(PublishedReport, on_delete=models.PROTECT, related_name="cross_references")
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, related_name="points_to")
    text = models.CharField(max_length=300)
    target = models.CharField(max_length=100)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.paragraph.number} points to {self.target}"


class ContentsDifference(models.Model):
    """A heading that reads otherwise in the contents than in the body."""

    report = models.ForeignKey(PublishedReport, on_delete=models.PROTECT, related_name="contents_differences")
    in_contents = models.CharField(max_length=300)
    in_body = models.CharField(max_length=300)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.in_contents} / {self.in_body}"


class OtherSeries(models.Model):
    """A recommendation of another series that the report mentions: the same number means another thing there."""

    report = models.ForeignKey(PublishedReport, on_delete=models.PROTECT, related_name="other_series")
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, related_name="other_series")
    number = models.CharField(max_length=20)
    series = models.CharField(max_length=200)
    text = models.TextField()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "other series"

    def __str__(self) -> str:
        return f"{self.series} {self.number}, mentioned at {self.paragraph.number}"


def _date_words(day: date | None, precision: Precision) -> str:
    if day is None:
        return ""
    formats = {Precision.DAY: f"{day.day} %B %Y", Precision.MONTH: "%B %Y", Precision.YEAR: "%Y"}
    return day.strftime(formats[precision])
