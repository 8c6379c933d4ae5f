"""The agenda of a meeting: what each item is about, and its minutes."""

from datetime import date
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person, User, person_of
from bestvalue.record.delivery.models import Ownership, Recommendation
from bestvalue.record.meetings.models.meeting import Meeting, bodies_of, reviews_before
from bestvalue.record.reviews.models import Decision, Review, readable


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    """Questions about items of agendas."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The items of meetings of somebody's bodies, and those about a review that they see; sensitive ones by the group alone."""
        person = person_of(user)
        if person is None:
            return self.none()
        seen = Review.objects.visible_to(user)
        about = models.Q(review__in=seen) | models.Q(decision__review__in=seen) | models.Q(recommendation__review__in=seen)
        return self.filter(models.Q(meeting__body__in=bodies_of(person)) | about).filter(readable(user, path="meeting__"))


class AgendaItem(models.Model):
    """One thing on the agenda; it may be about a review, a decision that is due, or a recommendation."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, blank=True, related_name="agenda_items")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="agenda_item")
    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, null=True, blank=True, related_name="agenda_items")
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="agenda_number_once"),
            models.CheckConstraint(condition=~models.Q(text=""), name="agenda_item_says_something"),
            models.CheckConstraint(
                condition=models.Q(review=None, decision=None)
                | models.Q(review=None, recommendation=None)
                | models.Q(decision=None, recommendation=None),
                name="agenda_item_about_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"

    @property
    def minute(self) -> "Minute | None":
        """Its newest minute; None while there is none."""
        # Of all of them in memory: the page has read them for every item at once.
        return max(self.minutes.all(), key=lambda minute: minute.pk, default=None)

    @property
    def place(self) -> str:
        """Where its minute stands, as a decision cites it: "Project Board, 3 March 2026, item 4"."""
        return f"{self.meeting}, item {self.number}"

    def check_decidable_here(self) -> Decision:
        """The decision that the item is about. Refuses an item about none.

        Raises:
            RuleError: it is about no decision, or nobody knows yet who was there.
        """
        self.meeting.check_held()
        if self.decision is None:
            raise RuleError(f"Item {self.number} is about no decision", where=str(self.meeting), next_step="Minute what was said instead.")
        return self.decision


class Minute(models.Model):
    """What was minuted of an item. A correction is another minute: the newest counts, the earlier ones stay."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="minutes")
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="minute_says_something")]

    def __str__(self) -> str:
        return self.text


def recommendations_before(body: Body) -> models.QuerySet[Recommendation]:
    """The recommendations that can be on a body's agenda: asked of it, owned by it at some time, or of a review before it."""
    asked = models.Q(addressed_body=body, review=None)
    owned = models.Q(pk__in=Ownership.objects.filter(body=body).values("recommendation"))
    return Recommendation.objects.filter(asked | owned | models.Q(review__in=reviews_before(body)))


def decisions_before(body: Body, *, on: date) -> models.QuerySet[Decision]:
    """The decisions that can be on the agenda of a body's meeting: those that wait for it, and those that it took on that day."""
    of_the_body = Decision.objects.filter(body=body, agenda_item=None)
    return of_the_body.filter(models.Q(outcome="", lapsed_on=None) | models.Q(taken_on=on))


def check_item(meeting: Meeting, *, text: str, about: Review | Decision | Recommendation | None, by: Person) -> None:
    """Refuse an item that says nothing, or is about what is not for this body: its minutes would be read by whoever may not see that.

    Raises:
        RuleError: the message says which.
    """
    meeting.check_kept(by=by)
    if not text.strip():
        raise RuleError("An item of the agenda says something", where="text", next_step="Enter what is to be discussed.")
    body = meeting.body
    if isinstance(about, Decision):
        is_for_it = decisions_before(body, on=meeting.on).filter(pk=about.pk).exists()
    elif isinstance(about, Review):
        is_for_it = reviews_before(body).filter(pk=about.pk).exists()
    else:
        is_for_it = about is None or recommendations_before(body).filter(pk=about.pk).exists()
    if not is_for_it:
        raise RuleError(f"“{about}” is not for {body}, or is on an agenda already", where="about", next_step="Select something else.")
