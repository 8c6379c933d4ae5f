"""What meetings say that somebody has to do: the actions that arose for them."""

from datetime import date
from typing import Any

from django.db.models import Case, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce

from bestvalue.record.duties import Duty, Row, Source, Whose, add_source, columns
from bestvalue.record.meetings.models import ActionArising, ArisingStep
from bestvalue.record.reviews.models import Marking


def arising(whose: Whose, on: date) -> QuerySet[Any, Any]:  # noqa: ARG001 - an action is owed until it has ended
    """The actions arising that the person is to do."""
    carried = ArisingStep.objects.filter(action=OuterRef("pk")).exclude(due=None).order_by("-pk")
    mine = ActionArising.objects.filter(who=whose.person).open()
    due = Coalesce(Subquery(carried.values("due")[:1]), "first_due")
    # A list and a mail hold no word of what is sensitive; its page does, and records that it was read.
    words = Case(When(meeting__marking=Marking.SENSITIVE, then=Value("")), default="what", output_field=TextField())
    return columns(mine, "arising", text=words, name="meeting__body__name", day="meeting__on", due=due)


def _do(row: Row) -> Duty:
    met = f"{row.day.day} {row.day:%B %Y}" if row.day else ""
    return Duty(
        kind="meetings.actionarising",
        key=row.key,
        what=row.text or "Do what is OFFICIAL-SENSITIVE: open it to read",
        about=f"Action arising from the meeting of {row.name}, {met}",
        why="The meeting gave it to you",
        due=row.due,
    )


add_source("arising", Source(asks=arising, reads=_do))
