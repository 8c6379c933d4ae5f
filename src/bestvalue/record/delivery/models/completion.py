"""Completion: evidence of delivery, verification by somebody else, a request by the lead, a decision by the owning body."""

from datetime import date

from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.life_cycle import ENDED, NEXT_STATE, State, Status
from bestvalue.record.delivery.models.action import Action
from bestvalue.record.delivery.models.recommendation import Ownership, Recommendation, check_speaks_for

Delivered = Recommendation | Action
"""What is delivered: a whole recommendation, or one action about it."""


class Seen(models.TextChoices):
    """How delivery was shown, or verified."""

    DOCUMENT = "document", "A document"
    DATA = "data", "Data: an analysis that shows the measure moved"
    VISIT = "visit", "A visit: seen at first hand"


class DeliveryEvidence(models.Model):
    """What shows that it was delivered, brought by whoever delivered it."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="delivery_evidence")
    action = models.ForeignKey(Action, on_delete=models.PROTECT, null=True, related_name="delivery_evidence")
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=10, choices=Seen.choices)
    tells_of = models.DateField()
    text = models.TextField()
    result_digest = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["tells_of", "id"]
        verbose_name_plural = "delivery evidence"
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=Seen.values), name="delivery_evidence_kind_known"),
            models.CheckConstraint(
                condition=~models.Q(kind=Seen.DATA) | ~models.Q(result_digest=""), name="delivery_evidence_data_has_result"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Verification(models.Model):
    """Somebody other than the lead looked, and says what they saw."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="verifications")
    action = models.ForeignKey(Action, on_delete=models.PROTECT, null=True, related_name="verifications")
    kind = models.CharField(max_length=10, choices=Seen.choices)
    on = models.DateField()
    where = models.CharField(max_length=300, blank=True)
    met = models.CharField(max_length=300, blank=True)
    seen = models.TextField()
    result_digest = models.CharField(max_length=64, blank=True)
    holds = models.BooleanField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["on", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=Seen.values), name="verification_kind_known"),
            models.CheckConstraint(condition=~models.Q(kind=Seen.DATA) | ~models.Q(result_digest=""), name="verification_data_has_result"),
            models.CheckConstraint(
                condition=~models.Q(kind=Seen.VISIT) | (~models.Q(where="") & ~models.Q(met="")), name="verification_visit_says_where"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.on:%d %B %Y}"


class CompletionRequestQuerySet(models.QuerySet["CompletionRequest"]):
    """Questions about requests for completion."""

    def owners(self, *, on: date) -> "models.QuerySet[CompletionRequest, tuple[int, int | None]]":
        """Of each the key of its recommendation, and of the body that owned that on a day."""
        newest = Ownership.objects.filter(recommendation=models.OuterRef("recommendation"), on__lte=on).order_by("-on", "-id")
        columns = ("recommendation", "owner_then")
        return self.annotate(owner_then=models.Subquery(newest.values("body")[:1])).order_by("pk").values_list(*columns)


