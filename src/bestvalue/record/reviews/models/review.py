"""A review: its programme, who takes part, where it is, its strands."""

from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Membership, Person, Role, User, person_of
from bestvalue.record.programme.models import CandidateService, Programme
from bestvalue.record.reviews.life_cycle import ENDED, FIRST, NOT_SELECTED, Part, Stage
from bestvalue.record.reviews.marked_content import holds_sensitive, quoted_by, sensitive_seen_by
from bestvalue.record.reviews.models.withdrawal import Withdrawable, withdrawal_constraint
from bestvalue.record.row_versions import Versioned

EDITORS = (Role.PROGRAMME_MANAGER, Role.PROJECT_MANAGER, Role.LEAD, Role.ANALYST, Role.FINANCIAL_ADVISER)
"""Who may add to a review. Boards, panels and members of the authority challenge and decide; they do not write the review."""

PUBLISHERS = (Role.PROGRAMME_MANAGER, Role.PROJECT_MANAGER)
"""Who may propose to publish a review's report, put it to a body for decision, and say which bodies take part."""

CONFIRMERS = (*PUBLISHERS, Role.BOARD_MEMBER)
"""Who may confirm what another proposed to publish: the other manager, or a member of a board that takes part."""


class Marking(models.TextChoices):
    """Government security marking; SENSITIVE is a marking within OFFICIAL, and nothing above OFFICIAL may be kept here."""

    OFFICIAL = "OFFICIAL", "OFFICIAL"
    SENSITIVE = "OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE"


