"""Notices are rows: who is told what and why, when it was sent, and never twice."""

from typing import Self

from django.db import models

from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.models.recommendation import Recommendation


class Why(models.TextChoices):
    """Why somebody is told."""

    UPDATE_OWED = "update owed", "An update is owed"
    UPDATE_MISSED = "update missed", "An update was missed"
    OVERDUE = "overdue", "The agreed date has passed"
    TO_DECIDE = "to decide", "Completion waits for a decision"
    TRANSFER = "transfer", "A transfer waits for an answer"
    COMMENTS_DUE = "comments due", "Comments on a report are due"


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Questions about notices."""

    def unsent(self) -> Self:
        """Those that no mail has carried yet, of people with an address."""
        return self.filter(sent_at=None).exclude(person__email="").select_related("person").order_by("person", "id")


class Notice(models.Model):
    """One thing that one person is told. `words` carries references alone, never the text of the record: mails leave the building."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices")
    why = models.CharField(max_length=20, choices=Why.choices)
    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, null=True, related_name="notices")
    words = models.CharField(max_length=500)
    raised_on = models.DateField()
    # The same thing told to the same person has the same key, however often somebody looks.
    key = models.CharField(max_length=200, unique=True)
    sent_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_on", "-id"]
        constraints = [models.CheckConstraint(condition=models.Q(why__in=Why.values), name="notice_why_known")]

    def __str__(self) -> str:
        return f"{self.person}: {self.words}"


class CalendarKey(models.Model):
    """Opens one person's calendar feed to whoever holds the secret address; only its digest is kept."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="calendar_keys")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Calendar of {self.person}, {self.made_at:%d %B %Y}"
