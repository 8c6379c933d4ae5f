"""Transfers: one body offers a recommendation to another, which accepts or declines; until then the sender owns it."""

from datetime import date
from typing import Self

from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.models.recommendation import Recommendation, RecommendationQuerySet, check_speaks_for


class TransferQuerySet(models.QuerySet["Transfer"]):
    """Questions about transfers."""

    def waiting(self, *, on: date | None = None) -> Self:
        """Offers that nobody has answered (by a day)."""
        if on is None:
            return self.filter(answer=None)
        return self.filter(offered_on__lte=on).exclude(answer__on__lte=on)

    def sent_by(self, on: date) -> Self:
        """Those that were offered by a day, and not declined by then."""
        return self.filter(offered_on__lte=on).exclude(answer__accepted=False, answer__on__lte=on)


class Transfer(models.Model):
    """A recommendation is offered to another body."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="transfers")
    from_body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="transfers_out")
    to_body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="transfers_in")
    offered_on = models.DateField()
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["offered_on", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(from_body=models.F("to_body")), name="transfer_to_another"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="transfer_has_its_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation.reference}: {self.from_body} to {self.to_body}, offered {self.offered_on:%d %B %Y}"

    def waits(self, *, on: date) -> bool:
        """Whether it had been offered by a day and nobody had answered."""
        answer: TransferAnswer | None = getattr(self, "answer", None)
        return self.offered_on <= on and (answer is None or answer.on > on)


class TransferAnswer(models.Model):
    """The receiving body accepts or declines."""

    transfer = models.OneToOneField(Transfer, on_delete=models.PROTECT, related_name="answer")
    accepted = models.BooleanField()
    on = models.DateField()
    minute = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(accepted=True) | ~models.Q(reason=""), name="transfer_decline_has_its_reason")
        ]

    def __str__(self) -> str:
        return f"{'Accepted' if self.accepted else 'Declined'}, {self.on:%d %B %Y}"


def watched_by(body: Body, *, on: date | None = None) -> RecommendationQuerySet:
    """What a body handed over, or offered, and still watches: until the recommendation ends, whoever owns it."""
    sent = Transfer.objects.filter(from_body=body).exclude(answer__accepted=False)
    if on is not None:
        sent = sent.filter(offered_on__lte=on)
    return Recommendation.objects.not_ended(on=on).filter(pk__in=sent.values("recommendation"))


def check_offerable(recommendation: Recommendation, *, to_body: Body, reason: str, by: Person) -> Body:
    """Refuse an offer that the owner does not make, or while another waits; return the owner.

    Raises:
        RuleError: nobody owns it, `by` holds no place in the owner, it is offered already, to its owner, or no reason is given.
    """
    recommendation.check_under_way()
    ownership = recommendation.ownership
    if ownership is None:
        raise RuleError("No body owns this recommendation yet", where=recommendation.key, next_step="Record who owns and leads it first.")
    check_speaks_for(ownership.body, by=by, about=recommendation.reference, lead=None)
    if to_body == ownership.body:
        raise RuleError(f"{to_body} owns it already", where="to_body", next_step="Select another body.")
    if not reason.strip():
        raise RuleError("A transfer has a reason", where="reason", next_step="Say why the other body should take it.")
    waiting = recommendation.transfers.waiting().select_related("to_body").first()
    if waiting is not None:
        raise RuleError(
            f"It is offered to {waiting.to_body} already", where=recommendation.key, next_step="Wait for its answer, or ask it to decline."
        )
    return ownership.body


def check_answerable(transfer: Transfer, *, accepted: bool, minute: str, reason: str, on: date, by: Person) -> None:
    """Refuse an answer by anyone outside the receiving body, a second answer, or a decline without a reason.

    Raises:
        RuleError: the message says which.
    """
    if hasattr(transfer, "answer"):
        raise RuleError("This offer is answered already", where=transfer.recommendation.key, next_step="Offer it again if need be.")
    check_speaks_for(transfer.to_body, by=by, about=transfer.recommendation.reference, lead=None)
    if not minute.strip():
        raise RuleError("A decision is minuted", where="minute", next_step="Enter where the minute stands.")
    if not accepted and not reason.strip():
        raise RuleError("A decline has a reason", where="reason", next_step="Say why it stays where it is.")
    if on < transfer.offered_on:
        raise RuleError(f"It was offered on {transfer.offered_on:%d %B %Y}", where="on", next_step="Enter that day or a later one.")
