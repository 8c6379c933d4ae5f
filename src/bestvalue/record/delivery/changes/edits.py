"""Changes to the words of a recommendation or an action. What it said before stays in its history; how it stands is a series of its own.

Each names the version that was read, and the fields that are to say something else; `row_versions` says what happens when two meet.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.life_cycle import UNANSWERED
from bestvalue.record.delivery.models import Action, Recommendation, Source, check_answers
from bestvalue.record.ledger import ledger
from bestvalue.record.row_versions import hold, keep

RECOMMENDATION = ("text", "addressed_body", "cost_text", "saving_text")
ACTION = ("what", "why", "how", "target", "measure", "measure_unit", "baseline", "target_value")
"""The fields of each that can be edited."""


@transaction.atomic
def edit_recommendation(recommendation: Recommendation, *, version: int, mine: Mapping[str, Any], by: Person) -> Recommendation:
    """Word anew a recommendation of our own review or one entered by hand, while nobody has answered it.

    Raises:
        RuleError: `by` may not, it stands in a published report, it is answered, or it would ask for nothing.
        EditedMeanwhileError: somebody changed the same meanwhile.
    """
    check_answers(recommendation, by=by)
    held = hold(recommendation, version=version, mine=mine)
    if held.source not in (Source.REVIEW, Source.ENTERED):
        raise RuleError("It stands in a published report", where=held.key, next_step="What was published is not worded anew.")
    if held.status not in UNANSWERED:
        raise RuleError(f"It stands at “{held.status.label}”", where=held.key, next_step="What was answered is not worded anew.")
    if not str(mine.get("text", held.text)).strip():
        raise RuleError("A recommendation asks for something", where="text", next_step="Enter the recommendation.")
    ledger.write("recommendation.edited", target=held, by=by, payload={"changed": keep(held, mine=mine)})
    return held


@transaction.atomic
def edit_action(action: Action, *, version: int, mine: Mapping[str, Any], by: Person) -> Action:
    """Change what a row of the plan says is done, why, how, and by what it will be seen; its dates and its lead are series of their own.

    Raises:
        RuleError: `by` may not plan, the action has ended, or a part of the row would be empty.
        EditedMeanwhileError: somebody changed the same meanwhile.
    """
    check_answers(action.recommendation, by=by)
    held = hold(action, version=version, mine=mine)
    held.check_open()
    said = {field: mine.get(field, getattr(held, field)) for field in ACTION}
    for part in ("what", "why", "how", "target"):
        if not str(said[part]).strip():
            raise RuleError(f"The plan would not say {part}", where=part, next_step="A plan says what, why, how, who, when and its target.")
    if not said["measure"].strip() and (said["baseline"] is not None or said["target_value"] is not None):
        raise RuleError("A baseline is the value of a measure", where="measure", next_step="Say what is measured.")
    ledger.write("action.edited", target=held, by=by, payload={"changed": keep(held, mine=mine)})
    return held
