"""What happened to a recommendation or an action, read from the record and told as one story."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Case, F, Model, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce, NullIf

from bestvalue.record.delivery.models import (
    Action,
    ActionState,
    CompletionDecision,
    CompletionRequest,
    Delivered,
    DeliveryEvidence,
    Outcome,
    Recommendation,
    Seen,
    Update,
    Verification,
)
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
    return newest_first(list(_said(found)), by=on)


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
    """Updates, evidence, verifications, requests and decisions, and of an action its states: rows of several tables in one question."""
    whole = isinstance(found, Recommendation)
    words: dict[str, Callable[..., str]] = {
        "update": lambda: "Update",
        "evidence": lambda title: f"Evidence of delivery: {title}",
        "verified": _verified,
        "requested": lambda: "Completion requested",
        "decided": lambda outcome, body: f"{Outcome(outcome).label} by {body}",
    }
    for kind, on, text, more, who, number, place, *details in _rows_about(found):
        if kind == "state":
            yield Happened(on=on, what="State", text=text, who=who or "", tag=ACTION[details[0]])
            continue
        if kind in ("requested", "decided") and whole and place is not None:
            continue  # the action's own page tells it; here its state says enough
        what = words[kind](*(detail for detail in details if detail is not None))
        about = f" (action {number}.{place})" if whole and place is not None else ""
        yield Happened(on=on, what=f"{what}{about}", text=f"{text}. {more}".strip() if kind == "decided" else text, who=who)


DETAILS = 4
"""The most that a row of these tables says beside its text."""


def _rows_about(found: Delivered) -> Iterable[tuple[Any, ...]]:
    def rows(
        model: type[Model], kind: str, *columns: str, about: str = "", of: str = "", more: str = "", details: Sequence[Any] = ()
    ) -> QuerySet[Any, Any]:
        name = "recommendation" if isinstance(found, Recommendation) else "action"
        # The columns of a union are told apart by their place, so each stands for something else in another table.
        given = [*details, *[Value(None, output_field=TextField())] * (DETAILS - len(details))]
        kept = {f"detail_{place}": detail for place, detail in enumerate(given)}
        stood = {"kind_of_row": Value(kind), "more": F(more) if more else Value("", output_field=TextField()), **kept}
        named = (f"{about}{of}recommendation__number", f"{about}action__number")
        listed: QuerySet[Any] = model._default_manager.filter(**{f"{about}{name}": found}).order_by().annotate(**stood)
        told: QuerySet[Any, Any] = listed.values_list("kind_of_row", *columns, "more", "by__name", *named, *kept)
        return told

    holds = Case(When(holds=True, then=Value("seen to be done")), default=Value("not, or not wholly, seen to be done"))
    looked = (F("kind"), F("where"), F("met"), holds)
    decided = (F("outcome"), Coalesce(NullIf("body__short_name", Value("")), "body__name"))
    states = [] if isinstance(found, Recommendation) else [rows(ActionState, "state", "on", "note", of="action__", details=[F("state")])]
    return rows(Update, "update", "on", "text").union(
        rows(DeliveryEvidence, "evidence", "tells_of", "text", details=[F("title")]),
        rows(Verification, "verified", "on", "seen", details=looked),
        rows(CompletionRequest, "requested", "on", "text"),
        rows(CompletionDecision, "decided", "decided_on", "minute", about="request__", more="reason", details=decided),
        *states,
        all=True,
    )


def _verified(kind: str, where: str, met: str, holds: str) -> str:
    place = f" at {where}, with {met}" if where else ""
    return f"Verified by {Seen(kind).label.partition(':')[0].lower()}{place}: {holds}"
