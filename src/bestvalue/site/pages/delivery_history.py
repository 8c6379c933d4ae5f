"""What happened to a recommendation or an action, read from the record and told as one story."""

from collections.abc import Iterator
from datetime import date

from bestvalue.record.delivery.life_cycle import Cause
from bestvalue.record.delivery.models import Action, Delivered, Recommendation
from bestvalue.record.delivery.slippage import Moved, Slip, slippage
from bestvalue.site.presenters.delivery import Happened, newest_first
from bestvalue.site.presenters.tags import ACTION, RECOMMENDATION


def history_of_recommendation(found: Recommendation, *, on: date) -> tuple[Happened, ...]:
    """Everything up to a day, the newest first: how it stood, who owned it, what was said, seen, requested and decided.

    Its statuses, owners and transfers have been read already, because the page shows them elsewhere too.
    """
    return newest_first(
        [
            *_statuses(found),
            *_owners(found),
            *_transfers(found),
            *_said(found),
        ],
        by=on,
    )


def history_of_action(found: Action, *, on: date) -> tuple[Happened, ...]:
    """Everything up to a day, the newest first."""
    states = [
        Happened(on=row.on, what="State", text=row.note, who=str(row.by or ""), tag=ACTION[row.state])
        for row in found.states.select_related("by")
    ]
    return newest_first([*states, *_said(found)], by=on)


def slips_of(found: Action, *, on: date, cycle_days: int) -> tuple[Slip, ...]:
    """The series of slippage of an action up to a day."""
    agreed = [
        Moved(on=row.decided_on, to=row.date, why=f"{Cause(row.cause).label}: {row.reason} ({row.body}, {row.minute})", agreed=True)
        for row in found.agreed_dates.select_related("body")
    ]
    expected = [Moved(on=row.on, to=row.date, why=row.note, agreed=False) for row in found.forecasts.all()]
    moves = [move for move in (*agreed, *expected) if move.on <= on]
    return slippage(original=found.original_date, moves=moves, cycle_days=cycle_days)


def _statuses(found: Recommendation) -> Iterator[Happened]:
    for row in found.statuses.all():
        yield Happened(on=row.on, what="Status", text=row.note, who=str(row.by or ""), tag=RECOMMENDATION[row.status])


def _owners(found: Recommendation) -> Iterator[Happened]:
    for row in found.ownerships.all():
        sponsor = f", {row.sponsor} stands behind" if row.sponsor else ""
        yield Happened(on=row.on, what=f"{row.body} owns it, {row.lead} leads it{sponsor}", text=row.reason)


def _transfers(found: Recommendation) -> Iterator[Happened]:
    for row in found.transfers.all():
        yield Happened(on=row.offered_on, what=f"Offered by {row.from_body} to {row.to_body}", text=row.reason, who=str(row.by))
        if hasattr(row, "answer"):
            did = "Accepted" if row.answer.accepted else "Declined"
            said = f"{row.answer.minute}. {row.answer.reason}".strip()
            yield Happened(on=row.answer.on, what=f"{did} by {row.to_body}", text=said, who=str(row.answer.by))


def _said(found: Delivered) -> Iterator[Happened]:
    for update in found.updates.select_related("by", "action__recommendation"):
        yield Happened(on=update.on, what=_named("Update", update.action, found), text=update.text, who=str(update.by))
    for shown in found.delivery_evidence.select_related("by", "action__recommendation"):
        what = _named(f"Evidence of delivery: {shown.title}", shown.action, found)
        yield Happened(on=shown.tells_of, what=what, text=shown.text, who=str(shown.by))
    for looked in found.verifications.select_related("by", "action__recommendation"):
        place = f" at {looked.where}, with {looked.met}" if looked.where else ""
        done = "seen to be done" if looked.holds else "not, or not wholly, seen to be done"
        what = _named(f"Verified by {looked.get_kind_display().partition(':')[0].lower()}{place}: {done}", looked.action, found)
        yield Happened(on=looked.on, what=what, text=looked.seen, who=str(looked.by))
    for request in found.completion_requests.select_related("by", "action__recommendation", "decision__body", "decision__by"):
        if request.action_id and isinstance(found, Recommendation):
            continue  # the action's own page tells it; here its state says enough
        yield Happened(on=request.on, what="Completion requested", text=request.text, who=str(request.by))
        if hasattr(request, "decision"):
            decision = request.decision
            what = f"{decision.get_outcome_display()} by {decision.body}"
            yield Happened(on=decision.decided_on, what=what, text=f"{decision.minute}. {decision.reason}".strip(), who=str(decision.by))


def _named(what: str, action: Action | None, found: Delivered) -> str:
    return f"{what} (action {action.name})" if action is not None and isinstance(found, Recommendation) else what
