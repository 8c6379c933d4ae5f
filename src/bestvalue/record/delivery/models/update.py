"""Updates: asked for by a day, given by the lead, never overwritten; one that is missed is an event that climbs."""

from datetime import date, timedelta
from typing import Self

from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.models.action import Action
from bestvalue.record.delivery.models.completion import Delivered, recommendation_of
from bestvalue.record.delivery.models.recommendation import Recommendation

ASK_BEFORE = timedelta(days=45)
"""An action that is due within so many days owes an update."""
SILENT_FOR = timedelta(days=90)
"""Whatever has been silent for so long owes an update."""
TIME_TO_ANSWER = timedelta(days=14)


class Level(models.TextChoices):
    """How far a missed update has climbed."""

    LEAD = "lead", "The lead"
    SPONSOR = "sponsor", "The sponsor"
    BOARD = "board", "The owning body"


CLIMBS_AFTER = {Level.LEAD: timedelta(days=0), Level.SPONSOR: timedelta(days=14), Level.BOARD: timedelta(days=28)}
"""A missed update is told to each of these when it has been missing for longer than so many days after its deadline."""


class UpdateRequestQuerySet(models.QuerySet["UpdateRequest"]):
    """Questions about requested updates."""

    def unanswered(self) -> Self:
        """Those that no update answers yet."""
        return self.filter(update=None)

    def owed_by(self, person: Person) -> Self:
        """What a person owes, the soonest first."""
        return self.unanswered().filter(asked_of=person).select_related("recommendation", "action__recommendation").order_by("due", "id")

    def missed(self, *, on: date) -> Self:
        """Those whose deadline passed without an update."""
        return self.unanswered().filter(due__lt=on)


class UpdateRequest(models.Model):
    """Somebody is asked how it stands, by a day."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="update_requests")
    action = models.ForeignKey(Action, on_delete=models.PROTECT, null=True, related_name="update_requests")
    asked_of = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="updates_asked")
    asked_on = models.DateField()
    due = models.DateField()

    objects = UpdateRequestQuerySet.as_manager()

    class Meta:
        ordering = ["due", "id"]
        constraints = [
            # Of one thing only one update can be owed at a time; that needs the answers, so the change holds it. A second on one day:
            models.UniqueConstraint(fields=["action", "asked_on"], name="update_asked_once_a_day_of_action"),
            models.UniqueConstraint(fields=["recommendation", "asked_on"], condition=models.Q(action=None), name="update_asked_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"Update on {self.reference}, due {self.due:%d %B %Y}"

    @property
    def reference(self) -> str:
        """What it is about, without its text."""
        return (self.action or self.recommendation).reference


class Update(models.Model):
    """What the lead said on a day. Updates are added, never changed."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="updates")
    action = models.ForeignKey(Action, on_delete=models.PROTECT, null=True, related_name="updates")
    request = models.OneToOneField(UpdateRequest, on_delete=models.PROTECT, null=True, related_name="update")
    on = models.DateField()
    text = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["on", "id"]
        indexes = [models.Index(fields=["recommendation", "-on"], name="update_newest")]
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="update_says_something")]

    def __str__(self) -> str:
        return f"Update of {self.on:%d %B %Y}"


class MissedUpdate(models.Model):
    """An update was missed, and this level was told of it."""

    request = models.ForeignKey(UpdateRequest, on_delete=models.PROTECT, related_name="missed")
    level = models.CharField(max_length=10, choices=Level.choices)
    on = models.DateField()

    class Meta:
        ordering = ["on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "level"], name="missed_update_climbs_once"),
            models.CheckConstraint(condition=models.Q(level__in=Level.values), name="missed_update_level_known"),
        ]

    def __str__(self) -> str:
        return f"{self.request}: missed, told to {self.get_level_display().lower()}"


def check_update(delivered: Delivered, *, text: str, on: date, by: Person) -> None:
    """Refuse an update that says nothing, by somebody who does not lead it, or dated before the one before.

    Raises:
        RuleError: the message says which.
    """
    if by not in {delivered.lead, recommendation_of(delivered).lead}:
        raise RuleError(f"{by} does not lead this", where=delivered.reference, next_step=f"Ask {delivered.lead or 'for a lead'}.")
    if not text.strip():
        raise RuleError("An update says how it stands", where="text", next_step="Enter what has moved since the last one.")
    newest = delivered.updates.order_by("-on", "-id").first()
    if newest is not None and on < newest.on:
        raise RuleError(f"The newest update dates from {newest.on:%d %B %Y}", where="on", next_step="Enter that day or a later one.")
