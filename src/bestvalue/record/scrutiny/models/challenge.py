"""The challenge log: who challenged what in a review, and everything that was said about it afterwards."""

from datetime import date
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Membership, Person, Role, User, person_of
from bestvalue.record.reviews.life_cycle import ENDED, Part
from bestvalue.record.reviews.models import EDITORS, Finding, Marked, Review, Strand, marking_constraints, readable
from bestvalue.record.scrutiny.challenge_steps import HEARD, STEPS, Effect, Side, Step, open_steps

CHALLENGERS = (Role.PANEL_MEMBER, Role.BOARD_MEMBER, Role.AUTHORITY_MEMBER, Role.INSPECTOR)
"""Whose place in a body that takes part lets them challenge. The team answers; it does not challenge its own review."""

BOARDS = (Part.PROJECT_BOARD, Part.MANAGEMENT_BOARD, Part.COMMITTEE)
"""What a body is in the review that a challenge can be escalated to."""


class ChallengerKind(models.TextChoices):
    """Whose challenge it is. A member may put on record what a group says that has no place in the review itself."""

    PANEL = "panel", "Challenge panel (critical friend)"
    ADVISORY = "advisory group", "Advisory group"
    MEMBER = "member", "Member of the authority"
    BOARD = "board", "Board"
    UNION = "union", "Union or staff association"
    STAFF = "staff", "Staff"
    INSPECTOR = "inspector", "Inspector"


class ChallengeQuerySet(models.QuerySet["Challenge"]):
    """Questions about challenges."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The challenges to reviews that somebody sees; what is sensitive, only if they raised it or are in its group."""
        own = models.Q(raised_by=person_of(user))
        return self.filter(review__in=Review.objects.visible_to(user)).filter(readable(user) | own)

    def count_by_body(self) -> dict[str, int]:
        """How many were raised for each body, by its name; a body for which none was raised is left out."""
        return dict(self.order_by().values_list("body__name").annotate(models.Count("pk")))

    def unanswered(self) -> Self:
        """Those that wait for the team: raised, reopened or escalated, and not answered since. The oldest first."""
        newest = ChallengeStep.objects.filter(challenge=models.OuterRef("pk")).order_by("-pk")
        waiting = self.annotate(newest_step=models.Subquery(newest.values("step")[:1]))
        return waiting.filter(models.Q(newest_step=None) | ~models.Q(newest_step__in=HEARD)).order_by("raised_on", "pk")


class Challenge(Marked):
    """What somebody challenged, on a day. Neither its words nor what follows it is ever changed; its marking may be."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="challenges")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=ChallengerKind.choices)
    challenger = models.CharField(max_length=200)
    text = models.TextField()
    raised_on = models.DateField()
    strand = models.ForeignKey(Strand, on_delete=models.PROTECT, null=True, blank=True, related_name="challenges")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, blank=True, related_name="challenges")
    raised_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="challenges")
    # The body for which it was raised, so that it is not lost with the term of office of whoever raised it.
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="challenges")

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="challenge_number_once"),
            models.CheckConstraint(condition=models.Q(kind__in=ChallengerKind.values), name="challenge_kind_known"),
            models.CheckConstraint(condition=~models.Q(text="") & ~models.Q(challenger=""), name="challenge_says_what_and_who"),
            *marking_constraints("challenge"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.text}"

    @property
    def reference(self) -> str:
        """How it is cited: "C2"."""
        return f"C{self.number}"

    @property
    def newest(self) -> "ChallengeStep | None":
        """The newest step; None while it was only raised."""
        # Of all of them in memory: the log has read them for every challenge at once.
        return max(self.steps.all(), key=lambda step: step.pk, default=None)

    @property
    def standing(self) -> Step | None:
        """Where it stands: its newest step."""
        return Step(self.newest.step) if self.newest else None

    @property
    def is_answered(self) -> bool:
        """Whether the team answered, and nobody came back on it."""
        return self.standing in HEARD

    @property
    def waiting_since(self) -> date | None:
        """The day since which it waits for the team: that of its newest step, else of the challenge; None when it is answered."""
        if self.is_answered:
            return None
        return self.newest.on if self.newest else self.raised_on

    def is_followed_by(self, person: Person) -> bool:
        """Whether a person may accept, reopen or escalate it: who raised it, or who challenges for the same body today."""
        held = Membership.objects.current().filter(person=person, role__in=CHALLENGERS)
        return held.filter(body=self.body).exists() or (person == self.raised_by and bodies_to_challenge_for(self.review, person).exists())

    def steps_open_to(self, person: Person) -> tuple[Step, ...]:
        """What a person may do with it now."""
        if self.review.stage in ENDED:
            return ()
        sides = {Side.TEAM: self.review.is_editable_by, Side.CHALLENGER: self.is_followed_by}
        return tuple(step for side, may in sides.items() if may(person) for step in open_steps(self.standing, side=side))

    def check_open_to(self, by: Person, *, step: Step) -> None:
        """Refuse a step by whoever may not take it, or that does not follow the newest one.

        Raises:
            RuleError: the message says who may, or where the challenge stands.
        """
        rule = STEPS[step]
        may = self.review.is_editable_by(by) if rule.side is Side.TEAM else self.is_followed_by(by)
        if not may:
            raise RuleError(f"{by} may not {rule.order}", where=self.reference, next_step=f"Ask {rule.side.label}.")
        check_running(self.review)
        if self.standing not in rule.follows:
            stands = self.standing.label.lower() if self.standing else "not answered yet"
            raise RuleError(f"Nobody can {rule.order} now: it is {stands}", where=self.reference, next_step="Open the challenge again.")

    def check_step(
        self, *, step: Step, text: str, on: date, today: date, effect: Effect | None, escalated_to: Body | None, by: Person
    ) -> None:
        """Refuse a step that may not be taken, or that says too little.

        Raises:
            RuleError: the message says who may take it, or what is missing.
        """
        self.check_open_to(by, step=step)
        if not text.strip() and step is not Step.ACCEPTED:
            raise RuleError(f"{STEPS[step].says} says something", where="text", next_step="Say it in a sentence or two.")
        since = self.newest.on if self.newest else self.raised_on
        if not since <= on <= today:
            raise RuleError(
                f"What came before is of {since:%d %B %Y}", where="on", next_step=f"Enter a day from {since:%d %B %Y} to today."
            )
        if (step is Step.ANSWERED) != (effect is not None):
            raise RuleError("An answer, and nothing else, says its effect on the review", where="effect", next_step="Select the effect.")
        if step is Step.ESCALATED and (escalated_to is None or not boards_of(self.review).filter(pk=escalated_to.pk).exists()):
            raise RuleError("A challenge is escalated to a board of this review", where="escalated_to", next_step="Select a board.")
        if step is not Step.ESCALATED and escalated_to is not None:
            raise RuleError("Only an escalation names a board", where="escalated_to", next_step="Leave the board out.")


class ChallengeStep(models.Model):
    """An answer, or what its challenger said to it. Steps are added, never changed: an answer that fails to convince stays in view."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=10, choices=Step.choices)
    text = models.TextField(blank=True)
    effect = models.CharField(max_length=10, choices=Effect.choices, blank=True)
    escalated_to = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    on = models.DateField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(step__in=Step.values), name="challenge_step_known"),
            models.CheckConstraint(condition=models.Q(effect__in=["", *Effect.values]), name="challenge_effect_known"),
            models.CheckConstraint(condition=models.Q(step=Step.ACCEPTED) | ~models.Q(text=""), name="challenge_step_says_something"),
            models.CheckConstraint(
                condition=models.Q(step=Step.ANSWERED) & ~models.Q(effect="") | ~models.Q(step=Step.ANSWERED) & models.Q(effect=""),
                name="challenge_answer_has_effect",
            ),
            models.CheckConstraint(
                condition=models.Q(step=Step.ESCALATED, escalated_to__isnull=False)
                | ~models.Q(step=Step.ESCALATED) & models.Q(escalated_to=None),
                name="challenge_escalated_to_a_board",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.challenge.reference} {self.get_step_display().lower()}, {self.on:%d %B %Y}"


