"""Findings that ask for something without a recommendation, and what people decided about them."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person, Role, User
from bestvalue.record.inspections.models.report import Paragraph, PublishedReport


class Outcome(models.TextChoices):
    """What was decided about a candidate."""

    CONFIRMED = "confirmed", "Taken up"
    DISMISSED = "dismissed", "Set aside"


DECIDERS = (Role.PROGRAMME_MANAGER, Role.PROJECT_MANAGER, Role.LEAD, Role.BOARD_MEMBER)
"""Who may take up a finding as a recommendation, or set it aside."""


class CandidateQuerySet(models.QuerySet["Candidate"]):
    """Questions about candidates."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The candidates of the reports that somebody sees."""
        return self.filter(report__in=PublishedReport.objects.visible_to(user))

    def offered(self) -> Self:
        """Those that nobody has decided about."""
        return self.filter(decisions=None)


class Candidate(models.Model):
    """A finding that asks for something although the report makes no recommendation of it: offered to a person to decide."""

    report = models.ForeignKey(PublishedReport, on_delete=models.PROTECT, related_name="candidates")
    order = models.PositiveSmallIntegerField()
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, related_name="candidates")
    text = models.TextField()
    phrase = models.TextField()
    # How sure the reader is that this asks for something, 0 to 1, and the same in a word; it orders a person's work.
    confidence_share = models.FloatField()
    confidence = models.CharField(max_length=10)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["report", "order"], name="candidate_order_once"),
            models.CheckConstraint(condition=models.Q(confidence_share__range=(0.0, 1.0)), name="candidate_confidence_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.paragraph.number} {self.text}"

    @property
    def status(self) -> str:
        """offered, dismissed or confirmed: the newest decision."""
        decisions = list(self.decisions.all())  # in their order; a list of candidates has read them all at once
        return decisions[-1].outcome if decisions else "offered"

    def check_decidable(self, *, reason: str, by: Person) -> None:
        """Refuse a decision by somebody who may not, without a reason, or after the candidate was taken up.

        Raises:
            RuleError: the message says which.
        """
        if not by.holds(*DECIDERS):
            raise RuleError(
                f"{by} may not decide about findings", where=self.paragraph.number, next_step="Ask a project or programme manager."
            )
        if not reason.strip():
            raise RuleError("A decision needs a reason", where=self.paragraph.number, next_step="Say why in a sentence.")
        if self.status == Outcome.CONFIRMED:
            raise RuleError(
                "The finding was taken up as a recommendation already",
                where=self.paragraph.number,
                next_step="Open it in the register.",
            )


class CandidateDecision(models.Model):
    """What a person decided about a candidate, and why. What was set aside can be taken up later; both decisions stay."""

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(outcome__in=Outcome.values), name="candidate_outcome_known"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="candidate_decision_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.reason}"
