"""A meeting of a body: its day, who calls it and keeps its record, and who was there."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Membership, Person, Role, User, person_of
from bestvalue.record.reviews.models import (
    Marked,
    Marking,
    NeedToKnowGroup,
    Review,
    ReviewBody,
    check_remarked,
    marking_constraints,
    readable,
)

LISTENERS = (Role.OBSERVER, Role.INSPECTOR)
"""Who comes to a body to look on. They read its minutes; they are no members, and keep none."""


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Questions about meetings."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The meetings of somebody's bodies, and those with an item about a review that they see; sensitive ones by their group alone."""
        person = person_of(user)
        if person is None:
            return self.none()
        seen = Review.objects.visible_to(user)
        about = (
            models.Q(items__review__in=seen) | models.Q(items__decision__review__in=seen) | models.Q(items__recommendation__review__in=seen)
        )
        with_an_item = Meeting.objects.filter(about).values("pk")
        return self.filter(models.Q(body__in=bodies_of(person)) | models.Q(pk__in=with_an_item)).filter(readable(user))

    def newest_first(self) -> Self:
        """With the names and counts that a list shows."""
        found = self.select_related("body").annotate(
            items_count=models.Count("items", distinct=True),
            present=models.Count("presences", filter=models.Q(presences__was=Was.PRESENT), distinct=True),
        )
        return found.order_by("-on", "-pk")


class Meeting(Marked):
    """A body meets on a day. It was held once its attendance is recorded; else it is still to come, or was called off.

    Its marking is that of its agenda, its minutes, its attendance and the actions that arise from it.
    """

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="meetings")
    number = models.PositiveSmallIntegerField()
    on = models.DateField()
    place = models.CharField(max_length=200, blank=True)
    called_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    called_off = models.TextField(blank=True)

    # What the question `newest_first` adds to each row that it finds.
    items_count: int
    present: int

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["body", "number"], name="meeting_number_once"),
            models.CheckConstraint(condition=models.Q(recorded_by=None) | models.Q(called_off=""), name="meeting_held_or_called_off"),
            *marking_constraints("meeting"),
        ]

    def __str__(self) -> str:
        return f"{self.body.name}, {self.on.day} {self.on:%B %Y}"

    @property
    def is_held(self) -> bool:
        """Whether it is on record who was there."""
        return self.recorded_by_id is not None

    def is_kept_by(self, person: Person | None) -> bool:
        """Whether a person keeps its record: any member of the body today, who may read it."""
        reads = self.group is None or (person is not None and self.group.holds(person))
        return reads and keeps_meetings_of(self.body, person)

    def members(self) -> list[Person]:
        """The members of the body on the day of the meeting, by name."""
        held = Membership.objects.current(on=self.on).filter(body=self.body).exclude(role__in=LISTENERS)
        return list(Person.objects.filter(pk__in=held.values("person")))

    def check_kept(self, *, by: Person) -> None:
        """Refuse whoever is no member of the body or may not read the meeting, and to add to one that was called off.

        Raises:
            RuleError: the message says which.
        """
        check_keeps_meetings_of(self.body, by=by)
        if self.group is not None:
            self.group.check_kept_by(by)
        if self.called_off:
            raise RuleError(f"The meeting was called off: {self.called_off}", where=str(self), next_step="Call another meeting.")

    def check_markable(self, *, marking: Marking, group: NeedToKnowGroup | None, reason: str, by: Person) -> None:
        """Refuse to mark it by somebody who is no member, without the group that a sensitive one needs, or lower without a reason.

        Raises:
            RuleError: the message says which.
        """
        check_keeps_meetings_of(self.body, by=by)
        if group is not None and not groups_before(self.body).filter(pk=group.pk).exists():
            raise RuleError(
                f"The group is of no review that comes before {self.body}", where="group", next_step="Select a group of one that does."
            )
        check_remarked(self, marking=marking, group=group, reason=reason, by=by)

    def check_held(self) -> None:
        """Refuse to minute or decide at a meeting while it is not on record who was there.

        Raises:
            RuleError: its attendance is not recorded.
        """
        if not self.is_held:
            raise RuleError("It is not on record yet who was there", where=str(self), next_step="Record the attendance first.")

    def check_attendance(
        self, *, present: Collection[Person], apologies: Collection[Person], interests: Mapping[Person, str], today: date, by: Person
    ) -> None:
        """Refuse attendance before the day, twice, of nobody, of strangers, or other than what its decisions hold.

        Raises:
            RuleError: the message says which.
        """
        self.check_kept(by=by)
        if self.is_held:
            raise RuleError("It is on record already who was there", where="present", next_step="A record of attendance is not changed.")
        if self.on > today:
            raise RuleError(
                f"The meeting is on {self.on.day} {self.on:%B %Y}", where="present", next_step="Record it when it has been held."
            )
        if not present:
            raise RuleError("Nobody was present", where="present", next_step="Select who was there, or call the meeting off.")
        members = self.members()
        for person in {*present, *apologies, *interests}:
            if person not in members:
                raise RuleError(
                    f"{person} was no member of {self.body} on that day", where="others", next_step="Enter them among the others."
                )
        both = sorted(person.name for person in set(present) & set(apologies))
        if both:
            raise RuleError(f"{', '.join(both)} cannot be present and absent", where="apologies", next_step="Select one of the two.")
        self._check_decisions(present)

    def _check_decisions(self, present: Collection[Person]) -> None:
        # A decision that was recorded before its meeting holds who attended; the meeting does not say otherwise.
        for item in self.items.exclude(decision=None).select_related("decision").prefetch_related("decision__attendances__person"):
            for place in item.decision.attendances.all() if item.decision else ():
                if place.attended != (place.person in present):
                    was = "attended" if place.attended else "did not attend"
                    raise RuleError(
                        f"By the record of its decision {place.person} {was}",
                        where="present",
                        next_step=f"Record the attendance as decision “{item.decision}” has it.",
                    )


