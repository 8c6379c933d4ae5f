"""An inspection: who inspects whom, against which framework, and how far it is."""

from functools import cached_property
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.assessment.framework import Framework
from bestvalue.record.assessment.steps import ENDED, NEXT, Step
from bestvalue.record.bodies.models import Body, Membership, Person, Role, User, person_of
from bestvalue.record.inspections.models import PublishedReport
from bestvalue.record.reviews.models import EDITORS, Review, ReviewBody


class Place(models.TextChoices):
    """What an inspector is in one inspection."""

    LEAD = "lead", "Lead inspector"
    INSPECTOR = "inspector", "Inspector"
    SECOND = "second", "Second inspector, who grades blind"


class InspectionQuerySet(models.QuerySet["Inspection"]):
    """Questions about inspections."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those that somebody inspects, and those of which their bodies are inspected."""
        person = person_of(user)
        if person is None:
            return self.none()
        bodies = Membership.objects.current().filter(person=person).values("body")
        inspects = models.Q(pk__in=Inspector.objects.filter(person=person).values("inspection"))
        return self.filter(
            inspects | models.Q(force__in=bodies) | models.Q(authority__in=bodies) | models.Q(review__in=Review.objects.visible_to(user))
        )

    def with_step(self) -> Self:
        """Each with its newest step as `newest_step`."""
        newest = InspectionStep.objects.filter(inspection=models.OuterRef("pk")).order_by("-pk")
        return self.annotate(newest_step=models.Subquery(newest.values("step")[:1]))

    def with_report(self) -> Self:
        """Each with whether its report is laid out, and how many comments on it wait, as `is_laid_out` and `comments_waiting`."""
        # Through the relations back, because the models of the report are defined above this one and import it.
        comments = models.Count("drafts__comments", filter=models.Q(drafts__comments__disposition=None), distinct=True)
        return self.annotate(is_laid_out=models.Count("sections", distinct=True), comments_waiting=comments)


