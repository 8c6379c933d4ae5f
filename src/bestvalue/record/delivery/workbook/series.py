"""The dated series that the sheets show: how each row stands, and what was said of it when. Rows of several tables in one question."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import DateField, F, Field, IntegerField, Model, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from bestvalue.record.delivery.models import (
    Action,
    ActionState,
    AgreedDate,
    ForecastDate,
    RecommendationQuerySet,
    RecommendationStatus,
    Update,
)
from bestvalue.record.delivery.workbook import layout


@dataclass(frozen=True, kw_only=True)
class Stands:
    """How a recommendation or an action stands: the word of its status or state, since when, and what was said to it."""

    word: str
    on: date
    note: str


def standing_of(listed: RecommendationQuerySet) -> dict[tuple[str, int], Stands]:
    """The newest status of each recommendation and the newest state of each of its actions, by kind and key."""
    keys = listed.order_by().values("pk")
    actions = Action.objects.filter(recommendation__in=keys).values("pk")

    def rows(found: QuerySet[Any], kind: str, word: str) -> QuerySet[Any, Any]:
        named: QuerySet[Any, Any] = found.order_by().annotate(of_kind=Value(kind)).values_list("of_kind", kind, word, "on", "note", "pk")
        return named

    statuses = rows(RecommendationStatus.objects.filter(recommendation__in=keys), "recommendation", "status")
    states = rows(ActionState.objects.filter(action__in=actions), "action", "state")
    # In the order of their days, so that the newest of each is the one that stays.
    in_order = sorted(statuses.union(states, all=True), key=lambda row: (row[3], row[5]))
    return {(kind, key): Stands(word=word, on=on, note=note) for kind, key, word, on, note, _ in in_order}


@dataclass(frozen=True, kw_only=True)
class Said:
    """What was said of a recommendation or an action on a day: an update, or that a date was agreed or is expected."""

    kind: str
    key: int
    recommendation: int | None
    action: int | None
    to: date | None
    on: date
    minute: str
    cause: str
    text: str
    by: int


COLUMNS: Mapping[str, Field[Any, Any]] = {
    "recommendation": IntegerField(),
    "action": IntegerField(),
    "to": DateField(),
    "on": DateField(),
    "minute": TextField(),
    "cause": TextField(),
    "text": TextField(),
    "by": IntegerField(),
}
"""What each table gives beside its kind and key; what one does not have is empty."""


def said_of(listed: RecommendationQuerySet) -> list[Said]:
    """Every update and every date: updates and what was agreed first, each in the order of their days."""
    keys = listed.order_by().values("pk")
    dated = Q(action__in=Action.objects.filter(recommendation__in=keys).values("pk"))
    agreed = {"to": "date", "on": "decided_on", "minute": "minute", "cause": "cause", "text": "reason"}
    found = _rows(Update, layout.UPDATES.name, Q(recommendation__in=keys), recommendation="recommendation", on="on", text="text").union(
        _rows(AgreedDate, layout.AGREED, dated, **agreed),
        _rows(ForecastDate, layout.FORECAST, dated, to="date", on="on", text="note"),
        all=True,
    )
    names = [part.name for part in fields(Said)]
    said = [Said(**dict(zip(names, row, strict=True))) for row in found]
    return sorted(said, key=lambda one: (one.kind == layout.FORECAST, one.on, one.key))


def _rows(model: type[Model], kind: str, which: Q, **columns: str) -> QuerySet[Any, Any]:
    given = {"action": "action", "by": "by", **columns}
    empty = {name: Value("" if isinstance(column, TextField) else None) for name, column in COLUMNS.items()}
    named = {
        f"said_{name}": Cast(F(given[name]) if name in given else empty[name], output_field=column) for name, column in COLUMNS.items()
    }
    found: QuerySet[Any] = model._default_manager.filter(which).order_by().annotate(said_kind=Value(kind), **named)
    chosen: QuerySet[Any, Any] = found.values_list("said_kind", "pk", *named)
    return chosen