class CompletionRequest(models.Model):
    """The lead asks the owning body to accept it as complete."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="completion_requests")
    action = models.ForeignKey(Action, on_delete=models.PROTECT, null=True, related_name="completion_requests")
    on = models.DateField()
    text = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = CompletionRequestQuerySet.as_manager()

    class Meta:
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return f"Completion of {(self.action or self.recommendation).reference} requested on {self.on:%d %B %Y}"


class Outcome(models.TextChoices):
    """What the owning body decided."""

    ACCEPTED = "accepted", "Accepted as complete"
    REFUSED = "refused", "Not accepted: it goes on"


class CompletionDecision(models.Model):
    """What the owning body decided about a request."""

    request = models.OneToOneField(CompletionRequest, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField()
    minute = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(outcome__in=Outcome.values), name="completion_outcome_known"),
            models.CheckConstraint(
                condition=~models.Q(outcome=Outcome.REFUSED) | ~models.Q(reason=""), name="completion_refusal_has_its_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}, {self.decided_on:%d %B %Y}"


def recommendation_of(delivered: Delivered) -> Recommendation:
    """The recommendation, or that of the action."""
    return delivered.recommendation if isinstance(delivered, Action) else delivered


def check_evidence_of_delivery(delivered: Delivered, *, kind: Seen, text: str, result_digest: str) -> None:
    """Refuse evidence that says nothing, or data without the result that shows it.

    Raises:
        RuleError: the message says which.
    """
    _check_said(text, kind=kind, result_digest=result_digest, where="text")
    if recommendation_of(delivered).lead is None:
        raise RuleError(
            "Nobody leads this recommendation yet",
            where=recommendation_of(delivered).key,
            next_step="Record who owns and leads it first.",
        )


def check_verifiable(delivered: Delivered, *, kind: Seen, where: str, met: str, seen: str, result_digest: str, by: Person) -> None:
    """Refuse verification by the lead, or one that does not say what was seen, and for a visit where and with whom.

    Raises:
        RuleError: the message says which.
    """
    if by in {recommendation_of(delivered).lead, delivered.lead}:
        raise RuleError(
            "The lead cannot verify their own work", where=delivered.reference, next_step="Ask somebody who does not lead it to look."
        )
    _check_said(seen, kind=kind, result_digest=result_digest, where="seen")
    if kind is Seen.VISIT:
        for field, said, words in (("where", where, "where it was"), ("met", met, "whom you met")):
            if not said.strip():
                raise RuleError(f"A visit says {words}", where=field, next_step=f"Enter {words}: a role will do.")


def _check_said(text: str, *, kind: Seen, result_digest: str, where: str) -> None:
    if not text.strip():
        raise RuleError("It does not say what it shows", where=where, next_step="Say in a sentence or two what was done or seen.")
    if kind is Seen.DATA and not result_digest:
        raise RuleError(
            "Data are shown by a result of an analysis", where="result_digest", next_step="Select the result that shows the measure."
        )


def check_requestable(delivered: Delivered, *, on: date, by: Person) -> None:
    """Refuse a request for completion by anybody but the lead, without evidence, or while actions are open.

    Raises:
        RuleError: the message says which.
    """
    if by != delivered.lead:
        raise RuleError(
            f"{by} does not lead this", where=delivered.reference, next_step="Completion is requested by the lead and decided by others."
        )
    if isinstance(delivered, Action):
        if State.REQUESTED not in NEXT_STATE[delivered.state]:
            raise RuleError(
                f"Completion cannot be requested while it stands at “{delivered.state.label}”",
                where=delivered.reference,
                next_step="Report it as in progress first." if delivered.state is State.NOT_STARTED else "Nothing is left to do.",
            )
        delivered.check_later(on)
    else:
        delivered.check_status(to=Status.REQUESTED, on=on, note="", decided=True)
        still = [action.name for action in delivered.actions.select_related("recommendation") if action.state not in ENDED]
        if still:
            raise RuleError(
                f"Actions are still open: {', '.join(still)}", where=delivered.reference, next_step="Complete or close them first."
            )
    if not _evidence(delivered).exists():
        raise RuleError("No evidence shows that it was delivered", where=delivered.reference, next_step="Add evidence of delivery first.")


def check_decidable(
    request: CompletionRequest, *, outcome: Outcome, body: Body, minute: str, reason: str, by: Person, decided_on: date
) -> None:
    """Refuse a decision about completion by the wrong body or person, without its minute, or without verification.

    Raises:
        RuleError: the message says which.
    """
    delivered = request.action or request.recommendation
    if hasattr(request, "decision"):
        raise RuleError("This request is decided already", where=delivered.reference, next_step="The lead may request it again.")
    if by == request.by:
        raise RuleError("Whoever requested completion cannot decide it", where=delivered.reference, next_step=f"Ask a member of {body}.")
    check_speaks_for(body, by=by, about=delivered.reference, lead=delivered.lead)
    check_minuted(minute=minute, decided_on=decided_on, not_before=request.on)
    if outcome is Outcome.REFUSED and not reason.strip():
        raise RuleError("A refusal needs its reason", where="reason", next_step="Say what is missing.")
    if outcome is Outcome.ACCEPTED and not _verifications(delivered).filter(holds=True).exists():
        raise RuleError(
            "Nobody but the lead has seen it done",
            where=delivered.reference,
            next_step="Have it verified by document, data or visit first.",
        )


def check_closable(delivered: Delivered, *, body: Body, minute: str, reason: str, on: date, by: Person) -> None:
    """Refuse to close without implementing unless the owning body decided so, with a reason.

    Raises:
        RuleError: the message says what is missing.
    """
    check_speaks_for(body, by=by, about=delivered.reference, lead=delivered.lead)
    check_minuted(minute=minute, decided_on=on, not_before=on)
    if not reason.strip():
        raise RuleError("What is closed without being implemented has a reason", where="reason", next_step="Say why in a sentence.")
    if isinstance(delivered, Action):
        if State.CLOSED not in NEXT_STATE[delivered.state]:
            raise RuleError(
                f"“{State.CLOSED.label}” does not follow “{delivered.state.label}”",
                where=delivered.reference,
                next_step="Decide about the request for completion first.",
            )
        delivered.check_later(on)
    else:
        delivered.check_status(to=Status.CLOSED, on=on, note=reason, decided=True)


def check_minuted(*, minute: str, decided_on: date, not_before: date) -> None:
    """Refuse a decision without its minute, or dated before what it decides about.

    Raises:
        RuleError: the message says which.
    """
    if not minute.strip():
        raise RuleError("A decision is minuted", where="minute", next_step="Enter where the minute stands.")
    if decided_on < not_before:
        raise RuleError(f"It was asked for on {not_before:%d %B %Y}", where="decided_on", next_step="Enter that day or a later one.")


def _evidence(delivered: Delivered) -> models.QuerySet[DeliveryEvidence]:
    return delivered.delivery_evidence.all()


def _verifications(delivered: Delivered) -> models.QuerySet[Verification]:
    return delivered.verifications.all()