class ReviewQuerySet(models.QuerySet["Review"]):
    """Questions about reviews."""

    def the_one(self, number: int | None) -> "Review":
        """The review of this number; without a number, the only one there is.

        Raises:
            RuleError: there is no such review, or no number is given and there is not exactly one.
        """
        found = list(self.filter(pk=number) if number is not None else self.order_by("pk"))
        if len(found) == 1:
            return found[0]
        listed = "; ".join(f"{review.pk} is {review.title}" for review in self.order_by("pk")) or "there is none yet"
        what = f"There is no review number {number}" if number is not None else f"There are {len(found)} reviews, so which one is not clear"
        raise RuleError(what, where="REVIEW", next_step=f"Name one by its number: {listed}.")

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The reviews that somebody sees: those that their bodies take part in, are reviewed by, or commissioned."""
        person = person_of(user)
        if person is None:
            return self.none()
        bodies = Membership.objects.current().filter(person=person).values("body")
        takes_part = models.Q(pk__in=ReviewBody.objects.filter(body__in=bodies).values("review"))
        return self.filter(
            takes_part | models.Q(force__in=bodies) | models.Q(authority__in=bodies) | models.Q(programme__authority__in=bodies)
        )

    def with_stage(self) -> Self:
        """Each with its newest stage as `newest_stage`."""
        newest = ReviewStage.objects.filter(review=models.OuterRef("pk")).order_by("-on", "-pk")
        return self.annotate(newest_stage=models.Subquery(newest.values("stage")[:1]))

    def with_marking(self, user: User | AnonymousUser) -> Self:
        """Each with the highest marking of anything that somebody sees in it, as `seen_marking`: what `marking_for` asks for one."""
        sensitive = models.When(sensitive_seen_by(user), then=models.Value(Marking.SENSITIVE.value))
        return self.annotate(seen_marking=models.Case(sensitive, default=models.Value(Marking.OFFICIAL.value)))

    def running(self) -> Self:
        """Those that have not ended."""
        return self.with_stage().exclude(newest_stage__in=ENDED)

    def selected(self) -> Self:
        """Those that a committee selected, and did not withdraw."""
        return self.with_stage().exclude(newest_stage__in=NOT_SELECTED)


class Review(Versioned):
    """The review of one service of one force for one authority."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="reviews")
    title = models.CharField(max_length=200)
    service = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    context = models.TextField(blank=True)
    method = models.TextField(blank=True)
    force = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="reviews_of_force")
    authority = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="reviews_for_authority")
    bodies = models.ManyToManyField(Body, through="ReviewBody", related_name="reviews")
    synthetic = models.BooleanField(default=False)
    candidate = models.OneToOneField(CandidateService, on_delete=models.PROTECT, null=True, blank=True, related_name="review")

    # What the questions `with_stage` and `with_marking` add to each row that they find.
    newest_stage: str
    seen_marking: str

    objects = ReviewQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["title"]
        constraints = [models.UniqueConstraint(fields=["programme", "title"], name="review_title_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def stage(self) -> Stage:
        """Where the review is: its newest stage."""
        # Of all of them in memory: a list of reviews has read them for every review at once.
        return Stage(max(self.stages.all(), key=lambda stage: (stage.on, stage.pk)).stage)

    @property
    def marking(self) -> Marking:
        """The highest marking of anything in the review."""
        return Marking.SENSITIVE if holds_sensitive(self) else Marking.OFFICIAL

    def marking_for(self, user: User | AnonymousUser) -> Marking:
        """The highest marking of anything that somebody sees in the review: that something is hidden from them, they do not learn."""
        return Marking.SENSITIVE if holds_sensitive(self, user=user) else Marking.OFFICIAL

    def is_editable_by(self, person: Person | None) -> bool:
        """Whether a person may add to the review."""
        return self._has(person, EDITORS)

    def check_editable(self, *, by: Person) -> None:
        """Refuse whoever is not of the review's team.

        Raises:
            RuleError: they hold no writing role in a body of this review, or the review is closed.
        """
        may_add, stage = self._standing_for(by, EDITORS)
        if not may_add:
            raise RuleError(
                f"{by} may not add to this review",
                where=self.title,
                next_step="Ask the project manager; the review's team and leads write in it.",
            )
        if stage in ENDED:
            raise RuleError(f"The review is {stage.label.lower()}", where=self.title, next_step="Record new evidence in a new review.")

    def is_run_by(self, person: Person | None) -> bool:
        """Whether a person manages the review: its project manager, or the programme's."""
        return self._has(person, PUBLISHERS)

    def check_run(self, *, by: Person) -> None:
        """Refuse whoever does not manage the review, or to change who takes part in one that has ended.

        Raises:
            RuleError: they are no project or programme manager in a body of this review, or it has ended.
        """
        if not self.is_run_by(by):
            raise RuleError(f"{by} does not manage this review", where=self.title, next_step="Ask the project manager.")
        self.check_editable(by=by)

    def check_publishable(self, *, by: Person | None) -> None:
        """Refuse to propose a report of a review that has nothing to say, or by somebody who may not; None is the operator.

        Raises:
            RuleError: no finding has been drawn, or the person is not its project or programme manager.
        """
        if by is not None and not self._has(by, PUBLISHERS):
            raise RuleError(f"{by} may not publish this review", where=self.title, next_step="Ask the project manager.")
        self._check_reads_all(by)
        if not self.findings.filter(withdrawn_on=None).exists():
            raise RuleError("The review has no findings yet", where=self.title, next_step="Add a finding that cites evidence.")

    def is_confirmed_by(self, person: Person | None) -> bool:
        """Whether a person may be the second who confirms what another proposed to publish."""
        return self._has(person, CONFIRMERS)

    def check_confirmable(self, *, by: Person) -> None:
        """Refuse to confirm or refuse a report by somebody who may not, or who may not read all of it.

        Raises:
            RuleError: the message says whom to ask.
        """
        if not self.is_confirmed_by(by):
            raise RuleError(
                f"{by} may not confirm reports of this review",
                where=self.title,
                next_step="Ask a project or programme manager, or a member of one of its boards.",
            )
        self._check_reads_all(by)

    def _check_reads_all(self, by: Person | None) -> None:
        """Refuse to publish what somebody may not read themselves."""
        barred = self.groups.filter(quoted_by(self)).exclude(pk__in=self._groups_of(by)) if by else self.groups.none()
        if barred.exists():
            raise RuleError(
                f"{by} may not read everything that the report would quote",
                where=self.title,
                next_step=f"Ask somebody in {', '.join(str(group) for group in barred)}, or have what is sensitive marked down.",
            )

    def _groups_of(self, person: Person) -> "models.QuerySet[Any]":
        current = models.Q(places__ends=None) | models.Q(places__ends__gte=timezone.localdate())
        return self.groups.filter(current, places__person=person, places__starts__lte=timezone.localdate()).values("pk")

    def _standing_for(self, person: Person, roles: tuple[Role, ...]) -> tuple[bool, Stage]:
        """Whether a person holds one of these roles in a body that takes part, and where the review is.

        From memory where a page has read it; else both in one question, which nearly every page of the review asks.
        """
        read = getattr(self, "_prefetched_objects_cache", {})
        if "parts" in read or "stages" in read:
            return self._has(person, roles), self.stage
        held = ReviewBody.objects.filter(review=self, body__in=person.bodies_today(*roles))
        newest = self.stages.order_by("-on", "-pk").annotate(holds=models.Exists(held)).values_list("stage", "holds").first()
        return (bool(newest[1]), Stage(newest[0])) if newest else (False, FIRST)

    def _has(self, person: Person | None, roles: tuple[Role, ...]) -> bool:
        if person is None:
            return False
        held = person.bodies_today(*roles)
        # Of all parts in memory where a page has read them; whoever holds no such place needs no look at them.
        return bool(held) and any(part.body_id in held for part in self.parts.all())


def check_proposes(programme: Programme, *, by: Person) -> None:
    """Refuse whoever may not propose a review.

    Raises:
        RuleError: the person is no programme or project manager.
    """
    if not by.holds(*PUBLISHERS):
        raise RuleError(f"{by} may not propose a review", where=programme.title, next_step="Ask the programme manager.")


def check_starts_reviews(programme: Programme, *, title: str, candidate: CandidateService | None, by: Person) -> None:
    """Refuse a review that somebody proposes who may not, or whose title is taken.

    Raises:
        RuleError: the person is no programme or project manager, the programme has a review of this title, or the candidate is
            another programme's or reviewed already.
    """
    check_proposes(programme, by=by)
    if programme.reviews.filter(title__iexact=title).exists():
        raise RuleError(f"The programme has a review called {title!r} already", where=str(programme), next_step="Choose another title.")
    if candidate is not None and candidate.programme_id != programme.pk:
        raise RuleError(f"“{candidate}” is a candidate of another programme", where=str(programme), next_step="Add it to this one first.")
    if candidate is not None and Review.objects.filter(candidate=candidate).exists():
        raise RuleError(f"A review of “{candidate}” is proposed already", where=str(programme), next_step="Open that review.")


def over_the_limit(programme: Programme, *, selected: int) -> str:
    """The warning that more reviews are selected than the authority means to; empty while there are not. It bars nothing.

    The authority of 2004 approved two a year; a year may need a third, and the record shows that it was chosen knowingly.

    Args:
        programme: what the authority means to do.
        selected: how many reviews are selected.
    """
    if selected <= programme.reviews_a_year:
        return ""
    return f"{selected} reviews are selected, and the authority means to select {programme.reviews_a_year} this year"


class ReviewBody(models.Model):
    """A body that takes part in a review."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="parts")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="parts_in_reviews")
    part = models.CharField(max_length=20, choices=Part.choices)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["review", "body", "part"], name="review_body_once"),
            models.CheckConstraint(condition=models.Q(part__in=Part.values), name="review_body_part_known"),
        ]

    def __str__(self) -> str:
        return f"{self.body}, {self.get_part_display().lower()}"


class ReviewStage(models.Model):
    """A stage that a review reached, on a day, by which decision. Stages are added, never changed."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="stages")
    stage = models.CharField(max_length=20, choices=Stage.choices)
    on = models.DateField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decision = models.OneToOneField("Decision", on_delete=models.PROTECT, null=True, blank=True, related_name="reached")
    # Reached before this record kept decisions: no decision is invented for it. Nothing on the site sets it.
    before_decisions = models.BooleanField(default=False)

    class Meta:
        ordering = ["on", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(stage__in=Stage.values), name="review_stage_known"),
            models.CheckConstraint(
                condition=models.Q(stage=FIRST) | models.Q(decision__isnull=False) | models.Q(before_decisions=True),
                name="review_stage_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()}, {self.on:%d %B %Y}"


class StrandQuerySet(models.QuerySet["Strand"]):
    """Questions about strands."""

    def standing(self) -> Self:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_on=None)


class Strand(Versioned, Withdrawable):
    """One line of inquiry of a review. One that the review drops is withdrawn with its reason, and keeps its number."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="strands")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    question = models.TextField()

    objects = StrandQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="strand_number_once"),
            models.UniqueConstraint(fields=["review", "name"], name="strand_name_once"),
            withdrawal_constraint("strand"),
        ]

    def __str__(self) -> str:
        return self.name

    def check_withdrawable(self) -> None:
        """Refuse to withdraw a strand that was withdrawn already, or along which findings were drawn that stand.

        Raises:
            RuleError: the message says which.
        """
        self.check_standing()
        if self.findings.filter(withdrawn_on=None).exists():
            raise RuleError(
                f"Findings were drawn along the strand “{self}”, and the report publishes them under it",
                where="strand",
                next_step="Keep the strand, or withdraw its findings first. The findings of the review lists them.",
            )