def bodies_to_challenge_for(review: Review, person: Person) -> models.QuerySet[Body]:
    """The bodies of a review for which a person may challenge: those that take part, save the team, and the authority."""
    takes_part = models.Q(pk__in=review.parts.exclude(part=Part.TEAM).values("body")) | models.Q(pk=review.authority_id)
    held = Membership.objects.current().filter(person=person, role__in=CHALLENGERS)
    return Body.objects.filter(takes_part, pk__in=held.values("body"))


def boards_of(review: Review) -> models.QuerySet[Body]:
    """The bodies of a review that a challenge can be escalated to."""
    return Body.objects.filter(pk__in=review.parts.filter(part__in=BOARDS).values("body"))


def check_running(review: Review) -> None:
    """Refuse to add anything to a review that has ended.

    Raises:
        RuleError: it is closed or withdrawn.
    """
    if review.stage in ENDED:
        raise RuleError(f"The review is {review.stage.label.lower()}", where=review.title, next_step="Nothing more can be recorded in it.")


def check_may_challenge(review: Review, *, by: Person) -> Body:
    """The body for which a person challenges. Refuses whoever is of no body that may.

    Raises:
        RuleError: they are no panel, board or authority member, nor an inspector, of a body that takes part; or the review has ended.
    """
    body = bodies_to_challenge_for(review, by).order_by("pk").first()
    if body is None:
        team = " The review's team answers challenges." if by.holds(*EDITORS) else ""
        raise RuleError(
            f"{by} may not challenge this review",
            where=review.title,
            next_step=f"Ask a member of its panel, of its boards or of the authority.{team}",
        )
    check_running(review)
    return body


def check_challenge(
    review: Review, *, text: str, challenger: str, raised_on: date, today: date, strand: Strand | None, finding: Finding | None
) -> None:
    """Refuse a challenge that says nothing, of a day to come, about another review, or about a finding that was withdrawn.

    Raises:
        RuleError: the message says which.
    """
    if not challenger.strip():
        raise RuleError("A challenge says whose it is", where="challenger", next_step="Enter the name of the person or body.")
    if not text.strip():
        raise RuleError("A challenge says something", where="text", next_step="Enter the challenge.")
    if raised_on > today:
        raise RuleError(f"{raised_on:%d %B %Y} is still to come", where="raised_on", next_step="Enter the day on which it was said.")
    if strand is not None and strand.review_id != review.pk:
        raise RuleError(f"The strand “{strand}” belongs to another review", where="strand", next_step="Select a strand of this review.")
    if finding is not None and finding.review_id != review.pk:
        raise RuleError("The finding belongs to another review", where="finding", next_step="Select a finding of this review.")
    if finding is not None:
        finding.check_standing()
    if finding is not None and strand is not None and finding.strand_id != strand.pk:
        raise RuleError(f"Finding {finding.reference} is of another strand", where="strand", next_step="Leave the strand out.")
