"""What delivery says that somebody has to do: actions, updates, verification and decisions about completion, transfers to answer."""

from datetime import date
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce

from bestvalue.record.bodies.models import Role
from bestvalue.record.delivery.kinds import Kind
from bestvalue.record.delivery.models import (
    Action,
    CompletionRequest,
    FileKind,
    Ownership,
    Transfer,
    UpdateRequest,
    Verification,
    WaitingFile,
)
from bestvalue.record.duties import Duty, Row, Source, Whose, add_source, columns
from bestvalue.record.inspections.models import DECIDERS
from bestvalue.record.reviews.models import Marking

SPEAKING = tuple(role.value for role in Role if role is not Role.OBSERVER)
"""Whose place in a body makes its decisions theirs; an observer only looks on."""
DELIVERED: dict[str, Any] = {
    "key": Coalesce("action", "recommendation"),
    "number": "action__number",
    "name": "recommendation__number",
    "word": "recommendation__report_slug",
    "text": "recommendation__kind",
}
"""What is delivered, an action or a whole recommendation, in the columns of a duty."""


def actions(whose: Whose, on: date) -> QuerySet[Any, Any]:
    """The open actions that the person leads."""
    led = Action.objects.due_from(whose.person, on=on)
    said: dict[str, Any] = {"name": "recommendation__number", "word": "recommendation__report_slug"}
    # Who leads it sees it whatever its marking; the words of what is sensitive stay out of the list.
    words = Case(When(recommendation__marking=Marking.OFFICIAL, then=F("what")), default=Value(""), output_field=TextField())
    return columns(led, "actions", number="number", due="agreed_then", text=words, **said)


def _deliver(row: Row) -> Duty:
    about = f"Action {row.name}.{row.number} of {row.word}"
    what = row.text or "Deliver it; its words are sensitive"
    return Duty(kind="delivery.action", key=row.key, what=what, about=about, why="You lead the action", due=row.due)


def updates(whose: Whose, on: date) -> QuerySet[Any, Any]:  # noqa: ARG001 - what is asked for is owed until it is given
    """The updates that the person was asked for."""
    return columns(UpdateRequest.objects.owed_by(whose.person), "updates", day="asked_on", due="due", **DELIVERED)


def _update(row: Row) -> Duty:
    why = f"You were asked on {_day(row.day)}"
    return Duty(kind=_kind(row), key=row.key, step="update", what="Say how it stands", about=_reference(row), why=why, due=row.due)


def completions(whose: Whose, on: date) -> QuerySet[Any, Any]:
    """Requests for completion to a body of the person, where they do not lead it: to verify first, and then to decide."""
    owner = Ownership.objects.filter(recommendation=OuterRef("recommendation"), on__lte=on).order_by("-on", "-id")
    seen = Verification.objects.filter(holds=True)
    is_verified = Exists(seen.filter(action=OuterRef("action"))) | Q(
        Exists(seen.filter(recommendation=OuterRef("recommendation"))), action=None
    )
    waiting = CompletionRequest.objects.filter(decision=None).annotate(
        owner_then=Subquery(owner.values("body")[:1]),
        lead_then=Subquery(owner.values("lead")[:1]),
        step=Case(When(is_verified, then=Value("decide")), default=Value("verify")),
    )
    mine = waiting.filter(owner_then__in=whose.bodies(*SPEAKING)).exclude(by=whose.person).exclude(lead_then=whose.person.pk)
    return columns(mine.exclude(action__lead=whose.person), "completions", day="on", state="step", **DELIVERED)


def _complete(row: Row) -> Duty:
    what = "Decide whether it is complete" if row.state == "decide" else "See for yourself that it is done, and say so"
    why = f"Completion was requested on {_day(row.day)}, and your body decides"
    return Duty(kind=_kind(row), key=row.key, step=row.state, what=what, about=_reference(row), why=why, due=None)


def transfers(whose: Whose, on: date) -> QuerySet[Any, Any]:
    """Offers of a recommendation that wait for a body of the person."""
    offered = Transfer.objects.waiting(on=on).filter(to_body__in=whose.bodies(*SPEAKING))
    said: dict[str, Any] = {**DELIVERED, "key": "recommendation", "state": "from_body__name", "number": Value(None)}
    return columns(offered, "transfers", day="offered_on", **said)


def _accept(row: Row) -> Duty:
    return Duty(
        kind="delivery.recommendation",
        key=row.key,
        step="transfer-answer",
        what=f"Accept or decline what {row.state} offers",
        about=_reference(row),
        why=f"It is offered to your body since {_day(row.day)}",
        due=None,
    )


def trackers(whose: Whose, on: date) -> QuerySet[Any, Any]:  # noqa: ARG001 - it waits until it is answered
    """The trackers of many rows that another proposed, for whoever may bring one in."""
    waiting = WaitingFile.objects.filter(kind=FileKind.TRACKER, proposed_at__isnull=False).exclude(person=whose.person)
    return columns(waiting if whose.holds(*DECIDERS) else waiting.none(), "trackers", text="name", name="person__name")


def _confirm(row: Row) -> Duty:
    why = f"{row.name} proposed it, and many rows at once take two people"
    return Duty(kind="delivery.waitingfile", key=row.key, what="Confirm or refuse a tracker", about=row.text, why=why, due=None)


def _kind(row: Row) -> str:
    return "delivery.recommendation" if row.number is None else "delivery.action"


def _reference(row: Row) -> str:
    # As the models name themselves where their text must not stand.
    if row.number is None:
        return f"{Kind(row.text).label} {row.name} of {row.word}"
    return f"Action {row.name}.{row.number} of {row.word}"


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""


add_source("actions", Source(asks=actions, reads=_deliver))
add_source("updates", Source(asks=updates, reads=_update))
add_source("completions", Source(asks=completions, reads=_complete))
add_source("transfers", Source(asks=transfers, reads=_accept))
add_source("trackers", Source(asks=trackers, reads=_confirm))
