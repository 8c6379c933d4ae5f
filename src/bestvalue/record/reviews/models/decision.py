"""A decision about a review: put to a body with a day by which it is due, then taken, with who was there."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from simple_history.models import HistoricalRecords

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Membership, Person, Role, User, person_of
from bestvalue.record.reviews.life_cycle import EDGES, Edge, Gate, Outcome, Part, edges_from, why_not
from bestvalue.record.reviews.models.review import Review
from bestvalue.record.reviews.readiness import met_of

DECIDERS = (Role.BOARD_MEMBER, Role.AUTHORITY_MEMBER)
"""Whose place in a body lets them record what it decided. Who serves a body, or observes it, does not decide in it."""


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Questions about decisions."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The decisions about reviews that somebody sees, and those that a body of theirs has to take."""
        person = person_of(user)
        if person is None:
            return self.none()
        bodies = Membership.objects.current().filter(person=person).values("body")
        return self.filter(models.Q(review__in=Review.objects.visible_to(user)) | models.Q(body__in=bodies))

    def open(self) -> Self:
        """Those that are due and not taken, the earliest first."""
        return self.filter(outcome="", lapsed_on=None).order_by("due", "pk")

    def overdue(self, *, on: date) -> Self:
        """Those that were due before a day and are not taken."""
        return self.open().filter(due__lt=on)

    def waiting_for(self, person: Person) -> Self:
        """Those that wait for a body which the person decides in today."""
        decides_in = Membership.objects.current().filter(person=person, role__in=DECIDERS).values("body")
        return self.open().filter(body__in=decides_in).exclude(asked_by=person)


