"""Actions of an improvement plan: what is done about a recommendation, by whom, and what each waits for."""

from collections.abc import Mapping
from datetime import date
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Coalesce
from simple_history.models import HistoricalRecords

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person, User
from bestvalue.record.delivery.life_cycle import ENDED, State, Status, settable_after_state
from bestvalue.record.delivery.models.recommendation import Recommendation
from bestvalue.record.row_versions import Versioned


class ActionQuerySet(models.QuerySet["Action"]):
    """Questions about actions."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The actions of the recommendations that somebody sees."""
        return self.filter(recommendation__in=Recommendation.objects.visible_to(user))

    def standing(self, *, on: date) -> Self:
        """Each with its state and dates as they stood on a day: `state_then`, `agreed_then`, `forecast_then` (None without one)."""
        states = ActionState.objects.filter(action=models.OuterRef("pk"), on__lte=on).order_by("-on", "-id")
        agreed = self._dates("agreed_dates", "decided_on", on)
        forecast = self._dates("forecasts", "on", on)
        return self.annotate(
            state_then=Coalesce(models.Subquery(states.values("state")[:1]), models.Value(State.NOT_STARTED.value)),
            agreed_then=Coalesce(models.Subquery(agreed), models.F("original_date")),
            forecast_then=models.Subquery(forecast),
        )

    def open(self, *, on: date) -> Self:
        """Those that had not ended on a day, of recommendations that were not withdrawn or refused."""
        withdrawn = Recommendation.objects.standing_at(Status.WITHDRAWN, Status.NOT_ACCEPTED, on=on)
        return self.not_ended(on=on).exclude(recommendation__in=withdrawn.values("pk"))

    def not_ended(self, *, on: date) -> Self:
        """Those that had not ended on a day, whatever became of their recommendation."""
        return self.standing(on=on).exclude(state_then__in=[*ENDED])

    def three_dates(self, *, on: date) -> "models.QuerySet[Action, tuple[int, str, int, date, date, date | None]]":
        """Of each its recommendation's key and number, its own number, and its original, agreed and forecast date on a day."""
        columns = ("recommendation", "recommendation__number", "number", "original_date", "agreed_then", "forecast_then")
        return self.standing(on=on).order_by("number", "pk").values_list(*columns)

    def reporting(self, *, on: date) -> Self:
        """The open ones whose lead has not requested completion."""
        return self.open(on=on).exclude(models.Q(state_then=State.REQUESTED))

    def late(self, *, on: date) -> Self:
        """The open ones whose agreed date has passed, the longest ago first."""
        return self.open(on=on).filter(agreed_then__lt=on).order_by("agreed_then", "pk")

    def with_newest_update(self) -> Self:
        """Each with the day of its newest update as `heard`, and that of its recommendation's newest status as `answered_on`."""
        return self.annotate(heard=models.Max("updates__on"), answered_on=models.Max("recommendation__statuses__on"))

    def due_from(self, person: Person, *, on: date) -> Self:
        """The open actions that a person leads, the soonest first."""
        return self.filter(lead=person).open(on=on).select_related("recommendation").order_by("agreed_then", "pk")

    def in_plan_order(self, *, on: date) -> Self:
        """As a plan lists them, with what a row shows."""
        ordered = self.standing(on=on).select_related("lead", "recommendation")
        return ordered.order_by("recommendation__order", "recommendation__pk", "number")

    def _dates(self, kind: str, day: str, on: date) -> models.QuerySet["Action", date]:
        # Through the relation, because the rows of dates are defined above this in the reading order, in a module of their own.
        newest = Action.objects.filter(pk=models.OuterRef("pk"), **{f"{kind}__{day}__lte": on})
        return newest.order_by(f"-{kind}__{day}", f"-{kind}__pk").values_list(f"{kind}__date", flat=True)[:1]


