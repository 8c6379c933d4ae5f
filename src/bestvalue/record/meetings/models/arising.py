"""Actions arising from a meeting: what, who, by when; and then done, carried over or dropped."""

from datetime import date
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person, User, person_of
from bestvalue.record.meetings.models.agenda import AgendaItem
from bestvalue.record.meetings.models.meeting import Meeting, bodies_of
from bestvalue.record.reviews.models import readable


class Became(models.TextChoices):
    """What became of an action arising."""

    DONE = "done", "Done"
    CARRIED = "carried over", "Carried over to a later day"
    DROPPED = "dropped", "Dropped: it is not needed any more"


ENDED = (Became.DONE, Became.DROPPED)


class ActionArisingQuerySet(models.QuerySet["ActionArising"]):
    """Questions about actions arising."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of meetings of somebody's bodies that they may read, those from an item that they see, and those that they are to do."""
        person = person_of(user)
        if person is None:
            return self.none()
        seen = models.Q(meeting__body__in=bodies_of(person)) & readable(user, path="meeting__")
        seen |= models.Q(item__in=AgendaItem.objects.visible_to(user))
        # Whoever is to do something reads what it is, whatever its marking.
        return self.filter(seen | models.Q(who=person))

    def open(self, *, on: date | None = None) -> Self:
        """Those that have not ended (before a day)."""
        ended = ArisingStep.objects.filter(step__in=ENDED)
        return self.exclude(pk__in=(ended if on is None else ended.filter(on__lt=on)).values("action"))

    def before(self, meeting: Meeting) -> Self:
        """What a meeting has before it: what arises from it, and what earlier meetings of the body left open until its day."""
        left = self.open(on=meeting.on).filter(meeting__body=meeting.body, meeting__on__lt=meeting.on)
        return self.filter(models.Q(meeting=meeting) | models.Q(pk__in=left.values("pk"))).order_by("meeting__on", "number")


class ActionArising(models.Model):
    """Somebody is to do something by a day, because a meeting said so. The day that was set first stays."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="actions")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="actions")
    number = models.PositiveSmallIntegerField()
    what = models.TextField()
    who = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="actions_arising")
    first_due = models.DateField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = ActionArisingQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="arising_number_once"),
            models.CheckConstraint(condition=~models.Q(what=""), name="arising_says_what"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.what}"

    @property
    def reference(self) -> str:
        """Number of the meeting of its body, and of the action in it: "A3.1"."""
        return f"A{self.meeting.number}.{self.number}"

    @property
    def newest(self) -> "ArisingStep | None":
        """The newest step; None while nothing was reported."""
        # Of all of them in memory: a list has read them for every action at once.
        return max(self.steps.all(), key=lambda step: step.pk, default=None)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do it."""
        return self.newest is None or self.newest.step not in ENDED

    @property
    def due(self) -> date:
        """The day by which it is due: that of the newest step that carried it over, else the first."""
        days = [step.due for step in sorted(self.steps.all(), key=lambda step: step.pk) if step.due is not None]
        return days[-1] if days else self.first_due

    @property
    def times_carried(self) -> int:
        """How often it was carried over."""
        return sum(step.step == Became.CARRIED for step in self.steps.all())

    def may_be_reported_by(self, person: Person | None) -> bool:
        """Whether a person says what became of it: whoever is to do it, or a member of the body."""
        return person is not None and (person.pk == self.who_id or self.meeting.is_kept_by(person))

    def check_reportable(self, *, step: Became, on: date, today: date, note: str, due: date | None, by: Person) -> None:
        """Refuse a report by a stranger, on what has ended, without its words, or on a wrong day.

        Raises:
            RuleError: the message says which.
        """
        self.check_open_to(by)
        if not note.strip():
            raise RuleError("It does not say what was done, or why not", where="note", next_step="Say it in a sentence.")
        since = self.newest.on if self.newest else self.meeting.on
        if not since <= on <= today:
            raise RuleError(
                f"What came before is of {since.day} {since:%B %Y}", where="on", next_step="Enter that day, or a later one up to today."
            )
        if (step is Became.CARRIED) != (due is not None) or (due is not None and due <= on):
            raise RuleError(
                "What is carried over, and nothing else, gets a later day", where="due", next_step="Enter a day after that of the report."
            )

    def check_open_to(self, by: Person) -> None:
        """Refuse whoever may not say what became of it, and any report once it has ended.

        Raises:
            RuleError: the message says whom to ask.
        """
        if not self.may_be_reported_by(by):
            raise RuleError(f"{by} may not report on this", where=self.reference, next_step=f"Ask {self.who}, or {self.meeting.body}.")
        if not self.is_open:
            raise RuleError(
                f"The action is {self.newest.get_step_display().lower() if self.newest else 'ended'}",
                where=self.reference,
                next_step="Add another action at the next meeting if more is to be done.",
            )


class ArisingStep(models.Model):
    """What was reported of an action arising. Steps are added, never changed."""

    action = models.ForeignKey(ActionArising, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=20, choices=Became.choices)
    on = models.DateField()
    note = models.TextField()
    due = models.DateField(null=True, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(step__in=Became.values), name="arising_step_known"),
            models.CheckConstraint(condition=~models.Q(note=""), name="arising_step_says_why"),
            models.CheckConstraint(
                condition=models.Q(step=Became.CARRIED, due__isnull=False) | ~models.Q(step=Became.CARRIED) & models.Q(due=None),
                name="arising_carried_to_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()}, {self.on.day} {self.on:%B %Y}"


def check_arising(meeting: Meeting, *, what: str, due: date, item: AgendaItem | None, by: Person) -> None:
    """Refuse an action that says nothing, is due before its meeting, or comes from another meeting's item.

    Raises:
        RuleError: the message says which.
    """
    meeting.check_kept(by=by)
    meeting.check_held()
    if not what.strip():
        raise RuleError("An action says what is to be done", where="what", next_step="Enter it in a sentence.")
    if due < meeting.on:
        raise RuleError(f"The meeting was on {meeting.on.day} {meeting.on:%B %Y}", where="due", next_step="Enter that day or a later one.")
    if item is not None and item.meeting_id != meeting.pk:
        raise RuleError("The item is of another meeting", where="item", next_step="Select an item of this meeting.")
