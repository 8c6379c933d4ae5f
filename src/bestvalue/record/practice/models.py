"""Good practice, described so that somebody elsewhere can tell whether it would work there, and what became of it where it was tried."""

from datetime import date
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from simple_history.models import HistoricalRecords

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person, Role, User, person_of
from bestvalue.record.inspections.models import GoodPractice, PublishedReport
from bestvalue.record.reviews.models import Finding, Tone
from bestvalue.record.row_versions import Versioned

DESCRIBERS = (
    Role.PROGRAMME_MANAGER,
    Role.PROJECT_MANAGER,
    Role.LEAD,
    Role.ANALYST,
    Role.FINANCIAL_ADVISER,
    Role.PANEL_MEMBER,
    Role.INSPECTOR,
)
"""Who may describe practice, and say who took it up."""


class PracticeQuerySet(models.QuerySet["Practice"]):
    """Questions about good practice."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What published reports hold up, what was described by hand, and what findings hold up that somebody sees."""
        if person_of(user) is None:
            return self.none()
        found = models.Q(finding__in=Finding.objects.visible_to(user))
        return self.filter(models.Q(finding=None) | found)

    def saying(self, words: str) -> Self:
        """Those that say every one of some words, in whatever place."""
        found = self
        for word in words.split():
            places = ("title", "service", "where_seen", "conditions", "evidence", "good_practice__text", "finding__text")
            asked = models.Q()
            for place in places:
                asked |= models.Q(**{f"{place}__icontains": word})
            found = found.filter(asked)
        return found


class Practice(Versioned):
    """A practice that works somewhere: held up by a report, by a finding of ours, or by somebody who saw it."""

    title = models.CharField(max_length=200)
    service = models.CharField(max_length=200)
    where_seen = models.CharField(max_length=200)
    conditions = models.TextField()
    evidence = models.TextField()
    good_practice = models.OneToOneField(GoodPractice, on_delete=models.PROTECT, null=True, blank=True, related_name="practice")
    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, null=True, blank=True, related_name="practice")
    added_on = models.DateField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = PracticeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["service", "title", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(title="") & ~models.Q(service="") & ~models.Q(conditions="") & ~models.Q(evidence=""),
                name="practice_is_described",
            ),
            models.CheckConstraint(condition=models.Q(good_practice=None) | models.Q(finding=None), name="practice_has_one_origin_at_most"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def says(self) -> str:
        """The words of its origin; empty where it was described by hand."""
        if self.good_practice is not None:
            return self.good_practice.text
        return self.finding.text if self.finding is not None else ""


class Uptake(models.Model):
    """A body took a practice up, on a day, in its own way."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="uptakes")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="uptakes")
    on = models.DateField()
    how = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["on", "id"]
        constraints = [models.CheckConstraint(condition=~models.Q(how=""), name="uptake_says_how")]

    def __str__(self) -> str:
        return f"{self.body}, {self.on:%d %B %Y}"


class Worked(models.TextChoices):
    """What came of it."""

    WORKED = "worked", "It worked"
    PARTLY = "partly", "It worked in part"
    NOT = "not", "It did not work"


class UptakeResult(models.Model):
    """What came of an uptake. Results are added: what works in the first year may not in the third."""

    uptake = models.ForeignKey(Uptake, on_delete=models.PROTECT, related_name="results")
    worked = models.CharField(max_length=10, choices=Worked.choices)
    text = models.TextField()
    on = models.DateField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["on", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(worked__in=Worked.values), name="uptake_result_known"),
            models.CheckConstraint(condition=~models.Q(text=""), name="uptake_result_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.get_worked_display()}: {self.text}"


def undescribed(user: User | AnonymousUser) -> "models.QuerySet[GoodPractice]":
    """Good practice of published reports that nobody has described yet."""
    return GoodPractice.objects.filter(report__in=PublishedReport.objects.visible_to(user), practice=None).select_related("report")


def check_describes(*, by: Person, finding: Finding | None, good_practice: GoodPractice | None, said: dict[str, str]) -> None:
    """Refuse whoever may not, a finding that is no strength or was withdrawn, an origin that is described already, and a gap.

    Raises:
        RuleError: the message says which.
    """
    if not by.holds(*DESCRIBERS):
        raise RuleError(f"{by} may not describe good practice", next_step="Ask a lead, an analyst, a panel member or an inspector.")
    if finding is not None:
        finding.check_standing()
    if finding is not None and finding.tone != Tone.POSITIVE:
        raise RuleError("The finding is no strength", where="finding", next_step="Hold up a positive finding.")
    for origin in (finding, good_practice):
        if origin is not None and hasattr(origin, "practice"):
            raise RuleError("It is in the register already", where="title", next_step=f"Open “{origin.practice}”.")
    for field, value in said.items():
        if not value.strip():
            raise RuleError("A description has no gap", where=field, next_step="Fill it in: a reader elsewhere needs it.")


def check_takes_up(*, by: Person, on: date, today: date, text: str, where: str) -> None:
    """Refuse whoever may not, a day to come, and nothing said.

    Raises:
        RuleError: the message says which.
    """
    if not by.holds(*DESCRIBERS):
        raise RuleError(f"{by} may not say who took it up", next_step="Ask a lead, an analyst, a panel member or an inspector.")
    if not text.strip():
        raise RuleError("It says something", where=where, next_step="Say it in a sentence or two.")
    if on > today:
        raise RuleError(f"{on:%d %B %Y} is still to come", where="on", next_step="Enter a day up to today.")
