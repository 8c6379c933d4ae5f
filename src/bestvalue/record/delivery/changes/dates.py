"""Changes to the dates of actions."""

from datetime import date

from django.db import transaction

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.life_cycle import Cause
from bestvalue.record.delivery.models import Action, AgreedDate, ForecastDate, check_movable
from bestvalue.record.delivery.standing import keep_standing
from bestvalue.record.ledger import ledger


@transaction.atomic
def move_agreed_date(action: Action, *, to: date, decided_on: date, minute: str, cause: Cause, reason: str, by: Person) -> AgreedDate:
    """Record the owning body's decision that an action is to be complete on another day.

    Raises:
        RuleError: the action has ended, `by` holds no place in the owning body or leads the action, or minute, cause, reason or
            date do not hold.
    """
    action = _locked(action)
    body = check_movable(action, to=to, decided_on=decided_on, minute=minute, cause=cause, reason=reason, by=by)
    before = action.agreed_date
    moved = AgreedDate.objects.create(
        action=action, date=to, decided_on=decided_on, body=body, minute=minute.strip(), cause=cause, reason=reason.strip(), by=by
    )
    keep_standing(action.recommendation)
    ledger.write(
        "action.agreed_date_moved",
        target=action,
        by=by,
        payload={"from": before, "to": to, "decided_on": decided_on, "minute": moved.minute, "cause": cause, "reason": moved.reason},
    )
    return moved


@transaction.atomic
def forecast(action: Action, *, to: date, on: date, by: Person, note: str = "") -> ForecastDate:
    """Record when the lead expects an action to be complete. It binds nobody; it warns.

    Raises:
        RuleError: `by` does not lead the action, it has ended, or the date or its day do not hold.
    """
    action = _locked(action)
    action.check_led_by(by)
    action.check_open()
    if to < on:
        raise RuleError("A forecast looks ahead", where="to", next_step=f"Enter {on:%d %B %Y} or a later date.")
    newest = action.forecasts.order_by("-on", "-id").first()
    if newest is not None and on < newest.on:
        raise RuleError(f"The newest forecast dates from {newest.on:%d %B %Y}", where="on", next_step="Enter that day or a later one.")
    expected = ForecastDate.objects.create(action=action, date=to, on=on, note=note.strip(), by=by)
    keep_standing(action.recommendation)
    ledger.write("action.forecast_set", target=action, by=by, payload={"to": to, "on": on, "note": expected.note})
    return expected


def _locked(action: Action) -> Action:
    return Action.objects.select_for_update(of=("self",)).select_related("recommendation", "lead").get(pk=action.pk)
