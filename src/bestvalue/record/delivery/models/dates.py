"""The dates of an action as series: agreed ones by decision of the owning body, forecasts by the lead."""

from datetime import date

from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.life_cycle import Cause
from bestvalue.record.delivery.models.action import Action
from bestvalue.record.delivery.models.recommendation import check_speaks_for


class AgreedDate(models.Model):
    """A decision of the owning body that moved the agreed date, with its cause."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="agreed_dates")
    date = models.DateField()
    decided_on = models.DateField()
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    minute = models.CharField(max_length=200)
    cause = models.CharField(max_length=30, choices=Cause.choices)
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["decided_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["action", "decided_on"], name="agreed_date_once_a_day"),
            models.CheckConstraint(condition=models.Q(cause__in=Cause.values), name="agreed_date_cause_known"),
        ]

    def __str__(self) -> str:
        return f"{self.action.reference}: agreed for {self.date:%d %B %Y} on {self.decided_on:%d %B %Y}"


class ForecastDate(models.Model):
    """When the lead expects to be done, honestly."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="forecasts")
    date = models.DateField()
    on = models.DateField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["on", "id"]
        indexes = [models.Index(fields=["action", "-on", "-id"], name="forecast_newest")]

    def __str__(self) -> str:
        return f"{self.action.reference}: forecast for {self.date:%d %B %Y} on {self.on:%d %B %Y}"


def check_movable(action: Action, *, to: date, decided_on: date, minute: str, cause: Cause, reason: str, by: Person) -> Body:
    """Refuse to move an agreed date without a decision of the owning body; return that body.

    Raises:
        RuleError: the action has ended, nobody owns the recommendation, `by` holds no place in the body that does or leads the
            action, the minute or the reason is missing, the date does not move, or lies before the start.
    """
    action.check_open()
    body = owner_of(action)
    check_speaks_for(body, by=by, about=action.reference, lead=action.lead)
    if not minute.strip():
        raise RuleError("A decision is minuted", where="minute", next_step="Enter where the minute stands.")
    if not reason.strip():
        raise RuleError("An agreed date moves with a reason", where="reason", next_step="Say why in a sentence.")
    if to == action.agreed_date:
        raise RuleError(f"The agreed date is {to:%d %B %Y} already", where="date", next_step="Enter another date.")
    if action.starts is not None and to <= action.starts:
        raise RuleError(f"The action starts on {action.starts:%d %B %Y}", where="date", next_step="Enter a later date.")
    if (to < action.agreed_date) != (cause is Cause.EARLIER):
        earlier = "earlier" if to < action.agreed_date else "later"
        raise RuleError(f"The date moves {earlier}, and the cause says otherwise", where="cause", next_step="Select the cause that fits.")
    newest = action.agreed_dates.order_by("-decided_on", "-id").first()
    if newest is not None and decided_on <= newest.decided_on:
        raise RuleError(
            f"The newest decision dates from {newest.decided_on:%d %B %Y}", where="decided_on", next_step="Enter a later day of decision."
        )
    return body


def owner_of(action: Action) -> Body:
    """The body that owns the action's recommendation.

    Raises:
        RuleError: none does yet.
    """
    ownership = action.recommendation.ownership
    if ownership is None:
        raise RuleError(
            "No body owns this recommendation yet", where=action.recommendation.key, next_step="Record who owns and leads it first."
        )
    return ownership.body
