"""What the reviews say that somebody has to do: the decisions of their bodies, and reports that wait for a second person."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from bestvalue.record.duties import Duty, Row, Source, Whose, add_source, columns
from bestvalue.record.reviews.life_cycle import Gate
from bestvalue.record.reviews.models import CONFIRMERS, DECIDERS, Decision, NeedToKnowGroup, ProposedVersion, ReviewBody, groups_of


def decisions(whose: Whose, on: date) -> QuerySet[Any, Any]:  # noqa: ARG001 - an open decision is owed until it is taken
    """The decisions that wait for a body which the person decides in, and that they did not ask for themselves."""
    waiting = Decision.objects.open().filter(body__in=whose.bodies(*DECIDERS)).exclude(asked_by=whose.person)
    return columns(waiting, "decisions", word="gate", text="review__title", name="body__name", due="due")


def _decide(row: Row) -> Duty:
    return Duty(
        kind="reviews.decision",
        key=row.key,
        what=f"Decide whether to {Gate(row.word).label}",
        about=row.text,
        why=f"You decide in {row.name}",
        due=row.due,
    )


add_source("decisions", Source(asks=decisions, reads=_decide))


def proposals(whose: Whose, on: date) -> QuerySet[Any, Any]:  # noqa: ARG001 - a proposal waits until it is answered
    """The reports that another proposed, which the person may confirm and may read all of."""
    mine = ReviewBody.objects.filter(body__in=whose.bodies(*CONFIRMERS)).values("review")
    hidden = NeedToKnowGroup.objects.exclude(pk__in=groups_of(whose.person))
    waiting = ProposedVersion.objects.waiting().filter(review__in=mine).exclude(by=whose.person).exclude(groups__in=hidden)
    return columns(waiting, "proposals", number="number", text="review__title", name="by__name")


def _confirm(row: Row) -> Duty:
    return Duty(
        kind="reviews.proposedversion",
        key=row.key,
        what=f"Confirm or refuse version {row.number} of the report",
        about=row.text,
        why=f"{row.name or 'The operator'} proposed it, and publishing takes two people",
        due=None,
    )


add_source("proposals", Source(asks=proposals, reads=_confirm))
