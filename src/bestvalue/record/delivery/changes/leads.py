"""Changes of who leads an action and when it begins: who led it before stays in its history, which explains delays later."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.models import Action, check_answers
from bestvalue.record.ledger import ledger
from bestvalue.record.row_versions import hold, keep

LED = ("lead", "starts")
"""The fields that can be changed here."""


@transaction.atomic
def change_lead(action: Action, *, version: int, mine: Mapping[str, Any], by: Person) -> Action:
    """Give an action another lead, another start, or both.

    Args:
        action: which.
        version: the version of it that was read.
        mine: `lead` and `starts`, as far as they change.
        by: who plans.

    Raises:
        RuleError: `by` may not plan, the action has ended, nobody would lead it, or it would begin after its end.
        EditedMeanwhileError: somebody changed the same meanwhile.
    """
    held = hold(action, version=version, mine=mine)
    check_answers(held.recommendation, by=by)
    held.check_open()
    starts = mine.get("starts", held.starts)
    if mine.get("lead", held.lead) is None:
        raise RuleError("Nobody would lead the action", where="lead", next_step="Select one person.")
    if starts is not None and starts >= held.original_date:
        raise RuleError(
            f"The action is to be complete on {held.original_date:%d %B %Y}", where="starts", next_step="Enter an earlier day as its start."
        )
    ledger.write("action.lead_changed", target=held, by=by, payload={"changed": keep(held, mine=mine)})
    return held
