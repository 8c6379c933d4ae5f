"""Changes to the words of a recommendation or an action. What it said before stays in its history; how it stands is a series of its own.

Each names the version that was read, and the fields that are to say something else; `row_versions` says what happens when two meet.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.life_cycle import UNANSWERED
from bestvalue.record.delivery.models import COSTING, Action, Recommendation, Source, check_answers
from bestvalue.record.ledger import ledger
from bestvalue.record.links import Links
from bestvalue.record.reviews.models import Finding
from bestvalue.record.reviews.numbering import locked
from bestvalue.record.row_versions import hold, keep

RECOMMENDATION = ("text", "addressed_body", *COSTING)
ACTION = ("what", "why", "how", "target", "measure", "measure_unit", "baseline", "target_value")
"""The fields of each that can be edited."""


@transaction.atomic
def edit_recommendation(recommendation: Recommendation, *, version: int, mine: Mapping[str, Any], by: Person) -> Recommendation:
    """Word anew a recommendation of our own review or one entered by hand, while nobody has answered it.

    Raises:
        RuleError: `by` may not, it stands in a published report, it is answered, it would ask for nothing, or its costing cannot be.
        EditedMeanwhileError: somebody changed the same meanwhile.
    """
    check_answers(recommendation, by=by)
    held = hold(recommendation, version=version, mine=mine)
    _check_open_to_words(held)
    if not str(mine.get("text", held.text)).strip():
        raise RuleError("A recommendation asks for something", where="text", next_step="Enter the recommendation.")
    costed = replace(held.costing, **{field: mine[field] for field in COSTING if field in mine}).checked()
    mine = {field: getattr(costed, field) if field in COSTING else value for field, value in mine.items()}
    ledger.write("recommendation.edited", target=held, by=by, payload={"changed": keep(held, mine=mine)})
    return held


@transaction.atomic
def change_grounds(
    recommendation: Recommendation, *, version: int, mine: Mapping[str, Any], among: Collection[Finding], by: Person
) -> Recommendation:
    """Say anew which findings a recommendation of our review rests on, while nobody has answered it.

    Args:
        recommendation: which.
        version: the version of it that was read.
        mine: `findings`, all that it is to rest on among what was seen; without it nothing changes.
        among: the findings that whoever edits sees; what it rests on beyond them stays.
        by: somebody of the review's team.

    Raises:
        RuleError: `by` may not, it is no recommendation of a review, is answered, or would rest on no finding of its review, or on one
            that was withdrawn.
        EditedMeanwhileError: somebody changed the same meanwhile.
    """
    check_answers(recommendation, by=by)
    if recommendation.review is not None:
        locked(recommendation.review)  # whoever withdraws a finding waits, so that none is named that goes
    rests_on = list(mine.get("findings", ()))
    keys, seen = frozenset(finding.pk for finding in rests_on), frozenset(finding.pk for finding in among)
    links = [Links(field="findings", mine=keys, seen=seen)] if "findings" in mine else []
    held = hold(recommendation, version=version, mine={}, links=links)
    _check_open_to_words(held)
    if held.review is None:
        raise RuleError("It was made without findings of a review", where=held.key, next_step="Nothing can be named that it rests on.")
    if links and (not rests_on or any(finding.review_id != held.review_id for finding in rests_on)):
        raise RuleError(
            "A recommendation rests on findings of its review", where="findings", next_step="Select at least one finding of this review."
        )
    for finding in Finding.objects.filter(pk__in=keys):
        finding.check_standing()
    ledger.write("recommendation.grounds_changed", target=held, by=by, payload={"changed": keep(held, mine={}, links=links)})
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


def _check_open_to_words(held: Recommendation) -> None:
    """Refuse to change what a report published, or what somebody has answered.

    Raises:
        RuleError: the message says which.
    """
    if held.source not in (Source.REVIEW, Source.ENTERED):
        raise RuleError("It stands in a published report", where=held.key, next_step="What was published is not worded anew.")
    if held.status not in UNANSWERED:
        raise RuleError(f"It stands at “{held.status.label}”", where=held.key, next_step="What was answered is not worded anew.")
