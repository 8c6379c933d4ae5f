"""A report that somebody proposes to publish: its files as they would be published, until another person confirms or refuses them."""

from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person, User, person_of
from bestvalue.record.reviews.models.need_to_know import NeedToKnowGroup, groups_of
from bestvalue.record.reviews.models.published import PublishedVersion
from bestvalue.record.reviews.models.review import Marking, Review
from bestvalue.record.two_people import check_second_person

FOLDER = ".proposed"
"""Below the workspace's folder of reports; what is in it is no published report."""


class Answer(models.TextChoices):
    """What became of a proposal."""

    CONFIRMED = "confirmed", "Confirmed and published"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn by whoever proposed it"
    REPLACED = "replaced", "Replaced by a newer proposal, because the record changed"


class ProposedVersionQuerySet(models.QuerySet["ProposedVersion"]):
    """Questions about proposals to publish."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the reviews that somebody sees; a sensitive one only if they are in every group whose things it quotes."""
        if person_of(user) is None:
            return self.none()
        hidden = NeedToKnowGroup.objects.exclude(pk__in=groups_of(person_of(user)))
        return self.filter(review__in=Review.objects.visible_to(user)).exclude(groups__in=hidden)

    def waiting(self) -> Self:
        """Those that nobody has answered."""
        return self.filter(answer="")


class ProposedVersion(models.Model):
    """Exactly what somebody proposes to publish: the digest of what the report says and of each file, its marking, its readers."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="proposals")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    # Each with its format, name, SHA-256 and size in bytes.
    files: "models.JSONField[Any, Any]" = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    checkpoint_seq = models.PositiveBigIntegerField()
    checkpoint_hash = models.CharField(max_length=64)
    marking = models.CharField(max_length=20, choices=Marking.choices)
    groups = models.ManyToManyField(NeedToKnowGroup, through="ProposalGroup", related_name="proposals")
    answer = models.CharField(max_length=20, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    version = models.OneToOneField(PublishedVersion, on_delete=models.PROTECT, null=True, related_name="proposal")

    objects = ProposedVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["review"], condition=models.Q(answer=""), name="proposal_waits_once"),
            models.CheckConstraint(condition=models.Q(marking__in=Marking.values), name="proposal_marking_known"),
            models.CheckConstraint(condition=models.Q(answer__in=["", *Answer.values]), name="proposal_answer_known"),
            # The rule of two people, held by the database too; the operator is nobody of the record.
            models.CheckConstraint(
                condition=~models.Q(answer=Answer.CONFIRMED)
                | models.Q(answered_by__isnull=False, version__isnull=False) & (models.Q(by=None) | ~models.Q(answered_by=models.F("by"))),
                name="proposal_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=~models.Q(answer__in=[Answer.REFUSED, Answer.WITHDRAWN]) | ~models.Q(reason=""),
                name="proposal_refused_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review}, version {self.number}, proposed"

    @property
    def is_sensitive(self) -> bool:
        """Whether it quotes what is sensitive."""
        return self.marking == Marking.SENSITIVE

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has answered it."""
        return not self.answer

    @property
    def folder(self) -> Path:
        """Where its files wait."""
        return settings.WORKSPACE.reports_folder / FOLDER / str(self.pk)

    @property
    def checkpoint(self) -> str:
        """The ledger's newest entry when it was proposed, as its cover prints it."""
        return f"{self.checkpoint_seq}:{self.checkpoint_hash}"

    def may_be_confirmed_by(self, person: Person | None) -> bool:
        """Whether somebody can be its second person: they may confirm reports of this review, and did not propose this one."""
        return person is not None and person.pk != self.by_id and self.review.is_confirmed_by(person)

    def check_waiting(self) -> None:
        """Refuse to answer twice.

        Raises:
            RuleError: it says what became of it.
        """
        if not self.is_waiting:
            raise RuleError(f"The proposal is answered: {self.get_answer_display().lower()}", where=str(self), next_step="Propose it anew.")

    def check_confirmable(self, *, by: Person, content_sha256: str, groups: set[int]) -> None:
        """Refuse a confirmation by whoever proposed it, or who may not, or of what the record no longer says.

        Args:
            by: who confirms.
            content_sha256: digest of what the report would say now.
            groups: keys of the groups whose sensitive things it would quote now.

        Raises:
            RuleError: the message says which.
        """
        self.check_waiting()
        check_second_person(by, proposed_by=self.by_id, act="Publication", where=self.review.title)
        self.review.check_confirmable(by=by)
        if content_sha256 != self.content_sha256 or groups != set(self.groups.values_list("pk", flat=True)):
            raise RuleError(
                "The record changed after this was proposed, so the files no longer say what it says",
                where=self.review.title,
                next_step="Have the report proposed anew, and read it again.",
            )

    def check_refusable(self, *, by: Person, reason: str) -> None:
        """Refuse a refusal without its reason, or by somebody who neither proposed it nor may confirm it.

        Raises:
            RuleError: the message says which.
        """
        self.check_waiting()
        if by.pk != self.by_id:
            self.review.check_confirmable(by=by)
        if not reason.strip():
            raise RuleError("A report is refused or withdrawn with a reason", where="reason", next_step="Say what must change.")


class ProposalGroup(models.Model):
    """A proposed report quotes what this group alone may read."""

    proposal = models.ForeignKey(ProposedVersion, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(NeedToKnowGroup, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "group"], name="proposal_group_once")]

    def __str__(self) -> str:
        return f"{self.proposal} for {self.group}"
