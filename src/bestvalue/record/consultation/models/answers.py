"""Who may answer a survey, what somebody has answered so far, and what was handed in."""

from collections.abc import Mapping
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from bestvalue.dataset.questionnaires.handed_in import HandedIn
from bestvalue.record.bodies.models import User
from bestvalue.record.consultation.models.survey import Survey, SurveyForm
from bestvalue.record.reviews.models import Review


class Invitation(models.Model):
    """One person who may answer, once. The number stands for the person; the link is known to them alone, and only its digest kept."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="invitations")
    respondent = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, unique=True)
    invited_on = models.DateField()

    class Meta:
        ordering = ["respondent"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "respondent"], name="invited_once"),
            models.CheckConstraint(condition=~models.Q(respondent=""), name="invited_has_number"),
        ]

    def __str__(self) -> str:
        return f"{self.respondent} of {self.survey.reference}"


class Draft(models.Model):
    """Answers that are not handed in yet. Whoever holds the secret address goes on with them; no address of a device is kept.

    The one thing here that changes and goes away: it is deleted when it is handed in, and when nobody has come back for a month.
    """

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="drafts")
    form = models.ForeignKey(SurveyForm, on_delete=models.PROTECT, related_name="drafts")
    digest = models.CharField(max_length=64, unique=True)
    invitation = models.OneToOneField(Invitation, on_delete=models.PROTECT, null=True, related_name="draft")
    is_pilot = models.BooleanField(default=False)
    language = models.CharField(max_length=60, blank=True)
    answers = models.JSONField(default=dict)
    seconds = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    seen_on = models.DateField(db_index=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"A draft of {self.survey.reference}"


class ResponseQuerySet(models.QuerySet["Response"]):
    """Questions about what was handed in."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the reviews that somebody sees; the pages show the answers to the review's team only."""
        return self.filter(survey__review__in=Review.objects.visible_to(user))

    def that_count(self) -> Self:
        """Without those of a pilot."""
        return self.filter(is_pilot=False)


class Response(models.Model):
    """One person's answers, handed in once. The database itself refuses to change it.

    It holds no address, no name and no time of day. `respondent` is the number of the invitation, or one in order of arrival.
    """

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="responses")
    form = models.ForeignKey(SurveyForm, on_delete=models.PROTECT, related_name="responses")
    respondent = models.CharField(max_length=40)
    invitation = models.OneToOneField(Invitation, on_delete=models.PROTECT, null=True, related_name="response")
    # Of the secret address at which it was filled in: handing in twice finds the first, and stores nothing.
    digest = models.CharField(max_length=64, unique=True)
    is_pilot = models.BooleanField(default=False)
    language = models.CharField(max_length=60, blank=True)
    answers = models.JSONField()
    left_out = models.JSONField(default=list)
    # By place, and for pilots only: how long each page took.
    seconds = models.JSONField(default=dict)
    minutes = models.FloatField(null=True)
    handed_in_on = models.DateField()

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["survey", "respondent"], name="respondent_once_in_survey")]

    def __str__(self) -> str:
        return f"{self.respondent} of {self.survey.reference}"

    @property
    def handed_in(self) -> HandedIn:
        """As the tables of analyses take it."""
        answers: Mapping[str, str] = self.answers
        return HandedIn(respondent=self.respondent, answers=answers)