class Inspection(models.Model):
    """An inspection of a service of a force: of our review, of what an imported report tells of, or of neither."""

    title = models.CharField(max_length=200)
    service = models.CharField(max_length=200)
    issuer = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="inspections_made")
    force = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="inspections_of_force")
    authority = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="inspections_of_authority")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, blank=True, related_name="inspections")
    about_report = models.ForeignKey(PublishedReport, on_delete=models.PROTECT, null=True, blank=True, related_name="inspections_about")
    fieldwork_starts = models.DateField()
    fieldwork_ends = models.DateField()
    # The framework as it was on the day of planning, whole: a later edition changes no judgement.
    framework = models.JSONField()
    # What was published: in the library, and its recommendations in the register.
    published = models.OneToOneField(PublishedReport, on_delete=models.PROTECT, null=True, blank=True, related_name="inspection")

    # What the questions `with_step` and `with_report` add to each row that they find.
    newest_step: str
    is_laid_out: bool
    comments_waiting: int

    objects = InspectionQuerySet.as_manager()

    class Meta:
        ordering = ["-fieldwork_starts", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "title"], name="inspection_title_once"),
            models.CheckConstraint(
                condition=models.Q(fieldwork_ends__gte=models.F("fieldwork_starts")), name="inspection_fieldwork_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @cached_property
    def frame(self) -> Framework:
        """The framework that it judges by."""
        return Framework.model_validate(self.framework)

    @property
    def step(self) -> Step:
        """How far it is: its newest step."""
        return Step(max(self.steps.all(), key=lambda step: step.pk).step)

    def has_reached(self, step: Step) -> bool:
        """Whether it has reached a step, now or before."""
        return any(each.step == step for each in self.steps.all())

    def place_of(self, person: Person | None) -> Place | None:
        """What a person is among its inspectors; None for everybody else."""
        found = next((each for each in self.inspectors.all() if person is not None and each.person_id == person.pk), None)
        return Place(found.place) if found else None

    def speaks_for_inspected(self, person: Person | None) -> Body | None:
        """The inspected body that a person speaks for: the force or the authority, or the force for the team of its review."""
        if person is None:
            return None
        known: dict[int, Body | None] = self.__dict__.setdefault("_speakers", {})
        if person.pk not in known:
            known[person.pk] = self._body_of(person)
        return known[person.pk]

    def _body_of(self, person: Person) -> Body | None:
        held = Membership.objects.current().filter(person=person).exclude(role__in=[Role.INSPECTOR, Role.OBSERVER])
        of_the_team = models.Q(role__in=EDITORS, body__in=ReviewBody.objects.filter(review=self.review_id).values("body"))
        bodies = set(held.filter(models.Q(body__in=[self.force_id, self.authority_id]) | of_the_team).values_list("body", flat=True))
        if bodies == {self.authority_id}:
            return self.authority
        return self.force if bodies else None

    def shows_grades_to(self, person: Person) -> bool:
        """Whether grades of others show: to inspectors once they are shared, to the inspected bodies with the draft."""
        return self.has_reached(Step.SHARED) if self.place_of(person) else self.has_reached(Step.ACCURACY)

    def check_inspects(self, *, by: Person, order: str) -> Place:
        """Refuse whoever is not among the inspectors, or anything new in an inspection that has ended.

        Args:
            by: who wants to.
            order: what they want to do, for the error: "grade".

        Raises:
            RuleError: the message says which.
        """
        place = self.place_of(by)
        if place is None:
            raise RuleError(f"{by} may not {order}", where=self.title, next_step="Ask one of the inspectors.")
        if self.step in ENDED:
            raise RuleError(f"The inspection is {self.step.label.lower()}", where=self.title, next_step="Nothing more can be added to it.")
        return place

    def check_leads(self, *, by: Person, order: str) -> None:
        """Refuse whoever does not lead the inspection.

        Raises:
            RuleError: the person is not its lead inspector, or it has ended.
        """
        if self.check_inspects(by=by, order=order) is not Place.LEAD:
            raise RuleError(f"{by} may not {order}", where=self.title, next_step="Ask the lead inspector.")

    def check_reaches(self, step: Step) -> None:
        """Refuse a step that does not follow the present one.

        Raises:
            RuleError: the message says what follows.
        """
        if step not in NEXT[self.step]:
            follow = " or ".join(f"“{each.label}”" for each in NEXT[self.step]) or "nothing"
            raise RuleError(f"“{step.label}” does not follow “{self.step.label}”", where=self.title, next_step=f"What follows is {follow}.")

    def check_stands_at(self, *steps: Step, order: str) -> None:
        """Refuse what can be done only at some steps.

        Raises:
            RuleError: the inspection stands elsewhere.
        """
        if self.step not in steps:
            allowed = " or ".join(f"“{step.label}”" for step in steps)
            raise RuleError(
                f"Nobody can {order} while the inspection stands at “{self.step.label}”",
                where=self.title,
                next_step=f"It is done at {allowed}.",
            )


class InspectionStep(models.Model):
    """A step that an inspection reached. Steps are added, never changed."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=10, choices=Step.choices)
    on = models.DateField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=models.Q(step__in=Step.values), name="inspection_step_known")]

    def __str__(self) -> str:
        return f"{self.get_step_display()}, {self.on:%d %B %Y}"


class Inspector(models.Model):
    """Somebody who inspects. One leads; a second inspector grades blind, so that the grades can be moderated."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="inspectors")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="inspects")
    place = models.CharField(max_length=10, choices=Place.choices)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "person"], name="inspector_once"),
            models.UniqueConstraint(fields=["inspection"], condition=models.Q(place=Place.LEAD), name="inspection_has_one_lead"),
            models.UniqueConstraint(fields=["inspection"], condition=models.Q(place=Place.SECOND), name="inspection_has_one_second"),
            models.CheckConstraint(condition=models.Q(place__in=Place.values), name="inspector_place_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_place_display().lower()}"


def may_plan(person: Person) -> bool:
    """Whether somebody may plan an inspection: an inspector of some body."""
    return person.holds(Role.INSPECTOR)


def check_plans(*, by: Person, details: dict[str, Any]) -> None:
    """Refuse to plan an inspection by somebody who is no inspector, without a title, or of a body that inspects itself.

    Raises:
        RuleError: the message says which.
    """
    if not may_plan(by):
        raise RuleError(f"{by} may not plan an inspection", next_step="Ask an inspector.")
    for field, words in (("title", "a title"), ("service", "a service")):
        if not str(details[field]).strip():
            raise RuleError(f"An inspection has {words}", where=field, next_step=f"Enter {words}.")
    if details["issuer"] in (details["force"], details["authority"]):
        raise RuleError("A body does not inspect itself", where="issuer", next_step="Select the body that inspects.")
    if details["fieldwork_ends"] < details["fieldwork_starts"]:
        raise RuleError("Fieldwork ends before it starts", where="fieldwork_ends", next_step="Enter a later day.")
    if Inspection.objects.filter(issuer=details["issuer"], title__iexact=str(details["title"]).strip()).exists():
        raise RuleError("There is an inspection of this title already", where="title", next_step="Enter another title, with its year.")