class Action(Versioned):
    """One row of the improvement plan: what is done about a recommendation, why, how, by whom and until when."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="actions")
    number = models.PositiveSmallIntegerField()
    what = models.TextField()
    why = models.TextField()
    how = models.TextField()
    target = models.TextField()
    # The target as a measure, where it is one: from this value to that.
    measure = models.CharField(max_length=200, blank=True)
    measure_unit = models.CharField(max_length=50, blank=True)
    baseline = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    target_value = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    lead = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="actions_led")
    starts = models.DateField(null=True)
    # Set once, when the plan is agreed; where the date moves to are rows of their own, so that slippage stays visible.
    original_date = models.DateField()

    # What the questions `standing` and `with_newest_update` add to each row that they find.
    state_then: str
    agreed_then: date
    forecast_then: date | None
    heard: date | None
    answered_on: date

    objects = ActionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["recommendation", "number"], name="action_number_once"),
            models.CheckConstraint(
                condition=models.Q(starts=None) | models.Q(starts__lt=models.F("original_date")), name="action_starts_before_its_end"
            ),
            models.CheckConstraint(
                condition=models.Q(baseline=None, target_value=None) | ~models.Q(measure=""), name="action_values_have_a_measure"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.what}"

    @property
    def name(self) -> str:
        """Number of the recommendation, and of the action in it: "3.1"."""
        return f"{self.recommendation.number}.{self.number}"

    @property
    def reference(self) -> str:
        """Its name where its text must not stand: "Action 3.1 of operational-support-2026"."""
        return f"Action {self.name} of {self.recommendation.report_slug}"

    @property
    def state(self) -> State:
        """How it stands: its newest state, not started before the first."""
        newest = self.states.order_by("-on", "-id").first()
        return State(newest.state) if newest else State.NOT_STARTED

    @property
    def agreed_date(self) -> date:
        """When it is to be complete by the owning body's newest decision."""
        newest = self.agreed_dates.order_by("-decided_on", "-id").first()
        return newest.date if newest else self.original_date

    def check_led_by(self, by: Person) -> None:
        """Refuse whoever does not lead it.

        Raises:
            RuleError: the message names who does.
        """
        if by != self.lead:
            raise RuleError(f"{by} does not lead this action", where=self.reference, next_step=f"Ask {self.lead}, who does.")

    def check_open(self) -> None:
        """Refuse to change what has ended.

        Raises:
            RuleError: it is complete or closed.
        """
        if self.state in ENDED:
            raise RuleError(
                f"The action stands at “{self.state.label}”", where=self.reference, next_step="Add another action if more is to be done."
            )

    def check_state(self, *, to: State, on: date, by: Person) -> None:
        """Refuse a state that does not follow, that takes a decision, or that somebody else than the lead sets.

        Raises:
            RuleError: the message says which.
        """
        self.check_led_by(by)
        follow = settable_after_state(self.state)
        if to not in follow:
            said = " or ".join(f"“{state.label}”" for state in follow) or "a decision of the owning body"
            raise RuleError(f"“{to.label}” does not follow “{self.state.label}”", where="state", next_step=f"What follows is {said}.")
        self.check_later(on)

    def check_later(self, on: date) -> None:
        """Refuse a day before the present state's.

        Raises:
            RuleError: the message gives that day.
        """
        newest = self.states.order_by("-on", "-id").first()
        if newest is not None and on < newest.on:
            raise RuleError(
                f"The present state dates from {newest.on:%d %B %Y}", where=self.reference, next_step="Enter that day or a later one."
            )


class ActionState(models.Model):
    """How an action stood from a day on. States are added, never changed."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="states")
    state = models.CharField(max_length=30, choices=State.choices)
    on = models.DateField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["on", "id"]
        indexes = [models.Index(fields=["action", "-on", "-id"], name="action_state_newest")]
        constraints = [models.CheckConstraint(condition=models.Q(state__in=State.values), name="action_state_known")]

    def __str__(self) -> str:
        return f"{self.get_state_display()}, {self.on:%d %B %Y}"


class ActionDependency(models.Model):
    """One action cannot begin before another is complete."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="waits_for")
    needs = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="awaited_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["action", "needs"], name="dependency_once"),
            models.CheckConstraint(condition=~models.Q(action=models.F("needs")), name="dependency_on_another"),
        ]

    def __str__(self) -> str:
        return f"{self.action.reference} waits for {self.needs.reference}"


def circle_through(needs: Mapping[int, frozenset[int]], *, action: int, added: int) -> tuple[int, ...]:
    """The circle that would close if `action` waited for `added` too; empty when none would.

    Args:
        needs: what each action waits for already.
        action: the action that is to wait.
        added: what it is to wait for.

    Returns:
        The actions on the shortest way round, from `action` back to `action`.

    Example: 2 waits for 1, so 1 cannot wait for 2.
        >>> circle_through({2: frozenset({1})}, action=1, added=2)
        (1, 2, 1)
        >>> circle_through({2: frozenset({1})}, action=3, added=2)
        ()
    """
    if action == added:
        return (action, action)
    ways: dict[int, tuple[int, ...]] = {added: (action, added)}
    queue = [added]
    for here in queue:
        for beyond in sorted(needs.get(here, frozenset())):
            if beyond == action:
                return (*ways[here], action)
            if beyond not in ways:
                ways[beyond] = (*ways[here], beyond)
                queue.append(beyond)
    return ()
