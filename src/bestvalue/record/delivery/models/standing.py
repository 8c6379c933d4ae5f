"""How each recommendation stood from a day until another: worked out from its dated series, and kept beside them for long lists."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Case, F, Q, Value, When

from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.life_cycle import UNANSWERED, UNDER_WAY, Status
from bestvalue.record.delivery.models.recommendation import Recommendation
from bestvalue.record.delivery.models.update import Level
from bestvalue.record.delivery.standing_periods import FOR_NOW


class Colour(models.TextChoices):
    """How delivery goes."""

    RED = "red", "Red"
    AMBER = "amber", "Amber"
    GREEN = "green", "Green"
    NO_DATE = "no date", "No date agreed"
    UNANSWERED = "unanswered", "Not answered"
    ENDED = "ended", "Ended"


class StandingQuerySet(models.QuerySet["Standing"]):
    """Questions about how recommendations stood."""

    def of_day(self, on: date) -> Self:
        """How each stood on a day, with its colour and whether it was late; one row a recommendation."""
        is_late = Q(status__in=UNDER_WAY, first_agreed__lt=on)
        return self.filter(starts__lte=on, until__gt=on).annotate(
            colour=colour_on(on), is_late=Case(When(is_late, then=Value(value=True)), default=Value(value=False))
        )


class Standing(models.Model):
    """How a recommendation stood from one day until the day before another.

    Only `keep_standing` writes these rows, and a test makes them anew from the series: they say nothing that the series do not.
    """

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="standings")
    starts = models.DateField()
    until = models.DateField(default=FOR_NOW)
    status = models.CharField(max_length=30, choices=Status.choices)
    status_since = models.DateField()
    made = models.DateField()
    owner = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+")
    lead = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    open_actions = models.PositiveSmallIntegerField()
    first_agreed = models.DateField(null=True)
    due = models.DateField(null=True)
    slipped_days = models.PositiveIntegerField()
    is_slipped = models.BooleanField()
    is_far_beyond = models.BooleanField()
    missed = models.CharField(max_length=10, choices=Level.choices, blank=True)

    # What the question `of_day` adds to each row.
    colour: str
    is_late: bool

    objects = StandingQuerySet.as_manager()

    class Meta:
        ordering = ["recommendation", "starts"]
        indexes = [models.Index(fields=["until", "starts"], name="standing_of_day")]
        constraints = [
            models.UniqueConstraint(fields=["recommendation", "starts"], name="standing_starts_once"),
            models.CheckConstraint(condition=Q(until__gt=F("starts")), name="standing_lasts"),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation.reference}: {self.get_status_display()} from {self.starts:%d %B %Y}"


def colour_on(on: date) -> Case:
    """The colour of a standing on a day, by the rules that `rating.rate` tells the reasons of, as an expression of SQL."""
    red = Q(missed=Level.BOARD) | Q(first_agreed__lt=on) | Q(is_far_beyond=True)
    amber = ~Q(missed="") | Q(is_slipped=True)
    return Case(
        When(status__in=UNANSWERED, then=Value(Colour.UNANSWERED.value)),
        When(~Q(status__in=UNDER_WAY), then=Value(Colour.ENDED.value)),
        When(red, then=Value(Colour.RED.value)),
        When(amber, then=Value(Colour.AMBER.value)),
        When(open_actions__gt=0, then=Value(Colour.GREEN.value)),
        default=Value(Colour.NO_DATE.value),
        output_field=models.CharField(),
    )
