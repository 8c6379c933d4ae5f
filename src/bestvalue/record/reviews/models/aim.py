"""Aims of a review: what it sets out to achieve, and by which measure anyone will see whether it did."""

from datetime import date
from decimal import Decimal
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from simple_history.models import HistoricalRecords

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person, User
from bestvalue.record.reviews.models.review import Review
from bestvalue.record.row_versions import Versioned


class Direction(models.TextChoices):
    """Which way the measure is to move."""

    UP = "up", "Higher is better"
    DOWN = "down", "Lower is better"


class AimQuerySet(models.QuerySet["Aim"]):
    """Questions about aims."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The aims of the reviews that somebody sees."""
        return self.filter(review__in=Review.objects.visible_to(user))

    def standing(self) -> Self:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_on=None)


class Aim(Versioned):
    """What the review sets out to achieve: in words, and as a measure that moves from a baseline to a target by a day."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="aims")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    measure = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=50, blank=True)
    baseline = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    target = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    direction = models.CharField(max_length=4, choices=Direction.choices, blank=True)
    due = models.DateField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_because = models.TextField(blank=True)
    withdrawn_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = AimQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="aim_number_once"),
            models.CheckConstraint(condition=models.Q(direction__in=["", *Direction.values]), name="aim_direction_known"),
            models.CheckConstraint(
                condition=models.Q(baseline=None, target=None) | ~models.Q(measure=""), name="aim_values_have_a_measure"
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_on=None, withdrawn_because="", withdrawn_by=None)
                | models.Q(withdrawn_on__isnull=False, withdrawn_by__isnull=False) & ~models.Q(withdrawn_because=""),
                name="aim_withdrawn_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"

    @property
    def as_measured(self) -> str:
        """The measure in words: "share of calls answered in time: from 71 to 85 %, by 31 March 2027"; empty without a measure."""
        if not self.measure:
            return ""
        values = f"from {_plain(self.baseline)} to {_plain(self.target)} {self.unit}".rstrip()
        return f"{self.measure}: {values}{f', by {self.due.day} {self.due:%B %Y}' if self.due else ''}"

    @property
    def change_share(self) -> Decimal | None:
        """By what share of its baseline the target moves the measure, signed; None where that cannot be said."""
        if self.baseline is None or self.target is None or self.baseline == 0:
            return None
        return (self.target - self.baseline) / abs(self.baseline)

    @property
    def weaknesses(self) -> tuple[str, ...]:
        """Why it is not clear and challenging, in plain words; empty when it is."""
        return weaknesses(
            measure=self.measure, unit=self.unit, baseline=self.baseline, target=self.target, direction=self.direction, due=self.due
        )

    def check_standing(self) -> None:
        """Refuse to change what was withdrawn.

        Raises:
            RuleError: the message says when and why.
        """
        if self.withdrawn_on is not None:
            raise RuleError(
                f"The aim was withdrawn on {self.withdrawn_on.day} {self.withdrawn_on:%B %Y}: {self.withdrawn_because}",
                where=str(self),
                next_step="Add another aim.",
            )


def weaknesses(
    *, measure: str, unit: str, baseline: Decimal | None, target: Decimal | None, direction: str, due: date | None
) -> tuple[str, ...]:
    """Is an aim clear, and does it ask for anything? The inspection of 2004 asked that of every aim of a review.

    Args:
        measure: what is measured; empty when nothing is.
        unit: unit of its values.
        baseline: its value today.
        target: its value when the aim is reached.
        direction: which way is better.
        due: by when.

    Returns:
        Each thing that is missing or asks for nothing, as a sentence; empty when it is clear and challenging.

    Example:
        >>> weaknesses(measure="calls answered", unit="%", baseline=Decimal(71), target=Decimal(71), direction="up", due=None)
        ('Its target is its baseline, so it asks for no change.', 'It has no date.')
    """
    found = []
    if not measure:
        found.append("It has no measure, so nobody can see whether it is reached.")
    if measure and not unit:
        found.append("Its measure has no unit.")
    if baseline is None:
        found.append("It has no baseline, so nobody knows where it starts.")
    if target is None:
        found.append("It has no target.")
    if measure and not direction:
        found.append("It does not say whether higher or lower is better.")
    if baseline is not None and target is not None:
        if target == baseline:
            found.append("Its target is its baseline, so it asks for no change.")
        elif direction and (target > baseline) != (direction == Direction.UP):
            found.append("Its target is worse than its baseline.")
    if due is None:
        found.append("It has no date.")
    return tuple(found)


def check_aim(*, text: str, measure: str, baseline: Decimal | None, target: Decimal | None) -> None:
    """Refuse an aim without words, or values of no measure. What is merely weak is shown, and not refused.

    Raises:
        RuleError: the message says which.
    """
    if not text.strip():
        raise RuleError("An aim says what is to be achieved", where="text", next_step="Enter it in a sentence.")
    if (baseline is not None or target is not None) and not measure.strip():
        raise RuleError("A baseline and a target are values of a measure", where="measure", next_step="Enter what is measured.")


def _plain(value: Decimal | None) -> str:
    return "not known" if value is None else f"{value.normalize():f}"
