"""The register: every recommendation, whoever made it, with what it rests on and how it stands."""

from datetime import date
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from simple_history.models import HistoricalRecords

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person, User
from bestvalue.record.delivery.life_cycle import NEEDS_REASON, NEXT, OPEN, Status
from bestvalue.record.inspections.models import DECIDERS, Candidate, Paragraph, PublishedReport
from bestvalue.record.reviews.models import Finding, Review


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    """Questions of the register."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Recommendations of published reports, and of the reviews that somebody sees."""
        published = models.Q(published_report__in=PublishedReport.objects.visible_to(user))
        return self.filter(published | models.Q(review__in=Review.objects.visible_to(user)))

    def with_status(self) -> Self:
        """Each with its newest status as `newest_status`."""
        newest = RecommendationStatus.objects.filter(recommendation=models.OuterRef("pk")).order_by("-on", "-id")
        return self.annotate(newest_status=models.Subquery(newest.values("status")[:1]))

    def open(self) -> Self:
        """Those that somebody still has to act on."""
        return self.standing_at(*OPEN)

    def standing_at(self, *statuses: Status) -> Self:
        """Those whose newest status is one of these."""
        return self.with_status().filter(newest_status__in=statuses)

    def by_status(self) -> dict[str, int]:
        """How many there are of each status."""
        counted = self.with_status().order_by().values_list("newest_status").annotate(models.Count("pk"))  # type: ignore[misc]  # django-stubs does not see an annotation that a method made
        return {str(status): int(count) for status, count in counted}

    def issued_by(self, body: Body) -> Self:
        """Those that one issuer made."""
        return self.filter(issuer=body)

    def concerning(self, body: Body) -> Self:
        """Those about one body: its reports, or its reviews."""
        return self.filter(models.Q(published_report__about=body) | models.Q(review__force=body) | models.Q(review__authority=body))

    def in_register_order(self) -> Self:
        """By issuer, report and order of making, with what a row of the register shows."""
        return (
            self.with_status()
            .select_related("issuer", "paragraph", "published_report", "review", "addressed_body")
            .order_by("issuer__name", "report_slug", "order", "id")
        )


class Source(models.TextChoices):
    """Where a recommendation comes from."""

    REPORT = "report", "Recommendation of a published report"
    FINDING = "finding", "Finding of a published report, taken up"
    REVIEW = "review", "Recommendation of our review"


class Recommendation(models.Model):
    """What somebody was asked to do. Issuer, report and number together are its key: a number alone means many things."""

    issuer = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="recommendations_made")
    report_slug = models.SlugField(max_length=200)
    number = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=10, choices=Source.choices)
    text = models.TextField()
    body_text = models.TextField(blank=True)
    list_text = models.TextField(blank=True)
    # What the report prints beside it, each a name and a text: priority, response, who is to act, by when.
    details = models.JSONField(default=list)
    # How the sentence, the box and the list differ, word by word, and which asks for more; as documents.reading found it.
    differences = models.JSONField(default=list)
    addressed_body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="recommendations_received")
    published_report = models.ForeignKey(PublishedReport, on_delete=models.PROTECT, null=True, related_name="recommendations")
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, null=True, related_name="recommendations")
    candidate = models.OneToOneField(Candidate, on_delete=models.PROTECT, null=True, related_name="recommendation")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, related_name="recommendations")
    findings = models.ManyToManyField(Finding, through="RecommendationFinding", related_name="recommendations")
    cost_text = models.TextField(blank=True)
    saving_text = models.TextField(blank=True)

    objects = RecommendationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["issuer", "report_slug", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "report_slug", "number"], name="recommendation_key"),
            models.CheckConstraint(condition=~models.Q(text=""), name="recommendation_asks_something"),
            models.CheckConstraint(
                condition=models.Q(source=Source.REPORT, published_report__isnull=False, review=None, candidate=None)
                | models.Q(source=Source.FINDING, published_report__isnull=False, candidate__isnull=False, review=None)
                | models.Q(source=Source.REVIEW, published_report=None, paragraph=None, candidate=None, review__isnull=False),
                name="recommendation_has_one_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issuer}, {self.report_slug}, recommendation {self.number}"

    @property
    def key(self) -> str:
        """Issuer, report and number as one text."""
        return f"{self.issuer} / {self.report_slug} / {self.number}"

    @property
    def status(self) -> Status:
        """How it stands: its newest status."""
        return Status(self.statuses.latest("on", "id").status)

    def check_status(self, *, to: Status, on: date, note: str) -> None:
        """Refuse a status that does not follow, that lacks its reason, or that is dated before the present one.

        Raises:
            RuleError: the message says which.
        """
        present = self.statuses.latest("on", "id")
        if to not in NEXT[Status(present.status)]:
            follow = " or ".join(f"“{status.label}”" for status in NEXT[Status(present.status)]) or "nothing"
            raise RuleError(
                f"“{to.label}” does not follow “{present.get_status_display()}”", where=self.key, next_step=f"What follows is {follow}."
            )
        if on < present.on:
            raise RuleError(
                f"The present status dates from {present.on:%d %B %Y}", where=self.key, next_step="Enter that day or a later one."
            )
        if to in NEEDS_REASON and not note.strip():
            raise RuleError(f"“{to.label}” needs a reason", where=self.key, next_step="Say why in a sentence.")


class RecommendationFinding(models.Model):
    """A recommendation of our review rests on this finding."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="+")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recommendation", "finding"], name="recommendation_finding_once")]

    def __str__(self) -> str:
        return f"{self.recommendation.key} rests on {self.finding.reference}"


def check_answers(recommendation: Recommendation, *, by: Person) -> None:
    """Refuse whoever may not say how a recommendation stands or plan what is done about it.

    Raises:
        RuleError: for one of our review, the person is not of its team; for another, no manager, lead or board member.
    """
    if recommendation.review is not None:
        recommendation.review.check_editable(by=by)
    elif not by.holds(*DECIDERS):
        raise RuleError(f"{by} may not answer recommendations", where=recommendation.key, next_step="Ask the lead or a project manager.")


class RecommendationStatus(models.Model):
    """How a recommendation stood from a day on. Statuses are added, never changed."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="statuses")
    status = models.CharField(max_length=20, choices=Status.choices)
    on = models.DateField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["on", "id"]
        verbose_name_plural = "recommendation statuses"
        constraints = [models.CheckConstraint(condition=models.Q(status__in=Status.values), name="recommendation_status_known")]

    def __str__(self) -> str:
        return f"{self.get_status_display()}, {self.on:%d %B %Y}"


class ActionQuerySet(models.QuerySet["Action"]):
    """Questions about actions."""

    def due_from(self, person: Person) -> Self:
        """The actions that a person leads, the soonest first; those of recommendations that were withdrawn are due from nobody."""
        open_ones = Recommendation.objects.with_status().exclude(models.Q(newest_status=Status.WITHDRAWN))
        return (
            self.filter(lead=person, recommendation__in=open_ones.values("pk")).select_related("recommendation").order_by("original_date")
        )


class Action(models.Model):
    """One row of the improvement plan: what is done about a recommendation, why, how, by whom and until when."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="actions")
    number = models.PositiveSmallIntegerField()
    what = models.TextField()
    why = models.TextField()
    how = models.TextField()
    target = models.TextField()
    lead = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="actions_led")
    # Set once, when the plan is agreed; later dates will be rows of their own, so that slippage stays visible.
    original_date = models.DateField()

    objects = ActionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["recommendation", "number"], name="action_number_once")]

    def __str__(self) -> str:
        return f"{self.number}. {self.what}"
