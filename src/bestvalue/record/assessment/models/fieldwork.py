"""What inspectors ask for and hear: requests for documents, and interviews whose attribution is protected."""

from datetime import date
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from bestvalue.record.assessment.models.inspection import Inspection, Inspector
from bestvalue.record.bodies.models import Body, Person, User, person_of
from bestvalue.record.reviews.models import Evidence, Marking


class DocumentRequestQuerySet(models.QuerySet["DocumentRequest"]):
    """Questions about requests."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the inspections that somebody sees: the inspected body has to answer them."""
        return self.filter(inspection__in=Inspection.objects.visible_to(user))

    def overdue(self, *, on: date) -> Self:
        """Those that nobody has answered by their day."""
        return self.filter(answered_on=None, due__lt=on)


class DocumentRequest(models.Model):
    """A document that the inspectors ask a body for, and what came."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="requests")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    asked_of = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    due = models.DateField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True)
    # Something of the review's register of evidence, where the document is there already.
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="answers_requests")
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = DocumentRequestQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "number"], name="document_request_number_once"),
            models.CheckConstraint(condition=~models.Q(text=""), name="document_request_says_what"),
            models.CheckConstraint(
                condition=models.Q(answered_on=None, answer="") | models.Q(answered_on__isnull=False) & ~models.Q(answer=""),
                name="document_request_answered_with_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.text}"

    @property
    def reference(self) -> str:
        """How it is cited: "D3"."""
        return f"D{self.number}"


class InterviewQuerySet(models.QuerySet["Interview"]):
    """Questions about interviews."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the inspections that somebody inspects: what was said, and by whom, stays among the inspectors."""
        person = person_of(user)
        if person is None:
            return self.none()
        return self.filter(inspection__in=Inspector.objects.filter(person=person).values("inspection"))


class Interview(models.Model):
    """A talk that is on the schedule, and its notes once it was held."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="interviews")
    number = models.PositiveSmallIntegerField()
    # By place and not by name: "a sergeant of a support unit".
    whom = models.CharField(max_length=200)
    planned_for = models.DateField()
    marking = models.CharField(max_length=20, choices=Marking.choices, default=Marking.SENSITIVE)
    protected = models.BooleanField(default=True)
    notes = models.TextField(blank=True)
    held_on = models.DateField(null=True, blank=True)
    held_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = InterviewQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "number"], name="interview_number_once"),
            models.CheckConstraint(condition=models.Q(marking__in=Marking.values), name="interview_marking_known"),
            models.CheckConstraint(
                condition=models.Q(held_on=None, notes="") | models.Q(held_on__isnull=False) & ~models.Q(notes=""),
                name="interview_held_with_notes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.cited_as}"

    @property
    def reference(self) -> str:
        """How it is cited: "T2"."""
        return f"T{self.number}"

    @property
    def cited_as(self) -> str:
        """Who spoke, as a report may say it."""
        return "someone who was interviewed" if self.protected else self.whom