class Was(models.TextChoices):
    """As what somebody stands in the record of a meeting."""

    PRESENT = "present", "Present"
    APOLOGIES = "apologies", "Sent apologies"
    ABSENT = "absent", "Absent without apologies"
    ATTENDING = "in attendance", "In attendance"


class Presence(models.Model):
    """A member of that day, and whether they were there; or, by name, somebody else who attended. With the interest declared."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="presences")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200)
    was = models.CharField(max_length=20, choices=Was.choices)
    interest = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="presence_once"),
            models.CheckConstraint(condition=models.Q(was__in=Was.values), name="presence_known"),
            models.CheckConstraint(
                condition=models.Q(person=None, was=Was.ATTENDING) | models.Q(person__isnull=False), name="presence_named"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.get_was_display().lower()}"


def reviews_before(body: Body) -> models.QuerySet[Review]:
    """The reviews that can be on a body's agenda: those that it takes part in, is reviewed by, or commissioned."""
    of_it = models.Q(pk__in=ReviewBody.objects.filter(body=body).values("review"))
    return Review.objects.filter(of_it | models.Q(force=body) | models.Q(authority=body) | models.Q(programme__authority=body))


def groups_before(body: Body) -> models.QuerySet[NeedToKnowGroup]:
    """The groups for which a body's meeting can be marked: those of the reviews before it."""
    return NeedToKnowGroup.objects.filter(review__in=reviews_before(body))


def bodies_of(person: Person) -> models.QuerySet[Membership, int]:
    """The keys of the bodies in which a person holds a place today."""
    return Membership.objects.current().filter(person=person).values_list("body", flat=True)


def keeps_meetings_of(body: Body, person: Person | None) -> bool:
    """Whether a person calls a body's meetings and keeps their record: a member of it today, who does not only look on."""
    if person is None:
        return False
    return Membership.objects.current().filter(person=person, body=body).exclude(role__in=LISTENERS).exists()


def check_keeps_meetings_of(body: Body, *, by: Person) -> None:
    """Refuse whoever is no member of the body.

    Raises:
        RuleError: the message says whom to ask.
    """
    if not keeps_meetings_of(body, by):
        raise RuleError(f"{by} is no member of {body}", where=str(body), next_step=f"Ask a member of {body}, who keeps its minutes.")
