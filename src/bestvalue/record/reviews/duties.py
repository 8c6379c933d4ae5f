"""What the reviews say that somebody has to do: the decisions of their bodies."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from bestvalue.record.duties import Duty, Row, Source, Whose, add_source, columns
from bestvalue.record.reviews.life_cycle import Gate
from bestvalue.record.reviews.models import DECIDERS, Decision


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
