"""Grades with their reasons: of inspectors, of the second inspector, of the inspected body itself; and overrides by two people."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.assessment.models.fieldwork import DocumentRequest, Interview
from bestvalue.record.assessment.models.inspection import Inspection, InspectionStep, Place
from bestvalue.record.assessment.steps import GRADING, Step
from bestvalue.record.bodies.models import Person, User, person_of
from bestvalue.record.reviews.models import Evidence

NO_DATA = ""
"""A grade of its own: it was looked at, and nothing could be seen."""


class Side(models.TextChoices):
    """Whose grade it is."""

    INSPECTORS = "inspectors", "The inspectors"
    SECOND = "second", "The second inspector"
    SELF = "self", "The inspected body's own"


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """Questions about grades."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Each its own; those of the others when they show: grades are blind until they are shared.

        The inspected body sees its own from the start, and the inspectors see that too: it is theirs to test.
        """
        person = person_of(user)
        if person is None:
            return self.none()
        seen = models.Q(pk__in=[])
        for inspection in Inspection.objects.visible_to(user).prefetch_related("steps", "inspectors"):
            seen |= models.Q(inspection=inspection, side__in=sides_shown(inspection, person))
        return self.filter(seen)

    def shown_in(self, inspection: Inspection, *, to: Person) -> Self:
        """The same of one inspection that the person sees."""
        return self.filter(inspection=inspection, side__in=sides_shown(inspection, to))

    def shown_to_inspected(self) -> Self:
        """Those that the inspected body sees, in one question: its own, and all once the draft is with it."""
        drafted = InspectionStep.objects.filter(inspection=models.OuterRef("inspection"), step=Step.ACCURACY)
        return self.filter(models.Q(side=Side.SELF) | models.Exists(drafted))

    def newest(self) -> Self:
        """Of each criterion and side the newest."""
        later = Assessment.objects.filter(
            inspection=models.OuterRef("inspection"),
            criterion=models.OuterRef("criterion"),
            side=models.OuterRef("side"),
            pk__gt=models.OuterRef("pk"),
        )
        return self.filter(~models.Exists(later))


class Assessment(models.Model):
    """A grade of one criterion, with its reason and the evidence on both sides. A new one follows; none is changed."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="assessments")
    criterion = models.CharField(max_length=50)
    side = models.CharField(max_length=10, choices=Side.choices)
    grade = models.CharField(max_length=50, blank=True)
    reason = models.TextField()
    speaks_for = models.TextField(blank=True)
    speaks_against = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(side__in=Side.values), name="assessment_side_known"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="assessment_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.grade_words}"

    @property
    def grade_words(self) -> str:
        """The grade, or that there were no data."""
        return self.grade or "no data"


class AssessmentSource(models.Model):
    """What a grade rests on: an interview, a document that was asked for, or an item of the review's evidence."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="sources")
    interview = models.ForeignKey(Interview, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    request = models.ForeignKey(DocumentRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(interview__isnull=False, request=None, evidence=None)
                | models.Q(interview=None, request__isnull=False, evidence=None)
                | models.Q(interview=None, request=None, evidence__isnull=False),
                name="assessment_source_is_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """How the source is named beside the grade."""
        if self.interview is not None:
            return f"{self.interview.reference}: {self.interview.cited_as}"
        if self.request is not None:
            return f"{self.request.reference}: {self.request.text}"
        return f"{self.evidence.reference}: {self.evidence.title}" if self.evidence else ""


class Override(models.Model):
    """A grade of a question or judgement that departs from what the rule proposes. One inspector names it, another confirms."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="overrides")
    key = models.CharField(max_length=50)
    grade = models.CharField(max_length=50)
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason="") & ~models.Q(grade=""), name="override_has_grade_and_reason"),
            models.CheckConstraint(condition=models.Q(confirmed_by=None) | ~models.Q(confirmed_by=models.F("by")), name="override_by_two"),
            models.CheckConstraint(
                condition=models.Q(confirmed_by=None, confirmed_on=None) | models.Q(confirmed_by__isnull=False, confirmed_on__isnull=False),
                name="override_confirmed_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.grade}"


def sides_shown(inspection: Inspection, person: Person) -> list[Side]:
    """Whose grades a person sees in an inspection now."""
    place = inspection.place_of(person)
    if inspection.shows_grades_to(person):
        return list(Side)
    if place is not None:
        return [Side.SELF, side_of(place)]
    return [Side.SELF] if inspection.speaks_for_inspected(person) else []


def side_of(place: Place) -> Side:
    """Whose grade an inspector gives."""
    return Side.SECOND if place is Place.SECOND else Side.INSPECTORS


def check_grade(inspection: Inspection, *, criterion: str, grade: str, reason: str, by: Person) -> Side:
    """Whose grade it is. Refuses whoever may not grade, an unknown criterion or grade, and a grade without its reason.

    Raises:
        RuleError: the message says which.
    """
    place = inspection.place_of(by)
    if place is None and inspection.speaks_for_inspected(by) is None:
        raise RuleError(f"{by} may not grade", where=inspection.title, next_step="Inspectors grade, and the inspected body grades itself.")
    if place is None:
        inspection.check_stands_at(Step.PLANNED, Step.FIELDWORK, order="grade the own service")
    else:
        inspection.check_stands_at(*GRADING, order="grade")
    if place is Place.SECOND and inspection.has_reached(Step.SHARED):
        raise RuleError("The blind grades are shared and stay as they are", where=inspection.title, next_step="Tell the lead inspector.")
    found = next((judgement for judgement, _, each in inspection.frame.criteria() if each.key == criterion), None)
    if found is None:
        raise RuleError(f"The framework has no criterion {criterion!r}", where="criterion", next_step="Select one of its criteria.")
    check_on_scale(grade, grades=(*found.grades, NO_DATA))
    if not reason.strip():
        raise RuleError("A grade has its reason", where="reason", next_step="Say why in a sentence or two.")
    return Side.SELF if place is None else side_of(place)


def check_on_scale(grade: str, *, grades: tuple[str, ...]) -> None:
    """Refuse a grade that is not on the scale.

    Raises:
        RuleError: the message lists the scale.
    """
    if grade not in grades:
        listed = ", ".join(each or "no data" for each in grades)
        raise RuleError(f"{grade!r} is not on the scale", where="grade", next_step=f"Select one of: {listed}.")
