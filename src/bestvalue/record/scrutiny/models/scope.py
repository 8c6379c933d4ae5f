"""Scope decisions and problems with all their options: the chosen one, and those that were written off, with who, when and why."""

from collections.abc import Sequence
from datetime import date
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Membership, Person, User
from bestvalue.record.reviews.models import DECIDERS, Marked, Review, Strand, marking_constraints, readable
from bestvalue.record.scrutiny.models.challenge import check_running


class QuestionKind(models.TextChoices):
    """What the options are for."""

    SCOPE = "scope", "Scope: what the review looks at"
    PROBLEM = "problem", "Problem: what to do about something that the review found"


class Verdict(models.TextChoices):
    """What became of an option."""

    CHOSEN = "chosen", "Chosen"
    WRITTEN_OFF = "written off", "Written off"


class ScopeQuestionQuerySet(models.QuerySet["ScopeQuestion"]):
    """Questions about what had options."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the reviews that somebody sees."""
        return self.filter(review__in=Review.objects.visible_to(user))


class ScopeQuestion(models.Model):
    """A question of scope, or a problem, that could be settled in more than one way."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="scope_questions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=QuestionKind.choices)
    text = models.TextField()
    strand = models.ForeignKey(Strand, on_delete=models.PROTECT, null=True, blank=True, related_name="scope_questions")
    added_on = models.DateField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = ScopeQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="scope_question_number_once"),
            models.CheckConstraint(condition=models.Q(kind__in=QuestionKind.values), name="scope_question_kind_known"),
            models.CheckConstraint(condition=~models.Q(text=""), name="scope_question_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"

    @property
    def chosen(self) -> "Option | None":
        """The option that stands chosen."""
        return next((option for option in self.options.all() if option.verdict is Verdict.CHOSEN), None)


class OptionQuerySet(models.QuerySet["Option"]):
    """Questions about options."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the reviews that somebody sees; what is sensitive, only if they are in its group."""
        return self.filter(question__review__in=Review.objects.visible_to(user)).filter(readable(user))


class Option(Marked):
    """One way to settle a question. It stays, whatever becomes of it; "blue sky" marks one that is thought beyond today's means."""

    question = models.ForeignKey(ScopeQuestion, on_delete=models.PROTECT, related_name="options")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    cost = models.TextField()
    effect = models.TextField()
    is_blue_sky = models.BooleanField(default=False)
    added_on = models.DateField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = OptionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="option_number_once"),
            models.CheckConstraint(
                condition=~models.Q(text="") & ~models.Q(cost="") & ~models.Q(effect=""), name="option_says_cost_and_effect"
            ),
            *marking_constraints("option"),
        ]

    def __str__(self) -> str:
        return f"Option {self.reference}: {self.text}"

    @property
    def reference(self) -> str:
        """Number of the question, and of the option in it: "1.3"."""
        return f"{self.question.number}.{self.number}"

    @property
    def newest(self) -> "OptionDecision | None":
        """The newest decision about it; None while there is none."""
        # Of all of them in memory: the page has read them for every option at once.
        return max(self.decisions.all(), key=lambda decision: decision.pk, default=None)

    @property
    def verdict(self) -> Verdict | None:
        """What became of it so far."""
        return Verdict(self.newest.verdict) if self.newest else None

    def check_open_to(self, by: Person) -> None:
        """Refuse whoever may record no body's decision about it.

        Raises:
            RuleError: they are neither of the team nor decide in a body that takes part; or the review has ended.
        """
        if not bodies_to_record_for(self.question.review, by).exists():
            raise RuleError(
                f"{by} may not record what became of an option",
                where=f"Option {self.reference}",
                next_step="Ask the review's team, or a board or authority member of a body that takes part.",
            )
        check_running(self.question.review)

    def check_decidable(self, *, verdict: Verdict, body: Body, on: date, today: date, reason: str, by: Person) -> None:
        """Refuse a decision by whoever may not record it, without its reason, of a wrong day, or beside another choice.

        Raises:
            RuleError: the message says which.
        """
        self.check_open_to(by)
        if not bodies_to_record_for(self.question.review, by).filter(pk=body.pk).exists():
            raise RuleError(f"{by} may not record a decision of {body}", where="body", next_step="Select another body, or ask a member.")
        if not reason.strip():
            raise RuleError("Whether chosen or written off, an option has its reason", where="reason", next_step="Say why in a sentence.")
        since = self.newest.on if self.newest else self.added_on
        if on > today or (self.newest and on < since):
            raise RuleError(f"{on:%d %B %Y} is not a day on which it can have been decided", where="on", next_step=_which_day(self.newest))
        if verdict is self.verdict:
            raise RuleError(f"The option is {verdict.label.lower()} already", where="verdict", next_step="Nothing is left to record.")
        chosen = self.question.chosen
        if verdict is Verdict.CHOSEN and chosen is not None:
            raise RuleError(
                f"Option {chosen.reference} is chosen", where="verdict", next_step="Write that one off first, or add an option of both."
            )


class OptionDecision(models.Model):
    """What a body decided about an option on a day, and why. Decisions are added, never changed; the newest counts."""

    option = models.ForeignKey(Option, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="option_decisions")
    on = models.DateField()
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(verdict__in=Verdict.values), name="option_verdict_known"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="option_decision_has_reason"),
        ]

    def __str__(self) -> str:
        return f"Option {self.option.reference} {self.get_verdict_display().lower()}, {self.on:%d %B %Y}"


def bodies_to_record_for(review: Review, person: Person) -> models.QuerySet[Body]:
    """The bodies whose decision about an option a person may record: the team those of every body, a member of a body its own."""
    deciding = Body.objects.filter(models.Q(pk__in=review.parts.values("body")) | models.Q(pk=review.authority_id))
    if review.is_editable_by(person):
        return deciding
    held = Membership.objects.current().filter(person=person, role__in=DECIDERS)
    return deciding.filter(pk__in=held.values("body"))


def check_question(review: Review, *, text: str, strand: Strand | None, by: Person) -> None:
    """Refuse a question by whoever does not write in the review, that says nothing, or of another review's strand.

    Raises:
        RuleError: the message says which.
    """
    review.check_editable(by=by)
    if not text.strip():
        raise RuleError("A question says something", where="text", next_step="Enter the question.")
    if strand is not None and strand.review_id != review.pk:
        raise RuleError(f"The strand “{strand}” belongs to another review", where="strand", next_step="Select a strand of this review.")


def check_option(question: ScopeQuestion, *, said: Sequence[tuple[str, str]], by: Person) -> None:
    """Refuse an option by whoever does not write in the review, or that leaves out its words, cost or effect.

    Args:
        question: what it would settle.
        said: the name of each of its parts, and its words.
        by: who adds it.

    Raises:
        RuleError: the message says which.
    """
    question.review.check_editable(by=by)
    for name, words in said:
        if not words.strip():
            raise RuleError(f"An option says its {name}", where=name, next_step="Enter it in words; “not known” is an answer.")


def _which_day(newest: OptionDecision | None) -> str:
    return f"Enter a day from {newest.on:%d %B %Y} to today." if newest else "Enter today or an earlier day."
