"""The consultation log: who was heard, when and how, what they said, and what changed because of it ("you said, we did")."""

from datetime import date
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person, User
from bestvalue.record.consultation.models.survey import Survey
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.reviews.models import Finding, Review, Strand
from bestvalue.record.scrutiny.models import Challenge


class How(models.TextChoices):
    """How somebody was heard."""

    SURVEY = "survey", "Survey"
    MEETING = "meeting", "Public meeting"
    GROUP = "focus group", "Focus group"
    INTERVIEW = "interview", "Interview"
    EVENT = "event", "Stall or event"
    LETTER = "letter", "Letter or e-mail"
    STAFF = "staff", "Meeting with staff"
    OTHER = "other", "Another way"


class Changed(models.TextChoices):
    """What came of it."""

    YES = "changed", "Something was changed"
    PART = "in part", "Something was changed, not all that was asked"
    NO = "nothing", "Nothing was changed; the answer says why"


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    """Questions about who was heard."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the reviews that somebody sees."""
        return self.filter(review__in=Review.objects.visible_to(user))

    def for_the_log(self) -> Self:
        """With everything that the log shows, in two questions."""
        outcomes = ConsultationOutcome.objects.select_related("finding__strand", "recommendation", "by")
        rows = self.select_related("strand", "challenge", "finding__strand", "recommendation", "survey")
        return rows.prefetch_related(models.Prefetch("outcomes", queryset=outcomes))


class Consultation(models.Model):
    """Somebody was heard, on a day. Neither it nor what came of it is ever changed: what comes later is added."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="consultations")
    number = models.PositiveSmallIntegerField()
    who = models.CharField(max_length=200)
    people = models.PositiveIntegerField(null=True, blank=True)
    on = models.DateField()
    how = models.CharField(max_length=15, choices=How.choices)
    said = models.TextField()
    strand = models.ForeignKey(Strand, on_delete=models.PROTECT, null=True, blank=True, related_name="consultations")
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, null=True, blank=True, related_name="consultations")
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, null=True, blank=True, related_name="consultations")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, blank=True, related_name="consultations")
    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, null=True, blank=True, related_name="consultations")
    recorded_on = models.DateField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="consultation_number_once"),
            models.CheckConstraint(condition=models.Q(how__in=How.values), name="consultation_how_known"),
            models.CheckConstraint(condition=~models.Q(who="") & ~models.Q(said=""), name="consultation_says_who_and_what"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.who}"

    @property
    def reference(self) -> str:
        """How it is cited: "H1", for heard."""
        return f"H{self.number}"

    @property
    def newest(self) -> "ConsultationOutcome | None":
        """The newest answer to what was said; None while there is none."""
        # Of all of them in memory: the log has read them for every row at once.
        return max(self.outcomes.all(), key=lambda outcome: outcome.pk, default=None)


class ConsultationOutcome(models.Model):
    """What changed because somebody was heard, or why nothing did. Outcomes are added; the newest counts."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="outcomes")
    changed = models.CharField(max_length=10, choices=Changed.choices)
    text = models.TextField()
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    on = models.DateField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(changed__in=Changed.values), name="consultation_changed_known"),
            models.CheckConstraint(condition=~models.Q(text=""), name="consultation_outcome_says_what"),
        ]

    def __str__(self) -> str:
        return f"{self.consultation.reference}: {self.get_changed_display()}"


def check_consultation(
    review: Review,
    *,
    who: str,
    said: str,
    on: date,
    today: date,
    strand: Strand | None,
    survey: Survey | None,
    challenge: Challenge | None,
    finding: Finding | None,
    recommendation: Recommendation | None,
    by: Person,
) -> None:
    """Refuse a row that says nothing, of a day to come, about another review, or by whoever does not write in it.

    Raises:
        RuleError: the message says which.
    """
    review.check_editable(by=by)
    if not who.strip():
        raise RuleError("The log says who was heard", where="who", next_step="Enter the person, group or body.")
    if not said.strip():
        raise RuleError("The log says what they said", where="said", next_step="Enter it in a sentence or two.")
    if on > today:
        raise RuleError(f"{on:%d %B %Y} is still to come", where="on", next_step="Enter the day on which they were heard.")
    linked = (("strand", strand), ("survey", survey), ("challenge", challenge), ("finding", finding), ("recommendation", recommendation))
    for name, thing in linked:
        if thing is not None and thing.review_id != review.pk:
            raise RuleError(f"The {name} belongs to another review", where=name, next_step=f"Select a {name} of this review.")
