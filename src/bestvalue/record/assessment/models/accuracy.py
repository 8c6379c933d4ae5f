"""Is the draft right in its facts? What both bodies say of it, what the inspectors answer, and when it may be published."""

from datetime import date
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.assessment.models.drafting import DraftParagraph
from bestvalue.record.assessment.models.inspection import Inspection
from bestvalue.record.assessment.steps import Step
from bestvalue.record.bodies.models import Body, Person, User


class Draft(models.Model):
    """A draft as it was sent to both bodies, word for word, with the last day for their comments."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="drafts")
    number = models.PositiveSmallIntegerField()
    sent_on = models.DateField()
    deadline = models.DateField()
    # The text of each paragraph, by its number; what is withdrawn is not in it.
    texts = models.JSONField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "number"], name="draft_number_once"),
            models.CheckConstraint(condition=models.Q(deadline__gte=models.F("sent_on")), name="draft_deadline_after_sending"),
        ]

    def __str__(self) -> str:
        return f"Draft {self.number}, sent {self.sent_on:%d %B %Y}"


class AccuracyCommentQuerySet(models.QuerySet["AccuracyComment"]):
    """Questions about comments."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the inspections that somebody sees."""
        return self.filter(draft__inspection__in=Inspection.objects.visible_to(user))

    def undecided(self) -> Self:
        """Those that the inspectors have not answered."""
        return self.filter(disposition=None)


class AccuracyComment(models.Model):
    """What a body says of a paragraph's facts."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="comments")
    paragraph = models.ForeignKey(DraftParagraph, on_delete=models.PROTECT, related_name="comments")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    wording = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()

    objects = AccuracyCommentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="accuracy_comment_says_something")]

    def __str__(self) -> str:
        return f"{self.body} on {self.paragraph}: {self.text}"


class Outcome(models.TextChoices):
    """What the inspectors make of a comment."""

    ACCEPTED = "accepted", "Accepted"
    PARTLY = "partly accepted", "Accepted in part"
    NOT_ACCEPTED = "not accepted", "Not accepted"


class Disposition(models.Model):
    """What became of a comment, and why."""

    comment = models.OneToOneField(AccuracyComment, on_delete=models.PROTECT, related_name="disposition")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(outcome__in=Outcome.values), name="disposition_outcome_known"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="disposition_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.reason}"


class NothingFurther(models.Model):
    """A body says that it has nothing further to say of a draft, so that nobody waits for its last day."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="closed_by")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["draft", "body"], name="nothing_further_once")]

    def __str__(self) -> str:
        return f"{self.body} has nothing further to say of draft {self.draft.number}"


class PublicationProposal(models.Model):
    """An inspector proposes to publish the report as it stands; another publishes it."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="proposals")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    # Of every paragraph and grade as they were proposed: what is published is that and nothing else.
    said_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.by} proposes to publish, {self.on:%d %B %Y}"


def check_comments(draft: Draft, *, text: str, today: date, by: Person) -> Body:
    """The body for which somebody comments. Refuses whoever speaks for neither, after the last day, or without words.

    Raises:
        RuleError: the message says which.
    """
    inspection = draft.inspection
    body = inspection.speaks_for_inspected(by)
    if body is None or inspection.place_of(by):
        raise RuleError(
            f"{by} may not comment on the draft", where=inspection.title, next_step="The inspected bodies comment on its facts."
        )
    inspection.check_stands_at(Step.ACCURACY, order="comment on the draft")
    if draft.pk != max(each.pk for each in inspection.drafts.all()):
        raise RuleError("A later draft was sent", where=str(draft), next_step="Comment on the newest draft.")
    if today > draft.deadline:
        raise RuleError(
            f"The last day for comments was {draft.deadline:%d %B %Y}", where="text", next_step="Ask the lead inspector for another draft."
        )
    if any(each.body_id == body.pk for each in draft.closed_by.all()):
        raise RuleError(f"{body} has said that it has nothing further", where=str(draft), next_step="Ask the lead inspector.")
    if not text.strip():
        raise RuleError("A comment says something", where="text", next_step="Say what is not right, and where it can be seen.")
    return body


def check_sendable(inspection: Inspection, *, on: date, deadline: date, by: Person) -> None:
    """Refuse to send a draft by another than the lead, without a deadline in time, or while a judgement has no grade.

    Raises:
        RuleError: the message says which.
    """
    inspection.check_leads(by=by, order="send the draft")
    inspection.check_reaches(Step.ACCURACY)
    if deadline < on:
        raise RuleError("The last day for comments lies before today", where="deadline", next_step="Enter a later day.")


def check_publishable(inspection: Inspection, *, today: date, by: Person) -> None:
    """Refuse to publish before both bodies could say what is not right, or while something that they said is not answered.

    Raises:
        RuleError: the message says what is missing.
    """
    inspection.check_inspects(by=by, order="publish the report")
    inspection.check_reaches(Step.PUBLISHED)
    draft = inspection.drafts.latest("pk")
    closed = {each.body_id for each in draft.closed_by.all()}
    if today <= draft.deadline and not {inspection.force_id, inspection.authority_id} <= closed:
        raise RuleError(
            f"Both bodies have until {draft.deadline:%d %B %Y} to say what is not right",
            where=str(draft),
            next_step="Wait, or until both have said that they have nothing further.",
        )
    waiting = AccuracyComment.objects.filter(draft__inspection=inspection).undecided().count()
    if waiting:
        raise RuleError(
            f"{waiting} {'comment is' if waiting == 1 else 'comments are'} not answered",
            where=inspection.title,
            next_step="Say of each what became of it, and why.",
        )
