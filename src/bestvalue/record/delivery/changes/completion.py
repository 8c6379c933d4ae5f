"""Changes on the way to completion: evidence, verification, the lead's request, the owning body's decision."""

from datetime import date

from django.db import transaction

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.life_cycle import State, Status
from bestvalue.record.delivery.models import (
    Action,
    ActionState,
    CompletionDecision,
    CompletionRequest,
    Delivered,
    DeliveryEvidence,
    Outcome,
    Recommendation,
    RecommendationStatus,
    Seen,
    Verification,
    check_closable,
    check_decidable,
    check_evidence_of_delivery,
    check_requestable,
    check_verifiable,
    recommendation_of,
)
from bestvalue.record.delivery.standing import keep_standing
from bestvalue.record.ledger import ledger


@transaction.atomic
def add_delivery_evidence(
    delivered: Delivered, *, title: str, kind: Seen, tells_of: date, text: str, by: Person, result_digest: str = ""
) -> DeliveryEvidence:
    """Bring evidence that it was delivered.

    Args:
        delivered: a recommendation, or an action.
        title: what it is called.
        kind: a document, data or a visit.
        tells_of: the day that it tells of, not the day that it is added.
        text: what it shows.
        by: the lead.
        result_digest: of the analysis result, for data.

    Raises:
        RuleError: `by` does not lead it, or the evidence says nothing.
    """
    check_evidence_of_delivery(delivered, kind=kind, text=text, result_digest=result_digest)
    if by not in {delivered.lead, recommendation_of(delivered).lead}:
        raise RuleError(f"{by} does not lead this", where=delivered.reference, next_step=f"Ask {delivered.lead}.")
    brought = DeliveryEvidence.objects.create(
        **_about(delivered), title=title.strip() or kind.label, kind=kind, tells_of=tells_of, text=text, result_digest=result_digest, by=by
    )
    ledger.write("delivery.evidence_added", target=delivered, by=by, payload={"title": brought.title, "kind": kind, "tells_of": tells_of})
    return brought


@transaction.atomic
def verify_delivery(
    delivered: Delivered,
    *,
    kind: Seen,
    on: date,
    seen: str,
    holds: bool,
    by: Person,
    where: str = "",
    met: str = "",
    result_digest: str = "",
) -> Verification:
    """Record that somebody other than the lead looked whether it was done.

    Args:
        delivered: a recommendation, or an action.
        kind: by document, by data, or by a visit.
        on: the day.
        seen: what was seen.
        holds: it was seen to be done.
        by: who looked; never the lead.
        where: place of the visit.
        met: whom they met there, by role.
        result_digest: of the analysis result, for data.

    Raises:
        RuleError: the lead verifies, or the verification does not say what, where or by which data.
    """
    check_verifiable(delivered, kind=kind, where=where, met=met, seen=seen, result_digest=result_digest, by=by)
    looked = Verification.objects.create(
        **_about(delivered),
        kind=kind,
        on=on,
        where=where.strip(),
        met=met.strip(),
        seen=seen,
        result_digest=result_digest,
        holds=holds,
        by=by,
    )
    ledger.write("delivery.verified", target=delivered, by=by, payload={"kind": kind, "on": on, "holds": holds, "seen": seen})
    return looked


@transaction.atomic
def request_completion(delivered: Delivered, *, text: str, on: date, by: Person) -> CompletionRequest:
    """Ask the owning body to accept it as complete.

    Raises:
        RuleError: `by` does not lead it, nothing shows that it was delivered, or it does not stand so that it can be requested.
    """
    delivered = _locked(delivered)
    recommendation_of(delivered).check_under_way()
    check_requestable(delivered, on=on, by=by)
    if not text.strip():
        raise RuleError("A request says what was done", where="text", next_step="Say in a sentence or two what was done.")
    request = CompletionRequest.objects.create(**_about(delivered), on=on, text=text.strip(), by=by)
    _stand(delivered, status=Status.REQUESTED, state=State.REQUESTED, on=on, note=text.strip(), by=by)
    ledger.write("completion.requested", target=delivered, by=by, payload={"on": on, "text": request.text})
    return request


@transaction.atomic
def decide_completion(
    request: CompletionRequest, *, outcome: Outcome, decided_on: date, minute: str, by: Person, reason: str = ""
) -> CompletionDecision:
    """Record what the owning body decided about a request for completion.

    Raises:
        RuleError: `by` requested it, leads it or holds no place in the owning body; nobody verified it; or minute or reason lack.
    """
    request = CompletionRequest.objects.select_for_update(of=("self",)).select_related("recommendation", "action__lead").get(pk=request.pk)
    delivered = request.action or request.recommendation
    body = _owner(delivered)
    check_decidable(request, outcome=outcome, body=body, minute=minute, reason=reason, by=by, decided_on=decided_on)
    decision = CompletionDecision.objects.create(
        request=request, outcome=outcome, body=body, decided_on=decided_on, minute=minute.strip(), reason=reason.strip(), by=by
    )
    accepted = outcome is Outcome.ACCEPTED
    note = f"{decision.get_outcome_display()} by {body}, {decision.minute}. {decision.reason}".strip()
    _stand(
        delivered,
        status=Status.COMPLETE if accepted else Status.IN_PROGRESS,
        state=State.COMPLETE if accepted else State.IN_PROGRESS,
        on=decided_on,
        note=note,
        by=by,
    )
    ledger.write(
        "completion.decided",
        target=delivered,
        by=by,
        payload={"outcome": outcome, "body": body.pk, "decided_on": decided_on, "minute": decision.minute, "reason": decision.reason},
    )
    return decision


@transaction.atomic
def close_not_implemented(delivered: Delivered, *, on: date, minute: str, reason: str, by: Person) -> Delivered:
    """Record that the owning body closed it without implementing it, and why.

    Raises:
        RuleError: `by` leads it or holds no place in the owning body, or minute or reason lack.
    """
    delivered = _locked(delivered)
    body = _owner(delivered)
    check_closable(delivered, body=body, minute=minute, reason=reason, on=on, by=by)
    _stand(delivered, status=Status.CLOSED, state=State.CLOSED, on=on, note=f"{reason.strip()} ({body}, {minute.strip()})", by=by)
    ledger.write("delivery.closed", target=delivered, by=by, payload={"body": body.pk, "on": on, "minute": minute, "reason": reason})
    return delivered


def _about(delivered: Delivered) -> dict[str, Recommendation | Action | None]:
    return {"recommendation": recommendation_of(delivered), "action": delivered if isinstance(delivered, Action) else None}


def _locked(delivered: Delivered) -> Delivered:
    if isinstance(delivered, Action):
        return Action.objects.select_for_update(of=("self",)).select_related("recommendation", "lead").get(pk=delivered.pk)
    return Recommendation.objects.select_for_update().get(pk=delivered.pk)


def _owner(delivered: Delivered) -> Body:
    ownership = recommendation_of(delivered).ownership
    if ownership is None:
        raise RuleError("No body owns this recommendation yet", where=delivered.reference, next_step="Record who owns and leads it first.")
    return ownership.body


def _stand(delivered: Delivered, *, status: Status, state: State, on: date, note: str, by: Person) -> None:
    if isinstance(delivered, Action):
        ActionState.objects.create(action=delivered, state=state, on=on, note=note, by=by)
    else:
        RecommendationStatus.objects.create(recommendation=delivered, status=status, on=on, note=note, by=by)
    keep_standing(recommendation_of(delivered))