class Decision(models.Model):
    """What one body has to decide, or decided, about one review."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="decisions")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="decisions")
    gate = models.CharField(max_length=20, choices=Gate.choices)
    asked_on = models.DateField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    due = models.DateField()
    # The day on which the review went another way, so that there is nothing left to decide.
    lapsed_on = models.DateField(null=True, blank=True)
    taken_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    minute = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = DecisionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-asked_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(gate__in=Gate.values), name="decision_gate_known"),
            models.CheckConstraint(condition=models.Q(outcome__in=["", *Outcome.values]), name="decision_outcome_known"),
            models.CheckConstraint(condition=models.Q(due__gte=models.F("asked_on")), name="decision_due_after_asked"),
            models.CheckConstraint(
                condition=models.Q(outcome="", taken_on=None, recorded_by=None, minute="")
                | ~models.Q(outcome="")
                & ~models.Q(minute="")
                & models.Q(taken_on__gte=models.F("asked_on"), recorded_by__isnull=False, lapsed_on=None),
                name="decision_due_or_taken",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["", Outcome.AGREED]) | ~models.Q(reason=""), name="decision_otherwise_has_reason"
            ),
            models.UniqueConstraint(fields=["review", "gate"], condition=models.Q(outcome="", lapsed_on=None), name="decision_asked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.body} to {self.get_gate_display()}"

    @property
    def edge(self) -> Edge:
        """Its row of the life cycle."""
        return EDGES[Gate(self.gate)]

    @property
    def is_taken(self) -> bool:
        """Whether the body has decided."""
        return self.outcome != ""

    @property
    def days_taken(self) -> int | None:
        """Days from asking to deciding; None while it is open."""
        return (self.taken_on - self.asked_on).days if self.taken_on else None

    def is_overdue(self, *, on: date) -> bool:
        """Whether its day has passed without a decision."""
        return not self.is_taken and self.lapsed_on is None and self.due < on

    def may_be_recorded_by(self, person: Person | None) -> bool:
        """Whether a person decides in this body today, and did not put the question to it themselves: two people, not one."""
        if person is None or person.pk == self.asked_by_id:
            return False
        return Membership.objects.current().filter(person=person, body=self.body, role__in=DECIDERS).exists()

    def members_on(self, day: date) -> list[Person]:
        """Who decided in the body on a day, by name."""
        held = Membership.objects.current(on=day).filter(body=self.body, role__in=DECIDERS)
        return list(Person.objects.filter(pk__in=held.values("person")))

    def check_open_to(self, by: Person) -> None:
        """Refuse whoever does not decide in the body, and a decision that is taken or lapsed.

        Raises:
            RuleError: the message says who may take it.
        """
        if not self.may_be_recorded_by(by):
            raise RuleError(
                f"{by} may not record this: {self.body} decides whether to {self.get_gate_display()}",
                where=self.review.title,
                next_step=f"Ask a board or authority member of {self.body} who did not put the question.",
            )
        if self.is_taken:
            raise RuleError(
                f"{self.body} decided this on {self.taken_on:%d %B %Y}", where=self.review.title, next_step="Put it to the body anew."
            )
        if self.lapsed_on is not None:
            raise RuleError(
                f"The review went another way on {self.lapsed_on:%d %B %Y}", where=self.review.title, next_step="Nothing is left to decide."
            )

    def check_takable(
        self,
        *,
        outcome: Outcome,
        taken_on: date,
        today: date,
        minute: str,
        reason: str,
        attended: Collection[Person],
        interests: Mapping[Person, str],
        deferred_to: date | None,
        by: Person,
    ) -> None:
        """Refuse a decision by whoever may not take it, at the wrong stage, without what must exist, or without its record.

        Raises:
            RuleError: the message says who may take it, and everything that is missing.
        """
        self.check_open_to(by)
        check_ready(self.review, self.edge, agreeing=outcome is Outcome.AGREED)
        self._check_record(outcome=outcome, taken_on=taken_on, today=today, minute=minute, reason=reason)
        if (outcome is Outcome.DEFERRED) != (deferred_to is not None) or (deferred_to and deferred_to <= taken_on):
            raise RuleError(
                "What is deferred, and nothing else, has a later day", where="deferred_to", next_step="Enter a day after the meeting."
            )
        self._check_attendance(attended, interests, taken_on=taken_on)

    def _check_record(self, *, outcome: Outcome, taken_on: date, today: date, minute: str, reason: str) -> None:
        since = max(self.asked_on, self.review.stages.latest("on", "id").on)
        if not since <= taken_on <= today:
            raise RuleError(
                f"It was put to the body on {self.asked_on:%d %B %Y}, and the present stage dates from {since:%d %B %Y}",
                where="taken_on",
                next_step=f"Enter a day from {since:%d %B %Y} to today.",
            )
        if not minute.strip():
            raise RuleError("A decision is minuted", where="minute", next_step="Enter where the minute stands.")
        if not reason.strip() and (outcome is not Outcome.AGREED or self.edge.needs_reason):
            raise RuleError(
                f"“{outcome.label}” to {self.get_gate_display()} needs its reason", where="reason", next_step="Say why in a sentence."
            )

    def _check_attendance(self, attended: Collection[Person], interests: Mapping[Person, str], *, taken_on: date) -> None:
        members = self.members_on(taken_on)
        for person in {*attended, *interests}:
            if person not in members:
                raise RuleError(
                    f"{person} did not decide in {self.body} on {taken_on:%d %B %Y}",
                    where="attended",
                    next_step="Select members of that day.",
                )
        if not [person for person in attended if person not in interests]:
            raise RuleError(
                "Nobody attended who had no interest to declare", where="attended", next_step="Select at least one such member."
            )


class Attendance(models.Model):
    """A member of the body at a decision: there or not, and the interest that they declared. One row for every member of that day."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    attended = models.BooleanField()
    interest = models.TextField(blank=True)

    class Meta:
        ordering = ["person__name"]
        constraints = [models.UniqueConstraint(fields=["decision", "person"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.person}, {'attended' if self.attended else 'absent'}"


def decider_of(review: Review, edge: Edge) -> Body | None:
    """The body that decides an edge of this review; None while no body takes part as that."""
    part = review.parts.filter(part=edge.decided_by).select_related("body").first()
    return part.body if part else None


def check_ready(review: Review, edge: Edge, *, agreeing: bool) -> None:
    """Refuse a decision at the wrong stage, and for agreement one whose needs are not met.

    Raises:
        RuleError: the message says everything that is missing.
    """
    met = met_of(review, edge.needs) if agreeing else frozenset(edge.needs)
    reasons = why_not(edge, stage=review.stage, met=met, takes_part=True)
    if reasons:
        follow = "; ".join(f"the {row.decided_by.label.lower()} may {row.gate.label}" for row in edges_from(review.stage))
        raise RuleError(
            f"Cannot {edge.gate.label} yet, because {', and '.join(reasons)}",
            where=review.title,
            next_step=f"At this stage {follow or 'nothing is left to decide'}.",
        )


def check_askable(review: Review, *, gate: Gate, due: date, asked_on: date) -> Body:
    """The body that is asked. Refuses a question that is not open at this stage, is asked already, or that nobody takes part to decide.

    Raises:
        RuleError: the message says which.
    """
    edge = EDGES[gate]
    check_ready(review, edge, agreeing=False)
    body = decider_of(review, edge)
    if body is None:
        raise RuleError(
            f"No {edge.decided_by.label.lower()} takes part in this review, and it decides whether to {gate.label}",
            where="gate",
            next_step="Say first which body that is.",
        )
    if review.decisions.open().filter(gate=gate).exists():
        raise RuleError(f"{body} is asked already whether to {gate.label}", where="gate", next_step="Wait for its decision.")
    if due < asked_on:
        raise RuleError("A decision cannot be due before it is asked for", where="due", next_step="Enter a later day.")
    return body


def check_part(review: Review, *, part: Part, body: Body) -> None:
    """Refuse a second body for a part that one body plays, because one body decides.

    Raises:
        RuleError: the message names the body that plays it.
    """
    for playing in review.parts.select_related("body"):
        if playing.part == part and (playing.body == body or part in {edge.decided_by for edge in EDGES.values()}):
            raise RuleError(f"{playing.body} is the {part.label.lower()} already", where="part", next_step="One body decides.")
