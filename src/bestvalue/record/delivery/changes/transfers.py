"""Transfers of recommendations from one body to another."""

from datetime import date

from django.db import transaction

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.models import Ownership, Recommendation, Transfer, TransferAnswer, check_answerable, check_offerable
from bestvalue.record.delivery.standing import keep_standing
from bestvalue.record.ledger import ledger


@transaction.atomic
def offer_transfer(recommendation: Recommendation, *, to_body: Body, reason: str, on: date, by: Person) -> Transfer:
    """Offer a recommendation to another body. The sender owns it until the other accepts.

    Raises:
        RuleError: `by` holds no place in the owner, it is offered already or to its owner, or no reason is given.
    """
    recommendation = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    from_body = check_offerable(recommendation, to_body=to_body, reason=reason, by=by)
    transfer = Transfer.objects.create(
        recommendation=recommendation, from_body=from_body, to_body=to_body, offered_on=on, reason=reason.strip(), by=by
    )
    ledger.write(
        "transfer.offered",
        target=recommendation,
        by=by,
        payload={"from": from_body.pk, "to": to_body.pk, "on": on, "reason": transfer.reason},
    )
    return transfer


@transaction.atomic
def answer_transfer(
    transfer: Transfer, *, accepted: bool, on: date, minute: str, by: Person, lead: Person | None = None, reason: str = ""
) -> TransferAnswer:
    """Record that the receiving body accepts or declines. Accepted, it owns the recommendation; the sender watches until closure.

    Args:
        transfer: the offer.
        accepted: or declined.
        on: day of the decision.
        minute: where it stands.
        by: somebody of the receiving body.
        lead: who leads it from now on; needed when accepted.
        reason: why it is declined.

    Raises:
        RuleError: `by` holds no place in the receiving body, it is answered already, or minute, lead or reason lack.
    """
    transfer = Transfer.objects.select_for_update(of=("self",)).select_related("recommendation", "to_body", "from_body").get(pk=transfer.pk)
    check_answerable(transfer, accepted=accepted, minute=minute, reason=reason, on=on, by=by)
    if accepted and lead is None:
        raise RuleError("Whoever takes it names who leads it", where="lead", next_step="Select the lead.")
    answer = TransferAnswer.objects.create(transfer=transfer, accepted=accepted, on=on, minute=minute.strip(), reason=reason.strip(), by=by)
    if accepted and lead is not None:
        Ownership.objects.create(
            recommendation=transfer.recommendation,
            body=transfer.to_body,
            lead=lead,
            on=on,
            reason=f"Taken over from {transfer.from_body}: {transfer.reason}",
            by=by,
        )
        keep_standing(transfer.recommendation)
    ledger.write(
        "transfer.answered",
        target=transfer.recommendation,
        by=by,
        payload={"accepted": accepted, "on": on, "minute": answer.minute, "lead": lead and lead.pk, "reason": answer.reason},
    )
    return answer
