"""Who may read what is marked OFFICIAL-SENSITIVE: named people in named groups, each with the need that lets them know.

The one predicate of it is `readable`. The questions `visible_to` of everything that can be marked ask it, and so do, through them, the
pages, the API, exports, search, files and the command line.
"""

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person, User, person_of
from bestvalue.record.reviews.models.review import Marking, Review


class NeedToKnowGroup(models.Model):
    """Some named people of a review who need to know something that others may not."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="groups")
    name = models.CharField(max_length=100)
    need = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["review", "name"], name="group_name_once"),
            models.CheckConstraint(condition=~models.Q(need=""), name="group_says_its_need"),
        ]

    def __str__(self) -> str:
        return self.name

    def holds(self, person: Person) -> bool:
        """Whether a person is in it today."""
        return self.places.current().filter(person=person).exists()

    def check_kept_by(self, by: Person) -> None:
        """Refuse whoever is not in it: those who know decide who else needs to.

        Raises:
            RuleError: it names whom to ask.
        """
        if not self.holds(by):
            names = ", ".join(self.places.current().values_list("person__name", flat=True))
            raise RuleError(f"{by} is not in the group “{self}”", where="group", next_step=f"Ask one of those in it: {names}.")


class GroupPlaceQuerySet(models.QuerySet["GroupPlace"]):
    """Questions about who is in which group."""

    def current(self, *, on: date | None = None) -> Self:
        """Those that run on a day; today when none is given, because access asks every time."""
        day = on or timezone.localdate()
        return self.filter(starts__lte=day).filter(models.Q(ends=None) | models.Q(ends__gte=day))


class GroupPlace(models.Model):
    """A person in a group from a day on, and why they need to know."""

    group = models.ForeignKey(NeedToKnowGroup, on_delete=models.PROTECT, related_name="places")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="group_places")
    reason = models.TextField()
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = GroupPlaceQuerySet.as_manager()

    class Meta:
        ordering = ["person__name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["group", "person"], condition=models.Q(ends=None), name="group_place_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="group_place_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.group}"


class Marked(models.Model):
    """Something that carries a security marking; what is sensitive names the group whose people may read it."""

    marking = models.CharField(max_length=20, choices=Marking.choices, default=Marking.OFFICIAL)
    descriptor = models.CharField(max_length=50, blank=True)
    handling = models.CharField(max_length=300, blank=True)
    group = models.ForeignKey(NeedToKnowGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True

    @property
    def is_sensitive(self) -> bool:
        """Whether only the people of its group may read it."""
        return self.marking == Marking.SENSITIVE

    @property
    def full_marking(self) -> str:
        """The marking with its descriptor: "OFFICIAL-SENSITIVE PERSONAL DATA"."""
        return f"{self.marking} {self.descriptor}".strip()


def marking_constraints(name: str) -> list[models.BaseConstraint]:
    """The rules of a marking that the database itself holds, for a model of this name."""
    grouped = models.Q(marking=Marking.OFFICIAL, group=None) | models.Q(marking=Marking.SENSITIVE, group__isnull=False)
    return [models.CheckConstraint(condition=grouped, name=f"{name}_sensitive_has_group")]


def groups_of(person: Person | None) -> models.QuerySet[GroupPlace, int]:
    """The keys of the groups that a person is in today."""
    return GroupPlace.objects.current().filter(person=person).values_list("group", flat=True)


def readable(user: User | AnonymousUser, *, path: str = "") -> models.Q:
    """What somebody may read as far as its marking goes: what is OFFICIAL, and what is marked for a group that they are in today.

    Args:
        user: who asks.
        path: how the marked row is reached from the rows that are filtered: "finding__"; empty for these rows themselves.
    """
    groups = groups_of(person_of(user))
    return models.Q(**{f"{path}marking": Marking.OFFICIAL}) | models.Q(**{f"{path}group__in": groups})


def highest(rows: Iterable[Marked]) -> Marking:
    """The highest marking of some rows: that of a page, a file or a document which contains them."""
    return Marking.SENSITIVE if any(row.is_sensitive for row in rows) else Marking.OFFICIAL


def check_marking(row: Marked, *, review: Review, marking: Marking, group: NeedToKnowGroup | None, reason: str, by: Person) -> None:
    """Refuse a marking without its group, of another review's group, by somebody outside it; and to lower one without a reason.

    Raises:
        RuleError: the message says which.
    """
    if group is not None and group.review_id != review.pk:
        raise RuleError("The group belongs to another review", where="group", next_step="Select a group of this review.")
    check_remarked(row, marking=marking, group=group, reason=reason, by=by)


def check_remarked(row: Marked, *, marking: Marking, group: NeedToKnowGroup | None, reason: str, by: Person) -> None:
    """Refuse a marking without its group, by somebody outside it, and to lower one without a reason: of whatever can be marked.

    Raises:
        RuleError: the message says which.
    """
    if row.is_sensitive and row.group is not None:
        row.group.check_kept_by(by)
    if (marking == Marking.SENSITIVE) != (group is not None):
        raise RuleError("What is OFFICIAL-SENSITIVE, and nothing else, names who may read it", where="group", next_step="Select a group.")
    if group is not None:
        group.check_kept_by(by)
    if row.is_sensitive and marking != Marking.SENSITIVE and not reason.strip():
        raise RuleError("A marking is lowered with a reason", where="reason", next_step="Say why everyone of the review may read it now.")
