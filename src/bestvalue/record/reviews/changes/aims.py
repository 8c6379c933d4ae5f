"""Changes to the aims of a review: added, worded or measured anew, withdrawn with a reason. Nothing of them is deleted."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.ledger import ledger
from bestvalue.record.reviews.models import Aim, Review, check_aim
from bestvalue.record.reviews.numbering import locked
from bestvalue.record.row_versions import hold, keep

FIELDS = ("text", "measure", "unit", "baseline", "target", "direction", "due")
"""The fields of an aim that can be edited."""


@transaction.atomic
def add_aim(
    review: Review,
    *,
    text: str,
    by: Person,
    measure: str = "",
    unit: str = "",
    baseline: Decimal | None = None,
    target: Decimal | None = None,
    direction: str = "",
    due: date | None = None,
) -> Aim:
    """Add an aim; it gets the next number, which stays its own even when it is withdrawn.

    Args:
        review: whose aim it is.
        text: what is to be achieved.
        by: somebody of the review's team.
        measure: what will show it.
        unit: unit of the measure's values.
        baseline: the value today.
        target: the value when it is achieved.
        direction: whether higher or lower is better.
        due: by when.

    Raises:
        RuleError: `by` does not write in the review, it says nothing, or has values of no measure.
    """
    review = locked(review)
    review.check_editable(by=by)
    check_aim(text=text, measure=measure, baseline=baseline, target=target)
    aim = Aim.objects.create(
        review=review,
        number=review.aims.count() + 1,
        text=text.strip(),
        measure=measure.strip(),
        unit=unit.strip(),
        baseline=baseline,
        target=target,
        direction=direction,
        due=due,
    )
    ledger.write("aim.added", target=aim, by=by, payload={"review": review.pk, "text": aim.text, "measured": aim.as_measured})
    return aim


@transaction.atomic
def edit_aim(aim: Aim, *, version: int, mine: Mapping[str, Any], by: Person) -> Aim:
    """Word or measure an aim anew; `mine` holds fields of `FIELDS`, and `version` is the one that was read.

    Raises:
        RuleError: `by` does not write in the review, it was withdrawn, would say nothing, or have values of no measure.
        EditedMeanwhileError: somebody changed the same meanwhile.
    """
    aim.review.check_editable(by=by)
    held = hold(aim, version=version, mine=mine)
    held.check_standing()
    said = {field: mine.get(field, getattr(held, field)) for field in ("text", "measure", "baseline", "target")}
    check_aim(**said)
    ledger.write("aim.edited", target=held, by=by, payload={"changed": keep(held, mine=mine)})
    return held


@transaction.atomic
def withdraw_aim(aim: Aim, *, reason: str, by: Person) -> Aim:
    """Withdraw an aim. It stays in the list with its reason, and keeps its number.

    Raises:
        RuleError: `by` does not write in the review, it was withdrawn already, or there is no reason.
    """
    aim = Aim.objects.select_for_update(of=("self",)).select_related("review").get(pk=aim.pk)
    aim.review.check_editable(by=by)
    aim.check_standing()
    if not reason.strip():
        raise RuleError("An aim that is withdrawn has a reason", where="reason", next_step="Say why in a sentence.")
    aim.withdrawn_on, aim.withdrawn_because, aim.withdrawn_by = timezone.localdate(), reason.strip(), by
    aim.row_version += 1
    aim.save()
    ledger.write("aim.withdrawn", target=aim, by=by, payload={"reason": aim.withdrawn_because})
    return aim
